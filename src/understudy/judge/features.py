"""What a picture looks like, as numbers: the features between which Frechet distances are taken.

bank       a fixed bank of filters, no weights at all (the default): of the picture at 256 lines, the log energy of
           4 scales x 4 orientations, and mean and log spread of three colour axes, in four quarters: 88 numbers.
           It sees sharpness, texture, contrast and colour, and where they are. Its scale is its own: its distances
           cannot be compared with any published FID.
inception  Inception-v3, 2048 features before the classifier, from weights that the user gives: a torchvision or
           pytorch-fid state dict (.pth, with torch), or any .onnx that takes (n, 3, 299, 299) in -1..1.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from understudy.base.errors import BadInput, MissingExtra
from understudy.judge.crops import Picture
from understudy.judge.reel import Floats

_LINES = 256
_SCALES = 4
_TURNS = 4
_FAINT = 1e-4
"""Energy below this (a hundredth of the range of the picture) is nothing."""
_INCEPTION_PX = 299
_BATCH = 8


class Features(Protocol):
    """name: network, layer and licence, for the report. published_scale: whether distances compare with published ones.

    of: (n, d) features of pictures (h, w, 3).
    """

    name: str
    published_scale: bool

    def of(self, pictures: Iterable[Picture]) -> Floats: ...


class Bank:
    """Oriented band-pass energies and colour; nothing learned, nothing downloaded."""

    name = "fixed bank of 16 oriented filters and colour, 88 features (no network; not comparable with published FID)"
    published_scale = False

    def of(self, pictures: Iterable[Picture]) -> Floats:
        return np.stack([_bank(picture) for picture in pictures])


class Inception:
    """Inception-v3 with the user's weights. Raises BadInput or MissingExtra when they cannot be used."""

    published_scale = True

    def __init__(self, weights: Path) -> None:
        if not weights.is_file():
            raise BadInput(f"There are no weights at {weights}; give a .pth state dict or an .onnx of Inception-v3.")
        self.name = f"Inception-v3 from {weights.name}"
        self._run = _onnx(weights) if weights.suffix == ".onnx" else _state_dict(weights)

    def of(self, pictures: Iterable[Picture]) -> Floats:
        found: list[Floats] = []
        batch: list[npt.NDArray[np.float32]] = []
        for picture in pictures:
            batch.append(_square(picture))
            if len(batch) == _BATCH:
                found.append(self._run(np.stack(batch)))
                batch = []
        if batch:
            found.append(self._run(np.stack(batch)))
        return np.concatenate(found).astype(np.float64)


def features(inception: Path | None = None) -> Features:
    """Returns Inception-v3 with the user's weights, the fixed bank without."""
    return Inception(inception) if inception is not None else Bank()


def _bank(picture: Picture) -> Floats:
    from PIL import Image

    height, width = picture.shape[:2]
    size = (max(16, round(width * _LINES / height)), _LINES)
    small = np.asarray(Image.fromarray(picture[..., :3]).resize(size, Image.Resampling.BOX), np.float64) / 255
    red, green, blue = np.moveaxis(small, -1, 0)
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    colours = (light, red - green, (red + green) / 2 - blue)
    out = [value for plane in colours for q in _quarters(plane) for value in (2 * q.mean(), np.log(q.std() + 0.02))]
    spectrum = np.fft.fft2(light - light.mean())
    down, across = np.meshgrid(np.fft.fftfreq(size[1]), np.fft.fftfreq(size[0]), indexing="ij")
    radius, angle = np.hypot(down, across), np.arctan2(down, across)
    for scale in range(_SCALES):
        octave = np.log2(np.maximum(radius, 1e-9) / (0.35 / 2**scale))
        ring = np.where(np.abs(octave) < 1, np.cos(np.pi / 2 * octave) ** 2, 0.0)
        for turn in range(_TURNS):
            wedge = np.maximum(np.cos(angle - turn * np.pi / _TURNS), 0) ** 3
            energy = np.abs(np.fft.ifft2(spectrum * ring * wedge)) ** 2
            out += [0.5 * np.log(q.mean() + _FAINT) for q in _quarters(energy)]
    return np.array(out)


def _quarters(plane: Floats) -> list[Floats]:
    y, x = plane.shape[0] // 2, plane.shape[1] // 2
    return [plane[:y, :x], plane[:y, x:], plane[y:, :x], plane[y:, x:]]


def _square(picture: Picture) -> npt.NDArray[np.float32]:
    """Returns (3, 299, 299) in -1..1, squeezed as the reference implementation of FID does."""
    from PIL import Image

    small = Image.fromarray(np.ascontiguousarray(picture[..., :3])).resize(
        (_INCEPTION_PX,) * 2, Image.Resampling.BILINEAR
    )
    return (np.asarray(small, np.float32) / 127.5 - 1).transpose(2, 0, 1)


def _onnx(weights: Path) -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise MissingExtra("An .onnx network", "judge") from error
    try:
        session = onnxruntime.InferenceSession(str(weights), providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises its own kinds for every damage
        raise BadInput(f"{weights} cannot be read as an .onnx network; export it again.") from error
    given = session.get_inputs()[0].name

    def run(batch: npt.NDArray[np.float32]) -> Floats:
        out = np.asarray(session.run(None, {given: batch})[0], np.float64)
        return out.reshape(len(batch), -1)

    return run


def _state_dict(weights: Path) -> Any:
    from understudy.judge.inception import inception

    return inception(weights)
