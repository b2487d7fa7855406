"""Google Cloud Text-to-Speech: SSML with a mark before every word, whose times come back with the sound.

Base voices are names such as 'en-US-Neural2-C'. It takes no emotion; pitch, pace and loudness stay ours to play.
"""

import base64
import binascii
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from xml.sax.saxutils import escape

from understudy.base.audio import Audio
from understudy.base.errors import Unavailable, UnknownName
from understudy.hub.card import Card
from understudy.voice import remote
from understudy.voice.azure import spoken_markup
from understudy.voice.clause import Clause
from understudy.voice.engine import Sounding
from understudy.voice.timing import within_words

KEY, URL, VOICES = "GOOGLE_TTS_API_KEY", "GOOGLE_TTS_BASE_URL", "UNDERSTUDY_GOOGLE_VOICES"
USUAL_URL = "https://texttospeech.googleapis.com"
LANGUAGES = ("en-US", "en-GB", "de-DE", "es-ES", "fr-FR", "it-IT")
RATE_HZ = 24_000


@dataclass(frozen=True, eq=False)
class Answer:
    """starts_s: word index -> when its mark was reached."""

    audio: Audio
    starts_s: Mapping[int, float]


class Google:
    """Google Cloud voices."""

    card: ClassVar[Card] = Card(
        name="google",
        summary="Google Cloud Text-to-Speech, with the word times it gives",
        code_licence="own",
        needs=f"{KEY} and {VOICES} (names such as en-US-Neural2-C)",
        languages=LANGUAGES,
        deterministic=False,
        remote=True,
    )

    def missing(self) -> str:
        if not os.environ.get(KEY):
            return f"Nobody is asked: set {KEY}."
        if not remote.voices(VOICES):
            return f"No voice is chosen: set {VOICES}, such as en-US-Neural2-C."
        return ""

    def bases(self) -> Mapping[str, str]:
        if self.missing():
            return {}
        found = {name: "-".join(name.split("-")[:2]) for name in remote.voices(VOICES)}
        return {name: language for name, language in found.items() if language in LANGUAGES}

    def say(self, clause: Clause, base: str) -> Sounding:
        if why := self.missing():
            raise Unavailable(why)
        bases = self.bases()
        if base not in bases:
            raise UnknownName("Google voice", base, tuple(bases))
        body = {
            "input": {"ssml": _ssml(clause, bases[base])},
            "voice": {"languageCode": bases[base], "name": base},
            "audioConfig": {"audioEncoding": "LINEAR16", "sampleRateHertz": RATE_HZ},
            "enableTimePointing": ["SSML_MARK"],
        }
        request = remote.Request(
            "Google Cloud Text-to-Speech",
            os.environ.get(URL, USUAL_URL).rstrip("/") + "/v1beta1/text:synthesize",
            json.dumps(body, sort_keys=True).encode(),
            {"Content-Type": "application/json"},
            {"X-Goog-Api-Key": os.environ[KEY]},
            KEY,
        )
        answer = remote.ask(request, _read)
        spans = _spans(clause, answer)
        words = within_words(answer.audio, clause, bases[base], spans) if spans else ()
        return Sounding(answer.audio, words)


def _ssml(clause: Clause, language: str) -> str:
    words = " ".join(f'<mark name="w{i}"/>{spoken_markup(w, language)}' for i, w in enumerate(clause.words))
    end = escape(clause.mark if clause.mark in (".", "?", "!", ",") else ".")
    return f'<speak>{words}{end}<mark name="w{len(clause.words)}"/></speak>'


def _read(data: bytes) -> Answer:
    found = remote.record(data)
    try:
        audio = remote.wav(base64.b64decode(found["audioContent"], validate=True))
    except (KeyError, TypeError, binascii.Error) as error:
        raise ValueError("no sound in it") from error
    starts: dict[int, float] = {}
    for point in found.get("timepoints") or ():
        try:
            starts[int(str(point["markName"])[1:])] = float(point.get("timeSeconds", 0.0))
        except (KeyError, TypeError, ValueError):
            return Answer(audio, {})
    return Answer(audio, starts)


def _spans(clause: Clause, answer: Answer) -> list[tuple[float, float]]:
    """Returns the words between their marks, [] when a mark is missing; the last may end with the sound."""
    count = len(clause.words)
    if not all(i in answer.starts_s for i in range(count)):
        return []
    ends = [answer.starts_s.get(i, answer.audio.duration_s) for i in range(1, count + 1)]
    return [(answer.starts_s[i], min(end, answer.audio.duration_s)) for i, end in enumerate(ends)]
