from pathlib import Path

import numpy as np
import pytest

from understudy import body, face, voice
from understudy.base.channels import ARKIT_SHAPES, BODY, FACE, GAZE, HEAD, SHAPE_INDEX
from understudy.base.errors import BadInput, Unavailable
from understudy.hub.actor import Actor
from understudy.hub.performance import Performance
from understudy.hub.script import Direction, Line
from understudy.production.dub import FASTEST, OWN_SHAPES, dub, lines_of

LINES = [
    ("I never thought that you would leave.", Direction(emotions={"sadness": 0.7}, pause_after_s=0.6)),
    ("Get out of my house!", Direction(emotions={"anger": 0.8})),
]
SPANISH = "Nunca pensé que te irías.\n\n¡Fuera de mi casa!\n"


@pytest.fixture(scope="module")
def take() -> Performance:
    record = Actor.open("emi").record

    def pieces() -> "object":
        for number, (text, direction) in enumerate(LINES):
            yield from voice.speak(Line(text, "EMI", direction=direction, number=number), record.voice)

    beats = body.move(face.animate(pieces(), persona=record.persona), persona=record.persona)  # type: ignore[arg-type]
    return Performance.from_beats("emi", beats, {"seed": "0"})


@pytest.fixture(scope="module")
def dubbed(take: Performance) -> Performance:
    return dub(take, SPANISH, language="es-ES").take


def test_the_lines_of_a_take_are_its_script(take: Performance) -> None:
    first, second = lines_of(take)
    assert first.text.lower() == "i never thought that you would leave"
    assert first.emotions["sadness"] > second.emotions.get("sadness", 0.0)
    assert second.emotions["anger"] > 0.4
    assert second.start_s > first.end_s + 0.5


def test_every_line_begins_where_it_began_and_lasts_as_long(take: Performance, dubbed: Performance) -> None:
    for was, now in zip(lines_of(take), lines_of(dubbed), strict=True):
        assert now.start_s == pytest.approx(was.start_s, abs=0.012)
        assert now.end_s == pytest.approx(was.end_s, abs=0.12)
    assert lines_of(dubbed)[0].text.lower() == "nunca pensé que te irías"
    assert dubbed.duration_s >= take.duration_s - 0.01
    assert dubbed.made_with["dubbed"] == "es-ES"
    frames = {name: len(track.values) for name, track in dubbed.tracks.items()}
    assert len(set(frames.values())) == 1
    assert frames[FACE] == round(dubbed.duration_s * 60)


def test_the_mouth_is_of_the_new_words_and_the_rest_of_the_old_performance(
    take: Performance, dubbed: Performance
) -> None:
    count = min(len(take.tracks[FACE].values), len(dubbed.tracks[FACE].values))
    own = [ARKIT_SHAPES.index(s) for s in OWN_SHAPES if s.startswith("brow")]
    old, new = (t.tracks[FACE].values[:count] for t in (take, dubbed))
    assert np.corrcoef(old[:, own].sum(1), new[:, own].sum(1))[0, 1] > 0.9
    jaw = SHAPE_INDEX["jawOpen"]
    assert np.corrcoef(old[:, jaw], new[:, jaw])[0, 1] < 0.8, "other words, another mouth"
    for name in (HEAD, GAZE, BODY):
        a, b = (t.tracks[name].values[:count].astype(float) for t in (take, dubbed))
        moving = a.std(axis=0) > 1e-4
        together = [np.corrcoef(a[:, k], b[:, k])[0, 1] for k in np.flatnonzero(moving)]
        assert np.median(together) > 0.9, name


def test_the_lips_close_for_the_new_words(dubbed: Performance) -> None:
    closed = [e for e in dubbed.events if e.kind == "phone" and e.name in "PBM"]
    assert len(closed) >= 2, "the p of pensé, the m of mi"
    values = dubbed.tracks[FACE].values
    jaw = values[:, SHAPE_INDEX["jawOpen"]] - values[:, SHAPE_INDEX["mouthClose"]]
    vowels = [e for e in dubbed.events if e.kind == "phone" and e.name in ("AA", "AO", "OW")]
    at_closure = [float(jaw[round((e.start_s + e.end_s) * 30)]) for e in closed]
    at_vowel = [float(jaw[round((e.start_s + e.end_s) * 30)]) for e in vowels]
    assert max(at_closure) < 0.05 < np.median(at_vowel)


def test_a_translation_that_is_too_long_is_told_and_pushes_the_next_line(take: Performance) -> None:
    long = "De verdad te digo que jamás en mi larga vida había llegado a pensar que un día te irías de mi lado.\n"
    made = dub(take, long + "¡Fuera!", language="es-ES")
    first, second = made.lines
    assert first.pace == pytest.approx(FASTEST, abs=0.02)
    assert first.over_s > 0.5
    assert second.late_s > 0.3
    assert second.start_s > first.end_s
    assert "Line 1" in made.remarks[0]
    assert "shorten its translation" in made.remarks[0]
    assert any("begins" in r and "late" in r for r in made.remarks)
    assert not dub(take, SPANISH, language="es-ES").remarks


def test_a_translation_of_another_length_or_tongue_is_refused(take: Performance) -> None:
    with pytest.raises(BadInput, match="has 1 lines and the take has 2"):
        dub(take, "Solo una.", language="es-ES")
    with pytest.raises(Unavailable, match="ja-JP"):
        dub(take, SPANISH, language="ja-JP")


def test_a_take_of_silence_has_nothing_to_dub(take: Performance) -> None:
    from dataclasses import replace

    with pytest.raises(BadInput, match="Nobody speaks"):
        lines_of(replace(take, events=()))


def test_a_take_without_lines_is_parted_at_its_pauses(take: Performance, tmp_path: Path) -> None:
    from dataclasses import replace

    bare = replace(take, events=tuple(e for e in take.events if e.kind != "line"))
    assert [round(s.start_s, 3) for s in lines_of(bare)] == [round(s.start_s, 3) for s in lines_of(take)]
