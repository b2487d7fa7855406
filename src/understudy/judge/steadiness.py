"""Temporal consistency: does the picture of a face change only as its known motion says?

The face is peeled off every picture with the mesh that moved it (see `judge.chart`), which is warping each picture
onto its neighbours with the true motion in place of an estimated one. What remains is judged in two ways.

    unsteady  u = sqrt(2/3) x rms over the texels of  C[t] - (C[t-1] + C[t+1]) / 2,  in grey levels of 255.
              Steady motion through fixed light changes a texel smoothly, and the second difference takes that away
              (the neighbours are weighed by where the pose lies between theirs); boiling, flicker and jumping are
              left (white noise of n levels gives u = n). Its gain is that of 1 - cos(2 pi f / fps): full for changes
              from picture to picture, a tenth at a twelfth of that rate; it does not see a light that swells within
              a second.
    slide     how far the detail of the skin (brows, moles) has slid on the mesh between two pictures of
              like pose, 0.3 to 1.6 s apart: the best match of the two charts, in mm. It sees textures that swim.

Both become a similarity of the form of SSIM's (Wang et al. 2004), k^2 / (k^2 + e^2), and the consistency of a picture
is their product. The constants are such that 0.85 is where a fault begins to be seen: u = 1.6 levels (at mid grey 1.4 %
of luminance; flicker of 1 % is at the threshold of sight, de Lange 1958), a slide of 1 mm.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from understudy.base.errors import BadInput
from understudy.hub.motion import Motion, Seen
from understudy.hub.scores import Score, Scores
from understudy.judge.chart import TEXEL_PX, Bools, Chart, Colours, chart_for, read_chart
from understudy.judge.reel import Floats

TARGET = 0.85
SEEN_LEVELS = 1.6
SEEN_SLIDE_MM = 1.0
_AT_TARGET = np.sqrt(TARGET / (1 - TARGET))
_SHINE = 245.0
"""Texels brighter than this are highlights, which ride on the light and not on the skin."""
_MOVED_PX = 1.0
_BENT_MM = 0.4
_LEAST_SMOOTH = 0.2
"""Where a head starts, stops or turns back within a picture its shading bends too, and is no fault: such pictures do
not count, unless fewer than this share would be left."""
_SMOOTH_TEXELS = 0.8
_COARSE_TEXELS = 4.0
_NEAREST_S, _FARTHEST_S, _EVERY_S = 0.3, 1.6, 0.12
_LIKE_POSE_TEXELS = 1.5
_LEAST_PAIRS = 3
_SEARCH_TEXELS = 6
_LEAST_TEXELS = 400
_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)


@dataclass(frozen=True, eq=False)
class Steadiness:
    """unsteady: (n,) levels, a figure for each picture that has two neighbours. slides_mm: (m,). texels: of the chart.

    shown: mean share of the face that could be judged.
    """

    unsteady: Floats
    slides_mm: Floats
    texels: int
    shown: float

    @property
    def steady(self) -> Floats:
        return np.asarray(similarity(self.unsteady, SEEN_LEVELS))

    @property
    def held(self) -> float:
        """Returns the similarity that the median slide leaves; 1 when too few pictures are alike enough to compare."""
        return float(similarity(self.slide_mm, SEEN_SLIDE_MM)) if np.isfinite(self.slide_mm) else 1.0

    @property
    def slide_mm(self) -> float:
        """Returns the median slide, NaN when too few pictures are alike enough to compare."""
        return float(np.median(self.slides_mm)) if len(self.slides_mm) >= _LEAST_PAIRS else float("nan")


def consistency(pictures: Iterable[npt.NDArray[np.uint8]], motion: Motion, subject: str = "film") -> Scores:
    """Returns temporal consistency of a film in which a body moved so. pictures: (h, w, 3) of the whole film, in order.

    Raises BadInput when the face is never seen.
    """
    found = measure(pictures, motion)
    steady, held = found.steady, found.held
    score = float(steady.mean()) * held
    how = "warp error against the known motion of the mesh"
    return Scores(
        subject,
        (
            Score(
                "consistency", score, "", f"above {TARGET}", score > TARGET,
                f"{how}: {found.texels} texels of skin, {found.shown:.0%} of them seen, {len(steady)} pictures",
            ),
            Score("consistency_worst", float(np.percentile(steady, 5)) * held, "", how="5th percentile"),
            Score(
                "unsteady", float(found.unsteady.mean()), "levels",
                how="rms of a texel against the mean of the pictures before and after, of 255: boiling, flicker",
            ),
            Score(
                "slide", found.slide_mm, "mm",
                how=f"detail of the skin against the mesh, median of {len(found.slides_mm)} pairs of pictures",
            ),
        ),
    )  # fmt: skip


def similarity(error: npt.ArrayLike, seen_at: float) -> Floats:
    """Returns k^2 / (k^2 + error^2), which is TARGET where the error begins to be seen."""
    limit = (seen_at * _AT_TARGET) ** 2
    return np.asarray(limit / (limit + np.square(np.asarray(error, np.float64))), np.float64)


def measure(pictures: Iterable[npt.NDArray[np.uint8]], motion: Motion) -> Steadiness:
    """Returns what consistency is made of. Raises BadInput when the face is never seen."""
    unsteady: list[tuple[float, float]] = []
    shares: list[float] = []
    slides = _Slides(motion.fps)
    window: list[_Peeled] = []
    texels = 0
    for peeled in _peeled(pictures, motion):
        texels = len(peeled.chart.places)
        shares.append(float(peeled.shown.mean()))
        slides.add(peeled)
        if window and (window[-1].shot, window[-1].index + 1) != (peeled.shot, peeled.index):
            window.clear()
        window = [*window[-2:], peeled]
        if len(window) == 3:
            found = _left_over(*window)
            if found is not None:
                unsteady.append(found)
    if not unsteady:
        raise BadInput(
            "The face is not seen in three pictures in a row, so its steadiness cannot be judged; give the take of "
            "this film, and the shot it was taken with."
        )
    levels, bends_mm = np.array(unsteady).T
    smooth = bends_mm < _BENT_MM
    judged = levels[smooth] if smooth.sum() >= max(3, _LEAST_SMOOTH * len(levels)) else levels
    return Steadiness(judged, np.array(slides.found_mm), texels, float(np.mean(shares)))


@dataclass(frozen=True, eq=False)
class _Peeled:
    """map: (rows, columns, 3) smoothed colours. shown: (rows, columns). places: (n, 2) pixels of the texels."""

    index: int
    shot: int
    chart: Chart
    texel_mm: float
    map: Colours
    shown: Bools
    places: npt.NDArray[np.float32]


def _peeled(pictures: Iterable[npt.NDArray[np.uint8]], motion: Motion) -> Iterator[_Peeled]:
    chart: Chart | None = None
    shot = -1
    numbered = enumerate(pictures)
    for seen in motion.seen:
        picture = next((p for i, p in numbered if i == seen.index), None)
        if picture is None:
            return
        scale = picture.shape[0] / motion.size_px[1]
        if scale != 1.0:
            factor = np.array([scale, scale, 1.0], np.float32)
            seen = replace(seen, points={name: points * factor for name, points in seen.points.items()})
        if chart is None or seen.shot != shot:
            chart, shot = chart_for(motion.body, seen.points), seen.shot
        yield _peel(chart, motion, picture, seen)


def _peel(chart: Chart, motion: Motion, picture: npt.NDArray[np.uint8], seen: Seen) -> _Peeled:
    from scipy.ndimage import gaussian_filter

    colours, shown, places = read_chart(chart, motion.body, picture, seen)
    mask = chart.spread(shown.astype(np.float32), 0.0)
    flat = chart.spread(np.where(shown[:, None], colours, 0), 0.0)
    weight = gaussian_filter(mask, _SMOOTH_TEXELS)
    smooth = gaussian_filter(flat, (_SMOOTH_TEXELS, _SMOOTH_TEXELS, 0)) / np.maximum(weight, 1e-3)[..., None]
    inner = (mask > 0.5) & (weight > 0.7)
    return _Peeled(seen.index, seen.shot, chart, 1000 * chart.texel_m, smooth, inner, places)


def _left_over(before: _Peeled, now: _Peeled, after: _Peeled) -> tuple[float, float] | None:
    """Returns u, and how far the face is from the straight path between its neighbours (mm, rms over the texels).

    Where the pose of t lies on that path weighs the neighbours: a head that slows down is not half way between them.
    None when too little of the face is seen in all three.
    """
    kept = before.shown & now.shown & after.shown & (now.map.max(axis=2) < _SHINE)
    if kept.sum() < _LEAST_TEXELS:
        return None
    here, path = now.places - before.places, after.places - before.places
    length = float(np.sum(path * path))
    moved = np.sqrt(length / len(path)) > _MOVED_PX
    part = float(np.clip(np.sum(here * path) / length, 0.2, 0.8)) if moved else 0.5
    off = float(np.sqrt(np.mean(np.sum((here - part * path) ** 2, axis=1))))
    left = (now.map - (1 - part) * before.map - part * after.map)[kept]
    gain = np.sqrt(1 + part**2 + (1 - part) ** 2)
    return float(np.sqrt(np.mean(np.square(left))) / gain), off * now.texel_mm / TEXEL_PX


@dataclass(eq=False)
class _Detail:
    time_s: float
    shot: int
    relief: npt.NDArray[np.float32]
    shown: Bools
    places: npt.NDArray[np.float32]
    texel_mm: float


@dataclass(eq=False)
class _Slides:
    """Compares each picture with an earlier one in which the head was held most alike."""

    fps: float
    found_mm: list[float] = field(default_factory=list)
    _kept: list[_Detail] = field(default_factory=list)

    def add(self, peeled: _Peeled) -> None:
        from scipy.ndimage import gaussian_filter

        step = max(1, round(_EVERY_S * self.fps))
        if peeled.index % step:
            return
        luma = peeled.map @ _LUMA
        weight = np.maximum(gaussian_filter(peeled.shown.astype(np.float32), _COARSE_TEXELS), 1e-3)
        relief = luma - gaussian_filter(luma * peeled.shown, _COARSE_TEXELS) / weight
        now = _Detail(peeled.index / self.fps, peeled.shot, relief, peeled.shown, peeled.places, peeled.texel_mm)
        self._kept = [d for d in self._kept if d.shot == now.shot and now.time_s - d.time_s <= _FARTHEST_S]
        apart = [(_unlike(d, now), d) for d in self._kept if now.time_s - d.time_s >= _NEAREST_S]
        self._kept.append(now)
        if not apart:
            return
        unlike, before = min(apart, key=lambda pair: pair[0])
        if unlike < _LIKE_POSE_TEXELS * TEXEL_PX and (before.shown & now.shown).sum() >= _LEAST_TEXELS:
            self.found_mm.append(now.texel_mm * _slid(before, now))


def _unlike(one: _Detail, other: _Detail) -> float:
    """Returns how far apart the texels of two pictures lie in pixels (rms), when the faces are laid over each other."""
    apart = one.places - other.places
    return float(np.sqrt(np.mean(np.square(apart - apart.mean(axis=0)))))


def _slid(before: _Detail, now: _Detail) -> float:
    """Returns the shift in texels at which the reliefs of two pictures correlate best."""
    reach = _SEARCH_TEXELS
    likeness = np.full((2 * reach + 1, 2 * reach + 1), -1.0)
    for down in range(-reach, reach + 1):
        for across in range(-reach, reach + 1):
            a = _window(before, -down, -across)
            b = _window(now, down, across)
            both = before.shown[a] & now.shown[b]
            x, y = before.relief[a][both], now.relief[b][both]
            likeness[down + reach, across + reach] = x @ y / np.sqrt((x @ x) * (y @ y) + 1e-9)
    row, column = np.unravel_index(int(likeness.argmax()), likeness.shape)
    return float(np.hypot(_vertex(likeness[:, column], int(row)), _vertex(likeness[row], int(column))))


def _window(detail: _Detail, down: int, across: int) -> tuple[slice, slice]:
    rows, columns = detail.shown.shape
    return slice(max(0, down), rows + min(0, down)), slice(max(0, across), columns + min(0, across))


def _vertex(values: Floats, best: int) -> float:
    """Returns the place of the top of the parabola through the best value and its neighbours, from the middle."""
    step = 0.0
    if 0 < best < len(values) - 1:
        bend = values[best - 1] - 2 * values[best] + values[best + 1]
        step = 0.5 * (values[best - 1] - values[best + 1]) / bend if bend < -1e-12 else 0.0
    return best - len(values) // 2 + float(step)
