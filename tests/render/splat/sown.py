"""A small avatar that nobody trained, for tests."""

import hashlib
from dataclasses import replace
from functools import cache

from understudy.hub.actor import Actor
from understudy.hub.avatar import MEMBER
from understudy.hub.body import Body


@cache
def sown(count: int = 3000) -> Actor:
    """Returns Emi with so many Gaussians."""
    from understudy.render.splat.seeding import sow

    emi = Actor.open("emi")
    body = Body.decode(emi.body_glb, "Emi")
    data = sow(body, hashlib.sha256(emi.body_glb).hexdigest(), count, 1, "raster").encode()
    return replace(emi, files={**emi.files, MEMBER: data})
