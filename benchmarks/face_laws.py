"""Habits of the face over ten simulated minutes of talking and of listening, against what people do; and the cost.

python benchmarks/face_laws.py [--minutes 10] [--seed 0]
"""

import argparse
import sys
import time

import numpy as np

from understudy import body, face
from understudy.base.channels import FACE, GAZE, HEAD
from understudy.face.gaze import saccade_duration_s, saccade_profile
from understudy.hub.actor import Persona
from understudy.hub.frames import ACTOR_TURN_RAD, PARTNER_YAW_RAD
from understudy.hub.performance import Performance
from understudy.hub.speech import Speech
from understudy.testing.speech import SENTENCES, spoken

PARTNER = 0.7


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    print("$ python benchmarks/face_laws.py", *sys.argv[1:])
    persona = Persona()
    talk = _talk(options.minutes)
    quiet = [Speech.silence(5.0, 16_000) for _ in range(round(options.minutes * 12))]
    for name, speeches, listening in (("talking", talk, False), ("listening", quiet, True), ("idle", quiet, False)):
        began = time.process_time()
        beats = list(face.animate(speeches, persona=persona, seed=options.seed, partner=PARTNER, listening=listening))
        took = time.process_time() - began
        began = time.process_time()
        list(body.move(beats, persona=persona, seed=options.seed))
        trunk = time.process_time() - began
        take = Performance.from_beats("nobody", beats)
        print(f"{name}: {take.duration_s:.0f} s; real-time factor face {took / take.duration_s:.4f}, ", end="")
        print(f"body {trunk / take.duration_s:.4f}")
        _blinks(take)
        _gaze(take)
        _head(take)
    for size in (2, 5, 10, 15, 20):
        length = saccade_duration_s(size)
        peak = np.gradient(size * saccade_profile(np.linspace(0, 1, 999)), np.linspace(0, length, 999)).max()
        law = 500 * (1 - np.exp(-size / 14))
        print(f"saccade {size:2d} deg: {1000 * length:.0f} ms (law {2.2 * size + 21:.0f}), ", end="")
        print(f"{peak:.0f} deg/s (law {law:.0f})")


def _talk(minutes: float) -> list[Speech]:
    texts, out, total = list(SENTENCES.values()), [], 0.0
    while total < minutes * 60:
        number = len(out)
        phones = " | SIL:0.35 | ".join(texts[(number + k) % len(texts)] for k in range(2 + number % 2))
        out.append(spoken(phones, number=number, accents=(1, 5, 11)))
        total += out[-1].duration_s
    return out


def _blinks(take: Performance) -> None:
    events = [e for e in take.events if e.kind == "blink"]
    starts = np.array(sorted(e.start_s for e in events))
    single = starts[np.r_[True, np.diff(starts) > 0.4]]
    lids = take.tracks[FACE].values[:, [0, 7]].astype(float)
    speed = np.diff(lids[:, 0]) * 60
    ratios = []
    for event in events:
        part = speed[int(event.start_s * 60) : int(event.end_s * 60) + 2]
        if event.value > 0.9 and len(part):
            ratios.append(part.max() / max(1e-6, -part.min()))
    print(
        f"  blinks {len(single) / take.duration_s * 60:.1f} a minute, {np.mean([e.value < 0.9 for e in events]):.0%} "
        f"incomplete, closing/opening {np.median(ratios):.2f}, left/right r {np.corrcoef(lids.T)[0, 1]:.3f}, "
        f"sd of log interval {np.log(np.diff(single)).std():.2f}"
    )


def _gaze(take: Performance) -> None:
    head = np.degrees(take.tracks[HEAD].values[:, :2].astype(float))
    gaze = np.degrees(take.tracks[GAZE].values.astype(float))
    sight = head + np.stack([gaze[:, 0], (gaze[:, 1] + gaze[:, 3]) / 2], axis=1)
    yaw = np.degrees(PARTNER_YAW_RAD - ACTOR_TURN_RAD) * PARTNER
    on = np.hypot(sight[:, 0] - 0.8, sight[:, 1] - yaw) < 5
    jumps = [e for e in take.events if e.kind == "gaze"]
    print(f"  on the partner {on.mean():.0%}, {len(jumps) / take.duration_s:.2f} gaze shifts a second")


def _head(take: Performance) -> None:
    angles = np.degrees(take.tracks[HEAD].values[:, :3].astype(float))
    speed = np.gradient(angles, axis=0) * 60
    power = np.abs(np.fft.rfft(speed[:, 0])) ** 2
    hz = np.fft.rfftfreq(len(speed), 1 / 60)
    peak = hz[np.argmax(np.convolve(power, np.ones(301) / 301, "same"))]
    rms = np.sqrt((np.linalg.norm(speed, axis=1) ** 2).mean())
    print(
        f"  head {rms:.1f} deg/s RMS, pitch speed peaks at {peak:.1f} Hz, range {np.ptp(angles, axis=0).round(0)} deg"
    )


if __name__ == "__main__":
    main()
