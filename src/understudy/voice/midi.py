"""Standard MIDI files of format 0 and 1: the track that has words, its notes and its lyric events.

Words: lyric events (FF 05), or text events of karaoke files (FF 01). A trailing '-' joins syllables; in files whose
syllables carry spaces, a syllable without one joins the next (the karaoke habit).
"""

from dataclasses import dataclass, field
from fractions import Fraction

from understudy.base.errors import BadInput
from understudy.hub.song import Note, Song
from understudy.voice.score import Tempo

DRUMS = 9
NEAR = Fraction(1, 8)
"""Quarters between a word and its note at most."""
PLAIN_VELOCITY = 80


@dataclass
class _Track:
    name: str = ""
    notes: list[tuple[int, int, int, int]] = field(default_factory=list)
    lyrics: list[tuple[int, str]] = field(default_factory=list)
    texts: list[tuple[int, str]] = field(default_factory=list)
    tempos: list[tuple[int, float]] = field(default_factory=list)


def read(data: bytes, name: str, part: str = "") -> Song:
    """Returns the vocal line of a MIDI file. Raises BadInput naming what is wrong."""
    try:
        ticks, tracks = _tracks(data)
    except (IndexError, ValueError) as error:
        raise BadInput(f"{name} is not a whole MIDI file ({error or 'it ends too early'}); export it again.") from error
    track = _choose(part, tracks, name)
    tempo = Tempo([(Fraction(at, ticks), rate) for t in tracks for at, rate in t.tempos])
    lyrics = track.lyrics or next((t.lyrics for t in tracks if t.lyrics), [])
    lyrics = lyrics or next((t.texts for t in tracks if len(t.texts) > 2), [])
    notes, cut = _line(track.notes)
    syllables = _under(notes, _syllables(lyrics), ticks)
    made = tuple(
        Note(
            tempo.seconds(Fraction(start, ticks)),
            tempo.seconds(Fraction(end, ticks)),
            float(pitch),
            syllable,
            joined,
            max(-10.0, min(6.0, (velocity - PLAIN_VELOCITY) * 0.15)),
        )
        for (start, end, pitch, velocity), (syllable, joined) in zip(notes, syllables, strict=True)
    )
    return Song(track.name, made, remarks=("Of notes that sound together the highest is sung.",) if cut else ())


def _choose(part: str, tracks: list[_Track], name: str) -> _Track:
    playing = [t for t in tracks if t.notes]
    if not playing:
        raise BadInput(f"{name} has no notes; export the melody as MIDI.")
    if not part:
        return next((t for t in playing if t.lyrics), playing[0])
    for order, track in enumerate(playing, 1):
        if part in (str(order), track.name) or part.casefold() == track.name.casefold():
            return track
    there = ", ".join(f"{i} ({t.name or 'without a name'})" for i, t in enumerate(playing, 1))
    raise BadInput(f"{name} has no track '{part}'; its tracks with notes are {there}.")


def _tracks(data: bytes) -> tuple[int, list[_Track]]:
    if data[:4] != b"MThd":
        raise ValueError("it does not begin as one")
    if int.from_bytes(data[8:10], "big") == 2:
        raise ValueError("format 2 holds several songs")
    division = int.from_bytes(data[12:14], "big")
    if division & 0x8000 or not division:
        raise ValueError("its time is in film frames")
    at = 8 + int.from_bytes(data[4:8], "big")
    tracks = []
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "big")
        if data[at : at + 4] == b"MTrk":
            if at + 8 + size > len(data):
                raise ValueError("it ends too early")
            tracks.append(_track(data[at + 8 : at + 8 + size]))
        at += 8 + size
    return division, tracks


def _track(data: bytes) -> _Track:
    track = _Track()
    sounding: dict[tuple[int, int], tuple[int, int]] = {}
    at = clock = status = 0
    while at < len(data):
        delta, at = _length(data, at)
        clock += delta
        if data[at] & 0x80:
            status = data[at]
            at += 1
        if status == 0xFF:
            kind = data[at]
            size, at = _length(data, at + 1)
            _meta(track, kind, data[at : at + size], clock)
            at += size
        elif status in (0xF0, 0xF7):
            size, at = _length(data, at)
            at += size
        elif status & 0x80:
            kind, channel = status & 0xF0, status & 0x0F
            one, two = data[at], 0 if kind in (0xC0, 0xD0) else data[at + 1]
            at += 1 if kind in (0xC0, 0xD0) else 2
            if kind in (0x80, 0x90) and channel != DRUMS:
                begun = sounding.pop((channel, one), None)
                if begun is not None and clock > begun[0]:
                    track.notes.append((begun[0], clock, one, begun[1]))
                if kind == 0x90 and two:
                    sounding[(channel, one)] = (clock, two)
        else:
            raise ValueError("data without a status")
    return track


def _meta(track: _Track, kind: int, data: bytes, clock: int) -> None:
    if kind == 0x51 and len(data) == 3:
        micros = int.from_bytes(data, "big")
        if micros:
            track.tempos.append((clock, 60e6 / micros))
    elif kind == 0x03 and not track.name:
        track.name = _text(data).strip()
    elif kind == 0x05:
        track.lyrics.append((clock, _text(data)))
    elif kind == 0x01 and not data.startswith((b"@", b"%")):
        track.texts.append((clock, _text(data)))


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _length(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for _ in range(4):
        byte = data[at]
        at += 1
        value = value << 7 | byte & 127
        if byte < 128:
            return value, at
    raise ValueError("a number that does not end")


def _line(notes: list[tuple[int, int, int, int]]) -> tuple[list[tuple[int, int, int, int]], bool]:
    """Returns one line: of notes that begin together the highest, each ending before the next begins."""
    line: list[tuple[int, int, int, int]] = []
    cut = False
    for note in sorted(notes, key=lambda n: (n[0], n[2])):
        if line and line[-1][0] == note[0]:
            line[-1], cut = note, True
        else:
            if line and line[-1][1] > note[0]:
                line[-1] = (line[-1][0], note[0], *line[-1][2:])
            line.append(note)
    return line, cut


def _syllables(lyrics: list[tuple[int, str]]) -> list[tuple[int, str, bool]]:
    """Returns (tick, syllable, joined to the next)."""
    cleaned = [(at, text.replace("\r", " ").replace("\n", " ")) for at, text in lyrics]
    spaced = any(t != t.strip() or t[:1] in "/\\" for _, t in cleaned if t.strip())
    shown = [(at, text.lstrip("/\\"), text[:1] in "/\\ ") for at, text in cleaned if text.strip(" /\\")]
    found = []
    for i, (at, text, _) in enumerate(shown):
        bare = text.strip()
        joined = bare.endswith("-")
        if spaced and not joined:
            opens_next = i + 1 < len(shown) and not shown[i + 1][2]
            joined = text == text.rstrip() and opens_next
        found.append((at, bare.rstrip("-"), joined))
    return found


def _under(
    notes: list[tuple[int, int, int, int]], syllables: list[tuple[int, str, bool]], ticks: int
) -> list[tuple[str, bool]]:
    """Returns the syllable of each note, '' where none begins."""
    out = [("", False)] * len(notes)
    for at, text, joined in syllables:
        near = min(range(len(notes)), key=lambda i: abs(notes[i][0] - at))
        if abs(notes[near][0] - at) <= NEAR * ticks and text not in ("_", ""):
            out[near] = (text, joined)
    return out
