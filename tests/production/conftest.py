"""Takes that the tests of direction share: two short lines, played once."""

from pathlib import Path

import pytest

from understudy.hub.performance import Performance
from understudy.production.act import act

SCENE = """INT. ROOM - DAY

EMI
(angry)
I never did. Maybe you believe me.
(warm)
Please come back before morning.
"""


@pytest.fixture(scope="session")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("script") / "scene.fountain"
    path.write_text(SCENE)
    return path


@pytest.fixture(scope="session")
def take(script: Path) -> Performance:
    path = script.with_suffix(".take")
    act(script)["EMI"].save(path)
    return Performance.open(path)
