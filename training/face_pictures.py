"""Renders what `face_network.py` learns from: aligned crops of actors in random faces, turns, lights and sets.

    python training/face_pictures.py pictures.npz ACTOR ...       # names or .actor files; about a minute an actor

Each actor gives 72 pictures: six sittings (three sets, turns of up to 32 degrees), twelve random faces and heads each.
"""

import argparse
import math
from pathlib import Path

import numpy as np

from understudy import render
from understudy.base.channels import GAZE, HEAD, SHAPE_INDEX
from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.frames import Shot, ShotSize
from understudy.hub.performance import Beat
from understudy.hub.place import Place
from understudy.judge.crops import face_crop
from understudy.judge.landmarks import find_landmarks
from understudy.production.film import grants_for
from understudy.production.still import _rest

STORED_PX, STORED_PADDING = 112, 0.5
SITTINGS = (
    ("studio", 0, 1.0), ("dusk", 18, 1.0), ("snow", -18, 1.0), ("studio", 32, 0.8), ("dusk", -30, 0.7),
    ("snow", 5, 0.8),
)  # fmt: skip
FACES = 12
MOVES = (
    "jawOpen", "mouthFunnel", "mouthPucker", "mouthSmile", "mouthFrown", "mouthPress", "mouthStretch", "mouthUpperUp",
    "mouthLowerDown", "browDown", "browInnerUp", "browOuterUp", "eyeSquint", "eyeBlink", "cheekSquint", "noseSneer",
    "mouthRollLower", "eyeWide", "mouthDimple", "mouthShrugLower",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=Path)
    parser.add_argument("actors", nargs="+")
    options = parser.parse_args()
    rng = np.random.default_rng(7)
    names, crops = [], []
    for which in options.actors:
        actor = Actor.open(which)
        crops += sit(actor, rng)
        names += [actor.name] * (len(crops) - len(names))
        print(f"{actor.name}: {len(crops)} pictures", flush=True)
        np.savez(options.output, actors=np.array(names), crops=np.stack(crops))


def sit(actor: Actor, rng: np.random.Generator) -> list[np.ndarray]:
    grant = grants_for([actor], project="training of the judge", script_digest="0" * 64)[actor.name]
    body = Body.decode(actor.body_glb)
    marks, out = find_landmarks(body), []
    for place, turn, zoom in SITTINGS:
        aim = "" if zoom == 1 else "eyes"
        shot = Shot(ShotSize.CLOSE, (360, 360), 60.0, turn_rad=math.radians(turn), zoom=zoom, aim=aim)
        for _ in range(FACES):
            beat = moment(rng)
            frame = next(iter(render.render([beat], actor=actor, place=Place.open(place), shot=shot, grant=grant)))
            seen = next(iter(render.follow([beat], body=body, shot=shot)))
            out.append(face_crop(frame.image.pixels, marks.at(seen), size_px=STORED_PX, padding=STORED_PADDING))
    return out


def moment(rng: np.random.Generator) -> Beat:
    """Returns one frame with up to five random shapes, a turned head and a look aside."""
    weights = {}
    for move in rng.choice(MOVES, rng.integers(0, 6), replace=False):
        strength = float(rng.uniform(0.1, 0.8)) * (0.7 if move == "jawOpen" else 1.0)
        weights |= {name: strength for name in (move, f"{move}Left", f"{move}Right") if name in SHAPE_INDEX}
    beat = _rest(weights)
    beat.tracks[HEAD].values[0, :3] = np.radians(rng.normal(0, (7, 10, 5)))
    beat.tracks[GAZE].values[0] = np.radians(np.tile(rng.normal(0, 6, 2), 2))
    return beat


if __name__ == "__main__":
    main()
