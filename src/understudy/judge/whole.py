"""Everything the judge can say of one finished film."""

from pathlib import Path

from understudy.hub.body import Body
from understudy.hub.performance import Performance
from understudy.hub.scores import Scores
from understudy.judge.lips import closures
from understudy.judge.loudness import levels
from understudy.judge.picture_sound import sync
from understudy.judge.pictures import timing_of
from understudy.judge.reel import read_reel


def film(path: Path, take: Performance | None = None, *, body: Body | None = None, seconds: float = 90.0) -> Scores:
    """Returns the figures of a film: pictures and sound; with its take also sync and lips. Raises BadInput.

    seconds: how much of it is looked at, from the start.
    """
    reel = read_reel(path, seconds=seconds)
    scores = timing_of(reel, path.name)
    if reel.sound is not None:
        scores = scores + levels(reel.sound)
    if take is not None:
        scores = scores + sync(path, take, seconds=seconds)
        if any(event.kind == "phone" for event in take.events):
            scores = scores + closures(take, body)
    return scores
