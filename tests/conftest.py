"""Every test works in a home of its own: no key, ledger or trust of the user's is touched."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

if "PYTEST_XDIST_WORKER" in os.environ:
    # workers share the cores: threads of one that wait for a core of the other's cost many times their work
    for name in ("NUMBA_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")

LONGEST = (
    "test_page.py", "test_film.py", "test_training.py", "test_portraying.py", "test_sitting.py", "test_neural.py",
    "test_docs.py", "test_places.py", "test_judging.py", "test_picture_sound.py",
    "test_raster.py", "test_hair.py", "test_moves.py", "test_steadiness.py", "test_identity.py", "test_sets.py",
    "test_renderers.py", "test_eyes_and_mouth.py", "test_sheet.py", "test_follow.py",
)  # fmt: skip
"""Files of many seconds, longest first: begun first, they leave no worker alone with one of them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    rank = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.name, len(LONGEST)))


@pytest.fixture(autouse=True, scope="session")
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("understudy-home")
        patch.setenv("UNDERSTUDY_HOME", str(home))
        # speech of other stages' tests comes from the small voice: the neural one has tests of its own
        patch.setenv("UNDERSTUDY_KOKORO", "off")
        yield home
