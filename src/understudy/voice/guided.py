"""Following a guide: a text takes the time, the pitch and the loudness of a recording that sings or says it.

Of the recording only these three are used; its timbre stays behind. The words are found by `warping`.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from understudy.base.audio import Audio
from understudy.base.channels import SILENCE, VOWELS
from understudy.base.errors import BadInput
from understudy.hub.script import Direction, Line
from understudy.hub.speech import Speech
from understudy.hub.voice import Voice
from understudy.voice import level, world
from understudy.voice.choosing import choose
from understudy.voice.delivery import deliver
from understudy.voice.singing import clause_of, piece
from understudy.voice.sung_pitch import frames
from understudy.voice.sung_sound import RELEASE_S, Score, sung_sound
from understudy.voice.syllables import Sung
from understudy.voice.uttering import RATE_HZ, Uttered, utter
from understudy.voice.warping import FRAME_S, features, fits, warp
from understudy.voice.world import Floats

LONGEST_S = 300.0
BETWEEN_S = 0.1
"""Silence put between the lines of the text before they are fitted."""
QUIET_DB = -30.0
"""Loudness of the guide is followed down to this below its loud parts."""
SHORTEST_S = 0.02
LONGEST_CONSONANT_S = 0.2
"""A consonant that seems to last longer was a breath or a rest of the guide before it."""


def follow(
    guide: Audio,
    text: str,
    voice: Voice,
    *,
    direction: Direction = Direction(),
    language: str = "en-US",
    transpose_st: float = 0.0,
    lexicon: Mapping[str, str] | None = None,
    seed: int = 0,
    engine: str = "",
) -> Iterator[Speech]:
    """Yields the text as the guide times and tunes it, a Speech for each of its lines, up to the guide's last word.

    transpose_st: semitones on the guide's pitch. Raises BadInput when the words do not fit the guide.
    """
    lines = [words for row in text.splitlines() if (words := row.split())]
    if not lines:
        raise BadInput("There is nothing to sing; give the words of the guide.")
    sound = _usable(guide)
    chosen = choose(voice, language, engine)
    clauses = [clause_of(words, language, lexicon) for words in lines]
    uttered = [utter(chosen, clause, direction) for clause in clauses]
    found = _found(uttered, sound)
    pitch = np.exp(world.held_log_f0(world.track_f0(sound))) * 2 ** (transpose_st / 12)
    loud = level.loudness_curve(sound.samples, RATE_HZ, 100.0, int(sound.duration_s * 100))
    played = deliver(direction, chosen.designed(voice))
    start_s = 0.0
    for order, (words, clause, said, times_of) in enumerate(zip(lines, clauses, uttered, found, strict=True)):
        rng = np.random.default_rng([seed, order])
        owners = [clause.words[o].written if o >= 0 else -1 for o in said.owners]
        sung = _laid(said, owners, times_of, start_s)
        times = frames(max(start_s, sung[0].start_s - 0.03), sung[-1].end_s + RELEASE_S)
        at = np.clip(np.rint(times / world.FRAME_S).astype(int), 0, len(pitch) - 1)
        line = np.interp(times, (np.arange(len(loud)) + 0.5) / 100.0, loud)
        gain = np.maximum(line - float(np.percentile(loud, 95)), QUIET_DB)
        heard = gain[gain > -20.0]
        level_lufs = level.SPEECH_LUFS + (float(heard.mean()) if len(heard) else 0.0)
        samples, made_hz = sung_sound(said, sung, Score(times, pitch[at], gain), played, rng, level_lufs)
        spoken = Line(" ".join(words), direction=direction, number=order)
        made = piece(spoken, sung, words, samples, made_hz, float(times[0]), start_s, played, chosen, said.timing, rng)
        start_s += made.duration_s
        yield made


def _usable(guide: Audio) -> Audio:
    if guide.duration_s < 0.5 or not np.isfinite(guide.samples).all() or np.abs(guide.samples).max() < 1e-4:
        raise BadInput("The guide is silent, broken or shorter than half a second; record it again.")
    if guide.duration_s > LONGEST_S:
        raise BadInput(f"The guide lasts {guide.duration_s:.0f} s; give at most {LONGEST_S:.0f} s at a time.")
    return guide.at_rate(RATE_HZ)


def _found(uttered: list[Uttered], guide: Audio) -> list[Floats]:
    """Returns for every line the moment of the guide at each frame of its sound. Raises BadInput for other words."""
    gap = np.zeros(round(BETWEEN_S * RATE_HZ), np.float32)
    parts: list[np.ndarray[tuple[int], np.dtype[np.float32]]] = []
    begins: list[float] = []
    clock = 0.0
    for said in uttered:
        begins.append(clock)
        parts += [said.audio.samples, gap]
        clock += said.audio.duration_s + BETWEEN_S
    spoken, heard = features(Audio(np.concatenate(parts), RATE_HZ)), features(guide)
    reached, cost = warp(spoken, heard)
    if not fits(spoken, heard, cost):
        raise BadInput("The words do not fit the guide; give the text that it sings, one line a phrase.")
    moments = reached * FRAME_S
    out = []
    for begin, said in zip(begins, uttered, strict=True):
        first = round(begin / FRAME_S)
        out.append(moments[first : first + int(said.audio.duration_s / FRAME_S) + 1])
    return out


def _laid(said: Uttered, owners: list[int], moments: Floats, start_s: float) -> tuple[Sung, ...]:
    """Returns the engine's phones at the moments of the guide, each lasting at least SHORTEST_S."""
    grid = np.arange(len(moments)) * FRAME_S
    edges = [float(np.interp(p.start_s, grid, moments)) for p in said.phones]
    edges.append(float(np.interp(said.phones[-1].end_s, grid, moments)))
    for i in reversed(range(len(said.phones))):
        if said.phones[i].name not in VOWELS and said.phones[i].name != SILENCE:
            edges[i] = max(edges[i], edges[i + 1] - LONGEST_CONSONANT_S)
    out: list[Sung] = []
    clock = max(start_s, edges[0])
    for phone, owner, end in zip(said.phones, owners, edges[1:], strict=True):
        end = max(end, clock + SHORTEST_S)
        held = phone.name in VOWELS
        out.append(Sung(phone, clock, end, held, -1 if phone.name == SILENCE else owner))
        clock = end
    return tuple(out)
