"""A note changes what it speaks of, and nothing else."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from understudy import judge
from understudy.base.audio import Audio
from understudy.base.channels import FACE, GAZE, HEAD, SHAPE_INDEX
from understudy.base.errors import BadInput
from understudy.hub.performance import Event, Performance
from understudy.production.animate import animate
from understudy.production.directing import Directed, direct
from understudy.production.interleaving import LIDS

Notes = Callable[[str], Directed]


@pytest.fixture(scope="module")
def said(take: Performance) -> Notes:
    """Returns the take after a note; each is made once."""
    made: dict[str, Directed] = {}

    def get(note: str) -> Directed:
        if note not in made:
            made[note] = direct(take, note)
        return made[note]

    return get


def word(take: Performance, name: str) -> Event:
    return next(e for e in take.events if e.kind == "word" and e.name.lower() == name)


def lines(take: Performance) -> list:
    assert take.book is not None
    return [part.line for run in take.book.facts.runs for part in run.parts]


def frames(take: Performance, track: str, start_s: float, end_s: float) -> np.ndarray:
    return take.tracks[track].values[round(start_s * 60) : round(end_s * 60)]


def test_a_take_remembers_what_it_was_made_from(take: Performance, tmp_path: Path) -> None:
    assert [line.text for line in lines(take)] == [
        "I never did. Maybe you believe me.",
        "Please come back before morning.",
    ]
    assert lines(take)[0].direction.emotions["anger"] == 0.8
    take.save(tmp_path / "again.take")
    again = Performance.open(tmp_path / "again.take")
    assert again.book is not None and take.book is not None
    assert again.book.facts == take.book.facts
    assert np.array_equal(again.book.prosody.values, take.book.prosody.values)


def test_a_note_on_one_line_leaves_the_other_as_it_was_to_the_bit(take: Performance, said: Notes) -> None:
    new = said("much less warm in the last line").take
    border = next(e.start_s for e in take.events if e.kind == "line" and e.value == 1)
    for name in take.tracks:
        assert np.array_equal(frames(new, name, 0, border - 0.02), frames(take, name, 0, border - 0.02)), name
        assert not np.array_equal(frames(new, name, border + 0.5, 99), frames(take, name, border + 0.5, 99)), name
    samples = round(border * take.sound.rate_hz)
    assert np.array_equal(new.sound.samples[:samples], take.sound.samples[:samples])
    before, after = lines(take)[1].direction, lines(new)[1].direction
    assert after.emotions["tenderness"] < 0.3 * before.emotions["tenderness"]
    assert lines(new)[0] == lines(take)[0]


def test_a_pause_moves_what_follows_and_changes_nothing_of_it(take: Performance, said: Notes) -> None:
    new = said("a longer pause before the last line").take
    shift = word(new, "please").start_s - word(take, "please").start_s
    assert shift == pytest.approx(0.8, abs=1e-6)
    start, end = word(take, "please").start_s + 0.1, take.duration_s
    for name in take.tracks:
        assert np.array_equal(frames(new, name, start + shift, end + shift), frames(take, name, start, end)), name


def test_blinking_less_changes_the_lids_alone(take: Performance, said: Notes) -> None:
    new = said("blink much more").take
    lids = [SHAPE_INDEX[name] for name in LIDS]
    others = [i for i in range(52) if i not in lids]
    assert np.array_equal(new.tracks[FACE].values[:, others], take.tracks[FACE].values[:, others])
    assert np.array_equal(new.tracks[HEAD].values, take.tracks[HEAD].values)
    assert np.array_equal(new.sound.samples, take.sound.samples)
    count = [sum(e.kind == "blink" for e in t.events) for t in (take, new)]
    assert count[1] > count[0]


def test_slower_is_slower_and_less_angry_less_angry(take: Performance, said: Notes) -> None:
    new = said("less angry, slower").take
    spoken = [word(t, "morning").end_s - word(t, "i").start_s for t in (take, new)]
    assert 1.05 < spoken[1] / spoken[0] < 1.35
    assert lines(new)[0].direction.emotions["anger"] == pytest.approx(0.8 * 0.55, abs=0.01)
    assert lines(new)[1].direction.emotions == lines(take)[1].direction.emotions
    frown = [SHAPE_INDEX["browDownLeft"]]
    assert frames(new, FACE, 1, 2.5)[:, frown].mean() < 0.8 * frames(take, FACE, 1, 2.5)[:, frown].mean()


def test_a_look_away_before_the_last_line_is_a_moment_of_its_own(take: Performance, said: Notes) -> None:
    new = said("look away before the last line").take
    gap = word(new, "me").end_s, word(new, "please").start_s
    assert gap[1] - gap[0] > 0.9
    looks = [e for e in new.events if e.kind == "gaze" and gap[0] < e.start_s < gap[1] and e.name == "away"]
    assert looks
    assert np.array_equal(frames(new, GAZE, 0, gap[0] - 0.1), frames(take, GAZE, 0, gap[0] - 0.1))


def test_a_nod_on_a_word_comes_on_that_word_and_the_voice_is_not_touched(take: Performance, said: Notes) -> None:
    new = said("a nod on 'believe'").take
    nods = [e for e in new.events if e.kind == "gesture" and e.name == "nod" and e.value == 1.0]
    assert any(abs(e.start_s - word(new, "believe").start_s) < 0.05 for e in nods)
    assert np.abs(new.sound.samples - take.sound.samples).max() == 0


def test_stress_falls_on_the_word(take: Performance, said: Notes) -> None:
    new = said("stress 'did'").take
    assert lines(new)[0].emphasis == (2,)
    assert word(new, "did").value == 1.0 > word(take, "did").value


def test_no_smile_takes_the_smile_off_the_mouth(take: Performance, said: Notes) -> None:
    new = said("no smile in the last line").take
    smile = [SHAPE_INDEX["mouthSmileLeft"], SHAPE_INDEX["mouthSmileRight"]]
    at = word(take, "back").start_s, word(take, "morning").end_s
    there = word(new, "back").start_s, word(new, "morning").end_s
    assert frames(take, FACE, *at)[:, smile].max() > 0.15
    assert frames(new, FACE, *there)[:, smile].max() < 0.06


@pytest.mark.parametrize("note", ["less angry, slower", "look away before the last line", "whisper on 'maybe'"])
def test_no_border_shows_and_the_lips_keep_their_contacts(take: Performance, said: Notes, note: str) -> None:
    new = said(note).take
    for name, most in ((HEAD, 0.02), ("body", 0.02)):
        step = np.abs(np.diff(new.tracks[name].values, axis=0)).max()
        usual = np.abs(np.diff(take.tracks[name].values, axis=0)).max()
        assert step < max(1.5 * usual, most), name
    assert judge.closures(new)["p_b_m_closed"].value == 100.0


def test_a_second_note_works_on_the_first_and_can_be_undone(said: Notes) -> None:
    one = said("much less warm in the last line").take
    two = direct(one, "as before, but look down on 'believe'").take
    assert two.book is not None
    assert [note.words for note in two.book.facts.notes] == [
        "much less warm in the last line",
        "as before, but look down on 'believe'",
    ]
    assert lines(two)[1] == lines(one)[1]
    back = direct(two, "undo the last note").take
    for name in one.tracks:
        assert np.abs(back.tracks[name].values - one.tracks[name].values).max() < 1e-5, name
    assert back.book is not None and len(back.book.facts.notes) == 1


def test_what_is_not_understood_is_said_and_nothing_is_guessed(take: Performance) -> None:
    with pytest.raises(BadInput, match="florbish"):
        direct(take, "make it more florbish")
    some = direct(take, "more florbish, blink less")
    assert any("florbish" in remark for remark in some.remarks)
    assert some.understood == ("blink less: throughout",)


@pytest.mark.parametrize(
    ("note", "why"),
    [
        ("slower on 'banana'", "not said"),
        ("look away in the ninth line", "2 lines"),
        ("less sarcastic", "nothing of that"),
        ("at 9:00 look away", "lasts"),
        ("a pause", "where"),
        ("undo", "no note to undo"),
        ("", "empty"),
    ],
)
def test_notes_that_cannot_be_played(take: Performance, note: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        direct(take, note)


def test_a_recording_keeps_its_sound_and_says_so(take: Performance) -> None:
    text = "I never did. Maybe you believe me. Please come back before morning."
    recording = animate(Audio(take.sound.samples, take.sound.rate_hz), text=text, actor="emi")
    made = direct(recording, "very sad in the last sentence, slower, look down on 'believe'")
    assert np.array_equal(made.take.sound.samples, recording.sound.samples)
    assert any("sound of a recording stays" in remark for remark in made.remarks)
    frown = [SHAPE_INDEX["mouthFrownLeft"]]
    start = word(recording, "please").start_s + 0.5
    assert frames(made.take, FACE, start, 99)[:, frown].mean() > 2 * frames(recording, FACE, start, 99)[:, frown].mean()
    early = word(recording, "maybe").start_s - 0.3
    assert np.array_equal(frames(made.take, FACE, 0, early), frames(recording, FACE, 0, early))
    with pytest.raises(BadInput, match="sound of a recording stays"):
        direct(recording, "slower")


def test_an_old_take_is_taken_for_a_recording(take: Performance) -> None:
    from dataclasses import replace

    made = direct(replace(take, book=None), "blink much more")
    assert np.array_equal(made.take.sound.samples, take.sound.samples)
    assert any("does not know its script" in remark for remark in made.remarks)
