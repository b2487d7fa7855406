import json
from pathlib import Path

import pytest

from understudy.base.errors import BadInput, UnknownName
from understudy.hub.place import Place, places

HOUSE = Path(__file__).parents[2] / "src/understudy/house/places"


@pytest.mark.parametrize("name", places())
def test_every_house_place_opens_and_can_light_an_actor(name: str) -> None:
    place = Place.open(name)
    assert place.name == name and place.description.endswith(".")
    assert any(light.casts_shadow for light in place.lights)
    assert place.backdrop.pieces


def test_there_are_at_least_three_places() -> None:
    assert {"studio", "dusk", "snow"} <= set(places())


def test_an_unknown_place_is_answered_with_those_there_are() -> None:
    with pytest.raises(UnknownName, match="studio"):
        Place.open("moon")


def test_a_missing_file_is_named() -> None:
    with pytest.raises(BadInput, match=r"nowhere\.json"):
        Place.open("nowhere.json")


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("lights", [], "no light"),
        ("lights", [{"name": "a", "towards": [0, 0, 0], "colour": [1, 1, 1]}], "direction"),
        ("lights", [{"name": "a", "towards": [0, 0, 1], "colour": [1, 1, 1]}] * 4, "too much"),
        ("lights", [{"name": "a", "towards": [0, 0, 1]}], "colour"),
        ("schema", "Place.99", "upgrade"),
    ],
)
def test_a_place_that_cannot_be_used_says_why(tmp_path: Path, key: str, value: object, words: str) -> None:
    raw = json.loads((HOUSE / "studio.json").read_text())
    raw[key] = value
    path = tmp_path / "set.json"
    path.write_text(json.dumps(raw))
    with pytest.raises(BadInput, match=words):
        Place.open(path)


def test_a_piece_inside_the_actor_is_refused(tmp_path: Path) -> None:
    raw = json.loads((HOUSE / "studio.json").read_text())
    raw["backdrop"]["pieces"][0]["at"] = [0, 0, 0.2]
    path = tmp_path / "set.json"
    path.write_text(json.dumps(raw))
    with pytest.raises(BadInput, match="inside the actor"):
        Place.open(path)
