"""MusicXML 3 and 4, partwise, plain or compressed: one monophonic line with its first verse."""

import io
import re
import zipfile
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from xml.etree import ElementTree

from understudy.base.errors import BadInput
from understudy.hub.song import Note, Song
from understudy.voice.score import Tempo

LARGEST_BYTES = 32 << 20
STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
LEVELS_DB = {
    "pppp": -12.0, "ppp": -10.0, "pp": -7.5, "p": -5.0, "mp": -2.5, "mf": 0.0, "f": 2.5, "ff": 4.5, "fff": 6.0,
    "ffff": 7.0, "sf": 3.0, "sfz": 3.0, "fp": 2.5,
}  # fmt: skip
UNITS = {"whole": 4.0, "half": 2.0, "quarter": 1.0, "eighth": 0.5, "16th": 0.25}


@dataclass
class _Read:
    """A note on the page. at, length: in quarters."""

    at: Fraction
    length: Fraction
    pitch: float
    voice: str
    syllable: str = ""
    joined: bool = False
    level_db: float = 0.0
    breath: bool = False
    tied: bool = False


def read(data: bytes, name: str, part: str = "") -> Song:
    """Returns the vocal line of a MusicXML file. Raises BadInput naming what is wrong."""
    root = _root(data, name)
    parts = root.findall("part")
    if root.tag != "score-partwise" or not parts:
        raise BadInput(f"{name} is not a partwise MusicXML score; export it from your notation program as MusicXML.")
    names = [_named(root, p.get("id", "")) for p in parts]
    read_parts = [_part(p, name) for p in parts]
    chosen = _choose(part, names, [bool([n for n in notes if n.syllable]) for notes, _, _ in read_parts], name)
    notes, _, remarks = read_parts[chosen]
    tempo = Tempo([change for _, changes, _ in read_parts for change in changes])
    line, more = _one_voice(notes)
    if not line:
        raise BadInput(f"{name} has no notes in its part '{names[chosen]}'; choose another with --part.")
    title = root.findtext("work/work-title") or root.findtext("movement-title") or ""
    return Song(title, tuple(_note(n, tempo) for n in line), remarks=(*remarks, *more))


def _root(data: bytes, name: str) -> ElementTree.Element:
    try:
        if data[:2] == b"PK":
            data = _unpacked(data, name)
        if b"<!ENTITY" in data[:4096]:
            raise BadInput(f"{name} declares entities of its own, which no score needs; export it again.")
        return ElementTree.fromstring(data)
    except (ElementTree.ParseError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise BadInput(f"{name} cannot be read as MusicXML ({error}); export it again.") from error


def _unpacked(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        container = ElementTree.fromstring(archive.read("META-INF/container.xml"))
        files = [e.get("full-path", "") for e in container.iter() if e.tag.endswith("rootfile")]
        info = archive.getinfo(files[0] if files else "")
        if info.file_size > LARGEST_BYTES:
            raise BadInput(f"{name} unpacks to more than a score can be; export it again.")
        return archive.read(info)


def _named(root: ElementTree.Element, key: str) -> str:
    for entry in root.findall("part-list/score-part"):
        if entry.get("id") == key:
            return (entry.findtext("part-name") or key).strip()
    return key


def _choose(part: str, names: list[str], sung: list[bool], name: str) -> int:
    if not part:
        return sung.index(True) if True in sung else 0
    if part.isdigit() and 1 <= int(part) <= len(names):
        return int(part) - 1
    for i, known in enumerate(names):
        if known.casefold() == part.casefold():
            return i
    raise BadInput(f"{name} has no part '{part}'; its parts are {', '.join(names)}.")


def _part(part: ElementTree.Element, name: str) -> tuple[list[_Read], list[tuple[Fraction, float]], list[str]]:
    notes: list[_Read] = []
    tempos: list[tuple[Fraction, float]] = []
    remarks: list[str] = []
    clock = bar = Fraction(0)
    divisions, shift, level_db = 1, 0.0, 0.0
    try:
        for measure in part.findall("measure"):
            clock = furthest = bar
            for item in measure:
                if item.tag == "attributes":
                    divisions = int(item.findtext("divisions") or divisions)
                    if item.find("transpose") is not None:
                        shift = _transposed(item)
                elif item.tag in ("backup", "forward"):
                    step = Fraction(int(item.findtext("duration") or 0), divisions)
                    clock += step if item.tag == "forward" else -step
                elif item.tag in ("direction", "sound"):
                    tempos += _tempo(item, clock)
                    level_db = _level(item, level_db)
                elif item.tag == "barline" and item.find("repeat") is not None:
                    remarks.append("Repeats are sung once.")
                elif item.tag == "note":
                    clock = _add(item, notes, clock, divisions, shift, level_db, remarks)
                furthest = max(furthest, clock)
            bar = furthest
    except (ValueError, ZeroDivisionError, KeyError) as error:
        raise BadInput(f"{name} has a measure that cannot be read ({error}); export it again.") from error
    return notes, tempos, list(dict.fromkeys(remarks))


def _add(
    item: ElementTree.Element,
    notes: list[_Read],
    clock: Fraction,
    divisions: int,
    shift: float,
    level_db: float,
    remarks: list[str],
) -> Fraction:
    """Reads one note and returns the clock after it."""
    if item.find("grace") is not None:
        remarks.append("Grace notes are left out.")
        return clock
    length = Fraction(item.findtext("duration") or "0") / divisions
    pitch = item.find("pitch")
    if item.find("chord") is not None:
        remarks.append("Of a chord the first note written is sung.")
        return clock
    if pitch is None:  # a rest, or a drum
        return clock + length
    number = (
        12 * (int(pitch.findtext("octave") or "4") + 1)
        + STEPS[(pitch.findtext("step") or "C").strip()]
        + float(pitch.findtext("alter") or 0)
        + shift
    )
    syllable, joined = _lyric(item)
    notes.append(
        _Read(
            clock,
            length,
            number,
            (item.findtext("voice") or "1").strip(),
            syllable,
            joined,
            level_db + (2.0 if item.find("notations/articulations/accent") is not None else 0.0),
            item.find("notations/articulations/breath-mark") is not None,
            any(t.get("type") == "stop" for t in item.findall("tie")),
        )
    )
    return clock + length


def _lyric(item: ElementTree.Element) -> tuple[str, bool]:
    verses = item.findall("lyric")
    if not verses:
        return "", False
    verse = next((v for v in verses if v.get("number", "1") in ("1", "part1verse1")), verses[0])
    text = " ".join((t.text or "").strip() for t in verse.findall("text")).strip()
    syllabic = [s.text for s in verse.findall("syllabic")]
    return re.sub(r"\s+", "'" if "'" in text else "", text), bool(syllabic) and syllabic[-1] in ("begin", "middle")


def _tempo(item: ElementTree.Element, clock: Fraction) -> list[tuple[Fraction, float]]:
    sound = item if item.tag == "sound" else item.find("sound")
    if sound is not None and sound.get("tempo"):
        return [(clock, _rate(float(sound.get("tempo", "120"))))]
    mark = item.find("direction-type/metronome")
    if mark is None or mark.findtext("per-minute") is None:
        return []
    found = re.search(r"\d+(?:\.\d+)?", mark.findtext("per-minute") or "")
    unit = UNITS.get(mark.findtext("beat-unit") or "quarter", 1.0)
    if mark.find("beat-unit-dot") is not None:
        unit *= 1.5
    return [(clock, _rate(float(found.group()) * unit))] if found else []


def _rate(quarters_a_minute: float) -> float:
    if not 10 <= quarters_a_minute <= 600:
        raise ValueError(f"a tempo of {quarters_a_minute:g}")
    return quarters_a_minute


def _level(item: ElementTree.Element, level_db: float) -> float:
    for mark in item.findall("direction-type/dynamics"):
        for name in mark:
            level_db = LEVELS_DB.get(name.tag, level_db)
    return level_db


def _transposed(attributes: ElementTree.Element) -> float:
    chromatic = float(attributes.findtext("transpose/chromatic") or 0)
    return chromatic + 12 * float(attributes.findtext("transpose/octave-change") or 0)


def _one_voice(notes: list[_Read]) -> tuple[list[_Read], list[str]]:
    """Returns the notes of the voice that has words, ties joined, each ending before the next begins."""
    sung = [n.voice for n in notes if n.syllable] or [n.voice for n in notes]
    if not sung:
        return [], []
    voice = max(dict.fromkeys(sung), key=sung.count)
    line: list[_Read] = []
    for note in sorted((n for n in notes if n.voice == voice and n.length > 0), key=lambda n: n.at):
        before = line[-1] if line else None
        if before and note.tied and note.pitch == before.pitch and before.at + before.length == note.at:
            line[-1] = replace(before, length=before.length + note.length, breath=note.breath)
        else:
            line.append(note)
    for a, b in pairwise(line):
        a.length = min(a.length, b.at - a.at)
    others = len({n.voice for n in notes}) > 1
    return [n for n in line if n.length > 0], ["Only one voice of the part is sung."] if others else []


def _note(read_note: _Read, tempo: Tempo) -> Note:
    return Note(
        tempo.seconds(read_note.at),
        tempo.seconds(read_note.at + read_note.length),
        read_note.pitch,
        read_note.syllable,
        read_note.joined,
        read_note.level_db,
        read_note.breath,
    )
