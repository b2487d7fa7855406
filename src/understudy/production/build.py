"""How an actor is built, measured once."""

from functools import lru_cache

from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.physique import Physique


@lru_cache(maxsize=8)
def build(actor: Actor) -> Physique:
    """Returns the places of the actor's joints, its surfaces and its hands. Raises BadInput for a damaged body."""
    return Physique.of(Body.decode(actor.body_glb, f"The body of {actor.name}"))
