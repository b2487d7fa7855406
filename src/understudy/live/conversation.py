"""The talk itself: what the user says goes to the mind, what the mind says goes to the voice, face and body.

One answer at a time, in one turn of the stream. The mind's words are fetched on one thread and spoken on another, so
that the second clause is being thought while the first is heard; both stop where an interruption finds them, and the
mind is told what was really heard.
"""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from understudy.base.errors import UnderstudyError
from understudy.hub.script import Direction, Line
from understudy.hub.speech import Speech
from understudy.hub.talk import Reaction
from understudy.live.stream import ActorStream

AHEAD_S = 5.0
"""Speech is made at most so far ahead of what is heard: more would be thrown away when she is interrupted."""
THINKING = Direction(gaze="up", energy=-0.1)
"""How she looks while an answer forms (Glenberg 1998: eyes leave the other when it is hard)."""
WAIT_S = 0.02


class Mind(Protocol):
    """What `dialogue.Mind` offers; any other mind may take its place."""

    def greet(self) -> Iterator[Line]: ...

    def hear(self, text: str, *, final: bool = True) -> Reaction: ...

    def answer(self, text: str) -> Iterator[Line]: ...

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
        self._stand(Attitude.LISTENING, self._mind.mood())

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
        self._react(self._mind.hear(text))
        self._stand(Attitude.THINKING, _thinking(self._mind.mood()))
        self._begin(lambda: self._mind.answer(text))

    def say(self, line: Line) -> None:
        """Has her say a line, after what she says already; for those who bring a mind of their own."""
        self._begin(lambda: iter([line]), interrupting=False)

    def interrupt(self) -> bool:
        """Stops her. Returns whether she was speaking or about to."""
        with self._lock:
            busy = self._answering or self._stream.speaking
            turn = self._open_turn
            new = self._stream.interrupt()
            self._answering, self._open_turn = False, None
        self._told(Turned(new, "interrupted" if busy else "next"))
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
        threading.Thread(target=self._think, args=(think, turn, lines), name="thinks", daemon=True).start()
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
                while self._on(turn):
                    try:
                        lines.put(line, timeout=WAIT_S)
                        break
                    except queue.Full:
                        continue
                if not self._on(turn):
                    getattr(thoughts, "close", lambda: None)()
                    break
        except Exception as error:  # told where the lines would be
            lines.put(error)
        lines.put(None)

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
        for piece in self._speak(line, seed):
            while self._on(turn) and self._stream.ahead_s > AHEAD_S:
                time.sleep(WAIT_S)
            if not self._on(turn):
                return
            at_s = self._stream.push_speech(piece, turn)
            if first:
                first = False
                if self._attitude is not Attitude.SPEAKING:
                    self._stand(Attitude.SPEAKING, line.direction)
                self._told(Said("actor", line.text, turn, start_s=at_s))

    def _played_out(self, turn: int) -> None:
        """Waits until all is heard, then tells the mind so."""
        while self._on(turn) and self._stream.speaking:
            time.sleep(WAIT_S)
        self._ended(turn)

    def _ended(self, turn: int) -> None:
        with self._lock:
            if not self._on(turn) or self._open_turn != turn:
                return
            self._answering, self._open_turn = False, None
            self._mind.heard(self._stream.heard(turn))
        self._stand(Attitude.IDLE, self._mind.mood())

    def _react(self, reaction: Reaction) -> None:
        """Shows a reaction; a back-channel sounds only while she does not speak."""
        events = (reaction.gesture,) if reaction.gesture else ()
        self._stream.push_plan(Direction(emotions=reaction.emotions, gaze=reaction.gaze or "partner", events=events))

    def _stand(self, attitude: Attitude, plan: Direction) -> None:
        self._attitude = attitude
        if attitude is not Attitude.SPEAKING:
            self._stream.push_plan(plan)
        self._told(Stands(attitude, {name: round(float(w), 3) for name, w in plan.emotions.items()}))


def _thinking(mood: Direction) -> Direction:
    return replace(mood, gaze=THINKING.gaze, energy=THINKING.energy)
