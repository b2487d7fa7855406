"""A director's note on a take, read into what is asked and where.

    'less angry, slower, look away before the last line'
        -> less(angry)            throughout
           more(slow)             throughout
           look(away)             before the last line

A note is parted at commas, full stops, 'and', 'then', 'but'. A place belongs to its own part and to parts that 'and'
binds to it; a place alone ('in the first line, ...') holds for what follows until the next place. What is not
understood is handed back in words, and nothing is guessed for it.
"""

import re
from dataclasses import dataclass, replace

from understudy.hub.script import Direction
from understudy.script.direction import understand
from understudy.script.note_places import PLACE, PLACE_END, THROUGHOUT, WORD, Where, with_places
from understudy.script.note_words import (
    BIGGER,
    COMPARATIVES,
    DEGREES,
    GESTURES,
    HIGHER,
    LEADING,
    LESS,
    LOOKS,
    LOWER,
    MORE,
    NONE,
    NOUNS,
    SMALLER,
    TRAILING,
    UNDO,
)
from understudy.script.redirection import A_BIT, MUCH, PLAIN

_QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»]{1,80})[\"“”„«»]|(?<![\w])['‘’]([^'‘’]+(?:['’]\w+[^'‘’]*)*)['‘’](?!\w)")
_PART = re.compile(
    r"\s*(?:,\s*(?:and|but|then)?\b|[;.!]+(?:\s|$)|\n+|\band then\b|\bthen\b|\bbut\b|\band\b|\bplus\b|\balso\b)\s*"
)


@dataclass(frozen=True)
class Ask:
    """One thing a note asks for. how: more | less | without | become | size | event | look | pause | stress | unstress
    | blinks | head | undo. amount: strength, factor or seconds. sense: what its words mean. quote: words to stress.
    """

    words: str
    how: str
    where: Where = THROUGHOUT
    amount: float = PLAIN
    sense: Direction = Direction()
    quote: str = ""
    voiced: bool = False


@dataclass(frozen=True)
class Said:
    """A note read. remarks: what was not understood or was read by likeness, a sentence each."""

    asks: tuple[Ask, ...]
    remarks: tuple[str, ...] = ()


def read_note(note: str) -> Said:
    """Returns what a director's note asks for, in order."""
    quotes: list[str] = []

    def keep(match: re.Match[str]) -> str:
        quotes.append((match[1] or match[2]).strip(" ,.;"))
        return f" \ue000{len(quotes) - 1}\ue001 "

    text = " ".join(_QUOTED.sub(keep, note.replace("\u2019", "'")).split())
    text = re.sub(r"^\s*(?:the same|same|just)?\s*as (?:it was )?before\b[,;:]?\s*(?:but|only)?", "", text, flags=re.I)
    text, places = with_places(text, quotes)
    asks: list[Ask] = []
    remarks: list[str] = []
    standing = Where()
    bound: list[int] = []
    for words, joined_by_and, ends in _parts(text):
        where, rest = _own_place(words, places)
        said = " ".join(_plain(words, places, quotes).split())
        bound = bound if joined_by_and else []
        if not re.sub(r"[^\w\ue000\ue001']", "", rest):
            if where is not None:
                standing = where
            bound = [] if ends else bound
            continue
        found = _asked(rest, quotes, said, remarks)
        if where is not None:
            asks[:] = [replace(a, where=where) if i in bound else a for i, a in enumerate(asks)]
            standing = Where() if ends else standing
        for ask in found:
            asks.append(replace(ask, where=where or standing))
            if where is None and standing.kind == "all":
                bound.append(len(asks) - 1)
        if where is not None or ends:
            bound = []
            standing = Where() if ends else standing
    return Said(tuple(asks), tuple(dict.fromkeys(remarks)))


def _parts(text: str) -> list[tuple[str, bool, bool]]:
    """Returns (words, whether 'and' binds it to the part before, whether a sentence of the note ends with it)."""
    parts: list[tuple[str, bool, bool]] = []
    at, bound = 0, False
    for match in _PART.finditer(text):
        if text[at : match.start()].strip():
            mark = match.group().strip().lower()
            parts.append((text[at : match.start()], bound, mark[:1] in (";", ".", "!") or "\n" in match.group()))
            bound = mark == "and"
        at = match.end()
    if text[at:].strip():
        parts.append((text[at:], bound, True))
    return parts


def _own_place(words: str, places: list[Where]) -> tuple[Where | None, str]:
    found = re.findall(f"{PLACE}(\\d+){PLACE_END}", words)
    rest = re.sub(f"{PLACE}\\d+{PLACE_END}", " ", words)
    return (places[int(found[-1])] if found else None), " ".join(rest.split())


def _plain(words: str, places: list[Where], quotes: list[str]) -> str:
    text = re.sub(f"{PLACE}(\\d+){PLACE_END}", lambda m: places[int(m[1])].words, words)
    return re.sub(WORD, lambda m: f"'{quotes[int(m[1])]}'", text)


# ---- what is asked --------------------------------------------------------------------------------------------------


def _asked(words: str, quotes: list[str], said: str, remarks: list[str]) -> list[Ask]:
    """Returns what one part of a note asks for; what is not understood becomes a remark."""
    text = " ".join(words.lower().replace("’", "'").strip(" ,.;:!").split())
    quoted = re.findall(WORD, text)
    special = _special(text, [quotes[int(i)] for i in quoted], said)
    if special is not None:
        return special
    text = re.sub(WORD, " ", text)
    amount, text = _degree(" ".join(text.split()))
    text = _shortened(text)
    if BIGGER.match(text):
        return [Ask(said, "size", amount=1 + {A_BIT: 0.15, PLAIN: 0.35, MUCH: 0.7}[amount])]
    if SMALLER.match(text):
        return [Ask(said, "size", amount=1 - {A_BIT: 0.15, PLAIN: 0.35, MUCH: 0.6}[amount])]
    text = TRAILING.sub("", text).strip()
    if re.fullmatch(r"(?:small |little |big |faint |half )?(?:smiles?|smiling|grin)", text):
        smile = replace(_sense("smile")[0], events=("smile",))  # type: ignore[index]
        return [Ask(said, "event", sense=smile)]
    way, sense_words = _way(text)
    if way != "become":
        sense_words = _shortened(sense_words)
    found = _sense(sense_words)
    if found is None:
        remarks.append(f"'{said}' was not understood and nothing was changed for it.")
        return []
    sense, unknown, read_as = found
    if unknown and read_as:
        remarks.append(f"'{said}' was not understood and nothing was changed for it.")
        return []
    remarks += [f"'{word}' read as '{known}'." for word, known in read_as]
    if unknown:
        listed = ", ".join(f"'{word}'" for word in unknown)
        remarks.append(f"in '{said}' {listed} was not understood and was passed over.")
    return _of_sense(way, amount, sense, said)


def _of_sense(way: str, amount: float, sense: Direction, said: str) -> list[Ask]:
    feels = bool(sense.emotions or sense.sarcasm or sense.confidence or sense.flush or sense.tears)
    delivers = sense.pace != 1.0 or bool(sense.energy or sense.loudness_db or sense.pitch_st or sense.whisper)
    if way != "become":
        return [Ask(said, way, amount=amount, sense=sense)]
    asks: list[Ask] = []
    if sense.events and not (feels and sense.events == ("breath",)):
        only = replace(Direction(), events=sense.events)
        asks.append(Ask(said, "event", sense=only, voiced=not set(sense.events) <= GESTURES))
        if not {"cry", "sob"} & set(sense.events):
            return asks
    if feels or delivers:
        asks.append(Ask(said, "become", amount=1.0, sense=replace(sense, gaze="", pause_before_s=0.0, events=())))
    if sense.gaze and not (feels and sense.gaze == "down"):
        asks.append(Ask(said, "look", sense=replace(Direction(), gaze=sense.gaze)))
    if sense.pause_before_s and not asks:
        asks.append(Ask(said, "pause", amount=sense.pause_before_s))
    return asks


def _special(text: str, quoted: list[str], said: str) -> list[Ask] | None:
    """Returns what is asked by its form: undo, blinks, head, looks, pauses, stress; None when it is none of these."""
    amount, rest = _degree(text)
    down = bool(LESS.search(text) or re.search(r"\b(?:slower|rarely|seldom)\b", text))
    none = bool(NONE.search(text))
    if UNDO.search(text):
        return [Ask(said, "undo")]
    if re.search(r"\bblink", text):
        factor = 0.0 if none and not down else _factor(amount, down)
        return [Ask(said, "blinks", amount=factor)]
    if re.search(r"\bhead\b", text) and re.search(
        r"\b(?:still|move|moves|moving|motion|movement|steady|calm|quiet|bob\w*)\b", text
    ):
        still = re.search(r"\b(?:still|steady|calm|quiet)\b", text) or none
        factor = 0.15 if still and not down else _factor(amount, down)
        return [Ask(said, "head", amount=factor)]
    if re.search(r"\b(?:stress|emphasi[sz]e|accent|hit|lean on|punch|land)\b", text) and quoted:
        how = "unstress" if none or down else "stress"
        only = bool(re.search(r"\b(?:instead|only|rather)\b", text))
        aside = re.search(rf"\binstead of {WORD}|\bnot {WORD}", text)
        order = [match.start() for match in re.finditer(WORD, text)]
        dropped = order.index(text.index("\ue000", aside.start())) if aside and len(order) > 1 else -1
        return [
            Ask(said, "unstress", quote=q) if i == dropped else Ask(said, how, quote=q, amount=2.0 if only else 1.0)
            for i, q in enumerate(quoted)
        ]
    if re.search(r"\bpauses?\b|\bbeats?\b|\bsilences?\b|\bwait\b|\bhesitat(?:e|ion)\b|\bgap\b", text):
        return [Ask(said, "pause", amount=_pause_s(text, amount, none or down))]
    look = _look(rest)
    return [Ask(said, "look", sense=replace(Direction(), gaze=look))] if look else None


def _look(text: str) -> str:
    return next((name for name, pattern in LOOKS if pattern.search(text)), "")


def _pause_s(text: str, amount: float, less: bool) -> float:
    """Returns seconds of silence to put in, below 0 to take out."""
    stated = re.search(r"(\d+(?:\.\d+)?|\b(?:one|two|three|half a)\b)[ -]?(?:s|sec|secs|seconds?)\b", text)
    if stated:
        words = {"one": 1.0, "two": 2.0, "three": 3.0, "half a": 0.5}
        return min(10.0, words.get(stated[1]) or float(stated[1]))
    if less or re.search(r"\b(?:short(?:er|en)?|tight(?:er|en)?|quicker|cut)\b", text):
        return -{A_BIT: 0.2, PLAIN: 0.5, MUCH: 9.0}[MUCH if re.search(r"\b(?:no|without|cut)\b", text) else amount]
    long = re.search(r"\blong\b|\bvery\b", text)
    return {A_BIT: 0.35, PLAIN: 0.8, MUCH: 1.6}[MUCH if long and amount == PLAIN else amount]


def _factor(amount: float, down: bool) -> float:
    return {A_BIT: 0.75, PLAIN: 0.5, MUCH: 0.2}[amount] if down else {A_BIT: 1.3, PLAIN: 1.7, MUCH: 2.5}[amount]


def _degree(text: str) -> tuple[float, str]:
    for pattern, amount in DEGREES:
        if pattern.search(text):
            return amount, " ".join(pattern.sub(" ", text).split())
    return PLAIN, text


def _shortened(text: str) -> str:
    before = None
    while before != text:
        before, text = text, LEADING.sub("", text + " ").strip()
    return text


def _way(text: str) -> tuple[str, str]:
    """Returns how a sense is meant, and its words."""
    if (HIGHER.search(text) or LOWER.search(text)) and not NONE.search(text):
        return "more", "high pitched" if HIGHER.search(text) else "low pitched"
    for phrase, plain in COMPARATIVES.items():
        if re.search(rf"\b{phrase}\b", text) and not LESS.search(text):
            return "more", re.sub(rf"\b{phrase}\b", plain, text)
    if re.search(r"\bnot enough\b", text):
        return "more", re.sub(r"\bnot enough\b", " ", text)
    for way, pattern in (("less", LESS), ("more", MORE), ("without", NONE)):
        if pattern.search(text):
            return way, " ".join(pattern.sub(" ", text, count=1).split())
    return "become", text


def _sense(words: str) -> tuple[Direction, tuple[str, ...], tuple[tuple[str, str], ...]] | None:
    """Returns the sense of words, those that are unknown and those read by likeness; None without a sense."""
    words = " ".join(words.split())
    words = NOUNS.get(words, words)
    if not words:
        return None
    reading = understand(words)
    sense = reading.direction
    if replace(sense, words="", unknown=()) == Direction():
        return None
    return replace(sense, words="", unknown=()), sense.unknown, reading.read_as
