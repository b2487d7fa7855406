"""The voice stage: lines become speech, recordings become timed phones.

for piece in speak(line, actor.voice):     # a Speech per clause
speech = listen(recording, text)           # aligned to its text, or heard without one
for piece in sing(read_song(score), actor.voice):   # a Speech per phrase
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from understudy.base.audio import Audio
    from understudy.hub.script import Direction, Line
    from understudy.hub.song import Song
    from understudy.hub.speech import Speech
    from understudy.hub.voice import Voice
    from understudy.voice.choosing import Chosen, Installed
    from understudy.voice.matching import Matched

SPEECH_RATE_HZ = 24_000
"""Rate of every Speech this stage makes."""

__all__ = [
    "SPEECH_RATE_HZ", "choose", "follow", "listen", "match", "overhear", "read_lexicon", "read_song", "sing", "speak",
    "sung_lead_s", "survey",
]  # fmt: skip


def speak(
    line: "Line",
    voice: "Voice",
    *,
    language: str = "en-US",
    lexicon: Mapping[str, str] | None = None,
    seed: int = 0,
    engine: str = "",
    first_words: int = 0,
    brisk: bool = False,
    first: int = 0,
) -> "Iterator[Speech]":
    """Yields a line as a Speech per clause, in order and without gaps, as its direction asks.

    lexicon: word -> ARPABET phones or a respelling (see `read_lexicon`). seed: another one is another take of the
    same reading; the same one gives the same samples. engine: 'name' or 'name/voice' to insist on one. first_words: a
    first clause longer than that is cut after about so many words, so that a live voice begins sooner; 0 = never.
    brisk: takes the shorter way where there is one: phones of an engine without times of its own are found in one pass
    instead of two. first: pieces before this one are not made; the others are the same as without it.
    Raises BadInput when there is nothing to say, Unavailable when no engine on this machine can say it.
    """
    from understudy.voice import speaking

    return speaking.speak(
        line,
        voice,
        language=language,
        lexicon=lexicon,
        seed=seed,
        engine=engine,
        first_words=first_words,
        brisk=brisk,
        first=first,
    )


def listen(sound: "Audio", text: str | None = None) -> "Speech":
    """Returns a recording as a Speech: its phones aligned to the text, or heard when there is none or it does not fit.

    Any rate from 8 to 96 kHz, any length. Raises BadInput for a sound that is empty, broken or silent.
    """
    from understudy.voice import listening

    return listening.listen(sound, text)


def overhear(sound: "Iterable[Audio]") -> "Iterator[Speech]":
    """Yields a stream of sound as Speech while it comes, 0.12 s behind it, for `face.animate(..., wait=False)`.

    sound: pieces of any length (30 ms suit), all of one rate from 8 to 192 kHz. Raises BadInput for another rate.
    """
    from understudy.voice import overhearing

    return overhearing.overhear(sound)


def survey() -> "tuple[Installed, ...]":
    """Returns every installed engine, best sounding first, with what it offers or what it lacks."""
    from understudy.voice import choosing

    return choosing.survey()


def choose(voice: "Voice", language: str = "en-US", engine: str = "") -> "Chosen":
    """Returns the engine and base voice that speak for a Voice on this machine. Raises Unavailable, UnknownName."""
    from understudy.voice import choosing

    return choosing.choose(voice, language, engine)


def match(sample: "Audio", *, language: str = "en-US") -> "Matched":
    """Returns a voice brought near to the one in a recording: voice matching, not a copy.

    It works with it only in an actor to whom `production.voicing` gave it, with the person's signed consent. Raises
    BadInput for a recording that is too short or has no clear voice, Unavailable without the neural voice.
    """
    from understudy.voice import matching

    return matching.match(sample, language=language)


def read_song(path: Path, *, words: str | None = None, language: str = "en-US", part: str = "") -> "Song":
    """Reads the vocal line of a MusicXML or MIDI file (see `voice.score`). Raises BadInput."""
    from understudy.voice import score

    return score.read_song(path, words=words, language=language, part=part)


def sing(
    song: "Song",
    voice: "Voice",
    *,
    direction: "Direction | None" = None,
    transpose_st: float = 0.0,
    vibrato: float = 1.0,
    lexicon: Mapping[str, str] | None = None,
    seed: int = 0,
    engine: str = "",
) -> "Iterator[Speech]":
    """Yields a song as a Speech per phrase, in order and without gaps; beats are later by `sung_lead_s(song)`.

    direction: its feeling colours the voice; pitch and time are the score's. vibrato: factor on its depth.
    Raises BadInput when there is nothing to sing, Unavailable when no engine can say the words.
    """
    from understudy.hub.script import Direction
    from understudy.voice import singing

    return singing.sing(
        song,
        voice,
        direction=direction or Direction(),
        transpose_st=transpose_st,
        vibrato=vibrato,
        lexicon=lexicon,
        seed=seed,
        engine=engine,
    )


def sung_lead_s(song: "Song") -> float:
    """Returns the silence that singing puts before a song, so that its first consonants have room."""
    from understudy.voice import singing

    return singing.lead_s(song)


def follow(
    guide: "Audio",
    text: str,
    voice: "Voice",
    *,
    direction: "Direction | None" = None,
    language: str = "en-US",
    transpose_st: float = 0.0,
    lexicon: Mapping[str, str] | None = None,
    seed: int = 0,
    engine: str = "",
) -> "Iterator[Speech]":
    """Yields a text in the time, pitch and loudness of a recording that says or sings it, a Speech per phrase.

    Raises BadInput when the words are not found in the recording, Unavailable when no engine can say them.
    """
    from understudy.hub.script import Direction
    from understudy.voice import guided

    return guided.follow(
        guide,
        text,
        voice,
        direction=direction or Direction(),
        language=language,
        transpose_st=transpose_st,
        lexicon=lexicon,
        seed=seed,
        engine=engine,
    )


def read_lexicon(path: Path) -> dict[str, str]:
    """Reads a project's `lexicon.txt`: word = ARPABET phones or a respelling. Raises BadInput naming the line."""
    from understudy.voice import lexicon

    return lexicon.read_lexicon(path)
