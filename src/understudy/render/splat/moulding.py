"""The shape of a head from pictures of it: smooth modes are pulled by the same errors that Gaussians learn from.

    pictures of the base, whose shape is known -> Gaussians learn how its textures look
    pictures of the person -> those, moved by `modes` and tinted -> error -> backwards -> shape, tint, pivot of the head

The textures stay those of the base, but for a smooth tint: so lips look for lips and lids for lids (Cootes, Edwards &
Taylor 2001 call it an active appearance). Where the head turns about is found as well, for it is not the base's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from understudy.hub.avatar import Avatar
from understudy.hub.body import Body, Matrices
from understudy.hub.performance import Pose
from understudy.render.figure import kind_of
from understudy.render.posing import joint_turns
from understudy.render.splat import backward
from understudy.render.splat.modes import Modes
from understudy.render.splat.pace import Pace
from understudy.render.splat.posing import Carriers
from understudy.render.splat.seeding import sow
from understudy.render.splat.training import Pupil
from understudy.render.splat.views import View
from understudy.render.tone import scene_from_display

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

_HEAD = ("skin", "eye", "mouth", "strand")
"""Kinds of meshes that tell the shape; cloth and hair are other things than those of the base."""
_EACH = 12
"""Pictures that a step looks at."""
_ALONE = 6
"""First steps, in which only the tint is looked for."""
_PRIOR = 0.01
"""Share by which a mode falls back at each step, at first."""
_PIVOT_M = 1e-3
_ENDS = 0.1
"""Length of the last step against that of the first."""
_PAINT_M = 0.005
_ONE = {"hair": ("hair",), "cloth": ("cloth",)}
_LOOKED, _ALL_OF, _LEAST_PX = 12, 0.85, 400.0
"""Pictures looked at for the colour of hair and cloth; share of a pixel that must be of it; pixels there must be."""


@dataclass(frozen=True)
class Round:
    """lines: height of the pictures. count: Gaussians. learning: steps on pictures of the base. steps: on the person's.

    rate: standard deviations that a mode moves in the first step. tint: by how much a logarithm of colour does.
    """

    lines: int
    count: int
    learning: int
    steps: int
    rate: float
    tint: float


ROUNDS = (Round(96, 6000, 300, 50, 0.05, 0.05), Round(192, 12_000, 400, 60, 0.04, 0.02))
COLOURS = Round(384, 40_000, 500, 500, 0.0, 0.0)
"""The last one, in which every Gaussian finds the colour of the person for itself."""


@dataclass(frozen=True, eq=False)
class Mould:
    """modes of the base's head; change: (k, 3) of them. pivot_m: (3,) by which the joint of the head moves."""

    modes: Modes
    change: Doubles
    pivot_m: Doubles
    tint: Doubles | None = None

    def moved(self, points: npt.ArrayLike, *, as_one: bool = False) -> Doubles:
        """Returns points (n, 3) at rest where the change of shape puts them."""
        return self.modes.moved(points, self.change, as_one=as_one)

    def slopes(self, points: npt.ArrayLike) -> Doubles:
        """Returns (n, 3, 3) the derivative of `moved`."""
        return self.modes.slopes(points, self.change)


def mould(
    body: Body,
    views: Sequence[View],
    pictured: Sequence[View],
    *,
    rounds: Sequence[Round] = ROUNDS,
    seed: int = 1,
    told: Callable[[float, float], None] | None = None,
) -> Mould:
    """Returns the shape that pictures of a person ask of a body. pictured: the base itself, as a look of ours draws it.

    told: hears steps that are done, and all there are.
    """
    modes = Modes.of(body)
    change, pivot, tint = np.zeros((modes.count, 3)), np.zeros(3), None
    draw = np.random.default_rng(seed)
    done, all_ = 0, sum(r.learning + r.steps * _EACH for r in rounds)
    for one in rounds:
        known = [shrunk(view, one.lines) for view in pictured]
        pupil = Pupil(sow(body, "", one.count, seed, "video"), body, known, seed, Pace(place_m=0.0, move_until=0.0))
        for number in range(one.learning):
            pupil.step(number / one.learning)
            done += 1
            if told is not None and number % 20 == 0:
                told(done, all_)
        seen = [shrunk(view, one.lines) for view in views]
        sculptor = Sculptor(pupil.avatar(), body, seen, modes, change, pivot, tint)
        for number in range(one.steps):
            for index in draw.choice(len(seen), min(_EACH, len(seen)), replace=False):
                sculptor.look(seen[index])
            sculptor.move(one, number, shape=bool(change.any()) or number >= _ALONE)
            done += _EACH
            if told is not None:
                told(done, all_)
        change, pivot, tint = sculptor.change, sculptor.pivot, sculptor.tint
    return Mould(modes, change, pivot, tint)


@dataclass(frozen=True, eq=False)
class Coloured:
    """The same Gaussians as they look on the base and on the person; filled: (n,) pixels that each fills of a picture
    of the base, and of one of the person, on average. whole: linear colour in pictures of the base, and of the person,
    of what has one colour: 'hair' and 'cloth', where they are seen.
    """

    base: Avatar
    person: Avatar
    filled: tuple[Floats, Floats]
    whole: dict[str, tuple[Doubles, Doubles]]


def colour(
    body: Body,
    views: Sequence[View],
    pictured: Sequence[View],
    found: Mould,
    *,
    about: Round = COLOURS,
    seed: int = 1,
    told: Callable[[float, float], None] | None = None,
) -> Coloured:
    """Returns what the Gaussians of the base look like there and, moved by a mould, on the person."""
    known, seen = ([shrunk(view, about.lines) for view in some] for some in (pictured, views))
    still = Pace(place_m=0.0, turn=0.0, size=0.0, move_until=0.0, fade=0.0)
    pupil = Pupil(sow(body, "", about.count, seed, "video"), body, known, seed, still)
    done, all_ = 0, about.learning + about.steps
    for number in range(about.learning):
        pupil.step(number / about.learning)
        done += 1
        if told is not None and number % 20 == 0:
            told(done, all_)
    base = pupil.avatar()
    kinds = _kinds(base, body)[0]
    own = {kind: _mean_colour(pupil, known[:_LOOKED], np.isin(kinds, names)) for kind, names in _ONE.items()}
    other = Sculptor(base, body, seen, found.modes, found.change, found.pivot_m, found.tint)
    for number in range(about.steps):
        other.step(number / about.steps)
        done += 1
        if told is not None and number % 20 == 0:
            told(done, all_)
    theirs = {kind: _mean_colour(other, seen[:_LOOKED], np.isin(kinds, names)) for kind, names in _ONE.items()}
    both = {k: (mine, found_) for k in _ONE if (mine := own[k]) is not None and (found_ := theirs[k]) is not None}
    return Coloured(base, other.avatar(), (pupil.filled(known), other.filled(seen)), both)


def _kinds(avatar: Avatar, body: Body) -> tuple[npt.NDArray[np.str_], npt.NDArray[np.intp]]:
    """Returns (n,) the kind of mesh each Gaussian is on, 'hair' on joints, and (n,) the number of the mesh."""
    carriers = Carriers(body, avatar.record.meshes)
    mesh = np.searchsorted(carriers.first, avatar.carrier, side="right") - 1
    return np.array([kind_of(m) for m in carriers.meshes] + ["hair"])[mesh], mesh


def _mean_colour(pupil: Pupil, views: Sequence[View], which: npt.NDArray[np.bool_]) -> Doubles | None:
    """Returns (3,) linear colour in pictures of what some Gaussians fill, None where that is too little."""
    total, count = np.zeros(3), 0.0
    for view in views:
        alone_ = (pupil.share(view, which) > _ALL_OF) & (view.pixels[..., 3] > 250)
        if view.known is not None:
            alone_ &= view.known
        total += scene_from_display(view.pixels[alone_][:, :3] / 255.0, view.ask.place.grade).sum(0)
        count += float(alone_.sum())
    return total / count if count > _LEAST_PX else None


class Sculptor(Pupil):
    """A pupil whose Gaussians on the head stay what they are, while modes move and tint them all together."""

    def __init__(
        self,
        avatar: Avatar,
        body: Body,
        views: Sequence[View],
        modes: Modes,
        change: Doubles,
        pivot: Doubles,
        tint: Doubles | None,
    ) -> None:
        super().__init__(avatar, body, views, 0, Pace(place_m=0.0, turn=0.0, size=0.0, move_until=0.0, fade=0.0))
        kinds, mesh = _kinds(avatar, body)
        self._head = np.flatnonzero(np.isin(kinds, _HEAD))
        basis = modes.at(avatar.place_m)
        for number in np.unique(mesh[kinds == "mouth"]):
            basis[mesh == number] = modes.at(avatar.place_m[mesh == number], as_one=True)
        self._basis = basis.astype(np.float32)
        # a tint of each part: of the skin by modes, of all else as a whole
        self._paint = np.zeros((avatar.count, modes.count + len(avatar.record.meshes) + 1), np.float32)
        self._paint[kinds == "skin", : modes.count] = basis[kinds == "skin"] / _PAINT_M
        self._paint[np.arange(avatar.count), modes.count + mesh] = 1.0
        self.change, self.pivot = change.copy(), pivot.copy()
        self.tint = np.zeros((self._paint.shape[1], 3)) if tint is None else tint.copy()
        self._place = self.learned[:, :3].copy()
        self._passed = self.learned[:, backward.TRANSFER : backward.GLOSS].reshape(avatar.count, -1, 3).copy()
        self._turned = np.eye(3)
        self._asked = [np.zeros_like(n) for n in (self.change, self.tint, self.pivot)]
        self._memory = [(np.zeros_like(n), np.zeros_like(n)) for n in self._asked]
        self._steps = [0, 0, 0]
        self._put()

    def look(self, view: View) -> None:
        """Hears what one picture asks of the modes; hair and cloth learn from it at once."""
        kept = self.learned[self._head].copy()
        self._views = [view]
        self._queue = [0]
        self.step(0.5)
        asked = self._wanted[self._head] * (self._inside[self._head] != 0)[:, None]
        self.learned[self._head] = kept
        wanted = asked[:, backward.TRANSFER : backward.GLOSS].reshape(len(asked), -1, 3)
        passed = kept[:, backward.TRANSFER : backward.GLOSS].reshape(wanted.shape)
        places = asked[:, :3].astype(np.float64)
        self._asked[0] += self._basis[self._head].T @ places
        self._asked[1] += self._paint[self._head].T @ (passed * wanted).sum(1)
        # a pivot that moves by d moves what turns about it by (1 - turn) d, which is turned back for who is at rest
        self._asked[2] += (np.eye(3) - self._turned).T @ self._turned @ places.sum(0)

    def move(self, about: Round, number: int, *, shape: bool) -> None:
        """Makes a step of what was asked since the last one. shape: else the tint alone."""
        slower = _ENDS ** (number / max(about.steps, 1))
        self.tint -= about.tint * slower * self._way(1)
        if shape:
            self.change -= slower * (about.rate * self._way(0) + _PRIOR * self.change)
            self.pivot -= slower * _PIVOT_M * self._way(2)
        for asked in self._asked:
            asked[:] = 0
        self._put()

    def _way(self, which: int) -> Doubles:
        """Returns the direction of Adam (Kingma & Ba 2015) with short memories, for few steps of many pictures."""
        first, second = self._memory[which]
        pull = self._asked[which]
        self._steps[which] += 1
        first += 0.2 * (pull - first)
        second += 0.05 * (pull**2 - second)
        near, far = 1 - 0.8 ** self._steps[which], 1 - 0.95 ** self._steps[which]
        return np.asarray((first / near) / (np.sqrt(second / far) + 1e-12))

    def _put(self) -> None:
        self.learned[:, :3] = self._place + self._basis @ self.change.astype(np.float32)
        grown = np.exp(self._paint[self._head] @ self.tint.astype(np.float32))
        passed = self._passed[self._head] * grown[:, None]
        self.learned[self._head, backward.TRANSFER : backward.GLOSS] = passed.reshape(len(passed), -1)
        if "head" in self._body.joint_index:
            self._rig = with_pivot(self._body, self.pivot)

    def _stand(self, pose: Pose) -> Matrices:
        if "head" not in self._body.joint_index:
            return super()._stand(pose)
        posed = self._rig.matrices(joint_turns(pose))
        self._turned = posed[self._body.joint_index["head"], :3, :3]
        return posed


def with_pivot(body: Body, pivot_m: Doubles) -> Body:
    """Returns a body whose joint of the head is elsewhere by (3,) metres; nothing at rest moves."""
    joints, index = list(body.joints), body.joint_index["head"]
    rest = joints[index].rest.copy()
    rest[:3, 3] += pivot_m
    joints[index] = replace(joints[index], rest=rest)
    return replace(body, joints=tuple(joints))


def shrunk(view: View, lines: int) -> View:
    """Returns a view with about so many lines, area-averaged by a whole number."""
    times = max(1, round(view.pixels.shape[0] / lines))
    if times == 1:
        return view
    height, width = (side // times for side in view.pixels.shape[:2])
    whole = view.pixels[: height * times, : width * times].astype(np.float32)
    whole[..., :3] *= whole[..., 3:] / 255
    small = whole.reshape(height, times, width, times, 4).mean((1, 3))
    small[..., :3] *= 255 / np.maximum(small[..., 3:], 1e-3)
    known = view.known
    if known is not None:
        known = np.all(known[: height * times, : width * times].reshape(height, times, width, times), axis=(1, 3))
    ask = replace(view.ask, shot=replace(view.ask.shot, size_px=(width, height)))
    return View(ask, np.clip(np.rint(small), 0, 255).astype(np.uint8), known)
