from understudy import Script
from understudy.script.arcs import arc_of

SCENE = """INT. ROOM - NIGHT

EMI
(growing angrier)
One.

JONAH
Two.

EMI
(looks away)
Three.

EMI
Four.

EMI
(calming down)
Five.

EMI
Six.
"""


def anger(script: Script, character: str = "EMI") -> list[float]:
    return [line.direction.emotions.get("anger", 0.0) for line in script.dialogue if line.character == character]


def test_anger_grows_line_by_line_and_goes_again() -> None:
    grown = anger(Script.open(SCENE))
    assert 0 < grown[0] < grown[1] < grown[2] > grown[3] > grown[4]
    assert grown[2] > 0.8
    assert grown[4] < 0.2


def test_an_arc_is_its_characters_own() -> None:
    assert anger(Script.open(SCENE), "JONAH") == [0.0]


def test_a_look_inside_an_arc_stays() -> None:
    assert Script.open(SCENE).dialogue[2].direction.gaze == "away"


def test_a_note_at_the_head_of_a_scene_is_everybodys_and_ends_with_it() -> None:
    text = "INT. A - NIGHT\n\n[[panic rising]]\n\nEMI\nOne.\n\nJONAH\nTwo.\n\nINT. B - DAY\n\nEMI\nThree.\n"
    fear = [line.direction.emotions.get("fear", 0.0) for line in Script.open(text).dialogue]
    assert 0 < fear[0] < fear[1]
    assert fear[2] == 0


def test_a_feeling_of_a_lines_own_ends_an_arc() -> None:
    script = Script.open(SCENE.replace("(looks away)", "(tenderly)"))
    assert script.dialogue[2].direction.emotions.get("anger", 0.0) == 0
    assert script.dialogue[3].direction.emotions.get("anger", 0.0) == 0


def test_from_one_feeling_to_another_mixes_both() -> None:
    lines = Script.open(SCENE.replace("growing angrier", "from grief to anger")).dialogue
    assert lines[0].direction.emotions["sadness"] > lines[2].direction.emotions["sadness"]
    assert lines[0].direction.emotions["anger"] < lines[2].direction.emotions["anger"]


def test_plain_directions_are_no_arcs() -> None:
    for words in ("angry", "building a shed", "growing tomatoes", "from Leeds to York", "beat"):
        assert arc_of(words) is None
