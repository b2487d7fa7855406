"""Casting before the camera: words, settings and actors become candidates, each a recipe with its story."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from understudy.base.errors import BadInput
from understudy.casting.brief.choosing import choose
from understudy.casting.brief.reading import read
from understudy.casting.brief.refusal import refuse_name
from understudy.casting.editing import edit
from understudy.casting.mixing import blend, vary
from understudy.casting.recipe import Recipe, parse_recipe
from understudy.casting.writing import recipe_text


@dataclass(frozen=True)
class Candidate:
    """Somebody who could be cast. text: the recipe as TOML, from which `build` makes the actor.

    understood: what the words say, as (words, part of a person). guessed: what was drawn, as (what, how). remarks:
    contradictions and which word won, slips of the pen, words not known. kin: actors this one is made from.
    """

    name: str
    age: int
    text: str
    seed: int
    understood: tuple[tuple[str, str], ...] = ()
    guessed: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()
    kin: tuple[str, ...] = ()


def call_words(words: str, *, seed: int | None = None, name: str = "", settings: Sequence[str] = ()) -> Candidate:
    """Returns the candidate of a brief; without a seed the words themselves give one, so it is always the same person.

    Raises NotAllowed for a minor, a real person or explicit content, BadInput for what cannot be read.
    """
    refuse_name(name)
    reading = read(words)
    if seed is None:
        said = repr(sorted((wish.key, str(wish.value)) for wish in reading.wishes.values())) + repr(reading.age)
        seed = int.from_bytes(hashlib.sha256(said.encode()).digest()[:4], "big") % 100_000
    choice = choose(reading, seed=seed, name=name)
    recipe = edit(choice.recipe, list(settings)) if settings else choice.recipe
    shown = " ".join(words.split())
    head = f"Cast by: understudy cast {shown!r} --seed {seed}" + (f" --set {' '.join(settings)}" if settings else "")
    return Candidate(
        name=recipe.name,
        age=recipe.age,
        text=recipe_text(recipe, head=f"{head}\nA fully synthetic adult who resembles nobody."),
        seed=seed,
        understood=reading.understood,
        guessed=choice.guessed,
        remarks=reading.remarks,
    )


def call_like(recipe: str, *, amount: float, seed: int, name: str, settings: Sequence[str] = ()) -> Candidate:
    """Returns somebody like the person of a recipe text."""
    model = parse_recipe(recipe)
    varied = vary(model, amount=amount, seed=seed, name=_name(name, f"{model.name}-{seed}"))
    return _made(varied, settings, seed, (model.name,), f"--like {model.name} --amount {amount:g} --seed {seed}")


def call_blend(first: str, second: str, share: float, *, name: str, settings: Sequence[str] = ()) -> Candidate:
    """Returns somebody between the people of two recipe texts."""
    a, b = parse_recipe(first), parse_recipe(second)
    mixed = blend(a, b, share, name=_name(name, f"{a.name}-{b.name}"))
    return _made(mixed, settings, mixed.seed, (a.name, b.name), f"--blend {a.name} {b.name} {share:g}")


def call_edited(recipe: str, settings: Sequence[str], *, name: str = "") -> Candidate:
    """Returns the person of a recipe text, changed by `key=value` settings and otherwise themselves."""
    model = parse_recipe(recipe)
    if not settings:
        raise BadInput("Nothing is set; write --set age=60 or --set jaw-width=-0.3.")
    renamed = msgspec.structs.replace(model, name=_name(name, model.name)) if name else model
    if name:
        renamed = msgspec.structs.replace(renamed, display_name=name[:1].upper() + name[1:])
    return _made(renamed, settings, model.seed, (model.name,), f"--set {' '.join(settings)}")


def read_people(path: Path) -> str:
    """Returns the recipe text of a recipe or an `.actor` file. Raises BadInput when the actor carries none."""
    if path.suffix == ".toml":
        from understudy.casting.recipe import read_recipe_text

        return read_recipe_text(path)
    from understudy.hub.actor import Actor

    files = Actor.open(path).files
    if "recipe.toml" not in files:
        raise BadInput(f"{path} carries no recipe, so it cannot be varied, blended or edited; cast one from words.")
    return files["recipe.toml"].decode()


def _made(recipe: Recipe, settings: Sequence[str], seed: int, kin: tuple[str, ...], how: str) -> Candidate:
    edited = edit(recipe, list(settings)) if settings else recipe
    text = recipe_text(edited, head=f"Cast by: understudy cast {how}\nA fully synthetic adult who resembles nobody.")
    return Candidate(name=edited.name, age=edited.age, text=text, seed=seed, kin=kin)


def _name(given: str, otherwise: str) -> str:
    refuse_name(given)
    kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in given.lower()).strip("-")
    return kept or otherwise
