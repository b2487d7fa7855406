"""`judge`: how good a film is, in figures."""

import json
import math
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from understudy.cli.options import ShotText, SizeText, shot_size, size_px

if TYPE_CHECKING:
    from understudy.hub.performance import Performance
    from understudy.hub.scores import Score, Scores
    from understudy.production.computing import Computing
    from understudy.production.judging import JudgeOptions

_ROW_NAMES = {
    "identity": "identity kept",
    "consistency": "temporal consistency",
    "frechet": "Frechet, preview to film",
    "computing": "computing per second",
}


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command()(judge)


def judge(
    subjects: Annotated[
        list[str],
        typer.Argument(
            help="A film, or a .take with --render; or the word identity and then films, stills and actors.",
            show_default=False,
        ),
    ],
    take: Annotated[Path | None, typer.Option("--take", help="What the film was made from.")] = None,
    actor: Annotated[str, typer.Option("--actor", help="Who is in it; without it, whoever the take names.")] = "",
    against: Annotated[
        Path | None, typer.Option("--against", help="A film of the same take in another look: the reference.")
    ] = None,
    render: Annotated[
        bool, typer.Option("--render", help="Film the take here, to measure computing and to hold the film against.")
    ] = False,
    look: Annotated[str, typer.Option("--look", help="The look that --render films in.")] = "raster",
    size: SizeText = "640x360",
    shot: ShotText = "",
    place: Annotated[str, typer.Option("--place", help="The set that --render films in.")] = "studio",
    network: Annotated[
        str, typer.Option("--network", help="Face network: dlib (extra judge) or sitting; dlib where installed.")
    ] = "",
    inception: Annotated[
        Path | None, typer.Option("--inception", help="Your weights of Inception-v3, .pth or .onnx.")
    ] = None,
    seconds: Annotated[float, typer.Option("--seconds", help="How much of the film is looked at.")] = 90.0,
    output: Annotated[Path | None, typer.Option("--json", help="Write all figures there as well.")] = None,
) -> None:
    """Judge a film: identity, steadiness, preview to film, computing; sync, loudness and lips beside them."""
    from understudy.base.errors import BadInput
    from understudy.hub.frames import Shot, ShotSize
    from understudy.hub.performance import Performance
    from understudy.production.film import FilmOptions
    from understudy.production.judging import JudgeOptions

    options = JudgeOptions(Shot(shot_size(shot) or ShotSize.MEDIUM), network, inception, seconds)
    if subjects[0] == "identity" and not Path("identity").exists():
        _matrix(subjects[1:], options, output)
        return
    if len(subjects) != 1:
        raise BadInput("judge takes one film at a time; to compare faces write: judge identity FILM FILM ...")
    subject = Path(subjects[0])
    if not subject.is_file():
        raise BadInput(f"There is no film at {subject}; give the path of a film, or of a .take with --render.")
    performance = Performance.open(take) if take is not None else None
    wanted = FilmOptions(size_px=size_px(size), shot=options.shot.size, place=place)
    with tempfile.TemporaryDirectory() as folder:
        film, spent = subject, None
        if subject.suffix == ".take":
            if not render:
                raise BadInput(f"{subject.name} is a take; add --render to film it here, or give the film of it.")
            performance = Performance.open(subject)
            film = Path(folder) / f"{subject.stem}.mp4"
            spent = _film(performance, film, actor, look, wanted)
        if render and against is None and performance is not None and (subject.suffix != ".take" or look != "raster"):
            against = Path(folder) / f"{subject.stem}-preview.mp4"
            preview_look = "raster" if subject.suffix == ".take" else look
            _film(performance, against, actor, preview_look, wanted)
        _judge(film, performance, actor, against, options, spent, output)


def _film(take: "Performance", to: Path, actor: str, look: str, options: object) -> "Computing":
    from understudy.cli.progress import shown
    from understudy.production.film import FilmOptions
    from understudy.production.judging import preview

    assert isinstance(options, FilmOptions)
    with shown(f"filming the take, {look}"):
        return preview(take, to, actor=actor, look=look, options=options)


def _judge(
    film: Path,
    take: "Performance | None",
    actor: str,
    against: Path | None,
    options: "JudgeOptions",
    spent: "Computing | None",
    output: Path | None,
) -> None:
    from understudy import judge as stage
    from understudy.production.judging import ROWS, table

    rows = table(film, take=take, actor=actor, against=against, options=options, spent=spent)
    others = stage.film(film, take, seconds=options.seconds)
    typer.echo(f"{film.name}")
    for name in ROWS:
        _row(_ROW_NAMES[name], rows[name])
    typer.echo("")
    for score in (*(s for s in rows if s.name not in ROWS), *others):
        typer.echo(f"  {score}")
    if output is not None:
        _write(output, film.name, rows, others, ROWS)
    raise typer.Exit(0 if rows.passed and others.passed else 1)


def _row(name: str, score: "Score") -> None:
    if math.isnan(score.value):
        typer.echo(f"  {name:26} {'-':>9}  {score.how}")
        return
    verdict = {None: "not judged", True: "pass", False: "FAIL"}[score.passed]
    typer.echo(f"  {name:26} {score.value:9.3f} {score.unit:4} {verdict:10}  target {score.target}")
    typer.echo(f"  {'':26} {score.how}")


def _matrix(subjects: list[str], options: "JudgeOptions", output: Path | None) -> None:
    from understudy.base.errors import BadInput
    from understudy.production.judging import likeness

    if len(subjects) < 2:
        raise BadInput("To compare faces give at least two films, stills or actors: judge identity A B ...")
    names, alike, network = likeness(subjects, options=options)
    typer.echo(f"cosine of faces by {network}")
    wide = max(len(name) for name in names)
    for name, row in zip(names, alike, strict=True):
        typer.echo(f"  {name:{wide}}  " + "  ".join(f"{value:6.3f}" for value in row))
    if output is not None:
        facts = {"network": network, "names": names, "similarity": alike.round(5).tolist()}
        output.write_text(json.dumps(facts, indent=1) + "\n", "utf-8")


def _write(output: Path, film: str, rows: "Scores", others: "Scores", names: tuple[str, ...]) -> None:
    def facts(score: "Score") -> dict[str, object]:
        value = None if math.isnan(score.value) else score.value
        return {
            "name": score.name, "value": value, "unit": score.unit, "target": score.target, "passed": score.passed,
            "how": score.how,
        }  # fmt: skip

    table = [facts(rows[name]) for name in names]
    rest = [facts(s) for s in (*rows, *others) if s.name not in names]
    output.write_text(json.dumps({"film": film, "table": table, "scores": rest}, indent=1) + "\n", "utf-8")
