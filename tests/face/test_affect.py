"""Arousal heard in the sound, in order and in time, and never against a director."""

from dataclasses import replace

import numpy as np
import pytest

from understudy.base.channels import SHAPE_INDEX
from understudy.face.affect import Affect, directed
from understudy.face.passage import Passage, passages
from understudy.hub.script import Direction
from understudy.hub.speech import Speech
from understudy.testing.speech import SENTENCES, spoken

from .conftest import session


def voice(*, wide: float = 1.0, rate: float = 1.0, louder_db: float = 0.0, bright: float = 0.0) -> Speech:
    """Half of it plain, half of it played: a melody `wide` times as wide, brighter by pre-emphasis 0..1."""
    plain = spoken(" | SIL:0.2 | ".join(SENTENCES.values()), rate_hz=24_000)
    other = spoken(" | SIL:0.2 | ".join(SENTENCES.values()), rate_hz=24_000, rate=rate, accents=(1, 3, 5, 7, 9))
    values = other.prosody.values.copy()
    voiced = values[:, 0] > 0
    middle = np.median(values[voiced, 0])
    swing = 1 + 0.1 * wide * np.sin(np.arange(len(values)) / 17)
    values[voiced, 0] = middle * (1.25 if wide > 1 else 0.9 if wide < 1 else 1.0) * swing[voiced]
    values[:, 1] += louder_db
    samples = other.audio.samples.copy()
    samples[1:] -= np.float32(bright) * samples[:-1]
    if bright < 0:
        samples = np.convolve(samples, np.ones(12) / 12, "same").astype(np.float32)
    other = replace(other, prosody=replace(other.prosody, values=values), audio=replace(other.audio, samples=samples))
    return replace(Speech.join([plain, other]), line=None)


def only(speech: Speech) -> Passage:
    return next(iter(passages([speech])))


def played_arousal(speech: Speech) -> float:
    curve = Affect().hear(only(speech))
    return float(curve[len(curve) * 3 // 4 :, 1].mean())


def test_a_wide_loud_bright_voice_is_more_aroused_than_a_plain_one_and_that_than_a_dull_one() -> None:
    high = played_arousal(voice(wide=3.0, rate=1.15, louder_db=6, bright=0.6))
    plain = played_arousal(voice())
    low = played_arousal(voice(wide=0.2, rate=0.8, louder_db=-6, bright=-1))
    assert high > plain + 0.15 > low + 0.2


def test_what_is_heard_does_not_depend_on_what_comes() -> None:
    whole = voice(wide=3.0, louder_db=5)
    half = replace(whole.audio, samples=whole.audio.samples[: len(whole.audio.samples) // 2])
    cut = round(half.duration_s * 100)
    prosody = replace(whole.prosody, values=whole.prosody.values[:cut])
    first = replace(whole, audio=half, prosody=prosody)
    a, b = Affect().hear(only(whole)), Affect().hear(only(first))
    count = len(b) - 2
    assert a[:count] == pytest.approx(b[:count])


def test_gain_alone_is_no_feeling() -> None:
    speech = voice()
    values = speech.prosody.values.copy()
    values[:, 1] -= 12
    quiet = replace(speech, prosody=replace(speech.prosody, values=values))
    assert played_arousal(quiet) == pytest.approx(played_arousal(speech), abs=0.05)


def test_a_directed_passage_is_left_alone() -> None:
    speech = spoken(SENTENCES["bob"], direction=Direction(emotions={"joy": 0.5}))
    assert not Affect().along(only(speech)).any()
    assert directed(Direction(energy=0.3))
    assert not directed(Direction(words="beat"))


def test_it_is_modest_and_smooth_and_spares_the_jaw() -> None:
    speech = voice(wide=4.0, rate=1.2, louder_db=8, bright=0.8)
    felt = Affect().along(only(speech))
    assert 0.02 < felt.max() <= 0.35
    assert np.abs(np.diff(felt, axis=0)).max() < 0.02
    directed_none = session([speech])
    quiet = session([replace(speech, line=spoken(SENTENCES["bob"], direction=Direction(energy=1e-6)).line)])
    jaw = SHAPE_INDEX["jawOpen"]
    assert np.abs(directed_none.face[:, jaw] - quiet.face[:, jaw]).max() < 0.09


@pytest.mark.parametrize("piece_s", [0.03, 0.04, 0.13])
def test_sound_that_comes_in_short_pieces_is_heard_like_the_whole(piece_s: float) -> None:
    whole = voice(wide=3.0, rate=1.15, louder_db=6, bright=0.6)
    count = int(whole.duration_s / piece_s)
    pieces = [whole.cut(i * piece_s, (i + 1) * piece_s) for i in range(count)]
    alone, affect = Affect().hear(only(whole)), Affect()
    told = [row for passage in passages(pieces, wait=False) for row in affect.hear(passage)[1:]]
    assert len(told) >= int(count * piece_s / 0.05) - 1, "every twentieth of a second is heard once"
    same = np.array([np.interp(row[0], alone[:, 0], alone[:, 1]) for row in told])
    arousal = np.array(told)[:, 1]
    assert np.abs(arousal - same).max() < 0.12
    assert arousal[len(arousal) * 3 // 4 :].mean() > 0.2, "and it does move"
