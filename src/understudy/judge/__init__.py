"""Measures: any noun or finished file in, Scores out. It reads pixels and sound, never what a stage says of itself."""

from understudy.judge.difference import compare, distance, told
from understudy.judge.features import Features, features
from understudy.judge.flow import flow_consistency
from understudy.judge.frechet import frechet_distance, preview_distance
from understudy.judge.identity import Faces, face_of_still, faces_of_film, kept, likeness, step_for
from understudy.judge.lips import closures
from understudy.judge.loudness import levels
from understudy.judge.picture_sound import sync
from understudy.judge.pictures import timing
from understudy.judge.plot import plot_take
from understudy.judge.plot_two import plot_two
from understudy.judge.recognisers import Recogniser, recogniser
from understudy.judge.reel import colour_pictures, duration_s, size_and_rate
from understudy.judge.steadiness import consistency
from understudy.judge.whole import film
from understudy.judge.words import transcript

__all__ = [
    "Faces",
    "Features",
    "Recogniser",
    "closures",
    "colour_pictures",
    "compare",
    "consistency",
    "distance",
    "duration_s",
    "face_of_still",
    "faces_of_film",
    "features",
    "film",
    "flow_consistency",
    "frechet_distance",
    "kept",
    "levels",
    "likeness",
    "plot_take",
    "plot_two",
    "preview_distance",
    "recogniser",
    "size_and_rate",
    "step_for",
    "sync",
    "timing",
    "told",
    "transcript",
]
