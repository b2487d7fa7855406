"""Words said through tears and words said laughing: edits of a finished piece of speech that keep its times.

A crying voice trembles at 5 to 7 Hz, its pitch breaks up into a thinner voice and down into creak, air leaks into it
and the throat closes on the beginnings of vowels (Scherer 1986 on grief and despair; Gračanin et al. 2018). Laughing
speech is shaken: pulses of breath at the rate of laughter, 4 to 5 a second, cut into longer vowels and turn them half
to /h/, over a raised pitch and drawn-back lips (Nwokah et al. 1999; Trouvain 2001).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from understudy.base.audio import Audio, Samples
from understudy.base.channels import VOWELS
from understudy.hub.cue import WHOLE, Vocal
from understudy.hub.speech import PROSODY_CHANNELS, PROSODY_RATE_HZ, Phone, Speech
from understudy.hub.track import Track
from understudy.voice import level, shape, world
from understudy.voice.shape import NEPER
from understudy.voice.world import FRAME_S, Floats

SEMITONE: Final = float(np.log(2) / 12)
SHAKES_HZ: Final = 4.7
SHORTEST_SHAKEN_S: Final = 0.07

Edit = tuple[world.Analysis, list[Vocal]]


def through(speech: Speech, manner: str, strength: float, rng: np.random.Generator) -> Speech:
    """Returns a piece of speech said in a manner ('crying', 'laughing'), its phones and words where they were."""
    edit = EDITS.get(manner)
    if edit is None or not speech.words:
        return speech
    own = world.analyse(speech.audio)
    if not own.voiced.any():
        return speech
    edited, vocals = edit(own, speech, strength, rng)
    samples = _like(world.synthesise(edited), speech.audio.samples, speech.audio.rate_hz)
    whole = Vocal(manner, WHOLE, speech.words[0].start_s, speech.words[-1].end_s, strength)
    return replace(
        speech,
        audio=Audio(samples, speech.audio.rate_hz),
        prosody=_prosody(edited.f0_hz, samples, speech.audio.rate_hz, len(speech.prosody.values)),
        vocals=(*speech.vocals, whole, *vocals),
    )


def crying(own: world.Analysis, speech: Speech, strength: float, rng: np.random.Generator) -> Edit:
    """Trembles, breaks, leaks air, and closes the throat on some vowels."""
    times: Floats = np.arange(len(own.f0_hz), dtype=np.float64) * FRAME_S
    hz = 5.2 + 1.6 * rng.random()
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * (0.9 * times + rng.random()))
    pitch = SEMITONE * (1.6 * strength + (0.25 + 0.55 * strength) * swell * np.sin(2 * np.pi * hz * times))
    air = np.full(len(times), 0.14 + 0.3 * strength)
    gain_db = -1.5 * swell * (0.5 + 0.5 * np.sin(2 * np.pi * hz * times + 1.0))
    vocals: list[Vocal] = []
    broken = -9.0
    for vowel in _vowels(speech, 0.06):
        length = vowel.end_s - vowel.start_s
        if vowel.start_s - broken < 0.45 or rng.random() > 0.25 + 0.6 * strength:
            continue
        broken = vowel.start_s
        kind = rng.choice(["up", "creak", "catch"], p=[0.4, 0.3, 0.3])
        if kind == "up":
            a, b = vowel.start_s + 0.3 * length, vowel.start_s + 0.3 * length + min(0.1, 0.6 * length)
            pitch += SEMITONE * (4.5 + 2.5 * strength) * _plateau(times, a, b, 0.008)
            gain_db -= 3.0 * _plateau(times, a, b, 0.012)
        elif kind == "creak":
            a, b = vowel.start_s + 0.45 * length, vowel.end_s
            pitch -= SEMITONE * 10.0 * _plateau(times, a, b, 0.01)
            gain_db -= 4.0 * _plateau(times, a, b, 0.02)
        else:
            a, b = vowel.start_s - 0.015, vowel.start_s + 0.045
            gain_db -= 16.0 * _plateau(times, a, b, 0.012)
        vocals.append(Vocal("crying", "catch", a, b, strength))
    frames = replace(own, f0_hz=np.where(own.voiced, np.clip(own.f0_hz * np.exp(pitch), 50, 600), 0.0))
    frames = shape.breathe(frames, float(air[0]))
    return replace(frames, envelope=frames.envelope + NEPER * gain_db[:, None]), vocals


def laughing(own: world.Analysis, speech: Speech, strength: float, rng: np.random.Generator) -> Edit:
    """Shakes the vowels with pulses of breath, over a raised pitch and a smile's shorter tract."""
    times: Floats = np.arange(len(own.f0_hz), dtype=np.float64) * FRAME_S
    phase = np.cumsum(SHAKES_HZ * (1 + 0.08 * np.sin(2 * np.pi * (0.7 * times + rng.random())))) * FRAME_S
    shaken = np.zeros(len(times))
    vocals: list[Vocal] = []
    for vowel in _vowels(speech, SHORTEST_SHAKEN_S):
        shaken = np.maximum(shaken, _plateau(times, vowel.start_s + 0.01, vowel.end_s, 0.02))
    dip = (0.5 - 0.5 * np.cos(2 * np.pi * (phase - np.floor(phase)))) ** 2 * shaken * (0.45 + 0.55 * strength)
    beats = np.flatnonzero(np.diff(np.floor(phase)) > 0)
    for beat in beats:
        if shaken[beat] > 0.5:
            vocals.append(
                Vocal(
                    "laughing", "call", float(times[beat]) - 0.05, float(times[beat]) + 0.06, round(0.5 * strength, 3)
                )
            )
    pitch = SEMITONE * (2.2 * strength + 1.6 * strength * np.cos(2 * np.pi * phase) * shaken)
    frames = replace(own, f0_hz=np.where(own.voiced, own.f0_hz * np.exp(pitch), 0.0))
    frames = shape.lengthen_tract(frames, 1.0 - 0.035 * strength)
    noise = 1 - (1 - frames.noise) * (1 - 0.8 * dip[:, None] * np.clip(frames.bins_hz / 1500.0, 0.15, 1.0))
    return replace(frames, noise=noise, envelope=frames.envelope - NEPER * (9.0 * dip)[:, None]), vocals


EDITS: Final[dict[str, Callable[[world.Analysis, Speech, float, np.random.Generator], Edit]]] = {
    "crying": crying,
    "laughing": laughing,
}


def _vowels(speech: Speech, shortest_s: float) -> list[Phone]:
    return [p for p in speech.phones if p.name in VOWELS and p.end_s - p.start_s >= shortest_s]


def _plateau(times: Floats, start_s: float, end_s: float, edge_s: float) -> Floats:
    """Returns 1 from start to end with smooth edges of edge_s."""
    rise = np.clip((times - start_s) / edge_s + 0.5, 0, 1)
    fall = np.clip((end_s - times) / edge_s + 0.5, 0, 1)
    return np.asarray(np.sin(0.5 * np.pi * rise) ** 2 * np.sin(0.5 * np.pi * fall) ** 2)


def _like(made: Samples, original: Samples, rate_hz: int) -> Samples:
    """Returns the made sound as long and as loud as the original."""
    samples = np.zeros(len(original), np.float32)
    count = min(len(made), len(original))
    samples[:count] = made[:count]
    samples = level.high_pass(samples, rate_hz)
    before, after = level.loudness_lufs(original, rate_hz), level.loudness_lufs(samples, rate_hz)
    if min(before, after) > -70:
        samples = np.asarray(samples * 10 ** ((before - after) / 20), np.float32)
    return level.fade_edges(level.limit(samples, rate_hz), rate_hz)


def _prosody(f0_hz: Floats, samples: Samples, rate_hz: int, count: int) -> Track:
    places = np.minimum(np.rint((np.arange(count) + 0.5) / PROSODY_RATE_HZ / FRAME_S).astype(int), len(f0_hz) - 1)
    loud = level.loudness_curve(samples, rate_hz, PROSODY_RATE_HZ, count)
    values = np.column_stack([f0_hz[places], loud]).astype(np.float32)
    return Track("prosody", PROSODY_CHANNELS, PROSODY_RATE_HZ, values)
