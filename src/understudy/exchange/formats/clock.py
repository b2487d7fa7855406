"""Times of captured rows: what a time code says, and where its rows fall on the frames of a take."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from understudy.base.channels import ANIMATION_RATE_HZ
from understudy.base.errors import BadInput

Floats = npt.NDArray[np.float64]

_BASES = (60.0, 24.0, 25.0, 30.0, 48.0, 50.0, 100.0, 120.0)
"""Frames a second that the last field of a time code may count; Live Link Face counts 60 unless told otherwise."""
_DAY_S = 86_400.0
LONGEST_GAP_S = 60.0
"""A capture that stops for longer than this is two captures, or its clock is broken."""
NEAR = 0.02
"""By how much the rate somebody states may differ from the time codes; 29.97 for 30 is one in a thousand."""


@dataclass(frozen=True, eq=False)
class Rows:
    """kept: which rows have a frame of their own. slots: the number of that frame at the animation rate."""

    kept: npt.NDArray[np.intp]
    slots: npt.NDArray[np.intp]


def timecode(time_s: float, rate_hz: float) -> str:
    """Returns HH:MM:SS:FF.fff, counting 60 frames a second where `rate_hz` divides 60, else that rate itself."""
    base = 60.0 if abs(60.0 / rate_hz - round(60.0 / rate_hz)) < 1e-9 else float(np.ceil(rate_hz - 1e-9))
    thousandths = round(time_s * base * 1000)
    whole, part = divmod(thousandths, round(base * 1000))
    return f"{whole // 3600 % 24:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}:{part // 1000:02d}.{part % 1000:03d}"


def seconds(texts: Sequence[str], lines: Sequence[int], where: str) -> Floats:
    """Returns the time of each row, seconds of the day, on past midnight. Raises BadInput with the line."""
    wholes, frames = np.zeros(len(texts)), np.zeros(len(texts))
    for row, (text, line) in enumerate(zip(texts, lines, strict=True)):
        parts = text.strip().replace(";", ":").split(":")
        try:
            hours, minutes, whole = (int(part) for part in parts[:3])
            frames[row] = float(parts[3])
        except (ValueError, IndexError):
            raise BadInput(
                f"Line {line} of {where} has the time code '{text}'; it should read HH:MM:SS:FF as in 13:04:59:30.250."
            ) from None
        wholes[row] = 3600 * hours + 60 * minutes + whole
    return _unrolled(wholes + frames / _base(wholes, frames))


def rate_of(times_s: Floats) -> float:
    """Returns how many rows a second there are, whatever was dropped: from the median step."""
    steps = np.diff(times_s)
    steps = steps[steps > 1e-6]
    return float(1 / np.median(steps)) if len(steps) else ANIMATION_RATE_HZ


def on_frames(times_s: Floats, lines: Sequence[int], where: str) -> Rows:
    """Returns the animation frame of every row: the nearest, or the next when that is taken and it is not a whole late.

    A row whose time repeats, or for which no frame is left, is not kept. Raises BadInput for a clock that runs
    backwards or stands still for more than a minute.
    """
    kept: list[int] = []
    slots: list[int] = []
    for row, time_s in enumerate(times_s - times_s[0]):
        exact = time_s * ANIMATION_RATE_HZ
        if slots and time_s + 1e-9 < times_s[kept[-1]] - times_s[0]:
            raise BadInput(
                f"The time code of line {lines[row]} of {where} is earlier than the one before; "
                "sort the rows, or export one capture at a time."
            )
        if slots and exact - slots[-1] > LONGEST_GAP_S * ANIMATION_RATE_HZ:
            raise BadInput(
                f"{where} stops for more than {LONGEST_GAP_S:.0f} s before line {lines[row]}; split it there."
            )
        slot = max(round(exact), slots[-1] + 1 if slots else 0)
        if slot - exact <= 1.0:
            kept.append(row)
            slots.append(slot)
    return Rows(np.array(kept, np.intp), np.array(slots, np.intp))


def _base(wholes: Floats, frames: Floats) -> float:
    """Returns the frames a second at which the steps over the turn of a second are like those within one."""
    turns, within = np.diff(wholes), np.diff(frames)
    at_turn = (turns == 1) | (turns < -_DAY_S / 2)
    inside = within[turns == 0]
    possible = [base for base in _BASES if base > frames.max()] or [float(np.ceil(frames.max() + 1e-6))]
    if not at_turn.any() or not len(inside):
        return possible[0]
    step = float(np.median(inside))
    errors = [float(np.median(np.abs(within[at_turn] + base - step))) for base in possible]
    return possible[int(np.argmin(errors))]


def _unrolled(times_s: Floats) -> Floats:
    """Returns times that go on past midnight."""
    steps = np.diff(times_s, prepend=times_s[:1])
    return np.asarray(times_s + _DAY_S * np.cumsum(steps < -_DAY_S / 2))
