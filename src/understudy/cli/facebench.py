"""`facebench`: how lips, eyes, lids and head compare with people's, in figures."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from understudy.production.bench.subject import Subject
    from understudy.production.bench.table import BenchOptions, Section


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command()(facebench)


def facebench(
    sections: Annotated[
        str, typer.Argument(help="laws,clips,lips,speech,effort,feelings,controls,film,cost,robust,long; '' = all.")
    ] = "",
    media: Annotated[Path | None, typer.Option("--media", help="A folder with grid/*.mpg and livelink/*.csv.")] = None,
    news: Annotated[
        Path | None, typer.Option("--news", help="Films of talkers with a CSV of their tracked lips beside each.")
    ] = None,
    actor: Annotated[str, typer.Option("--actor", help="On whose face it is measured.")] = "emi",
    who: Annotated[
        str,
        typer.Option("--subject", help="module:function of (sound, text or None) -> Performance; '' = Understudy."),
    ] = "",
    minutes: Annotated[float, typer.Option("--minutes", help="Simulated minutes of each state, for the laws.")] = 10.0,
    utterances: Annotated[int, typer.Option("--utterances", help="Sentences with known phone times.")] = 12,
    tracker: Annotated[
        Path | None, typer.Option("--tracker", help="benchmarks/facebench/track.py, for rows of finished films.")
    ] = None,
    results: Annotated[
        Path | None, typer.Option("--results", help="Keep the table there (.md, and .json beside it), by section.")
    ] = None,
) -> None:
    """Measure lips, eyes, lids and head against people's, with controls that must fail; exit code 1 when a row does."""
    from understudy.production.bench.subject import subject
    from understudy.production.bench.table import SECTIONS, BenchOptions, chosen

    options = BenchOptions(media, news, minutes, utterances, tracker)
    wanted = chosen(sections)
    passed = run(subject(who, actor), options, {name: SECTIONS[name] for name in wanted}, results)
    raise typer.Exit(0 if passed else 1)


def run(subject: "Subject", options: "BenchOptions", sections: "Mapping[str, Section]", results: Path | None) -> bool:
    """Prints the rows of sections as they are measured, keeps them, and returns whether none failed."""
    from understudy.production.bench.table import Results, figure, verdict

    if results is not None:
        results = results.with_suffix(".md")
    passed = True
    for name, section in sections.items():
        typer.echo(f"{name}")
        rows = []
        for row in section(subject, options):
            rows.append(row)
            passed &= row.passed is not False
            within = f"[{row.low:.3g} .. {row.high:.3g}]" if row.low == row.low else ""
            typer.echo(f"  {verdict(row):4} {row.name:68} {figure(row):>14} {within:20} {row.target}")
            if row.how:
                typer.echo(f"       {row.how}")
        if results is not None:
            kept = Results.read(results.with_suffix(".json"))
            kept.rows[name], kept.commands[name] = rows, _command(name)
            kept.write(results)
    return passed


def _command(section: str) -> str:
    """Returns the command line that measures one section again."""
    options = [a for a in sys.argv[1:] if a != "facebench" and not _is_sections(a)]
    return " ".join(["understudy facebench", section, *options])


def _is_sections(argument: str) -> bool:
    from understudy.production.bench.table import SECTIONS

    return bool(argument) and all(part in (*SECTIONS, "peers") for part in argument.split(","))
