"""Licences: signed by their licensor, read against what is in the bundle, and decided by fixed rules."""

import datetime
import hashlib
from dataclasses import dataclass

import msgspec

from understudy.base.errors import NotAllowed
from understudy.hub.actor import Actor
from understudy.hub.rights import ApprovalLevel, Consent, Licence, Purpose
from understudy.rights import tokens
from understudy.rights.face import face_leave
from understudy.rights.house import pinned
from understudy.rights.keys import installation_key, key_id, public_text, trusted_licensors
from understudy.rights.replica import earlier, voice_leave


@dataclass(frozen=True)
class Decision:
    """What the rules say. rule: the name of the rule that decided; reason: '' when allowed, else one sentence.

    ends_on: the last day of licence and consents, ISO or ''. consent_id: whose voice or face it is, or '';
    when one consent is for the voice and another for the face, both, apart by a space.
    """

    rule: str
    reason: str = ""
    ends_on: str = ""
    consent_id: str = ""

    @property
    def allowed(self) -> bool:
        return not self.reason


def sign_licence(licence: Licence) -> str:
    """Returns the licence as a compact JWS signed by this installation, for `Actor.licence_jws`."""
    return tokens.sign_token(_signed_form(licence))


def licensed_here(actor: Actor) -> bool:
    """Tells whether an actor is of the house, or its licence is signed by this installation itself."""
    pin = pinned().get(actor.name)
    if pin is not None and (pin.actor, pin.licence) == (actor.digest, licence_digest(actor.licence)):
        return True
    own = public_text(installation_key())
    try:
        signed = tokens.open_token(actor.licence_jws, {key_id(own): own}, "The licence")
    except NotAllowed:
        return False
    return tokens.canonical(signed) == tokens.canonical(_signed_form(actor.licence))


def licence_digest(licence: Licence) -> str:
    """Returns the SHA-256 hex of the canonical JSON of a licence."""
    return hashlib.sha256(tokens.canonical(msgspec.to_builtins(licence))).hexdigest()


def decide(actor: Actor, purpose: Purpose, today: datetime.date) -> Decision:
    """Returns whether an actor may work for a purpose today. Anything missing or unclear is a no."""
    name = actor.record.display_name or actor.name
    origin = _origin(actor, name)
    if not origin.allowed:
        return origin
    terms = actor.licence
    if (terms.actor_name, terms.actor_digest) != (actor.name, actor.digest):
        return Decision(
            "licence.actor", f"The licence of {name} is for another actor or an earlier version; license it again."
        )
    consents: list[Consent] = []
    for is_a_persons, leave in ((actor.shows_person, face_leave), (actor.record.voice.matched, voice_leave)):
        if is_a_persons:
            rule, reason, consent = leave(actor, purpose, today)
            if reason:
                return Decision(rule, reason, consent_id=consent.consent_id if consent else "")
            consents += [consent] if consent else []
    if not consents and terms.kind != "synthetic":
        return Decision(
            "replica.kind",
            f"The licence of {name} is for a replica of a real person ({terms.kind}), and neither a face nor a voice "
            "with a person's consent is in its file; correct it.",
        )
    if not consents and terms.approval is not ApprovalLevel.FULLY_SYNTHETIC:
        return Decision("licence.approval", f"The licence of {name} claims an approval nobody gave; correct it.")
    if actor.record.age < 18:
        return Decision("age.adult", f"{name} is given as {actor.record.age}; only adults of 18 or over can perform.")
    try:
        ended = bool(terms.ends_on) and datetime.date.fromisoformat(terms.ends_on) < today
    except ValueError:
        return Decision("licence.date", f"The licence of {name} ends on '{terms.ends_on}', which is no date.")
    if ended:
        return Decision(
            "licence.ended", f"The licence of {name} ended on {terms.ends_on}; ask the licensor to renew it."
        )
    if purpose not in terms.purposes:
        allowed = ", ".join(terms.purposes) or "nothing"
        return Decision("licence.purpose", f"The licence of {name} allows {allowed}, not {purpose}.")
    ends_on = terms.ends_on
    for consent in consents:
        ends_on = earlier(ends_on, consent.ends_on)
    return Decision(origin.rule, "", ends_on, " ".join(dict.fromkeys(consent.consent_id for consent in consents)))


def _origin(actor: Actor, name: str) -> Decision:
    pin = pinned().get(actor.name)
    if pin is not None and (pin.actor, pin.licence) == (actor.digest, licence_digest(actor.licence)):
        return Decision("house.pinned")
    if not actor.licence_jws:
        if pin is not None:
            return Decision("house.changed", f"{name} is not the house actor of this version: the file was changed.")
        return Decision(
            "licence.missing", f"{name} has no signed licence; make the actor on this machine or ask its maker for one."
        )
    try:
        signed = tokens.open_token(actor.licence_jws, trusted_licensors(), f"The licence of {name}")
    except NotAllowed as error:
        return Decision("licence.signature", str(error))
    if tokens.canonical(signed) != tokens.canonical(_signed_form(actor.licence)):
        return Decision("licence.changed", f"The licence in {name}'s file is not the one that was signed; restore it.")
    return Decision("licence.signed")


def _signed_form(licence: Licence) -> dict[str, object]:
    return {"schema": "Licence.1", **msgspec.to_builtins(licence)}
