import pytest

from understudy.base.errors import BadInput, UnknownName
from understudy.hub.script import Line, Scene, Script
from understudy.production.assign import assign


def script(*speakers: str) -> Script:
    return Script("t", (Scene(lines=tuple(Line("Hi.", s) for s in speakers)),))


def test_a_lone_character_is_played_by_emi() -> None:
    assert assign(script("NARRATOR"), {})["NARRATOR"].name == "emi"


def test_a_namesake_plays_the_part() -> None:
    cast = assign(script("EMI", "JONAH"), {})
    assert {c: a.name for c, a in cast.items()} == {"EMI": "emi", "JONAH": "jonah"}


def test_a_character_without_an_actor_is_named() -> None:
    with pytest.raises(BadInput, match=r"Nobody plays BEN.*--actor BEN="):
        assign(script("EMI", "BEN"), {})


def test_given_names_win_and_case_does_not_matter() -> None:
    assert assign(script("EMI", "BEN"), {"ben": "jonah"})["BEN"].name == "jonah"


def test_one_name_plays_everyone_not_named() -> None:
    cast = assign(script("ANNA", "BEN"), {"": "emi", "BEN": "jonah"})
    assert {c: a.name for c, a in cast.items()} == {"ANNA": "emi", "BEN": "jonah"}


def test_one_actor_is_opened_once() -> None:
    cast = assign(script("ANNA", "BEN"), {"": "emi"})
    assert cast["ANNA"] is cast["BEN"]


def test_a_part_that_does_not_exist_is_refused() -> None:
    with pytest.raises(BadInput, match="GHOST does not speak"):
        assign(script("EMI"), {"GHOST": "jonah"})


def test_an_actor_nobody_knows_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(UnknownName, match="emi"):
        assign(script("EMI"), {"EMI": "garbo"})
