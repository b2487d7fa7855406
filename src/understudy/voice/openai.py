"""Any service that speaks OpenAI's `/v1/audio/speech`: OpenAI itself, or a server of your own.

Base voices are written 'voice' or 'voice:language'. A model whose name holds 'gpt' is given the direction in words.
"""

import json
import os
from collections.abc import Mapping
from typing import ClassVar

from understudy.base.errors import Unavailable, UnknownName
from understudy.hub.card import Card
from understudy.hub.script import Direction
from understudy.voice import remote
from understudy.voice.acting import Acted, in_words
from understudy.voice.clause import Clause
from understudy.voice.engine import Sounding

KEY, URL, MODEL, VOICES = "OPENAI_API_KEY", "OPENAI_BASE_URL", "UNDERSTUDY_OPENAI_MODEL", "UNDERSTUDY_OPENAI_VOICES"
USUAL_URL, USUAL_MODEL, USUAL_VOICES = "https://api.openai.com/v1", "gpt-4o-mini-tts", "alloy"
LANGUAGES = ("en-US", "en-GB", "de-DE", "es-ES", "fr-FR", "it-IT")
ACTS = frozenset(["emotions", "energy", "sarcasm", "confidence", "whisper"])


class OpenAI:
    """An OpenAI-compatible speech service."""

    card: ClassVar[Card] = Card(
        name="openai",
        summary="OpenAI's speech, or any server with /v1/audio/speech",
        code_licence="own",
        needs=f"{KEY}, or {URL} for a server of your own; {MODEL}, {VOICES}",
        languages=LANGUAGES,
        deterministic=False,
        remote=True,
    )

    def missing(self) -> str:
        if os.environ.get(KEY) or os.environ.get(URL):
            return ""
        return f"Nobody is asked: set {KEY}, or {URL} for a server of your own."

    def bases(self) -> Mapping[str, str]:
        if self.missing():
            return {}
        return {name: lang for name, lang in remote.voices(VOICES, USUAL_VOICES).items() if lang in LANGUAGES}

    def say(self, clause: Clause, base: str) -> Sounding:
        return self.act(clause, base, Direction()).sounding

    def act(self, clause: Clause, base: str, direction: Direction) -> Acted:
        if why := self.missing():
            raise Unavailable(why)
        if base not in self.bases():
            raise UnknownName("OpenAI voice", base, tuple(self.bases()))
        model = os.environ.get(MODEL, USUAL_MODEL)
        body = {
            "model": model,
            "voice": base.partition(":")[0],
            "input": clause.text + (clause.mark if clause.mark in ".?!," else "."),
            "response_format": "wav",
        }
        how = in_words(direction) if "gpt" in model else ""
        if how:
            body["instructions"] = how
        key = os.environ.get(KEY, "")
        request = remote.Request(
            "The OpenAI-compatible service",
            os.environ.get(URL, USUAL_URL).rstrip("/") + "/audio/speech",
            json.dumps(body, sort_keys=True).encode(),
            {"Content-Type": "application/json"},
            {"Authorization": f"Bearer {key}"} if key else {},
            KEY,
        )
        return Acted(Sounding(remote.ask(request, remote.wav)), ACTS if how else frozenset())
