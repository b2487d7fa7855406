import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "voice"))
from made_songs import note, rest, score

from understudy.base.channels import FACE, SHAPE_INDEX
from understudy.base.errors import BadInput
from understudy.production.sing import sing
from understudy.rights import verify


def test_a_song_leaves_marked_and_its_singer_holds_the_mouth(tmp_path: Path) -> None:
    path = tmp_path / "far.musicxml"
    path.write_bytes(score(note("G4", 4, "far") + rest(4), note("E4", 2, "moon")))
    made = sing(path, tmp_path / "far.wav", take=True)
    report = verify(made.released.path)
    assert report.ai_tag
    assert report.credentials in ("trusted", "valid")
    assert made.take is not None
    assert made.take.duration_s == pytest.approx(made.speech.duration_s)
    jaw = made.take.tracks[FACE].values[:, SHAPE_INDEX["jawOpen"]]
    vowel = next(e for e in made.take.events if e.kind == "phone" and e.name == "AA")
    inside = jaw[round((vowel.start_s + 0.2) * 60) : round((vowel.end_s - 0.2) * 60)]
    assert inside.min() > 0.8 * inside.max() > 0.15
    silent = jaw[round((vowel.end_s + 0.5) * 60)]
    assert silent < 0.3 * inside.max()
    breaths = [e for e in made.take.events if e.kind == "breath"]
    assert any(vowel.end_s < e.start_s < made.speech.words[1].start_s for e in breaths), "she breathes at the rest"
    assert np.isfinite(made.take.tracks[FACE].values).all()


def test_a_song_is_a_wav_and_a_guide_needs_words(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="wav"):
        sing(tmp_path / "a.musicxml", tmp_path / "a.mp3")
    with pytest.raises(BadInput, match="--words"):
        sing("", tmp_path / "a.wav", guide=tmp_path / "g.wav")
    with pytest.raises(BadInput, match="no score"):
        sing(tmp_path / "missing.musicxml", tmp_path / "a.wav")
