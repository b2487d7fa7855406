"""`dub`: a take in another language."""

from pathlib import Path
from typing import Annotated

import typer

from understudy.cli.options import SeedValue


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command()(dub)


def dub(
    take: Annotated[Path, typer.Argument(help="A .take.", show_default=False)],
    text: Annotated[
        Path | None, typer.Option("--text", help="The translation, one line a line; without it the lines are shown.")
    ] = None,
    language: Annotated[str, typer.Option("--language", help="es-ES, de-DE, fr-FR, it-IT, en-GB, en-US.")] = "",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Where the new take goes.")] = None,
    actor: Annotated[str, typer.Option("--actor", help="Who speaks; without it the actor of the take.")] = "",
    engine: Annotated[str, typer.Option("--engine", help="Engine or engine/voice; see understudy doctor.")] = "",
    lexicon: Annotated[Path | None, typer.Option("--lexicon", help="How names are said.")] = None,
    seed: SeedValue = 0,
) -> None:
    """Dub a take: the same performance in another language, with its own lips."""
    from understudy import voice
    from understudy.base.errors import BadInput
    from understudy.hub.performance import Performance
    from understudy.production.dub import dub as make
    from understudy.production.dub import lines_of

    original = Performance.open(take)
    if text is None:
        for said in lines_of(original):
            typer.echo(said.text or f"(words not known, {said.start_s:.1f} to {said.end_s:.1f} s)")
        typer.echo("Translate these, one line each, then: understudy dub ... --text FILE --language es-ES", err=True)
        return
    if not language or output is None:
        raise BadInput("Say the language and where the take goes: --language es-ES -o take-es.take")
    if output.suffix != ".take":
        raise BadInput(f"{output.name} is not the name of a take; end it in .take.")
    if not text.is_file():
        raise BadInput(f"There is no text at {text}; give the file with the translation, one line a line.")
    words = text.read_text("utf-8", errors="replace")
    names = voice.read_lexicon(lexicon) if lexicon else {}
    made = make(original, words, language=language, actor=actor, lexicon=names, engine=engine, seed=seed)
    made.take.save(output)
    for order, line in enumerate(made.lines, 1):
        was = line.original.end_s - line.original.start_s
        typer.echo(
            f"{order:3}  at {line.start_s:6.2f} s  {line.end_s - line.start_s:5.2f} s for {was:5.2f} s  "
            f"pace {line.pace:.2f}  {line.text[:60]}"
        )
    for remark in made.remarks:
        typer.echo(f"note: {remark}", err=True)
    typer.echo(f"{output}, {made.take.duration_s:.1f} s. Film it: understudy render {output} -o clip.mp4")
