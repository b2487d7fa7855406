"""Speech as it comes: noise, rooms, telephones, whispers, wrong texts and no speech at all.

A case is alive when the mouth keeps moving while there is speech (no freeze) and does not flutter (L5 and L8's share
above 7 Hz hold). What cannot be animated must be refused in one clear sentence.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from understudy.base.audio import Audio, mono
from understudy.base.errors import BadInput, UnderstudyError
from understudy.hub.performance import Performance
from understudy.hub.scores import Score
from understudy.hub.script import Direction
from understudy.hub.speech import Phone
from understudy.judge.chance import Floats, banded
from understudy.judge.closing import closing
from understudy.judge.following import GRID_HZ
from understudy.judge.kinematics import kinematics
from understudy.production.bench.clips import exact_utterances
from understudy.production.bench.mouths import on_grid, opening, voiced_span_s
from understudy.production.bench.subject import Subject
from understudy.production.bench.turns import spoken

STILL_S = 0.6
"""A mouth that moves by less than a tenth of its range for this long while the voice goes on is frozen."""
LEAST_RANGE_MM = 2.0


@dataclass(frozen=True, eq=False)
class Case:
    """name; sound; text; phones: known times, empty when unknown; refused: whether an error is the right answer.
    wrong_text: whether the text is not what is said, so that the sound alone must be heard."""

    name: str
    sound: Callable[[], Audio]
    text: str | None
    phones: tuple[Phone, ...] = ()
    refused: bool = False
    wrong_text: bool = False


def cases(actor: str) -> list[Case]:
    """Returns the cases, made from our own voices."""
    one, two, three, four = (u for u in exact_utterances(8, actor)[::2])
    clean, words = one.sound, one.text

    def told(name: str, change: Callable[[Audio], Audio], shift_s: float = 0.0, text: str | None = words) -> Case:
        moved = tuple(Phone(p.name, p.start_s + shift_s, p.end_s + shift_s, p.stress) for p in one.phones)
        return Case(name, lambda: change(clean), text, moved)

    rows = [told("clean", lambda a: a)]
    for level in (5.0, 0.0):
        rows += [told(f"pink noise at {level:.0f} dB", partial(noisy, ratio_db=level))]
        rows += [told(f"pink noise at {level:.0f} dB, sound alone", partial(noisy, ratio_db=level), text=None)]
    rows += [
        told("a room of 0.7 s", roomy),
        told("a telephone, 8 kHz", lambda a: a.at_rate(8000)),
        told("44.1 kHz", lambda a: a.at_rate(44100)),
        told("48 kHz", lambda a: a.at_rate(48000)),
        told("stereo, one side silent", lambda a: mixed(a, 1.0, 0.0)),
        told("stereo, one side upside down", lambda a: mixed(a, 1.0, -0.98)),
        told("clipped", lambda a: scaled(a, 12.0, clip=True)),
        told("very quiet, -40 dB", lambda a: scaled(a, 0.01)),
        told("3 s of silence first", lambda a: Audio.join([Audio.silence(3.0, a.rate_hz), a]), 3.0),
        replace(told("a text that is not said", lambda a: a, text=four.text), wrong_text=True),
        Case("whispered", lambda: spoken(two.text, actor, "", Direction(whisper=1.0)).audio, two.text),
        Case("whispered, sound alone", lambda: spoken(two.text, actor, "", Direction(whisper=1.0)).audio, None),
        Case("digits and acronyms", lambda: spoken("Call 555 2368 at 10:45, says the FBI.", actor).audio,
             "Call 555 2368 at 10:45, says the FBI."),
        Case("names no dictionary has", lambda: spoken("Zyxelle met Wrobinowski near Ptolgrave.", actor).audio,
             "Zyxelle met Wrobinowski near Ptolgrave."),
        Case("half a word, 0.2 s", lambda: three.sound.cut(0.4, 0.6), None),
        Case("music", music, None),
        Case("an empty file", lambda: Audio(np.zeros(0, np.float32), 16_000), None, refused=True),
        Case("silence", lambda: Audio.silence(3.0, 16_000), None, refused=True),
        Case("not numbers", lambda: Audio(np.full(16_000, np.nan, np.float32), 16_000), None, refused=True),
    ]  # fmt: skip
    return rows


def robust(subject: Subject, more: Sequence[Case] = ()) -> Iterator[Score]:
    """Yields one row a case: 1 when it holds, 0 when it does not, with what was seen."""
    for case in (*cases(subject.actor), *more):
        try:
            sound = case.sound()
            take = subject.animate(sound, case.text)
        except UnderstudyError as error:
            clear = isinstance(error, BadInput) and case.refused
            yield _row(case, clear, f"refused: {error}")
        except Exception as error:  # the row is about what escapes as anything else
            yield _row(case, False, f"broke: {type(error).__name__}: {error}")
        else:
            yield (
                _row(case, False, "was animated although nothing can be heard")
                if case.refused
                else _lives(case, sound, take, subject)
            )


def long_sound(subject: Subject, minutes: float = 10.0) -> Score:
    """Returns how far sound and face drift apart over a long recording, in animation frames of 60 Hz."""
    parts = [spoken(text.text, subject.actor).audio for text in exact_utterances(6, subject.actor)]
    once = Audio.join(parts)
    count = max(1, round(60 * minutes / once.duration_s))
    sound = Audio.join([once] * count)
    take = subject.animate(sound, None)
    face = take.tracks["face"]
    tail = on_grid(opening(take, subject.actor), take.duration_s)
    first = tail[: round(once.duration_s * GRID_HZ)]
    start = round((count - 1) * once.duration_s * GRID_HZ)
    last = tail[start : start + len(first)]
    lags = range(-20, 21)
    found = [
        float(np.corrcoef(first[20:-20], np.roll(last, -lag)[20:-20])[0, 1]) for lag in lags if len(last) == len(first)
    ]
    drift_s = lags[int(np.argmax(found))] / GRID_HZ if found else float("nan")
    alike = max(found, default=float("nan"))
    missing = abs(len(face.values) / face.rate_hz - sound.duration_s) * face.rate_hz
    return banded(f"robust {minutes:g} minutes, drift", max(abs(drift_s) * 60, missing), (-np.inf, 1.0), unit="frames",
                  how=f"last minute against the first: {1000 * drift_s:+.0f} ms, r {alike:.2f}; "
                  f"length of the track against the sound: {missing:.2f} frames")  # fmt: skip


def _lives(case: Case, sound: Audio, take: Performance, subject: Subject) -> Score:
    curve = on_grid(opening(take, subject.actor), sound.duration_s)
    span = float(np.percentile(curve, 98) - np.percentile(curve, 2))
    start, end = (
        (min(p.start_s for p in case.phones if p.name != "SIL"), max(p.end_s for p in case.phones if p.name != "SIL"))
        if case.phones
        else voiced_span_s(sound)
    )
    part = curve[round(start * GRID_HZ) : round(end * GRID_HZ)]
    still = longest_still_s(part, max(0.1 * span, 0.2))
    moved = kinematics(curve, GRID_HZ)
    told = f"longest stillness {still:.2f} s, range {span:.1f} mm, above 7 Hz {moved.fast:.3f}"
    alive = (still < STILL_S and span > LEAST_RANGE_MM) or sound.duration_s < 2 * STILL_S or case.name == "music"
    calm = moved.fast <= 0.05 or sound.duration_s < 0.5
    false = True
    if case.phones:
        found = closing(curve, GRID_HZ, case.phones)
        false = found.wrong <= max(1, 0.1 * found.runs)
        told += f", {found.shut.mean():.0%} of /p b m/ shut, {found.wrong} of {found.runs} closures unasked"
    told += f", {take.made_with.get('timing', '')}"
    heard = not case.wrong_text or take.made_with.get("timing") == "heard"
    found_wrong = (
        ("BELIEVES THE TEXT", heard),
        ("FROZEN", alive),
        ("FLUTTERS", calm),
        ("CLOSES UNASKED", false),
    )
    words = [name for name, holds in found_wrong if not holds]
    return _row(case, not words, "; ".join([*words, told]))


def longest_still_s(curve: Floats, by: float) -> float:
    """Returns the longest time at GRID_HZ over which a curve stays within `by`."""
    longest, first = 0, 0
    for last in range(len(curve)):
        while curve[first : last + 1].max() - curve[first : last + 1].min() > by:
            first += 1
        longest = max(longest, last - first)
    return longest / GRID_HZ


def noisy(sound: Audio, ratio_db: float) -> Audio:
    """Returns a sound in pink noise at a ratio to its own power while it is loud."""
    rng = np.random.default_rng(0)
    count = len(sound.samples)
    spectrum = np.fft.rfft(rng.standard_normal(count))
    noise = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 20)), count)
    start, end = voiced_span_s(sound)
    power = float(np.mean(sound.samples[int(start * sound.rate_hz) : int(end * sound.rate_hz)].astype(float) ** 2))
    noise *= np.sqrt(power / 10 ** (ratio_db / 10) / np.mean(noise**2))
    return Audio((sound.samples + noise).astype(np.float32), sound.rate_hz)


def roomy(sound: Audio) -> Audio:
    """Returns a sound in a room whose echoes fall by 60 dB in 0.7 s."""
    rng = np.random.default_rng(0)
    times = np.arange(round(0.7 * sound.rate_hz)) / sound.rate_hz
    echo = rng.standard_normal(len(times)) * 10 ** (-3 * times / 0.7) * 0.03
    echo[0] = 1.0
    wet = np.fft.irfft(np.fft.rfft(sound.samples, 2 * len(sound.samples)) * np.fft.rfft(echo, 2 * len(sound.samples)))[
        : len(sound.samples)
    ]
    return Audio((0.5 * wet).astype(np.float32), sound.rate_hz)


def mixed(sound: Audio, left: float, right: float) -> Audio:
    """Returns a sound that was on two channels, at such gains."""
    return Audio(mono(np.stack([sound.samples * left, sound.samples * right]).astype(np.float32)), sound.rate_hz)


def scaled(sound: Audio, by: float, *, clip: bool = False) -> Audio:
    """Returns a sound louder or softer, flattened at full scale when asked."""
    samples = sound.samples * by
    return Audio(
        np.clip(samples, -0.99, 0.99).astype(np.float32) if clip else samples.astype(np.float32), sound.rate_hz
    )


def music() -> Audio:
    """Returns four seconds of chords."""
    times = np.arange(64_000) / 16_000
    chords = [(220, 277, 330), (196, 247, 294), (175, 220, 262), (196, 247, 330)]
    out = np.zeros(len(times))
    for i, chord in enumerate(chords):
        here = (times >= i) & (times < i + 1)
        for tone in chord:
            for overtone in range(1, 5):
                wave = np.sin(2 * np.pi * tone * overtone * times[here]) / overtone
                out[here] += 0.05 * wave * np.exp(-2 * (times[here] - i))
    return Audio(out.astype(np.float32), 16_000)


def _row(case: Case, holds: bool, how: str) -> Score:
    return banded(f"robust {case.name}", float(holds), (1.0, np.inf), unit="held", n=1, how=how)
