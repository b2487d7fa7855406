"""Whom the eyes look at in talk: shares, bouts, the look away as a turn opens and the look back before it ends.

Listeners look at their partner for about three quarters of the time, speakers for less than half (Kendon 1967, Argyle &
Cook 1976), in bouts of about two seconds (Rogers 2018). The line of sight is taken from the head and eye tracks.
"""

import itertools

import numpy as np

from understudy.base.channels import GAZE, HEAD
from understudy.hub.performance import Performance
from understudy.hub.scores import Score, Scores
from understudy.judge.chance import Floats, banded, interval, share

ON_DEG = 5.0
"""A face at 1.1 m is as wide as this around the point between its eyes and mouth."""
PAUSE_S = 0.15
"""A look away shorter than this does not end a bout."""
ABOUT_S = 1.0
BEFORE_END_S = 0.2
SHARES = {"talking": (35.0, 55.0), "listening": (65.0, 85.0)}


def sight_deg(take: Performance) -> Floats:
    """Returns (frames, 2) pitch and yaw of the line of sight in the frame of the torso."""
    head = take.tracks[HEAD].values[:, :3].astype(np.float64)
    gaze = take.tracks[GAZE].values.astype(np.float64)
    pitch, yaw = gaze[:, 0], 0.5 * (gaze[:, 1] + gaze[:, 3])
    x, y, z = np.sin(yaw) * np.cos(pitch), -np.sin(pitch), np.cos(yaw) * np.cos(pitch)
    up, side, roll = head.T
    x, y = x * np.cos(roll) - y * np.sin(roll), x * np.sin(roll) + y * np.cos(roll)
    y, z = y * np.cos(up) - z * np.sin(up), y * np.sin(up) + z * np.cos(up)
    x, z = x * np.cos(side) + z * np.sin(side), -x * np.sin(side) + z * np.cos(side)
    return np.asarray(np.degrees(np.stack([-np.arcsin(np.clip(y, -1, 1)), np.arctan2(x, z)], axis=1)))


def on_partner(take: Performance, partner_deg: tuple[float, float]) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Returns (frames,) whether the line of sight rests on a partner who stands at pitch, yaw."""
    away = np.hypot(*(sight_deg(take) - np.array(partner_deg)).T)
    return np.asarray(away < ON_DEG)


def bouts_s(on: "np.ndarray[tuple[int], np.dtype[np.bool_]]", rate_hz: float) -> Floats:
    """Returns how long the looks last that both begin and end within the curve; short interruptions are bridged."""
    edges = np.flatnonzero(np.diff(on.astype(int)))
    runs: list[list[int]] = []
    for a, b in itertools.pairwise(edges):
        if not on[a + 1]:
            continue
        if runs and a - runs[-1][1] < PAUSE_S * rate_hz:
            runs[-1][1] = int(b)
        else:
            runs.append([int(a), int(b)])
    return np.array([b - a for a, b in runs], np.float64) / rate_hz


def judge_looks(take: Performance, state: str, partner_deg: tuple[float, float]) -> Scores:
    """Returns the rows of G2 for talking (turns are the take's line events) or listening."""
    rate_hz = take.tracks[GAZE].rate_hz
    on = on_partner(take, partner_deg)
    turns = turns_s(take)
    if state == "talking":
        parts = [on[round(a * rate_hz) : round(b * rate_hz)] for a, b in turns]
    else:
        parts = np.array_split(on, max(2, round(take.duration_s / 20)))
    shares = np.array([100 * p.mean() for p in parts if len(p)])
    lengths = bouts_s(on, rate_hz)
    scores: list[Score] = [
        banded(f"G2 on the partner, {state}", float(100 * np.concatenate(parts).mean()), SHARES[state], unit="%",
               n=len(shares), within=interval(shares), how=f"line of sight within {ON_DEG:g} degrees of the partner"),
        banded(f"G2 bouts, {state}", float(lengths.mean()) if len(lengths) else np.nan, (1.0, 4.0), unit="s",
               n=len(lengths), within=interval(lengths), how="mean length of a look at the partner"),
        share(f"G2 bouts of 0.5 to 6 s, {state}", (lengths >= 0.5) & (lengths <= 6.0), (90.0, np.inf),
              how="single looks; Rogers 2018 has a tail on both sides of 1 to 4 s"),
    ]  # fmt: skip
    if state == "talking":
        opened, back = [], []
        for start, end in turns:
            first, last = round(start * rate_hz), round(end * rate_hz)
            opened.append(not on[first : first + round(ABOUT_S * rate_hz)].all())
            back.append(bool(on[last - round(BEFORE_END_S * rate_hz) : last].all()))
        scores += [
            share("G2 looks away as a turn opens", opened, (60.0, np.inf), how=f"within {ABOUT_S:g} s of the voice"),
            share("G2 back 200 ms before a turn ends", back, (90.0, np.inf), how="on the partner until the voice ends"),
        ]
    return Scores(state, tuple(scores))


def turns_s(take: Performance) -> list[tuple[float, float]]:
    """Returns when the voice of each turn begins and ends: the phones of each line."""
    lines = [e for e in take.events if e.kind == "line"]
    spans: dict[float, tuple[float, float]] = {}
    for line in lines:  # a line that comes in pieces is one turn
        a, b = spans.get(line.value, (line.start_s, line.end_s))
        spans[line.value] = (min(a, line.start_s), max(b, line.end_s))
    starts, ends = (np.array([getattr(e, k) for e in take.events if e.kind == "phone"]) for k in ("start_s", "end_s"))
    out = []
    for a, b in spans.values():
        inside = (starts >= a - 1e-6) & (ends <= b + 1e-6)
        if inside.any():
            out.append((float(starts[inside].min()), float(ends[inside].max())))
    return sorted(out)
