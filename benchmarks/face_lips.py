"""Lips on the mesh of an actor: closures, bites, false closures, kinematics, with a flapper as the control.

    python benchmarks/face_lips.py [--actor emi] [--plot out.png] [recording.wav[:transcript.txt] ...]

Without arguments it speaks the hand-timed sentences of understudy.testing.speech, neutral and under each feeling.
"""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from understudy import face
from understudy.base.audio import read_sound
from understudy.base.channels import BILABIALS, EMOTIONS, FACE, LABIODENTALS, SHAPE_INDEX, SILENCE
from understudy.hub.actor import Persona
from understudy.hub.script import Direction
from understudy.hub.speech import Phone, Speech
from understudy.testing.lips import Ruler
from understudy.testing.speech import SENTENCES, spoken

CLOSED_MM, BITTEN_MM, NEAR_S = 0.3, 1.0, 0.06


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("recordings", nargs="*")
    parser.add_argument("--actor", default="emi")
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    ruler = Ruler.of(options.actor)
    print("$ python benchmarks/face_lips.py", *sys.argv[1:])
    print(
        f"{'what':28s} {'p b m':>9s} {'25 fps':>9s} {'f v':>9s} {'false':>6s} {'off ms':>10s} "
        f"{'2-7Hz':>6s} {'>7Hz':>6s} {'p95':>6s}"
    )
    sets = {"neutral": [spoken(s, number=i) for i, s in enumerate(SENTENCES.values())]}
    sets["fast"] = [spoken(s, number=i, rate=1.4) for i, s in enumerate(SENTENCES.values())]
    for emotion in EMOTIONS:
        direction = Direction(emotions={emotion: 1.0})
        sets[emotion] = [spoken(s, number=i, direction=direction) for i, s in enumerate(SENTENCES.values())]
    for given in options.recordings:
        sets[Path(given.split(":")[0]).name] = [_heard(given)]
    for name, speeches in sets.items():
        beats = face.animate(speeches, persona=Persona())
        curves = np.concatenate([beat.tracks[FACE].values for beat in beats]).astype(float)
        _report(name, curves, Speech.join(speeches).phones, ruler)
    flapper = Speech.join(sets["neutral"])
    _report("control: loudness flapper", _flap(flapper), flapper.phones, ruler)
    if options.plot:
        _plot(options.plot, sets["neutral"], ruler)


def _heard(given: str) -> Speech:
    from understudy import voice

    path, _, text = given.partition(":")
    return voice.listen(read_sound(Path(path)), Path(text).read_text() if text else None)


def _report(name: str, curves: np.ndarray, phones: Iterable[Phone], ruler: Ruler) -> None:
    phones = tuple(phones)
    gap = ruler.gap_mm(curves)[:, :3].mean(axis=1)
    bite = ruler.bite_mm(curves)
    times = np.arange(len(curves)) / 60
    closed, pictured, offset = [], [], []
    film_times = (np.arange(int(times[-1] * 25)) + 0.5) / 25
    film = np.interp(film_times, times, gap)
    for phone in (p for p in phones if p.name in BILABIALS):
        middle = (phone.start_s + phone.end_s) / 2
        near = np.abs(times - middle) <= NEAR_S
        closed.append(gap[near].min() <= CLOSED_MM)
        pictured.append(film[np.abs(film_times - middle) <= NEAR_S].min() <= CLOSED_MM)
        shut = times[near & (gap <= CLOSED_MM)]
        if len(shut):
            offset.append(shut.mean() - middle)
    middles = [(p.start_s + p.end_s) / 2 for p in phones if p.name in LABIODENTALS]
    bites = [bite[np.abs(times - middle) <= NEAR_S].min() <= BITTEN_MM for middle in middles]
    false = _false_closures(gap, times, phones)
    slow, fast, speed = kinematics(gap)
    late = 1000 * np.array(offset or [np.nan])
    print(
        f"{name:28s} {_share(closed):>9s} {_share(pictured):>9s} {_share(bites):>9s} {false:>6s} "
        f"{late.mean():5.0f}+-{late.std():3.0f} {slow:6.2f} {fast:6.3f} {speed:6.1f}"
    )


def _share(hits: list[bool]) -> str:
    return f"{100 * np.mean(hits):.0f} %/{len(hits)}" if hits else "-"


def _false_closures(gap: np.ndarray, times: np.ndarray, phones: tuple[Phone, ...]) -> str:
    """Returns the share of closures that belong to no /p b m/ (nor /f v/) and no pause over 0.15 s."""
    shut = gap <= CLOSED_MM
    starts = np.flatnonzero(shut & ~np.r_[False, shut[:-1]])
    wrong = total = 0
    for start in starts:
        end = start + int(np.argmin(np.r_[shut[start:], False]))
        middle = times[min((start + end) // 2, len(times) - 1)]
        total += 1
        wrong += not any(
            p.start_s - 0.05 <= middle <= p.end_s + 0.05
            for p in phones
            if p.name in BILABIALS | LABIODENTALS or (p.name == SILENCE and p.end_s - p.start_s > 0.15)
        )
    return f"{100 * wrong / max(1, total):.0f} %"


def kinematics(gap: np.ndarray, rate_hz: float = 60.0) -> tuple[float, float, float]:
    """Returns the power share of 2-7 Hz, of over 7 Hz, and the 95th percentile of speed in full ranges a second."""
    power = np.abs(np.fft.rfft((gap - gap.mean()) * np.hanning(len(gap)))) ** 2
    hz = np.fft.rfftfreq(len(gap), 1 / rate_hz)
    span = np.percentile(gap, 98) - np.percentile(gap, 2)
    speed = np.abs(np.gradient(gap)) * rate_hz / span
    total = power[hz > 0.1].sum()
    return power[(hz >= 2) & (hz <= 7)].sum() / total, power[hz > 7].sum() / total, np.percentile(speed, 95)


def _flap(speech: Speech) -> np.ndarray:
    """Returns a mouth that opens with loudness and knows no phones."""
    loud = speech.prosody.at(np.arange(round(speech.duration_s * 60)) / 60)[:, 1]
    curves = np.zeros((len(loud), 52))
    curves[:, SHAPE_INDEX["jawOpen"]] = np.clip((loud + 45) / 60, 0, 1)
    return curves


def _plot(path: Path, speeches: list[Speech], ruler: Ruler) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(len(speeches), 1, figsize=(18, 3.2 * len(speeches)))
    for axis, speech in zip(axes, speeches, strict=True):
        beat = next(iter(face.animate([speech], persona=Persona())))
        curves = beat.tracks[FACE].values.astype(float)
        times = np.arange(len(curves)) / 60
        axis.plot(times, ruler.gap_mm(curves)[:, :3].mean(axis=1) / 20, "k", lw=2, label="gap / 20 mm")
        shown = ("jawOpen", "mouthPucker", "mouthFunnel", "mouthRollLower", "mouthPressLeft", "mouthStretchLeft")
        for name in shown:
            axis.plot(times, curves[:, SHAPE_INDEX[name]], lw=1, label=name)
        for phone in speech.phones:
            axis.axvline(phone.start_s, color="0.85", lw=0.5)
            axis.text((phone.start_s + phone.end_s) / 2, 0.95, phone.name, ha="center", fontsize=8)
        axis.set(ylim=(-0.12, 1), xlim=(0, speech.duration_s))
    axes[0].legend(ncol=8, fontsize=7, loc="lower right")
    figure.tight_layout()
    figure.savefig(path, dpi=70)


if __name__ == "__main__":
    main()
