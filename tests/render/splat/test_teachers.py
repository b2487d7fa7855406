"""Teachers draw what is asked, once, and only with leave. What needs Blender is skipped where there is none."""

from dataclasses import replace

import numpy as np
import pytest

from understudy.base.channels import BODY_CHANNELS, SHAPE_INDEX
from understudy.base.errors import NotAllowed, Unavailable, UnknownName
from understudy.base.image import Image, Pixels
from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.frames import Shot, ShotSize
from understudy.hub.performance import Pose
from understudy.render.film import TraceOptions
from understudy.render.film.studio import Studio
from understudy.render.film.worker import interpreter
from understudy.render.splat.corners import at_rest
from understudy.render.splat.lamps import of_the_house
from understudy.render.splat.teachers import TRACED, FilmTeacher, RasterTeacher, fineness_of, teacher_named
from understudy.render.splat.views import Ask, Teacher
from understudy.testing.grants import grant_for

SIZE_PX = (128, 128)


@pytest.fixture(scope="session")
def blender() -> str:
    """Gives a Python with bpy, or skips: name one in UNDERSTUDY_BLENDER_PYTHON."""
    try:
        return interpreter()
    except Unavailable as why:
        pytest.skip(str(why))


@pytest.fixture(scope="module")
def emi() -> Actor:
    return Actor.open("emi")


class Shelved:
    """A shelf in memory."""

    def __init__(self, *given: int) -> None:
        self.pictures = {index: Image(np.full((*SIZE_PX, 4), 10 + index, np.uint8)) for index in given}

    def has(self, index: int) -> bool:
        return index in self.pictures

    def load(self, index: int) -> Image | None:
        return self.pictures.get(index)

    def keep(self, index: int, image: Image) -> None:
        self.pictures[index] = image


def asked(number: int, place: str = "studio", *, turn_rad: float = 0.0, zoom: float = 1.0, **face: float) -> Ask:
    weights = np.zeros(52, np.float32)
    for name, weight in face.items():
        weights[SHAPE_INDEX[name]] = weight
    pose = Pose(
        0.0, weights, np.zeros(6, np.float32), np.zeros(4, np.float32), np.zeros(len(BODY_CHANNELS), np.float32)
    )
    shot = Shot(ShotSize.CLOSE, SIZE_PX, turn_rad=turn_rad, zoom=zoom, aim="mouth" if zoom > 1 else "")
    return Ask(at_rest(pose, number), of_the_house(place), shot)


def drawn(teacher: Teacher, actor: Actor, asks: list[Ask], shelf: Shelved | None = None) -> list[Pixels]:
    views = list(teacher.pictures(asks, actor=actor, grant=grant_for(actor), shelf=shelf))
    assert sorted(id(view.ask) for view in views) == sorted(id(ask) for ask in asks)
    return [next(view.pixels for view in views if view.ask is ask) for ask in asks]


def is_a_view_of_a_face(pixels: Pixels) -> None:
    assert pixels.shape == (*SIZE_PX[::-1], 4) and pixels.dtype == np.uint8
    alpha = pixels[..., 3]
    assert alpha[:3, :3].max() == 0 and alpha[55:75, 55:75].min() == 255
    edge = (alpha > 0) & (alpha < 255)
    assert 0.005 < edge.mean() < 0.25  # anti-aliased, and no veil over all
    face = pixels[50:80, 50:78, :3].astype(float).mean((0, 1))
    assert face.min() > 40 and face.max() < 245 and face[0] > face[2]


def same_but_for_noise(a: Pixels, b: Pixels) -> None:
    """The order in which Cycles meets the lamps may change, and with it the noise: never the light."""
    apart = a.astype(float) - b
    assert np.abs(apart).mean() < 2.5
    inside = np.minimum(a[..., 3], b[..., 3]) == 255
    assert np.abs(apart[inside].mean(0)).max() < 1.0


@pytest.mark.parametrize("name", ["raster", "film"])
def test_no_grant_or_one_for_somebody_else_draws_nothing(name: str, emi: Actor) -> None:
    shelf = Shelved()
    with pytest.raises(NotAllowed):
        teacher_named(name).pictures([asked(0)], actor=emi, grant=grant_for("jonah"), shelf=shelf)
    assert not shelf.pictures


def test_an_unknown_teacher_is_told_the_names_there_are() -> None:
    with pytest.raises(UnknownName, match="film, raster"):
        teacher_named("oil")
    assert [teacher_named(name).name for name in ("raster", "film")] == ["raster", "film"]


def test_the_raster_look_shows_what_is_asked_whatever_was_before(emi: Actor) -> None:
    shelf = Shelved()
    asks = [asked(0), asked(1, "street_night", turn_rad=0.5, jawOpen=0.9)]
    still, opened = drawn(RasterTeacher(), emi, asks, shelf)
    for pixels in (still, opened):
        is_a_view_of_a_face(pixels)
    mouth = np.s_[75:105, 50:78, :3]
    assert (np.abs(still[mouth].astype(int) - opened[mouth]).max(2) > 40).mean() > 0.02
    assert [np.array_equal(shelf.pictures[i].pixels, p) for i, p in enumerate((still, opened))] == [True, True]
    assert np.array_equal(drawn(RasterTeacher(), emi, asks[1:])[0], opened)


def test_what_waits_on_the_shelf_is_not_drawn_again(emi: Actor) -> None:
    nowhere = FilmTeacher(replace(TRACED, python="/nowhere/python"))
    asks = [asked(0), asked(1, jawOpen=0.5)]
    for teacher in (RasterTeacher(), nowhere):
        found = drawn(teacher, emi, asks, Shelved(0, 1))
        assert [int(pixels.max()) for pixels in found] == [10, 11]
    with pytest.raises(Unavailable, match="/nowhere/python"):
        drawn(nowhere, emi, asks, Shelved(0))


def test_few_builds_serve_all_sizes_and_one_view_is_always_built_alike(emi: Actor) -> None:
    body = Body.decode(emi.body_glb)
    steps = [fineness_of(body, asked(0, zoom=zoom)) for zoom in (1.0, 1.02, 1.4, 2.0, 2.1)]
    assert steps[0] == steps[1] < steps[2] < steps[3] == steps[4]


def test_traced_views_are_sharp_and_alone() -> None:
    assert TRACED.aperture == TRACED.temporal == 0 and not TRACED.motion_blur
    assert TraceOptions.of("draft").samples <= TRACED.samples * 2 <= TraceOptions.of("best").samples


def test_an_actor_lit_anew_looks_as_if_built_there(blender: str, emi: Actor) -> None:
    body = Body.decode(emi.body_glb)
    options = replace(TRACED, samples=4, least_strand_px=0.8)
    first, then = asked(0, "studio"), asked(1, "street_night", turn_rad=0.5, jawOpen=0.6)
    moved = Studio(body, first.place, first.shot, options)
    fresh = Studio(body, then.place, then.shot, options)
    try:
        before = moved.draw(first.pose, 0).pixels
        moved.move_on(then.place, then.shot)
        after = moved.draw(then.pose, 1).pixels
        built = fresh.draw(then.pose, 1).pixels
    finally:
        moved.close()
        fresh.close()
    is_a_view_of_a_face(before)
    is_a_view_of_a_face(after)
    same_but_for_noise(after, built)
    with pytest.raises(AssertionError):
        same_but_for_noise(after, before)


def test_a_traced_view_resumes_as_it_would_have_been(blender: str, emi: Actor) -> None:
    teacher = FilmTeacher(replace(TRACED, samples=1, least_strand_px=0.8))
    asks = [asked(0), asked(1, "dusk", turn_rad=-0.4)]
    whole = drawn(teacher, emi, asks)
    shelf = Shelved(0)
    rest = drawn(teacher, emi, asks, shelf)
    same_but_for_noise(rest[1], whole[1])
    assert int(rest[0].max()) == 10
    assert set(shelf.pictures) == {0, 1} and len(teacher.costs) == 2  # one build, one picture
