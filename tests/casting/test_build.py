import sys
from pathlib import Path

import pytest

import understudy.house
from understudy import casting
from understudy.base.errors import MissingExtra

EMI = Path(understudy.house.__file__).parent / "recipes" / "emi.toml"


def test_casting_without_its_extra_names_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "anny", None)
    said: list[str] = []
    with pytest.raises(MissingExtra, match=r"understudy\[cast\]"):
        casting.build(EMI, tmp_path / "emi.actor", tell=said.append)
    assert "Emi" in said[0]
    assert not (tmp_path / "emi.actor").exists()
