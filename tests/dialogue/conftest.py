from collections.abc import Iterator

import pytest
from tests.dialogue.servers import Server, serving

from understudy.hub.character import Character, read_character


@pytest.fixture(scope="session")
def emi() -> Character:
    return read_character("emi")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running
