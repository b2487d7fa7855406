"""Poses that avatars are trained on, where no takes are given: the rarest of what the house cast acts.

    python training/avatar_poses.py

Acts the examples and a few lines of strong feeling with the small voice, keeps the poses that are farthest from each
other, and writes src/understudy/house/poses.npz. Nobody was recorded: every pose is of a synthetic performance.
"""

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("UNDERSTUDY_KOKORO", "off")

import numpy as np

from understudy.hub.performance import Pose, poses
from understudy.production.act import act
from understudy.render.splat.corners import rare_first

KEPT = 400
ROOT = Path(__file__).resolve().parent.parent
LINES = """Title: Lines

INT. STUDIO - DAY

EMI
(joyful, laughing)
Oh, this is the best news I have had all year! Come here, let me look at you.

EMI
(furious, shouting)
You promised me! You looked me in the eye and you lied, every single day.

EMI
(crying, heartbroken)
I never got to say goodbye. I keep his coat by the door, as if he would need it.

EMI
(afraid, whispering)
Somebody is in the house. Please, do not move, do not even breathe.

EMI
(disgusted)
What is that smell? Take it away, it is foul.

EMI
(surprised)
What? You are getting married? Wow, I would never have guessed!

EMI
(tender)
Shh. Close your eyes, my love, I am here, sleep now.

EMI
(contemptuous)
You? Few people have ever bored me this much with so few words.
"""


def main() -> None:
    found: list[Pose] = []
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "lines.fountain"
        lines.write_text(LINES)
        for script in [lines, *sorted((ROOT / "examples").glob("*.fountain"))]:
            for who, take in act(script).items():
                here = list(poses(take.beats(), 25.0))
                print(script.name, who, len(here))
                found += here
    keep(found)


def keep(found: list[Pose]) -> None:
    chosen = [found[i] for i in sorted(rare_first(found, min(KEPT, len(found))))]
    columns = {
        name: np.stack([getattr(p, name) for p in chosen]).astype(np.float16)
        for name in ("face", "head", "gaze", "body", "complexion")
    }
    to = ROOT / "src" / "understudy" / "house" / "poses.npz"
    np.savez_compressed(to, **columns)
    print(f"{to}: {len(chosen)} of {len(found)} poses, {to.stat().st_size / 1e3:.0f} kB", file=sys.stderr)


if __name__ == "__main__":
    main()
