"""A spoken clause becomes sung sound: mapped to the notes, pitch replaced, levels evened, the singer's ring added."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from understudy.base.audio import Samples
from understudy.base.channels import SILENCE, VOWELS
from understudy.voice import level, shape, world
from understudy.voice.delivery import Delivery
from understudy.voice.syllables import Sung
from understudy.voice.uttering import RATE_HZ, Uttered

VOICELESS = frozenset(["CH", "F", "HH", "K", "P", "S", "SH", "T", "TH", SILENCE])
GLIDING = frozenset(["AW", "AY", "EY", "OW", "OY"])
RING_HZ, RING_WIDTH_HZ, RING_DB = 2900.0, 450.0, 5.0
"""The singer's formant: 5 dB here stand for the trained voice's cluster near 3 kHz (Sundberg 1974)."""
EDGE_S = 0.06
HOLD_WANDER = 0.8
"""Frames by which a held vowel drifts to and fro in the engine's own vowel, so that it does not freeze."""
HELD_DB = 9.0
"""A held vowel stays where it is within this of its loudest; what the engine breathes after it passes in TAIL_S."""
TAIL_S = 0.03
RELEASE_S = 0.06


@dataclass(frozen=True, eq=False)
class Score:
    """What the sound is to do, at times FRAME_S apart. f0_hz: pitch everywhere (voicing comes from the phones).
    gain_db: level on top of even vowels."""

    times: world.Floats
    f0_hz: world.Floats
    gain_db: world.Floats


def sung_sound(
    uttered: Uttered, sung: Sequence[Sung], score: Score, played: Delivery, rng: np.random.Generator, level_lufs: float
) -> tuple[Samples, world.Floats]:
    """Returns the samples from score.times[0] on at RATE_HZ, and the F0 that was sung (0 where unvoiced)."""
    own = uttered.own()
    if uttered.audio.rate_hz / 2 > uttered.top_hz * 1.2:
        own = shape.extend_band(own, uttered.top_hz)
    frames = own.at(_places(own, sung, score.times, rng))
    voiced, vowel = _masks(sung, score.times)
    noise = _settled(frames, voiced, vowel)
    frames = replace(frames, f0_hz=np.where(voiced, score.f0_hz, 0.0), noise=noise)
    frames = shape.equalise(frames, (score.gain_db + _even(frames, sung, score.times))[:, None])
    frames = shape.lengthen_tract(frames, played.tract)
    frames = shape.tilt(frames, played.tilt_db)
    frames = _ring(frames, played.tract)
    frames = shape.breathe(frames, min(0.6, played.breath))
    count = round((score.times[-1] - score.times[0]) * RATE_HZ)
    samples = np.zeros(count, np.float32)
    made = world.synthesise(frames)[:count]
    samples[: len(made)] = made
    samples = level.high_pass(samples, RATE_HZ)
    loud = level.loudness_lufs(samples, RATE_HZ)
    gain = 10 ** ((level_lufs + played.loudness_db - loud) / 20) if loud > -70 else 0.0
    samples = level.limit(np.asarray(samples * gain, np.float32), RATE_HZ)
    return level.fade_edges(samples, RATE_HZ, 0.02), frames.f0_hz


def _places(own: world.Analysis, sung: Sequence[Sung], times: world.Floats, rng: np.random.Generator) -> world.Floats:
    """Returns the fractional source frame heard at each time."""
    source: list[float] = []
    target: list[float] = []
    held = np.zeros(len(times))

    def pin(source_s: float, target_s: float) -> None:
        source_s = max(source_s, source[-1]) if source else source_s
        target_s = max(target_s, target[-1] + 1e-6) if target else target_s
        source.append(source_s)
        target.append(target_s)

    reused = {id(s.source): sum(o.source is s.source for o in sung) for s in sung}
    seen: dict[int, int] = {}
    for s in sung:
        a, b = s.source.start_s, s.source.end_s
        count = reused[id(s.source)]
        if count > 1:  # one vowel under several syllables: each gets its share, in order
            k = seen.get(id(s.source), 0)
            seen[id(s.source)] = k + 1
            a, b = a + (b - a) * k / count, a + (b - a) * (k + 1) / count
        pin(a, s.start_s)
        if s.nucleus and s.end_s - s.start_s > 1.5 * (b - a):
            a, b = _sounding(own, a, b)
            edge = min(EDGE_S, 0.3 * (b - a))
            if s.source.name in GLIDING:
                glide = min(0.55 * (b - a), 0.14)
                pin(a + edge, s.start_s + 1.2 * edge)
                pin(b - glide, s.end_s - min(1.5 * glide, 0.5 * (s.end_s - s.start_s)))
            else:
                pin(a + edge, s.start_s + 1.2 * edge)
                pin(b - edge, s.end_s - 1.2 * edge)
            pin(b, s.end_s - TAIL_S)
            held += np.clip(np.minimum(times - s.start_s - 0.1, s.end_s - 0.15 - times) / 0.1, 0.0, 1.0)
    pin(sung[-1].source.end_s, sung[-1].end_s)
    pin(sung[-1].source.end_s + RELEASE_S, sung[-1].end_s + RELEASE_S)
    wander = sum((np.sin(2 * np.pi * (hz * times + rng.uniform())) for hz in (0.8, 1.9)), np.zeros(len(times))) / 2
    first = sung[0]
    before = np.minimum(0.0, times - first.start_s)  # the attack keeps its own speed
    return np.asarray((np.interp(times, target, source) + before) / world.FRAME_S + HOLD_WANDER * held * wander)


def _sounding(own: world.Analysis, start_s: float, end_s: float) -> tuple[float, float]:
    """Returns the part of a vowel that may be held: voiced and loud, without breath or creak at its edges."""
    first, last = round(start_s / world.FRAME_S), round(end_s / world.FRAME_S) + 1
    power = 10 * np.log10(np.exp(own.envelope[first:last]).sum(axis=1) + 1e-12)
    if len(power) < 4:
        return start_s, end_s
    good = np.flatnonzero(own.voiced[first:last] & (power > power.max() - HELD_DB))
    if len(good) < 4:
        return start_s, end_s
    runs = np.split(good, np.flatnonzero(np.diff(good) > 1) + 1)
    longest = max(runs, key=len)
    if len(longest) < 4:
        return start_s, end_s
    return (first + int(longest[0])) * world.FRAME_S, (first + int(longest[-1])) * world.FRAME_S


def _masks(sung: Sequence[Sung], times: world.Floats) -> tuple["np.ndarray[tuple[int], np.dtype[np.bool_]]", ...]:
    voiced = np.zeros(len(times), bool)
    vowel = np.zeros(len(times), bool)
    for s in sung:
        inside = (times >= s.start_s - 1e-9) & (times < s.end_s - 1e-9)
        voiced |= inside & (s.source.name not in VOICELESS)
        vowel |= inside & (s.source.name in VOWELS)
    return voiced, vowel


def _settled(
    frames: world.Analysis,
    voiced: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
    vowel: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
) -> world.Floats:
    """Returns aperiodicity in which a vowel that the engine creaked or whispered sounds as the others do."""
    good = vowel & frames.voiced
    if not good.any():
        return frames.noise
    usual = np.median(frames.noise[good], axis=0)
    bad = (vowel | (voiced & ~frames.voiced)) & ~frames.voiced
    noise = frames.noise.copy()
    noise[bad & vowel] = usual
    noise[bad & ~vowel] = np.minimum(noise[bad & ~vowel], 0.5 + 0.5 * usual)
    return noise


def _even(frames: world.Analysis, sung: Sequence[Sung], times: world.Floats) -> world.Floats:
    """Returns (times,) dB that bring every sung vowel to one level; consonants go with the vowels around them."""
    power = 10 * np.log10(np.maximum(np.exp(frames.envelope).sum(axis=1), 1e-12))
    middles, gains = [], []
    for s in sung:
        inside = (times >= s.start_s) & (times < s.end_s)
        if s.nucleus and inside.any():
            line = power[inside]
            for part in np.array_split(np.arange(len(line)), max(1, len(line) // 40)):
                middles.append(float(times[inside][part].mean()))
                gains.append(-float(np.median(line[part])))
    if not gains:
        return np.zeros(len(times))
    gain = np.interp(times, middles, np.clip(np.array(gains) - np.mean(gains), -12.0, 12.0))
    width = 17
    window = np.hanning(width + 2)[1:-1]
    return np.convolve(np.pad(gain, width // 2, mode="edge"), window / window.sum(), mode="valid")


def _ring(frames: world.Analysis, tract: float) -> world.Analysis:
    shape_db = RING_DB * np.exp(-0.5 * ((frames.bins_hz - RING_HZ / tract) / RING_WIDTH_HZ) ** 2)
    return replace(frames, envelope=frames.envelope + shape.NEPER * shape_db[None] * frames.voiced[:, None])
