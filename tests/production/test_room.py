from collections.abc import Iterator

import numpy as np
import pytest

from understudy.base.audio import Audio
from understudy.hub.performance import Beat
from understudy.hub.place import Acoustics, Place, places
from understudy.production.room import in_room

RATE_HZ = 24000


def beats(samples: np.ndarray, piece: int) -> Iterator[Beat]:
    for start in range(0, len(samples), piece):
        yield Beat(start / RATE_HZ, Audio(samples[start : start + piece], RATE_HZ), {})


def heard(samples: np.ndarray, piece: int, acoustics: Acoustics) -> np.ndarray:
    return np.concatenate([b.sound.samples for b in in_room(beats(samples, piece), acoustics)])


def click(seconds: float = 1.0) -> np.ndarray:
    samples = np.zeros(int(seconds * RATE_HZ), np.float32)
    samples[1000] = 0.5
    return samples


def test_the_room_does_not_depend_on_how_the_sound_arrives() -> None:
    whole, pieces = (heard(click(), n, Acoustics()) for n in (10**6, 777))
    assert np.allclose(whole, pieces, atol=1e-5)
    assert len(whole) == RATE_HZ


def test_the_voice_comes_first_and_unchanged() -> None:
    out = heard(click(), 10**6, Acoustics(tone_db=-120))
    assert np.abs(out[:1000]).max() < 1e-4
    assert out[1000] == pytest.approx(0.5, abs=1e-3)


def test_the_room_decays_as_fast_as_it_is_told() -> None:
    short, long = (heard(click(), 10**6, Acoustics(decay_s=d, tone_db=-120))[4000:] for d in (0.1, 0.6))
    assert np.square(long).sum() > 100 * np.square(short).sum()


def test_a_pause_is_quiet_but_not_dead() -> None:
    out = heard(np.zeros(RATE_HZ, np.float32), 5000, Acoustics(tone_db=-60))
    assert 20 * np.log10(np.sqrt(np.square(out).mean())) == pytest.approx(-60, abs=1.5)


@pytest.mark.parametrize("name", places())
def test_every_set_has_a_sound_of_its_own(name: str) -> None:
    acoustics = Place.open(name).acoustics
    assert acoustics.wet_db < -10 and acoustics.tone_db < -45
