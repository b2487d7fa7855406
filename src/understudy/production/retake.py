"""A take is played again with some of its lines changed; what was not touched stays as it was, frame by frame.

The changed lines are spoken and everything is played again with the same seed. Then each stretch takes its curves from
the take before where nothing about it changed, and from the one just played where something did, woven together so that
no border shows, with the contacts of the lips held again where curves were bent.
"""

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

import numpy as np

from understudy.base.audio import Audio
from understudy.base.channels import FACE
from understudy.hub.actor import Actor
from understudy.hub.bundle import encode
from understudy.hub.performance import Event, Performance
from understudy.hub.promptbook import Facts, Part, PromptBook, Run
from understudy.hub.speech import Phone, Speech
from understudy.hub.track import Track
from understudy.production.dressing import undressed, word_bounds
from understudy.production.interleaving import Interleaving, Mask, Stretch
from understudy.production.playing import Playing
from understudy.production.recall import Recalled, recall


def retake(take: Performance, runs: Sequence[Run], actor: Actor) -> Performance:
    """Returns the take with these runs in place of its own, one for each. Its edits are not on it."""
    assert take.book is not None
    facts = take.book.facts
    base = replace(take, tracks={**take.tracks, **take.book.base})
    clock_s = 0.0
    made: list[Performance] = []
    starts: list[float] = []
    for old, new in zip(recall(take), runs, strict=True):
        stretch = _compared(old, new, facts)
        starts.append(clock_s)
        made.append(_again(base, stretch, actor, facts, clock_s))
        clock_s += made[-1].duration_s
    return _end_to_end(take, made, starts, runs)


def _compared(old: Recalled, new: Run, facts: Facts) -> Stretch:
    """Finds for each part of the new run what it was in the old one."""
    stretch = Stretch(old, new)
    a, b = [_key(p) for p in old.run.parts], [_key(p) for p in new.parts]
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            stretch.same |= {j: i1 + j - j1 for j in range(j1, j2)}
        elif i2 - i1 == j2 - j1:
            stretch.paired |= {j: i1 + j - j1 for j in range(j1, j2)}
    return stretch


def _again(base: Performance, stretch: Stretch, actor: Actor, facts: Facts, start_s: float) -> Performance:
    """Returns a run played again and woven with what it was; on a clock of its own."""
    old, new = stretch.old, stretch.new
    known, ends = _known(stretch, facts), _ends(stretch)
    playing = Playing(new, actor, facts, known, ends)
    speeches = list(playing.speeches())
    kinds = list(dict.fromkeys(piece.habits for piece in playing.played))
    played = [Performance.from_beats(actor.name, playing.moved(speeches, kind)) for kind in kinds]
    sound = _tailed(base, old, played[0].sound)
    clock = Interleaving(playing, old, stretch, base, start_s, sound, kinds)
    tracks, bent = clock.woven(played)
    if FACE in tracks and bent.any():
        phones = _phones(played[0].events, clock.phase_s)
        tracks[FACE] = _held(tracks[FACE], phones, bent)
    book = replace(playing.book(), base={})
    return Performance(base.actor_name, sound, tracks, clock.events(played), {}, book)


def _known(stretch: Stretch, facts: Facts) -> dict[int, list[Speech]]:
    """Returns the speech of parts whose sound is the same as before, so that it is not spoken again."""
    known: dict[int, list[Speech]] = {}
    for j, part in enumerate(stretch.new.parts):
        i = stretch.was(j)
        if i < 0:
            continue
        before = stretch.old.run.parts[i]
        shortened = any(rest.seconds < 0 for rest in before.rests)
        if facts.recorded or (not shortened and _sound_key(part) == _sound_key(before)):
            found = [(piece.clause, piece.rest, speech) for piece, _, speech in stretch.old.part(i)]
            speeches = undressed(found, part.line)
            known[j] = _stressed(speeches, part, before) if facts.recorded else speeches
    return known


def _stressed(speeches: list[Speech], part: Part, before: Part) -> list[Speech]:
    """Returns the speech of a recording with the accents a director asks for: face and head play them."""
    if part.line.emphasis == before.line.emphasis:
        return speeches
    out = []
    bounds = word_bounds(part.line, [w for s in speeches for w in s.words])
    spoken = {round(bounds[i][0], 3) for i in part.line.emphasis if i < len(bounds)}
    dropped = {round(bounds[i][0], 3) for i in before.line.emphasis if i < len(bounds)} - spoken
    for speech in speeches:
        words = tuple(
            replace(w, accent=1.0) if round(w.start_s, 3) in spoken
            else replace(w, accent=0.2) if round(w.start_s, 3) in dropped else w
            for w in speech.words
        )  # fmt: skip
        out.append(replace(speech, words=words))
    return out


def _ends(stretch: Stretch) -> dict[int, float]:
    """Returns which parts must end in step with what follows: part -> when that began, on the run's clock."""
    begins: dict[int, float] = {}
    for piece, at_s, _ in stretch.old.pieces:
        begins.setdefault(piece.part if piece.part >= 0 else (-1 if piece.clause == 0 else 10**6), at_s)
    last = len(stretch.new.parts) - 1
    ends = {}
    for j in range(last + 1):
        follows = stretch.was(j + 1) if j < last else 10**6
        if j not in stretch.same and follows >= 0 and follows in begins:
            ends[j] = begins[follows] - stretch.old.start_s
    return ends


def _end_to_end(
    take: Performance, made: Sequence[Performance], starts: Sequence[float], runs: Sequence[Run]
) -> Performance:
    """Returns the runs as one take, with its shots where they are now."""
    assert take.book is not None
    shots = [e for e in take.events if e.kind == "shot"]
    alone = all(abs(e.value - e.start_s) < 1e-6 for e in shots)
    events: list[Event] = []
    for number, (start_s, part) in enumerate(zip(starts, made, strict=True)):
        if len(shots) == len(made):
            value = start_s if alone else shots[number].value
            events.append(Event("shot", shots[number].name, start_s, start_s + part.duration_s, value))
        events += [replace(e, start_s=e.start_s + start_s, end_s=e.end_s + start_s) for e in part.events]
    books = [part.book for part in made if part.book is not None]
    new = tuple(book.facts.runs[0] for book in books)
    facts = replace(take.book.facts, runs=new)
    book = PromptBook(facts, Track.join([book.prosody for book in books]))
    tracks = {name: Track.join([part.tracks[name] for part in made]) for name in made[0].tracks}
    sound = Audio.join(part.sound for part in made)
    return Performance(take.actor_name, sound, tracks, tuple(events), take.made_with, book)


def _tailed(base: Performance, old: Recalled, sound: Audio) -> Audio:
    """Returns the sound of a run with the silence that filled its last picture."""
    spoken = sum(piece.samples for piece, _, _ in old.pieces)
    tail = max(0, round((old.ends_s - old.start_s) * sound.rate_hz) - spoken)
    return Audio(np.pad(sound.samples, (0, tail)), sound.rate_hz)


def _held(face: Track, phones: Sequence[Phone], bent: Mask) -> Track:
    from understudy.face import hold

    held = hold(face, phones).values
    return replace(face, values=np.where(bent[:, None], held, face.values))


def _phones(events: Sequence[Event], phase_s: float) -> list[Phone]:
    found = sorted((e for e in events if e.kind == "phone"), key=lambda e: e.start_s)
    return [Phone(e.name, e.start_s - phase_s, e.end_s - phase_s) for e in found]


def _key(part: Part) -> bytes:
    return encode("Part", part)


def _sound_key(part: Part) -> bytes:
    """Returns what decides the sound of a part: looks and skin do not."""
    quiet = replace(part.line.direction, gaze="", words="", unknown=(), flush=0.0, tears=0.0)
    return encode("Part", Part(replace(part.line, direction=quiet), part.seed))
