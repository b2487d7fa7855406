"""Actors with an avatar for tests: Gaussians as they are sown, fitted through the same door as trained ones."""

import hashlib
from functools import lru_cache

from understudy.hub.actor import Actor
from understudy.hub.avatar import Avatar
from understudy.hub.body import Body
from understudy.production.avatar import fitted


def with_avatar(actor: Actor | str = "emi", count: int = 4000) -> Actor:
    """Returns an actor with about `count` Gaussians, licensed by this installation."""
    known = Actor.open(actor) if isinstance(actor, str) else actor
    return fitted(known, sown(known.body_glb, count))


@lru_cache(maxsize=4)
def sown(body_glb: bytes, count: int = 4000) -> Avatar:
    """Returns the first, untrained Gaussians of a body."""
    from understudy.render.splat.seeding import sow

    return sow(Body.decode(body_glb), hashlib.sha256(body_glb).hexdigest(), count, 0, "raster")
