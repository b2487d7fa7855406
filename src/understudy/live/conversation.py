"""The talk itself: what the user says goes to the mind, what the mind says goes to the voice, face and body.

One answer at a time, in one turn of the stream. The mind's words are fetched on one thread and spoken on another, so
that the second clause is being thought while the first is heard; both stop where an interruption finds them, and the
mind is told what was really heard.
"""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

import numpy as np

from understudy.base.audio import Audio
from understudy.base.channels import SILENCE
from understudy.base.errors import UnderstudyError
from understudy.hub.script import Direction, Line
from understudy.hub.speech import PROSODY_RATE_HZ, Speech
from understudy.hub.talk import BACK_CHANNEL_EVERY_S, Reaction
from understudy.live.echo import Echo
from understudy.live.stream import ActorStream

AHEAD_S = 5.0
"""Speech is made at most so far ahead of what is heard: more would be thrown away when she is interrupted."""
THINKING = Direction(gaze="up", energy=-0.1)
"""How she looks while an answer forms (Glenberg 1998: eyes leave the other when it is hard)."""
RESTS_S = {".": 0.26, "!": 0.26, "?": 0.3, "…": 0.45, ":": 0.15, ";": 0.15}
"""Rest after a line of an answer by its mark: lines are sentences or clauses, and one follows the other."""
AUDIBLE = 1e-3
"""Sound below this (-60 dB against full scale) is not heard."""
ATTACK_S = 0.003
"""Sound kept before the first that is heard of an answer."""
CLOSURE_S = 0.04
"""So much of the first phone of an answer is kept at least, heard or not."""
FIRST_S = 0.1
"""The second piece of speech is begun when the first one moves, or after so long."""
WAIT_S = 0.02
LONGEST_REST_S = 0.25
HUM_WITHIN_S = 0.7
"""A back-channel whose sound is not made within so long comes too late and is only nodded."""
HUM_LONGEST_S = 1.0
HUM_GAIN = 0.4
"""A back-channel is 8 dB softer than a line: it is said under somebody's voice."""
PATIENCE_S = 1.0
"""How long a thought that was broken off may take to end, before the talk goes on without it."""


class Mind(Protocol):
    """What `dialogue.Mind` offers; any other mind may take its place. One call at a time, save for `stop`.

    trouble: what went wrong with the last answer, in one sentence for people; '' when nothing did.
    """

    trouble: str

    def greet(self) -> Iterator[Line]: ...

    def hear(self, text: str, *, final: bool = True) -> Reaction: ...

    def answer(self, text: str) -> Iterator[Line]: ...

    def stop(self) -> None: ...

    def heard(self, text: str) -> None: ...

    def mood(self) -> Direction: ...

    def close(self) -> None: ...


class Attitude(StrEnum):
    """What she is doing."""

    IDLE = "idle"
    LISTENING = "listening"
    THINKING = "thinking"
    SPEAKING = "speaking"


@dataclass(frozen=True)
class Said:
    """Something was said, or is about to sound. who: 'user' or 'actor'. final: False while it is still being heard.

    start_s: where it begins on the session's clock, None for the user's.
    """

    who: str
    text: str
    turn: int
    final: bool = True
    start_s: float | None = None


@dataclass(frozen=True)
class Turned:
    """A new turn began. why: 'interrupted' (she was speaking) or 'next'."""

    turn: int
    why: str


@dataclass(frozen=True)
class Stands:
    """Her attitude changed. mood: emotion -> weight."""

    attitude: Attitude
    mood: dict[str, float]


@dataclass(frozen=True)
class Trouble:
    """Something went wrong, as a sentence for people."""

    text: str


Note = Said | Turned | Stands | Trouble
Speak = Callable[[Line, int], Iterator[Speech]]
"""A line and a seed -> its pieces of speech."""


class Conversation:
    """One user and one actor. told: called from any thread with what a page or a log wants to know."""

    def __init__(self, stream: ActorStream, mind: Mind, speak: Speak, told: Callable[[Note], None]) -> None:
        self._stream, self._mind, self._speak, self._told = stream, mind, speak, told
        self._lock = threading.RLock()
        self._attitude = Attitude.IDLE
        self._answering = False
        self._open_turn: int | None = None
        self._thought: threading.Thread | None = None
        self.echo = Echo(lambda: stream.now_s)
        """What she hums while the user speaks, for whoever hears the microphone."""
        self._hum_turn: int | None = None
        self._hum_s = -BACK_CHANNEL_EVERY_S
        self._seed = 0
        self._closed = False

    @property
    def attitude(self) -> Attitude:
        """Returns what she is doing now."""
        return self._attitude

    def greet(self) -> None:
        """Begins the talk: she says who, and what, she is."""
        self._begin(self._mind.greet)

    def user_speaks(self) -> None:
        """The user began to speak: she stops if she was speaking, and listens."""
        self.interrupt()
        self._stand(Attitude.LISTENING, replace(self._mind.mood(), gaze="partner"))

    def user_goes_on(self, text: str) -> None:
        """The user has said so much so far; she reacts to it while she listens."""
        if text:
            self._told(Said("user", text, self._stream.turn, final=False))
            self._react(self._mind.hear(text, final=False))

    def user_says(self, text: str) -> None:
        """The user has finished, and said this; she answers. Returns at once."""
        text = text.strip()
        self.interrupt()
        if not text:
            self._stand(Attitude.IDLE, self._mind.mood())
            return
        self._told(Said("user", text, self._stream.turn))
        reaction = self._mind.hear(text, final=True)
        self._stand(Attitude.THINKING, _thinking(self._mind.mood(), reaction))
        self._begin(lambda: self._mind.answer(text))

    def say(self, line: Line) -> None:
        """Has her say a line, after what she says already; for those who bring a mind of their own."""
        self._begin(lambda: iter((line,)), interrupting=False)

    def interrupt(self) -> bool:
        """Stops her. Returns whether she was speaking or about to."""
        with self._lock:
            hums = self._hum_turn == self._stream.turn
            busy = self._answering or (self._stream.speaking and not hums)
            turn = self._open_turn
            new = self._stream.interrupt()
            self._answering, self._open_turn = False, None
        self._told(Turned(new, "interrupted" if busy else "next"))
        self._mind.stop()
        thought, self._thought = self._thought, None
        if thought is not None:
            thought.join(PATIENCE_S)
        if turn is not None:
            self._mind.heard(self._stream.heard(turn))
        return busy

    def close(self) -> None:
        """Ends the talk; the mind keeps what it wants to keep."""
        with self._lock:
            self._closed = True
        self.interrupt()
        self._mind.close()

    def _begin(self, think: Callable[[], Iterator[Line]], *, interrupting: bool = True) -> None:
        if interrupting and (self._answering or self._stream.speaking):
            self.interrupt()
        with self._lock:
            turn = self._stream.turn
            self._answering, self._open_turn = True, turn
            self._seed += 1
        lines: queue.Queue[Line | Exception | None] = queue.Queue(maxsize=4)
        self._thought = threading.Thread(target=self._think, args=(think, turn, lines), name="thinks", daemon=True)
        self._thought.start()
        threading.Thread(target=self._voice, args=(turn, lines, self._seed), name="speaks", daemon=True).start()

    def _on(self, turn: int) -> bool:
        return not self._closed and self._stream.turn == turn

    def _think(
        self, think: Callable[[], Iterator[Line]], turn: int, lines: "queue.Queue[Line | Exception | None]"
    ) -> None:
        """Fetches the mind's lines; closes its stream as soon as nobody wants more."""
        try:
            thoughts = think()
            for line in thoughts:
                if not self._put(line, turn, lines):
                    getattr(thoughts, "close", lambda: None)()
                    break
            if self._mind.trouble and self._on(turn):
                self._told(Trouble(self._mind.trouble))
        except Exception as error:  # told where the lines would be
            self._put(error, turn, lines)
        self._put(None, turn, lines)

    def _put(self, line: Line | Exception | None, turn: int, lines: "queue.Queue[Line | Exception | None]") -> bool:
        """Waits until there is room for a line; returns False when nobody wants it any more."""
        while self._on(turn):
            with suppress(queue.Full):
                lines.put(line, timeout=WAIT_S)
                return True
        return False

    def _voice(self, turn: int, lines: "queue.Queue[Line | Exception | None]", seed: int) -> None:
        try:
            while self._on(turn):
                try:
                    line = lines.get(timeout=WAIT_S)
                except queue.Empty:
                    continue
                if line is None:
                    break
                if isinstance(line, Exception):
                    raise line
                self._utter(line, turn, seed)
            self._played_out(turn)
        except UnderstudyError as error:
            self._told(Trouble(str(error)))
            self._ended(turn)
        except Exception as error:  # a thread has nobody else to tell
            self._told(Trouble(f"She lost the thread: {type(error).__name__}: {error}"))
            self._ended(turn)

    def _utter(self, line: Line, turn: int, seed: int) -> None:
        first = True
        for piece in self._speak(_with_rest(line), seed):
            while self._on(turn) and self._stream.ahead_s > AHEAD_S:
                self._rest(self._stream.ahead_s - AHEAD_S)
            if not self._on(turn):
                return
            at_s = self._stream.push_speech(_at_once(piece) if first and not self._stream.speaking else piece, turn)
            if first:
                first = False
                self._stream.wait_moving(FIRST_S)
                if self._attitude is not Attitude.SPEAKING:
                    self._stand(Attitude.SPEAKING, line.direction)
                self._told(Said("actor", line.text, turn, start_s=at_s))

    def _played_out(self, turn: int) -> None:
        """Waits until all is heard, then tells the mind so."""
        while self._on(turn) and self._stream.speaking:
            self._rest(self._stream.ahead_s)
        self._ended(turn)

    def _rest(self, seconds: float) -> None:
        """Sleeps so long, but never so short that many talks would keep each other awake, nor so long that a thread
        outlives its turn by much."""
        time.sleep(min(max(seconds, WAIT_S), LONGEST_REST_S))

    def _ended(self, turn: int) -> None:
        with self._lock:
            if not self._on(turn) or self._open_turn != turn:
                return
            self._answering, self._open_turn = False, None
            self._mind.heard(self._stream.heard(turn))
        self._stand(Attitude.IDLE, self._mind.mood())

    def _react(self, reaction: Reaction) -> None:
        """Shows a reaction; a back-channel is a nod with a sound, or without one where that would come too late."""
        gesture = reaction.gesture or ("nod" if reaction.back_channel else "")
        events = (gesture,) if gesture else ()
        plan = Direction(emotions=reaction.emotions, gaze=reaction.gaze or "partner", events=events)
        asked_s = self._stream.now_s
        if reaction.back_channel is None or asked_s - self._hum_s < BACK_CHANNEL_EVERY_S or not self._listens():
            self._stream.push_plan(plan)
            return
        self._hum_s = asked_s
        self._stream.push_plan(replace(plan, events=()))
        hum = replace(reaction.back_channel, direction=replace(plan, energy=reaction.back_channel.direction.energy))
        args = (hum, plan, self._stream.turn, asked_s)
        threading.Thread(target=self._hum, args=args, name="hums", daemon=True).start()

    def _listens(self) -> bool:
        return self._attitude is Attitude.LISTENING and not self._answering and not self._stream.speaking

    def _hum(self, line: Line, plan: Direction, turn: int, asked_s: float) -> None:
        """Says a back-channel if it is made in time and she still only listens; else shows what goes with it."""
        try:
            self._stream.grant.require(self._stream.actor.name, self._stream.actor.digest)
            piece = self._hummed(line, asked_s)
        except UnderstudyError as error:
            self._told(Trouble(str(error)))
            piece = None
        except Exception as error:  # a thread has nobody else to tell
            self._told(Trouble(f"She could not hum: {type(error).__name__}: {error}"))
            piece = None
        with self._lock:
            if not self._on(turn) or not self._listens():
                return
            if piece is None:
                self._stream.push_plan(plan)
                return
            self._hum_turn = turn
            self.echo.hummed(piece.audio, self._stream.push_speech(piece, turn))

    def _hummed(self, line: Line, asked_s: float) -> Speech | None:
        """Returns the soft sound of a back-channel, None when it is late or long."""
        words, pieces = len(line.text.split()), list[Speech]()
        for piece in self._speak(line, self._seed):
            pieces.append(piece if pieces else _at_once(piece))
            if self._stream.now_s - asked_s > HUM_WITHIN_S or sum(p.duration_s for p in pieces) > HUM_LONGEST_S:
                return None
            if sum(len(p.words) for p in pieces) >= words:
                break
        if not pieces:
            return None
        whole = Speech.join(pieces)
        return replace(whole, line=line, audio=Audio(whole.audio.samples * HUM_GAIN, whole.audio.rate_hz))

    def _stand(self, attitude: Attitude, plan: Direction) -> None:
        self._attitude = attitude
        if attitude is not Attitude.SPEAKING:
            # while she thinks, the first word must not wait for a look
            self._stream.push_plan(plan, at_once=attitude is not Attitude.THINKING)
        self._told(Stands(attitude, {name: round(float(w), 3) for name, w in plan.emotions.items()}))


def _at_once(piece: Speech) -> Speech:
    """Returns a piece without the silence before its first sound: nothing came before it that it must part from.

    Of a phone that begins without sound, as the closure of a /p/ does, enough is kept for the lips.
    """
    phone = next((p for p in piece.phones if p.name != SILENCE), None)
    heard = np.flatnonzero(np.abs(piece.audio.samples) > AUDIBLE)
    if phone is None or not len(heard):
        return piece
    sounds_s = min(heard[0] / piece.audio.rate_hz - ATTACK_S, phone.end_s - CLOSURE_S)
    lead_s = int(max(0.0, sounds_s) * PROSODY_RATE_HZ) / PROSODY_RATE_HZ
    return piece.cut(lead_s, piece.duration_s) if lead_s else piece


def _with_rest(line: Line) -> Line:
    """Returns a line with the rest after it that its last mark asks for, when nothing else is directed."""
    rest_s = RESTS_S.get(line.text.rstrip("\"')”’ ")[-1:], 0.0)
    if line.direction.pause_after_s or not rest_s:
        return line
    return replace(line, direction=replace(line.direction, pause_after_s=rest_s))


def _thinking(mood: Direction, reaction: Reaction) -> Direction:
    """Returns how she looks while she thinks of an answer to something that moved her."""
    events = (reaction.gesture,) if reaction.gesture else ()
    felt = {**mood.emotions, **reaction.emotions}
    return replace(mood, emotions=felt, gaze=THINKING.gaze, energy=THINKING.energy, events=events)
