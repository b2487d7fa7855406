"""An avatar is put into its actor, whose licence is then signed again: it speaks about all that is drawn."""

import datetime
import hashlib
from dataclasses import replace
from importlib import resources
from pathlib import Path

from understudy.base.errors import BadInput, NotAllowed, UnknownName
from understudy.hub.actor import Actor
from understudy.hub.avatar import MEMBER, Avatar


def house_avatars() -> tuple[str, ...]:
    """Returns the names of the house actors whose trained avatar ships with Understudy."""
    folder = resources.files("understudy") / "house"
    return tuple(sorted(f.name.removesuffix(".splats") for f in folder.iterdir() if f.name.endswith(".splats")))


def fit(actor: Actor | str, to: Path, *, avatar: Path | None = None) -> Actor:
    """Writes the actor with an avatar that is trained already: a file of `avatar.splats`, or the house's own.

    Raises BadInput, UnknownName, NotAllowed.
    """
    who = actor if isinstance(actor, Actor) else Actor.open(actor)
    if to.suffix != ".actor":
        raise BadInput(f"'{to.name}' must end in .actor; choose such a name.")
    if avatar is not None:
        if not avatar.is_file():
            raise BadInput(f"There is no avatar at {avatar}; give a file that holds one.")
        data, where = avatar.read_bytes(), str(avatar)
    elif who.name in house_avatars():
        data = (resources.files("understudy") / "house" / f"{who.name}.splats").read_bytes()
        where = f"The avatar of {who.name}"
    else:
        raise UnknownName("avatar of the house", who.name, list(house_avatars()))
    finished = fitted(who, Avatar.decode(data, where))
    finished.save(to)
    return finished


def fitted(actor: Actor, avatar: Avatar) -> Actor:
    """Returns the actor with this avatar in place of any other, licensed by this installation on the same terms.

    The actor must be of the house or licensed by this installation, and allowed to work as it is. Raises NotAllowed,
    and BadInput for an avatar of another body.
    """
    from understudy import rights

    name = actor.record.display_name or actor.name
    if avatar.record.body_sha256 != hashlib.sha256(actor.body_glb).hexdigest():
        raise BadInput(f"This avatar was trained on another body than that of {name}; train it again.")
    if not rights.licensed_here(actor):
        raise NotAllowed(
            f"{name} is licensed by somebody else, who would have to sign for an avatar; use an actor of yours."
        )
    purpose = next(iter(actor.licence.purposes), None)
    if purpose is None:
        raise NotAllowed(f"The licence of {name} allows nothing, so an avatar would be of no use.")
    decision = rights.decide(actor, purpose, datetime.datetime.now(datetime.UTC).date())
    if not decision.allowed:
        raise NotAllowed(decision.reason)
    bare = replace(actor, files={**actor.files, MEMBER: avatar.encode()})
    licence = replace(
        actor.licence,
        actor_digest=bare.digest,
        licence_id=f"{actor.name}-{bare.digest[:12]}",
        licensor="this installation",
    )
    made = replace(bare, licence=licence, licence_jws=rights.sign_licence(licence))
    rights.authorise(made, purpose=purpose, project=f"avatar of {actor.name}", script_digest=made.digest)
    return made
