"""The words of notes that are not those of direction: degrees, comparatives, more and less, looks."""

import re
from typing import Final

from understudy.script.redirection import A_BIT, MUCH, PLAIN


def either(*words: str) -> re.Pattern[str]:
    """Returns the pattern that finds one of these words or phrases."""
    return re.compile(rf"\b(?:{'|'.join(words)})\b")


DEGREES: Final = (
    (either(r"(?:just )?a (?:tiny |little |small )?(?:bit|touch|shade|hair|tad|notch|little)", "slightly", "somewhat",
            "marginally"), A_BIT),
    (either("much", "a lot", "lots", "far", "way", "a great deal", "considerabl[ye]", "really", "very much"), MUCH),
    (either("even", "still", "some", "rather", "quite"), PLAIN),
)  # fmt: skip

COMPARATIVES: Final = {
    "slower": "slow", "faster": "fast", "quicker": "quick", "louder": "loud", "quieter": "quiet", "softer": "soft",
    "angrier": "angry", "sadder": "sad", "happier": "happy", "warmer": "warm", "colder": "cold", "calmer": "calm",
    "gentler": "gentle", "harder": "harsh", "lighter": "light", "brighter": "happy", "darker": "dark",
    "tenser": "tense", "drier": "dry", "dryer": "dry", "bolder": "bold", "deeper": "deep voice", "firmer": "firm",
    "stronger": "strong", "weaker": "weak", "kinder": "kind", "friendlier": "friendly", "funnier": "funny",
    "crueler": "cruel", "meaner": "cruel", "sweeter": "sweet", "prouder": "proud", "braver": "brave", "shyer": "shy",
    "icier": "icy", "breathier": "breathy", "livelier": "lively", "wearier": "weary", "sharper": "sharp",
    "milder": "mild", "surer": "sure", "madder": "mad", "gloomier": "gloomy", "harsher": "harsh", "quieten": "quiet",
    "slow it down": "slow", "slow down": "slow", "speed up": "fast", "speed it up": "fast",
    "pick up the pace": "fast", "pick up pace": "fast", "hurry up": "fast", "take your time": "slow",
    "take more time": "slow", "bring it down": "subdued", "lift it": "energy", "more slowly": "slow",
    "more quickly": "fast", "more quietly": "quiet", "more loudly": "loud",
}  # fmt: skip
"""What is more of what."""

NOUNS: Final = {
    "energy": "energy", "pace": "fast", "speed": "fast", "tempo": "fast", "volume": "loud", "loudness": "loud",
    "pitch": "high pitched", "whispering": "whisper", "drama": "dramatic",
}  # fmt: skip
"""'more pace' is faster."""

_OF_VOICE = r"(?:in |the |her |his |your )?(?:pitch|voice)"
HIGHER: Final = re.compile(rf"\b(?:higher|raise|lift|up) {_OF_VOICE}|\bpitch (?:it )?(?:higher|up)|^higher$")
LOWER: Final = re.compile(rf"\b(?:lower|drop|down) {_OF_VOICE}|\bpitch (?:it )?(?:lower|down)|^lower$")
LESS: Final = either(
    "less of the", "less", "fewer", "not (?:so|that|as|too|quite so)",
    "(?:don't|do not|never) (?:be |sound |play (?:it )?|get )?(?:so|that|too|as)", "too", "ease off (?:on )?the",
    "take (?:down|back) the", "reduce(?: the)?",
)  # fmt: skip
MORE: Final = either(
    "with more", "more", "extra", "increase(?: the)?", "bring up the", "push the", "not enough",
    "add(?: some| a little)?",
)  # fmt: skip
NONE: Final = either(
    "no", "without(?: any| the| a)?", "don't", "do not", "lose the", "drop the", "cut the", "kill the", "remove the",
    "not", "never", "stop", "isn't", "is not",
)  # fmt: skip
_START = r"^(?:play it |make it |go |be )?(?:"
BIGGER: Final = re.compile(
    _START + r"bigger|larger|broader|push it(?: further)?|intensify|more (?:of everything|intensity|feeling)"
    r"|more intense(?:ly)?|everything more|more emotion(?:al)?)$"
)
SMALLER: Final = re.compile(
    _START + r"smaller|subtler|more subtle|less (?:of everything|intensity|feeling)|less intense(?:ly)?"
    r"|less emotion(?:al)?|underplay(?: it)?|tone it down|dial it (?:down|back))$"
)
LEADING: Final = re.compile(
    r"^(?:please|can you|could you|try(?: it| to)?|make (?:it|her|him|this)|let (?:it be|her|him)|let's"
    r"|s?he should|s?he is|it is|it's|be|play(?: it)?|say(?: it)?|do it|give (?:me|it)|i want|i'd like|we need"
    r"|have (?:her|him)|put|with|a|an|the|just|and|only|to be)\s+"
)
"""What begins a wish and says nothing of how."""
TRAILING: Final = re.compile(r"\b(?:instead|please|now|here|there|this time|again|though)$")
UNDO: Final = re.compile(r"\bundo\b|\btake (?:that|it) back\b|\bgo back\b|^back (?:to|as) (?:it was|before)")

GESTURES: Final = frozenset(
    ["nod", "shake", "shrug", "smile", "frown", "wince", "wink", "gulp", "swallow", "sniff"]
)  # fmt: skip
"""Events that face and head play without the voice."""

_LOOK = r"\b(?:look|looks|looking|glance|glances|eyes|gaze)"
_HIS = r"(?:the |her |his |your )?"
LOOKS: Final = (
    ("partner", re.compile(
        rf"\b(?:hold|keep)(?:ing|s)? {_HIS}(?:look|gaze|eye contact|eyes on (?:him|her|them|partner))\b"
        r"|\b(?:keep|stay)(?:ing|s)? (?:on|with) (?:him|her|them)\b|\b(?:don't|do not|never) looks? away\b"
        rf"|\b(?:more )?eye contact\b|\bkeep looking\b|{_LOOK} (?:back )?(?:at|to|into) (?:him|her|them|the other"
        rf"|{_HIS}partner)\b|\bmeet (?:his|her|their) eyes?\b|\blook back\b")),
    ("camera", re.compile(rf"(?:{_LOOK} |\bturn |\bstare )?\b(?:at|to|into|in) (?:the )?(?:camera|lens|us)\b")),
    ("closed", re.compile(rf"\b(?:close|closes|shut) {_HIS}eyes\b|\beyes (?:closed|shut)\b")),
    ("away", re.compile(
        rf"(?:{_LOOK}|\bturns?) (?:away|off|aside|elsewhere)\b|\bavert\w*\b"
        r"|\bbreaks? (?:the )?(?:eye )?(?:look|gaze|contact)\b")),
    ("down", re.compile(
        rf"{_LOOK} (?:go |goes )?(?:down|at the floor|to the floor|lowered)\b|\blower {_HIS}(?:eyes|gaze)\b")),
    ("up", re.compile(rf"{_LOOK} (?:up|at the ceiling|to the ceiling)\b")),
    ("left", re.compile(rf"{_LOOK} (?:to (?:the )?|camera )?left\b")),
    ("right", re.compile(rf"{_LOOK} (?:to (?:the )?|camera )?right\b")),
)  # fmt: skip
"""Direction.gaze -> how it is asked for; the first that fits."""
