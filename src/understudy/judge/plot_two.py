"""Two takes on one time line: words above and below, and between them where the same word is said."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from understudy.base.channels import FACE, GAZE, HEAD
from understudy.hub.matching import match
from understudy.hub.performance import Performance
from understudy.judge.lips import aperture
from understudy.judge.loudness import pitch_track
from understudy.judge.plot import BLUE, FAINT, INK, ORANGE, PAPER

_WIDTH, _DPI = 17.0, 110


def plot_two(first: Performance, second: Performance, path: Path, names: tuple[str, str] = ("first", "second")) -> Path:
    """Draws both takes as a PNG, the first in blue, the second in orange, and returns its path."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    heights = [1.5, *[1.0] * len(_PANELS)]
    height = 0.9 + 1.15 * sum(heights)
    figure = Figure(figsize=(_WIDTH, height), dpi=_DPI, facecolor=PAPER)
    FigureCanvasAgg(figure)
    axes = figure.subplots(len(heights), 1, sharex=True, gridspec_kw={"height_ratios": heights, "hspace": 0.14})
    _words(axes[0], first, second)
    for axis, (label, draw) in zip(axes[1:], _PANELS, strict=True):
        for take, colour in ((first, BLUE), (second, ORANGE)):
            found = draw(take)
            if found is not None:
                axis.plot(*found, color=colour, lw=1.2, alpha=0.9)
        _dress(axis, label)
    longest = max(first.duration_s, second.duration_s)
    axes[-1].set_xlim(0, longest)
    axes[-1].set_xlabel("seconds", color=INK, fontsize=9)
    figure.subplots_adjust(
        left=0.09, right=0.985, top=1 - 0.5 / figure.get_figheight(), bottom=0.5 / figure.get_figheight()
    )
    for x, name, take, colour in ((0.09, names[0], first, BLUE), (0.5, names[1], second, ORANGE)):
        title = f"{name}   {take.actor_name}, {take.duration_s:.1f} s"
        figure.text(x, 1 - 0.3 / height, title, color=colour, weight="bold", fontsize=12)
    figure.savefig(path)
    return path


def _words(axis: Any, first: Performance, second: Performance) -> None:
    matching = match(first, second)
    for take, height, colour in ((first, 1.0, BLUE), (second, 0.0, ORANGE)):
        for event in take.events:
            if event.kind == "word":
                axis.plot([event.start_s, event.end_s], [height] * 2, color=colour, lw=2)
                at = height + (0.2 if height else -0.2)
                middle = (event.start_s + event.end_s) / 2
                axis.text(middle, at, event.name, ha="center", va="center", fontsize=8, color=INK, clip_on=True)
    for event in first.events:
        if event.kind == "word":
            axis.plot([event.start_s, float(matching.to_second(event.start_s))], [1, 0], color=FAINT, lw=0.8, zorder=0)
    axis.set_ylim(-0.45, 1.45)
    axis.set_yticks([])
    axis.set_ylabel("words", color=INK, fontsize=9)
    axis.axis("on")
    for side in ("top", "right", "left", "bottom"):
        axis.spines[side].set_visible(False)
    axis.tick_params(length=0)


def _dress(axis: Any, label: str) -> None:
    axis.grid(axis="x", color="#eceff3", lw=0.8)
    axis.set_axisbelow(True)
    axis.tick_params(colors="#6b7280", labelsize=7.5, length=0)
    axis.set_ylabel(label, color=INK, fontsize=9, rotation=0, ha="right", va="center")
    for side in ("top", "right", "left"):
        axis.spines[side].set_visible(False)
    axis.spines["bottom"].set_color(FAINT)


def _pitch(take: Performance) -> Any:
    if take.sound.duration_s <= 0.2:
        return None
    f0 = pitch_track(take.sound)
    return np.arange(len(f0)) * 0.01, np.where(f0 > 0, f0, np.nan)


def _curve(take: Performance, name: str, read: Any) -> Any:
    if name not in take.tracks:
        return None
    values = read(take.tracks[name].values)
    return np.arange(len(values)) / take.tracks[name].rate_hz, values


def _face(take: Performance, names: tuple[str, ...]) -> Any:
    return _curve(take, FACE, lambda _: np.mean([take.tracks[FACE].column(n) for n in names], axis=0))


def _sight(take: Performance, axis: int) -> Any:
    """Returns the line of sight against the torso: the head and the eyes in it."""
    if HEAD not in take.tracks or GAZE not in take.tracks:
        return None
    head, eyes = take.tracks[HEAD].values[:, axis], take.tracks[GAZE].values[:, [axis, axis + 2]].mean(axis=1)
    count = min(len(head), len(eyes))
    sign = -1 if axis == 0 else 1
    return np.arange(count) / take.tracks[HEAD].rate_hz, sign * np.degrees(head[:count] + eyes[:count])


_PANELS: tuple[tuple[str, Callable[[Performance], Any]], ...] = (
    ("pitch, Hz", _pitch),
    ("lip opening", lambda t: _curve(t, FACE, lambda v: np.maximum(aperture(t), 0))),
    ("smile", lambda t: _face(t, ("mouthSmileLeft", "mouthSmileRight"))),
    ("brows down", lambda t: _face(t, ("browDownLeft", "browDownRight"))),
    ("inner brows up", lambda t: _face(t, ("browInnerUp",))),
    ("lids", lambda t: _face(t, ("eyeBlinkLeft", "eyeBlinkRight"))),
    ("sight to their left, °", lambda t: _sight(t, 1)),
    ("sight up, °", lambda t: _sight(t, 0)),
    ("head up, °", lambda t: _curve(t, HEAD, lambda v: -np.degrees(v[:, 0]))),
    ("head to their left, °", lambda t: _curve(t, HEAD, lambda v: np.degrees(v[:, 1]))),
)
