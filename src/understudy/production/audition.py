"""From words to an actor: candidates are called, compared with everybody there is, pictured together, and built."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from understudy.base.errors import BadInput
from understudy.base.image import Image, Pixels
from understudy.hub.actor import Actor, actors_folder, built_actors, house_actors, house_recipe, house_recipes
from understudy.hub.rights import Grant, Released
from understudy.production.hire import hire

if TYPE_CHECKING:
    from understudy.casting.calling import Candidate
    from understudy.casting.roster import Neighbour

Tell = Callable[[str], None]

TILE_PX = (320, 400)
CAPTION_PX = 44
BAND = 0.10
"""Height of the band of the label, against the pictures."""
PREVIEW_TEXTURE_PX = 512


def person(source: str) -> str:
    """Returns the recipe text of a house actor, an actor built here, an `.actor` file or a recipe. Raises BadInput."""
    from understudy import casting

    if Path(source).suffix in (".actor", ".toml"):
        return casting.read_people(Path(source))
    if source in house_recipes():
        return house_recipe(source)
    return casting.read_people(_file_of(source))


def everybody() -> dict[str, tuple[float, ...]]:
    """Returns name -> identity vector of the house cast and of the actors built on this machine."""
    from understudy import casting
    from understudy.casting.identity import embed
    from understudy.casting.recipe import parse_recipe

    people = {name: embed(parse_recipe(house_recipe(name))) for name in house_recipes()}
    for name in built_actors():
        if name not in people:
            people[name] = casting.embedding_of(Actor.open(actors_folder() / f"{name}.actor"))
    return people


def compare(candidate: "Candidate", people: dict[str, tuple[float, ...]]) -> "list[Neighbour]":
    """Returns everybody by distance to a candidate. Raises BadInput when one is a near-twin."""
    from understudy import casting

    near = casting.neighbours(candidate.text, people)
    casting.refuse_twin(near, kin=(*candidate.kin, candidate.name))
    return near


def apart(first: str, second: str) -> float:
    """Returns the distance of two people: names, `.actor` files or recipes."""
    from understudy import casting
    from understudy.casting.identity import embed
    from understudy.casting.recipe import parse_recipe

    return casting.distance(*(embed(parse_recipe(person(source))) for source in (first, second)))


def engage(candidate: "Candidate", to: Path, *, tell: Tell = lambda words: None) -> Actor:
    """Builds a candidate at `to` and licenses the actor on this machine."""
    if to.suffix != ".actor":
        raise BadInput(f"{to.name} is not the name of an actor; end it in .actor.")
    with tempfile.TemporaryDirectory() as scratch:
        recipe = Path(scratch) / f"{candidate.name}.toml"
        recipe.write_text(candidate.text, "utf-8")
        return hire(recipe, to, tell=tell)


def contact_sheet(candidates: "Sequence[Candidate]", to: Path, *, tell: Tell = lambda words: None) -> Released:
    """Builds candidates small, pictures each and releases one marked picture of all, with the seed of each below.

    Raises BadInput for a name that is no picture, MissingExtra without the extra `cast`.
    """
    from understudy import rights

    if to.suffix.lower() not in (".png", ".jpg", ".jpeg"):
        raise BadInput(f"{to.name} is not the name of a picture; end it in .png or .jpg.")
    tiles, grants = [], []
    with tempfile.TemporaryDirectory() as scratch:
        for candidate in candidates:
            recipe = Path(scratch) / f"{candidate.name}.toml"
            recipe.write_text(_small(candidate.text), "utf-8")
            actor = hire(recipe, Path(scratch) / f"{candidate.name}-{candidate.seed}.actor", tell=tell)
            grant = rights.authorise(actor, project=to.stem, script_digest=actor.digest)
            tiles.append(
                _captioned(_portrait(actor, grant), f"{candidate.name}, {candidate.age}  seed {candidate.seed}")
            )
            grants.append(grant)
    return rights.release_still(Image(_laid_out(tiles)), to, grant=grants, title=to.stem)


def _file_of(name: str) -> Path:
    if name in built_actors():
        return actors_folder() / f"{name}.actor"
    Actor.open(name)
    raise BadInput(f"{name} carries no recipe; give the path of its recipe or .actor file.")


def _small(text: str) -> str:
    from understudy.casting.editing import edit
    from understudy.casting.recipe import parse_recipe
    from understudy.casting.writing import recipe_text

    return recipe_text(edit(parse_recipe(text), [f"texture_px={PREVIEW_TEXTURE_PX}"]))


def _portrait(actor: Actor, grant: Grant) -> Pixels:
    from understudy import render
    from understudy.hub.frames import Shot, ShotSize
    from understudy.hub.place import Place
    from understudy.production.still import _rest

    shot = Shot(ShotSize.CLOSE, TILE_PX, 60.0, 0.0)
    frames = render.render(
        [_rest({})], actor=actor, place=Place.open("studio"), shot=shot, grant=grant, look="raster", quality="best"
    )
    return np.asarray(next(iter(frames)).image.pixels[:, :, :3])


def _captioned(pixels: Pixels, words: str
               ) -> Pixels:  # fmt: skip
    from PIL import Image as Pil
    from PIL import ImageDraw, ImageFont

    page = Pil.new("RGB", (TILE_PX[0], TILE_PX[1] + CAPTION_PX), (24, 24, 26))
    page.paste(Pil.fromarray(pixels), (0, 0))
    ImageDraw.Draw(page).text((12, TILE_PX[1] + 12), words, fill=(235, 235, 235), font=ImageFont.load_default(18))
    return np.asarray(page, np.uint8)


def _laid_out(tiles: list[Pixels]
              ) -> Pixels:  # fmt: skip
    columns = min(len(tiles), max(3, int(np.ceil(np.sqrt(len(tiles))))))
    blank = np.full_like(tiles[0], 24)
    tiles = [*tiles, *[blank] * (-len(tiles) % columns)]
    rows = [np.concatenate(tiles[i : i + columns], 1) for i in range(0, len(tiles), columns)]
    # the label every picture carries gets a band of its own, so that it covers nobody
    band = np.full((int(BAND * len(rows) * rows[0].shape[0]), rows[0].shape[1], 3), 24, np.uint8)
    return np.concatenate([band, *rows], 0)


def recipes_of_house() -> list[tuple[str, str]]:
    """Returns the whole house cast as (name, 'ships' | 'built here' | 'recipe')."""
    shipped, built = house_actors(), built_actors()
    return [
        (name, "ships" if name in shipped else "built here" if name in built else "recipe") for name in house_recipes()
    ]
