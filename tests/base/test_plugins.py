import subprocess
import sys

import pytest

from understudy.base import plugins
from understudy.base.errors import UnknownName


def test_listing_back_ends_imports_none_of_them() -> None:
    code = (
        "import sys; from understudy.base import plugins; assert plugins.names('voice');"
        "assert not any(m.startswith('understudy.voice') for m in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_unknown_name_tells_the_names_there_are() -> None:
    with pytest.raises(UnknownName, match="pico"):
        plugins.load("voice", "nobody")


@pytest.mark.parametrize("stage", ["voice", "render", "script"])
def test_every_back_end_carries_its_card(stage: str) -> None:
    for name in plugins.names(stage):
        card = plugins.load(stage, name).card
        assert card.name == name
        assert card.summary
        assert card.permissive or card.separate_process, f"{stage} {name}: copyleft code must stay in its own process"
