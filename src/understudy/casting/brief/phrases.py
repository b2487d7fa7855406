"""The words of one clause in their places: known phrases, degrees and negations, adjectives at their nouns."""

from dataclasses import dataclass, field

from understudy.casting.brief.spelling import similar
from understudy.casting.brief.vocabulary import Meaning, vocabulary
from understudy.casting.brief.words import Clause

ACCEPTS = {
    "person": ("person", "build", "skin", "manner", "age", "face", "hair", "eyes", "voice"),
    "job": ("person", "build", "skin", "manner", "age", "hair"),
    "glasses": ("glasses", "clothes"),
    "lipstick": ("lipstick", "makeup"),
    "shoulders": ("shoulders", "build"),
    "cheekbones": ("cheekbones", "face"),
    "manner": ("manner", "person"),
}
"""noun of -> adjectives it takes besides its own, in order of preference."""
HARD = frozenset(["with", "but", "in", "wearing", "wears", "has", "have", "having", "who", "whose", "under", "over"])
"""Adjectives do not reach over these words."""
SOFT = frozenset(["and", "or", "nor", "plus", "y"])


@dataclass
class Item:
    """A word or phrase. kind: word, negation, soft, hard or used. chosen: the meaning it has; adjectives: at a noun."""

    kind: str
    text: str
    meanings: tuple[Meaning, ...] = ()
    degree: float = 1.0
    negated: bool = False
    adjectives: list[tuple["Item", Meaning]] = field(default_factory=list)
    chosen: Meaning | None = None


def items_of(clause: Clause, unknown: set[str], remarks: set[str]) -> list[Item]:
    """Splits a clause into known phrases, longest first."""
    known = vocabulary()
    items: list[Item] = []
    low = tuple(token.stem for token in clause)
    at = 0
    while at < len(clause):
        for size in range(min(known.longest, len(clause) - at), 0, -1):
            phrase = low[at : at + size]
            text = " ".join(token.low for token in clause[at : at + size])
            if phrase in known.negations:
                items.append(Item("negation", text))
            elif phrase in known.meanings:
                items.append(Item("word", text, known.meanings[phrase]))
            elif phrase in known.degrees:
                items.append(Item("degree", text, degree=known.degrees[phrase]))
            elif size == 1 and clause[at].low in HARD:
                items.append(Item("hard", text))
            elif size == 1 and clause[at].low in SOFT:
                items.append(Item("soft", text))
            elif phrase in known.filler:
                pass
            else:
                continue
            at += size
            break
        else:
            item = _derived(low[at], clause[at].low, remarks)
            if item:
                items += item
            elif not clause[at].low.isdigit():
                unknown.add(clause[at].low)
            at += 1
    return _with_degrees(items)


def _derived(stem: str, low: str, remarks: set[str]) -> list[Item]:
    """Reads 'reddish', 'beardless' and slips of the pen."""
    known = vocabulary().meanings
    for base in (stem.removesuffix("ish"), stem.removesuffix("ish") + "e", stem.removesuffix("dish")):
        if stem.endswith("ish") and (base,) in known:
            return [Item("word", low, known[base,], degree=0.7)]
    if stem.endswith("less") and (stem.removesuffix("less"),) in known:
        return [Item("negation", ""), Item("word", low, known[stem.removesuffix("less"),])]
    meant = similar(low)
    if meant:
        remarks.add(f"'{low}' is read as '{meant}'")
        return [Item("word", meant, known[meant,])]
    return []


def _with_degrees(items: list[Item]) -> list[Item]:
    """Folds degrees into the word after them."""
    kept: list[Item] = []
    degree = 1.0
    for item in items:
        if item.kind == "degree":
            degree *= item.degree
            continue
        if item.kind == "word":
            item.degree *= degree
            degree = 1.0
        elif item.kind in ("hard", "soft"):
            degree = 1.0
        kept.append(item)
    return kept


def negate(segment: list[Item]) -> None:
    """Marks what 'no' and 'without' take away: the noun after them, else the adjective; 'or' carries them on."""
    for at, item in enumerate(segment):
        if item.kind != "negation":
            continue
        rest = segment[at + 1 :]
        end = next((i for i, word in enumerate(rest) if word.kind == "negation" or word.text in ("and", "plus")), None)
        groups: list[list[Item]] = [[]]
        for word in rest[:end]:
            if word.kind == "soft":
                groups.append([])
            elif word.kind == "word":
                groups[-1].append(word)
        for group in groups:
            noun = next((w for w in group if any(m.noun for m in w.meanings)), None)
            target = noun or (group[0] if group else None)
            if target:
                target.negated = True
                for word in group[: group.index(target)]:
                    word.kind = "used"


def attach(words: list[Item]) -> list[Item]:
    """Gives every adjective to a noun; returns those that find none and cannot stand alone."""
    nouns: list[int] = []
    for at, item in enumerate(words):
        if item.kind != "word":
            continue
        is_noun = any(m.noun for m in item.meanings)
        as_adjective = {m.of for m in item.meanings if not m.noun}
        following = next((w for w in words[at + 1 :] if any(m.noun for m in w.meanings)), None)
        if (is_noun and not (following and _fitting(item, following))) or (is_noun and not as_adjective):
            item.chosen = next(m for m in item.meanings if m.noun)
            nouns.append(at)
    homeless = []
    for at, item in enumerate(words):
        if item.chosen is not None or item.kind != "word":
            continue
        order = [n for n in nouns if n > at] + [n for n in reversed(nouns) if n < at]
        for n in order:
            meaning = _fitting(item, words[n])
            if meaning:
                words[n].adjectives.append((item, meaning))
                break
        else:
            alone = next((m for m in item.meanings if m.alone), None)
            of_a_thing = at + 1 < len(words) and alone and alone.sets and alone.sets[0][0] == "origin"
            if of_a_thing and _is_thing(words[at + 1]):
                continue  # an Italian suit makes nobody Italian
            if alone:
                item.chosen = alone
            else:
                homeless.append(item)
    return homeless


def _is_thing(item: Item) -> bool:
    """Whether a word names what somebody wears, or what is not seen of them."""
    return any(m.noun and m.of in ("clothes", "glasses", "earrings", "unseen", "makeup") for m in item.meanings)


def _fitting(adjective: Item, noun: Item) -> Meaning | None:
    """Returns the meaning in which an adjective goes with a noun."""
    of = next(m.of for m in noun.meanings if m.noun)
    for part in ACCEPTS.get(of, (of,)):
        for meaning in adjective.meanings:
            if meaning.of == part and not meaning.noun:
                return meaning
    return None
