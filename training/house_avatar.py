"""Puts a trained avatar into the house actor it was trained on, and pins the house again.

    understudy avatar train emi --teacher film -o emi.actor
    python training/house_avatar.py emi.actor

The licence of the house actor is written again for the new digest; `rights.house` then pins both.
"""

import argparse
import hashlib
from dataclasses import replace
from importlib import resources
from pathlib import Path

from understudy.hub.actor import Actor
from understudy.hub.avatar import MEMBER, Avatar
from understudy.rights import pin_house


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trained", type=Path)
    trained = Actor.open(parser.parse_args().trained)
    house = Actor.open(trained.name)
    avatar = Avatar.decode(trained.files[MEMBER])
    if avatar.record.body_sha256 != hashlib.sha256(house.body_glb).hexdigest():
        parser.error("this avatar was trained on another body")
    fitted = replace(house, files={**house.files, MEMBER: trained.files[MEMBER]})
    licensed = replace(fitted, licence=replace(fitted.licence, actor_digest=fitted.digest))
    licensed.save(Path(str(resources.files("understudy"))) / "house" / f"{house.name}.actor")
    for name, pin in pin_house().items():
        print(name, pin.actor[:12])
    print(dict(avatar.record.scores))


if __name__ == "__main__":
    main()
