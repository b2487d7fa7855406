"""A body leaves the building: with its licence and its origin inside, recorded in the ledger.

C2PA has no binding for glTF or USD, so the file carries a token signed by this installation, and the ledger its
digest; `grants` names who allowed it.
"""

import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from understudy.base.errors import BadInput
from understudy.hub.actor import Actor
from understudy.hub.rights import Grant, Released
from understudy.rights import tokens
from understudy.rights.granting import grant_digest, require_genuine
from understudy.rights.ledger import Ledger, now
from understudy.rights.outlet import require_writable, settle, sha256_of, trouble

_TYPES = {".glb": "model/gltf-binary", ".usdz": "model/vnd.usdz+zip", ".html": "text/html"}
_SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


def release_model(
    make: Callable[[Mapping[str, str]], bytes], to: Path, *, actor: Actor, grant: Grant, title: str
) -> Released:
    """Writes what `make` returns for the marks it must carry: a .glb, .usdz or .html of an actor.

    Raises NotAllowed, BadInput, Unavailable; then nothing has that name.
    """
    require_genuine([grant])
    grant.require(actor.name, actor.digest)
    to = Path(to)
    if to.suffix.lower() not in _TYPES:
        raise BadInput(f"'{to.name}' must end in .glb or .usdz; choose such a name.")
    require_writable(to.parent, to)
    mark = secrets.token_hex(6)
    claims = {
        "schema": "Model.1",
        "mark": mark,
        "title": title,
        "actor": actor.name,
        "actor_digest": actor.digest,
        "licence": grant.licence_id,
        "approval": str(grant.approval),
        "made_at": now(),
    }
    marks = {
        "notice": f"AI-generated: {actor.record.display_name} is a synthetic actor ({grant.approval}).",
        "digitalSourceType": _SOURCE,
        "licence": grant.licence_id,
        "actor": actor.name,
        "actorDigest": actor.digest,
        "mark": mark,
        "token": tokens.sign_token(claims),
    }
    draft = to.with_name(f".{to.stem}.{secrets.token_hex(4)}.part{to.suffix}")
    try:
        draft.write_bytes(make(marks))
        settle(draft)
        digest = sha256_of(draft)
        event = {
            "kind_of_work": "model",
            "media_type": _TYPES[to.suffix.lower()],
            "sha256": digest,
            "mark": mark,
            "grants": [grant_digest(grant)],
            "licences": [grant.licence_id],
            "actors": [grant.actor_digest],
            "approval": [str(grant.approval)],
        }
        index = Ledger().record("output.model", event, [f"sha256:{digest}", f"model:{mark}"])
        draft.replace(to)
    except OSError as error:
        raise trouble(error, to) from error
    finally:
        draft.unlink(missing_ok=True)
    return Released(to, digest, "", "", index)
