"""`actor import`, `actor export`, `actor page`: bodies that come from elsewhere and go elsewhere."""

from pathlib import Path
from typing import Annotated

import typer

from understudy.cli.options import Output


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    actor = typer.Typer(help="Bring your own actor; take one elsewhere.", no_args_is_help=True)
    actor.command("import")(import_)
    actor.command("export")(export)
    actor.command("page")(page)
    app.add_typer(actor, name="actor")


def import_(
    source: Annotated[Path, typer.Argument(help="A head or avatar: .glb or .vrm.", show_default=False)],
    output: Output,
    name: Annotated[str, typer.Option("--name", help="What the actor is called; without it, the file's name.")] = "",
    age: Annotated[int, typer.Option("--age", help="Stated age in years, 18 or more.")] = 0,
    synthetic: Annotated[
        bool, typer.Option("--synthetic", help="I declare that this face shows no real person.")
    ] = False,
    licensor: Annotated[str, typer.Option("--licensor", help="Who grants its use; the author of the avatar.")] = "",
) -> None:
    """Make an actor of a GLB or VRM: ARKit, Oculus, VRM and VRoid shapes are understood."""
    from understudy.production.trade import import_actor

    taken = import_actor(
        source, output, name=name, age=age, synthetic=synthetic, licensor=licensor, tell=lambda row: typer.echo(row)
    )
    typer.echo(f"{output}: {taken.actor.record.display_name}, digest {taken.actor.digest[:16]}.")


def export(
    actor: Annotated[str, typer.Argument(help="A house actor or an .actor file.", show_default=False)],
    output: Output,
    look: Annotated[
        str, typer.Option("--look", help="mesh, or neural: the avatar as Gaussians (.glb; .ply always is).")
    ] = "",
    place: Annotated[str, typer.Option("--place", help="The set whose light falls on Gaussians.")] = "studio",
    take: Annotated[Path | None, typer.Option("--take", help="Gaussians stand as in this take ...")] = None,
    at: Annotated[float, typer.Option("--at", help="... at this second of it.")] = 0.0,
) -> None:
    """Write an actor's body as .glb or .usdz, for Blender, three.js and game engines, or its neural avatar as .ply."""
    from understudy.production.trade import export_actor

    released = export_actor(actor, output, look=look, place=place, take=take, at_s=at)
    size = released.path.stat().st_size / 1e6
    typer.echo(f"{released.path}: {size:.1f} MB, marked and recorded, ledger entry {released.ledger_index}.")


def page(
    actor: Annotated[str, typer.Argument(help="A house actor or an .actor file.", show_default=False)],
    output: Output,
    place: Annotated[str, typer.Option("--place", help="The set (understudy places).")] = "studio",
) -> None:
    """Write one web page with the actor on a set, to turn and to move in any browser."""
    from understudy.production.trade import actor_page

    released = actor_page(actor, output, place=place)
    size = released.path.stat().st_size / 1e6
    typer.echo(f"{released.path}: {size:.1f} MB, marked and recorded, ledger entry {released.ledger_index}.")
