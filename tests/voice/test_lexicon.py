from pathlib import Path

import pytest

from understudy.base.errors import BadInput
from understudy.voice import read_lexicon
from understudy.voice.pronounce import known, pronounce
from understudy.voice.spelling import spell
from understudy.voice.text import read


def written(folder: Path, text: str) -> Path:
    path = folder / "lexicon.txt"
    path.write_text(text, "utf8")
    return path


def test_a_lexicon_is_read_with_comments_and_both_kinds(tmp_path: Path) -> None:
    lexicon = read_lexicon(written(tmp_path, "# names\nSiobhan = SH AH0 V AO1 N  # Irish\n\nNguyen = win\n"))
    assert lexicon == {"siobhan": "SH AH0 V AO1 N", "nguyen": "win"}
    (clause,) = read("Siobhan Nguyen", lexicon=lexicon)
    assert clause.words[0].phones == ("SH", "AH0", "V", "AO1", "N")
    assert clause.words[1].text == "win"


@pytest.mark.parametrize("row", ["Siobhan", "= SH", "Siobhan =", "two words = AA1", "Siobhan = SH QQ1 N"])
def test_a_wrong_line_is_named(tmp_path: Path, row: str) -> None:
    with pytest.raises(BadInput, match=r"line 2"):
        read_lexicon(written(tmp_path, f"ok = OW2 K EY1\n{row}\n"))


def test_a_word_given_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="second time"):
        read_lexicon(written(tmp_path, "emi = EH1 M IY0\nEmi = IY1 M IY0\n"))


def test_a_missing_lexicon_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no lexicon"):
        read_lexicon(tmp_path / "none.txt")


def test_the_dictionary_carries_stress() -> None:
    assert pronounce("photograph")[0] == ("F", "OW1", "T", "AH0", "G", "R", "AE1", "F")
    assert pronounce("photography")[0][3] == "AA1"
    assert pronounce("the")[0] == ("DH", "AH0")
    assert pronounce("kirk's")[0][-1] == "S"
    assert pronounce("boss's")[0][-2:] == ("IH0", "Z")


def test_unknown_names_are_spelled() -> None:
    assert not known("brimwood")
    assert pronounce("brimwood") == (spell("brimwood"),)
    assert [p.rstrip("012") for p in spell("brimwood")] == ["B", "R", "IH", "M", "W", "UH", "D"]
    assert sum(p.endswith("1") for p in spell("zorbalinka")) == 1
    assert pronounce("123") == ()
