"""Characters: the house's own read well, and a bad file is told of with its line."""

from dataclasses import replace
from pathlib import Path

import pytest

from understudy.base.errors import BadInput, UnknownName
from understudy.hub.actor import Actor
from understudy.hub.character import OCCASIONS, character_of, house_characters, plain_character, read_character


def test_the_house_characters_have_something_to_say_on_every_occasion() -> None:
    for name in house_characters():
        character = read_character(name)
        assert set(character.says) == set(OCCASIONS)
        assert all(len(options) >= 1 for options in character.says.values())
        assert "AI" in character.says["greeting"][0]
    assert len(read_character("emi").rehearsed) >= 20
    assert plain_character("rosa", "Rosa").display_name == "Rosa"


@pytest.mark.parametrize(
    ("text", "message"),
    [('name = "x"\nfoo = 1\n', "line 2: foo: there is no such key"),
     ('name = "x"\n\n[[rehearsed]]\nprompts = ["a"]\n', "line 3: says: a [[rehearsed]] needs"),
     ('name = "x"\n[[fact]]\nsays = "a"\n[[fact]]\nabout = "b"\nsays = 3\n', "line 6: says: it must be text"),
     ('name = "x"\n[says]\ngreetng = "a"\n', "line 3: greetng: there is no such occasion"),
     ('name = "x"\n[temper]\nhappy = 0.3\n', "line 3: happy: there is no such emotion"),
     ('name = "x"\n[temper]\njoy = 3\n', "line 3: joy: a weight is a number from 0 to 1"),
     ('name = "x\n', "line 1: this is not valid TOML"),
     ('display_name = "X"\n', "name: it is missing or empty"),
     ('name = "Big Name"\n', "line 1: name: it must be one short word")],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text)
    with pytest.raises(BadInput) as caught:
        read_character(path)
    assert message in str(caught.value)


def test_an_actor_brings_a_character_of_its_own_or_gets_one() -> None:
    emi = Actor.open("emi")
    assert character_of(emi).name == "emi" and character_of(emi).rehearsed
    own = replace(emi, files={"character.toml": b'name = "rosa"\ndisplay_name = "Rosa"\n'})
    assert character_of(own).display_name == "Rosa" and character_of(own).says["thanks"]
    stranger = replace(emi, record=replace(emi.record, name="ida", display_name="Ida"))
    assert character_of(stranger).display_name == "Ida" and not character_of(stranger).rehearsed
    with pytest.raises(BadInput, match=r"character\.toml of emi, line 1"):
        character_of(replace(emi, files={"character.toml": b"nonsense"}))


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no character file"):
        read_character(tmp_path / "none.toml")
    (tmp_path / "b.toml").write_bytes(b"name = '\xff\xfe'")
    with pytest.raises(BadInput, match="not UTF-8"):
        read_character(tmp_path / "b.toml")
    (tmp_path / "big.toml").write_text("#" * 600_000)
    with pytest.raises(BadInput, match="too large"):
        read_character(tmp_path / "big.toml")
    with pytest.raises(UnknownName, match="choose one of: emi, jonah"):
        read_character("nobody")
