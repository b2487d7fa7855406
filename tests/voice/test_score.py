import io
import zipfile
from pathlib import Path

import pytest
from made_songs import STAR, midi, note, rest, score

from understudy.base.errors import BadInput
from understudy.hub.song import Song
from understudy.voice import read_song
from understudy.voice.score import divide


def read(data: bytes, folder: Path, name: str = "song.musicxml", **options: str) -> Song:
    path = folder / name
    path.write_bytes(data)
    return read_song(path, **options)  # type: ignore[arg-type]


def test_notes_ties_rests_and_melismas_are_read(tmp_path: Path) -> None:
    song = read(STAR, tmp_path)
    assert [n.syllable for n in song.notes] == ["Twin", "kle", "star", "so", "", "far", "high"]
    assert [n.joined for n in song.notes] == [True, False, False, False, False, False, False]
    assert [n.pitch for n in song.notes] == [60, 60, 67, 69, 67, 65, 64]
    assert [round(n.start_s, 3) for n in song.notes] == [0.0, 0.6, 1.2, 2.4, 2.7, 3.0, 4.8]
    assert song.notes[-1].end_s == pytest.approx(4.8 + 1.8), "a tie is one note"


def test_the_tempo_may_change_inside_a_note(tmp_path: Path) -> None:
    song = read(score(note("C4", 4, "long") + "<sound tempo='50'/>" + note("D4", 2, "slow")), tmp_path)
    assert [round(n.end_s, 3) for n in song.notes] == [1.2, 2.4]
    metronome = (
        "<direction><direction-type><metronome><beat-unit>quarter</beat-unit><beat-unit-dot/>"
        "<per-minute>40</per-minute></metronome></direction-type></direction>"
    )
    song = read(score(metronome + note("C4", 2, "la")), tmp_path)
    assert song.duration_s == pytest.approx(1.0), "a dotted quarter at 40 is a quarter at 60"


def test_dynamics_accidentals_and_transposition_count(tmp_path: Path) -> None:
    loud = "<direction><direction-type><dynamics><f/></dynamics></direction-type></direction>"
    song = read(
        score(
            note("F#4", 2, "one") + loud + note("Bb4", 2, "two"),
            head="<transpose><chromatic>-2</chromatic></transpose>",
        ),
        tmp_path,
    )
    assert [n.pitch for n in song.notes] == [64, 68]
    assert song.notes[1].level_db > song.notes[0].level_db


def test_of_two_voices_the_one_with_words_is_sung(tmp_path: Path) -> None:
    other = note("C3", 4).replace("<voice>1<", "<voice>2<")
    song = read(score(note("C4", 4, "me") + "<backup><duration>4</duration></backup>" + other), tmp_path)
    assert [n.pitch for n in song.notes] == [60]
    assert "Only one voice of the part is sung." in song.remarks


def test_a_compressed_score_is_the_same_song(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        where = "<container><rootfiles><rootfile full-path='a.xml'/></rootfiles></container>"
        archive.writestr("META-INF/container.xml", where)
        archive.writestr("a.xml", STAR)
    assert read(stream.getvalue(), tmp_path, "song.mxl").notes == read(STAR, tmp_path).notes


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "a.musicxml"),
        (b"<html/>", "a.xml"),
        (STAR[: len(STAR) // 2], "a.musicxml"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><score-partwise/>", "a.musicxml"),
        (b"PK\x03\x04nothing", "a.mxl"),
        (score(rest(4)), "a.musicxml"),
        (score(note("C4", 2, "la"), tempo=0.0), "a.musicxml"),
        (b"MThd", "a.mid"),
        (midi([(0, 480, 60)], [(0, "la")])[:-12], "a.mid"),
        (midi([], [(0, "la")]), "a.mid"),
        (b"RIFF", "a.mid"),
        (STAR, "a.pdf"),
    ],
)
def test_what_is_no_score_is_one_sentence_with_its_name(tmp_path: Path, data: bytes, name: str) -> None:
    with pytest.raises(BadInput, match=name):
        read(data, tmp_path, name)


def test_a_midi_file_is_read_with_its_tempo_and_lyrics(tmp_path: Path) -> None:
    data = midi(
        [(0, 480, 60), (480, 960, 62), (960, 1920, 64), (1920, 2400, 65)],
        [(0, "hap-"), (480, "py"), (1920, "day")],
        [(0, 500_000), (960, 1_000_000)],
    )
    song = read(data, tmp_path, "song.mid")
    assert [(n.syllable, n.joined) for n in song.notes] == [("hap", True), ("py", False), ("", False), ("day", False)]
    assert [round(n.start_s, 3) for n in song.notes] == [0.0, 0.5, 1.0, 3.0]


def test_karaoke_syllables_join_where_no_space_stands(tmp_path: Path) -> None:
    data = midi(
        [(0, 480, 60), (480, 960, 62), (960, 1440, 64)], [(0, "hap"), (480, "py "), (960, "/day")], [(0, 500_000)]
    )
    assert [(n.syllable, n.joined) for n in read(data, tmp_path, "a.kar").notes] == [
        ("hap", True),
        ("py", False),
        ("day", False),
    ]


def test_words_can_be_laid_under_notes_that_have_none(tmp_path: Path) -> None:
    bare = score(note("C4", 2) + note("D4", 2) + note("E4", 2) + note("F4", 2))
    with pytest.raises(BadInput, match="--words"):
        read(bare, tmp_path)
    song = read(bare, tmp_path, words="Happy day_")
    assert [n.syllable for n in song.notes] == ["Ha", "ppy", "day", ""]
    assert [n.joined for n in song.notes] == [True, False, False, False]
    with pytest.raises(BadInput, match="3 syllables and the score has 4 notes"):
        read(bare, tmp_path, words="Happy day")


def test_words_are_divided_as_they_are_said() -> None:
    assert len(divide("believe", "en-US")) == 2
    assert len(divide("moon", "en-US")) == 1
    assert len(divide("corazón", "es-ES")) == 3


def test_a_part_is_chosen_by_name_or_number(tmp_path: Path) -> None:
    assert read(STAR, tmp_path, part="voice").notes
    with pytest.raises(BadInput, match="Voice"):
        read(STAR, tmp_path, part="Tuba")
