"""Casting: a recipe, which is text, becomes an actor.

    recipe -> body -> pose -> surface -> lids, lips -> teeth, lashes, brows, hair, top -> painted skin -> body.glb

Making an actor needs the extra `cast`; using one does not.
"""

from collections.abc import Callable
from pathlib import Path

from understudy.hub.actor import Actor

__all__ = ["build"]


def build(recipe: Path, output: Path, *, tell: Callable[[str], None] = lambda words: None) -> Actor:
    """Makes the actor of a recipe file, writes it to `output` and returns it; `tell` hears what is being done.

    Raises BadInput for a recipe that cannot be used and MissingExtra without the extra `cast`.
    """
    from understudy.casting.pack import cast_build

    return cast_build(recipe, output, tell=tell)
