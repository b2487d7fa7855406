"""Who may do what with an actor: the licence it comes with, the grant one job gets, and what leaves the building.

Only `rights.authorise` can make a Grant (it holds the signing key; a Grant checks its own signature when it is made),
renderers ask for one, and only the releases of the rights stage make a Released.
"""

import base64
import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from understudy.base.errors import NotAllowed


class Purpose(StrEnum):
    """What a performance is for."""

    SCRIPTED = "scripted"
    LIVE_CONVERSATION = "live_conversation"
    ADVERTISING = "advertising"


class ApprovalLevel(StrEnum):
    """What a viewer is told about the person behind the picture."""

    FULLY_SYNTHETIC = "fully synthetic"
    PERSON_APPROVED_USE = "person approved the use"
    PERSON_APPROVED_FINAL = "person approved the final"
    ESTATE = "estate approved"


PROHIBITIONS = (
    "sexual", "political", "religious", "medical_or_financial_advice", "hate", "crime_or_self_harm", "endorsement",
    "impersonation", "identity_check", "romance_with_minors", "training", "sublicensing",
)  # fmt: skip


@dataclass(frozen=True)
class Licence:
    """The terms an actor works on. Deny is the answer to anything it does not allow.

    kind: synthetic | employment_based | independently_created | background | voice_only | post_mortem.
    actor_digest: the Actor.digest it speaks about. purposes: allowed ones. prohibitions: names of PROHIBITIONS that
    hold. ends_on: ISO date or '' for none.
    """

    licence_id: str
    actor_name: str
    actor_digest: str
    licensor: str
    kind: str = "synthetic"
    purposes: tuple[Purpose, ...] = (Purpose.SCRIPTED, Purpose.LIVE_CONVERSATION)
    prohibitions: tuple[str, ...] = PROHIBITIONS
    approval: ApprovalLevel = ApprovalLevel.FULLY_SYNTHETIC
    ends_on: str = ""
    terms: str = ""


@dataclass(frozen=True)
class Consent:
    """What one person allows with their voice or their face, signed by them or their agency.

    Whatever it does not name is refused.

    person: who, by the name they sign with. covers: parts of a person ('voice', 'face'). sample_sha256: hex, of the one
    recording it is given for. purposes: allowed ones. uses: what for, in words of the person. begins_on, ends_on: ISO
    dates, both days included. prohibitions: of PROHIBITIONS, all by default. adult: the person is 18 or over. text:
    what was read before signing. signed_at: RFC 3339 UTC.
    """

    consent_id: str
    person: str
    covers: tuple[str, ...]
    sample_sha256: str
    purposes: tuple[Purpose, ...]
    uses: str
    begins_on: str
    ends_on: str
    text: str
    signed_at: str
    prohibitions: tuple[str, ...] = PROHIBITIONS
    adult: bool = False


@dataclass(frozen=True)
class Grant:
    """Leave for one job with one actor.

    token: compact JWS (Ed25519) over the other fields, made by rights.authorise. public_key: raw 32 bytes, base64url.
    issued_at: RFC 3339 UTC. Raises NotAllowed when the signature does not fit the fields.
    """

    actor_name: str
    actor_digest: str
    purpose: Purpose
    project: str
    script_digest: str
    licence_id: str
    approval: ApprovalLevel
    issued_at: str
    public_key: str
    token: str

    def __post_init__(self) -> None:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            head, body, signature = self.token.split(".")
            key = Ed25519PublicKey.from_public_bytes(_unpack(self.public_key))
            key.verify(_unpack(signature), f"{head}.{body}".encode())
            claims = json.loads(_unpack(body))
        except (ValueError, InvalidSignature) as error:
            raise NotAllowed("This grant is not genuine; ask rights.authorise for one.") from error
        if claims != self.claims():
            raise NotAllowed("This grant was changed after it was given; ask rights.authorise for a fresh one.")

    def claims(self) -> dict[str, str]:
        """Returns what the token signs."""
        names = (
            "actor_name",
            "actor_digest",
            "purpose",
            "project",
            "script_digest",
            "licence_id",
            "approval",
            "issued_at",
        )
        return {name: str(getattr(self, name)) for name in names}

    def require(self, actor_name: str, actor_digest: str) -> None:
        """Raises NotAllowed unless this grant is for that very actor."""
        if (self.actor_name, self.actor_digest) != (actor_name, actor_digest):
            raise NotAllowed(
                f"The grant is for {self.actor_name}, and {actor_name} is asked to perform; authorise that actor first."
            )


@dataclass(frozen=True)
class Released:
    """A file that has left the building with all its marks.

    path: the final file. sha256: of its bytes. manifest_id: the C2PA manifest's URN. watermark_id: hex payload of the
    invisible mark ('' for sound). ledger_index: its entry. duration_s: length of the film (0 for a still).
    """

    path: Path
    sha256: str
    manifest_id: str
    watermark_id: str
    ledger_index: int
    duration_s: float = 0.0


def _unpack(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
