"""Whether an actor may show a person's face: the consent in its file decides, use by use.

Such an actor carries three signatures: its licence, the person's consent, and the portrayal, by which an installation
says that this body, this avatar and this identity were made from the video that the consent names. All must fit each
other and the actor.
"""

import datetime
import hashlib
from dataclasses import replace

import msgspec

from understudy.base.errors import NotAllowed
from understudy.hub.actor import Actor
from understudy.hub.avatar import MEMBER as AVATAR
from understudy.hub.portrayal import FACE_CONSENT_MEMBER, FACE_KIND, FACE_MEMBER, Portrayal
from understudy.hub.rights import ApprovalLevel, Consent, Licence, Purpose
from understudy.rights import tokens
from understudy.rights.consent import FACE, consent_digest, open_consent
from understudy.rights.keys import trusted_licensors
from understudy.rights.ledger import Ledger
from understudy.rights.replica import shared_terms

SCHEMA = "FacePortrayal.1"


def may_portray(consent_jws: str, video_sha256: str) -> Consent:
    """Returns the consent under which a person may be portrayed from a video today, noted in the ledger.

    Raises NotAllowed with the reason; refusals are noted too.
    """
    facts = {"consent_sha256": consent_digest(consent_jws), "sample_sha256": video_sha256}
    today = datetime.datetime.now(datetime.UTC).date()
    try:
        consent = open_consent(consent_jws, sample_sha256=video_sha256, today=today, part=FACE)
    except NotAllowed:
        Ledger().record("consent.refused", facts)
        raise
    Ledger().record("consent.verified", {**facts, "consent_id": consent.consent_id}, [f"consent:{consent.consent_id}"])
    return consent


def seal_face(actor: Actor, consent_jws: str) -> Actor:
    """Returns an actor made from a video with the consent and this installation's word for it; noted in the ledger.

    actor: with its `portrayal`, body and avatar as they stay; its licence is still to be signed. Raises NotAllowed when
    the consent does not hold for it.
    """
    made = actor.record.identity.portrayal
    if not isinstance(made, Portrayal) or actor.record.identity.kind != FACE_KIND:
        raise NotAllowed("This actor does not say whose face it has; make it again with: understudy avatar train.")
    consent = may_portray(consent_jws, made.video_sha256)
    if consent.consent_id != made.consent_id:
        raise NotAllowed("This actor names another consent than the one it comes with; make it again.")
    claims = _claims(actor, made, consent_jws)
    Ledger().record("face.portrayed", claims, [f"consent:{consent.consent_id}"])
    members = {FACE_CONSENT_MEMBER: consent_jws.encode(), FACE_MEMBER: tokens.sign_token(claims).encode()}
    return replace(actor, files={**actor.files, **members})


def face_licence(base: Licence, actor: Actor) -> Licence:
    """Returns the terms of an actor with a person's face: what those of the base and the consent both allow.

    actor: sealed. actor_digest and licence_id are still the base's. Raises NotAllowed when nothing is left.
    """
    consent = _held(actor, datetime.datetime.now(datetime.UTC).date())
    word = f"Face of a person from their video, under {consent.consent_id}."
    return replace(shared_terms(base, consent, word), kind=FACE_KIND)


def face_leave(actor: Actor, purpose: Purpose, today: datetime.date) -> tuple[str, str, Consent | None]:
    """Returns (rule, reason, consent) for an actor that shows a person; reason is '' when it may be used."""
    name = actor.record.display_name or actor.name
    terms, kind = actor.licence, actor.record.identity.kind
    if FACE_CONSENT_MEMBER not in actor.files and kind != "synthetic":
        return (
            "replica.kind",
            f"{name} shows a real person ({kind}), and there is no consent of theirs to that in its file; only with "
            "one, or with a face and body that are nobody's, can it perform.",
            None,
        )
    if kind != FACE_KIND or terms.kind != FACE_KIND or terms.approval is not ApprovalLevel.PERSON_APPROVED_USE:
        return (
            "face.licence",
            f"{name} has a person's face, and its identity or licence hides that; make it again.",
            None,
        )
    try:
        consent = _held(actor, today)
    except NotAllowed as error:
        return "face.consent", str(error), None
    if purpose not in consent.purposes:
        allowed = ", ".join(consent.purposes)
        return "face.purpose", f"The person whose face {name} has allows {allowed}, not {purpose}.", consent
    if missing := set(consent.prohibitions) - set(terms.prohibitions):
        words = ", ".join(sorted(missing))
        return "face.prohibitions", f"The licence of {name} drops what the person forbids ({words}).", consent
    return "", "", consent


def _held(actor: Actor, today: datetime.date) -> Consent:
    """Returns the consent of a face. Raises NotAllowed unless actor, portrayal and consent belong together."""
    made = actor.record.identity.portrayal
    if not isinstance(made, Portrayal):
        raise NotAllowed("The face names no person and no consent; it cannot be used.")
    consent_jws, face_jws = (
        actor.files.get(member, b"").decode(errors="replace") for member in (FACE_CONSENT_MEMBER, FACE_MEMBER)
    )
    consent = open_consent(consent_jws, sample_sha256=made.video_sha256, today=today, part=FACE)
    if consent.consent_id != made.consent_id:
        raise NotAllowed("The face names another consent than the one it comes with; restore the file.")
    signed = tokens.open_token(face_jws, trusted_licensors(), "The portrayal in this actor's file")
    if tokens.canonical(signed) != tokens.canonical(_claims(actor, made, consent_jws)):
        raise NotAllowed("The face is not the one that was made under this consent; make the actor again.")
    return consent


def _claims(actor: Actor, made: Portrayal, consent_jws: str) -> dict[str, str]:
    avatar = actor.files.get(AVATAR)
    return {
        "schema": SCHEMA,
        "identity": hashlib.sha256(tokens.canonical(msgspec.to_builtins(actor.record.identity))).hexdigest(),
        "body": hashlib.sha256(actor.body_glb).hexdigest(),
        "avatar": hashlib.sha256(avatar).hexdigest() if avatar is not None else "",
        "consent_id": made.consent_id,
        "consent_sha256": consent_digest(consent_jws),
        "video_sha256": made.video_sha256,
    }
