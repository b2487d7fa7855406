import numpy as np
import pytest

from understudy import script
from understudy.base.channels import ANIMATION_RATE_HZ, COMPLEXION
from understudy.face import animate
from understudy.hub.actor import Persona
from understudy.hub.script import Direction
from understudy.testing.speech import SENTENCES, spoken

WORDS = next(iter(SENTENCES.values()))


def skin(*directions: Direction, seed: int = 0) -> np.ndarray:
    """(frames, 2) flush and tears over one spoken line a direction, each followed by a pause of four seconds."""
    pieces = [
        spoken(WORDS, number=i, lead_s=0.3, tail_s=4.0, direction=direction) for i, direction in enumerate(directions)
    ]
    return np.concatenate([beat.tracks[COMPLEXION].values for beat in animate(pieces, persona=Persona(), seed=seed)])


def test_a_calm_line_leaves_the_skin_exactly_as_it_is() -> None:
    assert not skin(Direction()).any()


@pytest.mark.parametrize(
    ("words", "flush", "tears"),
    [
        ("furious", (0.4, 1.0), (0.0, 0.0)),
        ("blushing", (0.4, 1.0), (0.0, 0.0)),
        ("terrified", (-1.0, -0.25), (0.0, 0.0)),
        ("turns pale", (-1.0, -0.4), (0.0, 0.0)),
        ("crying", (0.2, 0.8), (0.6, 1.0)),
        ("fighting back tears", (0.0, 0.5), (0.35, 0.6)),
        ("content", (-0.1, 0.2), (0.0, 0.0)),
    ],
)
def test_directors_words_colour_the_face(words: str, flush: tuple[float, float], tears: tuple[float, float]) -> None:
    track = skin(script.direct(words))
    strongest = track[np.abs(track[:, 0]).argmax(), 0]
    assert flush[0] <= strongest <= flush[1]
    assert tears[0] <= track[:, 1].max() <= tears[1]


def test_blood_comes_smoothly_and_goes_slower_than_it_came() -> None:
    track = skin(Direction(), script.direct("furious"), Direction(), Direction(), Direction())[:, 0]
    step = np.abs(np.diff(track)) * ANIMATION_RATE_HZ
    assert step.max() < 1.2
    high, low = np.flatnonzero(track > 0.8 * track.max()), np.flatnonzero(track > 0.2 * track.max())
    assert low[-1] < len(track) - 1
    rises, falls = high[0] - low[0], low[-1] - high[-1]
    assert falls > 2 * rises > 0


def test_the_same_seed_gives_the_same_skin() -> None:
    angry = script.direct("furious")
    one, same, other = (skin(angry, seed=seed) for seed in (1, 1, 2))
    assert one.tobytes() == same.tobytes()
    assert one.tobytes() != other.tobytes()
