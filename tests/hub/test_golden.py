"""Files written by earlier versions open for ever. Never rewrite a golden file: add the next one beside it."""

from pathlib import Path

import numpy as np
import pytest

from understudy.hub.actor import Actor
from understudy.hub.performance import Performance

GOLDEN = Path(__file__).parent.parent / "golden"


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.take")), ids=lambda p: p.name)
def test_an_old_take_opens(path: Path) -> None:
    take = Performance.open(path)
    assert take.actor_name == "emi"
    assert take.duration_s == 0.5
    assert take.tracks["face"].values.shape == (30, 52)
    assert np.allclose(take.tracks["head"].values[:, 0], np.arange(30) / 60)
    assert take.events[0].name == "one"


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.actor")), ids=lambda p: p.name)
def test_an_old_actor_opens_and_is_still_the_same_one(path: Path) -> None:
    actor = Actor.open(path)
    assert actor.record.display_name == "Ida"
    assert actor.record.voice.pitch_st == -1.5
    assert actor.record.identity.parameters == {"jaw-width": 0.25}
    assert actor.files["recipe.toml"].startswith(b"name")
    assert actor.digest == "e7384cbf1250c082f45af781f4370663b7ec02ac97dbc628ecb700f27b84a2bd"


def test_an_old_prompt_book_opens() -> None:
    book = Performance.open(GOLDEN / "take-2.take").book
    assert book is not None
    assert [part.line.text for part in book.facts.runs[0].parts] == ["One."]
    assert book.facts.notes[0].words == "slower"
    assert book.facts.edits[0].start.word == 0
    assert book.facts.runs[0].parts[0].rests[0].seconds == 0.4
    assert book.prosody.values.shape == (50, 2)
    assert book.base["face"].values.shape == (30, 52)
