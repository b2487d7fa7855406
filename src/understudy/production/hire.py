"""A recipe becomes an actor who may work: built by casting, licensed by this installation."""

from collections.abc import Callable
from dataclasses import replace
from importlib import resources
from pathlib import Path

from understudy.base.errors import Unavailable
from understudy.hub.actor import Actor, actors_folder, house_recipe


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


def build_house(name: str, *, tell: Callable[[str], None] = lambda words: None) -> Path:
    """Builds an actor of the house cast into the user's folder, licensed here, and returns the file.

    Raises UnknownName for a name that is not of the house and MissingExtra without the extra `cast`.
    """
    import tempfile

    recipe = house_recipe(name)
    folder = actors_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(
            f"{folder} cannot be made ({error.strerror}); set UNDERSTUDY_HOME to a folder of yours."
        ) from error
    to = folder / f"{name}.actor"
    with tempfile.TemporaryDirectory() as scratch:
        text = Path(scratch) / f"{name}.toml"
        text.write_text(recipe, "utf-8")
        hire(text, to, tell=tell)
    return to
