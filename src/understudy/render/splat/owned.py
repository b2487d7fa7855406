"""The avatar in an actor's file, if it still fits the actor."""

import hashlib

from understudy.base.errors import BadInput
from understudy.hub.actor import Actor
from understudy.hub.avatar import MEMBER, Avatar


def avatar_of(actor: Actor) -> Avatar:
    """Returns the avatar in an actor's file. Raises BadInput when there is none or it was trained on another body."""
    name = actor.record.display_name
    if MEMBER not in actor.files:
        raise BadInput(f"{name} has no neural avatar; train one: understudy avatar train {actor.name}.")
    avatar = Avatar.decode(actor.files[MEMBER], name)
    if avatar.record.body_sha256 != hashlib.sha256(actor.body_glb).hexdigest():
        raise BadInput(
            f"The body of {name} changed after its avatar was trained; train it again: understudy avatar train "
            f"{actor.name}."
        )
    return avatar
