"""The picture track of a finished film: constant rate, no black, nothing frozen."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from understudy.hub.scores import Score, Scores
from understudy.judge.reel import Reel, read_reel

BLACK_LEVEL = 6.0
"""Mean grey below this is black; the darkest set at night lies near 15."""
STILL_LEVEL = 0.02
"""Mean change in grey levels below which two pictures are the same; coders copy nearly still ones exactly."""
LONGEST_FREEZE_S = 0.5
_REFRESH = 3  # pictures that a new key picture may stir within a freeze


def timing(path: Path, *, seconds: float = 90.0) -> Scores:
    """Returns the rate and evenness of the pictures, and the black and frozen ones. Raises BadInput."""
    return timing_of(read_reel(path, seconds=seconds), path.name)


def timing_of(reel: Reel, subject: str) -> Scores:
    """Returns the same for a film that is already read."""
    steps = np.diff(reel.times_s)
    uneven_ms = float(np.abs(steps - np.median(steps)).max() * 1000) if len(steps) else 0.0
    means = reel.pictures.mean(axis=(1, 2))
    black = int((means < BLACK_LEVEL).sum())
    changes = np.array(
        [np.abs(b.astype(np.int16) - a).mean() for a, b in zip(reel.pictures, reel.pictures[1:], strict=False)]
    )
    freeze_s = _longest_run(changes < STILL_LEVEL) / reel.fps
    ends_ms = float("nan")
    if reel.sound is not None:
        sound_end_s = reel.sound_start_s + reel.sound.duration_s
        ends_ms = 1000 * (sound_end_s - (reel.times_s[-1] + 1 / reel.fps))
    return Scores(
        subject,
        (
            Score("pictures", float(len(reel.pictures)), "", how=f"{reel.size_px[0]}x{reel.size_px[1]} pixels"),
            Score("rate", reel.fps, "fps", how="average rate of the stream"),
            Score("uneven", uneven_ms, "ms", "at most 1 ms", uneven_ms <= 1.0, "largest departure from an even step"),
            Score("black", float(black), "pictures", "none", black == 0, f"mean grey below {BLACK_LEVEL}"),
            Score(
                "frozen", freeze_s, "s", f"at most {LONGEST_FREEZE_S} s", freeze_s <= LONGEST_FREEZE_S,
                "longest run of pictures without change",
            ),
            Score("sound_past_picture", ends_ms, "ms", how="end of the sound minus end of the last picture"),
        ),
    )  # fmt: skip


def _longest_run(still: npt.NDArray[np.bool_]) -> int:
    """Returns the length of the longest run of stills; what a coder refreshed within it does not break it."""
    at = np.flatnonzero(still)
    if not len(at):
        return 0
    starts = np.concatenate([[0], np.flatnonzero(np.diff(at) > _REFRESH + 1) + 1])
    ends = np.concatenate([starts[1:], [len(at)]]) - 1
    return int((at[ends] - at[starts]).max()) + 1
