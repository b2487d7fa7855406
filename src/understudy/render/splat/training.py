"""Gaussians learn a teacher's pictures: a view a step, Adam, and now and then those nobody sees move to where it hurts.

    view -> pose, light -> project, shade, lay -> error -> backwards -> step
                                                   every few hundred steps: the useless split those that are pulled most

After Kerbl et al. 2023 (loss, optimiser, splitting) and Kheradmand et al., "3D Gaussian Splatting as Markov Chain Monte
Carlo" (NeurIPS 2024: a fixed number, moved about).
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.errors import BadInput
from understudy.hub.avatar import Avatar
from understudy.hub.body import Body, Matrices
from understudy.hub.performance import Pose
from understudy.render.environment import harmonics
from understudy.render.framing import frame_actor, stage_from_model
from understudy.render.posing import joint_turns
from understudy.render.splat import backward, kernels, shading, stepping
from understudy.render.splat.compiled import alone
from understudy.render.splat.drivers import drivers
from understudy.render.splat.lighting import DIFFUSE, HARMONICS, Lighting
from understudy.render.splat.loss import pull
from understudy.render.splat.pace import PACE, Pace
from understudy.render.splat.painter import lens_of, outward_of
from understudy.render.splat.posing import Carriers, Riding
from understudy.render.splat.shadowing import Shadows
from understudy.render.splat.views import View
from understudy.render.tone import tone

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

COLUMNS = backward.GAIN
_SMALL_AT_FIRST = 0.8
_NO_SWAY = np.zeros((3, 4), np.float32)


class Pupil:
    """An avatar that learns. views: what it learns from; pictures are straight RGBA."""

    def __init__(self, avatar: Avatar, body: Body, views: Sequence[View], seed: int, pace: Pace = PACE) -> None:
        self._avatar, self._body, self._views, self._pace = avatar, body, views, pace
        self._draw = np.random.default_rng(seed)
        self._mixes = avatar.mix.shape[0]
        self.learned = _numbers(avatar)
        self._tint = tints(avatar)
        self._first, self._second = np.zeros_like(self.learned), np.zeros_like(self.learned)
        self._mix = avatar.mix.copy()
        self._mix_first, self._mix_second = np.zeros_like(self._mix), np.zeros_like(self._mix)
        self._carriers = Carriers(body, avatar.record.meshes)
        self._lights: dict[int, Lighting] = {}
        self._queue: list[int] = []
        self.tick = 0
        self._make_room()

    def _make_room(self) -> None:
        """Makes what depends on which Gaussian rides what."""
        a, n = self._avatar, self._avatar.count
        used, self._carrier = np.unique(a.carrier, return_inverse=True)
        self._carrier = self._carrier.astype(np.int32)
        self._riding = Riding(self._carriers, used.astype(np.int32))
        self._joints, self._shares = self._carriers.joint_of()[used], self._carriers.share_of()[used]
        self._fibre = np.ascontiguousarray(a.carrier >= self._carriers.first[-1], np.uint8)
        self._axes, self._size = np.zeros((n, 3, 3), np.float32), np.zeros((n, 3), np.float32)
        self._opacity, self._transfer = np.zeros(n, np.float32), np.zeros((n, HARMONICS, 3), np.float32)
        self._gain, self._gloss = np.zeros((n, self._mixes), np.float32), np.zeros((n, 2), np.float32)
        self._sheen, self._felt = np.zeros((n, 3), np.float32), np.zeros(n, np.float32)
        self._outward = outward_of(a, self._fibre)
        self._has_gloss = np.ascontiguousarray(a.gloss[:, 0] > 0)
        self._spots, self._depth = np.zeros((n, kernels.SPOT), np.float32), np.zeros(n, np.float32)
        self._inside, self._centre = np.zeros(n, np.uint8), np.zeros((n, 3), np.float32)
        self._wanted, self._rank = np.zeros_like(self.learned), np.zeros(n, np.int32)
        import numba

        self._threads = numba.get_num_threads()
        self._pulls = np.zeros((self._threads, n, backward.PULL), np.float32)
        self._rooms = np.zeros((self._threads, backward.ROOM + 14), np.float32)
        self._watched = np.zeros((n, 3), np.float32)
        self._form = np.zeros((n, HARMONICS + 2), np.float32)
        self._near = self._neighbours()
        basis = harmonics(a.normal.astype(np.float64)) * DIFFUSE
        self._plain = np.ascontiguousarray(basis[:, 1:] / basis[:, :1], np.float32)
        self._shadows = Shadows(self._body, a.normal, self._size, self._fibre)
        self._low, self._high = _bounds(self.learned.shape[1], self._pace.finest_m)

    def _neighbours(self) -> Ints:
        """Returns (n, 6) those beside each on the same part; flat things know only what faces as they do."""
        from scipy.spatial import cKDTree

        a, count = self._avatar, 6
        part = np.searchsorted(self._carriers.first, a.carrier, side="right")
        where = np.c_[self.learned[:, :3] * 100, a.normal * 0.5, part * 100.0]
        return np.asarray(cKDTree(where).query(where, k=count + 1, workers=-1)[1][:, 1:], np.int32)

    def avatar(self) -> Avatar:
        """Returns what was learned so far."""
        backward_ = self.learned
        self._unpack()
        return replace(
            self._avatar,
            place_m=np.ascontiguousarray(backward_[:, :3]),
            turn=np.ascontiguousarray(backward_[:, backward.TURN : backward.TURN + 4]),
            size_m=self._size.copy(),
            opacity=self._opacity.copy(),
            transfer=self._transfer.copy(),
            gain=self._gain.copy(),
            gloss=self._gloss.copy(),
            sheen=self._sheen.copy(),
            felt=self._felt.copy(),
            mix=self._mix.copy(),
        )

    def state(self, spent_s: float) -> bytes:
        """Returns all that `go_on` needs. spent_s: seconds of computing so far."""
        stream = io.BytesIO()
        a = self._avatar
        np.savez(
            stream, learned=self.learned, first=self._first, second=self._second, mix=self._mix,
            mix_first=self._mix_first, mix_second=self._mix_second, carrier=a.carrier, normal=a.normal, loose=a.loose,
            gloss=a.gloss, tint=self._tint, watched=self._watched, tick=self.tick, spent_s=spent_s,
        )  # fmt: skip
        return stream.getvalue()

    def go_on(self, state: bytes) -> float:
        """Takes up what `state` gave and returns the seconds spent until then. Raises BadInput."""
        try:
            with np.load(io.BytesIO(state), allow_pickle=False) as kept:
                found = {name: kept[name] for name in kept.files}
            if found["learned"].shape[1] != self.learned.shape[1]:
                raise ValueError("another number of columns")
            self.learned, self._first, self._second = (found[n] for n in ("learned", "first", "second"))
            self._mix, self._mix_first, self._mix_second = (found[n] for n in ("mix", "mix_first", "mix_second"))
            kinds = {n: found[n] for n in ("carrier", "normal", "loose", "gloss")}
        except (ValueError, KeyError, OSError, zipfile.BadZipFile) as error:
            raise BadInput("What was kept of this training cannot be read; delete its work folder.") from error
        self._avatar = replace(self._avatar, **kinds)
        self.tick, self._tint = int(found["tick"]), found["tint"]
        self._make_room()
        self._watched[:] = found["watched"]
        return float(found["spent_s"])

    def step(self, progress: float) -> float:
        """Learns from one view and returns its mean square error. progress: 0..1, share of the time that is over."""
        if not self._queue:
            self._queue = self._draw.permutation(len(self._views)).tolist()
        view = self._views[self._queue.pop()]
        share = _SMALL_AT_FIRST if progress < self._pace.small_first else self._pace.small_share
        small = self._draw.random() < share
        with alone:
            return self._step(view, small, progress)

    def _step(self, view: View, small: bool, progress: float) -> float:
        self.tick += 1
        self._unpack()
        shown, context = self._show(view, small)
        asked, square = pull(shown, view.pixels, 2 if small else 1, view.known)
        order, near, start, found, tiles, picture = context["tiles"]
        self._pulls[:, : len(order)] = 0
        self._rank[order] = np.arange(len(order), dtype=np.int32)
        height, width = shown.shape[:2]
        wanted = asked
        if picture.shape[:2] != (height, width):
            wanted = np.zeros_like(picture)
            wanted[:height, :width] = asked
        backward.pull_apart(near, start, found, *tiles, picture, wanted, self._pulls)
        mixes = np.zeros((self._threads, self._mixes), np.float32)
        backward.trace_back(
            self.learned, self._axes, self._size, self._opacity, self._transfer, self._gain, self._gloss, self._sheen,
            self._avatar.normal, self._fibre, self._carrier, self._joints, self._shares, self._riding.maps,
            *context["passed"], *context["lobes"], context["mixed"], context["lens_at"], context["lens"], self._centre,
            *context["tone"], self._inside, self._spots, self._pulls, self._rank, self._wanted, mixes, self._rooms,
            self._watched, np.float32(0 if small else width),
        )  # fmt: skip
        slower = float(self._pace.ends ** min(max(progress, 0.0), 1.0))
        stepping.step(
            self.learned, self._first, self._second, self._wanted, self._rates() * np.float32(slower), self._inside,
            self._low, self._high, self.tick, np.float32(self._pace.even), np.float32(self._pace.fade),
        )  # fmt: skip
        self._step_mix(np.outer(mixes.sum(0), context["drivers"]), slower)
        self._settle(progress, slower)
        return square

    def _settle(self, progress: float, slower: float) -> None:
        """Does what is done only now and then."""
        if self.tick % self._pace.smooth_every == 0:
            stepping.forms(self.learned, self._tint, self._form)
            stepping.smooth(
                self.learned, self._near, self._form, self._plain, self._tint,
                np.float32(self._pace.smooth_share * slower), np.float32(self._pace.plainer),
            )  # fmt: skip
        if self.tick % self._pace.move_every == 0 and progress < self._pace.move_until:
            self._move()

    def show(self, view: View) -> Floats:
        """Returns (h, w, 4): its own picture of a view."""
        with alone:
            self._unpack()
            return self._show(view, False)[0].copy()

    def filled(self, views: Sequence[View]) -> Floats:
        """Returns (n,) pixels that each Gaussian fills of a view, on average."""
        total = np.zeros(self._avatar.count, np.float32)
        with alone:
            self._unpack()
            for view in views:
                order, near, start, found, tiles, picture = self._show(view, False)[1]["tiles"]
                self._pulls[:, : len(order)] = 0
                # the tenth number of a pull is how much of the picture it is, whatever is wanted
                backward.pull_apart(near, start, found, *tiles, picture, np.ones_like(picture), self._pulls)
                total[order] += self._pulls[:, : len(order), 9].sum(0)
        return total / np.float32(max(len(views), 1))

    def share(self, view: View, which: npt.NDArray[np.bool_]) -> Floats:
        """Returns (h, w) 0..1 the share of each pixel that some Gaussians (n,) fill."""
        with alone:
            self._unpack()
            shown, context = self._show(view, False)
            order, near, start, found, tiles, picture = context["tiles"]
            near[:, 6:9] = which[order, None]
            picture[:] = 0
            kernels.lay(near, start, found, tiles[0], tiles[1], picture)
            return np.asarray(picture[: shown.shape[0], : shown.shape[1], 0], np.float32).copy()

    def _unpack(self) -> None:
        with alone:
            stepping.unpack(
                self.learned, self._axes, self._size, self._opacity, self._transfer, self._gain, self._gloss,
                self._sheen, self._felt, self._has_gloss,
            )  # fmt: skip

    def _show(self, view: View, small: bool) -> tuple[Floats, dict[str, Any]]:
        ask = view.ask
        width, height = ask.shot.size_px
        size = (width // 2, height // 2) if small else (width, height)
        camera = ask.camera or frame_actor(self._body, ask.shot)
        joints = stage_from_model(self._body, camera) @ self._stand(ask.pose)
        key = id(ask.place)
        if key not in self._lights:
            self._lights[key] = Lighting.of(ask.place)
        light = self._lights[key]
        turns = np.ascontiguousarray(joints[:, :3, :3])
        driven = drivers(ask.pose)
        context: dict[str, Any] = {
            "lobes": (light.lobes, turns.astype(np.float32)),
            "drivers": driven,
            "mixed": (self._mix @ driven).astype(np.float32),
            "lens": lens_of(camera, size),
            "lens_at": camera.lens_m.astype(np.float32),
            "tone": tuple(np.ascontiguousarray(t, np.float32) for t in tone(ask.place.grade)),
        }
        maps = self._riding.take(ask.pose.face, joints)
        kernels.project(
            np.ascontiguousarray(self.learned[:, :3]), self._axes, self._outward, self._opacity, self._avatar.loose,
            self._carrier, maps, _NO_SWAY, context["lens"], size, self._spots, self._depth, self._inside, self._centre,
        )  # fmt: skip
        self._shadows.resize(self._size)
        rest, beams = light.parted_by(turns)
        power = np.ascontiguousarray(light.power[: light.lamps], np.float32)
        lit = self._shadows.take(
            light, joints, self._centre, self._opacity, self._axes, self._carrier, maps, self._inside
        )
        thrown = np.einsum("ljh,lc->ljhc", beams, power).reshape(*beams.shape[:2], -1)
        context["light"] = rest, beams, power, lit, self._felt
        context["passed"] = rest.reshape(len(rest), -1), np.ascontiguousarray(thrown, np.float32), lit, self._felt
        shading.shade(
            self._transfer, self._gain, self._avatar.normal, self._gloss, self._sheen, self._fibre, self._axes,
            self._carrier, self._joints, self._shares, maps, *context["light"], *context["lobes"], context["mixed"],
            context["lens_at"], self._centre, *context["tone"], self._inside, self._spots,
        )  # fmt: skip
        tiles = -(-size[0] // kernels.TILE), -(-size[1] // kernels.TILE)
        order = kernels.sort_(self._depth, self._inside)
        near = kernels.gathered(self._spots, order)
        start, found = kernels.bin_(near, *tiles)
        picture = np.zeros((tiles[1] * kernels.TILE, tiles[0] * kernels.TILE, 4), np.float32)
        kernels.lay(near, start, found, *tiles, picture)
        context["tiles"] = order, near, start, found, tiles, picture
        return picture[: size[1], : size[0]], context

    def _stand(self, pose: Pose) -> Matrices:
        """Returns (joints, 4, 4): posed-from-rest of every joint."""
        return self._body.matrices(joint_turns(pose))

    def _rates(self) -> Floats:
        pace = self._pace
        rates = np.empty(self.learned.shape[1], np.float32)
        for low, high, rate in (
            (backward.PLACE, backward.TURN, pace.place_m),
            (backward.TURN, backward.SIZE, pace.turn),
            (backward.SIZE, backward.OPACITY, pace.size),
            (backward.OPACITY, backward.TRANSFER, pace.opacity),
            (backward.TRANSFER, backward.GLOSS, pace.transfer / 3),
            (backward.GLOSS, backward.SHEEN, pace.gloss),
            (backward.SHEEN, backward.FELT, pace.sheen),
            (backward.FELT, backward.GAIN, pace.felt),
            (backward.GAIN, len(rates), pace.gain),
        ):
            rates[low:high] = rate
        rates[backward.TRANSFER : backward.TRANSFER + 3] = pace.transfer
        return rates

    def _step_mix(self, wanted: Floats, slower: float) -> None:
        self._mix_first = 0.9 * self._mix_first + 0.1 * wanted
        self._mix_second = 0.999 * self._mix_second + 0.001 * wanted**2
        near, far = 1 - 0.9**self.tick, 1 - 0.999**self.tick
        step = (self._mix_first / near) / (np.sqrt(self._mix_second / far) + 1e-12)
        self._mix = (self._mix - self._pace.mix * slower * step).astype(np.float32)

    def _move(self) -> None:
        """Moves the Gaussians that show least to where the picture is pulled at most: each halves another."""
        n = len(self.learned)
        pulled, shown, times = self._watched.T
        useless = (self._opacity < 0.03) | (shown < 0.35)
        gone = np.flatnonzero(useless)
        most = int(self._pace.move_share * n)
        if len(gone) > most:
            gone = gone[np.argsort(shown[gone])[:most]]
        score = np.where(useless, 0, pulled / np.maximum(times, 1)).astype(np.float64)
        score *= np.clip(self._size.max(1) / self._pace.finest_m - 1.5, 0, 1)
        if len(gone) and score.sum() > 0:
            count = min(len(gone), int((score > 0).sum()))
            parents = self._draw.choice(n, count, replace=False, p=score / score.sum())
            self._halve(parents, gone[:count])
        self._watched.fill(0)

    def _halve(self, parents: npt.NDArray[np.intp], into: npt.NDArray[np.intp]) -> None:
        a, rows = self._avatar, self.learned
        longest = self._size[parents].argmax(1)
        way = self._axes[parents, :, longest]
        rows[into] = rows[parents]
        rows[into, :3] += 0.55 * way
        rows[parents, :3] -= 0.55 * way
        for who in (into, parents):
            rows[who, backward.SIZE + longest] -= np.float32(np.log(1.7))
            self._first[who] = 0
            self._second[who] *= 0.5
        self._second[into] = self._second[parents]
        carrier, normal, loose = a.carrier.copy(), a.normal.copy(), a.loose.copy()
        gloss = a.gloss.copy()
        carrier[into], normal[into], loose[into] = carrier[parents], normal[parents], loose[parents]
        gloss[into] = gloss[parents]
        self._tint[into] = self._tint[parents]
        self._avatar = replace(a, carrier=carrier, normal=normal, loose=loose, gloss=gloss)
        self._make_room()


def tints(avatar: Avatar) -> Floats:
    """Returns (n, 3) the colour of what each passes on, as shares of all three: of one just sown, that of its paint."""
    whole = np.maximum(avatar.transfer[:, 0], 1e-4)
    return np.ascontiguousarray(np.maximum(whole / whole.sum(1, keepdims=True), 0.02), np.float32)


def _numbers(avatar: Avatar) -> Floats:
    """Returns (n, COLUMNS + q) the numbers that are learned, of an avatar."""
    o, f = np.clip(avatar.opacity, 0.005, 0.995), np.clip(avatar.felt, 0.01, 0.99)
    parts = [
        avatar.place_m,
        avatar.turn,
        np.log(avatar.size_m),
        np.log(o / (1 - o))[:, None],
        avatar.transfer.reshape(avatar.count, -1),
        np.log(np.maximum(avatar.gloss, 1e-4)),
        avatar.sheen,
        np.log(f / (1 - f))[:, None],
        avatar.gain,
    ]
    return np.ascontiguousarray(np.concatenate(parts, 1), np.float32)


def _bounds(columns: int, finest_m: float) -> tuple[Floats, Floats]:
    low, high = np.full(columns, -1e9, np.float32), np.full(columns, 1e9, np.float32)
    low[backward.SIZE : backward.OPACITY], high[backward.SIZE : backward.OPACITY] = np.log(finest_m / 4), np.log(0.02)
    low[backward.OPACITY], high[backward.OPACITY] = -5.0, 6.0
    low[backward.GLOSS], high[backward.GLOSS] = np.log(1e-4), np.log(1.0)
    low[backward.GLOSS + 1], high[backward.GLOSS + 1] = np.log(2.0), np.log(4000.0)
    low[backward.SHEEN : backward.FELT], high[backward.SHEEN : backward.FELT] = -1.5, 1.5
    low[backward.FELT], high[backward.FELT] = -5.0, 5.0
    low[backward.GAIN :], high[backward.GAIN :] = -3.0, 3.0
    return low, high
