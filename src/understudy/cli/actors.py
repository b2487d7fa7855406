"""`actors`, `places`: who and where."""

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command()(actors)
    app.command()(places)


def actors() -> None:
    """List the house cast and the actors built here; none of them is a real person."""
    from understudy.hub.actor import Actor, actors_folder, built_actors, house_actors, house_recipe, house_recipes

    built, shipped = built_actors(), house_actors()
    for name in house_recipes():
        if name in shipped or name in built:
            typer.echo(_row(name, "built", Actor.open(name)))
        else:
            from understudy.casting.recipe import parse_recipe

            recipe = parse_recipe(house_recipe(name))
            words = recipe.summary or recipe.persona.description
            typer.echo(f"{name:10} recipe  {recipe.display_name}, {recipe.age}. {words}")
    for name in built:
        if name not in house_recipes():
            typer.echo(_row(name, "yours", Actor.open(actors_folder() / f"{name}.actor")))
    if any(name not in shipped and name not in built for name in house_recipes()):
        typer.echo("A recipe is built once, with the extra [cast]: understudy cast house NAME (or --all).")


def places(
    file: Annotated[
        Path | None,
        typer.Argument(help="Your own picture, film, .hdr, .exr or .glb: say how it lights.", show_default=False),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write it as a Place JSON beside the file, to be edited.")
    ] = None,
) -> None:
    """List the sets, or read the light of your own."""
    from understudy.hub.place import Place
    from understudy.hub.place import places as known

    if file is None:
        for name in known():
            typer.echo(f"{name:12} {Place.open(name).description}")
        return
    from understudy.production.sets import save_set

    place = Place.open(file)
    typer.echo(place.description)
    for light in place.lights:
        x, y, z = light.towards
        typer.echo(f"  {light.name}: towards ({x:.2f}, {y:.2f}, {z:.2f}), irradiance {max(light.colour):.2f}")
    if output is not None:
        save_set(place, output)
        typer.echo(f"{output}: edit it, then use --place {output}")


def _row(name: str, state: str, actor: "Actor") -> str:  # type: ignore[name-defined]  # noqa: F821
    record = actor.record
    words = record.summary or record.persona.description
    return f"{name:10} {state:7} {record.display_name}, {record.age}. {words}"
