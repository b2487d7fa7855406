import itertools

import numpy as np
import pytest

from understudy.base.audio import Audio
from understudy.voice import ear
from understudy.voice.decoding import LEAST_FRAMES, decode


def belief(*spans: tuple[str, int]) -> np.ndarray:
    """Returns log posteriors that are nearly sure of each phone for so many frames."""
    rows = []
    for name, frames in spans:
        row = np.full(40, np.log(0.1 / 39))
        row[ear.NAMES.index(name)] = np.log(0.9)
        rows += [row] * frames
    return np.array(rows, np.float32)


def test_sure_beliefs_become_their_phones() -> None:
    phones = decode(belief(("SIL", 20), ("B", 8), ("AA", 15), ("SIL", 10)), start_s=1.0)
    assert [p.name for p in phones] == ["SIL", "B", "AA", "SIL"]
    assert phones[1].start_s == pytest.approx(1.20) and phones[-1].end_s == pytest.approx(1.53)


def test_a_phone_of_one_frame_is_a_slip_of_the_ear() -> None:
    phones = decode(belief(("AA", 12), ("T", 1), ("AA", 12)))
    assert [p.name for p in phones] == ["AA"]


def test_every_phone_lasts_thirty_milliseconds() -> None:
    wild = np.log(np.random.default_rng(1).dirichlet(np.ones(40), 400)).astype(np.float32)
    phones = decode(wild)
    assert min(round((p.end_s - p.start_s) * 100) for p in phones[1:-1]) >= LEAST_FRAMES
    assert phones[0].start_s == 0 and phones[-1].end_s == pytest.approx(4.0)
    assert all(a.end_s == b.start_s for a, b in itertools.pairwise(phones))


def test_nothing_gives_no_phones() -> None:
    assert decode(np.zeros((0, 40), np.float32)) == ()


def test_a_stream_hears_what_the_whole_is_heard_as() -> None:
    sound = np.random.default_rng(0).normal(0, 0.05, 16000).astype(np.float32)
    sound[4000:9000] += 0.4 * np.sin(2 * np.pi * 150 * np.arange(5000) / 16000).astype(np.float32)
    at_once, piecemeal = ear.Ear(), ear.Ear()
    whole = np.concatenate([at_once.push(sound), at_once.push(sound[:0], last=True)])
    cuts = [0, 37, 500, 501, 6000, 6160, 16000]
    parts = [piecemeal.push(sound[a:b]) for a, b in itertools.pairwise(cuts)]
    parts.append(piecemeal.push(sound[:0], last=True))
    assert np.allclose(np.concatenate(parts), whole, atol=1e-4)


def test_the_ear_is_never_further_behind_than_it_says() -> None:
    listening, told = ear.Ear(), 0
    for pushed in range(1, 200):
        told += len(listening.push(np.zeros(ear.HOP, np.float32)))
        behind_s = pushed * ear.FRAME_S - told * ear.FRAME_S
        assert behind_s <= ear.LOOK_AHEAD_S + 1e-9
    assert ear.LOOK_AHEAD_S <= 0.12


def test_beliefs_are_one_row_every_ten_milliseconds_at_any_rate() -> None:
    for rate_hz in (8000, 24000, 44100):
        noise = np.random.default_rng(0).normal(0, 0.1, rate_hz).astype(np.float32)
        rows = ear.hear(Audio(noise, rate_hz))
        assert rows.shape == (100, 40)
        assert np.allclose(np.exp(rows).sum(axis=1), 1, atol=1e-4)


def test_silence_noise_and_a_tone_are_no_speech() -> None:
    rng = np.random.default_rng(2)
    times = np.arange(3 * 16000) / 16000
    for samples in (
        np.full(len(times), 1e-3) * rng.normal(0, 1, len(times)),
        rng.normal(0, 0.1, len(times)),
        0.3 * np.sin(2 * np.pi * 440 * times),
    ):
        phones = decode(ear.hear(Audio(samples.astype(np.float32), 16000)))
        sounding = sum(p.end_s - p.start_s for p in phones if p.name != "SIL")
        assert sounding < 0.5, [p.name for p in phones]
