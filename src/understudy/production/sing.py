"""A score becomes singing, and, when it is asked for, a take of the singer."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from understudy.base.audio import read_sound
from understudy.base.errors import BadInput
from understudy.hub.actor import Actor
from understudy.hub.performance import Performance
from understudy.hub.rights import Released
from understudy.hub.script import Direction
from understudy.hub.speech import Speech
from understudy.production.build import build
from understudy.production.film import grants_for


@dataclass(frozen=True, eq=False)
class Singing:
    """released: the sound file. speech: what is sung, with its times. lead_s: how much later than in the score a beat
    sounds. take: the singer's face and body, when it was asked for. remarks: what the score holds and was not used."""

    released: Released
    speech: Speech
    lead_s: float
    take: Performance | None
    remarks: tuple[str, ...]


def sing(
    score: Path | str,
    to: Path | str,
    *,
    actor: str = "emi",
    words: str | None = None,
    guide: Path | str | None = None,
    direction: Direction = Direction(),
    language: str = "en-US",
    part: str = "",
    transpose_st: float = 0.0,
    vibrato: float = 1.0,
    lexicon: Mapping[str, str] | None = None,
    engine: str = "",
    take: bool = False,
    partner: float = 0.0,
    seed: int = 0,
) -> Singing:
    """Sings a MusicXML or MIDI file, or the words as a guide recording has them, and releases the sound.

    score: the file; with a guide, a text file or '' (then `words` are sung). take: whether the face and body are made.
    Raises BadInput, NotAllowed, Unavailable.
    """
    from understudy import body, face, rights, voice

    if Path(to).suffix.lower() != ".wav":
        raise BadInput(f"{Path(to).name} is not the name of a sound file; end it in .wav.")
    who = Actor.open(actor)
    lead_s = 0.0
    remarks: tuple[str, ...] = ()
    if guide is not None:
        if not words or not words.strip():
            raise BadInput("A guide needs the words that it sings; give them with --words words.txt.")
        pieces = voice.follow(
            read_sound(Path(guide)),
            words,
            who.record.voice,
            direction=direction,
            language=language,
            transpose_st=transpose_st,
            lexicon=lexicon,
            seed=seed,
            engine=engine,
        )
        digest = hashlib.sha256(words.encode()).hexdigest()
    else:
        song = voice.read_song(Path(score), words=words, language=language, part=part)
        lead_s, remarks = voice.sung_lead_s(song), song.remarks
        pieces = voice.sing(
            song,
            who.record.voice,
            direction=direction,
            transpose_st=transpose_st,
            vibrato=vibrato,
            lexicon=lexicon,
            seed=seed,
            engine=engine,
        )
        digest = hashlib.sha256(Path(score).read_bytes()).hexdigest()
    grant = grants_for([who], project=Path(to).stem, script_digest=digest)[who.name]
    phrases = list(pieces)
    performance = None
    if take:
        persona = who.record.persona
        beats = body.move(
            face.animate(iter(phrases), persona=persona, seed=seed, partner=partner),
            persona=persona,
            seed=seed,
            physique=build(who),
        )
        made_with = {"seed": str(seed), "timing": phrases[0].timing, "sung": "guide" if guide is not None else "score"}
        performance = Performance.from_beats(who.record.name, beats, made_with)
    speech = Speech.join(phrases)
    released = rights.release_sound(speech.audio, Path(to), grant=grant, title=Path(to).stem)
    return Singing(released, speech, lead_s, performance, remarks)
