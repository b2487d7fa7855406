"""A process that speaks: asked for a piece of a line, it answers with the speech, so that what makes sound shares no
interpreter with what shows it.

It is told on stdin and answers on stdout, one question at a time, until stdin ends. A message is little-endian u32
length of the head, u32 length of the body, the head as JSON, the body as float32: the sound, then the prosody.
"""

import contextlib
import os
import struct
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Final

import msgspec
import numpy as np

from understudy.base.audio import Audio
from understudy.base.errors import BadInput, Unavailable, UnderstudyError
from understudy.hub.cue import Vocal
from understudy.hub.script import Line
from understudy.hub.speech import PROSODY_CHANNELS, Phone, Speech, Word
from understudy.hub.track import Track
from understudy.hub.voice import Voice

FIRST_WORDS: Final = 2
"""A line's first clause is cut after about so many words, so that its sound is there within a tenth of a second."""
PATIENT_NICE: Final = 5
"""How much a throat that is in no hurry steps back for those that are."""
PATIENCE_S: Final = 45.0
"""A process that has not answered for so long hangs, and is ended: the longest piece takes a few seconds, loading a
voice ten."""
_LENGTHS: Final = struct.Struct("<II")


@dataclass(frozen=True)
class Part:
    """Whose voice a throat has, and how it speaks: the arguments of `voice.speak`. hurried: it says first clauses."""

    voice: Voice
    engine: str = ""
    language: str = "en-US"
    lexicon: Mapping[str, str] | None = None
    first_words: int = 0
    hurried: bool = True


@dataclass(frozen=True)
class Ask:
    """Piece `first` of a line."""

    line: Line
    seed: int
    first: int


@dataclass(frozen=True)
class Answer:
    """A piece; samples = 0 where the line has no such piece. wrong: why there is none; by_input: whether what was
    asked for is at fault."""

    samples: int = 0
    rate_hz: int = 0
    prosody_hz: float = 0.0
    phones: tuple[Phone, ...] = ()
    words: tuple[Word, ...] = ()
    vocals: tuple[Vocal, ...] = ()
    engine: str = ""
    timing: str = ""
    wrong: str = ""
    by_input: bool = False


class Throat:
    """The near end of such a process; it is there when the constructor returns. One caller at a time.

    patience_s: how long an answer may take; then the process is ended.
    """

    def __init__(self, part: Part, patience_s: float = PATIENCE_S) -> None:
        """Raises Unavailable when the process or its voice does not begin."""
        self._patience_s = patience_s
        home = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join(p for p in (home, os.environ.get("PYTHONPATH", "")) if p)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "understudy.live.throat"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": path},
                start_new_session=True,  # Ctrl-C is for the server, which then closes it
            )
        except OSError as error:
            raise Unavailable(f"No process for the voice can be begun ({error}); free memory and try again.") from error
        try:
            self._told(part)
        except EOFError as error:
            raise Unavailable(
                "The process of the voice ended, or hung, before it spoke; its own message stands above."
            ) from error

    @property
    def pid(self) -> int:
        """Returns the number of the process."""
        return self._process.pid

    def piece(self, ask: Ask) -> Speech | None:
        """Returns a piece of a line, None behind its last. Raises what `voice.speak` raises, EOFError when the process
        has ended, or hung and was ended."""
        answer, body = self._told(ask)
        if not answer.samples:
            return None
        sound, prosody = body[: answer.samples], body[answer.samples :].reshape(-1, len(PROSODY_CHANNELS))
        return Speech(
            Audio(sound, answer.rate_hz),
            answer.phones,
            answer.words,
            Track("prosody", PROSODY_CHANNELS, answer.prosody_hz, prosody),
            ask.line,
            answer.engine,
            answer.timing,
            answer.vocals,
        )

    def close(self) -> None:
        """Ends the process."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(BrokenPipeError):  # what was still to be written
                pipe.close()

    def _told(self, message: Part | Ask) -> "tuple[Answer, np.ndarray[tuple[int], np.dtype[np.float32]]]":
        assert self._process.stdin is not None and self._process.stdout is not None
        watch = threading.Timer(self._patience_s, self._process.kill)
        watch.daemon = True
        watch.start()
        try:
            _write(self._process.stdin, message)
            head, body = _read(self._process.stdout)
        except OSError as error:
            raise EOFError from error
        finally:
            watch.cancel()
        answer = msgspec.json.decode(head, type=Answer)
        if answer.wrong:
            raise (BadInput if answer.by_input else Unavailable)(answer.wrong)
        return answer, np.frombuffer(body, np.float32)


def main() -> None:
    """Speaks until nobody asks any more."""
    asked, answered = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    try:
        part = msgspec.json.decode(_read(asked)[0], type=Part)
        if not part.hurried and hasattr(os, "nice"):
            os.nice(PATIENT_NICE)
        # the first words would wait for what these load
        for text in ("Yes.", "Well, there you are."):
            warm = _spoken(part, Ask(Line(text), 0, 0))
        _answer(answered, replace(warm, line=None) if isinstance(warm, Speech) else warm)
        while True:
            _answer(answered, _spoken(part, msgspec.json.decode(_read(asked)[0], type=Ask)))
    except (EOFError, BrokenPipeError):
        os._exit(0)  # nobody is there to hear of anything


def _spoken(part: Part, ask: Ask) -> "Speech | Answer":
    from understudy import voice

    try:
        pieces = voice.speak(
            ask.line,
            part.voice,
            language=part.language,
            lexicon=part.lexicon,
            seed=ask.seed,
            engine=part.engine,
            first_words=part.first_words,
            brisk=True,
            first=ask.first,
        )
        return next(pieces, Answer())
    except UnderstudyError as error:
        return Answer(wrong=str(error), by_input=isinstance(error, BadInput))
    except Exception as error:  # told where the speech would be
        return Answer(wrong=f"The voice failed: {type(error).__name__}: {error}")


def _answer(pipe: IO[bytes], said: "Speech | Answer") -> None:
    if isinstance(said, Answer):
        _write(pipe, said)
        return
    answer = Answer(
        len(said.audio.samples),
        said.audio.rate_hz,
        said.prosody.rate_hz,
        said.phones,
        said.words,
        said.vocals,
        said.engine,
        said.timing,
    )
    body = np.concatenate([said.audio.samples, said.prosody.values.ravel()]).astype(np.float32)
    _write(pipe, answer, body.tobytes())


def _write(pipe: IO[bytes], head: object, body: bytes = b"") -> None:
    data = msgspec.json.encode(head)
    pipe.write(_LENGTHS.pack(len(data), len(body)) + data + body)
    pipe.flush()


def _read(pipe: IO[bytes]) -> tuple[bytes, bytes]:
    """Returns head and body of the next message. Raises EOFError where there is none."""
    lengths = pipe.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        raise EOFError
    head, body = _LENGTHS.unpack(lengths)
    data = pipe.read(head + body)
    if len(data) < head + body:
        raise EOFError
    return data[:head], data[head:]


if __name__ == "__main__":
    main()
