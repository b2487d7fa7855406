import itertools

import numpy as np

from understudy.base.audio import Audio
from understudy.hub.speech import Phone
from understudy.voice import ear, seconding


def unsure(frames: int) -> np.ndarray:
    return np.full((frames, len(ear.NAMES)), -np.log(len(ear.NAMES)), np.float32)


def named(beliefs: np.ndarray) -> list[str]:
    return [ear.NAMES[i] for i in beliefs.argmax(axis=1)]


def test_where_the_ear_is_unsure_the_second_listener_decides() -> None:
    both = seconding.seconded(unsure(30), (Phone("B", 0.0, 0.1), Phone("AA", 0.1, 0.4)))
    assert named(both) == ["B"] * 10 + ["AA"] * 20
    assert np.allclose(np.exp(both).sum(axis=1), 1, atol=1e-5)


def test_where_the_ear_is_sure_it_is_not_overruled() -> None:
    sure = unsure(30)
    sure[:, ear.NAMES.index("D")] = np.log(0.95)
    assert set(named(seconding.seconded(sure, (Phone("B", 0.0, 0.3),)))) == {"D"}


def test_pieces_meet_and_cover_the_whole() -> None:
    found = list(seconding.pieces(45.0))
    assert len(found) == 3 and found[0][0] == 0 and found[-1][1] == 45.0
    assert all(a[1] == b[0] for a, b in itertools.pairwise(found))
    assert list(seconding.pieces(0.0)) == []


def test_what_is_heard_lies_inside_the_sound_and_in_order() -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, 8000).astype(np.float32)
    bursts = noise * (np.sin(2 * np.pi * 6 * np.arange(8000) / 16000) > 0)
    heard = seconding.hear(Audio(bursts.astype(np.float32), 16_000))
    assert heard and all(0 <= p.start_s < p.end_s <= 0.5 for p in heard)
    assert all(a.end_s <= b.start_s + 1e-9 for a, b in itertools.pairwise(heard))
    assert seconding.hear(Audio(noise, 16_000)) == ()
