"""Two takes are told apart by what differs, and a take is no distance from itself."""

from dataclasses import replace
from pathlib import Path

import made_for_judging as made
import numpy as np
from PIL import Image

from understudy import judge
from understudy.base.channels import FACE, SHAPE_INDEX
from understudy.hub.performance import Event, Performance

WORDS = (
    Event("word", "bob", 0.1, 0.4, 0.5),
    Event("phone", "B", 0.1, 0.2),
    Event("phone", "AA", 0.2, 0.3, 1),
    Event("phone", "B", 0.3, 0.4),
    Event("word", "may", 1.0, 1.4, 0.5),
    Event("phone", "M", 1.0, 1.1),
    Event("phone", "EY", 1.1, 1.4, 1),
)


def base() -> Performance:
    return made.take(made.syllables(1, 2.0), WORDS)


def smiling(take: Performance) -> Performance:
    face = take.tracks[FACE]
    values = face.values.copy()
    values[:, [SHAPE_INDEX["mouthSmileLeft"], SHAPE_INDEX["mouthSmileRight"]]] = 0.6
    return replace(take, tracks={**take.tracks, FACE: replace(face, values=values)})


def late(take: Performance) -> Performance:
    """The second word half a second later."""
    moved = tuple(
        replace(e, start_s=e.start_s + 0.5, end_s=e.end_s + 0.5) if e.start_s >= 1 else e for e in take.events
    )
    return replace(take, events=moved)


def test_a_take_is_no_distance_from_itself() -> None:
    assert judge.distance(base(), base())["whole"].value == 0.0
    assert all(row.words == "" for row in judge.compare(base(), base()))
    assert judge.told(base(), base()) == ()


def test_a_smile_is_told_and_measured_in_the_face_alone() -> None:
    apart = judge.distance(base(), smiling(base()))
    assert apart["face"].value > 1.0
    assert apart["timing"].value == 0.0
    rows = {row.name: row.words for row in judge.compare(base(), smiling(base()))}
    assert rows["smile"] == "smiles more"
    assert {row.name: row.words for row in judge.compare(smiling(base()), base())}["smile"] == "smiles less"


def test_a_longer_pause_is_told_in_seconds() -> None:
    said = judge.told(base(), late(base()))
    assert said == ("The pause before 'may' lasts 1.10 s instead of 0.60 s.",)


def test_different_words_are_told() -> None:
    other = replace(base(), events=tuple(replace(e, name="nay") if e.name == "may" else e for e in base().events))
    assert "words differ: 1 are the same of 2 and 2" in judge.told(base(), other)[0]


def test_both_are_drawn_on_one_time_line(tmp_path: Path) -> None:
    path = judge.plot_two(base(), late(smiling(base())), tmp_path / "two.png", ("before", "after"))
    picture = np.asarray(Image.open(path).convert("RGB")).astype(int)
    blue = (picture[..., 2] > picture[..., 0] + 60).sum()
    orange = (picture[..., 0] > picture[..., 2] + 60).sum()
    assert blue > 500 and orange > 500
