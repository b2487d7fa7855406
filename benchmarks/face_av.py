"""How the lips follow real ones: correlation of lip aperture with a tracked talking face, same sound, no lag.

    python benchmarks/face_av.py clip.mpg:lips.npz[:"what is said"] ...

lips.npz holds `t` (seconds) and `ap` (inner-lip gap over eye distance) from any face tracker. Controls: the curves of
another clip, and a mouth that flaps with loudness.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

from understudy import face, voice
from understudy.base.audio import read_sound
from understudy.base.channels import FACE
from understudy.hub.actor import Persona
from understudy.hub.speech import Speech
from understudy.testing.lips import Ruler


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("clips", nargs="+")
    parser.add_argument("--actor", default="emi")
    options = parser.parse_args()
    ruler = Ruler.of(options.actor)
    print("$ python benchmarks/face_av.py", *sys.argv[1:])
    print(f"{'clip':14s} {'text r0':>8s} {'best':>12s} {'timing':>8s} {'sound r0':>9s} {'loudness':>9s}")
    ours, truths, rows = [], [], []
    for given in options.clips:
        clip, lips, *text = given.split(":", 2)
        truth = np.load(lips)
        grid = np.arange(truth["t"][0], truth["t"][-1] - 0.05, 0.01)
        real = np.interp(grid, truth["t"], truth["ap"])
        sound = read_sound(Path(clip))
        told = voice.listen(sound, text[0] if text else None)
        heard = voice.listen(sound, None)
        gaps = [_gap(speech, ruler) for speech in (told, heard)]
        lags = np.arange(-25, 26) / 100
        by_lag = [_r(real, grid - lag, gaps[0]) for lag in lags]
        loud = np.maximum(told.prosody.at(grid)[:, 1], -60)
        row = [by_lag[25], _r(real, grid, gaps[1]), float(np.corrcoef(real, loud)[0, 1])]
        best = f"{max(by_lag):.2f}@{lags[int(np.argmax(by_lag))] * 1000:+.0f}ms"
        print(f"{Path(clip).stem:14s} {row[0]:8.2f} {best:>12s} {told.timing:>8s} {row[1]:9.2f} {row[2]:9.2f}")
        ours.append(gaps[0])
        truths.append((grid, real))
        rows.append(row)
    print("mean           " + "  ".join(f"{value:.3f}" for value in np.mean(rows, axis=0)))
    if len(ours) > 1:
        wrong = [_r(real, grid, ours[i - 1]) for i, (grid, real) in enumerate(truths)]
        print(f"control, the curves of another clip: {np.mean(wrong):.2f}")


def _gap(speech: Speech, ruler: Ruler) -> np.ndarray:
    beats = face.animate([speech], persona=Persona())
    return ruler.gap_mm(np.concatenate([b.tracks[FACE].values for b in beats]).astype(float))[:, :3].mean(axis=1)


def _r(real: np.ndarray, times: np.ndarray, gap: np.ndarray) -> float:
    return float(np.corrcoef(real, np.interp(times, np.arange(len(gap)) / 60, gap))[0, 1])


if __name__ == "__main__":
    main()
