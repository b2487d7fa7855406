"""Written lines into spoken clauses: the text front end.

Words keep the index of the written word they come from, so that a writer's emphasis on '$5' reaches 'five dollars'.
"""

import re
import unicodedata
from collections.abc import Mapping

from understudy.base.errors import BadInput
from understudy.voice.clause import Clause, SpokenWord
from understudy.voice.lexicon import entry
from understudy.voice.reading import Token, read_token

LONGEST_CLAUSE = 18
"""Words after which a clause without punctuation is divided, at a conjunction when there is one."""

_MARKS = {"—": "-", "–": "-", "--": "-", "…": "…", "...": "…", "..": "…", ";": ",", "(": ",", ")": ","}
_END = re.compile(r"(?:\.{2,}|--+|[.,;:!?…—–)\]]+'?|[\"”’»*_]+)+$")
_DIVIDE = frozenset("and but or because which while although though so that when where if then".split())  # noqa: SIM905


def read(text: str, *, language: str = "en-US", lexicon: Mapping[str, str] | None = None) -> tuple[Clause, ...]:
    """Returns the clauses of a line. Raises BadInput when there is nothing to say."""
    tokens = tokenise(text)
    clauses: list[Clause] = []
    words: list[SpokenWord] = []
    shouting = sum(t.core.isupper() and len(t.core) > 1 for t in tokens) > max(2, 0.7 * len(tokens))
    skip = 0
    for i, token in enumerate(tokens):
        if skip:
            skip -= 1
        else:
            own = entry(lexicon, token.core) if lexicon else None
            if own is not None:
                words += _own(own, token.written)
            else:
                said, skip = read_token(tokens, i, language, shouting)
                for word in said:
                    again = entry(lexicon, word.text) if lexicon and not word.phones else None
                    words += _own(again, word.written) if again else [word]
        mark = tokens[i].mark
        if mark == "." and i + 1 < len(tokens) and tokens[i + 1].core[0].islower():
            mark = ""
        if mark and words and not skip:
            clauses += _divided(words, mark)
            words = []
    clauses += _divided(words, ".") if words else []
    if not clauses:
        raise BadInput(f"There is nothing to say in '{text[:60]}'; give a line with at least one word.")
    ended = clauses[-1]
    return (*clauses[:-1], Clause(ended.words, ended.mark if ended.mark != "," else ".", True))


def tokenise(text: str) -> list[Token]:
    """Returns the words of a line with their punctuation taken off; dashes and slashes inside a word part it."""
    tokens: list[Token] = []
    for written, raw in enumerate(text.split()):
        plain = unicodedata.normalize("NFC", raw).replace("’", "'").replace("‘", "'").replace("`", "'")
        for piece in re.findall(r".+?(?:—|–(?!\d)|--+|…|\.{3,}|,(?=[^\W\d])|$)", plain) or [plain]:
            core = piece.lstrip("\"“”«([{*_'¿¡—–…")
            if re.match(r"'(?:\d0s|em|til|tis|twas|cause|bout|round|n)\b", piece.lower()):
                core = piece
            opened = piece[: len(piece) - len(core)]
            ended = _END.search(core)
            tail = ended.group() if ended else ""
            core = core[: len(core) - len(tail)].strip('"“”*_[]{}')
            core = core if core.lower().endswith(("s'", "in'")) else core.rstrip("'")
            if tokens and ("(" in opened or "—" in opened or "–" in opened or piece in ("-", "—", "–", "--")):
                tokens[-1].mark = tokens[-1].mark or ("," if "(" in opened else "-")
            if core and any(c.isalnum() or c in "&@+=%" for c in core):
                tokens.append(Token(core, written, _mark(tail), "." in tail[:1]))
            elif tokens and tail:
                tokens[-1].mark = tokens[-1].mark or _mark(tail)
    return tokens


def _mark(tail: str) -> str:
    bare = "".join(c for c in tail if c in ".,;:!?…—–-()")
    for mark in ("?", "!"):
        if mark in bare:
            return mark
    if bare in _MARKS:
        return _MARKS[bare]
    if "…" in bare or ".." in bare:
        return "…"
    if "—" in bare or "–" in bare or "--" in bare:
        return "-"
    return next((m for m in (".", ":", ",") if m in bare), "," if bare else "")


def _own(own: tuple[str, tuple[str, ...]], written: int) -> list[SpokenWord]:
    spelling, phones = own
    return [SpokenWord(spelling, written, phones)] if phones else [SpokenWord(w, written) for w in spelling.split()]


def _divided(words: list[SpokenWord], mark: str) -> list[Clause]:
    """Returns one clause, or several where it is too long for a breath."""
    parts: list[Clause] = []
    while len(words) > LONGEST_CLAUSE + 4:
        places = [i for i in range(6, LONGEST_CLAUSE) if words[i].text.lower() in _DIVIDE]
        at = places[-1] if places else LONGEST_CLAUSE
        parts.append(Clause(tuple(words[:at]), ""))
        words = words[at:]
    return [*parts, Clause(tuple(words), mark)]
