"""A song is sung: phrase by phrase, by any engine that can say its words.

The engine says the words of a phrase; its sound is mapped to the notes (`syllables`, `sung_sound`) and gets their pitch
(`sung_pitch`). A song that begins at once is led in by LEAD_S of breath, so that its first consonants have room.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from understudy.base.audio import Audio, Samples
from understudy.base.channels import SILENCE
from understudy.base.errors import BadInput
from understudy.hub.cue import Cue
from understudy.hub.script import Direction, Line
from understudy.hub.song import Note, Song
from understudy.hub.speech import PROSODY_CHANNELS, PROSODY_RATE_HZ, Phone, Speech, Word
from understudy.hub.track import Track
from understudy.hub.voice import Voice
from understudy.voice import level, world
from understudy.voice.choosing import Chosen, choose
from understudy.voice.clause import Clause
from understudy.voice.delivery import Delivery, deliver
from understudy.voice.sung_pitch import frames, hertz, pitch_line
from understudy.voice.sung_sound import RELEASE_S, Score, sung_sound
from understudy.voice.syllables import Sung, lay_phones, syllables
from understudy.voice.text import read
from understudy.voice.timbre import made_up
from understudy.voice.uttering import RATE_HZ, utter
from understudy.voice.vocalising import vocalise

LEAD_S = 0.6
REST_S = 0.12
"""A rest that ends a phrase; across a shorter one the voice goes on."""
LONGEST_PHRASE_S = 9.0
"""After this long a singer breathes between words, taking a little off the note before."""
STOLEN_S = 0.3
BREATH_FROM_S = 0.3
BREATH = 0.5
"""Level of a breath in song against one before speech: singers take them more softly than they sing."""
ROOM_S = 0.4
"""Most that the consonants before a phrase's first beat may take."""


@dataclass(frozen=True)
class Phrase:
    """Notes on one breath. start_s: where its piece of the song begins, the end of the phrase before."""

    notes: tuple[Note, ...]
    start_s: float


def lead_s(song: Song) -> float:
    """Returns the silence put before the song: its beats fall this much later in the sound."""
    return max(0.0, LEAD_S - song.notes[0].start_s) if song.notes else 0.0


def sing(
    song: Song,
    voice: Voice,
    *,
    direction: Direction = Direction(),
    transpose_st: float = 0.0,
    vibrato: float = 1.0,
    lexicon: Mapping[str, str] | None = None,
    seed: int = 0,
    engine: str = "",
) -> Iterator[Speech]:
    """Yields a song as a Speech per phrase, in order and without gaps; a beat at t sounds at t + lead_s(song).

    direction: its feeling colours the voice and plays on the face; pitch and pace are the score's. vibrato: factor.
    Raises BadInput for a song without notes, Unavailable when no engine can say the words.
    """
    if not song.notes:
        raise BadInput("There is nothing to sing; give a score with notes and words.")
    chosen = choose(voice, song.language, engine)
    played = deliver(direction, chosen.designed(voice))
    for order, phrase in enumerate(phrases(song, transpose_st)):
        rng = np.random.default_rng([seed, order])
        yield _sung(phrase, order, chosen, played, direction, vibrato, lexicon, song.language, rng)


def phrases(song: Song, transpose_st: float = 0.0) -> list[Phrase]:
    """Returns the song cut at rests, breath marks, and between words where it grows too long."""
    shift = lead_s(song)
    notes = [
        replace(n, start_s=n.start_s + shift, end_s=n.end_s + shift, pitch=n.pitch + transpose_st) for n in song.notes
    ]
    groups: list[list[Note]] = [[]]
    for i, note in enumerate(notes):
        groups[-1].append(note)
        if i + 1 == len(notes):
            break
        following = notes[i + 1]
        rest = following.start_s - note.end_s
        inside = _inside(notes, i)
        if inside or not following.syllable:
            continue
        tired = following.end_s - groups[-1][0].start_s > LONGEST_PHRASE_S
        if rest < REST_S and (note.breath or tired):
            stolen = min(STOLEN_S, 0.4 * (note.end_s - note.start_s))
            groups[-1][-1] = replace(note, end_s=note.end_s - stolen)
        if rest >= REST_S or note.breath or tired:
            groups.append([])
    out: list[Phrase] = []
    start = 0.0
    for group in groups:
        out.append(Phrase(tuple(_legato(group)), start))
        start = _grid(group[-1].end_s + RELEASE_S)
    return out


def _inside(notes: Sequence[Note], index: int) -> bool:
    """Returns whether a word goes on after note `index`."""
    begun = next((n for n in reversed(notes[: index + 1]) if n.syllable), None)
    return begun is not None and begun.joined


def _legato(notes: Sequence[Note]) -> list[Note]:
    """Returns the notes of a phrase with each reaching to the next."""
    ends = [n.start_s for n in notes[1:]] + [notes[-1].end_s]
    return [replace(n, end_s=end) for n, end in zip(notes, ends, strict=True)]


def _sung(
    phrase: Phrase,
    order: int,
    chosen: Chosen,
    played: Delivery,
    direction: Direction,
    vibrato: float,
    lexicon: Mapping[str, str] | None,
    language: str,
    rng: np.random.Generator,
) -> Speech:
    words, parts = syllables(phrase.notes)
    clause = clause_of(words, language, lexicon)
    uttered = utter(chosen, clause, direction)
    owners = [clause.words[o].written if o >= 0 else -1 for o in uttered.owners]
    room = min(ROOM_S, max(0.02, phrase.notes[0].start_s - phrase.start_s - 0.02))
    sung = lay_phones(uttered.phones, owners, parts, room_s=room)
    times = frames(sung[0].start_s - min(0.03, max(0.0, sung[0].start_s - phrase.start_s)), sung[-1].end_s + RELEASE_S)
    score = Score(times, hertz(pitch_line(phrase.notes, times, rng, vibrato=vibrato)), _gain(phrase.notes, times))
    mean_db = float(np.mean([n.level_db for n in phrase.notes]))
    samples, f0_hz = sung_sound(uttered, sung, score, played, rng, level.SPEECH_LUFS + mean_db)
    events = () if sung[0].start_s - phrase.start_s < BREATH_FROM_S else ("breath",)
    line = Line(" ".join(words), direction=replace(direction, events=(*direction.events, *events)), number=order)
    return piece(line, sung, words, samples, f0_hz, times[0], phrase.start_s, played, chosen, uttered.timing, rng)


def clause_of(words: Sequence[str], language: str, lexicon: Mapping[str, str] | None) -> Clause:
    """Returns the words of a phrase as one clause, each spoken word knowing the sung word it comes from."""
    plain = [re.sub(r"[^\w']", "", word).strip("'_") or "a" for word in words]
    clauses = read(" ".join(plain), language=language, lexicon=lexicon)
    return Clause(tuple(w for c in clauses for w in c.words), "", True)


def _gain(notes: Sequence[Note], times: world.Floats) -> world.Floats:
    """Returns dB: the dynamics of the notes, a swell in long ones, higher notes a little louder."""
    middle = float(np.mean([n.pitch for n in notes]))
    mean_db = float(np.mean([n.level_db for n in notes]))
    line = np.zeros(len(times))
    for note in notes:
        inside = (times >= note.start_s) & (times < note.end_s)
        part = np.clip((times[inside] - note.start_s) / (note.end_s - note.start_s), 0.0, 1.0)
        swell = 1.5 * min(1.0, (note.end_s - note.start_s) / 1.5) * np.sin(np.pi * part)
        line[inside] = note.level_db - mean_db + swell + 0.25 * (note.pitch - middle)
    line[times < notes[0].start_s] = line[times >= notes[0].start_s][0]
    last = line[times < notes[-1].end_s][-1]
    line[times >= notes[-1].end_s] = last
    window = np.hanning(19)[1:-1]
    return np.convolve(np.pad(line, 8, mode="edge"), window / window.sum(), mode="valid")


def piece(
    line: Line,
    sung: Sequence[Sung],
    words: Sequence[str],
    samples: Samples,
    f0_hz: world.Floats,
    sound_s: float,
    start_s: float,
    played: Delivery,
    chosen: Chosen,
    timing: str,
    rng: np.random.Generator,
) -> Speech:
    """Returns a phrase as a Speech that begins at start_s of the song; its sound begins at sound_s."""
    end_s = _grid(sung[-1].end_s + RELEASE_S)
    total = np.zeros(round((end_s - start_s) * RATE_HZ), np.float32)
    at = round((sound_s - start_s) * RATE_HZ)
    total[at : at + len(samples)] = samples[: len(total) - at]
    if "breath" in line.direction.events:
        _breathe(total, round((sung[0].start_s - start_s) * RATE_HZ), rng)
    phones = [Phone(s.source.name, s.start_s - start_s, s.end_s - start_s, s.source.stress) for s in sung]
    spans: dict[int, tuple[float, float]] = {}
    for phone, s in zip(phones, sung, strict=True):
        if s.word >= 0:
            spans[s.word] = (spans.get(s.word, (phone.start_s, 0.0))[0], phone.end_s)
    covered = [*_silent(0.0, phones[0].start_s), *phones, *_silent(phones[-1].end_s, end_s - start_s)]
    count = round((end_s - start_s) * PROSODY_RATE_HZ)
    track = np.zeros((count, 2), np.float32)
    places = np.rint(((np.arange(count) + 0.5) / PROSODY_RATE_HZ - (sound_s - start_s)) / world.FRAME_S).astype(int)
    inside = (places >= 0) & (places < len(f0_hz))
    track[inside, 0] = f0_hz[places[inside]]
    track[:, 1] = level.loudness_curve(total, RATE_HZ, PROSODY_RATE_HZ, count)
    return Speech(
        Audio(total, RATE_HZ),
        tuple(covered),
        tuple(Word(text, *spans[i], 0.5) for i, text in enumerate(words) if i in spans),
        Track("prosody", PROSODY_CHANNELS, PROSODY_RATE_HZ, track),
        line,
        chosen.label,
        timing,
    )


def _breathe(total: Samples, until: int, rng: np.random.Generator) -> None:
    """Puts an intake of breath into the silence before a phrase."""
    breath = vocalise(Cue("breath", 0), made_up(RATE_HZ), loudness_db=0.0, rng=rng).audio.samples
    room = until - int(0.02 * RATE_HZ)
    if room <= 0:
        return
    breath = level.fade_edges(breath[-room:], RATE_HZ, 0.03)
    total[room - len(breath) : room] += BREATH * breath


def _silent(start_s: float, end_s: float) -> list[Phone]:
    return [Phone(SILENCE, start_s, end_s)] if end_s - start_s > 1e-9 else []


def _grid(seconds: float) -> float:
    return float(np.ceil(seconds * PROSODY_RATE_HZ - 1e-6)) / PROSODY_RATE_HZ
