"""Makes a place from the user's own picture, film, panorama or model: the light on the actor is read from it.

A panorama tells all: compact bright spots become lamps, broad ones soft boxes, the rest light from everywhere. A
picture shows only what stands behind the actor; what it does not show is thought to be like the nearest it does show,
and a soft main light comes from in front, from the picture's brighter side, as a photographer would set it.
"""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.errors import BadInput
from understudy.hub.place import Ambience, Backdrop, Glow, Grade, Light, Place, Plate, Rgb, Source
from understudy.render.exposure import FACE, face_light, scaled
from understudy.render.panorama import read_light
from understudy.render.plates import film_pictures, read_picture, sparkling
from understudy.render.probe import light_from_panorama
from understudy.render.tone import scene_from_display

Floats = npt.NDArray[np.floating[Any]]

_PICTURES = (".jpg", ".jpeg", ".png", ".webp")
_PANORAMAS = (".hdr", ".exr")
_FILMS = (".mp4", ".mov", ".m4v", ".mkv", ".webm")
_BEHIND = 0.32
"""Mean radiance a background should have beside it."""
_STRONGEST = 16.0
"""Irradiance of the strongest lamp."""
_FIELD_RAD = 1.0
"""Horizontal angle a picture is thought to show."""
_LUMA = np.array([0.2126, 0.7152, 0.0722])


def read(path: Path) -> Place:
    """Returns the place of a file. Raises BadInput in one sentence."""
    path = Path(path)
    ending = path.suffix.lower()
    if ending in _PICTURES:
        return _from_picture(path, read_picture(path), Source.PICTURE)
    if ending in _PANORAMAS:
        return _from_panorama(path)
    if ending in _FILMS:
        return _from_picture(path, _mean_picture(path), Source.FILM)
    if ending == ".glb":
        from understudy.render.scenery import place_of_model

        return place_of_model(path, plate_of(path, Source.MODEL))
    raise BadInput(
        f"{path.name} cannot be a set; give a house set, a Place JSON, a picture (.jpg, .png, .webp), a panorama "
        "(.hdr, .exr), a film (.mp4, .mov, .webm) or a model (.glb)."
    )


def plate_of(path: Path, source: Source, **more: Any) -> Plate:
    """Returns the plate of a file with its digest."""
    with path.open("rb") as stream:
        return Plate(str(path.resolve()), source, hashlib.file_digest(stream, "sha256").hexdigest(), **more)


def _from_panorama(path: Path) -> Place:
    light = read_light(path)
    if not 1.9 <= light.shape[1] / light.shape[0] <= 2.1:
        raise BadInput(
            f"{path} is {light.shape[1]}x{light.shape[0]}, and a panorama of all directions is twice as wide as high; "
            "give an equirectangular one."
        )
    lights, ambience = light_from_panorama(light)
    face = face_light(lights, ambience)
    rows = slice(light.shape[0] * 3 // 8, light.shape[0] * 5 // 8)
    columns = slice(light.shape[1] * 3 // 8, light.shape[1] * 5 // 8)
    behind = float(np.minimum(light[rows, columns] @ _LUMA, 20 * np.median(light @ _LUMA) + 1e-6).mean())
    factor = (FACE / max(face, 1e-6)) ** 0.75 * (_BEHIND / max(behind, 1e-6)) ** 0.25
    # against the light a face is left darker, as a camera would leave it, before its outline burns out
    factor = min(factor, _STRONGEST / max([max(lamp.colour) for lamp in lights], default=1e-6))
    lights, ambience = scaled(lights, ambience, factor)
    plate = plate_of(path, Source.PANORAMA, exposure=factor)
    return _place(path, lights, ambience, plate, "the light of a panorama")


def _from_picture(path: Path, pixels: npt.NDArray[np.uint8], source: Source) -> Place:
    from PIL import Image

    small = np.asarray(Image.fromarray(pixels).resize((96, 54), Image.Resampling.BOX), np.float32) / 255
    scene = sparkling(scene_from_display(small, Grade()), small)
    luma = scene @ _LUMA
    mean = float(luma.mean())
    up, middle, down = (_softened(scene[rows].mean((0, 1))) for rows in (slice(0, 18), slice(18, 36), slice(36, 54)))
    left, right = float(luma[:, :40].mean()), float(luma[:, -40:].mean())
    lean = abs(left - right) / max(left + right, 1e-6)
    side = -1.0 if left >= right else 1.0
    key_side = scene[:, :40] if side < 0 else scene[:, -40:]
    colour = _softened(key_side.mean((0, 1)), 0.45)
    colour = colour / max(float(colour @ _LUMA), 1e-6)
    azimuth = 0.6 + 0.7 * min(1.0, 2.5 * lean)
    key_at = (side * float(np.sin(azimuth)), 0.42, float(np.cos(azimuth)))
    contrast = 1.6 + 2.5 * min(1.0, 2.5 * lean) + 1.2 * float(np.clip(0.25 - mean, 0, 0.25) / 0.25)
    lights = [Light("key", key_at, _rgb(colour * mean * np.pi * contrast * 0.75), 0.3, True)]
    glows = [
        Glow(key_at, 0.4, 0.5, _rgb(colour * mean * contrast * 1.1), 0.08),
        Glow((side * 0.3, 0.3, 0.9), 0.11, 0.14, _rgb(colour * mean * contrast * 4), 0.015),
        Glow((0.0, -0.8, 0.5), 0.8, 0.5, _rgb(down * 0.5), 0.2),
    ]
    spot = _brightest(scene, luma, mean)
    if spot is not None:
        at, half, radiance = spot
        lights.append(
            Light("back", at, _rgb(_softened(radiance) * min(1.6, 0.6 + 0.3 * float(radiance @ _LUMA) / mean)), 0.25)
        )
        glows.append(Glow(at, half, half, _rgb(np.minimum(radiance, 8 * mean + 2)), 0.08))
    floor = 0.12 * mean
    ambience = Ambience(_rgb(0.7 * up + floor), _rgb(0.55 * middle + floor), _rgb(0.4 * down + floor), tuple(glows))
    target = float(np.clip(FACE * (mean / 0.3) ** 0.25, 0.75, 1.5))
    lit, ambience = scaled(tuple(lights), ambience, target / max(face_light(tuple(lights), ambience), 1e-6))
    return _place(path, lit, ambience, plate_of(path, source), f"the light of a {source.value}")


def _brightest(scene: Floats, luma: Floats, mean: float) -> tuple[tuple[float, float, float], float, Floats] | None:
    """Returns direction, half size (tangent) and radiance of what outshines a picture, None when nothing does."""
    v, u = np.unravel_index(int(luma.argmax()), luma.shape)
    near = luma > 0.5 * luma[v, u]
    rows, columns = np.mgrid[: luma.shape[0], : luma.shape[1]]
    near &= np.hypot(rows - v, columns - u) < 16
    if luma[near].mean() < 2.4 * mean:
        return None
    weight = luma * near
    y, x = (float((axis * weight).sum() / weight.sum()) for axis in (rows, columns))
    across = np.tan(_FIELD_RAD / 2)
    right = (x / (luma.shape[1] - 1) * 2 - 1) * across
    up = (1 - y / (luma.shape[0] - 1) * 2) * across * luma.shape[0] / luma.shape[1]
    half = float(np.clip(np.sqrt(near.sum()) / luma.shape[1] * across, 0.06, 0.5))
    # a lamp behind her within the picture lights her outline only when it stands a little aside and above
    aside = right + (0.35 if right >= 0 else -0.35)
    return (float(aside), float(up) + 0.25, -1.0), half, np.asarray(scene[near].mean(0))


def _mean_picture(path: Path) -> npt.NDArray[np.uint8]:
    """Returns the mean of a film's first pictures, so that its light does not flicker with single ones."""
    total, count, last_s = np.zeros((54, 96, 3)), 0, -1.0
    from PIL import Image

    for pixels, time_s in film_pictures(path):
        if time_s - last_s < 0.3 and count:
            continue
        total += np.asarray(Image.fromarray(pixels).resize((96, 54), Image.Resampling.BOX), np.float64)
        count, last_s = count + 1, time_s
        if time_s > 8:
            break
    if not count:
        raise BadInput(f"{path} holds no pictures; give a film that can be played.")
    return np.asarray(np.rint(total / count), np.uint8)


def _place(path: Path, lights: tuple[Light, ...], ambience: Ambience, plate: Plate, what: str) -> Place:
    grey = (0.2, 0.2, 0.2)
    return Place(
        name=path.stem,
        description=f"{path.name}: {what}, estimated from the file.",
        lights=lights,
        ambience=ambience,
        backdrop=Backdrop(grey, grey, grey, (), 0.045, plate=plate),
        grade=Grade(vignette=0.14),
        wrap=0.6,
        veil=0.02,
    )


def _softened(colour: Floats, share: float = 0.25) -> Floats:
    """Returns the colour with a share of grey of its own brightness: light has less colour than what it shows."""
    return np.asarray(colour * (1 - share) + share * float(colour @ _LUMA))


def _rgb(colour: Floats) -> Rgb:
    r, g, b = (round(float(c), 4) for c in colour)
    return r, g, b
