"""How fast a face follows a voice: offline, and as a stream of pieces of 33 ms.

    python benchmarks/face_stream.py speech.wav ["what is said" or a text file]

Offline: seconds of one core for a second of sound, everything from the recording to the take. Stream: how much later
sound a frame needs, and what a frame of animation costs, one piece after another, garbage collection included.
"""

import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from understudy import face
from understudy.base.audio import Audio, read_sound
from understudy.base.channels import FACE
from understudy.hub.actor import Persona
from understudy.production.animate import animate
from understudy.voice.overhearing import overhear

PIECE_S = 1 / 30


def main() -> None:
    sound = read_sound(Path(sys.argv[1]))
    given = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    text = given.read_text("utf-8") if given and given.is_file() else " ".join(sys.argv[2:])
    print("$ python benchmarks/face_stream.py", *sys.argv[1:])
    animate(sound.cut(0, 2))
    for name, words in (("sound alone", None), ("with text", text)):
        if words == "":
            continue
        began = time.process_time()
        take = animate(sound, text=words)
        spent = time.process_time() - began
        print(f"offline, {name:12s} real-time factor {spent / sound.duration_s:.3f}, phones {take.made_with['timing']}")
    stream(sound)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def stream(sound: Audio) -> None:
    step = round(PIECE_S * sound.rate_hz)
    fed_s = 0.0
    began = time.process_time()

    def feed() -> Iterator[Audio]:
        nonlocal fed_s
        for a in range(0, len(sound.samples), step):
            fed_s += step / sound.rate_hz
            yield Audio(sound.samples[a : a + step], sound.rate_hz)

    behind, costs, total = [], [], 0.0
    for beat in face.animate(overhear(feed()), persona=Persona(), wait=False):
        frames = len(beat.tracks[FACE].values)
        now = time.process_time()
        costs += [(now - began) * 1000 / max(1, frames)] * frames
        behind.append(fed_s - (total + beat.duration_s))
        total += beat.duration_s
        began = now
    ahead = np.array([b for b in behind if b > 0][:-20])
    print(
        f"stream: look-ahead {np.median(ahead) * 1000:.0f} ms (longest {ahead.max() * 1000:.0f}), a frame costs "
        f"{np.median(costs):.2f} ms, p99 {np.percentile(costs, 99):.2f} ms, {len(costs)} frames"
    )


if __name__ == "__main__":
    main()
