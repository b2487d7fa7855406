"""The contract over a Piper voice made here and over a speech service on this machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from made_voices import service, tiny_piper

from understudy.base import plugins
from understudy.testing.voice_contract import *  # noqa: F403
from understudy.voice.engine import Engine


@pytest.fixture(params=["piper", "openai"], scope="module")
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder: Path = tmp_path_factory.mktemp("voices")
    with pytest.MonkeyPatch.context() as patch, service() as state:
        patch.setenv("UNDERSTUDY_CACHE", str(folder / "cache"))
        if request.param == "piper":
            tiny_piper(folder)
            patch.setenv("UNDERSTUDY_PIPER", str(folder))
        else:
            patch.setenv("OPENAI_BASE_URL", f"{state.url}/v1")
            patch.setenv("UNDERSTUDY_OPENAI_MODEL", "tts-1")
        made: Engine = plugins.load("voice", request.param)()
        assert made.missing() == ""
        yield made
