"""Azure Speech over REST: SSML goes out, 24 kHz sound comes back; times are found by our own alignment.

(Word boundaries and visemes of Azure travel only over its websocket.) Base voices are names such as
'en-US-JennyNeural'. The strongest emotion becomes an `express-as` style with its degree.
"""

import os
from collections.abc import Mapping
from typing import ClassVar
from xml.sax.saxutils import escape, quoteattr

from understudy.base.errors import Unavailable, UnknownName
from understudy.hub.card import Card
from understudy.hub.script import Direction
from understudy.voice import remote
from understudy.voice.acting import Acted, main_emotion
from understudy.voice.clause import Clause, SpokenWord
from understudy.voice.engine import Sounding
from understudy.voice.ipa import spell_ipa

KEY, REGION, URL, VOICES = "AZURE_SPEECH_KEY", "AZURE_SPEECH_REGION", "AZURE_SPEECH_ENDPOINT", "UNDERSTUDY_AZURE_VOICES"
LANGUAGES = ("en-US", "en-GB", "de-DE", "es-ES", "fr-FR", "it-IT")
STYLES = {
    "joy": "cheerful", "sadness": "sad", "anger": "angry", "fear": "terrified", "disgust": "disgruntled",
    "surprise": "excited", "contempt": "unfriendly", "tenderness": "affectionate",
}  # fmt: skip


class Azure:
    """Azure neural voices."""

    card: ClassVar[Card] = Card(
        name="azure",
        summary="Azure Speech",
        code_licence="own",
        needs=f"{KEY}, {REGION} (or {URL}) and {VOICES} (names such as en-US-JennyNeural)",
        languages=LANGUAGES,
        deterministic=False,
        remote=True,
    )

    def missing(self) -> str:
        if not os.environ.get(KEY):
            return f"Nobody is asked: set {KEY}."
        if not (os.environ.get(REGION) or os.environ.get(URL)):
            return f"It is not known where to ask: set {REGION}, such as westeurope."
        if not remote.voices(VOICES):
            return f"No voice is chosen: set {VOICES}, such as en-US-JennyNeural."
        return ""

    def bases(self) -> Mapping[str, str]:
        if self.missing():
            return {}
        found = {name: _language(name) for name in remote.voices(VOICES)}
        return {name: language for name, language in found.items() if language in LANGUAGES}

    def say(self, clause: Clause, base: str) -> Sounding:
        return self.act(clause, base, Direction()).sounding

    def act(self, clause: Clause, base: str, direction: Direction) -> Acted:
        if why := self.missing():
            raise Unavailable(why)
        if base not in self.bases():
            raise UnknownName("Azure voice", base, tuple(self.bases()))
        emotion, weight = main_emotion(direction)
        whispered = direction.whisper >= 0.4
        style = "whispering" if whispered else STYLES.get(emotion, "")
        region = os.environ.get(REGION, "")
        root = os.environ.get(URL) or f"https://{region}.tts.speech.microsoft.com"
        request = remote.Request(
            "Azure Speech",
            f"{root.rstrip('/')}/cognitiveservices/v1",
            _ssml(clause, base, style, 0.5 + 1.5 * (1.0 if whispered else weight)).encode(),
            {"Content-Type": "application/ssml+xml", "X-Microsoft-OutputFormat": "riff-24khz-16bit-mono-pcm"},
            {"Ocp-Apim-Subscription-Key": os.environ[KEY]},
            KEY,
        )
        plays = frozenset(["whisper"] if whispered else ["emotions"] if style else [])
        return Acted(Sounding(remote.ask(request, remote.wav)), plays)


def _language(base: str) -> str:
    name, _, said = base.partition(":")
    return said or "-".join(name.split("-")[:2])


def _ssml(clause: Clause, base: str, style: str, degree: float) -> str:
    language = _language(base)
    words = " ".join(spoken_markup(word, language) for word in clause.words)
    words += escape(clause.mark if clause.mark in (".", "?", "!", ",") else ".")
    if style:
        words = f'<mstts:express-as style="{style}" styledegree="{degree:.2f}">{words}</mstts:express-as>'
    return (
        f'<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xmlns:mstts="https://www.w3.org/2001/mstts" '
        f'xml:lang="{language}"><voice name={quoteattr(base.partition(":")[0])}>{words}</voice></speak>'
    )


def spoken_markup(word: SpokenWord, language: str) -> str:
    """Returns a word as SSML: its text, or its phones as IPA where the writer gave them."""
    if not word.phones:
        return escape(word.text)
    ipa = "".join(s.ipa for s in spell_ipa(word, language))
    return f'<phoneme alphabet="ipa" ph={quoteattr(ipa)}>{escape(word.text)}</phoneme>'
