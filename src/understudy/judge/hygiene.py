"""Whether a take's weights are what the 52 ARKit shapes allow, and survive being written and read."""

import csv
import io
from pathlib import Path

import numpy as np

from understudy.base.channels import ARKIT_SHAPES, FACE, GAZE, SHAPE_INDEX
from understudy.base.errors import BadInput
from understudy.hub.performance import Performance
from understudy.hub.scores import Score, Scores
from understudy.judge.chance import Floats, banded, share

SLACK = 1e-6


def judge_weights(takes: list[Performance]) -> Scores:
    """Returns C1 of takes: weights in 0..1, mouthClose at most jawOpen, looks of each eye to one side only and to the
    side that the eyes turn to."""
    face = np.concatenate([t.tracks[FACE].values for t in takes]).astype(np.float64)
    inside = (face >= 0) & (face <= 1)
    closes = face[:, SHAPE_INDEX["mouthClose"]] <= face[:, SHAPE_INDEX["jawOpen"]] + SLACK
    both = np.zeros(len(face), bool)
    for side in ("Left", "Right"):
        for one, other in (("In", "Out"), ("Up", "Down")):
            a, b = (face[:, SHAPE_INDEX[f"eyeLook{way}{side}"]] for way in (one, other))
            both |= (a > SLACK) & (b > SLACK)
    scores = [
        share("C1 weights within 0..1", np.asarray(inside.all(axis=1)), (100.0, np.inf),
              how=f"frames; least {face.min():.3g}, greatest {face.max():.3g}"),
        share("C1 mouthClose at most jawOpen", closes, (100.0, np.inf), how="frames"),
        share("C1 each eye looks to one side", ~both, (100.0, np.inf), how="frames"),
    ]  # fmt: skip
    if all(GAZE in t.tracks for t in takes):
        gaze = np.concatenate([t.tracks[GAZE].values for t in takes]).astype(np.float64)
        signs = []
        for eye, (side, outward) in enumerate((("Left", 1.0), ("Right", -1.0))):
            yaw = outward * gaze[:, 2 * eye + 1]
            weight = face[:, SHAPE_INDEX[f"eyeLookOut{side}"]] - face[:, SHAPE_INDEX[f"eyeLookIn{side}"]]
            seen = np.abs(yaw) > np.radians(1)
            signs.append(np.sign(weight[seen]) == np.sign(yaw[seen]))
        scores.append(share("C1 weights and eyes look the same way", np.concatenate(signs), (100.0, np.inf),
                            how="left and right never swapped; frames off centre by a degree"))  # fmt: skip
    return Scores("weights", tuple(scores))


def judge_capture(path: Path) -> Score:
    """Returns C1 of a Live Link Face recording: the greatest change of a weight on the way CSV, track, CSV."""
    first = read_arkit_csv(path.read_text("utf-8-sig"), path.name)
    again = read_arkit_csv(write_arkit_csv(first.astype(np.float32)), path.name)
    worst = float(np.abs(first - again).max())
    return banded(f"C1 there and back: {path.name}", worst, (-np.inf, 1e-6), n=len(first), how="52 weights, float32")


def read_arkit_csv(text: str, name: str) -> Floats:
    """Returns (frames, 52) from a CSV whose header names ARKit shapes in any order and case. Raises BadInput."""
    rows = list(csv.reader(io.StringIO(text)))
    header = {column.strip().lower(): i for i, column in enumerate(rows[0])} if rows else {}
    lacking = [shape for shape in ARKIT_SHAPES if shape.lower() not in header]
    if lacking:
        raise BadInput(f"{name} lacks {len(lacking)} of the 52 ARKit columns, {lacking[0]} first; export all of them.")
    places = [header[shape.lower()] for shape in ARKIT_SHAPES]
    return np.array([[float(row[i]) for i in places] for row in rows[1:] if len(row) > max(places)])


def write_arkit_csv(face: "np.ndarray[tuple[int, int], np.dtype[np.float32]]") -> str:
    """Returns (frames, 52) weights as a CSV that keeps every bit of a float32."""
    lines = [",".join(shape[0].upper() + shape[1:] for shape in ARKIT_SHAPES)]
    lines += [",".join(f"{value:.9g}" for value in row) for row in face]
    return "\n".join(lines) + "\n"
