"""`export`, `import`, `formats`: takes leave for other tools and come from them."""

from pathlib import Path
from typing import Annotated

import typer

from understudy.cli.options import SeedValue


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command()(export)
    app.command("import")(import_)
    app.command()(formats)


def export(
    takes: Annotated[list[Path], typer.Argument(help="A .take; for subtitles and edits several.", show_default=False)],
    output: Annotated[
        list[Path],
        typer.Option(
            "-o", "--output", help="Where it goes: .csv .glb .usdz .bvh .wav .srt ...; several.", show_default=False
        ),
    ],
    to: Annotated[str, typer.Option("--to", help="The format, when the ending says too little (formats).")] = "",
    actor: Annotated[str, typer.Option("--actor", help="Who plays it; without it, whoever it was made for.")] = "",
    fps: Annotated[float, typer.Option("--fps", help="Frames a second; without it, the format's own.")] = 0.0,
    script: Annotated[
        Path | None, typer.Option("--script", help="The script, whose words subtitles and markers then show.")
    ] = None,
    film: Annotated[Path | None, typer.Option("--film", help="The film that an edit (.otio) is cut from.")] = None,
) -> None:
    """Write a take for another tool: curves, an actor who moves, subtitles, an edit."""
    from understudy.hub.script import Script
    from understudy.production.leaving import export_take

    released = export_take(
        takes,
        output,
        actor=actor,
        form=to,
        rate_hz=fps or None,
        script=Script.open(script) if script else None,
        film=film.name if film else "",
    )
    for file in released:
        size = file.path.stat().st_size
        shown = f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1e3:.1f} kB"
        typer.echo(f"{file.path}: {shown}, recorded, ledger entry {file.ledger_index}.")


def import_(
    source: Annotated[
        Path, typer.Argument(help="A .csv of Live Link Face or ARKit, or our .json.", show_default=False)
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="The .take.", show_default=False)],
    actor: Annotated[str, typer.Option("--actor", help="Who plays it; emi when the file names nobody.")] = "",
    sound: Annotated[Path | None, typer.Option("--sound", help="What was said: any sound file or film.")] = None,
    offset: Annotated[float, typer.Option("--offset", help="Seconds from the first row to the sound.")] = 0.0,
    fps: Annotated[float, typer.Option("--fps", help="Rows a second, where the file cannot say.")] = 0.0,
    mirror: Annotated[bool, typer.Option("--mirror", help="Change left and right.")] = False,
    face_only: Annotated[bool, typer.Option("--face-only", help="No breath and no sway of the body.")] = False,
    seed: SeedValue = 0,
) -> None:
    """Make a take of a performance that was captured, or exported, elsewhere."""
    from understudy.base.errors import BadInput
    from understudy.production.arriving import import_take

    if output.suffix != ".take":
        raise BadInput(f"{output.name} is not the name of a take; end it in .take.")
    got = import_take(
        source,
        actor=actor,
        sound=sound,
        offset_s=offset,
        rate_hz=fps or None,
        mirror=mirror,
        body=not face_only,
        seed=seed,
    )
    got.take.save(output)
    for remark in got.remarks:
        typer.echo(f"note: {remark}", err=True)
    typer.echo(f"{output}, {got.take.duration_s:.1f} s, for {got.take.actor_name}.")
    typer.echo(f"Look at it: understudy plot {output}    Film it: understudy render {output} -o clip.mp4")


def formats() -> None:
    """List the formats a take leaves for and comes from."""
    from understudy.base import plugins
    from understudy.exchange.formats.format import STAGE

    typer.echo(f"{'wav':7} out     the sound alone, signed")
    for name in plugins.names(STAGE):
        form = plugins.load(STAGE, name)
        ways = "in, out" if hasattr(form, "read") else "out    "
        typer.echo(f"{name:7} {ways} {form.card.summary}")
