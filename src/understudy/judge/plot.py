"""A take on one time line, for a director or an animator to read.

voice    wave, words, phones; /p b m/ and /f v/ coloured through to the lips
pitch    F0, in hertz on a musical scale
lips     opening, jaw, rounding
feeling  smile, frown, brows, and the emotions that were asked for
eyes     blinks, and where they look in the head
head     nod, turn, tilt, and gestures
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.channels import BILABIALS, FACE, GAZE, HEAD, LABIODENTALS
from understudy.hub.performance import Event, Performance
from understudy.judge.lips import aperture
from understudy.judge.loudness import pitch_track

Floats = npt.NDArray[np.floating]

INK, FAINT, PAPER = "#22262b", "#c9ced6", "#ffffff"
BLUE, ORANGE, GREEN, RED, VIOLET, BROWN = "#2f6db5", "#d9822b", "#2e8b6f", "#c0392b", "#7d5ba6", "#8a6d4b"
_ROW_S, _MOST_ROWS = 10.0, 6
"""Seconds on one row, as long as the take fits on so many rows."""
_WIDTH = 17.0
_LEFT, _RIGHT = 0.75, 1.25  # inches
_PHONES_NEED = 0.75  # inches a second below which phones are not written
_DPI = 110


def plot_take(take: Performance, path: Path) -> Path:
    """Draws the take as a PNG and returns its path. Panels whose tracks are missing are left out."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    panels: list[tuple[Any, float]] = [(_voice, 1.7), (_pitch, 1.0)]
    panels += [(_lips, 1.4), (_feeling, 1.4)] if FACE in take.tracks else []
    panels += [(_eyes, 1.2)] if FACE in take.tracks or GAZE in take.tracks else []
    panels += [(_head, 1.2)] if HEAD in take.tracks else []
    heights = [height for _, height in panels]
    rows = min(_MOST_ROWS, max(1, math.ceil(take.duration_s / _ROW_S - 0.1)))
    row_s = max(take.duration_s / rows, 0.5)
    height = 0.6 + rows * (0.5 + sum(heights))
    figure = Figure(figsize=(_WIDTH, height), dpi=_DPI, facecolor=PAPER)
    FigureCanvasAgg(figure)
    left, right = _LEFT / _WIDTH, 1 - _RIGHT / _WIDTH
    grid = figure.add_gridspec(
        rows, 1, left=left, right=right, top=1 - 0.5 / height, bottom=0.5 / height, hspace=0.5 / sum(heights)
    )
    made = ", ".join(f"{stage} {name}" for stage, name in sorted(take.made_with.items())[:4] if len(name) < 40)
    title = f"{take.actor_name}   {take.duration_s:.1f} s"
    figure.text(left, 1 - 0.3 / height, title, color=INK, weight="bold", fontsize=13)
    figure.text(right, 1 - 0.3 / height, made, ha="right", color="#6b7280", fontsize=8.5)
    for row in range(rows):
        axes = grid[row].subgridspec(len(panels), 1, height_ratios=heights, hspace=0.12).subplots(squeeze=False)[:, 0]
        for axis, (draw, _) in zip(axes, panels, strict=True):
            _dress(axis)
            draw(axis, take)
            _contacts(axis, take)
            axis.set_xlim(row * row_s, (row + 1) * row_s)
            axis.tick_params(labelbottom=axis is axes[-1])
        axes[-1].set_xlabel("seconds" if row == rows - 1 else "", color=INK, fontsize=9)
        _write_words(axes[0], take, (_WIDTH - _LEFT - _RIGHT) / row_s)
    figure.savefig(path)
    return path


def _voice(axis: Any, take: Performance) -> None:
    samples, rate_hz = take.sound.samples, take.sound.rate_hz
    step = max(1, rate_hz // 400)
    blocks = samples[: len(samples) // step * step].reshape(-1, step)
    clock = (np.arange(len(blocks)) + 0.5) * step / rate_hz
    top = max(float(np.abs(samples).max()) if len(samples) else 0.0, 1e-3)
    axis.fill_between(clock, blocks.min(axis=1) / top, blocks.max(axis=1) / top, color="#8fa3ba", lw=0)
    axis.set_ylim(-1.15, 3.1)
    axis.set_yticks([])
    axis.set_ylabel("voice", color=INK, fontsize=10)
    axis.grid(False)
    _colours(axis, [("/p b m/ closed", RED), ("/f v/ bitten", VIOLET)])


def _write_words(axis: Any, take: Performance, inches_a_second: float) -> None:
    number = 0
    for event in sorted(take.events, key=lambda e: e.start_s):
        middle = (event.start_s + event.end_s) / 2
        if event.kind == "word":
            axis.plot([event.start_s, event.end_s], [2.02, 2.02], color=FAINT, lw=1.2)
            size = _fitting(event, inches_a_second, 9.5)
            axis.text(middle, 2.5, event.name, ha="center", va="center", fontsize=size, color=INK, clip_on=True)
        elif event.kind == "phone" and event.name != "SIL" and inches_a_second >= _PHONES_NEED:
            colour = RED if event.name in BILABIALS else VIOLET if event.name in LABIODENTALS else "#6b7280"
            size = _fitting(event, 2 * inches_a_second, 7.0)
            number += 1
            axis.text(
                middle,
                1.7 if number % 2 else 1.32,
                event.name,
                ha="center",
                va="center",
                fontsize=size,
                color=colour,
                clip_on=True,
            )


def _fitting(event: Event, inches_a_second: float, largest: float) -> float:
    """Returns the font size in points at which the name fits its time."""
    room = (event.end_s - event.start_s) * inches_a_second * 72
    return float(np.clip(1.55 * room / max(1, len(event.name)), 4.5, largest))


def _pitch(axis: Any, take: Performance) -> None:
    from matplotlib.ticker import NullLocator, ScalarFormatter

    track = pitch_track(take.sound) if take.sound.duration_s > 0.2 else np.zeros(1)
    clock = np.arange(len(track)) * 0.01
    voiced = track[track > 0]
    axis.set_ylabel("pitch, Hz", color=INK, fontsize=10)
    if not len(voiced):
        axis.set_yticks([])
        return
    axis.plot(clock, np.where(track > 0, track, np.nan), color=BLUE, lw=1.6)
    low, high = np.percentile(voiced, 1) * 0.85, np.percentile(voiced, 99) * 1.18
    axis.set_yscale("log")
    axis.set_ylim(low, high)
    axis.yaxis.set_major_formatter(ScalarFormatter())
    axis.yaxis.set_minor_locator(NullLocator())
    axis.set_yticks([hz for hz in (75, 100, 150, 200, 300, 400, 600) if low < hz < high])
    middle = float(np.median(voiced))
    axis.axhline(middle, color=FAINT, lw=0.8, zorder=0)
    _colours(axis, [(f"median {middle:.0f} Hz", BLUE)])


def _lips(axis: Any, take: Performance) -> None:
    clock = _clock(take, FACE)
    opening = np.maximum(aperture(take), 0)
    axis.fill_between(clock, 0, opening, color=BLUE, alpha=0.22, lw=0)
    axis.plot(clock, opening, color=BLUE, lw=1.4)
    axis.plot(clock, take.tracks[FACE].column("jawOpen"), color=INK, lw=0.9, alpha=0.75)
    rounding = np.maximum(take.tracks[FACE].column("mouthPucker"), take.tracks[FACE].column("mouthFunnel"))
    axis.plot(clock, rounding, color=ORANGE, lw=1.1)
    top = max(0.2, float(np.percentile(np.concatenate([opening, rounding]), 99.8)) * 1.15)
    axis.set_ylim(0, top)
    axis.set_ylabel("lips", color=INK, fontsize=10)
    _colours(axis, [("lip opening", BLUE), ("jaw", INK), ("rounding", ORANGE)])


def _feeling(axis: Any, take: Performance) -> None:
    curves = (
        ("smile", ("mouthSmileLeft", "mouthSmileRight"), GREEN),
        ("lip corners down", ("mouthFrownLeft", "mouthFrownRight"), BLUE),
        ("brow, inner up", ("browInnerUp",), ORANGE),
        ("brow down", ("browDownLeft", "browDownRight"), RED),
        ("cheeks, squint", ("cheekSquintLeft", "cheekSquintRight", "eyeSquintLeft", "eyeSquintRight"), BROWN),
    )
    top = 0.2
    for _, names, colour in curves:
        curve = _mean(take, names)
        top = max(top, float(curve.max()))
        axis.plot(_clock(take, FACE), curve, color=colour, lw=1.3)
    axis.set_ylim(0, top * 1.45)
    _spans(axis, [e for e in take.events if e.kind == "emotion"], top * 1.3)
    axis.set_ylabel("feeling", color=INK, fontsize=10)
    _colours(axis, [(name, colour) for name, _, colour in curves])


def _eyes(axis: Any, take: Performance) -> None:
    named = []
    reach = 12.0
    if GAZE in take.tracks:
        gaze = np.degrees(take.tracks[GAZE].values)
        axis.plot(_clock(take, GAZE), (gaze[:, 1] + gaze[:, 3]) / 2, color=BLUE, lw=1.3)
        axis.plot(_clock(take, GAZE), -(gaze[:, 0] + gaze[:, 2]) / 2, color=ORANGE, lw=1.1)
        reach = max(reach, float(np.abs(gaze).max()) * 1.1)
        named = [("to their left, °", BLUE), ("up, °", ORANGE)]
    if FACE in take.tracks:
        blinks = _mean(take, ("eyeBlinkLeft", "eyeBlinkRight"))
        axis.fill_between(_clock(take, FACE), -reach, -reach + blinks * reach * 0.9, color=INK, alpha=0.55, lw=0)
        named.append(("lids closing", INK))
    axis.set_ylim(-reach, reach)
    axis.axhline(0, color=FAINT, lw=0.8, zorder=0)
    axis.set_ylabel("eyes", color=INK, fontsize=10)
    _colours(axis, named)


def _head(axis: Any, take: Performance) -> None:
    angles = np.degrees(take.tracks[HEAD].values[:, :3])
    clock = _clock(take, HEAD)
    axis.plot(clock, -angles[:, 0], color=BLUE, lw=1.3)
    axis.plot(clock, angles[:, 1], color=ORANGE, lw=1.3)
    axis.plot(clock, angles[:, 2], color=GREEN, lw=1.0)
    reach = max(5.0, float(np.abs(angles).max()) * 1.35)
    axis.set_ylim(-reach, reach)
    axis.axhline(0, color=FAINT, lw=0.8, zorder=0)
    _spans(axis, [e for e in take.events if e.kind == "gesture"], reach * 0.84, crowded=0.3)
    axis.set_ylabel("head, °", color=INK, fontsize=10)
    _colours(axis, [("up", BLUE), ("to their left", ORANGE), ("left ear up", GREEN)])


def _dress(axis: Any) -> None:
    axis.grid(axis="x", color="#eceff3", lw=0.8)
    axis.set_axisbelow(True)
    axis.tick_params(colors="#6b7280", labelsize=8, length=0)
    for side in ("top", "right", "left"):
        axis.spines[side].set_visible(False)
    axis.spines["bottom"].set_color(FAINT)


def _colours(axis: Any, named: Sequence[tuple[str, str]]) -> None:
    """Writes the names of the curves in their colours, right of the panel."""
    for row, (name, colour) in enumerate(named):
        axis.annotate(
            name, (1, 1), (8, -4 - 13 * row), xycoords="axes fraction", textcoords="offset points", ha="left", va="top",
            fontsize=8.5, color=colour, annotation_clip=False,
        )  # fmt: skip


def _contacts(axis: Any, take: Performance) -> None:
    for event in take.events:
        if event.kind == "phone" and event.name in BILABIALS | LABIODENTALS:
            colour = RED if event.name in BILABIALS else VIOLET
            axis.axvspan(event.start_s, event.end_s, color=colour, alpha=0.1, lw=0, zorder=0)


def _spans(axis: Any, events: Sequence[Event], height: float, *, crowded: float = 0.6) -> None:
    """Writes events along the top of a panel, leaving out names that would run into each other."""
    together: dict[float, list[str]] = {}
    for event in events:
        together.setdefault(round(event.start_s, 2), []).append(event.name)
    free = -1.0
    for start_s, names in sorted(together.items()):
        name = ", ".join(dict.fromkeys(names))
        if start_s < free:
            continue
        axis.text(start_s, height, f" {name}", fontsize=7.5, color="#6b7280", va="center", clip_on=True)
        axis.plot([start_s] * 2, [height * 0.93, height * 1.07], color=FAINT, lw=1.0)
        free = start_s + max(crowded, 0.055 * len(name))


def _mean(take: Performance, names: Sequence[str]) -> Floats:
    track = take.tracks[FACE]
    return np.asarray(np.mean([track.column(name) for name in names], axis=0))


def _clock(take: Performance, name: str) -> Floats:
    track = take.tracks[name]
    return np.arange(len(track.values)) / track.rate_hz
