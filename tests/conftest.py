"""Every test works in a home of its own: no key, ledger or trust of the user's is touched."""

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True, scope="session")
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("understudy-home")
        patch.setenv("UNDERSTUDY_HOME", str(home))
        # speech of other stages' tests comes from the small voice: the neural one has tests of its own
        patch.setenv("UNDERSTUDY_KOKORO", "off")
        yield home
