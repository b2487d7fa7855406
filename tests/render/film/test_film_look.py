"""The film look as a whole. What needs Blender is skipped, with the reason, where there is none."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from understudy.base.audio import Audio
from understudy.base.channels import ANIMATION_RATE_HZ, FACE, HEAD, SHAPE_INDEX, TRACK_CHANNELS
from understudy.base.errors import BadInput, NotAllowed, Unavailable
from understudy.base.image import Image
from understudy.hub.actor import Actor
from understudy.hub.frames import Frame, Shot, ShotSize
from understudy.hub.performance import Beat
from understudy.hub.place import Place
from understudy.hub.track import Track
from understudy.render import render
from understudy.render.film import Film, TraceOptions
from understudy.testing.grants import grant_for

SHOT = Shot(ShotSize.CLOSE, (160, 96), 25.0)
TINY = TraceOptions(samples=2, least_strand_px=0.6, aperture=0.0)


def beats(duration_s: float = 0.08, jaw: float = 0.0, yaw: float = 0.0) -> Iterator[Beat]:
    count = round(duration_s * ANIMATION_RATE_HZ)
    tracks = {
        n: Track(n, c, ANIMATION_RATE_HZ, np.zeros((count, len(c)), np.float32)) for n, c in TRACK_CHANNELS.items()
    }
    tracks[FACE].values[:, SHAPE_INDEX["jawOpen"]] = jaw
    tracks[HEAD].values[:, 1] = np.linspace(0, yaw, count)
    yield Beat(0.0, Audio.silence(duration_s, 24000), tracks)


def film(
    performance: Iterator[Beat], options: TraceOptions = TINY, place: str = "studio", **more: object
) -> list[Frame]:
    emi = Actor.open("emi")
    looked = Film(options).render(
        performance,
        actor=emi,
        place=Place.open(place),
        shot=SHOT,
        grant=grant_for(emi),
        **more,  # type: ignore[arg-type]
    )
    return list(looked)


class Shelved:
    """A shelf in memory."""

    def __init__(self) -> None:
        self.pictures: dict[int, Image] = {}

    def has(self, index: int) -> bool:
        return index in self.pictures

    def load(self, index: int) -> Image | None:
        return self.pictures.get(index)

    def keep(self, index: int, image: Image) -> None:
        self.pictures[index] = image


def test_pictures_on_the_shelf_are_not_traced_again() -> None:
    shelf = Shelved()
    for index in range(2):
        shelf.keep(index, Image(np.full((96, 160, 3), 10 * index, np.uint8)))
    nowhere = replace(TINY, python="/nowhere/python")
    found = film(beats(), nowhere, shelf=shelf)
    assert [frame.image.pixels.max() for frame in found] == [0, 10]
    del shelf.pictures[1]
    with pytest.raises(Unavailable, match="/nowhere/python"):
        film(beats(), nowhere, shelf=shelf)


def test_a_grant_for_somebody_else_starts_nothing() -> None:
    emi, jonah = Actor.open("emi"), Actor.open("jonah")
    with pytest.raises(NotAllowed):
        Film(TINY).render(beats(), actor=emi, place=Place.open("studio"), shot=SHOT, grant=grant_for(jonah))


def test_the_raster_look_says_that_it_has_no_passes() -> None:
    emi = Actor.open("emi")
    with pytest.raises(BadInput, match="--look film"):
        render(beats(), actor=emi, place=Place.open("studio"), shot=SHOT, grant=grant_for(emi), passes=True)


def test_each_quality_has_its_options() -> None:
    draft, good, best = (Film.of_quality(q).options for q in ("draft", "good", "best"))
    assert draft.samples * draft.scale**2 < good.samples < best.samples
    assert [o.quality for o in (draft, good, best)] == ["draft", "good", "best"]


def test_an_actor_is_traced_where_the_raster_look_draws_her(blender: str) -> None:
    emi = Actor.open("emi")
    place = Place.open("studio")
    traced = film(beats())[0].image.pixels.astype(float)
    drawn = next(render(beats(), actor=emi, place=place, shot=SHOT, grant=grant_for(emi))).image.pixels.astype(float)
    face = np.s_[30:70, 65:95]
    assert np.abs(traced[face].mean((0, 1)) - drawn[face].mean((0, 1))).max() < 45  # the same light and skin
    corner = np.s_[:20, :20]
    assert np.abs(traced[corner].mean() - drawn[corner].mean()) < 6  # the same set
    smooth = [np.asarray(p.mean(2)).reshape(24, 4, 40, 4).mean((1, 3)).ravel() for p in (traced, drawn)]
    alike = np.corrcoef(smooth[0], smooth[1])[0, 1]
    aside = np.corrcoef(smooth[0], np.roll(smooth[1].reshape(24, 40), 8, 1).ravel())[0, 1]
    assert alike > 0.78 and aside < alike - 0.15


def test_the_same_beats_give_the_same_pictures_and_an_open_jaw_another(blender: str) -> None:
    first, again, opened = (film(beats(0.04, jaw))[0].image.pixels.astype(int) for jaw in (0.0, 0.0, 0.7))
    assert np.array_equal(first, again)
    assert (np.abs(first - opened).max(2) > 40).mean() > 0.002


def test_passes_know_where_the_face_is(blender: str) -> None:
    found = film(beats(0.04), passes=True)[0].passes
    assert found is not None
    assert found.depth_m.shape == (96, 160) and np.isinf(found.depth_m[0, 0])
    nose = found.landmarks["nose.tip"]
    x, y = round(nose[0]), round(nose[1])
    assert abs(found.depth_m[y, x] - nose[2]) < 0.02
    assert found.mask[y, x] > 0.99 and found.normal[y, x, 2] > 0.3
    left, right = found.landmarks["pupil.left"], found.landmarks["pupil.right"]
    assert left[0] > right[0] + 5 and abs(left[1] - right[1]) < 4


def test_motion_follows_a_turning_head(blender: str) -> None:
    emi, look = Actor.open("emi"), Film(TINY)
    turning = beats(0.08, yaw=0.08)
    list(look.render(turning, actor=emi, place=Place.open("studio"), shot=SHOT, grant=grant_for(emi)))
    assert look.studio is not None and look.studio.seen is not None
    traced = look.studio.seen[0]
    h, w = traced.away_m.shape
    middle = traced.motion[h // 3 : h // 2, int(w * 0.42) : int(w * 0.58), 0]
    assert np.median(middle) > 0.5  # the front of the head goes to the actor's left, which is right in the picture
    assert abs(np.median(traced.motion[-4:, :, 0])) < 0.3 * np.median(middle)  # the chest stays


def test_nothing_behind_the_actor_is_nothing(blender: str) -> None:
    pixels = film(beats(0.04), place="alpha")[0].image.pixels
    assert pixels.shape[2] == 4 and pixels[0, 0, 3] == 0 and pixels[50, 80, 3] == 255


def test_hair_of_later_pictures_is_as_smooth_as_that_of_the_first(blender: str) -> None:
    pictures = [f.image.pixels.astype(float) for f in film(beats(0.12), replace(TINY, temporal=0.8))]
    rough = [np.abs(p[:, :, :3] - np.roll(p[:, :, :3], 1, 1)).mean(-1)[8:24, 66:94].mean() for p in pictures]
    assert len(rough) == 3 and rough[2] < 1.2 * rough[0]  # with the noise of the guides in it: 1.45


def test_a_worker_that_dies_is_one_sentence(blender: str) -> None:
    from understudy.render.film.worker import Worker

    with Worker() as worker:
        worker._process.kill()
        with pytest.raises(Unavailable, match="stopped"):
            worker.ask({"do": "trace", "samples": 1, "seed": 1})
