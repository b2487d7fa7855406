"""The same take in another language: new words and lips, the same timing, eyes, brows, head and body.

Each line begins where it began. Its words are spoken at the pace that fits the time of the original, between SLOWEST
and FASTEST; what does not fit runs on and is reported. What moves apart from the mouth is the original's, in time with
the new words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from understudy.base.audio import Audio
from understudy.base.channels import ARKIT_SHAPES, EMOTIONS, FACE, SILENCE
from understudy.base.errors import BadInput
from understudy.hub.actor import Actor
from understudy.hub.performance import Event, Performance
from understudy.hub.script import Direction, Line
from understudy.hub.speech import PROSODY_RATE_HZ, Speech
from understudy.hub.track import Track
from understudy.hub.voice import Voice

SLOWEST, FASTEST = 0.88, 1.25
"""Bounds of the pace of a fitted line: dubbing that is faster is heard as hurried, slower as drawled."""
GAP_S = 0.12
"""Silence kept between a line and the next."""
PAUSE_S = 0.6
"""A silence between words that parts lines, in a take whose script is not known."""
CLOSE = 0.03
"""A line within this share of the wanted length is left as it is."""
OWN_SHAPES = tuple(s for s in ARKIT_SHAPES if s.startswith(("eye", "brow", "cheekSquint", "noseSneer")))
"""What of the face stays the original's."""
FROM_WORDS = frozenset(["word", "phone", "line", "emotion"])
"""Events that come with the new words; all others stay the original's."""


@dataclass(frozen=True)
class SpokenLine:
    """One line of a take. start_s, end_s: of its voice; emotions: what was felt with it."""

    text: str
    character: str
    number: int
    start_s: float
    end_s: float
    emotions: Mapping[str, float]


@dataclass(frozen=True)
class Fitted:
    """How a line was fitted. late_s: how much later it begins; over_s: how far it runs past its room. pace: its speed
    against the voice's own."""

    original: SpokenLine
    text: str
    start_s: float
    end_s: float
    pace: float
    over_s: float

    @property
    def late_s(self) -> float:
        return max(0.0, self.start_s - self.original.start_s)


@dataclass(frozen=True, eq=False)
class Dubbed:
    """A dubbed take, and how each of its lines was fitted."""

    take: Performance
    lines: tuple[Fitted, ...]

    @property
    def remarks(self) -> tuple[str, ...]:
        """Returns what a translator should know, as sentences."""
        found = []
        for order, line in enumerate(self.lines, 1):
            if line.over_s > 0.01:
                found.append(
                    f"Line {order} ('{line.text[:40]}') runs {line.over_s:.2f} s past its room at {line.pace:.2f} "
                    "times the pace; shorten its translation."
                )
            if line.late_s > 0.02:
                found.append(f"Line {order} begins {line.late_s:.2f} s late, because the one before it is too long.")
        return tuple(found)


def lines_of(take: Performance) -> tuple[SpokenLine, ...]:
    """Returns the lines of a take, with the words it knows. Raises BadInput for a take in which nobody speaks."""
    phones = [e for e in take.events if e.kind == "phone"]
    groups: list[tuple[str, int, float, float]] = []
    for event in (e for e in take.events if e.kind == "line"):
        if groups and groups[-1][:2] == (event.name, int(event.value)) and event.start_s - groups[-1][3] < PAUSE_S:
            groups[-1] = (*groups[-1][:3], event.end_s)
        else:
            groups.append((event.name, int(event.value), event.start_s, event.end_s))
    if not groups:
        for phone in phones:
            if groups and phone.start_s - groups[-1][3] < PAUSE_S:
                groups[-1] = (*groups[-1][:3], phone.end_s)
            else:
                groups.append(("", len(groups), phone.start_s, phone.end_s))
    found = []
    for name, number, start, end in groups:
        own = [p for p in phones if start - 1e-6 <= p.start_s < end]
        if own:
            words = [e.name for e in take.events if e.kind == "word" and start - 1e-6 <= e.start_s < end]
            felt = _felt(take.events, start, end)
            found.append(SpokenLine(" ".join(words), name, number, own[0].start_s, own[-1].end_s, felt))
    if not found:
        raise BadInput("Nobody speaks in this take, so there is nothing to dub; give a take with lines.")
    return tuple(found)


def dub(
    take: Performance,
    translation: str,
    *,
    language: str,
    actor: str = "",
    lexicon: Mapping[str, str] | None = None,
    engine: str = "",
    seed: int = 0,
) -> Dubbed:
    """Returns a take in another language. translation: the new words, one line of text a line of the take.

    actor: who speaks; without it the actor of the take. Raises BadInput when the numbers of lines differ, Unavailable
    when no engine speaks the language.
    """
    from understudy import face

    originals = lines_of(take)
    texts = [text.strip() for text in translation.splitlines() if text.strip()]
    if len(texts) != len(originals):
        raise BadInput(
            f"The translation has {len(texts)} lines and the take has {len(originals)}; write one line of text for "
            "each (see them with: understudy dub TAKE)."
        )
    record = Actor.open(actor or take.actor_name).record
    pieces: list[Speech] = []
    fitted: list[Fitted] = []
    for order, (original, text) in enumerate(zip(originals, texts, strict=True)):
        following = originals[order + 1].start_s if order + 1 < len(originals) else float("inf")
        clock = _length(pieces)
        spoken, pace = _fit(original, text, following, record.voice, language, lexicon, engine, seed)
        lead, last = _edges(spoken)
        wait = original.start_s - lead - clock
        pieces += [*_silence(pieces, wait), *spoken]
        start = max(original.start_s, clock + lead)
        end = start + last - lead
        fitted.append(Fitted(original, text, start, end, pace, max(0.0, end + GAP_S - following)))
    pieces += _silence(pieces, take.duration_s - _length(pieces))
    made_with = {**take.made_with, "seed": str(seed), "dubbed": language, "timing": fitted_timing(pieces)}
    beats = face.animate(iter(pieces), persona=record.persona, seed=seed)
    fresh = Performance.from_beats(record.name, beats, made_with)
    return Dubbed(_with_original(fresh, take, fitted), tuple(fitted))


def fitted_timing(pieces: Sequence[Speech]) -> str:
    """Returns how the phones of the spoken pieces were timed."""
    return next((p.timing for p in pieces if p.words), "aligned")


def _felt(events: Sequence[Event], start_s: float, end_s: float) -> dict[str, float]:
    """Returns the emotions of a span, each at its strongest."""
    felt: dict[str, float] = {}
    for event in events:
        if event.kind == "emotion" and event.name in EMOTIONS and event.start_s < end_s and event.end_s > start_s:
            felt[event.name] = max(felt.get(event.name, 0.0), min(1.0, event.value))
    return felt


def _fit(
    original: SpokenLine,
    text: str,
    following_s: float,
    voice: Voice,
    language: str,
    lexicon: Mapping[str, str] | None,
    engine: str,
    seed: int,
) -> tuple[list[Speech], float]:
    """Returns a line as pieces of speech and its pace: twice spoken, the second time at the pace that fits."""
    from understudy import voice as stage

    wanted = original.end_s - original.start_s
    pace = 1.0
    spoken: list[Speech] = []
    for _ in range(3):
        direction = Direction(emotions=dict(original.emotions), pace=pace)
        line = Line(text, original.character, direction=direction, number=original.number)
        spoken = list(stage.speak(line, voice, language=language, lexicon=lexicon, seed=seed, engine=engine))
        lead, last = _edges(spoken)
        better = float(np.clip(pace * (last - lead) / wanted, SLOWEST, FASTEST))
        if abs(better / pace - 1) < CLOSE:
            break
        pace = better
    return spoken, pace


def _edges(pieces: Sequence[Speech]) -> tuple[float, float]:
    """Returns when the first sound begins and the last ends, on the clock of the pieces."""
    phones = [p for p in Speech.join(pieces).phones if p.name != SILENCE]
    return phones[0].start_s, phones[-1].end_s


def _length(pieces: Sequence[Speech]) -> float:
    return sum(len(p.audio.samples) for p in pieces) / pieces[0].audio.rate_hz if pieces else 0.0


def _silence(pieces: Sequence[Speech], seconds: float) -> list[Speech]:
    """Returns a pause to the sample, its prosody in step with everything before it; nothing when there is no room."""
    from understudy.voice import SPEECH_RATE_HZ

    samples = round(seconds * SPEECH_RATE_HZ)
    if samples <= 0:
        return []
    total = _length(pieces) + samples / SPEECH_RATE_HZ
    frames = max(1, round(total * PROSODY_RATE_HZ) - sum(len(p.prosody.values) for p in pieces))
    pause = Speech.silence(frames / PROSODY_RATE_HZ, SPEECH_RATE_HZ)
    audio = Audio(np.zeros(samples, np.float32), SPEECH_RATE_HZ)
    return [replace(pause, audio=audio, phones=(replace(pause.phones[0], end_s=audio.duration_s),))]


def _with_original(fresh: Performance, take: Performance, lines: Sequence[Fitted]) -> Performance:
    """Returns the new words with everything but the mouth from the take, warped so that lines meet lines."""
    new, old = [0.0], [0.0]
    for line in lines:
        for now, then in ((line.start_s, line.original.start_s), (line.end_s, line.original.end_s)):
            if now > new[-1] + 1e-3 and then > old[-1] + 1e-3:
                new.append(now)
                old.append(then)
    if fresh.duration_s > new[-1] and take.duration_s > old[-1]:
        new.append(fresh.duration_s)
        old.append(take.duration_s)
    tracks = dict(fresh.tracks)
    for name, track in take.tracks.items():
        frames = len(fresh.tracks[FACE].values)
        times = np.interp(np.arange(frames) / track.rate_hz, new, old)
        tracks[name] = Track(name, track.channels, track.rate_hz, track.at(times))
    face = np.array(fresh.tracks[FACE].values)
    own = [ARKIT_SHAPES.index(shape) for shape in OWN_SHAPES]
    face[:, own] = tracks[FACE].values[:, own]
    tracks[FACE] = Track(FACE, ARKIT_SHAPES, fresh.tracks[FACE].rate_hz, face)
    moved = [
        replace(
            event,
            start_s=float(np.interp(event.start_s, old, new)),
            end_s=float(np.interp(event.end_s, old, new)),
        )
        for event in take.events
        if event.kind not in FROM_WORDS
    ]
    events = [e for e in fresh.events if e.kind in FROM_WORDS] + moved
    return replace(fresh, tracks=tracks, events=tuple(sorted(events, key=lambda e: (e.start_s, e.kind, e.name))))
