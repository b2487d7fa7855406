"""How hands speak: gestures a minute, strokes against accents, speed, and what goes through what on the mesh.

python benchmarks/gestures.py [--actors emi jonah] [--minutes 0.5] [--every 12]
"""

import argparse
import time

import numpy as np

from understudy import body, face
from understudy.base.channels import BODY, FACE, VOWELS
from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.performance import Performance
from understudy.hub.physique import Physique
from understudy.hub.script import Direction
from understudy.testing.speech import SENTENCES, spoken
from understudy.testing.touching import Touching, poses_of

MOODS = [
    Direction(),
    Direction({"joy": 0.6}, events=("gestures",)),
    Direction({"fear": 0.7}, events=("mouth",)),
    Direction({"anger": 0.8}, energy=0.6),
    Direction({"sadness": 0.6}, events=("heart",)),
    Direction(events=("brow",)),
    Direction({"tenderness": 0.5}, events=("shrug",)),
]


def played(actor: Actor, physique: Physique, minutes: float) -> tuple[Performance, float]:
    """Returns a take of about that length and the processor seconds of its body."""
    speeches, length, names = [], 0.0, list(SENTENCES)
    while length < 60 * minutes:
        i = len(speeches)
        speech = spoken(
            SENTENCES[names[i % len(names)]], lead_s=0.9, tail_s=0.4, accents=(1, 4, 6),
            direction=MOODS[i % len(MOODS)], number=i,
        )  # fmt: skip
        speeches.append(speech)
        length += speech.duration_s
    persona = actor.record.persona
    plain = list(face.animate(speeches, persona=persona, seed=1))
    begun = time.process_time()
    beats = list(body.move(plain, persona=persona, seed=1, physique=physique))
    return Performance.from_beats(actor.name, beats), time.process_time() - begun


def main() -> None:
    """Prints one block an actor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--actors", nargs="+", default=["emi", "jonah"])
    parser.add_argument("--minutes", type=float, default=0.5)
    parser.add_argument("--every", type=int, default=12, help="frames of 60 a second between two looks at the mesh")
    asked = parser.parse_args()
    for name in asked.actors:
        actor = Actor.open(name)
        mesh = Body.decode(actor.body_glb)
        take, cpu_s = played(actor, Physique.of(mesh), asked.minutes)
        strokes = [e for e in take.events if e.kind == "stroke"]
        vowels = np.array([(e.start_s + e.end_s) / 2 for e in take.events if e.kind == "phone" and e.name in VOWELS])
        marked = [s for s in strokes if any(e.kind == "word" and e.start_s <= s.end_s <= e.end_s for e in take.events)]
        off_ms = [1000 * float(np.abs(vowels - s.end_s).min()) for s in marked]
        touching = Touching(mesh)
        frames = list(range(0, len(take.tracks[FACE].values), asked.every))
        touched = [sum(touching.at(pose).values()) for pose in poses_of(take, frames)]
        turn = np.degrees(np.abs(np.diff(take.tracks[BODY].values[:, :-1], axis=0)).max() * 60)
        print(
            f"{name}: {take.duration_s:.0f} s, {len(strokes) / take.duration_s * 60:.0f} gestures a minute in talk, "
            f"apex to vowel {max(off_ms, default=0.0):.0f} ms at most, fastest joint {turn:.0f} degrees a second,\n"
            f"  {sum(t > 0 for t in touched)} of {len(frames)} pictures with a hand inside trunk, head or other arm, "
            f"{cpu_s / take.duration_s:.3f} CPU s a second of sound"
        )


if __name__ == "__main__":
    main()
