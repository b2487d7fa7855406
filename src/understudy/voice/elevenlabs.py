"""ElevenLabs, by its endpoint with timestamps: sound, and the time of every letter.

Base voices are written 'VOICE_ID' or 'VOICE_ID:language'. Emotion and energy become `stability` and `style`.
"""

import base64
import binascii
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from understudy.base.audio import Audio
from understudy.base.errors import Unavailable, UnknownName
from understudy.hub.card import Card
from understudy.hub.script import Direction
from understudy.voice import remote
from understudy.voice.acting import Acted, main_emotion
from understudy.voice.clause import Clause
from understudy.voice.engine import Sounding
from understudy.voice.timing import within_words

KEY, URL, MODEL, VOICES = (
    "ELEVENLABS_API_KEY", "ELEVENLABS_BASE_URL", "UNDERSTUDY_ELEVENLABS_MODEL", "UNDERSTUDY_ELEVENLABS_VOICES",
)  # fmt: skip
USUAL_URL, USUAL_MODEL = "https://api.elevenlabs.io", "eleven_multilingual_v2"
LANGUAGES = ("en-US", "en-GB", "de-DE", "es-ES", "fr-FR", "it-IT")
RATE_HZ = 24_000


@dataclass(frozen=True, eq=False)
class Answer:
    """letters: (character, start_s, end_s) in order, () when the service gives none that can be used."""

    audio: Audio
    letters: tuple[tuple[str, float, float], ...]


class ElevenLabs:
    """ElevenLabs text to speech."""

    card: ClassVar[Card] = Card(
        name="elevenlabs",
        summary="ElevenLabs, with the times it gives",
        code_licence="own",
        needs=f"{KEY} and {VOICES} (voice ids, each maybe with :language); {MODEL}",
        languages=LANGUAGES,
        deterministic=False,
        remote=True,
    )

    def missing(self) -> str:
        if not os.environ.get(KEY):
            return f"Nobody is asked: set {KEY}."
        if not remote.voices(VOICES):
            return f"No voice is chosen: set {VOICES} to the ids of your voices there."
        return ""

    def bases(self) -> Mapping[str, str]:
        if self.missing():
            return {}
        return {name: lang for name, lang in remote.voices(VOICES).items() if lang in LANGUAGES}

    def say(self, clause: Clause, base: str) -> Sounding:
        return self.act(clause, base, Direction()).sounding

    def act(self, clause: Clause, base: str, direction: Direction) -> Acted:
        if why := self.missing():
            raise Unavailable(why)
        bases = self.bases()
        if base not in bases:
            raise UnknownName("ElevenLabs voice", base, tuple(bases))
        text = clause.text + (clause.mark if clause.mark in ".?!," else ".")
        _, weight = main_emotion(direction)
        model = os.environ.get(MODEL, USUAL_MODEL)
        body: dict[str, Any] = {
            "text": text,
            "model_id": model,
            "seed": int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big"),
            "voice_settings": {
                "stability": round(0.55 - 0.3 * max(weight, direction.energy, 0.0), 2),
                "similarity_boost": 0.75,
                "style": round(0.6 * weight, 2),
                "use_speaker_boost": True,
            },
        }
        if "multilingual" not in model:
            body["language_code"] = bases[base][:2]
        root = os.environ.get(URL, USUAL_URL).rstrip("/")
        request = remote.Request(
            "ElevenLabs",
            f"{root}/v1/text-to-speech/{base.partition(':')[0]}/with-timestamps?output_format=pcm_{RATE_HZ}",
            json.dumps(body, sort_keys=True).encode(),
            {"Content-Type": "application/json"},
            {"xi-api-key": os.environ[KEY]},
            KEY,
        )
        answer = remote.ask(request, _read)
        spans = word_spans(clause, answer.letters)
        words = within_words(answer.audio, clause, bases[base], spans) if spans else ()
        # style says how much is felt, not what: the emotion itself is still ours to play
        return Acted(Sounding(answer.audio, words))


def _read(data: bytes) -> Answer:
    found = remote.record(data)
    try:
        audio = remote.pcm16(base64.b64decode(found["audio_base64"], validate=True), RATE_HZ)
    except (KeyError, TypeError, binascii.Error) as error:
        raise ValueError("no sound in it") from error
    times = found.get("alignment") or {}
    try:
        letters = tuple(
            (str(c), float(a), float(b))
            for c, a, b in zip(
                times["characters"],
                times["character_start_times_seconds"],
                times["character_end_times_seconds"],
                strict=True,
            )
        )
    except (KeyError, TypeError, ValueError):
        letters = ()
    return Answer(audio, letters)


def word_spans(clause: Clause, letters: tuple[tuple[str, float, float], ...]) -> list[tuple[float, float]]:
    """Returns (start_s, end_s) of each word of a clause from the times of its letters, [] when they do not fit."""
    groups: list[list[tuple[str, float, float]]] = [[]]
    for letter in letters:
        if letter[0].isspace():
            groups.append([])
        else:
            groups[-1].append(letter)
    groups = [g for g in groups if any(c.isalnum() for c, _, _ in g)]
    said = [w for word in clause.words for w in word.text.split()]
    if len(groups) != len(said):
        return []
    spans = []
    at = 0
    for word in clause.words:
        count = len(word.text.split())
        named = [x for g in groups[at : at + count] for x in g if x[0].isalnum() or x[0] == "'"]
        at += count
        if not named:
            return []
        spans.append((named[0][1], max(named[-1][2], named[0][1] + 0.01)))
    return spans
