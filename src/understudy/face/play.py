"""Speech becomes a face: the composition of all faculties, piece by piece."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from understudy.base.channels import (
    ANIMATION_RATE_HZ,
    COMPLEXION,
    FACE,
    GAZE,
    HEAD,
    SHAPE_INDEX,
    SILENCE,
    TRACK_CHANNELS,
)
from understudy.face.affect import Affect
from understudy.face.articulation import Articulation
from understudy.face.blinks import Blinks
from understudy.face.complexion import Complexion
from understudy.face.contact import Contacts
from understudy.face.cues import Cues
from understudy.face.emotion import Emotion
from understudy.face.gaze import Gaze
from understudy.face.head import Head
from understudy.face.lids import compose
from understudy.face.passage import Passage, passages
from understudy.face.vocals import Vocals
from understudy.hub.actor import Persona
from understudy.hub.performance import Beat, Event
from understudy.hub.speech import Speech
from understudy.hub.staging import EyeLine
from understudy.hub.track import Track

Floats = npt.NDArray[np.float64]

JAW = SHAPE_INDEX["jawOpen"]


def animate(
    speeches: Iterable[Speech],
    *,
    persona: Persona,
    seed: int = 0,
    partner: float = 0.0,
    listening: bool = False,
    wait: bool | Callable[[Speech], bool] = True,
    eyeline: EyeLine | None = None,
) -> Iterator[Beat]:
    """Yields one Beat a piece of speech: its sound, the tracks FACE, HEAD, GAZE and COMPLEXION at 60 Hz, and events.

    partner: where the person spoken to stands, -1 left of the lens as seen from the camera .. 1 right of it; the eyes
    meet it at partner * 25 degrees from the lens (see `gaze`; HEAD and GAZE are against a torso that the renderer turns
    by partner * hub.frames.ACTOR_TURN_RAD).
    eyeline: where partner and lens really are, in a shot of two; partner is of no account then.
    listening: attends to somebody else while the pieces are silent, and waits for no next piece then: live talk keeps
    it on throughout, pieces with words are spoken all the same. The same pieces and seed give the same bytes.

    A piece that ends in a rest of 0.15 s comes out at once; any other waits for the next piece, whose first phones the
    lips already prepare. wait: False lets no piece wait, for a stream of sound that is an eighth of a second behind
    itself already (`voice.overhear`): lips come as fast as they can. A function says it of each piece.

    Frames never drift: after any piece their number is the rounded total of the sound times 60.
    """
    streams = np.random.default_rng(seed).spawn(7)
    faculties = _Faculties(persona, partner, listening, streams, eyeline)
    for passage in passages(speeches, listening=listening, wait=wait):
        yield faculties.play(passage)


class _Faculties:
    """Everything that remembers."""

    def __init__(
        self,
        persona: Persona,
        partner: float,
        listening: bool,
        streams: list[np.random.Generator],
        eyeline: EyeLine | None = None,
    ) -> None:
        self._articulation = Articulation()
        self._contacts = Contacts()
        self._emotion = Emotion(persona, streams[0])
        self._blinks = Blinks(persona.blink_rate_hz, streams[1])
        self._gaze = Gaze(persona, partner, listening, streams[2], eyeline)
        self._head = Head(persona, listening, streams[3])
        self._cues = Cues(streams[4])
        self._complexion = Complexion(persona, streams[5])
        self._vocals = Vocals(streams[6])
        self._affect = Affect()

    def play(self, passage: Passage) -> Beat:
        times = passage.frame_times_s
        events = self._plan(passage)
        moods = self._emotion.moods(times)
        cues, vocals = self._cues.at(times), self._vocals.at(times)
        head = self._head.along(passage, self._gaze.head_deg(times), moods)
        head[:, :3] += np.radians(cues.head_deg + vocals.head_deg)
        gaze = self._gaze.look(times, head)
        mouth = self._articulation.mouth(passage)
        heard = self._affect.along(passage)
        felt = self._emotion.face(
            times, mouth[:, SHAPE_INDEX["mouthFunnel"]] + mouth[:, SHAPE_INDEX["mouthPucker"]], heard
        )
        busy = self._emotion.speaks(times)[:, None]
        felt *= 1 - 0.85 * vocals.owns[:, None]
        face = mouth + felt + (cues.face + vocals.face) * (1 - busy * cues.mouth)
        face[:, JAW] += together(mouth[:, JAW], felt[:, JAW]) - mouth[:, JAW] - felt[:, JAW]
        lids = np.maximum(np.maximum(self._blinks.at(times), cues.lids), vocals.lids)
        face = compose(face, gaze, lids, self._gaze.shut(times))
        face = self._contacts.hold(face, passage.context, passage.first)
        self._forget(passage.start_s - 1.0)
        tracks = {FACE: face, HEAD: head, GAZE: gaze, COMPLEXION: self._complexion.at(times)}
        return Beat(
            passage.start_s,
            passage.speech.audio,
            {
                name: Track(name, TRACK_CHANNELS[name], ANIMATION_RATE_HZ, values.astype(np.float32))
                for name, values in tracks.items()
            },
            tuple(sorted((_moved(e, -passage.start_s) for e in events), key=lambda e: (e.start_s, e.kind, e.name))),
        )

    def _plan(self, passage: Passage) -> list[Event]:
        """Lets every faculty plan the passage, in the order in which they depend on each other."""
        events = spoken(passage)
        events += self._emotion.plan(passage)
        moods = self._emotion.moods(np.array([0.5 * (passage.start_s + passage.end_s)]))[0]
        events += self._cues.plan(passage)
        events += self._vocals.plan(passage)
        events += self._complexion.plan(passage)
        looks, blinking = self._gaze.plan(passage, moods)
        events += looks
        events += self._blinks.plan(passage, moods, blinking, passage.direction.gaze == "closed")
        events += self._head.plan(passage, moods)
        return events

    def _forget(self, before_s: float) -> None:
        for faculty in (
            self._emotion,
            self._blinks,
            self._gaze,
            self._head,
            self._cues,
            self._vocals,
            self._complexion,
        ):
            faculty.forget(before_s)


def together(spoken: Floats, felt: Floats) -> Floats:
    """Returns how far one jaw opens for words and a feeling that each ask for it: hardly more than for the greater."""
    return np.hypot(spoken, felt)


def spoken(passage: Passage) -> list[Event]:
    """Returns what is said as events on the performance's clock: the line, its words and its phones."""
    events = [Event("word", w.text, w.start_s, w.end_s, round(w.accent, 3)) for w in passage.words]
    events += [Event("phone", p.name, p.start_s, p.end_s, float(p.stress)) for p in passage.phones if p.name != SILENCE]
    if passage.line is not None:
        name = passage.line.character
        events.append(Event("line", name, passage.start_s, passage.end_s, float(passage.line.number)))
        if passage.direction.energy:
            events.append(Event("energy", "energy", passage.start_s, passage.end_s, round(passage.direction.energy, 3)))
    return events


def _moved(event: Event, by_s: float) -> Event:
    return replace(event, start_s=event.start_s + by_s, end_s=event.end_s + by_s)
