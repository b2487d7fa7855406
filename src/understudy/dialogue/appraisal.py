"""What is said, appraised: for whom is it good or bad, and what does that stir in her?

Offline, by likeness to examples (appraisals.toml) and a small list of words with negation and degree. After Ortony,
Clore and Collins (1988), 'The Cognitive Structure of Emotions'.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Final

import numpy as np

from understudy.base.channels import EMOTIONS
from understudy.dialogue.embedding import Vectors, embed, embed_one

LEAST: Final = 0.36
"""Likeness below which nothing is stirred."""
_FULL: Final = 0.72
_NEGATED: Final = re.compile(r"\b(?:not|never|no longer|isn't|aren't|wasn't|don't|didn't|doesn't|won't)\b", re.I)
_MORE: Final = re.compile(r"\b(?:so|very|really|extremely|incredibly|totally|absolutely|such|all)\b|!", re.I)
_LESS: Final = re.compile(r"\b(?:a bit|a little|slightly|somewhat|kind of|sort of|quite|rather|maybe)\b", re.I)
_WORDS: Final = {
    "joy": "happy glad great wonderful lovely fantastic excited yay hooray delighted laugh haha fun celebrate won",
    "sadness": "sad died dead death funeral cry crying lost lonely alone miss grief depressed miserable tired "
    "heartbroken",
    "anger": "angry furious hate unfair cheated lied betrayed outrageous",
    "fear": "afraid scared terrified worried fear panic anxious danger emergency",
    "disgust": "disgusting gross rotten vomit maggots filthy nauseating",
    "surprise": "wow suddenly unbelievable incredible unexpected astonishing guess omg whoa",
    "tenderness": "love baby kitten thank grateful sweet dear hug",
}
_LEXICON: Final = {word: emotion for emotion, words in _WORDS.items() for word in words.split()}
_EASED: Final = {"joy": "sadness", "sadness": "tenderness", "anger": "", "fear": "", "tenderness": ""}
_SAD_FOR: Final = 0.5


@dataclass(frozen=True)
class Appraised:
    """name: of the group it is most like ('plain' = nothing to feel). emotions: what it stirs, 0..1. gesture, gaze."""

    name: str = "plain"
    emotions: Mapping[str, float] = field(default_factory=dict)
    gesture: str = ""
    gaze: str = ""


@dataclass(frozen=True)
class _Group:
    name: str
    emotions: Mapping[str, float]
    gesture: str
    gaze: str


def appraise(text: str) -> Appraised:
    """Returns what a user's words stir in her."""
    said = " ".join(text.split())[-300:]
    if not re.search(r"\w", said):
        return Appraised()
    groups, owner, vectors = _groups()
    near = vectors @ embed_one(said)
    best = np.array([np.sort(near[owner == k])[-2:].mean() for k in range(len(groups))])
    k = int(np.argmax(best))
    group = groups[k]
    worded = _by_words(said)
    if group.name == "plain" or best[k] < LEAST:
        return Appraised("plain", worded)
    strength = min(1.0, max(0.0, float(best[k] - LEAST) / (_FULL - LEAST))) ** 0.5 * _degree(said)
    if _NEGATED.search(said) and group.name in ("good fortune", "praise of her", "blame of her"):
        strength *= 0.3
    emotions = {n: min(1.0, w * strength) for n, w in group.emotions.items()}
    for name, weight in worded.items():
        emotions[name] = max(emotions.get(name, 0.0), 0.7 * weight)
    gesture = group.gesture if strength > 0.35 else ""
    return Appraised(group.name, {n: round(w, 3) for n, w in emotions.items() if w >= 0.05}, gesture, group.gaze)


def _by_words(said: str) -> dict[str, float]:
    """Returns what single words stir; a word within three words of a negation stirs nothing, or its relief."""
    words = re.findall(r"[a-z']+", said.casefold())
    out: dict[str, float] = {}
    for k, word in enumerate(words):
        emotion = _LEXICON.get(word)
        if emotion is None:
            continue
        weight = 0.28 * _degree(said)
        if any(_NEGATED.fullmatch(before) for before in words[max(0, k - 3) : k]):
            emotion, weight = _EASED.get(emotion, ""), 0.5 * weight
        if emotion:
            out[emotion] = min(1.0, max(out.get(emotion, 0.0), weight))
    if "sadness" in out or "fear" in out:
        out["tenderness"] = max(out.get("tenderness", 0.0), _SAD_FOR * max(out.get("sadness", 0), out.get("fear", 0)))
    return {name: round(weight, 3) for name, weight in out.items()}


def _degree(said: str) -> float:
    more, less = len(_MORE.findall(said)), len(_LESS.findall(said))
    return min(1.35, 1 + 0.12 * more) * (0.65 if less else 1.0)


@cache
def _groups() -> tuple[tuple[_Group, ...], "np.ndarray[tuple[int], np.dtype[np.int_]]", Vectors]:
    text = (resources.files("understudy.dialogue") / "appraisals.toml").read_text("utf-8")
    raw = tomllib.loads(text)["appraisal"]
    groups = tuple(
        _Group(g["name"], {n: float(g[n]) for n in EMOTIONS if n in g}, g.get("gesture", ""), g.get("gaze", ""))
        for g in raw
    )
    owner = np.array([k for k, g in enumerate(raw) for _ in g["examples"]])
    return groups, owner, embed([example for g in raw for example in g["examples"]])
