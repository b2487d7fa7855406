"""Draws a model's surfaces into the plate: simple light, their own pictures, then out of focus by depth."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.hub.place import Plate
from understudy.render.blur import disc_blur
from understudy.render.canvas import Canvas
from understudy.render.context import open_context
from understudy.render.programs import Programs
from understudy.render.scenery import Scenery, read_scenery

Floats = npt.NDArray[np.floating[Any]]

_FINER = 2
_NEAR_M, _FAR_M = 0.4, 400.0
_STEPS = 6
_SKY_M = -120.0
_CLEAR_M = 0.35
"""Nothing of a set is drawn nearer to the actor than this, or before them."""


def model_layers(plate: Plate, canvas: Canvas) -> Iterator[tuple[float, Floats]]:
    """Yields (depth, (h, w, 4)) of a model behind the actor, far to near; the first one covers everything."""
    scenery = read_scenery(Path(plate.file), plate.turn_rad)
    light, away_m = drawn(scenery, canvas)
    light[..., :3] *= plate.exposure
    up = canvas.rays()[..., 1:2]
    a = scenery.ambience
    bands = [np.asarray(c, np.float32) for c in (a.down, a.horizon, a.up)]
    sky = (
        bands[1] + np.clip(up, 0, 1) ** 0.7 * (bands[2] - bands[1]) + np.clip(-up, 0, 1) ** 0.7 * (bands[0] - bands[1])
    )
    whole = light.copy()
    whole[..., :3] += sky * (1 - whole[..., 3:])
    whole[..., 3] = 1
    s = canvas.camera.distance_m
    covered = light[..., 3] > 0.02
    if not covered.any():
        yield _SKY_M, disc_blur(whole, canvas.blur_px(_SKY_M) / 2)
        return
    far, near = float(away_m[covered].max()), float(away_m[covered].min())
    # beneath everything: the whole picture, as far out of focus as its farthest part, so that no gap is dark
    yield s - far, disc_blur(whole, canvas.blur_px(s - far) / 2)
    edges = np.linspace(1 / far, 1 / near + 1e-6, _STEPS + 1)
    for low, high in pairwise(edges):
        band = covered & (1 / away_m >= low) & (1 / away_m <= high)
        if not band.any():
            continue
        depth_m = float(s - np.median(away_m[band]))
        yield depth_m, disc_blur(light * band[..., None], canvas.blur_px(depth_m) / 2)


def drawn(scenery: Scenery, canvas: Canvas) -> tuple[Floats, Floats]:
    """Returns (h, w, 4) premultiplied light and (h, w) metres from the lens of what a canvas sees, all sharp."""
    context = open_context()
    with context:
        height, width = (n * _FINER for n in canvas.shape)
        program = Programs(context).flat("model", "model")
        target = context.framebuffer(
            [context.texture((width, height), 4, dtype="f2"), context.texture((width, height), 1, dtype="f4")],
            context.depth_renderbuffer((width, height)),
        )
        target.use()
        target.clear(0.0, 0.0, 0.0, 0.0, depth=1.0)
        context.enable_only(context.DEPTH_TEST)
        program["clip_from_stage"].write(np.ascontiguousarray(_projection(canvas).T, np.float32).tobytes())
        program["lens_z"] = canvas.camera.distance_m
        program["clear_m"] = canvas.camera.distance_m + _CLEAR_M
        _light(program, scenery)
        pictures: dict[bytes, Any] = {}
        white = context.texture((1, 1), 3, b"\xff\xff\xff", alignment=1)
        for part in scenery.parts:
            rows = np.hstack([part.positions, part.normals, part.uv]).astype(np.float32)
            buffer, index = context.buffer(rows.tobytes()), context.buffer(part.triangles.tobytes())
            array = context.vertex_array(program, [(buffer, "3f 3f 2f", "in_at", "in_normal", "in_uv")], index)
            texture = white
            if part.picture is not None:
                if part.picture.data not in pictures:
                    pixels = part.picture.pixels(1024)
                    made = context.texture((pixels.shape[1], pixels.shape[0]), 3, pixels.tobytes(), alignment=1)
                    made.build_mipmaps()
                    pictures[part.picture.data] = made
                texture = pictures[part.picture.data]
            texture.use(0)
            program["picture"], program["colour"], program["emission"] = 0, part.colour, part.emission
            array.render()
            for each in (array, buffer, index):
                each.release()
        light = np.frombuffer(target.read(components=4, dtype="f2"), np.float16).reshape(height, width, 4)[::-1]
        away = np.frombuffer(target.read(components=1, attachment=1, dtype="f4"), np.float32).reshape(height, width)[
            ::-1
        ]
    context.release()
    h, w = canvas.shape
    fine = np.asarray(light, np.float32).reshape(h, _FINER, w, _FINER, 4)
    cover = fine[..., 3]
    metres = (away.reshape(h, _FINER, w, _FINER) * cover).sum((1, 3)) / np.maximum(cover.sum((1, 3)), 1e-6)
    return np.asarray(fine.mean((1, 3))), np.maximum(metres, _NEAR_M)


def _projection(canvas: Canvas) -> Floats:
    """Returns the (4, 4) that maps the grid's whole extent, margins and all, to the target."""
    x, y = canvas.focus_m()
    step_x, step_y = x[0, 1] - x[0, 0], y[0, 0] - y[1, 0]
    left, right = x[0, 0] - step_x / 2, x[0, -1] + step_x / 2
    top, bottom = y[0, 0] + step_y / 2, y[-1, 0] - step_y / 2
    s, near, far = canvas.camera.distance_m, _NEAR_M, _FAR_M
    view = np.eye(4)
    view[2, 3] = -s
    project = np.array(
        [
            [2 * s / (right - left), 0, (right + left) / (right - left), 0],
            [0, 2 * s / (top - bottom), (top + bottom) / (top - bottom), 0],
            [0, 0, -(far + near) / (far - near), -2 * far * near / (far - near)],
            [0, 0, -1, 0],
        ]
    )
    return np.asarray(project @ view)


def _light(program: Any, scenery: Scenery) -> None:
    at, colour = np.zeros((3, 4), np.float32), np.zeros((3, 3), np.float32)
    pairs = zip(scenery.lights[:3], scenery.points_m[:3], strict=True)
    for i, (light, point) in enumerate(pairs):
        towards = np.asarray(light.towards) / np.linalg.norm(light.towards)
        at[i] = (*towards, 0) if point is None else (*point, 1)
        colour[i] = light.colour
    program["lamp_at"].write(at.tobytes())
    program["lamp_colour"].write(colour.tobytes())
    a = scenery.ambience
    program["up"], program["horizon"], program["down"] = a.up, a.horizon, a.down


__all__ = ["drawn", "model_layers"]
