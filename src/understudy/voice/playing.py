"""The order of a line: its clauses, cut where a cue stands, and the cues between them.

    I thought [sob] you were gone.       ->  Said("I thought")  Cue(sob)  Said("you were gone.")
    Go [whisper] now [/whisper] please.  ->  Said("Go")  Said("now", whispering)  Said("please.")

Words said through tears or laughing are cut every few words, where the breath fails.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from understudy.hub.cue import FLASH, MANNERS, PAUSE, SOUNDS, Cue, Vocal
from understudy.hub.script import Direction, Line
from understudy.hub.speech import Word
from understudy.voice.clause import Clause, SpokenWord

FLASH_S = 0.36
"""Length of a micro-expression nobody gave a length (Yan et al. 2013: under 0.5 s)."""
FLASH_EARLY_S = 0.06
BREATHLESS: Mapping[str, tuple[float, float]] = {"crying": (2.2, 4.5), "laughing": (2.5, 5.5)}
"""Manner -> after how many words the breath fails: between these, sooner when it is strong."""
LEADS = frozenset(
    "and but or nor so yet that which who when where while because if as than to in on at with for of from into "
    "about over after before until the a an my your his her our their this these those".split()
)
"""Words that begin a phrase: a clause is cut before one of them rather than elsewhere."""
SEAM_S = 0.04
"""Silence after words that a cue or a manner cuts off."""


@dataclass(frozen=True)
class Said:
    """A clause or a piece of one. manners: of MANNERS -> strength. cut: something follows before the clause is over.
    flashes: micro-expressions that begin in it."""

    clause: Clause
    manners: Mapping[str, float] = field(default_factory=dict)
    cut: bool = False
    flashes: tuple[Cue, ...] = ()


Part = Said | Cue


def cues_of(line: Line) -> tuple[Cue, ...]:
    """Returns the cues of a line, the vocal events and manners of its direction first."""
    words = len(line.text.split())
    led = [Cue(name, 0) for name in line.direction.events if name in SOUNDS]
    held = [Cue(name, 0, words) for name in line.direction.events if name in MANNERS and words]
    return (*led, *held, *line.cues)


def parts(
    clauses: Sequence[Clause], cues: Sequence[Cue], rng: np.random.Generator, *, first_words: int = 0
) -> list[Part]:
    """Returns what is said and what sounds, in order. first_words: see `voice.speak`."""
    held = [c for c in cues if c.name in MANNERS and c.until_word is not None]
    waiting = sorted((c for c in cues if c.name in SOUNDS or c.name == PAUSE), key=lambda c: c.at_word)
    flashes = [c for c in cues if c.name.startswith(FLASH)]
    edges = {c.at_word for c in waiting} | {e for c in held for e in (c.at_word, c.until_word or 0)}
    if first_words and clauses:
        edges |= _early(clauses[0], first_words)
    out: list[Part] = []
    for clause in clauses:
        for order, words in enumerate(pieces := _pieces(clause, edges, held, rng)):
            while waiting and waiting[0].at_word <= words[0].written:
                out.append(waiting.pop(0))
            last = order == len(pieces) - 1
            manners = {c.name: c.strength for c in held if c.at_word <= words[0].written < (c.until_word or 0)}
            if order and (failing := next((m for m in BREATHLESS if m in manners), "")) and isinstance(out[-1], Said):
                out.append(Cue(failing, words[0].written, strength=manners[failing]))
            piece = Clause(tuple(words), clause.mark if last else "", clause.last and last)
            mine = tuple(f for f in flashes if f.at_word <= words[-1].written)
            flashes = [f for f in flashes if f not in mine]
            out.append(Said(piece, manners, not last, mine))
    if flashes and out and isinstance(said := out[-1], Said):
        out[-1] = replace(said, flashes=(*said.flashes, *flashes))
    return [*out, *waiting]


def _early(clause: Clause, most: int) -> set[int]:
    """Returns where the first words are cut off a clause that is longer: before a phrase, if one begins near."""
    words = clause.words
    if len(words) <= most + 1:
        return set()
    places = [n for n in range(2, most + 1) if words[n].text.lower() in LEADS]
    return {words[places[-1] if places else most].written}


def _pieces(
    clause: Clause, edges: Iterable[int], held: Sequence[Cue], rng: np.random.Generator
) -> list[list[SpokenWord]]:
    """Returns the words of a clause, cut at the edges, and where the breath of a manner fails."""
    at = sorted(edges)
    out: list[list[SpokenWord]] = [[clause.words[0]]]
    left = np.inf
    for before, word in zip(clause.words, clause.words[1:], strict=False):
        cut = any(before.written < edge <= word.written for edge in at)
        manner = next(
            (c for c in held if c.name in BREATHLESS and c.at_word <= before.written < (c.until_word or 0)), None
        )
        if manner is not None:
            if not np.isfinite(left):
                few, many = BREATHLESS[manner.name]
                left = float(rng.uniform(few, many)) + 2.5 * (1 - manner.strength)
            left -= 1
            cut = cut or (left <= 0 and word is not clause.words[-1])
        if cut:
            out.append([])
            left = np.inf
        out[-1].append(word)
    return out


def manner_of(direction: Direction, said: Said) -> Direction:
    """Returns the direction of a piece of a line, with what its manners ask of the delivery."""
    whisper = said.manners.get("whispering", 0.0)
    if not whisper:
        return direction
    return replace(direction, whisper=max(direction.whisper, min(1.0, 0.45 + 0.75 * whisper)))


def flashes_in(said: Said, words: Sequence[Word], duration_s: float) -> tuple[Vocal, ...]:
    """Returns the micro-expressions of a piece, each just ahead of its word."""
    found = []
    for cue in said.flashes:
        starts = [w.start_s for w, s in zip(words, said.clause.words, strict=False) if s.written >= cue.at_word]
        start = max(0.0, (starts[0] if starts else words[-1].end_s) - FLASH_EARLY_S)
        length = float(np.clip(cue.duration_s or FLASH_S, 0.12, 0.5))
        found.append(Vocal(cue.name, "whole", min(start, duration_s), start + length, cue.strength))
    return tuple(found)
