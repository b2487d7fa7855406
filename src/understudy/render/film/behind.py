"""The set behind the actor as linear light at full size, for a lens that stands or moves, or a film one brings."""

from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.hub.frames import Move
from understudy.hub.place import Place, Source
from understudy.render.backdrop import Card, paint, paint_cards
from understudy.render.film.finish import enlarged
from understudy.render.framing import Camera
from understudy.render.setting import overscan, veil_of
from understudy.render.tone import scene_from_display

Floats = npt.NDArray[np.float32]


class Behind:
    """What stands behind in one shot. veil: (3,) light of lens and air over everything."""

    def __init__(self, place: Place, camera: Camera, size_px: tuple[int, int]) -> None:
        self._place, self._rest, self._size = place, camera, size_px
        self._still: Floats | None = None
        self._cards: list[Card] = []
        self._film: Any = None
        self.veil: Floats = np.zeros(3, np.float32)
        width, height = size_px
        if place.transparent:
            self._still = np.zeros((height, width, 3), np.float32)
            return
        plate = place.backdrop.plate
        if plate is not None and plate.source is Source.FILM:
            from understudy.render.plates import FilmLoop

            self._film = FilmLoop(plate, place, camera, (0.0, 0.0))
            self.veil = veil_of(place, paint(place.backdrop, camera))
        elif camera.move is Move.STILL:
            small = paint(place.backdrop, camera)
            self.veil = veil_of(place, small)
            self._still = enlarged(np.asarray(small, np.float32), size_px)
        else:
            self._cards = paint_cards(place.backdrop, camera, over=overscan(camera))
            self.veil = veil_of(place, np.asarray(self._cards[-1].whole))

    def scene(self, camera: Camera, time_s: float) -> Floats:
        """Returns (h, w, 3) linear light as the camera of the moment sees the set."""
        if self._still is not None:
            return self._still
        if self._film is not None:
            shown = np.asarray(self._film.picture(time_s)[..., :3] / 255, np.float32)
            return np.maximum(enlarged(scene_from_display(shown, self._place.grade), self._size), 0)
        width, height = self._size
        out = np.zeros((height, width, 3), np.float32)
        for card in self._cards:
            light = self._warped(card, camera)
            out = out * (1 - light[..., 3:]) + light[..., :3]
        return out

    def _warped(self, card: Card, camera: Camera) -> Floats:
        """Returns (h, w, 4): the card as the camera sees its plane."""
        from PIL import Image as Pil

        width, height = self._size
        to_pixels = np.array([[width / 2, 0, 0, width / 2], [0, -height / 2, 0, height / 2], [0, 0, 0, 1.0]])
        full = to_pixels @ camera.clip_from_stage()
        plane = np.stack([full[:, 0], full[:, 1], full[:, 2] * card.depth_m + full[:, 3]], 1)
        left, right, bottom, top = card.corners_m
        rows, columns = card.light.shape[:2]
        texel = np.array(
            [[columns / (right - left), 0, -left * columns / (right - left)],
             [0, rows / (bottom - top), -top * rows / (bottom - top)],
             [0, 0, 1.0]]
        )  # fmt: skip
        back = texel @ np.linalg.inv(plane)
        back /= back[2, 2]
        wanted = tuple(float(v) for v in back.ravel()[:8])
        planes = [
            np.asarray(
                Pil.fromarray(np.ascontiguousarray(card.light[..., c], np.float32)).transform(
                    self._size, Pil.Transform.PERSPECTIVE, wanted, Pil.Resampling.BILINEAR
                )
            )
            for c in range(4)
        ]
        return np.asarray(np.stack(planes, -1), np.float32)
