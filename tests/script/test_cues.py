import pytest

from understudy import Script
from understudy.hub.cue import Cue
from understudy.hub.script import Line
from understudy.script.cues import called


def first(text: str) -> Line:
    return Script.open(f"EMI: {text}\n\nEMI: And again.").dialogue[0]


def fountain(block: str) -> Script:
    return Script.open(f"INT. ROOM - NIGHT\n\nEMI\n{block}\n\nJONAH\nYes.\n")


def test_a_sob_stands_between_words_and_is_not_text() -> None:
    line = first("I thought [sob], you were gone.")
    assert line.text == "I thought, you were gone."
    assert line.cues == (Cue("sob", 2),)


def test_cues_do_not_move_what_is_stressed() -> None:
    line = fountain("I [laugh] *really* [soft sigh] thought so.").dialogue[0]
    assert (line.text, line.emphasis) == ("I really thought so.", (1,))
    assert [(c.name, c.at_word, c.strength) for c in line.cues] == [("laugh", 1, 0.7), ("sigh", 2, 0.4)]


def test_a_manner_lasts_until_it_is_turned_off_or_the_block_ends() -> None:
    line = first("Go [whisper] right now [/whisper] please. [crying] Just go.")
    assert [(c.name, c.at_word, c.until_word) for c in line.cues] == [("whispering", 1, 3), ("crying", 4, 6)]


def test_a_manner_goes_on_over_a_direction_inside_the_block() -> None:
    script = fountain("[crying] One two.\n(looks down)\nThree. [/crying] Four.")
    assert [(c.name, c.at_word, c.until_word) for line in script.dialogue[:2] for c in line.cues] == [
        ("crying", 0, 2),
        ("crying", 0, 1),
    ]


@pytest.mark.parametrize(
    ("inside", "name", "strength", "seconds"),
    [
        ("laughs", "laugh", 0.7, 0.0), ("a big laugh", "laugh", 1.0, 0.0), ("scream 1.5", "scream", 0.7, 1.5),
        ("pause 2", "pause", 0.7, 2.0), ("beat", "pause", 0.7, 1.0), ("sobbing", "crying", 1.0, 0.0),
        ("flash of rage", "flash of anger", 0.7, 0.0), ("micro fear", "flash of fear", 0.7, 0.0),
    ],
)  # fmt: skip
def test_brackets_are_called_by_many_names(inside: str, name: str, strength: float, seconds: float) -> None:
    found = called(inside)
    assert found is not None
    assert (found.name, found.strength, found.duration_s) == (name, strength, seconds)


def test_other_brackets_are_no_cues() -> None:
    assert called("forty pounds") is None
    assert called("laugh and leave") is None


def test_an_unknown_cue_is_left_out_and_near_names_are_told() -> None:
    script = Script.open("I thought [sobb] you [gizmo] were gone. (beat) Yes.")
    assert "[" not in "".join(line.text for line in script.dialogue)
    assert any("[sob]" in remark and "sobb" in remark for remark in script.remarks) or any(
        "'sobb' read as 'sob'" in remark for remark in script.remarks
    )
    assert any("'[gizmo]' is no cue" in remark for remark in script.remarks)


def test_an_end_without_a_beginning_is_remarked() -> None:
    assert any("not begun" in remark for remark in Script.open("One. [/crying] Two.").remarks)


def test_round_brackets_in_a_line_are_a_cue_when_they_name_a_sound() -> None:
    line = fountain("I thought (laughs) you were gone.").dialogue[0]
    assert line.text == "I thought you were gone."
    assert line.cues == (Cue("laugh", 2),)


def test_a_character_may_sob_without_a_word() -> None:
    for block in ("[sobs]", "(sobs)"):
        line = fountain(block).dialogue[0]
        assert line.text == ""
        assert line.cues == (Cue("sob", 0),) or line.direction.events == ("sob",)


def test_lines_without_cues_are_as_they_were() -> None:
    assert first("Nothing happens here.").cues == ()
    assert Line("Old.").cues == ()
