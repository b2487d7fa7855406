"""Frechet distance between two sets of pictures, as Gaussians in the space of a feature network.

    d^2 = |m1 - m2|^2 + tr(S1) + tr(S2) - 2 tr((S1^1/2 S2 S1^1/2)^1/2)      (Dowson & Landau 1982; Heusel et al. 2017)

A film of a few seconds has fewer pictures than a network has features, and the covariance of a small sample is wrong in
a way that adds to the distance. So covariances are shrunk towards a sphere by as much as their sample calls for (oracle
approximating shrinkage, Chen et al. 2010), and the distance between the even and the odd pictures of one film is told
beside it: no distance near that floor means anything.
"""

import numpy as np
import numpy.typing as npt

from understudy.base.errors import BadInput
from understudy.hub.scores import Score, Scores
from understudy.judge.features import Features
from understudy.judge.reel import Floats

TARGET = 10.0
LEAST_PICTURES = 8


def preview_distance(one: Floats, other: Floats, features: Features, subject: str = "films") -> Scores:
    """Returns the distance of two films of one take. one, other: (n, d) features of their pictures.

    The field's target of 10 is on the scale of Inception-v3 and is judged only there.
    """
    distance = frechet_distance(one, other)
    floor = max(frechet_distance(one[::2], one[1::2]), frechet_distance(other[::2], other[1::2]))
    comparable = features.published_scale
    target = f"below {TARGET:.0f}" if comparable else f"below {TARGET:.0f} on Inception's scale, which this is not"
    return Scores(
        subject,
        (
            Score(
                "frechet", distance, "", target, distance < TARGET if comparable else None,
                f"{features.name}; {len(one)} and {len(other)} pictures, covariances shrunk",
            ),
            Score("frechet_floor", floor, "", how="distance of the even from the odd pictures of one film"),
        ),
    )  # fmt: skip


def frechet_distance(one: npt.ArrayLike, other: npt.ArrayLike, *, shrunk: bool = True) -> float:
    """Returns d^2 of two samples (n, d) and (m, d). Raises BadInput for fewer than eight pictures each."""
    a, b = np.asarray(one, np.float64), np.asarray(other, np.float64)
    if min(len(a), len(b)) < LEAST_PICTURES // 2:
        raise BadInput(f"A Frechet distance needs at least {LEAST_PICTURES} pictures of each film; judge a longer one.")
    return gaussian_distance(a.mean(axis=0), covariance(a, shrunk), b.mean(axis=0), covariance(b, shrunk))


def gaussian_distance(mean_a: Floats, cov_a: Floats, mean_b: Floats, cov_b: Floats) -> float:
    """Returns d^2 of two Gaussians, never below 0; the square root is taken of a symmetric matrix, by eigenvalues."""
    values, axes = np.linalg.eigh(cov_a)
    root = axes * np.sqrt(np.maximum(values, 0))
    inner = root.T @ cov_b @ root
    cross = np.sqrt(np.maximum(np.linalg.eigvalsh((inner + inner.T) / 2), 0)).sum()
    apart = mean_a - mean_b
    return float(max(0.0, apart @ apart + np.trace(cov_a) + np.trace(cov_b) - 2 * cross))


def covariance(sample: Floats, shrunk: bool = True) -> Floats:
    """Returns the (d, d) covariance of (n, d), shrunk towards the sphere of its mean variance when asked."""
    count, size = sample.shape
    off = sample - sample.mean(axis=0)
    if not shrunk:
        return np.asarray(off.T @ off / max(1, count - 1))
    found = off.T @ off / count
    trace, square = float(np.trace(found)), float(np.sum(found * found))
    above = (1 - 2 / size) * square + trace**2
    below = (count + 1 - 2 / size) * (square - trace**2 / size)
    share = 1.0 if below <= 1e-30 else min(1.0, above / below)
    return np.asarray((1 - share) * found + share * trace / size * np.eye(size))
