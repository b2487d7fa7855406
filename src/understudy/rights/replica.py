"""Whether an actor may speak with a voice matched to a person's: the consent in its file decides, use by use.

Such an actor carries three signatures: its licence, the person's consent, and the match, by which an installation says
that these numbers were made of the recording that the consent names. All must fit each other and the actor.
"""

import datetime
import hashlib
from dataclasses import replace

import msgspec

from understudy.base.errors import NotAllowed
from understudy.hub.actor import Actor
from understudy.hub.likeness import CONSENT_MEMBER, MATCH_MEMBER, Likeness
from understudy.hub.portrayal import FACE_KIND
from understudy.hub.rights import ApprovalLevel, Consent, Licence, Purpose
from understudy.hub.voice import Match, Voice
from understudy.rights import tokens
from understudy.rights.consent import consent_digest, open_consent
from understudy.rights.keys import trusted_licensors
from understudy.rights.ledger import Ledger

KIND = "voice_only"
"""Kind of a licence for an actor whose face is nobody's and whose voice was matched."""
SCHEMA = "VoiceMatch.1"


def may_match(consent_jws: str, sample_sha256: str) -> Consent:
    """Returns the consent under which the voice in a recording may be matched today, noted in the ledger.

    Raises NotAllowed with the reason; refusals are noted too.
    """
    facts = {"consent_sha256": consent_digest(consent_jws), "sample_sha256": sample_sha256}
    today = datetime.datetime.now(datetime.UTC).date()
    try:
        consent = open_consent(consent_jws, sample_sha256=sample_sha256, today=today)
    except NotAllowed:
        Ledger().record("consent.refused", facts)
        raise
    Ledger().record("consent.verified", {**facts, "consent_id": consent.consent_id}, [f"consent:{consent.consent_id}"])
    return consent


def seal_match(voice: Voice, consent_jws: str) -> Likeness:
    """Returns a matched voice with its consent, signed by this installation and noted in the ledger.

    voice: with its `match`. Raises NotAllowed when the consent does not hold for it.
    """
    match = voice.match
    if not isinstance(match, Match):
        raise NotAllowed("This voice says of nobody that it was matched to theirs; match it again.")
    consent = may_match(consent_jws, match.sample_sha256)
    if consent.consent_id != match.consent_id:
        raise NotAllowed("This voice names another consent than the one it comes with; match it again.")
    claims = _claims(voice, match, consent_jws)
    Ledger().record("voice.matched", claims, [f"consent:{consent.consent_id}"])
    return Likeness(voice, consent_jws, tokens.sign_token(claims))


def voice_licence(base: Licence, likeness: Likeness) -> Licence:
    """Returns the terms of an actor who is given a matched voice: what both its own and the consent allow.

    actor_digest and licence_id are still the old ones. Raises NotAllowed when nothing is left.
    """
    consent = _held(
        likeness.voice, likeness.consent_jws, likeness.match_jws, datetime.datetime.now(datetime.UTC).date()
    )
    word = f"Voice matched to a person's under {consent.consent_id}; not a copy of it."
    return replace(shared_terms(base, consent, word), kind=FACE_KIND if base.kind == FACE_KIND else KIND)


def shared_terms(base: Licence, consent: Consent, word: str) -> Licence:
    """Returns terms that allow what both a licence and a consent do. word: added to the terms.

    Raises NotAllowed when nothing is left.
    """
    purposes = tuple(purpose for purpose in base.purposes if purpose in consent.purposes)
    if not purposes:
        raise NotAllowed(
            f"The consent {consent.consent_id} allows {', '.join(consent.purposes)} and the actor's licence "
            f"{', '.join(base.purposes)}; nothing is allowed by both."
        )
    return replace(
        base,
        purposes=purposes,
        prohibitions=tuple(dict.fromkeys((*base.prohibitions, *consent.prohibitions))),
        approval=ApprovalLevel.PERSON_APPROVED_USE,
        ends_on=earlier(base.ends_on, consent.ends_on),
        terms=f"{base.terms} {word}".strip(),
    )


def voice_leave(actor: Actor, purpose: Purpose, today: datetime.date) -> tuple[str, str, Consent | None]:
    """Returns (rule, reason, consent) for an actor whose voice is matched; reason is '' when it may be used."""
    name = actor.record.display_name or actor.name
    terms = actor.licence
    # whether a face that is somebody's may be shown is asked apart, see face.py
    kind = FACE_KIND if actor.shows_person else KIND
    if terms.kind != kind or terms.approval is not ApprovalLevel.PERSON_APPROVED_USE:
        return "voice.licence", f"{name} speaks with a matched voice, and its licence hides that; give it again.", None
    try:
        consent = _held(actor.record.voice, _member(actor, CONSENT_MEMBER), _member(actor, MATCH_MEMBER), today)
    except NotAllowed as error:
        return "voice.consent", str(error), None
    if purpose not in consent.purposes:
        allowed = ", ".join(consent.purposes)
        return (
            "voice.purpose",
            f"The person whose voice {name}'s is matched to allows {allowed}, not {purpose}.",
            consent,
        )
    if missing := set(consent.prohibitions) - set(terms.prohibitions):
        words = ", ".join(sorted(missing))
        return "voice.prohibitions", f"The licence of {name} drops what the person forbids ({words}).", consent
    return "", "", consent


def earlier(one: str, other: str) -> str:
    """Returns the earlier of two ISO days, '' being never."""
    return min(day for day in (one, other) if day) if one or other else ""


def _held(voice: Voice, consent_jws: str, match_jws: str, today: datetime.date) -> Consent:
    """Returns the consent of a matched voice. Raises NotAllowed unless voice, match and consent belong together."""
    match = voice.match
    if not isinstance(match, Match):
        raise NotAllowed("The voice is a mixture of its own and names no person and no consent; it cannot be used.")
    consent = open_consent(consent_jws, sample_sha256=match.sample_sha256, today=today)
    if consent.consent_id != match.consent_id:
        raise NotAllowed("The voice names another consent than the one it comes with; restore the file.")
    signed = tokens.open_token(match_jws, trusted_licensors(), "The match of the voice")
    if tokens.canonical(signed) != tokens.canonical(_claims(voice, match, consent_jws)):
        raise NotAllowed("The voice is not the one that was matched under this consent; match it again.")
    return consent


def _claims(voice: Voice, match: Match, consent_jws: str) -> dict[str, str]:
    return {
        "schema": SCHEMA,
        "voice": hashlib.sha256(tokens.canonical(msgspec.to_builtins(voice))).hexdigest(),
        "consent_id": match.consent_id,
        "consent_sha256": consent_digest(consent_jws),
        "sample_sha256": match.sample_sha256,
    }


def _member(actor: Actor, name: str) -> str:
    return actor.files.get(name, b"").decode(errors="replace")
