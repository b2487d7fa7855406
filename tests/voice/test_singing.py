"""What is sung, measured on the sound with a tracker that made none of it (WORLD's Harvest)."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from made_songs import STAR, note, rest, score

from understudy.base.audio import Audio
from understudy.base.channels import SILENCE
from understudy.base.errors import BadInput
from understudy.hub.song import Note, Song
from understudy.hub.speech import Speech
from understudy.hub.voice import Voice
from understudy.voice import follow, read_song, sing, sung_lead_s
from understudy.voice.singing import phrases

VOICE = Voice(engines=("pico/en-US",))
TEXT = "Twinkle star\nso far\nhigh"


def midi_of(audio: Audio) -> tuple["np.ndarray[tuple[int], np.dtype[np.float64]]", ...]:
    """Returns times and MIDI numbers (NaN where unvoiced)."""
    import pyworld

    f0, times = pyworld.harvest(np.asarray(audio.samples, np.float64), audio.rate_hz, f0_floor=80, f0_ceil=900)
    return times, np.where(f0 > 0, 69 + 12 * np.log2(np.maximum(f0, 1.0) / 440), np.nan)


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Song:
    path = tmp_path_factory.mktemp("scores") / "star.musicxml"
    path.write_bytes(STAR)
    return read_song(path)


@pytest.fixture(scope="module")
def pieces(song: Song) -> list[Speech]:
    return list(sing(song, VOICE))


@pytest.fixture(scope="module")
def sung(pieces: list[Speech]) -> Speech:
    return Speech.join(pieces)


def held(speech: Speech) -> list[tuple[str, float, float]]:
    """Returns the vowels, as (name, start_s, end_s)."""
    from understudy.base.channels import VOWELS

    return [(p.name, p.start_s, p.end_s) for p in speech.phones if p.name in VOWELS]


def test_pieces_are_whole_and_follow_each_other(pieces: list[Speech], sung: Speech, song: Song) -> None:
    assert len(pieces) == 3, "rests part the phrases"
    assert sung.phones[0].start_s == 0
    assert sung.phones[-1].end_s == pytest.approx(sung.duration_s)
    assert all(a.end_s == pytest.approx(b.start_s) for a, b in pairwise(sung.phones))
    assert sung.prosody.duration_s == pytest.approx(sung.duration_s)
    assert [w.text for w in sung.words] == ["Twinkle", "star", "so", "far", "high"]


def test_every_vowel_begins_on_its_beat(sung: Speech, song: Song) -> None:
    lead = sung_lead_s(song)
    beats = [n.start_s + lead for n in song.notes if n.syllable]
    starts = [start for _, start, _ in held(sung)]
    assert len(starts) == len(beats)
    assert np.abs(np.array(starts) - beats).max() < 1e-6


def test_voice_is_heard_on_the_beat_after_a_voiceless_sound(sung: Speech, song: Song) -> None:
    times, midi = midi_of(sung.audio)
    lead = sung_lead_s(song)
    for syllable in ("far", "high"):
        beat = next(n.start_s for n in song.notes if n.syllable == syllable) + lead
        voiced = times[~np.isnan(midi) & (times > beat - 0.06)]
        assert abs(float(voiced[0]) - beat) < 0.02, syllable


def test_the_steady_part_of_every_note_is_in_tune(sung: Speech, song: Song) -> None:
    times, midi = midi_of(sung.audio)
    lead = sung_lead_s(song)
    checked = 0
    for n in song.notes:
        a, b = n.start_s + lead + 0.14, n.end_s + lead - 0.16
        inside = (times > a) & (times < b)
        if b - a < 0.1:
            continue
        checked += 1
        assert abs(100 * (np.nanmedian(midi[inside]) - n.pitch)) < 20, n.syllable
        assert abs(100 * (np.nanmedian(midi[inside]) - n.pitch - 1)) > 50, "a semitone off would be seen"
    assert checked >= 4


def test_long_notes_have_a_late_vibrato_and_none_when_none_is_wanted(sung: Speech, song: Song) -> None:
    times, midi = midi_of(sung.audio)
    start = song.notes[-1].start_s + sung_lead_s(song)
    early = (times > start + 0.1) & (times < start + 0.3)
    late = (times > start + 0.9) & (times < start + 1.5)
    assert np.nanstd(midi[late]) > 0.2 > 2 * np.nanstd(midi[early]) - 0.2
    wave = midi[late] - np.nanmean(midi[late])
    spectrum = np.abs(np.fft.rfft(np.nan_to_num(wave) * np.hanning(len(wave)), 4096))
    assert np.argmax(spectrum) * 200 / 4096 == pytest.approx(5.5, abs=0.9)
    last = Song("", (Note(0.0, 1.8, 64, "high"),))
    plain = Speech.join(sing(last, VOICE, vibrato=0.0))
    times, midi = midi_of(plain.audio)
    assert np.nanstd(midi[(times > 1.5) & (times < 2.1)]) < 0.08


def test_rests_are_silent_but_for_a_breath(sung: Speech, song: Song) -> None:
    lead = sung_lead_s(song)
    rest_at = next(n.end_s for n in song.notes if n.syllable == "far") + lead
    quiet = sung.audio.cut(rest_at + 0.15, rest_at + 0.3).samples
    vowel = sung.audio.cut(lead + 0.1, lead + 0.4).samples
    assert np.abs(quiet).max() < 0.02 * np.abs(vowel).max()
    lines = {piece.line.number: piece.line for piece in sing(song, VOICE) if piece.line}
    assert all("breath" in line.direction.events for line in lines.values())
    breath = sung.audio.cut(rest_at + 0.6, rest_at + 1.0).samples
    assert 5 * np.abs(quiet).max() < np.abs(breath).max() < 0.3 * np.abs(vowel).max()


def test_a_vowel_held_over_two_notes_is_one_phone(sung: Speech, song: Song) -> None:
    so = next(w for w in sung.words if w.text == "so")
    inside = [p for p in sung.phones if so.start_s - 1e-6 <= p.start_s < so.end_s - 1e-6]
    assert [p.name for p in inside] == ["S", "OW"]
    first = next(n for n in song.notes if n.syllable == "so")
    assert inside[1].end_s > first.end_s + sung_lead_s(song) + 0.1


def test_transposing_moves_every_note_and_louder_notes_are_louder(tmp_path: Path) -> None:
    loud = "<direction><direction-type><dynamics><ff/></dynamics></direction-type></direction>"
    soft = "<direction><direction-type><dynamics><p/></dynamics></direction-type></direction>"
    path = tmp_path / "a.musicxml"
    path.write_bytes(score(soft + note("C4", 2, "low") + rest(2) + loud + note("C4", 2, "low") + rest(2)))
    song = read_song(path)
    made = Speech.join(sing(song, VOICE, transpose_st=-3.0))
    times, midi = midi_of(made.audio)
    lead = sung_lead_s(song)
    assert np.nanmedian(midi[(times > lead + 0.2) & (times < lead + 0.5)]) == pytest.approx(57, abs=0.2)
    levels = [float(np.sqrt(np.mean(made.audio.cut(lead + t + 0.1, lead + t + 0.5).samples ** 2))) for t in (0.0, 1.2)]
    assert 5 < 20 * np.log10(levels[1] / levels[0]) < 14


def test_a_long_line_without_rests_is_breathed_between_words() -> None:
    notes = tuple(Note(i * 0.5, i * 0.5 + 0.5, 60, "la") for i in range(60))
    parts = phrases(Song("", notes))
    assert len(parts) > 2
    assert all(p.notes[-1].end_s - p.notes[0].start_s <= 9.5 for p in parts)
    for before, after in pairwise(parts):
        assert after.notes[0].start_s - before.notes[-1].end_s > 0.15
    word = tuple(Note(i * 0.5, i * 0.5 + 0.5, 60, "la", joined=True) for i in range(60))
    assert len(phrases(Song("", word))) == 1, "never inside a word"


@pytest.fixture(scope="module")
def guided(sung: Speech) -> Speech:
    return Speech.join(follow(sung.audio, TEXT, VOICE, transpose_st=-5.0))


def test_a_guide_gives_the_time(sung: Speech, guided: Speech) -> None:
    assert [w.text for w in guided.words] == TEXT.split()
    late = [mine.start_s - theirs.start_s for mine, theirs in zip(guided.words, sung.words, strict=True)]
    assert np.median(np.abs(late)) < 0.06
    assert guided.phones[-1].end_s == pytest.approx(guided.duration_s)
    assert guided.prosody.duration_s == pytest.approx(guided.duration_s, abs=0.011)


def test_a_guide_gives_the_pitch(sung: Speech, guided: Speech) -> None:
    _, theirs = midi_of(sung.audio)
    _, mine = midi_of(guided.audio)
    count = min(len(theirs), len(mine))
    both = ~np.isnan(theirs[:count]) & ~np.isnan(mine[:count])
    assert both.sum() > 400
    assert np.median(theirs[:count][both] - mine[:count][both]) == pytest.approx(5.0, abs=0.2)


def test_nothing_to_sing_and_words_that_are_not_there_are_refused(sung: Speech) -> None:
    with pytest.raises(BadInput, match="nothing to sing"):
        list(sing(Song("", ()), VOICE))
    with pytest.raises(BadInput, match="do not fit the guide"):
        list(follow(sung.audio, "Completely other words about umbrellas\nand elephants in Mississippi", VOICE))
    with pytest.raises(BadInput, match="silent"):
        list(follow(Audio.silence(2.0, 24_000), TEXT, VOICE))


def test_silence_is_named_silence(sung: Speech) -> None:
    assert sung.phones[0].name == SILENCE
