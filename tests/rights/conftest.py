from collections.abc import Iterator
from pathlib import Path

import pytest
from rights_stage import film

from understudy.hub.rights import Grant, Released
from understudy.testing.grants import grant_for, walk_on


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keys and a ledger of their own for these tests."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UNDERSTUDY_HOME", str(folder))
        yield folder


@pytest.fixture
def fresh_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("UNDERSTUDY_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def grant() -> Grant:
    return grant_for(walk_on())


@pytest.fixture(scope="session")
def released(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Released:
    """A film of two shots, 320 x 180, 2.4 s, with a flash and a beep in each shot."""
    return film(tmp_path_factory.mktemp("film") / "film.mp4", grant_for(walk_on()), shots=(35, 25))
