"""Takes the avatar out of a trained house actor, to ship it with the package: src/understudy/house/NAME.splats.

understudy avatar train emi --teacher film --views 424 --minutes 30 -o emi.actor
python training/house_avatar.py emi.actor

What came of it: benchmarks/neural.md.
"""

import argparse
import hashlib
from importlib import resources
from pathlib import Path

from understudy.hub.actor import Actor
from understudy.hub.avatar import MEMBER, Avatar
from understudy.render.splat.lessons import lasting


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trained", type=Path)
    trained = Actor.open(parser.parse_args().trained)
    avatar = Avatar.decode(trained.files[MEMBER])
    if avatar.record.body_sha256 != hashlib.sha256(Actor.open(trained.name).body_glb).hexdigest():
        parser.error("this avatar was trained on another body than the house's")
    to = Path(str(resources.files("understudy"))) / "house" / f"{trained.name}.splats"
    to.write_bytes(lasting(avatar).encode())
    print(f"{to}: {to.stat().st_size / 1e6:.2f} MB, {dict(avatar.record.scores)}")


if __name__ == "__main__":
    main()
