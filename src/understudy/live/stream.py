"""ActorStream: push sound and plans in, iterate over beats, interrupt at any moment."""

import asyncio
import queue
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from typing import Final

from understudy.base.audio import Audio
from understudy.base.errors import BadInput, NotAllowed
from understudy.hub.actor import Actor
from understudy.hub.performance import Beat
from understudy.hub.rights import Grant, Purpose
from understudy.hub.script import Direction, Line, LineKind
from understudy.hub.speech import Speech
from understudy.live.player import Player, in_pieces
from understudy.live.stock import FRAME_HZ, RATE_HZ
from understudy.live.timeline import LiveBeat, Timeline

IDLE_S: Final = 1.5
"""Idling is made so much at a time: a third as long costs twice the work."""
SOON_S: Final = 0.5
"""Idling that is to be seen at once is made so much at a time, and what is made already is shown so long at most when
there are new plans."""
LOW_S: Final = 0.3
"""With less than this in stock, idling is asked for."""

Now = Callable[[], float]


class ActorStream:
    """One actor, live. `async for beat in stream` yields LiveBeats when they are due, until `close`.

    The same verbs as LiveKit's VideoGenerator: push_audio, interrupt (clear_buffer), async iteration. Speech that
    brings its times (`push_speech`) is played with no look-ahead; sound alone (`push_audio`) is followed at most 120 ms
    behind. All methods may be called from any thread. now: a clock in seconds; session time counts from its first
    reading. Raises NotAllowed unless the grant is for this actor and for live conversation.
    """

    def __init__(self, actor: Actor, grant: Grant, *, seed: int = 0, now: Now = time.monotonic) -> None:
        grant.require(actor.name, actor.digest)
        if grant.purpose is not Purpose.LIVE_CONVERSATION:
            raise NotAllowed(
                f"The grant is for {grant.purpose}; ask rights.authorise for one with purpose live_conversation."
            )
        self.actor, self.grant = actor, grant
        self._clock, self._zero = now, now()
        self._lock = threading.RLock()
        self._timeline = Timeline()
        self._plan = Direction()
        self._moment = Line("", kind=LineKind.ACTION)
        self._ear: _Ear | None = None
        self._error: Exception | None = None
        self._closed = False
        self._spoken_until_s = 0.0
        self._asked_s, self._stale = 0.0, False
        self._moving = threading.Event()
        self._wake: Callable[[], None] = lambda: None
        self._player = Player(actor, seed, self._told)
        self._ask_idle(SOON_S)

    @property
    def now_s(self) -> float:
        """Returns the session's time."""
        return self._clock() - self._zero

    @property
    def turn(self) -> int:
        """Returns the number of the turn that is on."""
        return self._timeline.turn

    @property
    def speaking(self) -> bool:
        """Tells whether the actor speaks, or is about to."""
        with self._lock:
            return self._timeline.speaking(self.now_s) or self._player.unmade(self._timeline.turn) > 0

    @property
    def held_frames(self) -> int:
        """Returns for how many frames so far the pose was held because nothing was made in time."""
        return self._timeline.held

    @property
    def ahead_s(self) -> float:
        """Returns how much speech is there that was not yet heard."""
        with self._lock:
            return max(0.0, self._spoken_until_s - self.now_s)

    def push_speech(self, speech: Speech, turn: int | None = None) -> float:
        """Says a piece of speech after what is said already; returns when it begins, as far as can be known now.

        turn: whose it is; of an older turn it is dropped.
        """
        with self._lock:
            start_s = max(self._spoken_until_s, self.now_s)
            self._moving.clear()
            if turn is None or turn == self._timeline.turn:
                first = not self.speaking
                self._spoken_until_s = start_s + speech.duration_s
                for number, piece in enumerate(in_pieces(speech)):
                    self._player.play(piece, self._timeline.turn, first=first and number == 0)
            return start_s

    def wait_moving(self, patience_s: float) -> None:
        """Waits until the first of what was pushed is made into motion, so that making more does not delay it."""
        self._moving.wait(patience_s)

    def push_audio(self, sound: Audio, t: float | None = None, turn: int | None = None) -> None:
        """Says sound whose words nobody knows, as it comes, in pieces of any length and one rate.

        t: where it stands in its own stream (s); a gap before it is silence. turn: as in `push_speech`.
        Raises BadInput for a rate that changes or cannot be used.
        """
        with self._lock:
            if turn is not None and turn != self._timeline.turn:
                return
            if self._ear is None:
                self._ear = _Ear(self._heard, self._timeline.turn)
            self._ear.push(sound, t)

    def end_audio(self) -> None:
        """Says that no more sound comes for now, so that the last of it is played without waiting for more."""
        with self._lock:
            if self._ear is not None:
                self._ear.end()
                self._ear = None

    def push_plan(self, plan: Direction, *, at_once: bool = True) -> None:
        """Sets what is felt and done from now on while nothing is said: emotions, energy, gaze, events (gestures,
        nods, smiles). What is said brings the direction of its own line; sound alone is said in the plan's. at_once:
        False lets what is made already be shown first, half a second at most, and costs nothing now."""
        with self._lock:
            self._plan = plan
            self._moment = Line("", kind=LineKind.ACTION, direction=plan)
            if self._timeline.speaking(self.now_s):
                return
            self._timeline.renew_idle(0 if at_once else round(SOON_S * FRAME_HZ))
            if at_once:
                self._stale = self._stale or (self._player.idle_waiting and self._asked_s > SOON_S)
                self._ask_idle(SOON_S)

    def interrupt(self) -> int:
        """Stops speaking at once. Returns the number of the new turn; beats of older turns are to be dropped."""
        with self._lock:
            self._player.drop()
            if self._ear is not None:
                self._ear.abandon()
                self._ear = None
            turn = self._timeline.interrupt(self.now_s)
            self._spoken_until_s = 0.0
            if len(self._timeline.idle) < LOW_S * FRAME_HZ:
                self._ask_idle(SOON_S)
        self._wake()
        return turn

    def heard(self, turn: int, until_s: float | None = None) -> str:
        """Returns the words of a turn, the present one or the last, that had sounded at a session time (now without
        one)."""
        with self._lock:
            return self._timeline.heard(turn, self.now_s if until_s is None else until_s)

    def take_due(self) -> list[LiveBeat]:
        """Takes the beats that are due now: what the iteration yields, for those who keep a clock of their own."""
        with self._lock:
            if self._error is not None:
                raise self._error
            beats = self._timeline.due(self.now_s)
            stock = len(self._timeline.speech) or len(self._timeline.idle)
            if stock < LOW_S * FRAME_HZ and not self._player.waiting:
                self._ask_idle()
            return beats

    def close(self) -> None:
        """Ends the stream and its iteration."""
        self._closed = True
        with self._lock:
            if self._ear is not None:
                self._ear.abandon()
        self._player.close()
        self._wake()

    async def __aiter__(self) -> AsyncIterator[LiveBeat]:
        loop, woken = asyncio.get_running_loop(), asyncio.Event()

        def wake() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(woken.set)

        self._wake = wake
        while not self._closed:
            for beat in self.take_due():
                yield beat
            woken.clear()
            with self._lock:
                wait_s = max(0.001, self._timeline.due_s() - self.now_s)
            # an alarm and no `wait_for`, which makes a task each time: this runs 30 times a second for every talk
            alarm = loop.call_later(min(wait_s, 0.1), woken.set)
            await woken.wait()
            alarm.cancel()

    def _ask_idle(self, seconds: float = IDLE_S) -> None:
        if self._stale or not self._player.idle_waiting:
            self._asked_s = seconds
            line, self._moment = self._moment, replace(self._moment, direction=replace(self._plan, events=()))
            self._player.play(replace(Speech.silence(seconds, RATE_HZ), line=line), None)

    def _heard(self, speech: Speech, turn: int) -> None:
        with self._lock:
            if turn == self._timeline.turn:
                line = speech.line or Line("", direction=replace(self._plan, events=()))
                self._player.play(replace(speech, line=line), turn)

    def _told(self, beat: Beat | Exception, turn: int | None) -> None:
        """Puts what the player made where it belongs; called on its thread."""
        with self._lock:
            if isinstance(beat, Exception):
                self._error = beat
            elif turn is None and self._stale:
                self._stale = False  # it was begun before the plan that holds now, which is made already
            elif turn is None:
                self._timeline.idle.add(beat)
                self._timeline.idle.fill()
            elif turn == self._timeline.turn:
                self._timeline.idle.clear()
                self._timeline.speech.add(beat)
                self._moving.set()
                if self._player.unmade(turn) <= 1:  # this was the last
                    self._timeline.speech.fill()
        self._wake()


class _Ear:
    """A stream of sound that becomes Speech on a thread of its own."""

    def __init__(self, told: Callable[[Speech, int], None], turn: int) -> None:
        self._told, self._turn = told, turn
        self._sound: queue.Queue[Audio | None] = queue.Queue()
        self._abandoned = False
        self._clock_s, self._rate_hz = 0.0, 0
        self._thread = threading.Thread(target=self._run, name="ear", daemon=True)
        self._thread.start()

    def push(self, sound: Audio, t: float | None) -> None:
        self._rate_hz = self._rate_hz or sound.rate_hz
        if sound.rate_hz != self._rate_hz or not 8_000 <= sound.rate_hz <= 192_000:
            raise BadInput(f"A stream at {sound.rate_hz} Hz cannot be followed; keep to one rate from 8 to 192 kHz.")
        if t is not None and t > self._clock_s + 0.02:
            self._sound.put(Audio.silence(t - self._clock_s, sound.rate_hz))
            self._clock_s = t
        self._sound.put(sound)
        self._clock_s += sound.duration_s

    def end(self) -> None:
        self._sound.put(None)

    def abandon(self) -> None:
        self._abandoned = True
        self._sound.put(None)

    def _pieces(self) -> Iterator[Audio]:
        while (sound := self._sound.get()) is not None and not self._abandoned:
            yield sound

    def _run(self) -> None:
        from understudy import voice

        for speech in voice.overhear(self._pieces()):
            if self._abandoned:
                return
            self._told(speech, self._turn)
