"""Scripts from files and texts: what is read, what is remarked, what is refused."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.base.errors import BadInput
from understudy.hub.cue import Cue
from understudy.hub.script import Direction, LineKind, Script
from understudy.script import direct, read

EXAMPLES = Path(__file__).parents[2] / "examples"

SCENE = "INT. KITCHEN - DUSK\n\nEMI\n{}\n"


def said(block: str) -> Script:
    return read(SCENE.format(block))


def only(block: str) -> tuple[str, Direction]:
    (line,) = said(block).dialogue
    return line.text, line.direction


# ---- structure -------------------------------------------------------------------------------------------------


def test_a_title_page_gives_the_title_without_its_marks() -> None:
    script = read(
        "Title:\n    _**BRICK & STEEL**_\n    _**FULL RETIRED**_\nCredit: Written by\nAuthor: Stu\n\n"
        + SCENE.format("Hi.")
    )
    assert script.title == "BRICK & STEEL FULL RETIRED"
    assert [line.text for line in script.dialogue] == ["Hi."]


@pytest.mark.parametrize(
    "heading",
    [
        "INT. HOUSE - DAY", "EXT. FIELD", "EST. CITY", "INT./EXT. CAR", "INT/EXT CAR", "I/E. CAR", "int. house - day",
        ".SNIPER SCOPE POV", "INT HOUSE",
    ],
)  # fmt: skip
def test_scene_headings_open_scenes(heading: str) -> None:
    script = read(f"{heading}\n\nIt rains.\n\nEMI\nHello.\n")
    assert [scene.heading for scene in script.scenes] == [heading.lstrip(".")]
    assert [line.kind for line in script.scenes[0].lines] == [LineKind.ACTION, LineKind.DIALOGUE]


def test_an_ellipsis_is_no_scene_heading() -> None:
    script = read("INT. ROOM - NIGHT\n\n...then silence fell on the house.\n\nEMI\nHello.\n")
    assert len(script.scenes) == 1


def test_scene_numbers_are_taken_off() -> None:
    assert read("INT. HOUSE - DAY #1-A#\n\nEMI\nHello.\n").scenes[0].heading == "INT. HOUSE - DAY"


@pytest.mark.parametrize(
    ("cue", "name"),
    [
        ("EMI", "EMI"), ("EMI (CONT'D)", "EMI"), ("EMI (cont'd)", "EMI"), ("MR. O'NEIL", "MR. O'NEIL"),
        ("R2D2", "R2D2"),
        ("@McCLANE", "McCLANE"), ("@Emi", "Emi"), ("HANS (on the radio)", "HANS"), ("EMI ^", "EMI"),
        ("ÉLODIE", "ÉLODIE"),
    ],
)  # fmt: skip
def test_characters_are_read_without_their_extensions(cue: str, name: str) -> None:
    assert read(f"INT. ROOM - NIGHT\n\n{cue}\nHello.\n").characters == (name,)


def test_numbers_alone_are_no_character() -> None:
    script = read("INT. ROOM - NIGHT\n\n23\nskidoo\n\nEMI\nHello.\n")
    assert script.characters == ("EMI",)


def test_a_capital_line_with_nothing_under_it_is_action() -> None:
    script = read("INT. ROOM - NIGHT\n\nBOOM\n\nEMI\nHello.\n")
    assert script.scenes[0].lines[0].text == "BOOM"
    assert script.scenes[0].lines[0].kind is LineKind.ACTION


def test_forced_action_is_action() -> None:
    script = read("INT. ROOM - NIGHT\n\n!SCREAMING\nall around.\n\nEMI\nHello.\n")
    assert script.scenes[0].lines[0].text == "SCREAMING all around."


def test_line_breaks_in_dialogue_are_joined() -> None:
    assert only("One,\ntwo,\n  \nthree.")[0] == "One, two, three."


def test_dual_dialogue_is_performed_in_turn_and_says_so() -> None:
    script = read("INT. ROOM - NIGHT\n\nEMI\nYes.\n\nNOOR ^\nNo.\n")
    assert [(line.character, line.text) for line in script.dialogue] == [("EMI", "Yes."), ("NOOR", "No.")]
    assert any(remark.startswith("line 6: NOOR speaks at the same time") for remark in script.remarks)


def test_off_camera_voices_are_performed_in_the_picture_and_say_so() -> None:
    script = read("INT. ROOM - NIGHT\n\nEMI (V.O.)\nYes.\n")
    assert any("line 3: EMI is (V.O.)" in remark for remark in script.remarks)


def test_transitions_sections_synopses_page_breaks_and_cuts_are_not_performed() -> None:
    script = read(
        "# Act One\n\n= They meet.\n\nINT. ROOM - NIGHT\n\n/* EMI\nnever said\n*/\n\nEMI\nHello. [[a thought]]\n\n"
        "CUT TO:\n\n> FADE OUT\n\n===\n\n>THE END<\n"
    )
    assert [line.text for scene in script.scenes for line in scene.lines] == ["Hello.", "THE END"]
    assert script.remarks == ()


def test_lyrics_are_spoken_and_say_so() -> None:
    script = said("~Willy Wonka!\n~The amazing chocolatier!")
    assert script.dialogue[0].text == "Willy Wonka! The amazing chocolatier!"
    assert any("spoken, not sung" in remark for remark in script.remarks)


def test_lines_are_numbered_and_know_where_they_stand() -> None:
    script = read("INT. ROOM - NIGHT\n\nA door.\n\nEMI\nOne.\n(sadly)\nTwo.\n\nEMI\nThree.\n")
    lines = script.scenes[0].lines
    assert [line.number for line in lines] == [0, 1, 2, 3]
    assert [line.source_line for line in lines] == [3, 6, 8, 11]


def test_cuts_and_notes_over_many_lines_keep_the_line_numbers() -> None:
    script = read("INT. ROOM - NIGHT\n\n/*\n\n\n*/\n\n[[one\ntwo]]\n\nEMI\nHello.\n")
    assert script.dialogue[0].source_line == 12


# ---- emphasis --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "text", "stressed"),
    [
        ("I *never* said it.", "I never said it.", (1,)),
        ("I **never ever** said it.", "I never ever said it.", (1, 2)),
        ("***All*** of _it_.", "All of it.", (0, 2)),
        ("_He said *stop* twice_.", "He said stop twice.", (0, 1, 2, 3)),
        (r"The code is \*9765\*.", "The code is *9765*.", ()),
        ("Two * three * four.", "Two * three * four.", ()),
        ("A lone *star.", "A lone *star.", ()),
        ("Plain.", "Plain.", ()),
    ],
)
def test_emphasis_is_remembered_and_its_marks_removed(written: str, text: str, stressed: tuple[int, ...]) -> None:
    (line,) = said(written).dialogue
    assert (line.text, line.emphasis) == (text, stressed)


def test_emphasis_counts_words_over_line_breaks() -> None:
    assert said("One two\nthree *four*.").dialogue[0].emphasis == (3,)


# ---- directions ------------------------------------------------------------------------------------------------


def test_a_parenthetical_directs_the_words_under_it_until_the_block_ends() -> None:
    script = read("INT. ROOM - NIGHT\n\nEMI\n(sadly)\nOne.\nTwo.\n\nEMI\nThree.\n")
    first, second = script.dialogue
    assert first.text == "One. Two." and first.direction.emotions["sadness"] > 0.5
    assert second.direction == Direction()


def test_a_parenthetical_in_the_middle_splits_the_line() -> None:
    lines = said("One.\n(angrily)\nTwo.\n(beat)\nThree.\n(whispering)\nFour.").dialogue
    assert [line.text for line in lines] == ["One.", "Two.", "Three.", "Four."]
    assert lines[0].direction == Direction()
    assert lines[1].direction.emotions["anger"] > 0.5
    assert lines[2].direction.emotions == lines[1].direction.emotions
    assert lines[2].direction.pause_before_s == 0.6
    assert lines[3].direction.emotions == lines[1].direction.emotions
    assert lines[3].direction.whisper == 1.0 and lines[3].direction.pause_before_s == 0.0


def test_a_feeling_replaces_the_feeling_and_the_delivery_before_it() -> None:
    lines = said("(whispering, afraid)\nOne.\n(happily)\nTwo.").dialogue
    assert lines[1].direction.whisper == 0.0
    assert set(lines[1].direction.emotions) == {"joy"}


def test_a_direction_in_the_running_text_is_not_spoken() -> None:
    lines = said("Hello. (beat) I missed you.").dialogue
    assert [line.text for line in lines] == ["Hello.", "I missed you."]
    assert lines[1].direction.pause_before_s == 0.6


def test_brackets_that_direct_nothing_are_spoken() -> None:
    assert only("The bill (forty pounds) was paid.")[0] == "The bill (forty pounds) was paid."


def test_a_parenthetical_may_go_on_over_lines() -> None:
    text, direction = only("(sadly, looking\naway)\nOne.")
    assert text == "One." and direction.gaze == "away"


def test_a_pause_after_the_last_words_follows_them() -> None:
    assert only("One.\n(a long silence)")[1].pause_after_s == 2.5


def test_a_sound_after_the_last_words_follows_them() -> None:
    script = said("One.\n(laughs)")
    assert script.dialogue[0].cues == (Cue("laugh", 1),)
    assert not script.remarks


def test_a_gesture_after_the_last_words_is_kept_and_remarked() -> None:
    script = said("One.\n(nods)")
    assert script.dialogue[0].direction.events == ("nod",)
    assert any("comes after the last words" in remark for remark in script.remarks)


def test_an_action_that_is_a_pause_holds_back_the_next_words() -> None:
    script = read("INT. ROOM - NIGHT\n\nEMI\nOne.\n\nA long silence.\n\nEMI\nTwo.\n")
    assert script.dialogue[1].direction.pause_before_s == 2.5


def test_a_note_that_reads_as_a_direction_is_one() -> None:
    assert said("[[softly]] Hello.").dialogue[0].direction.emotions["tenderness"] > 0.3
    before = read("INT. ROOM - NIGHT\n\n[[looks away, ashamed]]\n\nEMI\nHello.\n").dialogue[0].direction
    assert before.gaze == "away"


def test_a_note_that_is_a_thought_is_neither_spoken_nor_played() -> None:
    assert only("Hello [[check the dates with Bob]] there.") == ("Hello there.", Direction())


def test_unknown_directions_are_remarked_with_their_line() -> None:
    script = said("(sadly adjusting the lamp)\nHello.")
    assert script.remarks == (
        "line 4: in '(sadly adjusting the lamp)' 'adjusting', 'lamp' cannot be played and was passed over.",
    )
    assert script.dialogue[0].direction.unknown == ("adjusting", "lamp")


def test_directions_read_by_likeness_are_remarked() -> None:
    assert said("(melancholicly)\nHello.").remarks == ("line 4: 'melancholicly' read as 'melancholy'.",)


# ---- places ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "place"),
    [
        ("INT. LIVING ROOM - DUSK", "dusk"), ("INT. BAR - NIGHT", "dusk"), ("EXT. FIELD - WINTER DAY", "snow"),
        ("EXT. MOUNTAIN, SNOWSTORM - NIGHT", "snow"), ("INT. CABIN - WINTER NIGHT", "dusk"),
        ("INT. STUDIO - NIGHT", "studio"),
        ("INT. OFFICE - DAY", "office"), ("INT. OFFICE - NIGHT", "dusk"), ("EXT. FOREST - MORNING", "forest"),
        ("EXT. STREET - NIGHT", "street_night"), ("EXT. STREET - DAY", ""), ("EXT. DESERT - NOON", "sahara"),
        ("INT. KITCHEN - MORNING", "kitchen"), ("INT. KITCHEN - DUSK", "dusk"), ("INT. FLAT - RAIN", "rain_window"),
        ("EXT. FIELD - RAIN", ""), ("INT. THEATRE - NIGHT", "stage"), ("INT. LIBRARY", "library"),
        ("EXT. BEACH - SUNSET", "beach"), ("INT. LOFT - DAY", "interview"), ("INT. HALL - DAY", ""),
        ("EXT. NICETOWN - DAY", ""), ("INT./EXT. CAR - WINTER DAY", "snow"),
    ],
)  # fmt: skip
def test_a_heading_names_a_set(heading: str, place: str) -> None:
    script = read(f"{heading}\n\nEMI\nHello.\n")
    assert script.scenes[0].place == place
    assert bool(script.remarks) == (place == "")


def test_a_note_names_the_set_outright() -> None:
    script = read("INT. OFFICE - DAY [[set: snow]]\n\nEMI\nHello.\n")
    assert script.scenes[0].place == "snow" and script.remarks == ()
    assert read("INT. OFFICE - DAY\n\n[[set: studio]]\n\nEMI\nHello.\n").scenes[0].place == "studio"


def test_a_set_that_is_not_there_is_remarked_with_those_that_are() -> None:
    (remark, *_) = [r for r in read("INT. BAR - NIGHT\n\n[[set: moon]]\n\nEMI\nHello.\n").remarks if "moon" in r]
    assert "studio" in remark and "dusk" in remark and remark.startswith("line 3:")


# ---- odd pages -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("INT. BAR - NIGHT\n\nEMI\nOne.\n\n/* open\n\nEMI\nTwo.\n", 6, "never closed"),
        ("INT. BAR - NIGHT\n\nEMI\nOne. [[open\n\nEMI\nTwo.\n", 4, "never closed"),
        ("INT. BAR - NIGHT\n\nEMI\nOne. ]] more\n", 4, "never opened"),
        ("INT. BAR - NIGHT\n\n(sadly)\n\nEMI\nOne.\n", 3, "belongs to no dialogue"),
        ("INT. BAR - NIGHT\n\nEMI\nOne.\n\nEMI\n\nShe goes.\n", 6, "no words"),
        ("INT. BAR - NIGHT\n\nEMI\nOne.\n\nEMI\n(sadly)\n\nShe goes.\n", 6, "no words"),
        ("INT. BAR - NIGHT\n\nEMI\n(sadly\nOne.\n", 4, "never closed"),
    ],
)
def test_odd_fountain_is_performed_as_far_as_it_goes_and_remarked(text: str, line: int, part: str) -> None:
    script = read(text)
    assert "One." in script.dialogue[0].text
    assert any(remark.startswith(f"line {line}:") and part in remark for remark in script.remarks), script.remarks


# ---- plain text ------------------------------------------------------------------------------------------------


def test_plain_text_is_one_characters_speech_with_pauses_between_paragraphs() -> None:
    script = read("(warmly)\nOne two.\nThree.\n\nFour.\n")
    assert [line.text for line in script.dialogue] == ["One two. Three.", "Four."]
    assert len(script.characters) == 1
    assert script.dialogue[0].direction.emotions["tenderness"] > 0.4
    assert script.dialogue[1].direction.pause_before_s > 0.5


def test_named_lines_are_a_dialogue() -> None:
    script = read("EMI: (sadly) Hello.\nBen: Hi.\nEMI: You came.\nBen: I did.\nand here I am.\n")
    assert [(line.character, line.text) for line in script.dialogue] == [
        ("EMI", "Hello."), ("BEN", "Hi."), ("EMI", "You came."), ("BEN", "I did. and here I am."),
    ]  # fmt: skip
    assert script.dialogue[0].direction.emotions["sadness"] > 0.5


def test_a_colon_in_a_sentence_makes_no_character() -> None:
    script = read("Remember: the door is blue. Note this.\n")
    assert script.dialogue[0].text == "Remember: the door is blue. Note this."


def test_fountain_in_a_text_file_is_read_as_fountain(tmp_path: Path) -> None:
    path = tmp_path / "scene.txt"
    path.write_text(SCENE.format("Hello."))
    assert read(path).scenes[0].heading == "INT. KITCHEN - DUSK"


def test_a_speech_of_dots_is_a_pause() -> None:
    script = read("INT. BAR - NIGHT\n\nEMI\nOne.\n\nNOOR\n...\n\nEMI\nTwo.\n")
    assert [line.character for line in script.dialogue] == ["EMI", "EMI"]
    assert script.dialogue[1].direction.pause_before_s == 1.0


# ---- files -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_files_are_read_alike(tmp_path: Path, encoding: str) -> None:
    text = SCENE.format("“Café” — naïve, isn’t it?")
    path = tmp_path / "scene.fountain"
    path.write_bytes(text.encode(encoding))
    script = read(path)
    assert script.dialogue[0].text == "“Café” — naïve, isn’t it?"
    assert script.remarks == ()
    assert script.digest == read(text).digest


def test_a_windows_file_is_read_with_a_remark(tmp_path: Path) -> None:
    path = tmp_path / "scene.fountain"
    path.write_bytes(SCENE.format("Café, isn’t it?").replace("\n", "\r\n").encode("cp1252"))
    script = read(path)
    assert script.dialogue[0].text == "Café, isn’t it?"
    assert "not UTF-8" in script.remarks[0]


@pytest.mark.parametrize(
    ("name", "data", "part"),
    [
        ("a.fountain", b"", "empty"),
        ("a.fountain", b" \n\n ", "empty"),
        ("a.fountain", b"INT. ROOM - DAY\n\nNobody is here.\n", "no dialogue"),
        ("a.txt", b"[[ ]]\n(sadly)\n", "no dialogue"),
        ("a.fountain", bytes(range(256)) * 40, "not a text file"),
        ("a.fountain", b"%PDF-1.7 ...", "PDF"),
        ("a.fountain", b"PK\x03\x04....", "Final Draft"),
        ("a.docx", b"hello", "give one of"),
        ("a.fountain", b"a" * 5_000_001, "larger than"),
        ("a.fountain", b"\xff\xfea\x00\x00", "damaged"),
    ],
)
def test_what_is_no_script_is_refused_in_one_sentence(tmp_path: Path, name: str, data: bytes, part: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(BadInput) as refused:
        read(path)
    message = str(refused.value)
    assert part in message and message.endswith(".") and "\n" not in message


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no script at"):
        read(tmp_path / "gone.fountain")
    with pytest.raises(BadInput, match="no script at"):
        read("gone.fountain")


@pytest.mark.parametrize("name", ["monologue.fountain", "two_hander.fountain", "snow.txt"])
def test_the_examples_are_read_without_a_remark(name: str) -> None:
    script = read(EXAMPLES / name)
    assert script.remarks == ()
    assert all(scene.place for scene in script.scenes)


def test_the_same_text_gives_the_same_script() -> None:
    text = (EXAMPLES / "two_hander.fountain").read_text()
    assert read(text) == read(text)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        script = read("\n" + text)
    except BadInput:
        return
    assert script.dialogue


PIECES = st.sampled_from(
    ["EMI", "INT. A - DAY", "(sadly)", "(", ")", "[[", "]]", "/*", "*/", "\n", "\n\n", "\n", "*", "_", "~la", "@x", "^",
     ">", "<", "=", "===", "#", ".", "!", "Title: x", "Hello there.", "  ", "\\", "TO:", "A: b", "[set: snow]"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40))
def test_any_heap_of_marks_is_read_or_refused(pieces: list[str]) -> None:
    try:
        script = read("INT. ROOM - NIGHT\n\n" + "".join(pieces))
    except BadInput:
        return
    assert all(line.text.strip() for line in script.dialogue)
    assert all("[[" not in line.text for scene in script.scenes for line in scene.lines)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "scene.fountain"
    path.write_bytes(data)
    with contextlib.suppress(BadInput):
        read(path)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120))
def test_any_words_are_a_direction(words: str) -> None:
    said = direct(words)
    assert all(0 < weight <= 1 for weight in said.emotions.values())
