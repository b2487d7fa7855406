"""What no watermark and no C2PA manifest can be put into leaves with words, a signed token and a ledger entry.

C2PA has no binding for glTF, USD, curves or subtitles. So where a format has room the file says what it is, and carries
a token signed by this installation; the ledger keeps the digest of every file, so that each is known again unchanged.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from understudy.hub.actor import Actor
from understudy.hub.rights import Grant, Released
from understudy.rights import aigc, tokens
from understudy.rights.granting import grant_digest, require_genuine
from understudy.rights.ledger import Ledger, now
from understudy.rights.outlet import require_writable, settle, sha256_of, trouble

Make = Callable[[Mapping[str, str]], Mapping[str, bytes]]
"""Marks that must be carried -> the file under '', and what must lie beside it under its name."""


def let_marked_out(
    make: Make,
    to: Path,
    *,
    actors: Sequence[Actor],
    grants: Sequence[Grant],
    title: str,
    kind: str,
    media_type: str,
    facts: Mapping[str, str] | None = None,
) -> Released:
    """Writes what `make` returns, records it and gives it its name. kind: 'model' holds a body, 'performance' does not.

    Raises NotAllowed for a grant that is not genuine or is of another actor, Unavailable; then nothing has that name.
    """
    require_genuine(grants)
    for actor, grant in zip(actors, grants, strict=True):
        grant.require(actor.name, actor.digest)
    to = Path(to)
    require_writable(to.parent, to)
    mark = secrets.token_hex(6)
    said = marks_of(actors, grants, title=title, kind=kind, mark=mark) | dict(facts or {})
    drafts: list[tuple[Path, Path]] = []
    try:
        for name, data in make(said).items():
            final = to if not name else to.parent / name
            require_writable(final.parent, final)
            draft = final.with_name(f".{final.stem}.{secrets.token_hex(4)}.part{final.suffix}")
            drafts.append((draft, final))
            draft.write_bytes(data)
            settle(draft)
        digests = {final.name: sha256_of(draft) for draft, final in drafts}
        digest = digests[to.name]
        event = {
            "kind_of_work": kind,
            "media_type": media_type,
            "sha256": digest,
            "beside": sorted(value for name, value in digests.items() if name != to.name),
            "mark": mark,
            "grants": [grant_digest(grant) for grant in grants],
            "licences": [grant.licence_id for grant in grants],
            "actors": [grant.actor_digest for grant in grants],
            "approval": sorted({str(grant.approval) for grant in grants}),
        }
        index = Ledger().record(f"output.{kind}", event, [f"sha256:{digest}", f"{kind}:{mark}"])
        for draft, final in reversed(drafts):
            draft.replace(final)
    except OSError as error:
        raise trouble(error, to) from error
    finally:
        for draft, _ in drafts:
            draft.unlink(missing_ok=True)
    return Released(to, digest, "", "", index)


def marks_of(actors: Sequence[Actor], grants: Sequence[Grant], *, title: str, kind: str, mark: str) -> dict[str, str]:
    """Returns what leaves with a work: the notice people read, where it comes from, and a token that signs it."""
    names = [actor.record.display_name for actor in actors]
    who = " and ".join(names) + (" is a synthetic actor" if len(names) == 1 else " are synthetic actors")
    approval = ", ".join(sorted({str(grant.approval) for grant in grants}))
    claims = {
        "schema": "Model.1" if kind == "model" else "Motion.1",
        "mark": mark,
        "title": title,
        "actor": ", ".join(actor.name for actor in actors),
        "actor_digest": ", ".join(actor.digest for actor in actors),
        "licence": ", ".join(grant.licence_id for grant in grants),
        "approval": approval,
        "made_at": now(),
    }
    return {
        "notice": f"AI-generated: {who} ({approval}).",
        "digitalSourceType": aigc.SOURCE_TYPE,
        "licence": claims["licence"],
        "actor": claims["actor"],
        "actorDigest": claims["actor_digest"],
        "mark": mark,
        "AIGC": aigc.tag(mark),
        "token": tokens.sign_token(claims),
    }
