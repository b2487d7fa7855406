"""Gives the house actors that ship the voices of their recipes, without making their bodies again, and pins them.

python training/house_voices.py
"""

import tomllib
from dataclasses import replace
from pathlib import Path

import msgspec

from understudy.hub.actor import Actor, house_actors
from understudy.hub.voice import Voice
from understudy.rights.house import pin_house

HOUSE = Path(__file__).parents[1] / "src/understudy/house"


def main() -> None:
    for name in house_actors():
        actor = Actor.open(name)
        recipe = (HOUSE / "recipes" / f"{name}.toml").read_bytes()
        voice = msgspec.convert(tomllib.loads(recipe.decode())["voice"], Voice)
        files = {**actor.files, "recipe.toml": recipe} if "recipe.toml" in actor.files else actor.files
        changed = replace(actor, record=replace(actor.record, voice=voice), files=files)
        licence = replace(actor.licence, actor_digest=changed.digest)
        replace(changed, licence=licence).save(HOUSE / f"{name}.actor")
        print(name, voice.engines[0], changed.digest[:12])
    pin_house()


if __name__ == "__main__":
    main()
