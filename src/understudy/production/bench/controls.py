"""Negative controls: mouths and films that are wrong on purpose. A metric that does not notice is not one."""

from collections.abc import Iterator, Sequence

import numpy as np

from understudy.hub.scores import Score
from understudy.judge.chance import banded, interval, share
from understudy.judge.closing import closing
from understudy.judge.following import GRID_HZ, best_lag, in_step
from understudy.judge.kinematics import kinematics
from understudy.production.bench.clips import Clip, Said
from understudy.production.bench.mouths import Mouth, flapper, gaping, on_grid, voiced_span_s

DELAY_S = 0.150
EDGE_S = 0.08
"""Opening from rest and closing to it are alike in all speech, so they are left out where speech is told apart."""


def controls(mouth: Mouth, clips: Sequence[Clip], said: Sequence[Said]) -> Iterator[Score]:
    """Yields rows that pass when the wrong mouth fails its metric."""
    if len(clips) > 1:
        yield from shuffled(mouth, clips)
        yield delayed(mouth, clips)
    else:
        yield delayed_itself(mouth, said)
    yield gape(said)
    yield from flap(said)


def shuffled(mouth: Mouth, clips: Sequence[Clip]) -> list[Score]:
    """Returns L1 with the sounds of other clips, laid onset on onset, while the talker speaks; and over whole clips.

    Sentences of one form spoken at one pace open and rest together, so whole clips of a corpus such as GRID resemble
    each other: the second figure is how much of L1 that alone gives.
    """
    curves = [mouth.follow(clip.sound, clip.text) for clip in clips]
    spans = [(start + EDGE_S, end - EDGE_S) for start, end in (voiced_span_s(clip.sound) for clip in clips)]
    pairs = [(i, j) for i in range(len(clips)) for j in range(len(clips)) if i != j]
    laid = np.array([
        in_step(curves[i].later(spans[j][0] - spans[i][0]), clips[j].real, between_s=spans[j]) for i, j in pairs
    ])  # fmt: skip
    whole = np.array([in_step(curves[i], clips[j].real) for i, j in pairs])
    own = np.array([in_step(curves[i], clips[i].real, between_s=spans[i]) for i in range(len(clips))])
    return [
        banded("control L1, sound of another clip", float(np.nanmean(laid)), (-0.15, 0.15), unit="r", n=len(pairs),
               within=interval(laid), how="while speaking, onset on onset, all ordered pairs of clips"),
        banded("control L1, its own sound", float(np.nanmean(own)), (0.15, np.inf), unit="r", n=len(own),
               within=interval(own), how="while speaking: what the row above must stay below", judged=False),
        banded("control L1, sound of another clip, whole clips", float(np.nanmean(whole)), (-np.inf, np.inf), unit="r",
               n=len(pairs), within=interval(whole), how="what sentences of one form give L1 by their form alone",
               judged=False),
    ]  # fmt: skip


def delayed(mouth: Mouth, clips: Sequence[Clip]) -> Score:
    """Returns what L7's measure says of mouths made 150 ms late, against what it said of them before."""
    gaps = []
    for clip in clips:
        curve = mouth.follow(clip.sound, clip.text)
        gaps.append(best_lag(curve.later(DELAY_S), clip.real, 0.5)[0] - best_lag(curve, clip.real, 0.5)[0])
    return _late(gaps, "lag against the real lips, late minus in time")


def delayed_itself(mouth: Mouth, said: Sequence[Said]) -> Score:
    """Returns the same on utterances, a mouth against itself."""
    curves = [mouth.follow(one.sound, one.text) for one in said[:4]]
    return _late([best_lag(c.later(DELAY_S), c, 0.5)[0] for c in curves], "lag of a mouth against itself, made late")


def gape(said: Sequence[Said]) -> Score:
    """Returns L4 of a mouth that stands open: nothing shuts."""
    shut = [closing(on_grid(gaping(s.sound, None), s.sound.duration_s), GRID_HZ, s.phones).shut for s in said]
    return share("control L4, a mouth that stands open", np.concatenate(shut), (-np.inf, 0.0), how="must shut nothing")


def flap(said: Sequence[Said]) -> list[Score]:
    """Returns L5 and L8 of a mouth that opens with loudness; either must fail."""
    wrong, runs, speeds, fast = 0, 0, [], []
    for one in said:
        curve = on_grid(flapper().follow(one.sound, None), one.sound.duration_s)
        found = closing(curve, GRID_HZ, one.phones)
        wrong, runs = wrong + found.wrong, runs + found.runs
        moved = kinematics(curve, GRID_HZ)
        speeds.append(moved.speed)
        fast.append(moved.fast)
    return [
        banded("control L5, a mouth that flaps with loudness", 100 * wrong / max(1, runs), (10.0, np.inf), unit="%",
               n=runs, how="closures nothing asked for; must be more than L5 allows"),
        banded("control L8, a mouth that flaps with loudness", float(np.mean(fast)), (0.05, np.inf), unit="share",
               n=len(fast), within=interval(fast), how=f"power above 7 Hz; p95 speed {np.mean(speeds):.1f} ranges/s"),
    ]  # fmt: skip


def _late(gaps: list[float], how: str) -> Score:
    values = 1000 * np.array(gaps)
    return banded("control L7, a mouth 150 ms late", float(np.mean(values)), (130.0, 170.0), unit="ms", n=len(values),
                  within=interval(values), how=how)  # fmt: skip
