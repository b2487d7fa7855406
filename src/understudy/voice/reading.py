"""One written word, with its neighbours, into spoken words."""

import re
from dataclasses import dataclass, replace

from understudy.voice import abbreviations as short
from understudy.voice import numbers
from understudy.voice.clause import SpokenWord
from understudy.voice.pronounce import known


@dataclass
class Token:
    """A written word. core: without punctuation. written: its index. mark: after it; dotted: a full stop."""

    core: str
    written: int
    mark: str = ""
    dotted: bool = False


Said = list[SpokenWord]

_NUMBER = r"[-−+]?\d[\d,]*(?:\.\d+)?|\.\d+"
_TIME = re.compile(r"(\d{1,2}):(\d\d)(am|pm|a\.m|p\.m)?", re.I)
_MONEY = re.compile(r"([$£€¥])(\d[\d,]*(?:\.\d+)?)(k|m|bn)?", re.I)
_UNIT = re.compile(rf"({_NUMBER})(°[CF]?|%|[a-zA-Z/]+)")
_VOWELLESS = re.compile(r"[^aeiouy]+", re.I)


def read_token(tokens: list[Token], i: int, language: str, shouting: bool) -> tuple[Said, int]:
    """Returns the spoken words of token i and how many of the next tokens they used up."""
    token = tokens[i]
    following = tokens[i + 1].core if i + 1 < len(tokens) and not token.mark else ""
    if language[:2] != "en":
        return _place(_foreign(token.core, language), token.written), 0
    said, used = _figures(token, tokens[i - 1] if i else None, following)
    if said is None:
        said, used = _letters(tokens, i, following, shouting), 0
    if used:
        token.mark = ""
        # "$5 million", "5 km", "9 p.m.": the second word keeps its own place, so that it can be stressed.
        own = len(numbers.say_number(token.core)) if token.core[0].isdigit() and token.core.isdigit() else len(said)
        return [
            replace(w, written=tokens[i + 1].written)
            if order >= own or w.text in (following.lower(), "P", "A", "M")
            else w
            for order, w in enumerate(_place(said, token.written))
        ], used
    return _place(said, token.written), 0


def _figures(token: Token, before: Token | None, following: str) -> tuple[list[str] | None, int]:
    """Returns the words of a token that holds figures, and whether it took the next one; None when it holds none."""
    core, after, previous = token.core, following.lower(), before.core.lower() if before else ""
    if not any(c.isdigit() for c in core):
        return None, 0
    if found := _MONEY.fullmatch(core):
        sign, amount, scale = found.groups()
        if after in numbers.SCALES and after not in ("k", "m"):
            return numbers.say_money(sign, amount, after), 1
        return numbers.say_money(sign, amount, (scale or "").lower()), 0
    if found := _TIME.fullmatch(core):
        half = found[3] or (after if after in ("am", "pm", "a.m", "p.m") else "")
        return numbers.say_time(found[1], found[2], half), int(bool(half and not found[3]))
    if found := re.fullmatch(r"(\d{1,2})(am|pm|a\.m|p\.m)", core, re.I):
        return [*numbers.words_of(found[1], "en-US"), *(c.upper() for c in found[2] if c != ".")], 0
    if found := re.fullmatch(r"([\d,]+)(st|nd|rd|th)", core, re.I):
        return numbers.say_ordinal(int(found[1].replace(",", ""))), 0
    if found := re.fullmatch(r"'?(\d{2}|\d{4})'?s", core):
        return numbers.say_decade(found[1]), 0
    if re.fullmatch(r"\d{3}-\d{4}|\d{3}-\d{3}-\d{4}", core):
        return numbers.say_digits(core), 0
    if found := re.fullmatch(r"(\d+)[-–](\d+)", core):
        return [*_plain_number(found[1], previous), "to", *_plain_number(found[2], previous)], 0
    if found := re.fullmatch(r"(\d{1,2})/(\d{1,3})", core):
        if core == "24/7":
            return ["twenty", "four", "seven"], 0
        return numbers.say_fraction(int(found[1]), int(found[2])), 0
    if core[0] == "#" and core[1:].isdigit():
        return ["number", *numbers.say_number(core[1:])], 0
    if re.fullmatch(_NUMBER, core):
        if previous in short.MONTHS and re.fullmatch(r"\d{1,2}", core):
            return numbers.say_ordinal(int(core)), 0
        if after in short.UNITS and after not in ("in", "m", "s", "h", "v", "w", "g", "l", "ms"):
            return numbers.say_unit(core, after), 1
        return _plain_number(core, previous), 0
    if (found := _UNIT.fullmatch(core)) and found[2].lower() in short.UNITS:
        return numbers.say_unit(found[1], found[2]), 0
    said: list[str] = []
    for part in re.findall(r"\d[\d,.]*\d|\d|[^\W\d]+", core):
        said += _plain_number(part, "") if part[0].isdigit() and part.count(".") < 2 else _word(part, False)
    return said, 0


def _plain_number(text: str, previous: str) -> list[str]:
    if re.fullmatch(r"1[1-9]\d\d|20\d\d", text) and previous not in ("number", "room", "about", "over", "than"):
        return numbers.say_year(text)
    return numbers.say_number(text)


def _letters(tokens: list[Token], i: int, following: str, shouting: bool) -> list[str]:
    """Returns the words of a token without figures: a title, a short form, initials, a roman numeral or itself."""
    token = tokens[i]
    core, low = token.core, token.core.lower()
    previous = tokens[i - 1].core if i and not tokens[i - 1].mark else ""
    named = bool(tokens[i + 1 : i + 2]) and tokens[i + 1].core[:1].isupper()
    always = low in ("mr", "mrs", "ms")
    street = low in short.STREETS and previous[:1].isupper()
    if core[0].isupper() and (
        always or (low in short.TITLES and (token.dotted or low == "dr") and named and not street)
    ):
        token.mark = "" if token.mark == "." and i + 1 < len(tokens) else token.mark
        return [short.TITLES[low]]
    if low in short.STREETS and core[0].isupper() and previous[:1].isupper() and (token.dotted or low != "dr"):
        return [short.STREETS[low]]
    if core == "A" and previous and previous[0].islower() and not shouting:
        return ["A"]
    if (
        low in short.SHORT
        and (token.dotted or low not in short.ALSO_WORDS)
        and (low != "no" or _next_figure(tokens, i))
    ):
        if (
            token.dotted
            and token.mark == "."
            and i + 1 < len(tokens)
            and (not named or low in ("no", "e.g", "i.e", "vs"))
        ):
            token.mark = ""
        return short.SHORT[low].split()
    if re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", core):
        if (
            token.mark == "."
            and i + 1 < len(tokens)
            and not (named and len(core) > 3 and tokens[i + 1].core in _OPENERS)
        ):
            token.mark = ""
        return [c.upper() for c in core if c != "."]
    if core in short.ROMAN and previous[:1].isupper():
        value = short.ROMAN[core]
        if previous.lower() in short.NUMBERED:
            return numbers.words_of(str(value), "en-US")
        return ["the", *numbers.say_ordinal(value)]
    if len(core) == 1 and core.isupper() and core not in "AIO" and token.dotted and named:
        token.mark = ""
        return [core]
    if re.fullmatch(
        r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)\S+|[\w-]+\.(?:com|org|net|io|ai|tv|edu|gov)", low
    ):
        return _address(low)
    said: list[str] = []
    for part in re.split(r"[-/_.,]+", core):
        said += _word(part, shouting)
    return said


_OPENERS = frozenset("The A An He She It We They I You This That There But And So In On At When If My His Her".split())  # noqa: SIM905


def _next_figure(tokens: list[Token], i: int) -> bool:
    return i + 1 < len(tokens) and tokens[i + 1].core[:1].isdigit()


def _word(part: str, shouting: bool) -> list[str]:
    """Returns a single run of letters: spelled when it is initials, else as it is, small."""
    if not part:
        return []
    owner = re.fullmatch(r"([A-Z]{2,})('?s)", part)
    core, tail = (owner[1], owner[2]) if owner else (part, "")
    capitals = core.isupper() and 2 <= len(core) <= 5 and core.isascii()
    if core in short.SPELLED or (capitals and not shouting and _initials(core)):
        letters = [c.upper() for c in core]
        return [*letters[:-1], letters[-1] + ("'s" if tail else "")]
    if len(part) == 1 and part.isupper() and part not in "AIO":
        return [part]
    if part in ("&", "+", "=", "@"):
        return short.SHORT[part].split()
    plain = "".join(c for c in part if c.isalpha() or c == "'")
    return [plain.lower() if plain.lower() != "i" else "I"] if plain.strip("'") else []


def _initials(core: str) -> bool:
    """Returns whether capitals are letters to be named, not a word that the writer stresses with capitals ('BIG')."""
    if core in short.SAID_AS_WORDS:
        return False
    return core == "US" or bool(_VOWELLESS.fullmatch(core)) or (len(core) < 4 and not known(core))


def _address(text: str) -> list[str]:
    bare = re.sub(r"^https?://(www\.)?", "", text).rstrip("/")
    said: list[str] = []
    for part in re.findall(r"[a-z]+|\d+|[@./_-]", bare):
        said += {"@": ["at"], ".": ["dot"], "/": ["slash"], "-": ["dash"], "_": ["underscore"]}.get(
            part, numbers.say_number(part) if part.isdigit() else [part] if len(part) > 2 or part in ("my",) else
            [c.upper() for c in part] if len(part) < 3 and part not in ("co", "me") else [part]
        )  # fmt: skip
    return said


def _foreign(core: str, language: str) -> list[str]:
    said: list[str] = []
    for part in re.findall(r"\d+(?:[.,]\d+)?|[^\W\d_]+(?:'[^\W\d_]*)?", core):
        said += numbers.say_number(part.replace(",", "."), language) if part[0].isdigit() else [part.lower()]
    return said


def _place(said: list[str], written: int) -> Said:
    """Returns spoken words with their written index, and the phones of letters that are named."""
    letters = sum(len(w.removesuffix("'s")) == 1 and w[0].isupper() for w in said)
    rows: Said = []
    for word in said:
        letter, tail = word[0], word[1:]
        if letter in short.LETTERS and tail in ("", "'s") and (letter != "I" or letters > 1):
            phones = tuple(short.LETTERS[letter].split()) + (("Z",) if tail else ())
            rows.append(SpokenWord(word, written, phones))
        else:
            rows.append(SpokenWord(word, written))
    return rows
