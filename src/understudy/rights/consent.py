"""A person's leave for their voice or their face: written out, signed with their own key, opened with every doubt a no.

A consent is a compact JWS like a licence, but this installation's key does not count for it: whoever makes the voice
cannot sign in the person's place. The person or their agency has a key file of their own, whose public half the
operator adds to the trust store. What a signature cannot show is that the person behind the key is the one who speaks
in the recording; that stays with whoever trusts the key.
"""

import datetime
import hashlib
import os
import secrets
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from understudy.base.errors import BadInput, NotAllowed, Unavailable
from understudy.hub.rights import PROHIBITIONS, Consent, Purpose
from understudy.rights import tokens
from understudy.rights.keys import installation_key, key_id, public_text, trusted_licensors
from understudy.rights.ledger import Ledger, now

SCHEMA = "Consent.1"
VOICE = "voice"
FACE = "face"
PARTS = (VOICE, FACE)
"""What of a person a consent can cover."""
LONGEST_YEARS = 10
"""A consent runs no longer (the limit of the NO FAKES bill for the living)."""


def new_signer(path: Path) -> str:
    """Makes the key file of a person or an agency, for its owner alone, and returns the public half.

    Raises BadInput when there is a file already, Unavailable when it cannot be written.
    """
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
    except FileExistsError as error:
        raise BadInput(
            f"There is a file at {path} already; a key is never written over, choose another name."
        ) from error
    except OSError as error:
        raise Unavailable(f"{path} cannot be written ({error.strerror}); choose a folder of yours.") from error
    return public_text(key)


def read_signer(path: Path) -> Ed25519PrivateKey:
    """Returns the key in a file. Raises BadInput."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise BadInput(f"{path} holds no key that can be read; make one with: understudy consent key.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadInput(f"{path} holds a key of another kind; make one with: understudy consent key.")
    return key


def write_consent(
    *,
    person: str,
    sample_sha256: str,
    purposes: tuple[Purpose, ...],
    uses: str,
    ends_on: str,
    begins_on: str = "",
    covers: tuple[str, ...] = (VOICE,),
) -> Consent:
    """Returns a consent for parts of a person, with the text to be read before it is signed. Raises BadInput.

    covers: of PARTS. sample_sha256: of the one recording, or for a face the one video.
    """
    begins_on = begins_on or now()[:10]
    if not person.strip() or not uses.strip() or not purposes:
        raise BadInput("A consent names the person, the purposes and the use in words; give --person, --use and --for.")
    parts = tuple(part for part in PARTS if part in covers)
    if not parts or set(covers) - set(PARTS):
        raise BadInput(f"A consent covers {' or '.join(PARTS)}; give --covers one of them, or both apart by a comma.")
    begins, ends = _day(begins_on), _day(ends_on)
    if begins is None or ends is None or ends < begins:
        raise BadInput(f"'{ends_on}' is no day on which a consent can end; write it as 2027-05-31, after it begins.")
    if _too_long(begins, ends):
        raise BadInput(f"A consent runs {LONGEST_YEARS} years at most; give an earlier day and renew it then.")
    sample = "video" if FACE in parts else "recording"
    text = (
        f"I, {person}, am 18 or over. I allow {' and '.join(_ALLOWED[part] for part in parts)}, from the "
        f"one {sample} whose SHA-256 is {sample_sha256}. It may be used for: {', '.join(purposes)}. Namely: {uses}. "
        f"From {begins_on} to "
        f"{ends_on}, both days included, and for nothing else: not for "
        f"{', '.join(name.replace('_', ' ') for name in PROHIBITIONS)}. I may withdraw this at any time."
    )
    return Consent(
        consent_id=f"consent-{secrets.token_hex(8)}",
        person=person,
        covers=parts,
        sample_sha256=sample_sha256,
        purposes=purposes,
        uses=uses,
        begins_on=begins_on,
        ends_on=ends_on,
        text=text,
        signed_at=now(),
        adult=True,
    )


def sign_consent(consent: Consent, signer: Ed25519PrivateKey) -> str:
    """Returns the consent as a compact JWS by the person or their agency."""
    return tokens.sign_token({"schema": SCHEMA, **msgspec.to_builtins(consent)}, signer)


def open_consent(token: str, *, sample_sha256: str, today: datetime.date, part: str = VOICE) -> Consent:
    """Returns a consent for one part of the person in one recording or video that holds today.

    Raises NotAllowed: none, unsigned, by a stranger or by this installation itself, changed, not naming the part, for
    another recording, over, not begun, too long, of a minor, withdrawn.
    """
    consent = _signed(token, part)
    sample = "video" if part == FACE else "recording"
    begins, ends = _day(consent.begins_on), _day(consent.ends_on)
    faults = (
        (part not in consent.covers, f"it covers {', '.join(consent.covers) or 'nothing'} and not the {part}"),
        (not consent.adult, f"it does not say that the person is 18 or over, and only adults {_DONE[part]}"),
        (not consent.person or not consent.uses or not consent.purposes, "it names no person or no use"),
        (consent.sample_sha256 != sample_sha256, f"it is for another {sample}; ask for one that names this file"),
        (begins is None or ends is None, "it has no end that is a date"),
        (begins is not None and begins > today, f"it begins on {consent.begins_on}"),
        (ends is not None and ends < today, f"it ended on {consent.ends_on}; ask the person to renew it"),
        (begins is not None and ends is not None and _too_long(begins, ends), f"it runs over {LONGEST_YEARS} years"),
        (withdrawn(consent.consent_id), "the person withdrew it"),
    )
    reason = next((words for failed, words in faults if failed), "")
    if reason:
        raise NotAllowed(f"The consent {consent.consent_id} does not allow this: {reason}.")
    return consent


def consent_named(token: str) -> str:
    """Returns the id of a consent that a trusted person signed, whether or not it still holds. Raises NotAllowed."""
    return _signed(token).consent_id


def consent_digest(token: str) -> str:
    """Returns the SHA-256 hex of a signed consent: how the ledger and a match name it."""
    return hashlib.sha256(token.encode()).hexdigest()


def withdraw(consent_id: str) -> None:
    """Notes that a person took their leave back: from now on nothing is granted or released under it here."""
    Ledger().record("consent.withdrawn", {"consent_id": consent_id}, [f"withdrawn:{consent_id}"])


def withdrawn(consent_id: str) -> bool:
    """Tells whether a consent was withdrawn at this installation."""
    return bool(consent_id and Ledger().find(f"withdrawn:{consent_id}"))


_ALLOWED = {VOICE: "a synthetic voice to be matched to mine", FACE: "a synthetic actor to be given my face"}
_DONE = {VOICE: "have their voices matched", FACE: "are portrayed"}
_WITHOUT = {VOICE: "A person's voice is not matched", FACE: "Nobody is made an actor from a video"}


def _signed(token: str, part: str = VOICE) -> Consent:
    if not token.strip():
        raise NotAllowed(f"{_WITHOUT[part]} without their signed consent; give it with --consent.")
    own = key_id(public_text(installation_key()))
    others = {name: public for name, public in trusted_licensors().items() if name != own}
    payload = tokens.open_token(token.strip(), others, "The consent")
    if payload.pop("schema", "") != SCHEMA:
        raise NotAllowed("The consent is a token of another kind; ask the person for a consent.")
    try:
        return msgspec.convert(payload, Consent)
    except msgspec.ValidationError as error:
        raise NotAllowed(f"The consent is not complete ({error}); ask the person for it again.") from error


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _too_long(begins: datetime.date, ends: datetime.date) -> bool:
    return ends > begins + datetime.timedelta(days=round(LONGEST_YEARS * 365.25))
