"""The training in torch says what the kernels say; gsplat itself needs a GPU, so a drawer of a few lines stands in."""

from itertools import pairwise

import numpy as np
import pytest
from cloud import cloud, emi, pose, view

from understudy.hub.frames import Shot, ShotSize
from understudy.render.splat.kernels import FAINTEST, FOOTPRINT_PX2
from understudy.render.splat.training import Pupil
from understudy.render.splat.views import View

torch = pytest.importorskip("torch")


def drawn(centre, covariance, opacity, colour, lens, size_px):  # type: ignore[no-untyped-def]
    """Every Gaussian over every pixel, nearest first: gsplat's formulas, for a few of them."""
    turn, shift = lens[:9].reshape(3, 3), lens[9:12]
    p = centre @ turn.T + shift
    r = 1 / -p[:, 2]
    u, v = lens[14] + lens[12] * p[:, 0] * r, lens[15] - lens[13] * p[:, 1] * r
    zero = torch.zeros_like(r)
    j = torch.stack(
        [
            torch.stack([lens[12] * r, zero, lens[12] * p[:, 0] * r * r], -1),
            torch.stack([zero, -lens[13] * r, -lens[13] * p[:, 1] * r * r], -1),
        ],
        1,
    )
    m = j @ turn
    flat = m @ covariance @ m.transpose(1, 2)
    bare = torch.linalg.det(flat).clamp(min=1e-9)
    wide = flat + FOOTPRINT_PX2 * torch.eye(2)
    strength = opacity * (bare / torch.linalg.det(wide)).sqrt()
    conic = torch.linalg.inv(wide)
    order = torch.argsort(-p[:, 2])
    y, x = torch.meshgrid(torch.arange(size_px[1]) + 0.5, torch.arange(size_px[0]) + 0.5, indexing="ij")
    out, through = torch.zeros(size_px[1], size_px[0], 3), torch.ones(size_px[1], size_px[0])
    for i in order:
        d = torch.stack([x - u[i], y - v[i]], -1)
        power = 0.5 * torch.einsum("hwi,ij,hwj->hw", d, conic[i], d)
        alpha = (strength[i] * torch.exp(-power)).clamp(max=0.995)
        alpha = alpha * (alpha >= FAINTEST)
        out = out + (through * alpha)[..., None] * colour[i]
        through = through * (1 - alpha)
    return torch.cat([out, 1 - through[..., None]], -1)


def test_torch_shades_and_pulls_as_the_kernels_do(monkeypatch: pytest.MonkeyPatch) -> None:
    from understudy.render.splat import backward, stepping
    from understudy.render.splat.gpu import GpuPupil

    few = cloud(1500)
    taken = view(few, pose(0.2, jawOpen=0.4), Shot(ShotSize.CLOSE, (48, 48)), "dusk")
    other = view(few, pose(-0.1), Shot(ShotSize.CLOSE, (48, 48)), "dusk")
    asked = []
    monkeypatch.setattr(stepping, "step", lambda *given: asked.append(given[3].copy()))
    ours = Pupil(few, emi(), [other], 0)
    theirs = GpuPupil(few, emi(), [other], 0, draw=drawn, device="cpu")
    learned, mix = theirs._tensor(theirs.learned), theirs._tensor(theirs._mix)
    shown = theirs._picture(taken, False, learned, mix).numpy()
    assert np.abs(shown - ours.show(taken)).max() < 0.02 and np.abs(shown - ours.show(taken)).mean() < 0.0005
    target = View(taken.ask, other.pixels)
    for pupil in (ours, theirs):
        pupil._step(target, False, 0.0)
    a, b = asked
    parts = [backward.SIZE, backward.OPACITY, backward.TRANSFER, backward.GLOSS, backward.SHEEN, backward.FELT]
    for low, high in pairwise([*parts, backward.GAIN, backward.GAIN + 10]):
        assert np.corrcoef(a[:, low:high].ravel(), b[:, low:high].ravel())[0, 1] > 0.98


def test_without_gsplat_or_a_gpu_the_processor_trains() -> None:
    from understudy.render.splat import gpu

    assert gpu.usable() is False or torch.cuda.is_available()
