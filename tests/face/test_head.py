import numpy as np

from understudy.base.channels import VOWELS
from understudy.hub.actor import Persona
from understudy.hub.script import Direction
from understudy.hub.speech import Speech
from understudy.testing.speech import SENTENCES, spoken

from .conftest import Session, session, talk


def speed_deg_s(take: Session) -> np.ndarray:
    return np.linalg.norm(np.gradient(np.degrees(take.head[:, :3]), axis=0), axis=1) * 60


def test_talking_heads_move_at_3_to_20_degrees_a_second(talking: Session) -> None:
    assert 3 <= np.sqrt(np.mean(speed_deg_s(talking) ** 2)) <= 20


def test_idle_heads_move_under_2_degrees_a_second() -> None:
    take = session([Speech.silence(5.0, 8_000) for _ in range(24)])
    assert np.sqrt(np.mean(speed_deg_s(take) ** 2)) < 2


def test_most_of_the_speed_of_a_talking_head_is_between_half_and_two_hertz(talking: Session) -> None:
    speed = np.gradient(np.degrees(talking.head[:, 0])) * 60
    power = np.abs(np.fft.rfft(speed)) ** 2
    hz = np.fft.rfftfreq(len(speed), 1 / 60)
    smooth = np.convolve(power, np.ones(301) / 301, "same")
    assert 0.5 <= hz[np.argmax(smooth)] <= 2.0
    assert power[hz > 6].sum() / power.sum() < 0.05


def test_accents_bring_a_nod() -> None:
    """On the stressed vowel of an accented word the head goes down, within 150 ms."""
    hits = []
    for seed in range(12):
        speech = spoken(SENTENCES["news"], accents=(5,), tail_s=0.6)
        word = speech.words[5]
        vowel = next(p for p in speech.phones if p.name in VOWELS and p.start_s >= word.start_s)
        beat = (vowel.start_s + vowel.end_s) / 2
        take = session([speech], seed=seed)
        nods = [e for e in take.events_of("gesture") if e.name == "nod"]
        hits.append(any(abs(e.start_s - beat) <= 0.15 for e in nods))
        frames = np.arange(round((beat - 0.1) * 60), round((beat + 0.25) * 60))
        assert not hits[-1] or np.ptp(np.degrees(take.head[frames, 0])) > 0.8
    assert np.mean(hits) >= 0.8


def test_the_head_follows_the_voice_but_is_not_tied_to_it(talking: Session) -> None:
    """Busso 2007, Munhall 2004: the head is tied to F0 and loudness, with a multiple r neither near 0 nor near 1."""
    prosody = Speech.join(talk(10)).prosody
    times = np.arange(len(talking.head)) / 60
    f0, loud = prosody.at(times).T
    kernel = np.hanning(25) / np.hanning(25).sum()
    voice = np.stack([np.convolve(c, kernel, "same") for c in (np.log(np.maximum(f0, 100)), np.maximum(loud, -60))])
    slow = np.hanning(181) / np.hanning(181).sum()
    voice -= np.stack([np.convolve(c, slow, "same") for c in voice])
    head = np.degrees(talking.head[:, :2]) - np.stack(
        [np.convolve(c, slow, "same") for c in np.degrees(talking.head[:, :2]).T], axis=1
    )
    lagged = np.stack([np.roll(c, lag) for c in voice for lag in (-18, -9, 0, 9, 18)], axis=1)
    best = []
    for column in head.T:
        fitted = lagged @ np.linalg.lstsq(lagged, column, rcond=None)[0]
        best.append(np.corrcoef(fitted, column)[0, 1])
    assert 0.15 < max(best) < 0.75


def test_the_curve_of_the_head_is_smooth(talking: Session) -> None:
    jerk = np.diff(np.degrees(talking.head[:, :3]), n=2, axis=0) * 3600
    assert np.abs(jerk).max() < 1000  # degrees / s^2: a brisk nod of 5 degrees in 0.2 s reaches 700


def test_sadness_lowers_the_head_and_contempt_lifts_it() -> None:
    pitch = {
        name: np.degrees(session(talk(0.5, Direction(emotions={name: 1.0})), seed=1).head[120:, 0].mean())
        for name in ("sadness", "contempt")
    }
    assert pitch["sadness"] > 3 and pitch["contempt"] < -2


def test_a_still_persona_moves_its_head_less() -> None:
    still, lively = (session(talk(1), persona=Persona(head_motion=m)) for m in (0.4, 1.5))
    assert np.sqrt(np.mean(speed_deg_s(still) ** 2)) < 0.6 * np.sqrt(np.mean(speed_deg_s(lively) ** 2))


def test_listeners_nod_now_and_then(listening: Session) -> None:
    nods = [e for e in listening.events_of("gesture") if e.name == "nod"]
    assert 3 <= len(nods) / listening.duration_s * 60 <= 15
