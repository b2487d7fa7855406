"""Ages in a brief: 'thirty', '30-year-old', 'in her early forties', 'mid-30s', 'thirty-something'."""

from collections.abc import Sequence
from dataclasses import dataclass

from understudy.casting.brief.words import Clause, Token

_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
         "eighty": 80, "ninety": 90}  # fmt: skip
_DECADES = {
    "teens": 10, "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70,
    "eighties": 80, "nineties": 90, **{f"{n}s": n for n in range(20, 100, 10)},
}  # fmt: skip
_PART = {"early": (1, 3), "mid": (4, 6), "middle": (4, 6), "late": (7, 9), "very": (8, 9)}
_YEARS = frozenset(["year", "years", "yr", "yrs", "yo", "y/o", "yrs.", "jahre", "ans", "summers", "winters"])
_AFTER = frozenset(["something", "ish", "odd", "plus"])
_BEFORE = frozenset(["aged", "age", "of", "about", "around", "nearly", "almost", "roughly", "approximately", "over",
                     "past", "turning", "looks", "looking", "is", "at", "circa"])  # fmt: skip
_PEOPLE = frozenset(["woman", "man", "person", "lady", "gentleman", "male", "female", "girl", "boy", "guy", "someone",
                     "she", "he", "they", "actor", "actress", "adult"])  # fmt: skip
_COUNTED = frozenset(["day", "days", "cm", "mm", "m", "kg", "lb", "lbs", "foot", "feet", "ft", "inch", "inches",
                      "o'clock", "pounds", "stone", "metre", "metres", "meter", "meters", "percent", "per",
                      "x"])  # fmt: skip
OLDEST = 92


@dataclass(frozen=True)
class Ages:
    """Ages of a clause. spans: (youngest, oldest, words). used: tokens they take, by index. remarks: what was odd."""

    spans: tuple[tuple[int, int, str], ...]
    used: frozenset[int]
    remarks: tuple[str, ...] = ()


def find_ages(clause: Clause) -> Ages:
    """Finds the ages of one clause."""
    spans: list[tuple[int, int, str]] = []
    used: set[int] = set()
    remarks: list[str] = []
    at = 0
    while at < len(clause):
        decade = _decade(clause, at)
        if decade:
            low, high, start, end = decade
            spans.append((low, high, _text(clause[start:end])))
            used.update(range(start, end))
            at = end
            continue
        number, size = _number(clause, at)
        if size and _is_age(clause, at, size, number):
            end = at + size
            something = end < len(clause) and clause[end].low in _AFTER
            while end < len(clause) and clause[end].low in _YEARS | _AFTER | {"old"}:
                end += 1
            start = at - 1 if at and clause[at - 1].low in _BEFORE else at
            if number > OLDEST:
                remarks.append(f"'{_text(clause[start:end])}' is older than casting goes; {OLDEST} is taken")
            years = min(number, OLDEST)
            spans.append((years + (1 if something else 0), years + (8 if something else 0), _text(clause[start:end])))
            used.update(range(start, end))
        at += max(size, 1)
    return Ages(tuple(spans), frozenset(used), tuple(remarks))


def _decade(clause: Clause, at: int) -> tuple[int, int, int, int] | None:
    word = clause[at].low
    if word not in _DECADES:
        return None
    start = at
    low, high = (0, 9)
    if at and clause[at - 1].low in _PART:
        low, high = _PART[clause[at - 1].low]
        start -= 1
    led = any(token.low in ("her", "his", "their", "the", "in") for token in clause[max(0, start - 3) : start])
    if not (led or start < at or at + 1 == len(clause)):
        return None  # an 80s haircut
    years = _DECADES[word]
    return years + low, years + high, start, at + 1


def _number(clause: Clause, at: int) -> tuple[int, int]:
    """Returns a whole number of at most three digits and how many tokens it takes, 0 when there is none."""
    word = clause[at].low
    if word.isdigit() and len(word) <= 3:
        return int(word), 1
    if word in _TENS:
        after = clause[at + 1].low if at + 1 < len(clause) else ""
        if after in _UNITS and 0 < _UNITS[after] < 10:
            return _TENS[word] + _UNITS[after], 2
        return _TENS[word], 1
    if word in _UNITS:
        return _UNITS[word], 1
    return (100, 1) if word == "hundred" else (0, 0)


def _is_age(clause: Clause, at: int, size: int, number: int) -> bool:
    end = at + size
    after = clause[end].low if end < len(clause) else ""
    before = clause[at - 1].low if at else ""
    if after in _COUNTED or (after in ("", "foot") and before in ("foot", "feet", "ft", "size")):
        return False
    if after in _YEARS:
        following = clause[end + 1].low if end + 1 < len(clause) else ""
        return following not in ("younger", "older", "ago")
    if after in _AFTER or after == "old":
        return True
    small_word = not clause[at].low.isdigit() and number < 18
    if small_word:
        # 'a woman of few words' and 'of two minds' are no ages; 'a girl of twelve' is one
        return (before in ("aged", "age") or (before == "of" and after == "")) or (number > 10 and after == "")
    return before in _BEFORE | _PEOPLE or after == "" or after in _PEOPLE or (at == 0 and after in ("with", "and"))


def _text(tokens: Sequence[Token]) -> str:
    return " ".join(token.text for token in tokens)
