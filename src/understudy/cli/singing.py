"""`sing`: a score, or a sung guide, becomes a song."""

from pathlib import Path
from typing import Annotated

import typer

from understudy.cli.options import Output, SeedValue


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command()(sing)


def sing(
    output: Output,
    score: Annotated[
        Path | None, typer.Argument(help="A .musicxml, .mxl or .mid file; none with --guide.", show_default=False)
    ] = None,
    actor: Annotated[str, typer.Option("--actor", help="Who sings.")] = "emi",
    words: Annotated[
        Path | None, typer.Option("--words", help="Text to sing; 'hap-py' divides, '_' lets a syllable go on.")
    ] = None,
    guide: Annotated[
        Path | None, typer.Option("--guide", help="A recording whose time, pitch and loudness are followed.")
    ] = None,
    direction: Annotated[str, typer.Option("--direction", help="How, as in a script: 'tender'.")] = "",
    take: Annotated[Path | None, typer.Option("--take", help="Keep face and body of the singer as a .take.")] = None,
    part: Annotated[str, typer.Option("--part", help="Name or number of the part or track.")] = "",
    transpose: Annotated[float, typer.Option("--transpose", help="Semitones up or down.")] = 0.0,
    vibrato: Annotated[float, typer.Option("--vibrato", help="Factor on vibrato; 0 for none.")] = 1.0,
    language: Annotated[str, typer.Option("--language", help="en-US, en-GB, de-DE, es-ES, fr-FR, it-IT.")] = "en-US",
    engine: Annotated[str, typer.Option("--engine", help="Engine or engine/voice; see understudy doctor.")] = "",
    lexicon: Annotated[Path | None, typer.Option("--lexicon", help="How names are said.")] = None,
    seed: SeedValue = 0,
) -> None:
    """Sing a score: it becomes a sound file, and a take when you ask for one."""
    from understudy import script
    from understudy import voice as stage
    from understudy.base.errors import BadInput
    from understudy.production.sing import sing as make

    if (score is None) == (guide is None):
        raise BadInput("Give a score (.musicxml or .mid), or a recording with --guide and its text with --words.")
    if take is not None and take.suffix != ".take":
        raise BadInput(f"{take.name} is not the name of a take; end it in .take.")
    if words is not None and not words.is_file():
        raise BadInput(f"There is no text at {words}; give the file with the words to sing.")
    how = script.direct(direction)
    for word in how.unknown:
        typer.echo(f"note: '{word}' is not a direction I know; it was left out.", err=True)
    made = make(
        score or "",
        output,
        actor=actor,
        words=words.read_text("utf-8", errors="replace") if words else None,
        guide=guide,
        direction=how,
        language=language,
        part=part,
        transpose_st=transpose,
        vibrato=vibrato,
        lexicon=stage.read_lexicon(lexicon) if lexicon else {},
        engine=engine,
        take=take is not None,
        seed=seed,
    )
    for remark in made.remarks:
        typer.echo(f"note: {remark}", err=True)
    lead = f", beats {made.lead_s:.2f} s later than in the score" if made.lead_s else ""
    typer.echo(f"{made.released.path}, {made.speech.duration_s:.1f} s by {made.speech.engine}{lead}.")
    if made.take is not None and take is not None:
        made.take.save(take)
        typer.echo(f"{take}. Film it: understudy render {take} -o clip.mp4")
