"""Actors and grants for tests, through the same door as everyone's: a licence is signed, the rules decide."""

from collections.abc import Sequence
from dataclasses import replace

from understudy.hub.actor import Actor, ActorRecord, Identity
from understudy.hub.rights import Grant, Licence, Purpose
from understudy.rights import authorise, sign_licence


def walk_on(
    name: str = "walk-on",
    *,
    age: int = 30,
    kind: str = "synthetic",
    purposes: Sequence[Purpose] = (Purpose.SCRIPTED, Purpose.LIVE_CONVERSATION),
    ends_on: str = "",
    body_glb: bytes = b"glTF",
) -> Actor:
    """Returns a synthetic actor of nobody, licensed by this installation (set UNDERSTUDY_HOME to a scratch folder)."""
    bare = Actor(
        ActorRecord(name, name.title(), age, identity=Identity(kind=kind)),
        body_glb,
        Licence(f"{name}-1", name, "", "the tests", kind=kind, purposes=tuple(purposes), ends_on=ends_on),
    )
    licence = replace(bare.licence, actor_digest=bare.digest)
    return Actor(bare.record, body_glb, licence, sign_licence(licence))


def grant_for(actor: Actor | str = "emi", *, project: str = "tests", script_digest: str = "") -> Grant:
    """Returns a grant for an actor, by default for a house actor."""
    known = Actor.open(actor) if isinstance(actor, str) else actor
    return authorise(known, project=project, script_digest=script_digest)
