"""Where a note means: 'before the last line', 'on the second never', 'at 0:12', taken out of its words."""

import re
from dataclasses import dataclass

_ORDINALS = {
    "first": 0, "1st": 0, "opening": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "fifth": 4,
    "5th": 4, "sixth": 5, "6th": 5, "seventh": 6, "eighth": 7, "ninth": 8, "tenth": 9, "last": -1, "final": -1,
    "closing": -1, "penultimate": -2,
}  # fmt: skip
_ORDINAL = "|".join(_ORDINALS) + r"|second[ -]to[ -]last|next[ -]to[ -]last"
_TIME = r"(?:(\d+):(\d{2}(?:\.\d+)?)|(\d+(?:\.\d+)?) ?(?:s|sec|secs|seconds?)\b)"
WORD = "\ue000(\\d+)\ue001"
PLACE, PLACE_END = "\ue002", "\ue003"

_PLACES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("between", rf"\b(?:between|from) (?:the words? )?{WORD} (?:and|to|until|till) (?:the words? )?{WORD}"),
        ("times", rf"\b(?:from|between) {_TIME} (?:to|and|until|till) {_TIME}"),
        ("time", rf"\b(?P<how>at|from|after|before|until|till|around) {_TIME}(?: on(?:wards?)?\b)?"),
        ("lines", r"\b(?:in|on|for|during|from)?\s*(?:the )?lines? (\d+) ?(?:to|-|–|and|until|through) ?(\d+)"),
        ("some", r"\b(?:in|on|for|during) the (first|last) (two|three|four|five|\d+) (lines?|sentences?)"),
        (
            "nth",
            r"\b(?P<how>in|on|over|for|during|with|at|before|after|from|until|till|up to|by|into)?\s*the "
            rf"(?P<which>{_ORDINAL}) (?P<what>lines?|sentences?|words?)(?P<on> on(?:wards?)?\b)?",
        ),
        (
            "number",
            r"\b(?P<how>in|on|for|during|before|after|from|until|till|up to)?\s*line (?P<which>\d+)"
            r"(?P<on> on(?:wards?)?\b)?",
        ),
        (
            "word",
            r"\b(?P<how>right before|just before|right after|just after|on|at|with|before|after|from|until|till|"
            r"up to|over|in|when (?:s?he|they) says?|as (?:s?he|they) says?)\s+(?:the )?"
            rf"(?:(?P<which>{_ORDINAL}) )?(?:words? |line |sentence )?{WORD}(?P<on> on(?:wards?)?\b)?",
        ),
        ("end", r"\b(?:at|towards?|by|near) the (?:very )?end\b"),
        ("start", r"\b(?:at|in) the (?:very )?(?:start|beginning|top|opening)\b|\bto begin with\b"),
        (
            "all",
            r"\b(?:throughout|everywhere|all the time|all through|the whole time|all along|overall|in general|"
            r"in every line)\b",
        ),
    )
)  # fmt: skip


@dataclass(frozen=True)
class Where:
    """A place in a take. kind: all | line | sentence | word | start | end | time.

    how: in | before | after | from | until. which: index of the line or sentence, from 0, below 0 from the end; last:
    the last one when there are several. quote: words of the text, and which: their occurrence. times_s: from, to.
    """

    kind: str = "all"
    how: str = "in"
    which: int = 0
    last: int | None = None
    quote: str = ""
    until_quote: str = ""
    times_s: tuple[float, float] = (0.0, 0.0)
    words: str = "throughout"


THROUGHOUT = Where()


def with_places(text: str, quotes: list[str]) -> tuple[str, list[Where]]:
    """Takes the places out of a note and puts marks in."""
    places: list[Where] = []
    for kind, pattern in _PLACES:

        def put(match: re.Match[str], kind: str = kind) -> str:
            where = _where(kind, match, quotes)
            if where is None:
                return match.group()
            places.append(where)
            return f" {PLACE}{len(places) - 1}{PLACE_END} "

        text = pattern.sub(put, text)
    return text, places


def _where(kind: str, match: re.Match[str], quotes: list[str]) -> Where | None:
    said = " ".join(re.sub(WORD, lambda m: f"'{quotes[int(m[1])]}'", match.group()).split())
    named = match.groupdict()
    how = _how(named.get("how") or "in", bool(named.get("on")))
    if kind == "between":
        return Where("word", "in", 0, None, quotes[int(match[1])], quotes[int(match[2])], words=said)
    if kind == "times":
        return Where("time", "in", times_s=(_seconds(match, 1), _seconds(match, 4)), words=said)
    if kind == "time":
        return Where("time", how, times_s=(_seconds(match, 2),) * 2, words=said)
    if kind == "lines":
        return Where("line", "in", int(match[1]) - 1, int(match[2]) - 1, words=said)
    if kind == "some":
        count = {"two": 2, "three": 3, "four": 4, "five": 5}.get(match[2]) or int(match[2])
        first, last = (0, count - 1) if match[1].lower() == "first" else (-count, -1)
        return Where("sentence" if match[3].startswith("s") else "line", "in", first, last, words=said)
    if kind == "number":
        return Where("line", how, int(named["which"]) - 1, words=said)
    if kind == "nth":
        which, what = _ordinal(named["which"]), named["what"].lower()
        if what.startswith("word"):
            return Where("nth word", how, which, words=said)
        return Where("sentence" if what.startswith("s") else "line", how, which, words=said)
    if kind == "word":
        quote = _quote(match, quotes)
        return Where("word", how, _ordinal(named["which"] or "first"), None, quote, words=said)
    return Where(kind, "in", words=said)


def _quote(match: re.Match[str], quotes: list[str]) -> str:
    found = re.search(WORD, match.group())
    return quotes[int(found[1])] if found else ""


def _ordinal(word: str) -> int:
    word = word.lower().replace("-", " ")
    return -2 if word.endswith("to last") else _ORDINALS[word]


def _how(word: str, on: bool) -> str:
    word = word.lower().split()[-1] if word.lower().startswith(("right", "just")) else word.lower()
    if on or word == "from":
        return "from"
    if word in ("until", "till", "up to", "by"):
        return "until"
    return word if word in ("before", "after") else "in"


def _seconds(match: re.Match[str], first: int) -> float:
    minutes, seconds, alone = match.group(first, first + 1, first + 2)
    return float(alone) if alone else 60 * float(minutes) + float(seconds)
