"""Recipe -> `.actor` file: the built body with its record, its terms and the recipe it came from."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from understudy.casting.assemble import build_body, made_with
from understudy.casting.identity import embed, parameters
from understudy.casting.recipe import Recipe, parse_recipe, read_recipe_text
from understudy.casting.resolve import resolve
from understudy.casting.soundness import head_quads, make_sound
from understudy.hub.actor import Actor, ActorRecord, Identity
from understudy.hub.rights import Licence

PORTRAIT = "portrait.png"


def cast_actor(
    recipe_text: str,
    *,
    licensor: str = "Understudy",
    portrait: bytes = b"",
    tell: Callable[[str], None] = lambda words: None,
) -> Actor:
    """Makes the actor of a recipe; needs the extra `cast`.

    The same text, packages and machine give the same bytes; on another machine, floating point and the OpenGL driver
    may change the last bit of a texel or a vertex. portrait: PNG, made by a renderer afterwards.
    """
    recipe = parse_recipe(recipe_text)
    sound, troubles = make_sound(resolve(recipe), head_quads())
    if troubles:
        tell(f"The shape went too far ({', '.join(troubles)}) and is drawn back.")
    body = build_body(sound)
    record = _record(recipe, recipe_text)
    files = {"recipe.toml": recipe_text.encode()}
    if portrait:
        files[PORTRAIT] = portrait
    terms = Licence(
        licence_id=f"house-{recipe.name}",
        actor_name=recipe.name,
        actor_digest="",
        licensor=licensor,
        terms="Fully synthetic: no person was scanned, photographed or copied.",
    )
    actor = Actor(record=record, body_glb=body, licence=terms, files=files)
    return replace(actor, licence=replace(terms, actor_digest=actor.digest))


def cast_build(recipe_path: Path, actor_path: Path, *, tell: Callable[[str], None] = lambda words: None) -> Actor:
    """Reads a recipe and writes the `.actor` file; keeps the portrait of a file it replaces."""
    text = read_recipe_text(recipe_path)
    tell(f"Casting {parse_recipe(text).display_name}: shape, hair, skin. This takes a minute or two.")
    portrait = b""
    if actor_path.is_file():
        portrait = Actor.open(actor_path).files.get(PORTRAIT, b"")
    actor = cast_actor(text, portrait=portrait, tell=tell)
    actor.save(actor_path)
    return actor


def _record(recipe: Recipe, text: str) -> ActorRecord:
    return ActorRecord(
        name=recipe.name,
        display_name=recipe.display_name,
        age=recipe.age,
        voice=recipe.voice,
        persona=recipe.persona,
        identity=Identity(
            kind="synthetic",
            parameters=parameters(recipe),
            embedding=embed(recipe),
            made_with=made_with(),
            recipe_sha256=hashlib.sha256(text.encode()).hexdigest(),
        ),
        summary=recipe.summary,
    )
