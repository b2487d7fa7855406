"""How an English word that is in no dictionary is said, from its letters.

`data/letters.txt` holds, for each letter, the shortest contexts that decide its phones, learned from the CMU
pronouncing dictionary that ships with pocketsphinx (BSD) by `benchmarks/voice_spelling.py`, which also prints how often
it is right on words it has not seen. A line reads `left<letter>right = phones`; the widest context that matches wins,
and '#' is the edge of the word. Stress is then put on by rule, since it depends on the whole word.
"""

from functools import cache
from importlib import resources

from understudy.base.channels import VOWELS

CONTEXTS = ((4, 4), (3, 3), (2, 3), (3, 2), (2, 2), (1, 3), (1, 2), (2, 1), (0, 2), (1, 1), (0, 1), (1, 0), (0, 0))
"""(letters to the left, letters to the right), widest first."""

PENULTIMATE = (
    "ic",
    "ics",
    "ion",
    "ions",
    "ian",
    "ians",
    "ity",
    "ial",
    "ual",
    "ious",
    "eous",
    "ical",
    "ify",
    "ogy",
    "graphy",
)
"""Endings that pull the stress to the syllable before them (Chomsky and Halle 1968, the Latin stress endings)."""


def spell(word: str) -> tuple[str, ...]:
    """Returns the phones of a word with stress digits on its vowels ('EH1'). word: letters a-z and apostrophes.

    Letters with no sound of their own give nothing; a word without a vowel is spelled by its letters as they sound.
    """
    letters = "".join(c for c in word.lower() if "a" <= c <= "z")
    table = _table()
    phones: list[str] = []
    for i in range(len(letters)):
        for key in contexts(letters, i):
            if key in table:
                phones += table[key]
                break
    joined = [p for i, p in enumerate(phones) if not (i and p == phones[i - 1] and p not in VOWELS)]
    return with_stress(letters, tuple(joined))


RESPELLED = {
    "AA": "ah", "AE": "a", "AH": "u", "AO": "aw", "AW": "ow", "AY": "eye", "CH": "ch", "DH": "th", "EH": "e",
    "ER": "er", "EY": "ay", "HH": "h", "IH": "i", "IY": "ee", "JH": "j", "NG": "ng", "OW": "oh", "OY": "oy",
    "SH": "sh", "TH": "th", "UH": "oo", "UW": "oo", "Y": "y", "ZH": "zh",
}  # fmt: skip
"""Phone -> letters that English readers say so; the other phones are their own small letter."""


def respell(phones: tuple[str, ...]) -> str:
    """Returns plain letters that sound like the phones, for engines that take no phones."""
    return "".join(RESPELLED.get(p.rstrip("012"), p.rstrip("012").lower()) for p in phones)


def contexts(letters: str, i: int) -> list[str]:
    """Returns the keys of letter i, widest context first."""
    padded = f"####{letters}####"
    at = i + 4
    return [f"{padded[at - left : at]}<{padded[at]}>{padded[at + 1 : at + 1 + right]}" for left, right in CONTEXTS]


def with_stress(letters: str, phones: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the phones with one primary stress: before a Latin ending, else on the first full vowel."""
    vowels = [i for i, p in enumerate(phones) if p in VOWELS]
    if not vowels:
        return phones
    main = 0
    if len(vowels) > 2 and letters.endswith(PENULTIMATE):
        back = 2 if letters.endswith(("ic", "ics", "ion", "ions", "ian", "ians", "ial", "ual", "ious", "eous")) else 3
        main = max(0, len(vowels) - back)
    elif len(vowels) > 1 and phones[vowels[0]] == "AH" and letters[0] in "abcdr":
        main = 1
    return tuple(p + ("1" if i == vowels[main] else "0") if i in vowels else p for i, p in enumerate(phones))


@cache
def _table() -> dict[str, tuple[str, ...]]:
    text = resources.files("understudy.voice").joinpath("data/letters.txt").read_text("ascii")
    pairs = (line.split(" = ") for line in text.splitlines() if line and line[0] != ";")
    return {key: tuple(value.split("_")) if value != "-" else () for key, value in pairs}
