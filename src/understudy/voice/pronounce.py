"""How an English word is said: the CMU dictionary that ships with pocketsphinx, with stress, else its spelling."""

from functools import cache, lru_cache
from importlib import resources

from understudy.base.channels import VOWELS
from understudy.voice.spelling import spell

_CLOSED_CLASSES = (
    "a an the and or but nor so if than as of to in on at by for from with into onto upon over about up out off is am "
    "are was were be been being do does did have has had will would shall should can could may might must i you he she "
    "it we they me him her us them my your his its our their this that these those there here who which what when "
    "where how why because not no n't 's 're 've 'll 'd 'm i'm you're he's she's it's we're they're i've you've we've "
    "they've i'll you'll he'll she'll it'll we'll they'll i'd you'd he'd she'd we'd they'd that's there's what's let's "
    "just some any all too very then also yet though while until"
)
FUNCTION_WORDS = frozenset(_CLOSED_CLASSES.split())
"""Words that carry no accent unless the writer gives one (closed classes; Selkirk 1984)."""


@lru_cache(maxsize=4096)  # a server talks for weeks
def pronounce(word: str) -> tuple[tuple[str, ...], ...]:
    """Returns the ways to say a word, usual one first, vowels with stress digits. A word without letters gives ().

    A word that is in no dictionary is spelled (`spelling.spell`); possessives and plurals of known words are derived.
    """
    low = word.lower().replace("’", "'")
    found = _entries(low)
    if not found and low.endswith(("'s", "s'")):
        found = [(*p, *_ending(p[-1])) for p in pronounce_stem(low[:-2] if low.endswith("'s") else low[:-1])]
        return tuple(found)
    if not found:
        said = spell(low)
        return (said,) if said else ()
    return tuple(_stressed(low, phones) for phones in found)


def pronounce_stem(word: str) -> tuple[tuple[str, ...], ...]:
    """Returns the ways to say the word under a possessive; never empty, so that an ending has something to follow."""
    return pronounce(word) or (("AH0",),)


def known(word: str) -> bool:
    """Returns whether the dictionary has the word."""
    return bool(_entries(word.lower().replace("’", "'")))


def _ending(last: str) -> tuple[str, ...]:
    if last in ("S", "Z", "SH", "ZH", "CH", "JH"):
        return ("IH0", "Z")
    return ("S",) if last in ("P", "T", "K", "F", "TH") else ("Z",)


def _stressed(word: str, phones: tuple[str, ...]) -> tuple[str, ...]:
    vowels = [i for i, p in enumerate(phones) if p in VOWELS]
    pattern = _stress().get(word, "")
    if len(pattern) != len(vowels):
        pattern = "1" + "0" * (len(vowels) - 1)
    if len(vowels) == 1 and word in FUNCTION_WORDS:
        pattern = "0"
    digits = dict(zip(vowels, pattern, strict=False))
    return tuple(p + digits[i] if i in digits else p for i, p in enumerate(phones))


def _entries(word: str) -> list[tuple[str, ...]]:
    """Returns a word's entries, found in the text of the dictionary: quicker than parsing 134,000 lines for a few."""
    text = _dictionary()
    at = text.find(f"\n{word} ")
    found: list[tuple[str, ...]] = []
    while at >= 0:
        end = text.find("\n", at + 1)
        found.append(tuple(text[at + 1 : end].split()[1:]))
        at = end if text.startswith(f"\n{word}(", end) else -1
    return found


@cache
def _dictionary() -> str:
    from pathlib import Path

    from pocketsphinx import get_model_path

    return "\n" + Path(get_model_path("en-us/cmudict-en-us.dict")).read_text("utf8").rstrip("\n") + "\n"


@cache
def _stress() -> dict[str, str]:
    text = resources.files("understudy.voice").joinpath("data/stress.txt").read_text("ascii")
    rows = (row.split(": ") for row in text.splitlines() if row and row[0] != ";")
    return {word: pattern for pattern, words in rows for word in words.split()}
