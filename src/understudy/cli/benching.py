"""`bench`: what Understudy measures about itself, in figures."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from understudy.base.errors import BadInput, UnknownName

bench = typer.Typer(help="Measure Understudy on this machine.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.add_typer(bench, name="bench")


@bench.callback()
def _bench() -> None:
    """Measure Understudy on this machine."""


@bench.command()
def live(
    sections: Annotated[str, typer.Argument(help="words,interruptions,crowd,doors,soak,pictures; '' = all.")] = "",
    actor: Annotated[str, typer.Option("--actor", help="Who talks.")] = "emi",
    voice: Annotated[str, typer.Option("--voice", help="Engine or engine/voice.")] = "",
    turns: Annotated[int, typer.Option("--turns", help="Turns of the rows of words.")] = 200,
    crowd: Annotated[int, typer.Option("--crowd", help="Talks at once.")] = 20,
    minutes: Annotated[
        float, typer.Option("--minutes", help="Length of the long talk (10 at most for pictures).")
    ] = 20.0,
    doors: Annotated[int, typer.Option("--doors", help="How often somebody connects and leaves.")] = 200,
    results: Annotated[
        Path | None, typer.Option("--results", help="Keep the table there (.md, and .json beside it), by section.")
    ] = None,
) -> None:
    """Measure a live talk at a client over a local socket; exit code 1 when a row misses its target."""
    from understudy.live.bench.options import LiveBenchOptions
    from understudy.live.bench.table import SECTIONS
    from understudy.production.bench.table import Results, figure, verdict

    if min(turns, crowd, doors) < 1 or minutes <= 0:
        raise BadInput("Numbers of turns, talks, visits and minutes must be positive.")
    wanted = [name for name in sections.split(",") if name] or list(SECTIONS)
    for name in wanted:
        if name not in SECTIONS:
            raise UnknownName("section", name, list(SECTIONS))
    options = LiveBenchOptions(actor, voice, turns, crowd, minutes, doors)
    passed = True
    for name in wanted:
        typer.echo(name)
        rows = []
        for row in SECTIONS[name](options):
            rows.append(row)
            passed &= row.passed is not False
            typer.echo(f"  {verdict(row):4} {row.name:56} {figure(row):>14}   {row.target}")
            typer.echo(f"       {row.how}")
        if results is not None:
            table = results.with_suffix(".md")
            kept = Results.read(table.with_suffix(".json"))
            asked = [a for a in sys.argv[1:] if a not in ("bench", "live") and a != sections]
            kept.rows[name], kept.commands[name] = rows, " ".join(["understudy bench live", name, *asked])
            kept.title, kept.explained = "A live talk", "docs/live.md"
            kept.write(table)
    raise typer.Exit(0 if passed else 1)
