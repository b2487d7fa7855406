"""What a brief says: its words matched against the vocabulary, adjectives given to their nouns, contradictions decided.

Every clause is read by itself and what it says is sorted before anything is decided, so the order of clauses does not
matter. Nothing here is left to chance.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from understudy.base.errors import BadInput
from understudy.casting.brief.ages import find_ages
from understudy.casting.brief.phrases import Item, attach, items_of, negate
from understudy.casting.brief.refusal import refuse, refuse_age
from understudy.casting.brief.vocabulary import Value
from understudy.casting.brief.words import Clause, clauses

LONGEST = 4000
"""Characters of a brief."""

HOMELESS = ("hair", "build", "skin", "face")
"""An adjective without a noun speaks of the first of these that knows it."""
SUMMED = ("voice.pitch_st", "voice.tract", "voice.tilt_db", "voice.breath", "voice.pace", "voice.pitch_range")


@dataclass(frozen=True)
class Wish:
    """One key a brief asks for. words: what asked. weight: how strongly. order: place in the vocabulary, earlier wins.

    main: the key the words are about, not one they touch besides.
    """

    key: str
    value: Value
    words: str
    weight: float
    order: int
    main: bool = True


@dataclass(frozen=True)
class Reading:
    """What a brief says. wishes: key -> the wish that holds. understood: words -> what they speak of.

    age: (youngest, oldest) when it is stated. remarks: contradictions, slips of the pen, words not understood.
    """

    wishes: dict[str, Wish]
    age: tuple[int, int] | None
    name: str
    understood: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]
    unknown: tuple[str, ...]

    def value(self, key: str) -> Value | None:
        return self.wishes[key].value if key in self.wishes else None


def read(text: str) -> Reading:
    """Reads a brief. Raises BadInput for an empty or endless one, NotAllowed for what casting refuses."""
    if len(text) > LONGEST:
        raise BadInput(
            f"The brief has {len(text)} characters and casting reads {LONGEST}; keep to what is seen and heard."
        )
    parts = clauses(text)
    found = [find_ages(part) for part in parts]
    spans = sorted({span for ages in found for span in ages.spans})
    for youngest, _, _ in spans:
        refuse_age(youngest)
    if not any(token.text[0].isalpha() for part in parts for token in part):
        raise BadInput('The brief holds no words; write something like "a woman of thirty, freckles, auburn bob".')
    refuse(text, adult_age=bool(spans))
    remarks = {remark for ages in found for remark in ages.remarks}
    wishes: list[Wish] = []
    understood: set[tuple[str, str]] = set()
    unknown: set[str] = set()
    names: set[str] = set()
    for part, ages in zip(parts, found, strict=True):
        kept, name = _named(tuple(t for i, t in enumerate(part) if i not in ages.used))
        names |= {name} - {""}
        _read_clause(kept, wishes, understood, unknown, remarks)
    chosen = _decide(wishes, remarks)
    age = _age(spans, chosen, remarks)
    understood |= {(words, "age") for _, _, words in spans}
    remarks |= {f"'{word}' is not in the vocabulary and changes nothing" for word in unknown}
    name = min(names, default="")
    if not understood:
        raise BadInput(
            f"Nothing in the brief is understood ({', '.join(sorted(unknown)[:5])}); "
            'write something like "a woman of thirty, freckles, auburn bob".'
        )
    return Reading(chosen, age, name, tuple(sorted(understood)), tuple(sorted(remarks)), tuple(sorted(unknown)))


def _named(clause: Clause) -> tuple[Clause, str]:
    """Takes 'named Ada' out of a clause."""
    for at, token in enumerate(clause[:-1]):
        if token.low in ("named", "called") and clause[at + 1].text[0].isupper():
            return clause[:at] + clause[at + 2 :], clause[at + 1].text
    return clause, ""


def _read_clause(clause: Clause, wishes: list[Wish], understood: set[tuple[str, str]], unknown: set[str],
                 remarks: set[str]) -> None:  # fmt: skip
    items = items_of(clause, unknown, remarks)
    segments: list[list[Item]] = [[]]
    for item in items:
        if item.kind == "hard":
            segments.append([])
        else:
            segments[-1].append(item)
    for segment in segments:
        negate(segment)
        words = [item for item in segment if item.kind == "word"]
        homeless = attach(words)
        for item in words:
            if item.chosen is not None:
                if item.chosen.of == "unseen":
                    remarks.add(f"'{item.text}' is not seen from the chest up and changes nothing")
                    continue
                wishes += _wishes(item, remarks)
                understood.add((_said(item), item.chosen.of))
                for adjective, meaning in item.adjectives:
                    understood.add((f"{_said(adjective)} {item.text}", meaning.of))
        for item in homeless:
            meaning = next((m for of in HOMELESS for m in item.meanings if m.of == of and not m.noun), item.meanings[0])
            item.chosen = meaning
            wishes += _wishes(item, remarks)
            understood.add((_said(item), meaning.of))
            remarks.add(f"'{item.text}' stands alone and is read as {meaning.of}")


def _wishes(item: Item, remarks: set[str]) -> Iterable[Wish]:
    meaning = item.chosen
    assert meaning is not None
    said = " ".join([*(_said(a) for a, _ in item.adjectives), _said(item)])
    if item.negated:
        if not meaning.without:
            remarks.add(f"'no {item.text}' takes nothing away, because casting does not add it by itself")
        return [Wish(k, v, f"no {item.text}", 1.5, meaning.order, n == 0) for n, (k, v) in enumerate(meaning.without)]
    found: dict[str, Wish] = {}
    adjectives = [pair for pair in item.adjectives if not pair[0].negated]
    for n, (key, value) in enumerate(meaning.sets):
        weight = (0.5 if meaning.weak else 1.0) * item.degree
        found[key] = Wish(key, _scaled(value, key, item.degree, meaning.exact), said, weight, meaning.order, n == 0)
    for adjective, sense in adjectives:
        for n, (key, value) in enumerate(sense.sets):
            if key in found and meaning.firm:
                continue
            scaled = _scaled(value, key, adjective.degree, sense.exact)
            if key in SUMMED and key in found:
                scaled = float(found[key].value) + float(scaled)  # type: ignore[arg-type]
            found[key] = Wish(key, scaled, said, adjective.degree, sense.order, n == 0)
    for adjective, sense in item.adjectives:
        if adjective.negated:
            for n, (key, value) in enumerate(sense.without):
                found[key] = Wish(key, value, f"not {adjective.text}", 1.2, sense.order, n == 0)
            if not sense.without:
                remarks.add(f"'not {adjective.text}' takes nothing away")
    return list(found.values())


def _scaled(value: Value, key: str, degree: float, exact: bool) -> Value:
    if isinstance(value, str | tuple) or exact or key in ("age", "face.asymmetry"):
        return value
    return round(float(value) * degree, 4)


def _decide(wishes: list[Wish], remarks: set[str]) -> dict[str, Wish]:
    """One wish for every key: the stronger, then the earlier in the vocabulary."""
    chosen: dict[str, Wish] = {}
    ranked = sorted(wishes, key=lambda w: (w.key, not w.main, -w.weight, w.order, w.words, str(w.value)))
    for wish in ranked:
        if wish.key not in chosen:
            chosen[wish.key] = wish
            continue
        winner = chosen[wish.key]
        if wish.key in SUMMED and wish.words != winner.words:
            total = float(winner.value) + float(wish.value)  # type: ignore[arg-type]
            chosen[wish.key] = Wish(wish.key, round(total, 4), winner.words, winner.weight, winner.order)
        elif wish.main and winner.main and _contradict(wish.value, winner.value, wish.key):
            remarks.add(f"'{winner.words}' and '{wish.words}' contradict each other about {_plainly(wish.key)}: "
                        f"'{winner.words}' wins")  # fmt: skip
    return chosen


def _contradict(a: Value, b: Value, key: str) -> bool:
    if isinstance(a, str) or isinstance(b, str) or isinstance(a, tuple) or isinstance(b, tuple):
        return a != b and key != "persona.words"
    if key.startswith("latent."):
        return a * b < 0
    return abs(a - b) > 0.25 * max(abs(a), abs(b), 1e-6) and not key.startswith(("persona.", "rest."))


def _plainly(key: str) -> str:
    return {"sex": "the sex", "age": "the age", "origin": "the origin"}.get(
        key, "the " + key.removeprefix("latent.").replace(".", " ").replace("_", " ").replace("-", " ")
    )


def _age(spans: list[tuple[int, int, str]], chosen: dict[str, Wish], remarks: set[str]) -> tuple[int, int] | None:
    """The stated age: numbers before words like 'old', the older of two."""
    if not spans:
        wish = chosen.get("age")
        return (int(float(wish.value)),) * 2 if wish else None  # type: ignore[arg-type]
    winner = max(spans, key=lambda span: (span[1] - span[0] == 0, span[1]))
    for span in spans:
        if span != winner and not (span[0] <= winner[0] <= span[1]):
            remarks.add(f"'{winner[2]}' and '{span[2]}' contradict each other about the age: '{winner[2]}' wins")
    return winner[0], winner[1]


def _said(item: Item) -> str:
    return f"no {item.text}" if item.negated else item.text
