"""Compact JWS over canonical JSON (RFC 8785 in RFC 7515, alg Ed25519): the form of grants and signed licences.

The algorithm is fixed, the key comes from our trust store by its id, and a header that brings a key of its own is
refused, so neither algorithm nor key can be swapped by whoever hands the token in.
"""

import base64
import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from understudy.base.errors import NotAllowed
from understudy.rights.keys import installation_key, key_id, public_text

ALGORITHM = "Ed25519"


def canonical(value: Any) -> bytes:
    """Returns the JCS (RFC 8785) bytes of a JSON value."""
    import rfc8785

    return bytes(rfc8785.dumps(value))


def sign_token(payload: Mapping[str, object], signer: Ed25519PrivateKey | None = None) -> str:
    """Returns the payload signed by this installation, or by another signer."""
    from joserfc import jws
    from joserfc.jwk import OKPKey

    key = signer or installation_key()
    private: dict[str, str | list[str]] = {"kty": "OKP", "crv": "Ed25519", "x": public_text(key), "d": _seed(key)}
    header = {"alg": ALGORITHM, "kid": key_id(public_text(key))}
    return str(jws.serialize_compact(header, canonical(payload), OKPKey.import_key(private), algorithms=[ALGORITHM]))


def open_token(token: str, trusted: Mapping[str, str], what: str) -> dict[str, Any]:
    """Returns the payload of a token signed by one of `trusted` (key id -> public key).

    Raises NotAllowed, naming `what`, when the token is malformed, signed by a stranger, or was changed.
    """
    from joserfc import jws
    from joserfc.errors import JoseError
    from joserfc.jwk import OKPKey

    try:
        head = json.loads(_unpack(token.split(".")[0]))
        stranger = not isinstance(head, dict) or set(head) != {"alg", "kid"} or head["alg"] != ALGORITHM
        public = None if stranger else trusted.get(str(head["kid"]))
    except ValueError as error:
        raise NotAllowed(f"{what} is not a signed token; ask the licensor for it again.") from error
    if public is None:
        raise NotAllowed(f"{what} is signed by a key this installation does not trust; add the licensor's key first.")
    try:
        key = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": public})
        payload = json.loads(jws.deserialize_compact(token, key, algorithms=[ALGORITHM]).payload)
    except (JoseError, ValueError) as error:
        raise NotAllowed(f"{what} does not fit its signature; it was changed after signing.") from error
    if not isinstance(payload, dict):
        raise NotAllowed(f"{what} holds no terms; ask the licensor for it again.")
    return payload


def _seed(key: Any) -> str:
    from cryptography.hazmat.primitives import serialization as form

    raw = key.private_bytes(form.Encoding.Raw, form.PrivateFormat.Raw, form.NoEncryption())
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _unpack(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
