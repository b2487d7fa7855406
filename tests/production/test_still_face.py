import pytest

from understudy.base.channels import COMPLEXION, FACE, SHAPE_INDEX
from understudy.base.errors import UnknownName
from understudy.production.still import _rest


def test_a_still_takes_shapes_and_complexion_alike() -> None:
    tracks = _rest({"jawOpen": 0.4, "flush": -0.5, "tears": 0.75}).tracks
    assert tracks[FACE].values[0, SHAPE_INDEX["jawOpen"]] == pytest.approx(0.4)
    assert tracks[COMPLEXION].values[0].tolist() == [-0.5, 0.75]


def test_a_name_that_is_neither_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownName, match="blush"):
        _rest({"blush": 1.0})
