"""Following a guide: a text takes the time, the pitch and the loudness of a recording that sings or says it.

Of the recording only these three are used; its timbre stays behind.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from understudy.base.audio import Audio
from understudy.base.channels import SILENCE, VOWELS
from understudy.base.errors import BadInput
from understudy.hub.script import Direction, Line
from understudy.hub.speech import Phone, Speech, Word
from understudy.hub.voice import Voice
from understudy.voice import level, world
from understudy.voice.choosing import choose
from understudy.voice.delivery import deliver
from understudy.voice.listening import listen
from understudy.voice.singing import clause_of, piece
from understudy.voice.speaking import utter
from understudy.voice.sung_pitch import frames
from understudy.voice.sung_sound import RELEASE_S, Score, sung_sound
from understudy.voice.syllables import Sung

PAUSE_S = 0.25
"""A silence between words that ends a phrase."""
QUIET_DB = -30.0
"""Loudness of the guide is followed down to this below its loud parts."""


@dataclass(frozen=True)
class Part:
    """Words of the guide on one breath. words: with their times; phones: of each word."""

    words: tuple[Word, ...]
    phones: tuple[tuple[Phone, ...], ...]


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
    """Yields the text as the guide times and tunes it, a Speech per phrase, as long as the guide up to its last word.

    transpose_st: semitones on the guide's pitch. Raises BadInput when the words are not found in the guide.
    """
    chosen = choose(voice, language, engine)
    heard = listen(guide, text)
    if heard.timing != "aligned" or not heard.words:
        raise BadInput("The words are not found in the guide; give the text that it sings, one language at a time.")
    f0_hz = world.track_f0(heard.audio)
    pitch = np.exp(world.held_log_f0(f0_hz)) * 2 ** (transpose_st / 12)
    loud = heard.prosody.column("loudness_db")
    played = deliver(direction, voice)
    start_s = 0.0
    for order, part in enumerate(_parts(heard)):
        rng = np.random.default_rng([seed, order])
        words = [w.text for w in part.words]
        clause = clause_of(words, language, lexicon)
        uttered = utter(chosen, clause, direction)
        owners = [clause.words[o].written if o >= 0 else -1 for o in uttered.owners]
        sung = _laid(uttered.phones, owners, part)
        times = frames(max(start_s, sung[0].start_s - 0.03), sung[-1].end_s + RELEASE_S)
        at = np.clip(np.rint(times / world.FRAME_S).astype(int), 0, len(pitch) - 1)
        line = np.interp(times, (np.arange(len(loud)) + 0.5) / 100.0, loud)
        gain = np.maximum(line - float(np.percentile(loud, 95)), QUIET_DB)
        score = Score(times, pitch[at], gain)
        level_lufs = level.SPEECH_LUFS + float(np.mean(gain[gain > -20])) if (gain > -20).any() else level.SPEECH_LUFS
        samples, made_hz = sung_sound(uttered, sung, score, played, rng, level_lufs)
        said = Line(" ".join(words), direction=direction, number=order)
        made = piece(said, sung, words, samples, made_hz, times[0], start_s, played, chosen, uttered.timing, rng)
        start_s += made.duration_s
        yield made


def _parts(heard: Speech) -> list[Part]:
    """Returns the guide's words between its pauses."""
    groups: list[list[Word]] = [[]]
    for word in heard.words:
        if groups[-1] and word.start_s - groups[-1][-1].end_s > PAUSE_S:
            groups.append([])
        groups[-1].append(word)
    return [Part(tuple(g), tuple(_phones(heard, w) for w in g)) for g in groups]


def _phones(heard: Speech, word: Word) -> tuple[Phone, ...]:
    inside = (p for p in heard.phones if p.start_s >= word.start_s - 1e-6 and p.end_s <= word.end_s + 0.02)
    return tuple(p for p in inside if p.name != SILENCE) or (Phone("AH", word.start_s, word.end_s),)


def _laid(phones: tuple[Phone, ...], owners: list[int], part: Part) -> tuple[Sung, ...]:
    """Returns the engine's phones in the guide's time: one to one where a word is said alike, else in proportion."""
    out: list[Sung] = []
    clock = part.words[0].start_s
    for i, phone in enumerate(phones):
        word = owners[i]
        if word < 0:
            continue
        own = [j for j, owner in enumerate(owners) if owner == word]
        theirs, place = part.phones[word], own.index(i)
        if len(own) == len(theirs):
            end = theirs[place].end_s
        else:
            begin, stop = theirs[0].start_s, theirs[-1].end_s
            weights = np.array([3.0 if phones[j].name in VOWELS else 1.0 for j in own])
            end = begin + (stop - begin) * float(weights[: place + 1].sum() / weights.sum())
        start = max(clock, part.words[word].start_s if place == 0 else clock)
        if out and start - out[-1].end_s > 1e-9:
            held = out[-1]
            gap = start - held.end_s
            if gap < 0.06:
                out[-1] = Sung(held.source, held.start_s, start, held.nucleus, held.word)
            else:
                pause = Phone(SILENCE, held.source.end_s, held.source.end_s + 1e-3)
                out.append(Sung(pause, held.end_s, start, False, -1))
        end = max(end, start + 0.02)
        out.append(Sung(phone, start, end, phone.name in VOWELS, word))
        clock = end
    return tuple(out)
