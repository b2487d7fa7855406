"""A mouth is anything that opens with a sound: a subject's lips on the actor's mesh, a peer's visemes, a control."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from understudy.base.audio import Audio
from understudy.base.channels import SILENCE
from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.performance import Performance
from understudy.hub.scores import Score
from understudy.hub.speech import Speech
from understudy.judge.chance import Floats, banded, interval, share
from understudy.judge.closing import closing, from_shut
from understudy.judge.following import GRID_HZ, Curve, best_lag, in_step
from understudy.judge.kinematics import kinematics
from understudy.judge.lips import aperture
from understudy.production.bench.clips import Clip, Said
from understudy.production.bench.subject import Subject

Follow = Callable[[Audio, str | None], Curve]
NO_FLOOR, NO_CEILING = -np.inf, np.inf


@dataclass(frozen=True)
class Mouth:
    """name; follow: (sound, text or None) -> lip opening, 0 shut; judged: whether the targets are meant for it."""

    name: str
    follow: Follow
    judged: bool = True


@lru_cache(maxsize=4)
def body_of(actor: str) -> Body:
    """Returns an actor's body, decoded once."""
    return Body.decode(Actor.open(actor).body_glb, f"the body of {actor}")


def opening(take: Performance, actor: str) -> Curve:
    """Returns the lip opening of a take on its actor's mesh in mm, pressed lips counting as shut."""
    gap = np.maximum(aperture(take, body_of(actor)), 0.0)
    return Curve.at_rate(gap, take.tracks["face"].rate_hz)


def lips_of(subject: Subject) -> Mouth:
    """Returns the mouth of a subject."""
    return Mouth(subject.name, lambda sound, text: opening(subject.animate(sound, text), subject.actor))


def flapper() -> Mouth:
    """Returns the control that opens with loudness and knows no phones."""
    return Mouth("control: loudness flapper", lambda sound, text: loudness(sound), judged=False)


def gaping(sound: Audio, text: str | None) -> Curve:
    """Returns the control that stands open."""
    return Curve.at_rate(np.full(max(2, round(sound.duration_s * GRID_HZ)), 10.0), GRID_HZ)


def loudness(sound: Audio) -> Curve:
    """Returns the RMS of 40 ms windows of a sound at GRID_HZ, as an opening."""
    step = round(sound.rate_hz / GRID_HZ)
    power = np.convolve(sound.samples.astype(np.float64) ** 2, np.ones(4 * step) / (4 * step), "same")[::step]
    return Curve.at_rate(np.sqrt(power), GRID_HZ)


def following(mouth: Mouth, clips: Sequence[Clip], *, with_text: bool, row: str = "L1", what: str = "") -> list[Score]:
    """Returns L1: how the mouth's opening follows real lips; thresholds by track, A sound alone and B with the text."""
    rows = [_followed(mouth, clip, with_text) for clip in clips]
    steps, bests, lags = np.array(rows).T
    track = "B, sound and text" if with_text else "A, sound alone"
    named = f"{track}{what}: {mouth.name}"
    within = interval(steps)
    single = ", ".join(f"{c.name} {r:.2f}" for c, r in zip(clips, steps, strict=True))
    scores = [
        banded(f"{row} r in step, {named}", float(steps.mean()), (0.70 if with_text else 0.62, NO_CEILING), unit="r",
               n=len(clips), within=within, how=single, judged=mouth.judged),
        banded(f"{row} r at the best lag, {named}", float(np.nanmean(bests)), (NO_FLOOR, NO_CEILING), unit="r",
               n=len(clips), within=interval(bests), how=f"mean lag {1000 * np.nanmean(lags):+.0f} ms", judged=False),
    ]  # fmt: skip
    if with_text:
        scores.insert(
            1,
            banded(f"{row} lower end of the interval, {named}", within[0], (0.60, NO_CEILING), unit="r", n=len(clips),
                   how="95 %, resampling clips", judged=mouth.judged),
        )  # fmt: skip
    return scores


def closings(mouth: Mouth, said: Sequence[Said], *, with_text: bool, what: str = "") -> list[Score]:
    """Returns L4, L5 and L8 on utterances with phone times."""
    shut: list[Floats] = []
    wrong, runs, moved = [], [], []
    for one in said:
        values = on_grid(mouth.follow(one.sound, one.text if with_text else None), one.sound.duration_s)
        found = closing(values, GRID_HZ, one.phones)
        shut.append(found.shut.astype(np.float64))
        wrong.append(found.wrong)
        runs.append(found.runs)
        moved.append(kinematics(values, GRID_HZ, one.phones))
    track = "B, sound and text" if with_text else "A, sound alone"
    named = f"{track}{what}: {mouth.name}"
    closures = np.stack([wrong, runs], axis=1).astype(np.float64)
    false = 100 * sum(wrong) / sum(runs) if sum(runs) else 0.0

    def ratio(rows: Floats) -> float:
        return float(100 * rows[:, 0].sum() / max(1.0, rows[:, 1].sum()))

    scores = [
        share(f"L4 /p b m/ shut, {named}", np.concatenate(shut) > 0, (100.0 if with_text else 90.0, NO_CEILING),
              how="opening under 15 % of the clip's range within 60 ms", judged=mouth.judged),
        banded(f"L5 closures nothing asked for, {named}", false, (NO_FLOOR, 10.0), unit="%", n=int(sum(runs)),
               within=interval(closures, ratio), how=f"{sum(wrong)} of {sum(runs)}", judged=mouth.judged),
    ]  # fmt: skip
    for name, unit, band, moves in (
        ("power at 2-7 Hz", "share", (0.25, 0.60), [m.syllables for m in moved]),
        ("power above 7 Hz", "share", (NO_FLOOR, 0.05), [m.fast for m in moved]),
        ("p95 of lip speed", "ranges/s", (8.0, 14.0), [m.speed for m in moved]),
    ):
        scores.append(
            banded(f"L8 {name}, {named}", float(np.mean(moves)), band, unit=unit, n=len(moves),
                   within=interval(moves), how="mean of utterances", judged=mouth.judged)
        )  # fmt: skip
    jitter = [m.jitter for m in moved if np.isfinite(m.jitter)]
    if jitter:
        scores.append(
            banded(f"L8 jitter in silence, {named}", 100 * float(np.max(jitter)), (NO_FLOOR, 1.0), unit="% range",
                   n=len(jitter), how="greatest of utterances", judged=mouth.judged)
        )  # fmt: skip
    return scores


def real_talkers(clips: Sequence[Clip]) -> list[Score]:
    """Returns L4, L5 and L8 of the real lips themselves, by our aligner's phones: what the targets ask of people."""
    from understudy import voice

    moved = [kinematics(c.real.values, 1 / float(np.median(np.diff(c.real.times_s)))) for c in clips]
    heard = [(c, voice.listen(c.sound, c.text)) for c in clips]
    found = [
        closing(from_shut(on_grid(c.real, float(c.real.times_s[-1]))), GRID_HZ, s.phones)
        for c, s in heard
        if s.timing == "aligned"
    ]
    scores = [
        share("L4 /p b m/ shut, the real talkers", np.concatenate([f.shut for f in found]), (100.0, NO_CEILING),
              how="above the 2nd percentile of their own opening; clips whose text is found", judged=False),
        banded("L5 closures nothing asked for, the real talkers",
               100 * sum(f.wrong for f in found) / max(1, sum(f.runs for f in found)), (NO_FLOOR, 10.0), unit="%",
               n=sum(f.runs for f in found), judged=False),
    ] if found else []  # fmt: skip
    return scores + [
        banded(f"L8 {name}, the real talkers", float(np.mean(values)), (NO_FLOOR, NO_CEILING), unit=unit, n=len(values),
               within=interval(values), how="tracked at the rate of their film", judged=False)
        for name, unit, values in (
            ("power at 2-7 Hz", "share", [m.syllables for m in moved]),
            ("power above 7 Hz", "share", [m.fast for m in moved]),
            ("p95 of lip speed", "ranges/s", [m.speed for m in moved]),
        )
    ]  # fmt: skip


def voiced_span_s(sound: Audio) -> tuple[float, float]:
    """Returns when a sound is first and last louder than a twentieth of its loudest 40 ms."""
    level = loudness(sound).values
    loud = np.flatnonzero(level > 0.05 * level.max())
    return float(loud[0]) / GRID_HZ, float(loud[-1]) / GRID_HZ


def spoken_span_s(speech: Speech) -> tuple[float, float]:
    """Returns when the first phone that is no silence begins and the last one ends; level alone says so of no film
    with noise in it."""
    phones = [p for p in speech.phones if p.name != SILENCE]
    return (phones[0].start_s, phones[-1].end_s) if phones else (0.0, speech.duration_s)


def on_grid(curve: Curve, duration_s: float) -> Floats:
    """Returns a curve at GRID_HZ from 0 to the end of its sound."""
    return curve.at(np.arange(max(2, round(duration_s * GRID_HZ))) / GRID_HZ)


def _followed(mouth: Mouth, clip: Clip, with_text: bool) -> tuple[float, float, float]:
    curve = mouth.follow(clip.sound, clip.text if with_text else None)
    lag, best = best_lag(curve, clip.real)
    step = in_step(curve, clip.real)
    return (step if np.isfinite(step) else 0.0), best, lag
