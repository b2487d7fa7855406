"""Measures: any noun or finished file in, Scores out. It reads pixels and sound, never what a stage says of itself."""

from understudy.judge.lips import closures
from understudy.judge.loudness import levels
from understudy.judge.picture_sound import sync
from understudy.judge.pictures import timing
from understudy.judge.plot import plot_take
from understudy.judge.whole import film
from understudy.judge.words import transcript

__all__ = ["closures", "film", "levels", "plot_take", "sync", "timing", "transcript"]
