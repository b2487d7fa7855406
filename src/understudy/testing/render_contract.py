"""What every renderer must do, as tests that a plugin author can import.

# tests/test_my_renderer.py
from understudy.testing.render_contract import *   # runs over every installed renderer
"""

from collections.abc import Iterator

import numpy as np
import pytest

from understudy.base import plugins
from understudy.base.audio import Audio
from understudy.base.channels import ANIMATION_RATE_HZ, FACE, SHAPE_INDEX, TRACK_CHANNELS
from understudy.base.errors import NotAllowed, Unavailable
from understudy.hub.actor import Actor
from understudy.hub.frames import Frame, Shot, ShotSize
from understudy.hub.performance import Beat
from understudy.hub.place import Place
from understudy.hub.track import Track
from understudy.render.look import Look
from understudy.testing.avatars import with_avatar
from understudy.testing.grants import grant_for

__all__ = [
    "look",
    "test_a_grant_for_somebody_else_draws_nothing",
    "test_frames_are_counted_timed_and_sized",
    "test_the_face_is_seen_to_move",
    "test_the_first_frame_does_not_wait_for_the_last_beat",
    "test_the_same_beats_give_the_same_pictures",
]

SHOT = Shot(ShotSize.CLOSE, (320, 180), 25.0)


@pytest.fixture(params=plugins.names("render"))
def look(request: pytest.FixtureRequest) -> Look:
    """Gives each installed renderer."""
    made: Look = plugins.load("render", request.param)()
    return made


def _beats(count: int = 2, jaw: float = 0.0, drawn: list[int] | None = None) -> Iterator[Beat]:
    """Yields beats of 0.2 s with the jaw open so far."""
    for number in range(count):
        if drawn is not None:
            drawn.append(number)
        tracks = {
            n: Track(n, c, ANIMATION_RATE_HZ, np.zeros((12, len(c)), np.float32)) for n, c in TRACK_CHANNELS.items()
        }
        tracks[FACE].values[:, SHAPE_INDEX["jawOpen"]] = jaw
        yield Beat(number * 0.2, Audio.silence(0.2, 24000), tracks)


def _emi(look: Look) -> Actor:
    """Returns an actor that the renderer can draw: one with an avatar, where it draws those."""
    return with_avatar("emi") if look.card.avatar else Actor.open("emi")


def _draw(look: Look, beats: Iterator[Beat]) -> Iterator[Frame]:
    emi = _emi(look)
    try:
        yield from look.render(beats, actor=emi, place=Place.open("studio"), shot=SHOT, grant=grant_for(emi))
    except Unavailable as why:
        pytest.skip(str(why))


def test_a_grant_for_somebody_else_draws_nothing(look: Look) -> None:
    """The grant is checked before the first beat is read."""
    drawn: list[int] = []
    emi, jonah = _emi(look), Actor.open("jonah")
    with pytest.raises(NotAllowed):
        look.render(_beats(drawn=drawn), actor=emi, place=Place.open("studio"), shot=SHOT, grant=grant_for(jonah))
    assert drawn == []


def test_frames_are_counted_timed_and_sized(look: Look) -> None:
    """One frame a picture time, indices from 0, pixels as wide and high as asked."""
    frames = list(_draw(look, _beats(2)))
    assert [frame.index for frame in frames] == list(range(10))
    assert [round(frame.time_s, 6) for frame in frames] == [round(i / 25, 6) for i in range(10)]
    assert all(frame.image.size_px == SHOT.size_px for frame in frames)


def test_the_first_frame_does_not_wait_for_the_last_beat(look: Look) -> None:
    """Beats are pulled as frames are asked for."""
    drawn: list[int] = []
    next(_draw(look, _beats(50, drawn=drawn)))
    assert len(drawn) <= 3


def test_the_same_beats_give_the_same_pictures(look: Look) -> None:
    """Drawing is deterministic on one machine."""
    first, second = (next(_draw(look, _beats(1))).image.pixels for _ in range(2))
    assert np.array_equal(first, second)


def test_the_face_is_seen_to_move(look: Look) -> None:
    """An open jaw is another picture than a closed one."""
    closed, opened = (next(_draw(look, _beats(1, jaw))).image.pixels.astype(int) for jaw in (0.0, 0.6))
    assert (np.abs(closed - opened).max(axis=2) > 40).mean() > 0.002
