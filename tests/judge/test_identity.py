"""A face is known again with another expression, and a swapped one is not."""

import importlib.util

import filmed_faces as filmed
import numpy as np
import pytest

from understudy.base.errors import BadInput, MissingExtra, UnknownName
from understudy.judge import faces_of_film, kept, likeness, recogniser
from understudy.judge.crops import MEAN_PLACES, face_crop, similarity
from understudy.judge.landmarks import NAMES, find_landmarks
from understudy.judge.recognisers import has_dlib
from understudy.judge.sitting import convolved

TAKES = {name: filmed.take(0.5, turn_rad=0.2, actor=name) for name in ("emi", "jonah")}


@pytest.fixture(scope="module")
def pictures() -> dict[str, filmed.Pictures]:
    return {name: filmed.drawn(take) for name, take in TAKES.items()}


NETWORKS = ["sitting", pytest.param("dlib", marks=pytest.mark.skipif(not has_dlib(), reason="extra judge"))]


@pytest.mark.parametrize("name", NETWORKS)
def test_an_actor_stays_who_she_is_while_she_speaks_and_turns(pictures: dict, name: str) -> None:
    network = recogniser(name)
    faces = faces_of_film(pictures["emi"], filmed.motion(TAKES["emi"]), network, every=3)
    scores = kept(faces, network)
    assert scores.passed and scores["identity"].value > 0.98
    assert network.name in scores["identity"].how


@pytest.mark.parametrize("name", NETWORKS)
def test_another_actor_is_another(pictures: dict, name: str) -> None:
    network = recogniser(name)
    emi, jonah = (faces_of_film(pictures[who], filmed.motion(TAKES[who]), network, every=4) for who in TAKES)
    alike = likeness([emi, jonah])
    assert alike[0, 1] < network.same_person < 0.98 <= alike[0, 0] + 1e-9
    assert not kept(emi, network, reference=jonah).passed


def test_a_face_swapped_half_way_fails(pictures: dict) -> None:
    network = recogniser("sitting")
    emi, jonah = (faces_of_film(pictures[who], filmed.motion(TAKES[who]), network, every=2) for who in TAKES)
    both = type(emi)(np.concatenate([emi.vectors, jonah.vectors]), emi.looked + jonah.looked, emi.network)
    assert kept(both, network)["identity"].passed is False


def test_other_light_does_not_make_another_face(pictures: dict) -> None:
    network = recogniser("sitting")
    dusk = faces_of_film(filmed.drawn(TAKES["emi"], "dusk"), filmed.motion(TAKES["emi"]), network, every=4)
    studio = faces_of_film(pictures["emi"], filmed.motion(TAKES["emi"]), network, every=4)
    assert likeness([dusk, studio])[0, 1] > 0.97


def test_a_film_without_faces_is_refused() -> None:
    grey = [np.full((180, 320, 3), 90, np.uint8)]
    away = filmed.motion(TAKES["emi"], type(filmed.SHOT)(filmed.SHOT.size, (320, 180), 25.0, turn_rad=1.6))
    with pytest.raises(BadInput, match="shows the face"):
        faces_of_film(grey, away, recogniser("sitting"))


def test_an_unknown_network_names_those_there_are() -> None:
    with pytest.raises(UnknownName, match="dlib, sitting"):
        recogniser("arcface")


def test_dlib_without_its_extra_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"understudy\[judge\]"):
        recogniser("dlib")
    assert recogniser().name.startswith("sitting")


@pytest.mark.parametrize("actor", ["emi", "jonah"])
def test_landmarks_lie_where_their_names_say(actor: str) -> None:
    body = filmed.body(actor)
    at = dict(zip(NAMES, body.mesh("skin").positions[find_landmarks(body).vertices], strict=True))
    assert at["left_outer"][0] > at["left_inner"][0] > 0 > at["right_inner"][0] > at["right_outer"][0]
    assert 0.07 < at["left_outer"][0] - at["right_outer"][0] < 0.12
    eyes = (at["left_inner"][1] + at["right_inner"][1]) / 2
    assert 0.02 < eyes - at["nose"][1] < 0.07 and abs(at["nose"][0]) < 0.004


def test_the_similarity_of_two_sets_of_places_is_found_again() -> None:
    angle, scale, shift = 0.4, 3.1, np.array([20.0, -7.0])
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    found, moved = similarity(MEAN_PLACES, MEAN_PLACES @ turn.T + shift)
    assert found == pytest.approx(turn) and moved == pytest.approx(shift)


def test_a_crop_stands_upright_whatever_the_picture_does() -> None:
    picture = np.full((400, 400, 3), 255, np.uint8)
    angle = 0.5
    turn = 90 * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    places = MEAN_PLACES @ turn.T + np.array([150.0, 120.0])
    for x, y in places[:4]:
        picture[int(y) - 3 : int(y) + 4, int(x) - 3 : int(x) + 4] = 0
    crop = face_crop(picture, places, size_px=150, padding=0.25)
    dark = np.argwhere(crop[..., 0] < 128)[:, ::-1] + 0.5
    wanted = (MEAN_PLACES[:4] + 0.25) / 1.5 * 150
    nearest = np.linalg.norm(dark[:, None] - wanted[None], axis=2).min(axis=0)
    assert (nearest < 2).all() and np.linalg.norm(dark[:, None] - wanted[None], axis=2).min(axis=1).max() < 6


def test_the_convolution_is_that_of_its_definition() -> None:
    rng = np.random.default_rng(0)
    x, weight = rng.normal(size=(1, 6, 8, 2)).astype(np.float32), rng.normal(size=(3, 2, 3, 3)).astype(np.float32)
    padded = np.pad(x[0], ((1, 1), (1, 1), (0, 0)))
    for stride in (1, 2):
        found = convolved(x, weight, stride)
        row, column = 2, 1
        patch = padded[row * stride : row * stride + 3, column * stride : column * stride + 3]
        assert found[0, row, column] == pytest.approx(np.einsum("ijc,ocij->o", patch, weight), rel=1e-4, abs=1e-5)
