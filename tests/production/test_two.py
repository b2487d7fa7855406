import numpy as np

from understudy.base.channels import GAZE, HEAD
from understudy.base.rotation import matrix_from_pitch_yaw_roll
from understudy.face import animate
from understudy.hub.actor import Persona
from understudy.hub.frames import ShotSize
from understudy.hub.performance import Performance
from understudy.hub.script import Direction, Line, Scene, Script
from understudy.hub.speech import Speech
from understudy.hub.staging import eye_line, facing
from understudy.production.cut import cut
from understudy.production.two import taken_part
from understudy.testing.speech import SENTENCES, spoken


def scene(*lines: Line) -> Script:
    return Script("t", (Scene("INT. ROOM", "", lines),))


def test_a_scene_of_two_is_one_shot_of_both() -> None:
    lines = (Line("Hi.", "A"), Line("Hello.", "B"), Line("Well?", "A"))
    (shot,) = cut(scene(*lines), size=ShotSize.TWO)
    assert (shot.character, shot.other, shot.lines) == ("A", "B", lines)


def test_scenes_of_one_and_of_three_are_taken_wide() -> None:
    alone = cut(scene(Line("Hi.", "A")), size=ShotSize.TWO)
    three = cut(scene(Line("Hi.", "A"), Line("Hi.", "B"), Line("Hi.", "C")), size=ShotSize.TWO)
    assert {s.size for s in (*alone, *three)} == {ShotSize.WIDE} and not any(s.other for s in (*alone, *three))


def test_who_listens_lives_through_silence_of_the_same_length() -> None:
    said = spoken(SENTENCES["bob"], direction=Direction({"sadness": 1.0}))
    heard = [(0, Speech.silence(0.6, 16_000)), (0, said), (1, spoken(SENTENCES["news"]))]
    left, right = (list(taken_part(heard, mine)) for mine in (0, 1))
    assert [len(s.audio.samples) for s in left] == [len(s.audio.samples) for s in right]
    assert left[1] is said and not right[1].words and not np.any(right[1].audio.samples)
    line = right[1].line
    assert line is not None and line.direction.emotions.get("tenderness", 0) > 0.2
    assert not left[2].words and right[2].words


def sight(take: Performance) -> np.ndarray:
    """Returns (frames, 3) the line of sight against the torso, mean of both eyes."""
    out = []
    for head, gaze in zip(take.tracks[HEAD].values, take.tracks[GAZE].values, strict=True):
        turn = matrix_from_pitch_yaw_roll(*map(float, head[:3]))
        eyes = [matrix_from_pitch_yaw_roll(float(gaze[i]), float(gaze[i + 1]), 0.0)[:, 2] for i in (0, 2)]
        out.append(turn @ (eyes[0] + eyes[1]) / np.linalg.norm(eyes[0] + eyes[1]))
    return np.array(out)


def test_eye_lines_of_a_two_shot_meet() -> None:
    stands = facing(1.64, 1.91)
    for own, other in ((stands[0], stands[1]), (stands[1], stands[0])):
        line = eye_line(own, other)
        quiet = [Speech.silence(2.0, 8_000) for _ in range(10)]
        take = Performance.from_beats("x", animate(quiet, persona=Persona(), listening=True, eyeline=line))
        to = np.array(
            [
                np.sin(line.partner_yaw_rad) * np.cos(line.partner_pitch_rad),
                -np.sin(line.partner_pitch_rad),
                np.cos(line.partner_yaw_rad) * np.cos(line.partner_pitch_rad),
            ]
        )
        off = np.degrees(np.arccos(np.clip(sight(take) @ to, -1, 1)))
        assert np.median(off) < 4.0 and 0.5 < (off < 6.0).mean() < 0.98
    # somebody who plays to a partner beside the lens looks elsewhere
    single = Performance.from_beats("x", animate(quiet, persona=Persona(), listening=True, partner=1.0))
    assert np.median(np.degrees(np.arccos(np.clip(sight(single) @ to, -1, 1)))) > 10
