"""Words by Whisper, with weights that the user has: a folder of CTranslate2 in $UNDERSTUDY_WHISPER."""

import os
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np

from understudy.base.errors import BadInput, MissingExtra
from understudy.hub.card import Card
from understudy.live.hearing import RATE_HZ, Pcm

FOLDER: Final = "UNDERSTUDY_WHISPER"
AGAIN_S: Final = 1.5
"""Words so far are looked for again after so much more sound."""


class WhisperRecogniser:
    """faster-whisper on the processor. Raises MissingExtra without the package, BadInput without weights."""

    card: ClassVar[Card] = Card(
        name="whisper",
        summary="Words by Whisper, offline, with your own weights.",
        code_licence="MIT",
        weights_licence="MIT",
        needs=f"faster-whisper and a model folder in ${FOLDER}",
    )

    def __init__(self) -> None:
        self._model = model(os.environ.get(FOLDER, ""))
        self._sound: list[Pcm] = []
        self._words, self._looked = "", 0

    def begin(self) -> None:
        self._sound, self._words, self._looked = [], "", 0

    def push(self, pcm: Pcm) -> None:
        self._sound.append(pcm)

    def partial(self) -> str:
        samples = sum(map(len, self._sound))
        if samples - self._looked > AGAIN_S * RATE_HZ:
            self._looked, self._words = samples, self._read()
        return self._words

    def end(self) -> str:
        return self._read()

    def _read(self) -> str:
        if not self._sound:
            return ""
        sound = np.concatenate(self._sound).astype(np.float32) / np.float32(32768)
        parts, _ = self._model.transcribe(sound, language="en", beam_size=1, condition_on_previous_text=False)
        return " ".join(part.text.strip() for part in parts)


_LOADED: dict[str, Any] = {}


def model(folder: str) -> Any:
    """Returns the model of a folder, loaded once a process."""
    if folder in _LOADED:
        return _LOADED[folder]
    try:
        from faster_whisper import WhisperModel
    except ImportError as error:
        raise MissingExtra("Listening with Whisper", "whisper") from error
    if not (Path(folder) / "model.bin").is_file():
        raise BadInput(
            f"There is no Whisper model at '{folder}'; set ${FOLDER} to a folder with the model.bin of faster-whisper."
        )
    _LOADED[folder] = WhisperModel(folder, device="cpu", compute_type="int8", local_files_only=True)
    return _LOADED[folder]
