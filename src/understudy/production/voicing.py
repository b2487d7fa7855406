"""A voice of a person who signed for it becomes the voice of an actor; without consent nothing is listened to."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from understudy.base.errors import BadInput, NotAllowed
from understudy.hub.actor import Actor
from understudy.hub.likeness import Likeness
from understudy.hub.voice import Match


@dataclass(frozen=True)
class MatchedVoice:
    """likeness: saved. before: similarity of the nearest designed voice, named `nearest`. ends_on: of the consent."""

    likeness: Likeness
    similarity: float
    before: float
    nearest: str
    consent_id: str
    ends_on: str


def match_voice(sample: Path, to: Path, *, consent: str, language: str = "en-US") -> MatchedVoice:
    """Matches a voice to a recording and writes the `.voice`. consent: the person's compact JWS.

    The consent is checked before the recording is heard. Raises NotAllowed, BadInput, Unavailable; then nothing is
    written.
    """
    from understudy import rights, voice
    from understudy.base.audio import read_sound

    if to.suffix != ".voice":
        raise BadInput(f"{to.name} is not the name of a voice; end it in .voice.")
    digest = sample_digest(sample)
    given = rights.may_match(consent, digest)
    found = voice.match(read_sound(sample), language=language)
    likeness = rights.seal_match(replace(found.voice, match=Match(given.consent_id, digest, found.similarity)), consent)
    likeness.save(to)
    return MatchedVoice(likeness, found.similarity, found.before, found.nearest, given.consent_id, given.ends_on)


def give_voice(likeness: Path, actor: str, to: Path) -> Actor:
    """Writes an actor with a matched voice and the licence that follows from its own and from the consent.

    The actor must be of the house or licensed by this installation. Raises NotAllowed, BadInput, Unavailable.
    """
    from understudy import rights

    if to.suffix != ".actor":
        raise BadInput(f"{to.name} is not the name of an actor; end it in .actor.")
    held, who = Likeness.open(likeness), Actor.open(actor)
    if who.record.voice.matched:
        raise BadInput(f"{who.name} has a matched voice already; give this one to an actor with a voice of nobody's.")
    if not rights.licensed_here(who):
        raise NotAllowed(
            f"{who.name} is licensed by somebody else, who would have to sign for another voice; use an actor of yours."
        )
    name = _word(to.stem)
    record = replace(who.record, name=name, display_name=to.stem.strip().title(), voice=held.voice)
    terms = replace(rights.voice_licence(who.licence, held), actor_name=name, licensor="this installation")
    bare = Actor(record, who.body_glb, terms, files={**who.files, **held.members()})
    licence = replace(terms, actor_digest=bare.digest, licence_id=f"{name}-{bare.digest[:12]}")
    made = replace(bare, licence=licence, licence_jws=rights.sign_licence(licence))
    rights.authorise(made, purpose=licence.purposes[0], project=f"voice of {name}", script_digest=made.digest)
    made.save(to)
    return made


def sample_digest(sample: Path) -> str:
    """Returns the SHA-256 hex of a recording, which its consent names. Raises BadInput."""
    if not sample.is_file():
        raise BadInput(f"There is no recording or video at {sample}; give the file that a consent is for.")
    return hashlib.sha256(sample.read_bytes()).hexdigest()


def _word(name: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in name.lower()).strip("-") or "guest"
