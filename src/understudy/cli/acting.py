"""`animate`, `plot`, and saying a sentence: what ends in sound and motion."""

from pathlib import Path
from typing import Annotated

import typer

from understudy.cli.options import Output, SeedValue


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command()(animate)
    app.command()(plot)


def animate(
    sound: Annotated[Path, typer.Argument(help="Any recording or film with sound.", show_default=False)],
    output: Output,
    text: Annotated[Path | None, typer.Option("--text", help="What is said; better lips when it is known.")] = None,
    actor: Annotated[str, typer.Option("--actor", help="Whose habits to use.")] = "emi",
    seed: SeedValue = 0,
) -> None:
    """Animate an actor to a recording: it becomes a take."""
    from understudy.base.errors import BadInput
    from understudy.production.animate import animate as make

    if output.suffix != ".take":
        raise BadInput(f"{output.name} is not the name of a take; end it in .take.")
    if text is not None and not text.is_file():
        raise BadInput(f"There is no text at {text}; give the file with the words that are said.")
    words = text.read_text(encoding="utf-8", errors="replace") if text else None
    take = make(sound, text=words, actor=actor, seed=seed)
    take.save(output)
    typer.echo(f"{output}, {take.duration_s:.1f} s, phones {take.made_with.get('timing', '')}.")
    typer.echo(f"Look at it: understudy plot {output}    Film it: understudy render {output} -o clip.mp4")


def voice(
    text: Annotated[str, typer.Argument(help="What to say.", show_default=False)],
    output: Output,
    actor: Annotated[str, typer.Option("--actor", help="Whose voice.")] = "emi",
    direction: Annotated[str, typer.Option("--direction", help="How, as in a script: 'subdued sadness'.")] = "",
    language: Annotated[str, typer.Option("--language", help="en-US, en-GB, de-DE, es-ES, fr-FR, it-IT.")] = "en-US",
    engine: Annotated[str, typer.Option("--engine", help="Engine or engine/voice; see understudy doctor.")] = "",
    lexicon: Annotated[Path | None, typer.Option("--lexicon", help="How names are said.")] = None,
    seed: SeedValue = 0,
) -> None:
    """Say a sentence: it becomes a sound file."""
    from understudy import script
    from understudy import voice as stage
    from understudy.production.say import say

    how = script.direct(direction)
    for word in how.unknown:
        typer.echo(f"note: '{word}' is not a direction I know; it was left out.", err=True)
    words = stage.read_lexicon(lexicon) if lexicon else {}
    released, speech = say(
        text, output, actor=actor, direction=how, language=language, lexicon=words, engine=engine, seed=seed
    )
    typer.echo(f"{released.path}, {speech.duration_s:.1f} s by {speech.engine}, phone times {speech.timing}.")


def plot(
    take: Annotated[Path, typer.Argument(help="A .take.", show_default=False)],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="A .png; beside the take without it.")] = None,
) -> None:
    """Draw a take: words, lips, eyes, head and voice on one time line."""
    from understudy import judge
    from understudy.hub.performance import Performance

    target = output or take.with_suffix(".png")
    judge.plot_take(Performance.open(take), target)
    typer.echo(str(target))
