"""Voice and breath without words: pulses of a glottis and turbulent air, through the envelope of a vowel.

    Note ─► pulse times (pitch, jitter, tremor, creak) ─► each pulse filtered at its own moment ─┐
        └─► noise, louder while the folds are open ─────► filtered frame by frame ───────────────┴─► swell ─► samples

A pulse is the minimum-phase impulse response of the envelope, as in the WORLD vocoder (Morise et al. 2016), but laid
down one at a time, so that pitch may jump, shake, halve and roughen within a period.
"""

from dataclasses import dataclass

import numpy as np

from understudy.base.audio import Samples
from understudy.voice.timbre import Timbre
from understudy.voice.world import Floats

SIZE = 1024
LOWEST_HZ, HIGHEST_HZ = 45.0, 1150.0
ASPIRATION_FROM_HZ = 2200.0
"""Breath among the harmonics of a voice lies above this."""


@dataclass(frozen=True)
class Note:
    """One movement of breath and voice; times in seconds on the clock of its event.

    part: of hub.cue.Vocal. level_db: of its loudest moment against plain speech. pitch: (place 0..1, factor on the
    voice's own F0), straight in log between; () is breath alone. vowel: ARPABET. noise: 0 pure voice .. 1 pure breath.
    attack, release: shares of its length. wide: factor on the first formant, above 1 for a mouth opened wide. tilt_db:
    per octave. inward: an ingressive breath, higher and hollow. tremor_st at tremor_hz. rough: 0..1 depth of the fast
    beating of a scream, at rough_hz. creak: 0..1 irregularity of the pulses. nasal: 0..1.
    """

    part: str
    start_s: float
    length_s: float
    level_db: float
    pitch: tuple[tuple[float, float], ...] = ()
    vowel: str = "AH"
    noise: float = 1.0
    attack: float = 0.2
    release: float = 0.5
    wide: float = 1.0
    tilt_db: float = 0.0
    inward: bool = False
    tremor_st: float = 0.0
    tremor_hz: float = 5.8
    rough: float = 0.0
    rough_hz: float = 65.0
    creak: float = 0.0
    nasal: float = 0.0

    @property
    def end_s(self) -> float:
        return self.start_s + self.length_s


def sound(note: Note, timbre: Timbre, rng: np.random.Generator) -> tuple[Samples, Floats]:
    """Returns a note as samples at the timbre's rate, RMS 1 at its loudest 40 ms, and its F0 in Hz, 100 a second."""
    rate = timbre.rate_hz
    count = max(8, round(note.length_s * rate))
    envelope = _envelope(note, timbre)
    f0 = _pitch(note, timbre, rng, count)
    voiced = 1.0 - note.noise if note.pitch else 0.0
    out = np.zeros(count)
    if voiced > 0:
        pulses = _unit(_pulses(note, timbre, envelope, f0, rng, count))
        breath = _unit(_air(note, timbre, envelope, rng, count, floor_hz=ASPIRATION_FROM_HZ))
        opened = _open_phase(f0, rate)
        out = np.sqrt(voiced) * pulses + 0.05 * (0.3 + note.noise) * breath * opened
    if note.noise > 0:
        share = note.noise**1.6 if note.pitch else 1.0  # a voice masks the air in it
        out += share * _unit(_air(note, timbre, envelope, rng, count))
    out *= _swell(note, count)
    window = max(1, round(0.04 * rate))
    power = np.convolve(out**2, np.ones(window) / window, mode="same")
    loudest = float(np.sqrt(power.max())) + 1e-12
    grid = f0[:: max(1, rate // 100)] if note.pitch and note.noise < 0.85 else np.zeros(-(-count // (rate // 100)))
    return np.asarray(out / loudest, np.float32), np.asarray(grid)


def _pitch(note: Note, timbre: Timbre, rng: np.random.Generator, count: int) -> Floats:
    """Returns (count,) F0 in Hz."""
    if not note.pitch:
        return np.full(count, timbre.f0_hz)
    places, factors = np.array(note.pitch).T
    at = np.arange(count) / count
    log_f0 = np.interp(at, places, np.log(factors)) + np.log(timbre.f0_hz)
    seconds = np.arange(count) / timbre.rate_hz
    waves = np.sin(2 * np.pi * (note.tremor_hz * seconds + rng.uniform()))
    log_f0 += np.log(2) / 12 * note.tremor_st * waves
    knots = max(4, round(note.length_s * 18))
    log_f0 += 0.009 * np.interp(at, np.linspace(0, 1, knots), rng.standard_normal(knots))
    return np.asarray(np.clip(np.exp(log_f0), LOWEST_HZ, HIGHEST_HZ))


def _pulses(note: Note, timbre: Timbre, envelope: Floats, f0: Floats, rng: np.random.Generator, count: int) -> Floats:
    """Returns the voice: pulses with jitter and shimmer (1 and 4 %, more when it creaks or roughens)."""
    rate = timbre.rate_hz
    spectrum = _minimum_phase(envelope)
    omega = 2j * np.pi * np.arange(len(spectrum)) / SIZE
    out = np.zeros(count + SIZE)
    jitter = 0.008 + 0.035 * note.rough + 0.16 * note.creak
    shimmer = 0.04 + 0.16 * note.rough + 0.35 * note.creak
    place, order, beat = 0.0, 0, rng.uniform()
    while place < count:
        here = int(place)
        period = rate / f0[here]
        size = np.sqrt(period) * max(0.05, 1 + shimmer * rng.standard_normal())
        if note.rough:
            beat += note.rough_hz * (1 + 0.25 * rng.standard_normal()) * period / rate
            size *= 1 - note.rough * (0.5 - 0.5 * np.cos(2 * np.pi * beat))
        if note.creak and order % 2:
            size *= 1 - 0.6 * note.creak
        out[here : here + SIZE] += size * np.fft.irfft(spectrum * np.exp(-omega * (place - here)), SIZE)
        place += period * max(0.4, 1 + jitter * rng.standard_normal())
        order += 1
    return out[:count]


def _air(
    note: Note, timbre: Timbre, envelope: Floats, rng: np.random.Generator, count: int, floor_hz: float = 0.0
) -> Floats:
    """Returns turbulence through the vowel: the glottis' fall is taken out, for the source of air is flat."""
    hz = np.linspace(0, timbre.rate_hz / 2, len(envelope))
    flat = envelope + np.log(10) / 10 * 8.5 * np.log2(np.clip(hz, 250, 4500) / 500.0)
    gain = np.exp(0.5 * np.clip(flat, flat.max() - 16, None))
    # an open glottis damps the first formant and air hisses little below it (Klatt & Klatt 1990)
    gain *= np.clip(hz / 1300.0, 0, 1) ** 1.2 / (1 + (hz / 8000.0) ** 6)
    if note.part == "sniff":
        gain = np.exp(-0.5 * ((np.log2(np.maximum(hz, 1) / 3100.0)) / 0.75) ** 2) + 0.35 * np.exp(
            -0.5 * ((np.log2(np.maximum(hz, 1) / 1250.0)) / 0.3) ** 2
        )
    if floor_hz:
        gain = gain * np.clip((hz - floor_hz / 2) / floor_hz, 0, 1)
    size = 1 << (count + 256).bit_length()
    full = np.interp(np.fft.rfftfreq(size, 1 / timbre.rate_hz), hz, gain)
    noise = np.fft.irfft(np.fft.rfft(rng.standard_normal(size)) * full, size)[:count]
    knots = max(3, round(note.length_s * 45))
    flutter = 1 + 0.22 * np.interp(np.linspace(0, 1, count), np.linspace(0, 1, knots), rng.standard_normal(knots))
    if note.part == "sniff":
        wet = np.abs(np.sin(np.pi * np.cumsum(rng.uniform(20, 48) * np.ones(count)) / timbre.rate_hz))
        flutter *= 0.45 + 0.55 * wet
    return np.asarray(noise * np.clip(flutter, 0.1, None))


def _envelope(note: Note, timbre: Timbre) -> Floats:
    """Returns the (SIZE // 2 + 1,) log power of the note's vowel as this mouth, nose and effort shape it."""
    hz = np.linspace(0, timbre.rate_hz / 2, SIZE // 2 + 1)
    own = timbre.vowel(note.vowel)
    wide = 1 + (note.wide - 1) * np.clip((2600 - hz) / 1600, 0, 1)
    if note.inward:
        wide = wide * 1.08
    shaped = np.interp(hz / wide, timbre.bins_hz, own)
    shaped = shaped + np.log(10) / 10 * note.tilt_db * np.log2(np.clip(hz, 200, 8000) / 1000.0)
    if note.nasal:
        closed = -0.09 * np.clip(hz - 350, 0, 2600) / 10 * np.log(10) / 10
        shaped = shaped + note.nasal * closed
    return np.asarray(shaped)


def _minimum_phase(envelope: Floats) -> "np.ndarray[tuple[int], np.dtype[np.complex128]]":
    """Returns the (SIZE // 2 + 1,) spectrum of least delay with this log power (by the folded cepstrum)."""
    cepstrum = np.fft.irfft(0.5 * envelope, SIZE)
    cepstrum[1 : SIZE // 2] *= 2
    cepstrum[SIZE // 2 + 1 :] = 0
    return np.asarray(np.exp(np.fft.rfft(cepstrum)))


def _open_phase(f0: Floats, rate_hz: int) -> Floats:
    """Returns (count,) how far the folds let air through along each period, 0.2..1."""
    phase = np.cumsum(f0) / rate_hz
    return np.asarray(0.6 - 0.4 * np.cos(2 * np.pi * phase))


def _swell(note: Note, count: int) -> Floats:
    at = np.arange(count) / count
    rise = np.clip(at / max(note.attack, 0.004 / note.length_s), 0, 1)
    fall = np.clip((1 - at) / max(note.release, 0.008 / note.length_s), 0, 1)
    return np.asarray(np.sin(0.5 * np.pi * rise) ** 1.3 * np.sin(0.5 * np.pi * fall) ** 1.4)


def _unit(samples: Floats) -> Floats:
    return np.asarray(samples / (np.sqrt(np.mean(samples**2)) + 1e-12))
