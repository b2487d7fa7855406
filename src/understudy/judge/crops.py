"""Faces cut out of pictures, upright and of one size, as face networks want them.

The five landmarks are laid on the mean places of dlib's five-point aligner (dlib, image_transforms/interpolation.h,
get_face_chip_details) by the similarity that fits best (Umeyama 1991).
"""

import numpy as np
import numpy.typing as npt

from understudy.judge.reel import Floats

Picture = npt.NDArray[np.uint8]

MEAN_PLACES = np.array(
    [
        (0.8595674595992, 0.2134981538014),
        (0.6460604764104, 0.2289674387677),
        (0.1205750620789, 0.2137274526848),
        (0.3340850613712, 0.2290642403242),
        (0.4901123135679, 0.6277975316475),
    ]
)
"""Of judge.landmarks.NAMES in a square about the face, when the picture is not mirrored (the actor's left is right)."""


def face_crop(picture: Picture, landmarks: Floats, *, size_px: int, padding: float) -> Picture:
    """Returns the (size_px, size_px, 3) face. landmarks: (5, 2) pixels from the corner. padding: on each side, of 1."""
    from PIL import Image

    wanted = (padding + MEAN_PLACES) / (2 * padding + 1) * size_px
    turn, shift = similarity(wanted, landmarks)
    rows = (*turn[0], shift[0], *turn[1], shift[1])
    scale = float(np.sqrt(abs(np.linalg.det(turn))))
    source = Image.fromarray(np.ascontiguousarray(picture[..., :3]))
    if scale > 1.5:
        factor = int(scale / 0.75) if scale < 3 else int(scale)
        source = source.reduce(factor)
        rows = tuple(value / factor for value in rows)
    return np.asarray(source.transform((size_px, size_px), Image.Transform.AFFINE, rows, Image.Resampling.BICUBIC))


def similarity(source: Floats, target: Floats) -> tuple[Floats, Floats]:
    """Returns (2, 2) and (2,): the turn, scale and shift that bring source places (n, 2) nearest to the target's."""
    here, there = source.mean(axis=0), target.mean(axis=0)
    left, stretch, right = np.linalg.svd((target - there).T @ (source - here) / len(source))
    sign = np.array([1.0, np.sign(np.linalg.det(left) * np.linalg.det(right))])
    turn = (stretch * sign).sum() / (source - here).var(axis=0).sum() * left @ np.diag(sign) @ right
    return turn, there - turn @ here
