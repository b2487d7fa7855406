"""`takes`, `diff`, `blend`, `sheet`: several takes, held against each other and put together."""

from pathlib import Path
from typing import Annotated

import typer

from understudy.cli.directing import EditsFrom, TakeFile, edits_of, lexicon_beside, named_take
from understudy.cli.options import LookText, Output, PlaceText, SeedValue, SizeText, assignments, shot_size, size_px


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command()(takes)
    app.command()(diff)
    app.command()(blend)
    app.command()(sheet)


def takes(
    script: Annotated[Path, typer.Argument(help="A Fountain screenplay or plain text.", show_default=False)],
    output: Annotated[Path, typer.Option("-o", "--output", help="A folder for the takes.", show_default=False)],
    number: Annotated[int, typer.Option("-n", "--number", help="How many readings, 2 to 12.")] = 8,
    actor: Annotated[
        list[str] | None, typer.Option("--actor", help="NAME, or CHARACTER=NAME; may be given several times.")
    ] = None,
    engine: Annotated[str, typer.Option("--engine", help="Engine or engine/voice; see understudy doctor.")] = "",
    seed: SeedValue = 0,
    pictures: Annotated[bool, typer.Option("--sheet/--no-sheet", help="Draw sheet.jpg of all takes.")] = True,
    edits: EditsFrom = None,
) -> None:
    """Play a script in different readings, as far apart as they come."""
    from understudy.base.errors import BadInput
    from understudy.hub.script import Script
    from understudy.production.act import ActOptions
    from understudy.production.readings import readings, save
    from understudy.production.sheet import sheet as make

    if output.suffix:
        raise BadInput(f"{output} is to be a folder; leave out its ending '{output.suffix}'.")
    if output.exists() and not output.is_dir():
        raise BadInput(f"{output} is a file; name a folder for the takes.")
    text = Script.open(script)
    for remark in text.remarks:
        typer.echo(f"note: {remark}", err=True)
    options = ActOptions(seed=seed, engine=engine, lexicon=lexicon_beside(script, None), edits=edits_of(edits) or ())
    made = readings(text, number, actors=assignments(actor or []), options=options)
    files = save(made, output)
    for path, reading in files:
        typer.echo(f"{path}  {reading.words}; {reading.nearest:.2f} steps from the nearest other")
    least = min(reading.nearest for reading in made.readings)
    typer.echo(
        f"The nearest two are {least:.2f} steps apart; the same reading with another seed is {made.seed_distance:.2f}."
    )
    if pictures:
        shown = [
            (path.stem, reading.takes[character])
            for path, reading in files
            for character in reading.takes
            if len(reading.takes) == 1 or f"-{character.lower()}-" in path.name
        ]
        typer.echo(f"{make(shown, output / 'sheet.jpg').path}: marked.")


def diff(
    first: TakeFile,
    second: Annotated[Path, typer.Argument(help="Another.", show_default=False)],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A .png with both on one time line.", show_default=False)
    ] = None,
) -> None:
    """Say what differs between two takes, in words, in figures and in a picture."""
    from understudy import judge
    from understudy.base.errors import BadInput
    from understudy.hub.performance import Performance

    if output is not None and output.suffix.lower() != ".png":
        raise BadInput(f"{output.name} is not the name of a picture; end it in .png.")
    a, b = Performance.open(first), Performance.open(second)
    for sentence in judge.told(a, b):
        typer.echo(sentence)
    typer.echo(f"{'':<24} {first.stem[:8]:>8} {second.stem[:8]:>8}")
    for row in judge.compare(a, b):
        typer.echo(str(row))
    apart = judge.distance(a, b)
    parts = ", ".join(f"{s.name} {s.value:.2f}" for s in apart.scores[1:])
    typer.echo(f"distance {apart['whole'].value:.2f} steps ({parts})")
    if output is not None:
        typer.echo(str(judge.plot_two(a, b, output, (first.stem, second.stem))))


def blend(
    first: TakeFile,
    second: Annotated[Path, typer.Argument(help="Another of the same words.", show_default=False)],
    output: Output,
    weights: Annotated[tuple[float, float], typer.Option("--weights", help="Shares of both.")] = (0.5, 0.5),
    sound: Annotated[str, typer.Option("--sound", help="Whose is heard: first, second, or retimed.")] = "first",
    common: Annotated[
        bool, typer.Option("--common", help="Different words: blend what both say, leave the rest alone.")
    ] = False,
) -> None:
    """Mix two takes of the same words, phone by phone."""
    from understudy.hub.performance import Performance
    from understudy.production.blending import blend as make

    named_take(output)
    made = make(Performance.open(first), Performance.open(second), weights=weights, sound=sound, common=common)
    made.save(output)
    typer.echo(f"{output}, {made.duration_s:.1f} s, {made.made_with['blend']}, sound {sound}.")


def sheet(
    files: Annotated[list[Path], typer.Argument(help="Several .take.", show_default=False)],
    output: Output,
    moments: Annotated[int, typer.Option("--moments", help="Pictures of each take (.png, .jpg).", min=1, max=8)] = 4,
    shot: Annotated[str, typer.Option("--shot", help="close, medium or wide.")] = "close",
    place: PlaceText = "studio",
    size: SizeText = "480x360",
    look: LookText = "raster",
    actor: Annotated[str, typer.Option("--actor", help="Who plays all; without it, whoever each was made for.")] = "",
) -> None:
    """Put takes side by side: .html with clips and scores, or .png or .jpg with moments of each."""
    from understudy.hub.performance import Performance
    from understudy.production.sheet import SheetOptions
    from understudy.production.sheet import sheet as make

    options = SheetOptions(
        moments=moments, place=place, shot=shot_size(shot), size_px=size_px(size), look=look, actor=actor
    )
    opened = [(path.stem, Performance.open(path)) for path in files]
    made = make(opened, output, options=options, tell=lambda name: typer.echo(f"drawing {name}", err=True))
    typer.echo(f"{made.path}: {len(opened)} takes, everything on it labelled, watermarked and signed.")
