"""Text that streams in becomes Lines clause by clause, the first one short so that sound starts early."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from understudy.dialogue.tags import LONGEST, NEUTRAL, direction_of, sound_of
from understudy.hub.cue import Cue
from understudy.hub.script import Direction, Line

FIRST_WORDS: Final = 6
"""The first clause has no more words than these."""
LONGEST_WORDS: Final = 22
SHORTEST_WORDS: Final = 5
"""A comma ends a later clause only after this many words."""
_ABBREVIATIONS: Final = frozenset(
    "mr mrs ms dr prof sr jr st vs etc e.g i.e a.m p.m u.s u.k approx inc ltd dept fig mt z.b bzw ca".split()
)
_ENDS: Final = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)|[.!?…]+[\"'”’)\]]*$|\n+")
_PARTS: Final = re.compile(r"[,;:][\"'”’]?(?=\s)|\s[–—-]+(?=\s)|—")
_BREAK_BEFORE: Final = frozenset(
    "and or but because that which who when while if then than so to of in on at for from with by as into about".split()
)
_TAG: Final = re.compile(r"\[([^\[\]\n]{0,%d})\]|\*([^*\n]{1,60})\*" % LONGEST)
_THOUGHT: Final = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|$)", re.DOTALL | re.IGNORECASE)
_MARKUP: Final = re.compile(r"`+|^#+\s*|^\s*[-*•]\s+|\*\*|__|<[^<>\n]{0,60}>|https?://\S+", re.MULTILINE)
_UNSPOKEN: Final = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff"
                              "\U000e0000-\U000e007f\x00-\x08\x0b-\x1f\x7f]")  # fmt: skip
_EMOJI: Final = {"😀": "joy .5", "😊": "joy .4", "😂": "joy .7", "🙂": "joy .3", "😢": "sadness .5", "😭": "sadness .7",
                 "😠": "anger .5", "😮": "surprise .6", "❤": "tenderness .6", "😉": "joy .3"}  # fmt: skip


class Clauses:
    """Takes pieces of text as they come and gives Lines. One an answer.

    short_first: whether the first clause is kept short. speaker: a name that a model may put before its own words
    ('Emi:'), left out.
    """

    def __init__(self, speaker: str = "", *, short_first: bool = True) -> None:
        self._speaker = speaker
        self._left = ""
        self._first = short_first
        self._began = False
        self._direction = NEUTRAL
        self._fresh = False
        self._number = 0
        self._waiting: tuple[Cue, ...] = ()

    def feed(self, text: str) -> Iterator[Line]:
        """Yields the clauses that are complete with this piece."""
        self._left += text
        yield from self._taken(final=False)

    def finish(self) -> Iterator[Line]:
        """Yields what is left."""
        yield from self._taken(final=True)

    def _taken(self, *, final: bool) -> Iterator[Line]:
        self._left = _THOUGHT.sub(self._thought(final), self._left)
        if not self._began:
            self._left = self._left.lstrip()
            if self._speaker and not final and self._maybe_speaker():
                return
            self._left = re.sub(rf"^(?:\[[^\]]*\]\s*)?{re.escape(self._speaker)}\s*:\s*", "", self._left, flags=re.I) \
                if self._speaker else self._left  # fmt: skip
        while (cut := self._cut(final)) > 0:
            piece, self._left = self._left[:cut], self._left[cut:].lstrip()
            self._began = True
            line = self._line(piece)
            if line is not None:
                yield line
        if final:
            self._left = ""
            if self._waiting:
                yield Line("", direction=_going_on(self._direction), number=self._number, cues=self._waiting)
                self._waiting = ()

    def _maybe_speaker(self) -> bool:
        return len(self._left) <= len(self._speaker) and self._speaker.lower().startswith(self._left.lower())

    @staticmethod
    def _thought(final: bool):  # type: ignore[no-untyped-def]
        """Returns what stands for a model's private thought: nothing, or itself while it is not closed."""
        return lambda m: "" if final or m.group().lower().endswith(f"</{m[1].lower()}>") else m.group()

    def _cut(self, final: bool) -> int:
        """Returns how many characters of what is left make the next clause, 0 = wait for more."""
        text = self._left
        if not text.strip():
            return 0
        if not final and re.match(
            r"\s*<(?:think|thinking|reasoning)?[^>]*$|\s*<(?:think|thinking|reasoning)>", text, re.I
        ):
            return 0
        shown, starts = _masked(text)
        ready = len(shown) if final else _open_tag(text)
        sentence = next((m.end() for m in _ENDS.finditer(shown, 0, ready) if _is_end(shown, m, final)), 0)
        if not sentence and final:
            sentence = len(text)
        words = [m.span() for m in re.finditer(r"\S*\w\S*", shown[:ready])]
        most = FIRST_WORDS if self._first else LONGEST_WORDS
        least = 1 if self._first else SHORTEST_WORDS
        for m in _PARTS.finditer(shown, 0, min(ready, sentence or ready)):
            before = sum(1 for w in words if w[1] <= m.end())
            if least <= before <= most and not _inside_number(shown, m):
                rest = sum(1 for w in words if m.end() <= w[0] < (sentence or ready))
                if self._first or rest >= 3 or not sentence:
                    if not self._first and not sentence and rest < 3:
                        return 0 if not final else sentence
                    return m.end()
        within = sum(1 for w in words if w[1] <= (sentence or ready))
        if sentence and within <= most:
            return sentence
        complete = within if sentence or final else within - 1
        if complete > most:
            return _soft_break(shown, words, most, starts)
        return 0

    def _line(self, piece: str) -> Line | None:
        """Returns the line of a clause; None when nothing of it is spoken (its direction then waits for the next)."""
        for sign, asked in _EMOJI.items():
            piece = piece.replace(sign, f" [{asked}] ")
        parts: list[str] = []
        cues: list[Cue] = list(self._waiting)
        at = 0
        for m in _TAG.finditer(piece):
            parts.append(piece[at : m.start()])
            at = m.end()
            self._take_tag(m, parts, cues)
        parts.append(piece[at:])
        text = _spoken("".join(parts))
        if not re.search(r"\w", text):
            self._waiting = tuple(replace(c, at_word=0) for c in cues)
            return None
        self._waiting = ()
        count = len(text.split())
        direction = self._direction if self._fresh else _going_on(self._direction)
        self._fresh = False
        self._first = False
        line = Line(text, direction=direction, number=self._number,
                    cues=tuple(replace(c, at_word=min(c.at_word, count)) for c in cues))  # fmt: skip
        self._number += 1
        return line

    def _take_tag(self, m: "re.Match[str]", parts: list[str], cues: list[Cue]) -> None:
        inside = m[1] if m[1] is not None else m[2]
        words = len(_spoken("".join(parts)).split())
        for part in re.split(r"[;,]", inside):
            if cue := sound_of(part):
                cues.append(replace(cue, at_word=words))
        rest = "; ".join(p for p in re.split(r"[;]", inside) if not sound_of(p))
        asked = direction_of(rest) if rest.strip() else NEUTRAL
        if m[2] is not None and asked == NEUTRAL and not sound_of(inside):
            parts.append(m[2])  # *emphasis*, not a stage direction
        elif asked != NEUTRAL:
            self._direction, self._fresh = asked, True
        parts.append(" ")


def _going_on(direction: Direction) -> Direction:
    """Returns how a clause goes on in the manner of the one before: what happens once does not happen again."""
    return replace(direction, events=(), pause_before_s=0.0, gaze="")


def _masked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Returns the text with its tags blanked, letter for letter, and where the tags are."""
    spans = [m.span() for m in _TAG.finditer(text) if m[1] is not None]
    out = list(text)
    for a, b in spans:
        out[a:b] = " " * (b - a)
    return "".join(out), spans


def _open_tag(text: str) -> int:
    """Returns how much of the text may be cut: all of it, or up to a bracket that is not closed yet."""
    at = text.rfind("[")
    return at if at >= 0 and "]" not in text[at:] and len(text) - at <= LONGEST else len(text)


def _is_end(text: str, m: "re.Match[str]", final: bool) -> bool:
    if m.group().strip() == "":
        return True
    if not final and m.end() == len(text):
        return False  # more may follow: '3.' of '3.5', or a quotation mark
    before = re.search(r"(\S+)$", text[: m.start()])
    word = before[1].lower().lstrip("\"'“‘(") if before else ""
    if m.group().startswith(".") and not m.group().startswith(".."):
        if word in _ABBREVIATIONS or re.fullmatch(r"(?:[a-z]\.)*[a-z]", word):
            return word in ("i", "a.m", "p.m") and bool(re.match(r"\s+[A-Z]", text[m.end() :]))
        if re.fullmatch(r"\d+", word) and re.match(r"\s+[a-zäöü]", text[m.end() :]):
            return False
    return bool(re.search(r"\w", text[: m.start()]))


def _inside_number(text: str, m: "re.Match[str]") -> bool:
    return bool(re.search(r"\d$", text[: m.start()]) and re.match(r"\s?\d", text[m.end() :]))


def _soft_break(text: str, words: list[tuple[int, int]], most: int, tags: list[tuple[int, int]]) -> int:
    """Returns where to break a long run of words: before a word that begins a phrase, else after `most` words."""
    for k in range(min(most, len(words) - 1), max(2, most // 2) - 1, -1):
        if text[words[k][0] : words[k][1]].lower().strip("\"'“") in _BREAK_BEFORE:
            return words[k][0]
    return words[most][0] if len(words) > most else words[-1][1]


def _spoken(text: str) -> str:
    """Returns the words that are said: no markup, no addresses, no signs that have no sound."""
    clean = _UNSPOKEN.sub(" ", _MARKUP.sub(" ", text)).replace("*", " ").replace("_", " ")
    clean = clean.replace("[", " ").replace("]", " ")
    clean = " ".join(clean.split())
    return re.sub(r"\s+([,.;:!?…])", r"\1", clean)
