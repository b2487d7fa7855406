"""A recipe becomes an actor who may work: built by casting, licensed by this installation."""

from collections.abc import Callable
from dataclasses import replace
from importlib import resources
from pathlib import Path

from understudy.hub.actor import Actor


def hire(recipe: Path, to: Path, *, tell: Callable[[str], None] = lambda words: None) -> Actor:
    """Builds the actor of a recipe at `to` and signs its licence with this installation's key.

    An actor built into the package's own `house` folder is pinned there instead, so that it performs everywhere. Raises
    BadInput for a recipe that cannot be used and MissingExtra without the extra `cast`.
    """
    from understudy import casting, rights

    actor = casting.build(recipe, to, tell=tell)
    if to.resolve().parent == Path(str(resources.files("understudy"))).resolve() / "house":
        rights.pin_house()
        return actor
    licence = replace(actor.licence, licence_id=f"{actor.name}-{actor.digest[:12]}", licensor="this installation")
    licensed = replace(actor, licence=licence, licence_jws=rights.sign_licence(licence))
    licensed.save(to)
    return licensed
