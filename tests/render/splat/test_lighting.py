from dataclasses import replace

import numpy as np
from scipy.spatial.transform import Rotation

from understudy.base.directions import even_directions
from understudy.hub.place import Ambience, Glow, Light, Place
from understudy.render.environment import harmonics
from understudy.render.splat.lighting import DIFFUSE, Lighting


def lit(**changes: object) -> Place:
    dark = Ambience((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
    return replace(Place.open("studio"), **{"lights": (), "ambience": dark, **changes})


def test_a_lamp_lights_what_faces_it_by_the_cosine() -> None:
    towards = np.array([0.6, 0.0, 0.8])
    light = Lighting.of(lit(lights=(Light("key", tuple(towards), (2.0, 1.0, 0.5)),)))
    coefficients = light.seen_by(np.eye(3)[None])[0]
    normals = even_directions(500)
    passed = (harmonics(normals) * DIFFUSE) @ coefficients
    wanted = np.maximum(normals @ towards, 0)[:, None] / np.pi * (2.0, 1.0, 0.5)
    # nine harmonics of a clamped cosine are good to a few per cent (Ramamoorthi & Hanrahan 2001)
    assert np.abs(passed - wanted).max() < 0.07 * 2.0 / np.pi * 2
    assert abs(passed[np.argmax(normals @ towards), 0] - 2.0 / np.pi) < 0.05


def test_light_in_the_axes_of_a_turned_head_is_the_same_light() -> None:
    place = Place.open("dusk")
    light = Lighting.of(place)
    turn = Rotation.from_euler("xyz", (0.3, -0.7, 0.2)).as_matrix()
    stage, local = light.seen_by(np.stack([np.eye(3), turn]))
    directions = even_directions(300)
    assert np.allclose(harmonics(directions) @ stage, harmonics(directions @ turn) @ local, atol=1e-4)


def test_a_glow_lights_as_much_as_its_surface_does() -> None:
    glow = Glow((0.0, 0.0, 1.0), 0.3, 0.2, (5.0, 5.0, 5.0), 0.01)
    ambience = Ambience((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (glow,))
    light = Lighting.of(lit(ambience=ambience))
    total = light.power.sum(0)[0]
    x, y = np.meshgrid(np.linspace(-0.3, 0.3, 200), np.linspace(-0.2, 0.2, 200))
    exact = 5.0 * (1 / (1 + x * x + y * y) ** 1.5).mean() * 0.6 * 0.4
    assert abs(total / exact - 1) < 0.01
    assert len(light.lobes) == 1 and abs(light.lobes[0, 3] / exact - 1) < 0.01
