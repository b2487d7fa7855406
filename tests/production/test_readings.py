"""Readings are apart from each other, not copies."""

from pathlib import Path

import numpy as np
import pytest

from understudy.base.errors import BadInput
from understudy.hub.performance import Performance
from understudy.production.readings import readings, save


def test_readings_are_farther_apart_than_seeds_and_the_first_is_as_written(tmp_path: Path) -> None:
    made = readings("EMI: (angry) I never did.", 3)
    assert made.readings[0].words == "as written"
    assert len({reading.words for reading in made.readings}) == 3
    off = made.distances[~np.eye(3, dtype=bool)]
    assert off.min() > 1.2 * made.seed_distance > 0
    assert np.allclose(made.distances, made.distances.T)
    files = save(made, tmp_path / "takes")
    assert [path.name[:2] for path, _ in files] == ["01", "02", "03"]
    second = Performance.open(files[1][0])
    assert second.made_with["reading"] == made.readings[1].words
    assert second.book is not None


@pytest.mark.parametrize("count", [1, 13])
def test_a_number_of_readings_that_cannot_be(count: int) -> None:
    with pytest.raises(BadInput, match="2 to 12"):
        readings("Hello.", count)
