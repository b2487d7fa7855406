"""Figures read aloud, in American English (and plain numbers in the other languages).

Every function takes what is written and returns spoken words in plain letters.
"""

import re
from functools import lru_cache

from understudy.voice.abbreviations import UNITS

MONEY = {"$": ("dollar", "cent"), "£": ("pound", "penny"), "€": ("euro", "cent"), "¥": ("yen", "")}
SCALES = frozenset(["hundred", "thousand", "million", "billion", "trillion", "k", "m", "bn"])
_LONGEST = 15
"""Digits of the largest number the rules of every language can name."""
_FRACTIONS = {2: "half", 3: "third", 4: "quarter"}
_ONES = "zero one two three four five six seven eight nine".split()  # noqa: SIM905


def say_number(text: str, language: str = "en-US") -> list[str]:
    """Reads '1,234', '-3.5', '007' or '42' as a quantity. text: digits with optional sign, commas and decimals."""
    sign = ["minus"] if text[:1] in "-−" else []
    digits = text.lstrip("+-−").replace(",", "")
    if language[:2] != "en":
        return words_of(digits, language)
    if len(digits) > 1 and digits[0] == "0" and digits.isdigit():
        return sign + say_digits(digits)
    whole, _, part = digits.partition(".")
    said = words_of(whole or "0", language)
    if part:
        said += ["point", *(_ONES[int(d)] for d in part)]
    return sign + said


def say_digits(text: str) -> list[str]:
    """Reads figures one by one, zero as 'oh' between others ('0421' and telephone numbers)."""
    return ["oh" if d == "0" and len(text) > 1 else _ONES[int(d)] for d in text if d.isdigit()]


def say_year(text: str) -> list[str]:
    """Reads a four-figure year: 'nineteen eighty four', 'two thousand seven', 'twenty twenty four'."""
    high, low = int(text[:2]), int(text[2:])
    if 2000 <= int(text) <= 2009 or int(text) == 1000:
        return [w for w in words_of(text, "en-US") if w != "and"]
    if low == 0:
        return [*words_of(str(high), "en-US"), "hundred"]
    return words_of(str(high), "en-US") + (["oh"] if low < 10 else []) + words_of(str(low), "en-US")


def say_ordinal(number: int) -> list[str]:
    """Reads 21 as 'twenty first'."""
    return _plain(_spelled(str(number), "en", ordinal=True))


def say_money(sign: str, amount: str, scale: str = "") -> list[str]:
    """Reads '$3.50' as 'three dollars and fifty cents', '$5' with 'million' as 'five million dollars'."""
    unit, small = MONEY[sign]
    whole, _, part = amount.replace(",", "").partition(".")
    if scale:
        return [*say_number(amount), {"k": "thousand", "m": "million", "bn": "billion"}.get(scale, scale), _many(unit)]
    said: list[str] = []
    if int(whole or 0) or not part.strip("0"):
        said = [*words_of(whole or "0", "en-US"), unit if whole == "1" else _many(unit)]
    if small and part.strip("0"):
        cents = int(part[:2].ljust(2, "0"))
        said += ["and"] if said else []
        said += [*words_of(str(cents), "en-US"), small if cents == 1 else ("pence" if small == "penny" else "cents")]
    return said


def say_time(hour: str, minute: str, half: str = "") -> list[str]:
    """Reads '9:05' as 'nine oh five', '12:00' as "twelve o'clock", '7:30pm' as 'seven thirty P M'."""
    said = words_of(hour, "en-US")
    if minute != "00":
        said += (["oh"] if minute[0] == "0" else []) + words_of(minute, "en-US")
    elif not half:
        said += ["o'clock"] if 1 <= int(hour) <= 12 else ["hundred"]
    return said + [c.upper() for c in half if c in "apmAPM"]


def say_unit(amount: str, unit: str) -> list[str]:
    """Reads '5' with 'km' as 'five kilometers', '1' as 'one kilometer'."""
    first, *rest = UNITS[unit.lower()].split()
    if amount.replace(",", "") != "1":
        first = "feet" if first == "foot" else first if first in ("percent", "hertz") else _many(first)
    return [*say_number(amount), first, *rest]


def say_decade(text: str) -> list[str]:
    """Reads '1990' of '1990s' as 'nineteen nineties', '80' as 'eighties'."""
    *first, last = say_year(text) if len(text) == 4 else words_of(text, "en-US")
    return [*first, last[:-1] + "ies" if last.endswith("y") else _many(last)]


def say_fraction(top: int, bottom: int) -> list[str]:
    """Reads 3/4 as 'three quarters', 2/5 as 'two fifths'."""
    name = [_FRACTIONS[bottom]] if bottom in _FRACTIONS else say_ordinal(bottom)
    if top > 1:
        name[-1] = "halves" if bottom == 2 else name[-1] + "s"
    return [*words_of(str(top), "en-US"), *name]


@lru_cache(maxsize=4096)  # a server talks for weeks
def _spelled(text: str, language: str, *, ordinal: bool = False) -> str:
    """Returns a number in letters by the spell-out rules of Unicode CLDR."""
    from unicode_rbnf import FormatPurpose, RbnfEngine

    purpose = FormatPurpose.ORDINAL if ordinal else FormatPurpose.CARDINAL
    said = RbnfEngine.for_language(language).format_number(text, purpose=purpose)
    return str(said.text_by_ruleset.get("spellout-numbering", said.text))


def words_of(text: str, language: str) -> list[str]:
    """Returns a cardinal in the words of a language, without the British 'and'; a number with no name by its digits."""
    if len(text.partition(".")[0].lstrip("-")) > _LONGEST:
        return [word for digit in text if digit.isdigit() for word in words_of(digit, language)]
    said = _plain(_spelled(text, language[:2]))
    return [w for w in said if w != "and"] if language[:2] == "en" else said


def _plain(text: str) -> list[str]:
    return re.sub(r"[,\-]", " ", text).split()


def _many(word: str) -> str:
    if word in ("yen", "hertz"):
        return word
    return word + ("es" if word.endswith(("x", "s", "ch", "sh")) else "s")
