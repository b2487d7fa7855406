"""A director's note changes a take."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from understudy.base.errors import BadInput
from understudy.hub.actor import Actor
from understudy.hub.performance import Performance
from understudy.hub.promptbook import Edit, Note, Part, Piece, PromptBook
from understudy.hub.speech import Speech
from understudy.production.anchoring import anchored
from understudy.production.dressing import word_bounds
from understudy.production.editing import edited, unedited
from understudy.production.joining import ShotTake, joined
from understudy.production.noting import MOUTH_OF_A_SMILE, Noted
from understudy.production.placing import spots
from understudy.production.playing import Playing, prosody_of
from understudy.production.recall import recall, remembered
from understudy.production.retake import retake


@dataclass(frozen=True, eq=False)
class Directed:
    """take: the new one. understood: what was made of the note; remarks: what was not, a sentence each."""

    take: Performance
    understood: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def direct(
    take: Performance | Path | str, note: str, *, actor: str = "", edits: Sequence[Edit] | None = None
) -> Directed:
    """Returns the take as a director's note asks; what the note does not touch stays as it was.

    actor: who plays it, '' = whoever it was made for. edits: curve edits to lay on the result instead of the take's
    own. A take of a recording keeps its sound. Raises BadInput when nothing of the note was understood.
    """
    from understudy.script.notes import read_note

    opened = take if isinstance(take, Performance) else Performance.open(Path(take))
    if not note.strip():
        raise BadInput("The note is empty; say what is to be different, as in: --note 'less angry, slower'.")
    remarks = [] if opened.book is not None else ["This take does not know its script, so its sound stays as it is."]
    who = Actor.open(actor or opened.actor_name)
    whole = remembered(opened)
    assert whole.book is not None
    kept = tuple(whole.book.facts.edits if edits is None else edits)
    bare = parted(unedited(whole))
    said = read_note(note)
    undone = [ask for ask in said.asks if ask.how == "undo"]
    understood: list[str] = []
    if undone:
        bare, words = _undone(bare, who)
        understood.append(f"back to before the note '{words}'")
    noted = Noted(bare, list(_book(bare).facts.runs), _book(bare).facts.recorded, understood, [*remarks, *said.remarks])
    for ask in said.asks:
        if ask.how != "undo":
            noted.note(ask)
    if not noted.understood:
        raise BadInput(" ".join(["Nothing of this note could be played:", *noted.remarks]))
    new = retake(bare, noted.runs, who) if len(undone) < len(said.asks) else bare
    facts = _book(new).facts
    if not undone or len(said.asks) > len(undone):
        facts = replace(facts, notes=(*facts.notes, Note(note.strip(), tuple(noted.understood))))
    new = replace(new, book=replace(_book(new), facts=facts))
    result = edited(new, (*kept, *_no_smiles(noted, new)))
    return Directed(result.take, tuple(noted.understood), (*noted.remarks, *result.remarks))


def _no_smiles(noted: Noted, new: Performance) -> list[Edit]:
    """Returns edits that take the smile off the mouth where a note wants none; eyes and voice keep what they feel."""
    out = []
    found = spots(new, _book(new).facts.runs)
    for stretch in noted.smiles:
        inside = found[stretch.first : max(stretch.last, stretch.first + 1)] or found[-1:]
        start_s = inside[0].start_s - 0.3 if inside else 0.0
        end_s = inside[-1].end_s + 0.3 if inside else new.duration_s
        whole = not found or (stretch.first == 0 and stretch.last == len(found))
        start_s, end_s = (0.0, new.duration_s) if whole else (start_s, end_s)
        for channel in MOUTH_OF_A_SMILE:
            out.append(
                Edit(channel, "scale", 0.08, anchored(new, start_s), anchored(new, end_s), 0.25, words="no smile")
            )
    return out


def _undone(bare: Performance, who: Actor) -> tuple[Performance, str]:
    """Returns the take as it was before its last note: made from the beginning, with the notes before it."""
    notes = _book(bare).facts.notes
    if not notes:
        raise BadInput("There is no note to undo: this take is as it was first made.")
    take = first(bare, who)
    for note in notes[:-1]:
        take = unedited(direct(take, note.words, actor=who.name if not Path(who.name).exists() else "").take)
    return parted(take), notes[-1].words


def first(take: Performance, who: Actor) -> Performance:
    """Returns the take as it was made before any note."""
    facts = _book(take).facts
    clean = replace(facts, runs=(), notes=(), edits=())
    shots = [e for e in take.events if e.kind == "shot"]
    if facts.recorded:
        run = facts.origin[0]
        speech = Speech.join([s for _, _, s in recall(take)[0].pieces])
        playing = Playing(run, who, clean, {0: [replace(speech, line=run.parts[0].line)]})
        return playing.take(playing.beats(), take.made_with)
    made = []
    for run in facts.origin:
        playing = Playing(run, who, replace(clean, origin=()))
        made.append(playing.take(playing.beats(), take.made_with))
    if len(shots) != len(made):
        return made[0]
    alone = all(abs(e.value - e.start_s) < 1e-6 for e in shots)
    pictures, out = 0, []
    for event, one in zip(shots, made, strict=True):
        start = pictures if alone else round(event.value * facts.fps)
        out.append(ShotTake(event.name, start, one))
        pictures += out[-1].pictures(facts.fps)
    whole = joined(out, facts.fps)
    return replace(whole, made_with=take.made_with)


def parted(take: Performance) -> Performance:
    """Returns a take of a recording whose text is parted into its lines (its sentences when it has one line)."""
    facts = _book(take).facts
    if not facts.recorded or len(facts.runs[0].parts) != 1 or not facts.runs[0].parts[0].line.text.strip():
        return take
    run, part = facts.runs[0], facts.runs[0].parts[0]
    speech = Speech.join([s for _, _, s in recall(take)[0].pieces])
    texts = [" ".join(row.split()) for row in part.line.text.splitlines() if row.strip()]
    if len(texts) == 1:
        texts = _sentences(texts[0])
    bounds = word_bounds(part.line, speech.words)
    parts, pieces, speeches = [], [], []
    word, start_s = 0, 0.0
    for number, text in enumerate(texts):
        word += len(text.split())
        last = number + 1 == len(texts)
        between = (bounds[word - 1][1] + bounds[word][0]) / 2 if not last else speech.duration_s
        end_s = speech.duration_s if last else round(max(between, start_s + 0.02), 2)
        own = speech.cut(start_s, end_s)
        line = replace(part.line, text=text, number=number)
        parts.append(Part(line, part.seed + number, part.habits))
        pieces.append(Piece(number, 0, len(own.audio.samples), len(own.prosody.values)))
        speeches.append(own)
        start_s = end_s
    new = replace(run, parts=tuple(parts), pieces=tuple(pieces))
    book = PromptBook(replace(facts, runs=(new,)), prosody_of(speeches), _book(take).base)
    return replace(take, book=book)


def _sentences(text: str) -> list[str]:
    out: list[list[str]] = [[]]
    for word in text.split():
        out[-1].append(word)
        if word.rstrip("\"')”’").endswith((".", "!", "?", "…")):
            out.append([])
    return [" ".join(words) for words in out if words]


def _book(take: Performance) -> PromptBook:
    assert take.book is not None
    return take.book
