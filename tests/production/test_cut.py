import itertools

from understudy.hub.cue import Cue
from understudy.hub.frames import ShotSize
from understudy.hub.script import Direction, Line, LineKind, Scene, Script
from understudy.production.cut import LONGEST_SHOT_S, cut

TEN_WORDS = "one two three four five six seven eight nine ten"


def scene(*lines: Line, place: str = "") -> Script:
    return Script("t", (Scene("INT. ROOM", place, lines),))


def test_speakers_are_cut_one_by_one_and_look_across_the_same_line() -> None:
    shots = cut(scene(Line("Hi.", "A"), Line("Hello.", "B"), Line("Well?", "A")))
    assert [s.character for s in shots] == ["A", "B", "A"]
    assert [s.partner for s in shots] == [1.0, -1.0, 1.0]


def test_a_lone_speaker_talks_to_the_lens() -> None:
    assert cut(scene(Line("Hi.", "A")))[0].partner == 0.0


def test_no_shot_grows_past_what_an_interruption_may_cost() -> None:
    shots = cut(scene(*(Line(TEN_WORDS, "A") for _ in range(60))))
    assert len(shots) > 10
    assert all(s.expected_s <= LONGEST_SHOT_S + 2 for s in shots)


def test_consecutive_shots_of_one_speaker_differ_in_size() -> None:
    shots = cut(scene(*(Line(TEN_WORDS, "A") for _ in range(20))))
    assert all(a.size is not b.size for a, b in itertools.pairwise(shots))


def test_the_camera_moves_in_for_a_whisper() -> None:
    shots = cut(scene(Line("Hi.", "A"), Line("Come here.", "B", direction=Direction(whisper=1.0))))
    assert [s.size for s in shots] == [ShotSize.MEDIUM, ShotSize.CLOSE]


def test_a_wanted_size_and_place_hold_for_every_shot() -> None:
    shots = cut(scene(Line("Hi.", "A"), Line("Yes.", "B"), place="dusk"), size=ShotSize.WIDE, place="snow")
    assert {s.size for s in shots} == {ShotSize.WIDE}
    assert {s.place for s in shots} == {"snow"}


def test_a_scene_that_names_no_set_plays_in_the_studio() -> None:
    assert cut(scene(Line("Hi.", "A")))[0].place == "studio"


def test_an_action_is_a_silent_moment_of_the_shot_before() -> None:
    shots = cut(scene(Line("Hi.", "A"), Line("She waits.", kind=LineKind.ACTION), Line("Hello?", "A")))
    assert len(shots) == 1
    assert len(shots[0].lines) == 3


def test_scenes_breathe_at_both_ends_only() -> None:
    shots = cut(scene(Line("Hi.", "A"), Line("Yes.", "B"), Line("No.", "A")))
    assert shots[0].lead_in_s > shots[1].lead_in_s
    assert shots[-1].lead_out_s > shots[1].lead_out_s


def test_the_edit_moves_in_for_a_sob_and_leaves_it_time() -> None:
    sobs = Line("I thought you were gone.", "A", cues=(Cue("sob", 2),))
    plain = Line("I thought you were gone.", "A")
    assert cut(scene(Line("Hi.", "B"), sobs))[1].size is ShotSize.CLOSE
    assert cut(scene(Line("Hi.", "B"), plain))[1].size is ShotSize.MEDIUM
    assert cut(scene(sobs))[0].expected_s > cut(scene(plain))[0].expected_s + 1
