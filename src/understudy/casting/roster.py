"""Is somebody unlike everybody else? Distances from one person to those there already are."""

from collections.abc import Mapping
from dataclasses import dataclass

from understudy.base.errors import BadInput
from understudy.casting.identity import NEAR_TWIN, distance, embed
from understudy.casting.recipe import parse_recipe
from understudy.hub.actor import Actor


@dataclass(frozen=True)
class Neighbour:
    """Somebody there already is, and how far away they are."""

    name: str
    distance: float


def embedding_of(actor: Actor) -> tuple[float, ...]:
    """Returns the identity vector of an actor: the one it carries, else that of its recipe, else none."""
    if actor.record.identity.embedding:
        return tuple(actor.record.identity.embedding)
    recipe = actor.files.get("recipe.toml")
    return embed(parse_recipe(recipe.decode())) if recipe else ()


def neighbours(recipe_text: str, people: Mapping[str, tuple[float, ...]]) -> list[Neighbour]:
    """Returns everybody by distance, nearest first. people: name -> identity vector; those without one are left out."""
    own = embed(parse_recipe(recipe_text))
    found = [Neighbour(name, distance(own, vector)) for name, vector in people.items() if len(vector) == len(own)]
    return sorted(found, key=lambda each: (each.distance, each.name))


def refuse_twin(near: list[Neighbour], *, kin: tuple[str, ...]) -> None:
    """Raises BadInput when somebody is a near-twin of a person they are not made from."""
    for each in near:
        if each.distance < NEAR_TWIN and each.name not in kin:
            raise BadInput(
                f"This face is {each.distance:.2f} from {each.name}, and below {NEAR_TWIN:g} two actors pass for one "
                "another (one actor with other hair stays below, unrelated people lie around 1); take another --seed "
                "or say more about the face."
            )
