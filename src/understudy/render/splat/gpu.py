"""The same training on a GPU: shading in torch, drawing by gsplat (Ye et al., "gsplat", JMLR 2025; Apache-2.0).

What is learned, how it is shaded and what moves where are those of `training.Pupil`; only who computes differs. The
stretched Gaussians go to gsplat as covariances, with the same filter of a pixel. Extra [neural].
"""

import importlib.util
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.errors import MissingExtra
from understudy.hub.avatar import Avatar
from understudy.hub.body import Body
from understudy.render.framing import frame_actor, stage_from_model
from understudy.render.posing import joint_turns
from understudy.render.splat import backward, stepping
from understudy.render.splat.compiled import alone
from understudy.render.splat.drivers import drivers
from understudy.render.splat.kernels import FOOTPRINT_PX2, TURNED_AWAY
from understudy.render.splat.lighting import HARMONICS, Lighting
from understudy.render.splat.pace import PACE, Pace
from understudy.render.splat.painter import lens_of
from understudy.render.splat.shading import DIMMEST, KEEN, ONWARD, WHITE
from understudy.render.splat.training import Pupil
from understudy.render.splat.views import View
from understudy.render.tone import tone

Floats = npt.NDArray[np.float32]
Draw = Callable[..., Any]
"""Covariances and colours -> (h, w, 4) premultiplied; arguments as those of `by_gsplat`."""


def usable() -> bool:
    """Tells whether this machine has torch, gsplat and a GPU that both can use."""
    if importlib.util.find_spec("torch") is None or importlib.util.find_spec("gsplat") is None:
        return False
    import torch

    return bool(torch.cuda.is_available())


def by_gsplat(centre: Any, covariance: Any, opacity: Any, colour: Any, lens: Any, size_px: tuple[int, int]) -> Any:
    """Returns (h, w, 4): n Gaussians of stage space drawn by gsplat. lens: (16,) as `painter.lens_of` gives."""
    import torch
    from gsplat import rasterization

    view = torch.eye(4, device=centre.device)
    # ours looks along -z with y up, theirs along +z with y down
    flip = torch.tensor([1.0, -1.0, -1.0], device=centre.device)
    view[:3, :3] = lens[:9].reshape(3, 3) * flip[:, None]
    view[:3, 3] = lens[9:12] * flip
    k = torch.eye(3, device=centre.device)
    k[0, 0], k[1, 1], k[0, 2], k[1, 2] = lens[12], lens[13], lens[14], lens[15]
    drawn, cover, _ = rasterization(
        centre, None, None, opacity, colour, view[None], k[None], size_px[0], size_px[1],
        eps2d=FOOTPRINT_PX2, packed=False, rasterize_mode="antialiased", covars=covariance,
    )  # fmt: skip
    return torch.cat([drawn[0], cover[0]], -1)


class GpuPupil(Pupil):
    """A Pupil whose steps are computed by torch. draw: who lays Gaussians; device: 'cuda', for tests 'cpu'."""

    def __init__(
        self,
        avatar: Avatar,
        body: Body,
        views: Sequence[View],
        seed: int,
        pace: Pace = PACE,
        *,
        draw: Draw = by_gsplat,
        device: str = "cuda",
    ) -> None:
        if importlib.util.find_spec("torch") is None:
            raise MissingExtra("Training on a GPU", "neural")
        self._device, self._lay = device, draw
        super().__init__(avatar, body, views, seed, pace)

    def _step(self, view: View, small: bool, progress: float) -> float:
        import torch

        self.tick += 1
        learned = self._tensor(self.learned).requires_grad_()
        mix = self._tensor(self._mix).requires_grad_()
        shown = self._picture(view, small, learned, mix)
        wanted = self._wanted_picture(view, small)
        off = shown - wanted
        loss = _charbonnier(off)
        loss.backward()
        assert learned.grad is not None and mix.grad is not None
        grad = learned.grad
        seen = (grad.abs().sum(1) > 0).cpu().numpy()
        self._inside[:] = seen
        self._wanted[:] = grad.cpu().numpy()
        slower = float(self._pace.ends ** min(max(progress, 0.0), 1.0))
        with torch.no_grad():
            self._size[:] = learned[:, backward.SIZE : backward.OPACITY].exp().cpu().numpy()
            self._opacity[:] = torch.sigmoid(learned[:, backward.OPACITY]).cpu().numpy()
            pull = grad[:, :3].norm(dim=1).cpu().numpy() * (0 if small else 1)
        stepping.step(
            self.learned, self._first, self._second, self._wanted, self._rates() * np.float32(slower), self._inside,
            self._low, self._high, self.tick, np.float32(self._pace.even), np.float32(self._pace.fade),
        )  # fmt: skip
        self._step_mix(mix.grad.cpu().numpy(), slower)
        self._watched[:, 0] += pull
        self._watched[:, 1] = np.maximum(self._watched[:, 1], seen)
        self._watched[:, 2] += seen
        self._settle(progress, slower)
        drawn = wanted[..., 3] > 0.02
        return float((off.detach()[..., :3][drawn] ** 2).mean()) if bool(drawn.any()) else 0.0

    def _picture(self, view: View, small: bool, learned: Any, mix: Any) -> Any:
        """Returns (h, w, 4): a view as it is learned so far."""
        ask = view.ask
        width, height = ask.shot.size_px
        size = (width // 2, height // 2) if small else (width, height)
        camera = frame_actor(self._body, ask.shot)
        joints = stage_from_model(self._body, camera) @ self._body.matrices(joint_turns(ask.pose))
        light = self._lights.setdefault(id(ask.place), Lighting.of(ask.place))
        turns = np.ascontiguousarray(joints[:, :3, :3])
        posed = self._riding.take(ask.pose.face, joints)
        maps = self._tensor(posed)[self._index(self._carrier)]
        driven = self._tensor(drivers(ask.pose))
        centre, covariance, axes = _placed(learned, maps)
        lit = self._lit(light, joints, centre, posed)
        colour = self._shaded(
            learned, axes, maps, centre, mix @ driven, light, lit, turns, self._tensor(camera.lens_m),
            [self._tensor(t) for t in tone(ask.place.grade)],
        )  # fmt: skip
        lens = self._tensor(lens_of(camera, size))
        opacity = learned[:, backward.OPACITY].sigmoid() * self._facing(maps, centre, camera.lens_m)
        return self._lay(centre, covariance, opacity, colour, lens, size)

    def _lit(self, light: Lighting, joints: npt.NDArray[np.float64], centre: Any, maps: Floats) -> Any:
        """Returns (n, lamps): how much of each lamp reaches each. Shadows are thrown on the processor."""
        with alone:
            self._unpack()
            self._shadows.resize(self._size)
            lit = self._shadows.take(
                light, joints, np.ascontiguousarray(centre.detach().cpu().numpy()), self._opacity, self._axes,
                self._carrier, maps, np.ones(len(self.learned), np.uint8),
            )  # fmt: skip
        return self._tensor(lit)

    def _facing(self, maps: Any, centre: Any, lens_m: npt.NDArray[np.float64]) -> Any:
        """Returns (n,) 0 for surfaces that are turned away from the lens, else 1."""
        import torch

        outward = self._tensor(self._outward)
        normal = torch.nn.functional.normalize(torch.einsum("nij,nj->ni", maps[:, :, :3], outward), dim=1)
        away = torch.nn.functional.normalize(self._tensor(lens_m) - centre.detach(), dim=1)
        return ((normal * away).sum(1) >= -TURNED_AWAY).to(centre.dtype)

    def _shaded(
        self, learned: Any, axes: Any, maps: Any, centre: Any, mixed: Any, lighting: Lighting, lit: Any,
        turned: npt.NDArray[np.float64], lens_at: Any, toning: list[Any],
    ) -> Any:  # fmt: skip
        """Returns (n, 3) display RGB, as `shading.shade` computes it."""
        import torch

        rest, beams = (self._tensor(part) for part in lighting.parted_by(turned))
        power, lobes = self._tensor(lighting.power[: lighting.lamps]), self._tensor(lighting.lobes)
        turns = self._tensor(turned)
        reached = 1 - learned[:, backward.FELT].sigmoid()[:, None] * (1 - lit)
        joints = self._index(self._joints[self._carrier])
        share = self._tensor(self._shares[self._carrier])[:, None, None]
        around = share * rest[joints[:, 0]] + (1 - share) * rest[joints[:, 1]]
        thrown = beams[:, joints[:, 0]] * share[..., 0] + (1 - share[..., 0]) * beams[:, joints[:, 1]]
        everywhere = around[:, 0] + torch.einsum("nl,ln,lc->nc", reached.detach(), thrown[:, :, 0], power)
        around = around + torch.einsum("nl,lnh,lc->nhc", reached, thrown, power)
        transfer = learned[:, backward.TRANSFER : backward.GLOSS].reshape(-1, HARMONICS, 3)
        base = (transfer * around).sum(1)
        base = torch.maximum(base, DIMMEST * transfer[:, 0] * everywhere)
        away = torch.nn.functional.normalize(lens_at - centre.detach(), dim=1)
        local = torch.einsum("nij,ni->nj", turns[joints[:, 0]], away)
        bright = (learned[:, backward.GAIN :] * mixed).sum(1)
        bright = bright + (learned[:, backward.SHEEN : backward.FELT] * local).sum(1)
        rgb = base * bright.clamp(-3, 2).exp()[:, None]
        normal = torch.nn.functional.normalize(
            torch.einsum("nij,nj->ni", maps[:, :, :3], self._tensor(self._avatar.normal)), dim=1
        )
        strong = learned[:, backward.GLOSS].exp() * self._tensor(self._has_gloss)
        keen = learned[:, backward.GLOSS + 1].exp()
        along = torch.nn.functional.normalize(axes.detach(), dim=1)
        mirrored = 2 * (normal * away).sum(1, keepdim=True) * normal - away
        fibre = self._tensor(self._fibre) > 0
        tint = transfer[:, 0].detach() / transfer[:, 0].detach().amax(1, keepdim=True).clamp(min=1e-4)
        for number, lobe in enumerate(lobes):
            sharp = keen * lobe[6] / (keen + lobe[6])
            flat = strong * sharp * 0.159155 * (sharp * ((mirrored * lobe[:3]).sum(1) - 1)).clamp(min=-40).exp()
            both = away + lobe[:3]
            long2 = (both * both).sum(1).clamp(min=1e-12)
            lies2 = (along * both).sum(1) ** 2
            turned_to = (0.35 + 0.65 * (normal * lobe[:3]).sum(1)).clamp(min=0)
            one = strong * turned_to * (-sharp * lies2 / long2).clamp(min=-40).exp()
            on = strong * ONWARD * (-0.25 * sharp * lies2 - 0.5 * KEEN * long2).clamp(min=-40).exp()
            thin = one[:, None] * (WHITE + (1 - WHITE) * tint) + on[:, None] * tint
            # like the kernels, what shines does not ask how far shadow is felt
            seen = reached[:, number].detach() if number < lit.shape[1] else torch.ones_like(one)
            rgb = rgb + torch.where(fibre[:, None], thin, flat[:, None]) * seen[:, None] * lobe[3:6]
        inset, curve, outset = toning
        x = ((torch.log2((rgb @ inset.T).clamp(min=2e-4)) + 12.47393) / 16.5).clamp(0, 1)
        bent = curve[7].expand_as(x)
        for k in range(6, -1, -1):
            bent = bent * x + curve[k]
        shown = bent @ outset.T
        # like the kernels, the cut to 0..1 lets what is asked through
        return shown + (shown.clamp(0, 1) - shown).detach()

    def _wanted_picture(self, view: View, small: bool) -> Any:
        whole = self._tensor(view.pixels) / 255
        whole = whole.clone()
        whole[..., :3] *= whole[..., 3:]
        if small:
            whole = (whole[::2, ::2] + whole[1::2, ::2] + whole[::2, 1::2] + whole[1::2, 1::2]) / 4
        return whole

    def _tensor(self, values: npt.ArrayLike) -> Any:
        import torch

        return torch.as_tensor(np.ascontiguousarray(values, np.float32), device=self._device)

    def _index(self, values: npt.ArrayLike) -> Any:
        import torch

        return torch.as_tensor(np.asarray(values, np.int64), device=self._device)


def _placed(learned: Any, maps: Any) -> tuple[Any, Any, Any]:
    """Returns centres (n, 3) and covariances (n, 3, 3) in stage space, and the longest axis of each."""
    import torch

    q = torch.nn.functional.normalize(learned[:, backward.TURN : backward.SIZE], dim=1)
    w, x, y, z = q.unbind(1)
    turn = torch.stack(
        [
            1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y),
            2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x),
            2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y),
        ],
        -1,
    ).reshape(-1, 3, 3)  # fmt: skip
    size = learned[:, backward.SIZE : backward.OPACITY].exp()
    linear = maps[:, :, :3]
    axes = linear @ (turn * size[:, None, :])
    centre = torch.einsum("nij,nj->ni", linear, learned[:, :3]) + maps[:, :, 3]
    longest = size.argmax(1)
    return centre, axes @ axes.transpose(1, 2), axes[torch.arange(len(axes), device=axes.device), :, longest]


def _charbonnier(off: Any) -> Any:
    """Returns the loss whose slope `loss.pull` is."""
    import torch

    from understudy.render.splat import loss

    weight = torch.tensor([1.0, 1.0, 1.0, loss._COVERAGE], device=off.device)

    def bent(d: Any) -> Any:
        return ((d * d + loss._BEND**2).sqrt() * weight).sum()

    edges = bent(off[1:] - off[:-1]) + bent(off[:, 1:] - off[:, :-1])
    return (bent(off) + loss._EDGES * edges) * loss._SCALE
