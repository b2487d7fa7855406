import json
from pathlib import Path

import pytest

from understudy.base.errors import BadInput, UnknownName
from understudy.hub.bundle import encode
from understudy.hub.place import Place, places

HOUSE = Path(__file__).parents[2] / "src/understudy/house/places"


@pytest.mark.parametrize("name", places())
def test_every_house_place_opens_and_can_light_an_actor(name: str) -> None:
    place = Place.open(name)
    assert place.name == name and place.description.endswith(".")
    assert any(light.casts_shadow for light in place.lights)
    assert place.backdrop.pieces or place.transparent


def test_the_house_has_its_sets() -> None:
    wanted = {"studio", "interview", "dusk", "office", "street_night", "forest", "snow", "sahara", "rain_window"}
    assert wanted | {"stage", "alpha"} <= set(places()) and len(places()) >= 13


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


def test_a_place_keeps_everything_through_its_json(tmp_path: Path) -> None:
    for name in places():
        place = Place.open(name)
        (tmp_path / "set.json").write_bytes(encode("Place.1", place))
        assert Place.open(tmp_path / "set.json") == place


def test_a_place_from_before_patterns_and_haze_opens(tmp_path: Path) -> None:
    old = {
        "schema": "Place.1",
        "name": "old",
        "description": "As the first release wrote it.",
        "lights": [{"name": "a", "towards": [0, 0, 1], "colour": [1, 1, 1]}],
        "ambience": {"up": [1, 1, 1], "horizon": [1, 1, 1], "down": [1, 1, 1]},
        "backdrop": {
            "top": [0, 0, 0],
            "middle": [0, 0, 0],
            "bottom": [0, 0, 0],
            "pieces": [{"shape": "panel", "at": [0, 0, -3], "size_m": [1, 1], "radiance": [1, 1, 1]}],
        },
    }
    (tmp_path / "old.json").write_text(json.dumps(old))
    place = Place.open(tmp_path / "old.json")
    assert place.backdrop.haze is None and not place.transparent and place.rain is None


def test_a_json_whose_picture_is_gone_says_which(tmp_path: Path) -> None:
    raw = json.loads((HOUSE / "studio.json").read_text())
    raw["backdrop"]["plate"] = {"file": "gone.jpg", "source": "picture"}
    (tmp_path / "set.json").write_text(json.dumps(raw))
    with pytest.raises(BadInput, match=r"gone\.jpg"):
        Place.open(tmp_path / "set.json")
