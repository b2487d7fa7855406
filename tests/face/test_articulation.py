import numpy as np
import pytest

from understudy.base.channels import ARKIT_SHAPES, FACE, PHONES, SHAPE_INDEX
from understudy.face import animate
from understudy.face.contact import aperture
from understudy.face.visemes import DIPHTHONGS, TARGETS
from understudy.hub.actor import Persona
from understudy.hub.script import Direction
from understudy.hub.speech import Speech
from understudy.testing.speech import SENTENCES, spoken

JAW = SHAPE_INDEX["jawOpen"]


def mouth(*speeches: Speech, seed: int = 0) -> np.ndarray:
    beats = animate(speeches, persona=Persona(), seed=seed)
    return np.concatenate([beat.tracks[FACE].values for beat in beats]).astype(float)


def at(curves: np.ndarray, time_s: float, shape: str) -> float:
    return float(curves[round(time_s * 60), SHAPE_INDEX[shape]])


def middle(speech: Speech, name: str, nth: int = 0) -> float:
    phone = [p for p in speech.phones if p.name == name][nth]
    return (phone.start_s + phone.end_s) / 2


def test_every_phone_has_a_target() -> None:
    assert [p for p in PHONES if p not in TARGETS and p not in DIPHTHONGS] == []
    assert {half for pair in DIPHTHONGS.values() for half in pair} <= set(TARGETS)


def test_silence_closes_the_mouth() -> None:
    curves = mouth(spoken("HH AH0 L OW1", tail_s=0.8), Speech.silence(1.0, 16_000))
    assert aperture(curves[-75:]).max() < 0.02
    assert curves[-75:, SHAPE_INDEX["jawOpen"]].max() < 0.03


def test_open_vowels_open_wider_than_close_ones() -> None:
    speech = spoken("T AA1 T IY1 T")
    curves = mouth(speech)
    assert at(curves, middle(speech, "AA"), "jawOpen") > 1.8 * at(curves, middle(speech, "IY"), "jawOpen")


def test_round_vowels_pucker_and_spread_vowels_do_not() -> None:
    speech = spoken("T UW1 T | T IY1 T")
    curves = mouth(speech)
    assert at(curves, middle(speech, "UW"), "mouthPucker") > 0.4
    assert at(curves, middle(speech, "IY"), "mouthPucker") < 0.1
    assert at(curves, middle(speech, "IY"), "mouthStretchLeft") > 0.1


@pytest.mark.parametrize("emotion", ["", "surprise", "joy"])
def test_sibilants_shut_the_teeth_between_open_vowels_and_leave_the_lips_apart(emotion: str) -> None:
    direction = Direction(emotions={emotion: 1.0} if emotion else {})
    speech = spoken("AA1 S AA1 | SH AA1 | Z AA1 T AA1", direction=direction)
    curves = mouth(speech)
    for name in ("S", "SH", "Z"):
        frame = round(middle(speech, name) * 60)
        assert curves[frame, SHAPE_INDEX["jawOpen"]] <= 0.04 < 0.2 < curves[frame - 6 : frame + 7].max(axis=0)[JAW]
        assert aperture(curves)[frame] > 0.06
    assert at(curves, middle(speech, "T"), "jawOpen") > 0.06


def test_rounding_begins_before_the_vowel_across_consonants() -> None:
    speech = spoken("AE1 S T UW1")
    pucker = mouth(speech)[:, SHAPE_INDEX["mouthPucker"]]
    vowel = next(p for p in speech.phones if p.name == "UW")
    onset = np.flatnonzero(pucker > 0.2 * pucker.max())[0] / 60
    assert 0.06 <= vowel.start_s - onset <= 0.2


def test_unstressed_vowels_are_reduced() -> None:
    speech = spoken("T AA1:0.1 T AA0:0.1 T")
    curves = mouth(speech)
    stressed, weak = (at(curves, middle(speech, "AA", i), "jawOpen") for i in (0, 1))
    assert weak < 0.85 * stressed


def test_fast_speech_undershoots() -> None:
    slow, fast = (spoken("T AA1 T AE1 T", rate=rate) for rate in (0.8, 1.8))
    assert mouth(fast)[:, SHAPE_INDEX["jawOpen"]].max() < 0.9 * mouth(slow)[:, SHAPE_INDEX["jawOpen"]].max()


@pytest.mark.parametrize("gain_db", [-12.0, 12.0])
def test_gain_does_not_change_the_mouth(gain_db: float) -> None:
    usual, other = (spoken(SENTENCES["news"], level_db=-24 + db) for db in (0.0, gain_db))
    widest = [aperture(mouth(speech)).max() for speech in (usual, other)]
    assert abs(widest[1] / widest[0] - 1) <= 0.05


def test_a_shout_opens_wider_and_a_whisper_is_still_articulated() -> None:
    plain, shout, whisper, dull = (
        aperture(mouth(spoken(SENTENCES["news"], direction=direction))).max()
        for direction in (
            Direction(),
            Direction(energy=1.0, loudness_db=8.0),
            Direction(whisper=1.0, loudness_db=-8.0),
            Direction(energy=-1.0, loudness_db=-4.0),
        )
    )
    assert shout > 1.15 * plain > plain > dull
    assert whisper > 0.85 * plain


def test_lips_move_like_lips() -> None:
    """Measured on talking people: 2-7 Hz .25-.60 of the power, over 7 Hz at most .05, 8-14 ranges a second."""
    curves = mouth(*(spoken(s, number=i) for i, s in enumerate(SENTENCES.values())))
    gap = aperture(curves)
    power = np.abs(np.fft.rfft((gap - gap.mean()) * np.hanning(len(gap)))) ** 2
    hz = np.fft.rfftfreq(len(gap), 1 / 60)
    total = power[hz > 0.1].sum()
    assert 0.25 <= power[(hz >= 2) & (hz <= 7)].sum() / total <= 0.60
    assert power[hz > 7].sum() / total <= 0.05
    speed = np.abs(np.gradient(gap)) * 60 / (np.percentile(gap, 98) - np.percentile(gap, 2))
    assert 8 <= np.percentile(speed, 95) <= 14


def test_weights_stay_between_0_and_1_and_mouth_close_never_passes_the_jaw() -> None:
    loud = Direction(emotions={"joy": 1.0, "surprise": 1.0, "fear": 1.0}, energy=1.0, loudness_db=12.0)
    curves = mouth(*(spoken(s, number=i, direction=loud, accents=range(9)) for i, s in enumerate(SENTENCES.values())))
    assert curves.shape[1] == len(ARKIT_SHAPES)
    assert curves.min() >= 0 and curves.max() <= 1
    assert (curves[:, SHAPE_INDEX["mouthClose"]] <= curves[:, SHAPE_INDEX["jawOpen"]] + 1e-6).all()


def test_no_weight_jumps_between_frames_or_beats() -> None:
    pieces = [spoken(s, number=i, tail_s=0.0, lead_s=0.0) for i, s in enumerate(SENTENCES.values())]
    pieces += [spoken("AA1 AA1", lead_s=0, tail_s=0.4), spoken("M AA1", lead_s=0.0), Speech.silence(1.0, 16_000)]
    curves = mouth(*pieces)
    lips = [i for name, i in SHAPE_INDEX.items() if name.startswith(("mouth", "jaw"))]
    # the fastest there is: a bite let go in 65 ms, 0.92 x 1.875 / 4 frames, on top of the next sound
    assert np.abs(np.diff(curves[:, lips], axis=0)).max() < 0.475
