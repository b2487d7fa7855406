"""`actors`, `places`, `cast build`: who and where."""

from pathlib import Path
from typing import Annotated

import typer

from understudy.cli.options import Output


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command()(actors)
    app.command()(places)
    cast = typer.Typer(help="Make actors (extra [cast]).", no_args_is_help=True)
    cast.command("build")(build)
    app.add_typer(cast, name="cast")


def actors() -> None:
    """List the house actors; none of them is a real person."""
    from understudy.hub.actor import Actor, house_actors

    for name in house_actors():
        record = Actor.open(name).record
        typer.echo(f"{name:10} {record.display_name}, {record.age}. {record.summary or record.persona.description}")


def places() -> None:
    """List the sets."""
    from understudy.hub.place import Place
    from understudy.hub.place import places as known

    for name in known():
        typer.echo(f"{name:10} {Place.open(name).description}")


def build(
    recipe: Annotated[Path, typer.Argument(help="A recipe (.toml).", show_default=False)],
    output: Output,
) -> None:
    """Build an actor from a recipe."""
    from understudy.production.hire import hire

    actor = hire(recipe, output, tell=lambda words: typer.echo(words, err=True))
    typer.echo(
        f"{output}: {actor.record.display_name}, {output.stat().st_size / 1e6:.1f} MB, digest {actor.digest[:16]}."
    )
