import subprocess
import sys
from collections.abc import Iterator

import numpy as np

from understudy.base.audio import Audio
from understudy.base.channels import COMPLEXION, FACE, GAZE, HEAD, TRACK_CHANNELS
from understudy.face import animate
from understudy.hub.actor import Persona
from understudy.hub.performance import Beat, Performance
from understudy.hub.script import Direction
from understudy.hub.speech import PROSODY_CHANNELS, Phone, Speech
from understudy.hub.track import Track
from understudy.testing.speech import SENTENCES, spoken

PIECES = [spoken(s, number=i, lead_s=0.05, tail_s=0.03) for i, s in enumerate(SENTENCES.values())]


def play(speeches: list[Speech], **options: object) -> list[Beat]:
    return list(animate(speeches, persona=Persona(), **options))  # type: ignore[arg-type]


def test_every_beat_carries_its_sound_and_all_tracks() -> None:
    beats = play(PIECES)
    assert [beat.sound for beat in beats] == [piece.audio for piece in PIECES]
    for beat in beats:
        assert set(beat.tracks) == {FACE, HEAD, GAZE, COMPLEXION}
        assert len({len(track.values) for track in beat.tracks.values()}) == 1
        assert all(track.channels == TRACK_CHANNELS[name] for name, track in beat.tracks.items())


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_actor() -> None:
    one, same, other = (play(PIECES, seed=seed) for seed in (3, 3, 4))
    assert all(
        a.tracks[n].values.tobytes() == b.tracks[n].values.tobytes()
        for a, b in zip(one, same, strict=True)
        for n in a.tracks
    )
    assert [a.events for a in one] == [b.events for b in same]
    assert any((a.tracks[HEAD].values != b.tracks[HEAD].values).any() for a, b in zip(one, other, strict=True))


def test_frames_are_the_rounded_total_of_the_sound_after_every_piece() -> None:
    rng = np.random.default_rng(1)
    lengths = rng.integers(1, 9_000, 60)
    samples = frames = 0
    for beat, length in zip(play([silence(int(n)) for n in lengths], listening=True), lengths, strict=True):
        samples += int(length)
        frames += len(beat.tracks[FACE].values)
        assert frames == int(samples * 60 / 22_050 + 0.5)


def test_an_hour_of_uneven_pieces_has_no_drift() -> None:
    pieces = 600
    length = int(6.0007 * 22_050) + 1

    def stream() -> Iterator[Speech]:
        for _ in range(pieces):
            yield silence(length)

    frames = 0
    for beat in animate(stream(), persona=Persona()):
        frames += len(beat.tracks[FACE].values)
    assert abs(frames / 60 - pieces * length / 22_050) <= 1 / 60
    assert abs(beat.start_s - (pieces - 1) * length / 22_050) < 1e-6


def test_beats_come_while_the_speech_is_still_being_made() -> None:
    asked = 0

    def stream() -> Iterator[Speech]:
        nonlocal asked
        for piece in PIECES:
            asked += 1
            yield piece

    beats = animate(stream(), persona=Persona())
    next(beats)
    assert asked == 2


def test_a_piece_that_ends_in_a_rest_does_not_wait_for_the_next() -> None:
    asked = 0

    def stream() -> Iterator[Speech]:
        nonlocal asked
        for index in range(3):
            asked += 1
            yield spoken(SENTENCES["bob"], number=index, tail_s=0.3)

    beats = animate(stream(), persona=Persona())
    next(beats)
    assert asked == 1


def test_a_pause_cut_into_small_pieces_is_no_wait_for_a_listener() -> None:
    asked = 0

    def stream() -> Iterator[Speech]:
        nonlocal asked
        while True:
            asked += 1
            yield Speech.silence(0.2, 16_000)

    beats = animate(stream(), persona=Persona(), listening=True)
    next(beats)
    assert asked == 1


def test_what_is_said_is_told_in_events_within_the_beat() -> None:
    for piece, beat in zip(PIECES, play(PIECES), strict=True):
        words = [e for e in beat.events if e.kind == "word"]
        assert [(e.name, round(e.start_s, 6)) for e in words] == [(w.text, round(w.start_s, 6)) for w in piece.words]
        assert len([e for e in beat.events if e.kind == "phone"]) == len([p for p in piece.phones if p.name != "SIL"])
        assert all(-1e-9 <= e.start_s <= beat.duration_s + 1e-9 for e in beat.events if e.kind != "gesture")


def test_a_stream_in_pieces_and_the_take_of_it_are_one_performance() -> None:
    take = Performance.from_beats("emi", play(PIECES))
    assert len(take.tracks[FACE].values) == int(take.duration_s * 60 + 0.5)


def test_nothing_said_gives_nothing() -> None:
    assert play([]) == []


def test_very_short_and_empty_pieces_pass() -> None:
    beats = play([silence(1), silence(0), spoken("AA1:0.01", lead_s=0, tail_s=0), silence(50)])
    assert len(beats) == 4
    assert sum(len(b.tracks[FACE].values) for b in beats) == int(sum(b.duration_s for b in beats) * 60 + 0.5)


def test_tracks_hold_no_surprises_for_directions_of_every_kind() -> None:
    for gaze in ("partner", "camera", "away", "down", "up", "left", "right", "closed"):
        direction = Direction(
            {"joy": 0.5}, sarcasm=1.0, confidence=-1.0, gaze=gaze, events=("sigh", "laugh", "unheard")
        )
        for beat in play([spoken(SENTENCES["bob"], direction=direction)], partner=-1.0):
            for track in beat.tracks.values():
                assert np.isfinite(track.values).all()


def test_importing_the_face_loads_nothing_heavy() -> None:
    code = (
        "import sys, understudy.face.play, understudy.body.sway; print({'scipy', 'av', 'moderngl'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


def silence(samples: int) -> Speech:
    length = samples / 22_050
    prosody = Track("prosody", PROSODY_CHANNELS, 100.0, np.array([[0.0, -80.0]], np.float32))
    return Speech(Audio(np.zeros(samples, np.float32), 22_050), (Phone("SIL", 0.0, length),), (), prosody)
