"""A line becomes speech, clause by clause."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np

from understudy.base.audio import Audio, Samples
from understudy.base.channels import SILENCE
from understudy.hub.cue import PAUSE, Cue
from understudy.hub.script import Line
from understudy.hub.speech import PROSODY_CHANNELS, PROSODY_RATE_HZ, Phone, Speech, Word
from understudy.hub.track import Track
from understudy.hub.voice import Voice
from understudy.voice import level, world
from understudy.voice.acting import remaining
from understudy.voice.choosing import Chosen, choose
from understudy.voice.clause import Clause
from understudy.voice.delivery import deliver
from understudy.voice.directing import direct
from understudy.voice.engine import Directed
from understudy.voice.manners import through
from understudy.voice.playing import SEAM_S, cues_of, flashes_in, manner_of, parts
from understudy.voice.reshaping import Rendered, reshape
from understudy.voice.text import read
from understudy.voice.timbre import SAMPLE, Timbre, timbre_of
from understudy.voice.uttering import RATE_HZ, utter
from understudy.voice.vocalising import vocalise

GRID_S = 0.01
PAUSES_S = {".": 0.42, "?": 0.48, "!": 0.42, ",": 0.17, ":": 0.28, "-": 0.26, "…": 0.62, "": 0.06}
"""Pause after a clause by its mark (Goldman-Eisler 1968; read speech: Zellner 1994), before pace and mood."""
END_S = 0.12
"""What follows the last clause of a line when the writer asks for no pause; replies come sooner than sentences."""
REACH = 1.7
"""How much further feelings go in a voice that is told its melody from inside (see delivery.EMOTIONS)."""


def speak(
    line: Line,
    voice: Voice,
    *,
    language: str = "en-US",
    lexicon: Mapping[str, str] | None = None,
    seed: int = 0,
    engine: str = "",
    first_words: int = 0,
    brisk: bool = False,
    first: int = 0,
) -> Iterator[Speech]:
    """Yields a line as a Speech per clause, at SPEECH_RATE_HZ, in order and without gaps.

    Vocal events are pieces of their own without words. The direction's pauses are silence inside the first and last
    piece. Same arguments, same samples on one machine; another seed is another take of the same reading. engine:
    'name' or 'name/voice' to insist on one. first_words, brisk, first: as in
    `voice.speak`.
    Raises BadInput when there is nothing to say, Unavailable when no engine can say it.
    """
    chosen = choose(voice, language, engine)
    cues = cues_of(line)
    clauses = read(line.text, language=language, lexicon=lexicon) if line.text.strip() or not cues else ()
    direction = line.direction
    designed = chosen.designed(voice)
    reach = REACH if isinstance(chosen.engine, Directed) else 1.0
    order = 0
    script = parts(clauses, cues, np.random.default_rng([seed, 7919]), first_words=first_words)
    for number, part in enumerate(script):
        before = direction.pause_before_s if number == 0 else 0.0
        last = number == len(script) - 1
        if isinstance(part, Cue):
            if number < first:
                continue
            sounded = _sounded(part, line, voice, chosen, language, np.random.default_rng([seed, 7919, number]))
            yield _among(sounded, line, chosen, before, END_S + direction.pause_after_s if last else 0.0)
            continue
        rng = np.random.default_rng([seed, order])
        order += 1
        if number < first:
            continue
        how, clause = manner_of(direction, part), part.clause
        played = deliver(how, designed, reach=reach)
        after = PAUSES_S.get(clause.mark, 0.3) * played.rest
        if part.cut or (not last and isinstance(script[number + 1], Cue)):
            after = SEAM_S
        elif clause.last:
            after = END_S + direction.pause_after_s
        if isinstance(chosen.engine, Directed):
            rendered = direct(chosen.engine, chosen, clause, line, played, rng)
        else:
            uttered = utter(chosen, clause, how, brisk=brisk)
            rendered = reshape(uttered, clause, line, deliver(remaining(how, uttered.plays), designed), chosen, rng)
        piece = _piece(line, clause, rendered, chosen, (before, after))
        for manner, strength in part.manners.items():
            piece = through(piece, manner, strength, rng)
        yield replace(piece, vocals=(*piece.vocals, *flashes_in(part, piece.words, piece.duration_s)))


def _sounded(cue: Cue, line: Line, voice: Voice, chosen: Chosen, language: str, rng: np.random.Generator) -> Speech:
    if cue.name == PAUSE:
        return Speech.silence(_grid(cue.duration_s), RATE_HZ)
    loudness_db = deliver(line.direction, voice).loudness_db
    return vocalise(cue, own_timbre(voice, language, chosen.label), loudness_db=loudness_db, rng=rng)


def _among(sounded: Speech, line: Line, chosen: Chosen, before_s: float, after_s: float) -> Speech:
    """Returns what sounds between words with the silence around it, as a piece of its line."""
    around = [Speech.silence(_grid(s), RATE_HZ) if s > 0 else None for s in (before_s, after_s)]
    joined = Speech.join(p for p in (around[0], sounded, around[1]) if p is not None)
    return replace(joined, line=line, engine=chosen.label, timing="exact")


@lru_cache(maxsize=32)
def own_timbre(voice: Voice, language: str, engine: str) -> Timbre:
    """Returns the timbre of a voice as an engine speaks it: a sentence of a second or two, said once."""
    return timbre_of(Speech.join(speak(Line(SAMPLE), voice, language=language, engine=engine)))


def _piece(line: Line, clause: Clause, rendered: Rendered, chosen: Chosen, pauses_s: tuple[float, float]) -> Speech:
    lead, tail = (_grid(max(0.0, pause)) for pause in pauses_s)
    samples = np.zeros(round((lead + len(rendered.samples) / RATE_HZ + tail) * RATE_HZ), np.float32)
    at = round(lead * RATE_HZ)
    samples[at : at + len(rendered.samples)] = rendered.samples
    return _speech(line, clause, rendered, lead, samples, chosen)


def _speech(line: Line, clause: Clause, rendered: Rendered, lead_s: float, samples: Samples, chosen: Chosen) -> Speech:
    audio = Audio(samples, RATE_HZ)
    phones = [replace(p, start_s=lead_s + p.start_s, end_s=lead_s + p.end_s) for p in rendered.phones]
    words = tuple(
        Word(word.text, lead_s + start, lead_s + end, round(accent.weight, 3))
        for word, (start, end), accent in zip(clause.words, rendered.spans, rendered.marks, strict=True)
    )
    first, last = phones[0], phones[-1]
    covered = [
        *([Phone(SILENCE, 0.0, first.start_s)] if first.start_s > 0 else []),
        *phones,
        *([Phone(SILENCE, last.end_s, audio.duration_s)] if last.end_s < audio.duration_s else []),
    ]
    count = round(audio.duration_s * PROSODY_RATE_HZ)
    track = np.zeros((count, 2), np.float32)
    places = np.rint(((np.arange(count) + 0.5) / PROSODY_RATE_HZ - lead_s) / world.FRAME_S).astype(int)
    inside = (places >= 0) & (places < len(rendered.f0_hz))
    track[inside, 0] = rendered.f0_hz[places[inside]]
    track[:, 1] = level.loudness_curve(samples, RATE_HZ, PROSODY_RATE_HZ, count)
    return Speech(
        audio,
        tuple(covered),
        words,
        Track("prosody", PROSODY_CHANNELS, PROSODY_RATE_HZ, track),
        line,
        chosen.label,
        rendered.timing,
    )


def _grid(seconds: float) -> float:
    """Returns a time on the prosody grid, so that the tracks of joined pieces stay in step with their sound."""
    return float(np.ceil(seconds / GRID_S - 1e-6)) * GRID_S
