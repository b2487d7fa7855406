"""Two takes held against each other: how far apart they are, and in what, in words and figures."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from understudy.base.channels import EMOTIONS, FACE, GAZE, HEAD, SHAPE_INDEX
from understudy.hub.matching import Matching, match
from understudy.hub.performance import Performance
from understudy.hub.scores import Score, Scores
from understudy.judge.lips import aperture
from understudy.judge.loudness import pitch_track

Floats = npt.NDArray[np.float64]

SCALES = {"timing": 0.12, "pitch": 2.0, "loudness": 3.0, "face": 0.08, "head": 3.0, "gaze": 8.0}
"""What counts as one step apart: a log ratio of phone lengths, semitones, dB, weights of brows, lids and corners,
degrees."""
UPPER = tuple(
    i for name, i in SHAPE_INDEX.items()
    if name.startswith(("brow", "cheekSquint", "noseSneer", "mouthSmile", "mouthFrown", "eyeWide", "eyeSquint"))
)  # fmt: skip
SMILE = ("mouthSmileLeft", "mouthSmileRight")
FROWN = ("browDownLeft", "browDownRight")
_STEP_S = 1 / 30


@dataclass(frozen=True)
class Row:
    """One figure of both takes. words: what it means for somebody who looks, '' when they are alike."""

    name: str
    first: float
    second: float
    unit: str
    words: str = ""

    def __str__(self) -> str:
        return f"{self.name:<24} {self.first:>8.2f} {self.second:>8.2f} {self.unit:<10} {self.words}".rstrip()


def distance(first: Performance, second: Performance) -> Scores:
    """Returns how far apart two takes of the same words are, in steps, by what differs and as a whole.

    Both are laid on each other phone by phone, so a slower take is apart in timing and not in everything. The whole is
    the root mean square of the parts.
    """
    matching = match(first, second)
    parts = _parts(first, second, matching)
    scores = [Score(name, value / SCALES[name], "steps", how=_HOWS[name]) for name, value in parts.items()]
    whole = float(np.sqrt(np.mean([s.value**2 for s in scores]))) if scores else float("nan")
    return Scores("distance", (Score("whole", whole, "steps", how="root mean square of the parts"), *scores))


_HOWS = {
    "timing": "rms log ratio of the lengths of the same phones",
    "pitch": "rms difference of F0 where both are voiced",
    "loudness": "rms difference of level while speaking",
    "face": "rms difference of brows, lids, cheeks and corners of the mouth",
    "head": "rms difference of its angles",
    "gaze": "rms difference of the line of sight",
}


def _parts(first: Performance, second: Performance, matching: Matching) -> dict[str, float]:
    times = np.arange(0.0, first.duration_s, _STEP_S)
    other = matching.to_second(times)
    parts: dict[str, float] = {}
    spans = matching.spans
    if len(spans):
        parts["timing"] = _rms(np.log((spans[:, 3] - spans[:, 2]) / (spans[:, 1] - spans[:, 0])))
    a, b = _pitch(first), _pitch(second)
    here, there = _at(a, times), _at(b, other)
    voiced = (here > 0) & (there > 0)
    if voiced.any():
        parts["pitch"] = _rms(12 * np.log2(here[voiced] / there[voiced]))
    loud, louder = _at(_level(first), times), _at(_level(second), other)
    speaking = np.maximum(loud, louder) > -45
    if speaking.any():
        parts["loudness"] = _rms((loud - louder)[speaking])
    if FACE in first.tracks and FACE in second.tracks:
        change = first.tracks[FACE].at(times)[:, UPPER] - second.tracks[FACE].at(other)[:, UPPER]
        parts["face"] = _rms(change)
    if HEAD in first.tracks and HEAD in second.tracks:
        turned = first.tracks[HEAD].at(times)[:, :3] - second.tracks[HEAD].at(other)[:, :3]
        parts["head"] = _rms(np.degrees(turned))
        if GAZE in first.tracks and GAZE in second.tracks:
            eyes = first.tracks[GAZE].at(times)[:, :2] - second.tracks[GAZE].at(other)[:, :2]
            parts["gaze"] = _rms(np.degrees(eyes + turned[:, :2]))
    return parts


def compare(first: Performance, second: Performance) -> tuple[Row, ...]:
    """Returns what differs between two takes, figure by figure, with words where somebody would notice."""
    a, b = _figures(first), _figures(second)
    rows = []
    for name, (value, unit, least, more, less) in a.items():
        if name not in b:
            continue
        other = b[name][0]
        apart = other - value
        words = "" if abs(apart) < least else (more if apart > 0 else less)
        rows.append(Row(name, value, other, unit, words))
    return tuple(rows)


def told(first: Performance, second: Performance) -> tuple[str, ...]:
    """Returns the differences of two takes as sentences: the text, the lines' feelings, the longest changes of time."""
    matching = match(first, second)
    out: list[str] = []
    if matching.words[2] < max(matching.words[:2]):
        out.append(
            f"The words differ: {matching.words[2]} are the same of {matching.words[0]} and {matching.words[1]}."
        )
    out += _notes(first, second)
    out += _timing(first, second, matching)
    return tuple(out)


def _notes(first: Performance, second: Performance) -> list[str]:
    said = [tuple(n.words for n in t.book.facts.notes) if t.book is not None else () for t in (first, second)]
    if said[0] == said[1][: len(said[0])]:
        return [f"The second was given the note '{words}'." for words in said[1][len(said[0]) :]]
    return [
        f"The {which} was given the notes {', '.join(repr(w) for w in s)}."
        for which, s in zip(("first", "second"), said, strict=True)
        if s
    ]


def _timing(first: Performance, second: Performance, matching: Matching) -> list[str]:
    """Tells where the clocks part most: pauses and words."""
    words = sorted((e for e in first.events if e.kind == "word"), key=lambda e: e.start_s)
    found: list[tuple[float, str]] = []
    for number, word in enumerate(words):
        before = words[number - 1].end_s if number else 0.0
        pause = word.start_s - before
        there = float(np.diff(matching.to_second([before, word.start_s]))[0])
        if abs(there - pause) > 0.12:
            size = abs(there - pause)
            found.append((size, f"The pause before '{word.name}' lasts {there:.2f} s instead of {pause:.2f} s."))
        own, other = word.end_s - word.start_s, float(np.diff(matching.to_second([word.start_s, word.end_s]))[0])
        if own > 0.05 and not 0.75 < other / own < 1.34:
            found.append((abs(other - own) / 2, f"'{word.name}' lasts {other:.2f} s instead of {own:.2f} s."))
    return [sentence for _, sentence in sorted(found, reverse=True)[:6]]


def _figures(take: Performance) -> dict[str, tuple[float, str, float, str, str]]:
    """Returns name -> (value, unit, what is noticed, words for more, words for less)."""
    words = [e for e in take.events if e.kind == "word"]
    out: dict[str, tuple[float, str, float, str, str]] = {}
    out["length"] = take.duration_s, "s", 0.2, "longer", "shorter"
    if words:
        spoken = sum(w.end_s - w.start_s for w in words)
        out["words a minute spoken"] = 60 * len(words) / max(spoken, 0.1), "/min", 6, "spoken faster", "spoken slower"
        out["silence"] = take.duration_s - spoken, "s", 0.2, "more silence", "less silence"
    f0 = _pitch(take)
    voiced = f0[f0 > 0]
    if len(voiced) > 5:
        out["pitch, median"] = float(np.median(voiced)), "Hz", 5, "higher voice", "lower voice"
        spread = 12 * float(np.log2(np.percentile(voiced, 90) / np.percentile(voiced, 10)))
        out["pitch, range"] = spread, "semitones", 0.8, "livelier melody", "flatter melody"
    loud = _level(take)
    if (loud > -45).any():
        out["level"] = float(np.mean(loud[loud > -45])), "dB", 1.0, "louder", "softer"
    for name in EMOTIONS:
        out[f"asked: {name}"] = _asked(take, name), "", 0.03, f"more {name}", f"less {name}"
    out = {name: row for name, row in out.items() if not name.startswith("asked") or row[0] > 0.005}
    if FACE in take.tracks:
        face = take.tracks[FACE]
        out["smile"] = _mean(take, SMILE), "", 0.02, "smiles more", "smiles less"
        out["brows down"] = _mean(take, FROWN), "", 0.02, "frowns more", "frowns less"
        out["inner brows up"] = float(face.column("browInnerUp").mean()), "", 0.02, "brows more raised", "brows lower"
        out["lip opening, p95"] = (
            float(np.percentile(aperture(take), 95)),
            "",
            0.03,
            "mouth opens more",
            "mouth opens less",
        )
        blinks = 60 * sum(e.kind == "blink" for e in take.events) / max(take.duration_s, 0.1)
        out["blinks"] = blinks, "/min", 5, "blinks more", "blinks less"
    looks = sorted((e for e in take.events if e.kind == "gaze"), key=lambda e: e.start_s)
    if looks:
        ends = [*(e.start_s for e in looks[1:]), take.duration_s]
        on = sum(b - e.start_s for e, b in zip(looks, ends, strict=True) if e.name in ("partner", "camera"))
        out["eyes on the partner"] = (
            100 * on / max(take.duration_s, 0.1),
            "%",
            8,
            "holds the look more",
            "looks away more",
        )
    if HEAD in take.tracks:
        angles = np.degrees(take.tracks[HEAD].values[:, :3])
        speed = np.sqrt((np.diff(angles, axis=0) ** 2).sum(axis=1).mean()) * take.tracks[HEAD].rate_hz
        out["head, speed"] = float(speed), "°/s", 1.5, "head moves more", "head is stiller"
    return out


def _asked(take: Performance, name: str) -> float:
    """Returns the weight of an emotion over the take: each holds until the next are asked for."""
    asked = [e for e in take.events if e.kind == "emotion"]
    starts = sorted({round(e.start_s, 3) for e in asked})
    ends = dict(zip(starts, [*starts[1:], take.duration_s], strict=True)) if starts else {}
    own = [e for e in asked if e.name == name]
    return sum(e.value * (ends[round(e.start_s, 3)] - e.start_s) for e in own) / max(take.duration_s, 0.1)


def _mean(take: Performance, names: tuple[str, ...]) -> float:
    return float(np.mean([take.tracks[FACE].column(name).mean() for name in names]))


def _pitch(take: Performance) -> Floats:
    return np.asarray(pitch_track(take.sound) if take.sound.duration_s > 0.2 else np.zeros(1), np.float64)


def _level(take: Performance) -> Floats:
    """Returns the level in dB of full scale, 100 a second."""
    step = take.sound.rate_hz // 100
    samples = take.sound.samples[: len(take.sound.samples) // step * step].reshape(-1, step).astype(np.float64)
    power = np.convolve((samples**2).mean(axis=1), np.ones(5) / 5, mode="same") if len(samples) else np.zeros(1)
    return np.asarray(10 * np.log10(power + 1e-9))


def _at(curve: Floats, times: Floats) -> Floats:
    return np.asarray(curve[np.clip((times * 100).astype(int), 0, len(curve) - 1)])


def _rms(values: npt.NDArray[np.floating]) -> float:
    return float(np.sqrt(np.mean(np.asarray(values, np.float64) ** 2)))
