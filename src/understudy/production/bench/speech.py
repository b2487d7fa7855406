"""Rows L6, L9, T1, E2, C1: what a subject's takes of known speech are worth beyond opening and closing."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from understudy.base.audio import Audio
from understudy.base.channels import EMOTIONS
from understudy.hub.performance import Performance
from understudy.hub.scores import Score
from understudy.hub.script import Direction, Line
from understudy.hub.speech import Speech
from understudy.judge.chance import banded, interval, unmeasured
from understudy.judge.closing import closing
from understudy.judge.following import GRID_HZ, Curve, in_step
from understudy.judge.hygiene import judge_capture, judge_weights
from understudy.judge.phone_times import judge_times
from understudy.judge.shaping import judge_shaping
from understudy.production.bench.clips import Clip, Said
from understudy.production.bench.mouths import body_of, on_grid, opening, spoken_span_s
from understudy.production.bench.subject import Subject
from understudy.production.bench.turns import SENTENCES, spoken

GAINS_DB = (-12.0, -6.0, 6.0, 12.0)
EFFORTS = (
    ("whispered", Direction(whisper=1.0, loudness_db=-8.0, energy=-0.6)),
    ("soft", Direction(loudness_db=-7.0, energy=-0.5)),
    ("plain", Direction()),
    ("loud", Direction(loudness_db=5.0, energy=0.5)),
    ("shouted", Direction(loudness_db=10.0, energy=1.0, emotions={"anger": 0.6})),
)
LEVEL_RMS = 0.08


def takes_of(subject: Subject, said: Sequence[Said], *, with_text: bool = True) -> list[Performance]:
    """Returns the subject's takes of utterances."""
    return [subject.animate(one.sound, one.text if with_text else None) for one in said]


def shaping(subject: Subject, takes: list[Performance]) -> Iterator[Score]:
    """Yields L6."""
    yield from judge_shaping(takes, body_of(subject.actor))


def times(takes: Sequence[Performance], said: Sequence[Said]) -> list[Score]:
    """Returns T1 on utterances whose engine knows its times."""
    if not all(one.exact for one in said):
        return [unmeasured("T1 phone times", "a voice that knows them: apt-get install libflite1")]
    pairs = [(one.phones, [e for e in take.events if e.kind == "phone"]) for take, one in zip(takes, said, strict=True)]
    return judge_times(pairs, "voices with exact times")


def hygiene(takes: list[Performance], media: Path | None) -> Iterator[Score]:
    """Yields C1."""
    yield from judge_weights(takes)
    captures = sorted((media / "livelink").glob("*.csv")) if media is not None else []
    for capture in captures:
        yield judge_capture(capture)
    if not captures:
        yield unmeasured("C1 there and back", "Live Link Face recordings in livelink/ at --media")


def effort(subject: Subject, sentences: Sequence[str] = SENTENCES[:3]) -> list[Score]:
    """Returns L9: the mouth opens with effort, not with gain. Effort is played by the actor's voice, level evened."""
    from scipy.stats import spearmanr

    scores = []
    names = ", ".join(name for name, _ in EFFORTS)
    for with_text in (True, False):
        changes, ranks, told = [], [], []
        for words in sentences:
            text = words if with_text else None
            plain = spoken(words, subject.actor).audio
            spans = [_span(subject, _gained(plain, gain), text) for gain in (0.0, *GAINS_DB)]
            changes += [100 * abs(span / spans[0] - 1) for span in spans[1:]]
            worn = [_span(subject, _evened(spoken(words, subject.actor, "", d).audio), text) for _, d in EFFORTS]
            ranks.append(float(spearmanr(range(len(worn)), worn).statistic))
            told.append("/".join(f"{span:.1f}" for span in worn))
        track = "B, sound and text" if with_text else "A, sound alone"
        scores += [
            banded(f"L9 opening follows effort, {track}", float(np.mean(ranks)), (0.8, np.inf), unit="rho",
                   n=len(ranks), within=interval(ranks), how=f"range in mm, {names}: {'; '.join(told)}"),
            banded(f"L9 opening ignores gain, {track}", float(np.max(changes)), (-np.inf, 5.0), unit="%",
                   n=len(changes), within=interval(changes),
                   how="greatest change of range at +-6 and +-12 dB (interval: of the mean)"),
        ]  # fmt: skip
    return scores


def feelings(subject: Subject, said: Sequence[Said], clips: Sequence[Clip]) -> list[Score]:
    """Returns E2: what each full feeling costs the lips, on our stage."""
    from understudy import voice

    heard = [(one, voice.listen(one.sound, one.text)) for one in said]
    filmed = [(clip, voice.listen(clip.sound, clip.text)) for clip in clips]

    def played(speech: Speech, feeling: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        direction = Direction(emotions={feeling: 1.0} if feeling else {})
        line = Line(speech.line.text if speech.line else "", subject.actor.upper(), direction=direction)
        curve = opening(subject.stage([replace(speech, line=line)]), subject.actor)
        return on_grid(curve, speech.duration_s)

    def shut(feeling: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return np.concatenate([closing(played(s, feeling), GRID_HZ, one.phones).shut for one, s in heard])

    plain = shut("")
    lost = {feeling: int((plain & ~shut(feeling)).sum()) for feeling in EMOTIONS}
    worst = max(lost, key=lambda name: lost[name])
    told = ", ".join(f"{name} {count}" for name, count in lost.items())
    scores = [
        banded("E2 closures lost to a full feeling", float(lost[worst]), (-np.inf, 0.0), unit="lost",
               n=int(plain.sum()), how=f"worst: {worst}; {told}")
    ]  # fmt: skip
    if not filmed:
        return [*scores, unmeasured("E2 fall of L1 under a full feeling", "filmed talkers, grid/ at --media")]

    def followed(feeling: str) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        rows = []
        for clip, s in filmed:
            curve = Curve.at_rate(played(s, feeling), GRID_HZ)
            rows.append((in_step(curve, clip.real, between_s=spoken_span_s(s)), in_step(curve, clip.real)))
        return np.array(rows)

    before = followed("")
    falls = {feeling: before - followed(feeling) for feeling in EMOTIONS}
    for column, row, judged, of in (
        (0, "E2 fall of L1 under a full feeling", True, "from the first phone to the last"),
        (1, "E2 fall of L1 under a full feeling, with the silence around", False,
         "the filmed talkers wait with shut lips, a smile or a surprise does not"),
    ):  # fmt: skip
        fall = {name: rows[:, column] for name, rows in falls.items()}
        worst = max(fall, key=lambda name: float(fall[name].mean()))
        told = ", ".join(f"{name} {float(values.mean()):+.3f}" for name, values in fall.items())
        scores.append(
            banded(row, float(fall[worst].mean()), (-np.inf, 0.03), unit="r", n=len(filmed),
                   within=interval(fall[worst]), how=f"{of}; worst: {worst}; {told}", judged=judged)
        )  # fmt: skip
    return scores


def _span(subject: Subject, sound: Audio, text: str | None) -> float:
    return float(np.percentile(opening(subject.animate(sound, text), subject.actor).values, 95))


def _gained(sound: Audio, gain_db: float) -> Audio:
    return Audio((sound.samples * 10 ** (gain_db / 20)).astype(np.float32), sound.rate_hz)


def _evened(sound: Audio) -> Audio:
    rms = float(np.sqrt(np.mean(sound.samples.astype(np.float64) ** 2)))
    return Audio((sound.samples * (LEVEL_RMS / max(rms, 1e-9))).astype(np.float32), sound.rate_hz)
