"""Scores made here: MusicXML and MIDI of a few bars."""

from collections.abc import Sequence


def note(pitch: str, duration: int, lyric: str = "", syllabic: str = "single", more: str = "") -> str:
    """Returns a MusicXML note such as ('C4', 2, 'Twin', 'begin'). more: further elements after the duration."""
    text = f"<lyric><syllabic>{syllabic}</syllabic><text>{lyric}</text></lyric>" if lyric else ""
    alter = "<alter>1</alter>" if "#" in pitch else "<alter>-1</alter>" if "b" in pitch else ""
    return (
        f"<note><pitch><step>{pitch[0]}</step>{alter}<octave>{pitch[-1]}</octave></pitch><duration>{duration}</duration>"
        f"{more}<voice>1</voice>{text}</note>"
    )


def rest(duration: int) -> str:
    return f"<note><rest/><duration>{duration}</duration><voice>1</voice></note>"


def score(*measures: str, tempo: float = 100.0, head: str = "") -> bytes:
    """Returns a MusicXML file; two divisions a quarter."""
    first = f"<attributes><divisions>2</divisions>{head}</attributes><sound tempo='{tempo}'/>"
    bars = "".join(f"<measure number='{i + 1}'>{first if i == 0 else ''}{m}</measure>" for i, m in enumerate(measures))
    parts = "<part-list><score-part id='P1'><part-name>Voice</part-name></score-part></part-list>"
    return f"<score-partwise version='4.0'>{parts}<part id='P1'>{bars}</part></score-partwise>".encode()


STAR = score(
    note("C4", 2, "Twin", "begin") + note("C4", 2, "kle", "end") + note("G4", 2, "star") + rest(2),
    note("A4", 1, "so") + note("G4", 1) + note("F4", 2, "far") + rest(4),
    note("E4", 4, "high", more="<tie type='start'/>"),
    note("E4", 2, more="<tie type='stop'/>"),
)


def midi(
    notes: Sequence[tuple[int, int, int]], words: Sequence[tuple[int, str]], tempos: Sequence[tuple[int, int]] = ()
) -> bytes:
    """Returns a MIDI file, 480 ticks a quarter. notes: start, end, pitch; words: tick, lyric; tempos: tick, micros."""
    events: list[tuple[int, int, bytes]] = []
    for start, end, pitch in notes:
        events += [(start, 2, bytes([0x90, pitch, 80])), (end, 0, bytes([0x80, pitch, 0]))]
    for at, text in words:
        data = text.encode()
        events.append((at, 1, bytes([0xFF, 0x05, len(data)]) + data))
    for at, micros in tempos:
        events.append((at, 1, b"\xff\x51\x03" + micros.to_bytes(3, "big")))
    body, clock = b"", 0
    for at, _, data in sorted(events, key=lambda e: (e[0], e[1])):
        body += _length(at - clock) + data
        clock = at
    body += b"\x00\xff\x2f\x00"
    return b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x01\xe0MTrk" + len(body).to_bytes(4, "big") + body


def _length(value: int) -> bytes:
    out = bytes([value & 127])
    while value := value >> 7:
        out = bytes([value & 127 | 128]) + out
    return out
