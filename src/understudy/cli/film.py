"""`perform`, `render`, `still`: what ends in pictures."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from understudy.cli.directing import EditsFrom, edits_of
from understudy.cli.options import (
    AlphaFlag,
    FpsValue,
    LookText,
    MoveText,
    Output,
    PassesFolder,
    PlaceText,
    QualityText,
    SeedValue,
    ShotText,
    SizeText,
    assignments,
    camera_move,
    shot_size,
    size_px,
)

if TYPE_CHECKING:
    from understudy.hub.rights import Released
    from understudy.hub.script import Script
    from understudy.production.film import FilmOptions


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command()(perform)
    app.command()(render)
    app.command()(still)


def perform(
    script: Annotated[
        Path,
        typer.Argument(help="A Fountain screenplay or plain text; or a .take, as it was played.", show_default=False),
    ],
    output: Output,
    actor: Annotated[
        list[str] | None, typer.Option("--actor", help="NAME, or CHARACTER=NAME; may be given several times.")
    ] = None,
    size: SizeText = "1280x720",
    fps: FpsValue = 25.0,
    shot: ShotText = "",
    place: PlaceText = "",
    alpha: AlphaFlag = False,
    move: MoveText = "still",
    look: LookText = "raster",
    quality: QualityText = "good",
    passes: PassesFolder = None,
    seed: SeedValue = 0,
    take: Annotated[Path | None, typer.Option("--take", help="Keep the animation as a .take.")] = None,
    srt: Annotated[bool, typer.Option("--srt", help="Write subtitles beside the film.")] = False,
    otio: Annotated[
        bool, typer.Option("--otio", help="Write the edit beside the film: an .otio and a .wav for each voice.")
    ] = False,
    lexicon: Annotated[
        Path | None, typer.Option("--lexicon", help="How names are said: lines of 'word = sounds'.")
    ] = None,
    edits: EditsFrom = None,
) -> None:
    """Perform a script: it becomes a film. A take (of a talk, for instance) is filmed as it was played."""
    if script.suffix == ".take":
        from understudy.base.errors import BadInput

        if take or srt or otio or lexicon or edits or len(actor or []) > 1:
            raise BadInput("A take is filmed as it is; leave out --take, --srt, --otio, --lexicon and --edits.")
        who, place = (actor or [""])[0], place or "studio"
        render(script, output, who, size, fps, shot or "medium", place, alpha, move, look, quality, passes)
        return
    from understudy import voice
    from understudy.cli.progress import shown
    from understudy.hub.script import Script
    from understudy.production.film import FilmOptions
    from understudy.production.film import perform as make

    words = _lexicon_beside(script, lexicon)
    options = FilmOptions(
        size_px=size_px(size),
        fps=fps,
        shot=shot_size(shot),
        place=place,
        alpha=alpha,
        move=camera_move(move),
        look=look,
        quality=quality,
        passes=passes,
        seed=seed,
        take=take,
        srt=srt,
        lexicon=voice.read_lexicon(words) if words else {},
        edits=edits_of(edits) or (),
    )
    text = Script.open(script)
    for remark in text.remarks:
        typer.echo(f"note: {remark}", err=True)
    _foretell(text, look)
    who = assignments(actor or [])
    if otio:
        _perform_with_edit(text, output, who, options)
        return
    with shown("performing") as listener:
        released = make(text, output, actors=who, options=options, listener=listener)
    _tell(released)


def _perform_with_edit(text: "Script", output: Path, who: dict[str, str], options: "FilmOptions") -> None:
    """Performs a script and writes its edit beside the film, from the takes of the film, which are kept when asked."""
    import tempfile
    from dataclasses import replace

    from understudy.cli.progress import shown
    from understudy.production.film import perform as make
    from understudy.production.leaving import export_take, require_ready

    edit = output.with_suffix(".otio")
    require_ready(edit)
    with tempfile.TemporaryDirectory(prefix="understudy-edit-") as scratch:
        kept = replace(options, take=options.take or Path(scratch) / "film.take")
        with shown("performing") as listener:
            released = make(text, output, actors=who, options=kept, listener=listener)
        _tell(released)
        takes = film_takes(text, kept)
        for file in export_take(takes, edit, rate_hz=options.fps, script=text, film=output.name):
            typer.echo(f"{file.path}: recorded, ledger entry {file.ledger_index}.")


def film_takes(text: "Script", options: "FilmOptions") -> list[Path]:
    """Returns the takes that performing a script wrote, in the order of the characters' first shots."""
    from understudy.production.cut import cut
    from understudy.production.film import take_paths

    setups = cut(text, size=options.shot, place=options.place)
    assert options.take is not None
    return take_paths(options.take, list(dict.fromkeys(setup.character for setup in setups)))


def render(
    take: Annotated[Path, typer.Argument(help="A .take.", show_default=False)],
    output: Output,
    actor: Annotated[str, typer.Option("--actor", help="Who plays it; without it, whoever it was made for.")] = "",
    size: SizeText = "1280x720",
    fps: FpsValue = 25.0,
    shot: ShotText = "medium",
    place: PlaceText = "studio",
    alpha: AlphaFlag = False,
    move: MoveText = "still",
    look: LookText = "raster",
    quality: QualityText = "good",
    passes: PassesFolder = None,
) -> None:
    """Film a take, as often as you like: another set, another light, another look."""
    from understudy.cli.progress import shown
    from understudy.production.film import FilmOptions
    from understudy.production.shoot import shoot

    options = FilmOptions(
        size_px=size_px(size),
        fps=fps,
        shot=shot_size(shot),
        place=place,
        alpha=alpha,
        move=camera_move(move),
        look=look,
        quality=quality,
        passes=passes,
    )
    with shown("rendering") as listener:
        released = shoot(take, output, actor=actor, options=options, listener=listener)
    _tell(released)


def still(
    output: Output,
    actor: Annotated[str, typer.Option("--actor", help="Who; a house actor or an .actor file.")] = "",
    take: Annotated[Path | None, typer.Option("--take", help="A moment of this take.")] = None,
    at: Annotated[float, typer.Option("--at", help="Second of the take.")] = 0.0,
    face: Annotated[
        list[str] | None, typer.Option("--face", help="ARKit weight, flush or tears, as jawOpen=0.4; several.")
    ] = None,
    size: SizeText = "1280x720",
    shot: ShotText = "medium",
    place: PlaceText = "studio",
    alpha: AlphaFlag = False,
    look: LookText = "raster",
    quality: QualityText = "best",
    passes: PassesFolder = None,
) -> None:
    """Take one picture of an actor, at rest or in a take."""
    from understudy.hub.frames import ShotSize
    from understudy.production.still import still as make

    released = make(
        output,
        actor=actor,
        take=take,
        at_s=at,
        weights=_weights(face or []),
        place=place or "studio",
        alpha=alpha,
        shot=shot_size(shot) or ShotSize.MEDIUM,
        size_px=size_px(size),
        look=look,
        quality=quality,
        passes=passes,
    )
    _tell(released)


def _weights(texts: list[str]) -> dict[str, float]:
    from understudy.base.errors import BadInput

    weights: dict[str, float] = {}
    for text in texts:
        name, _, value = text.partition("=")
        try:
            weights[name] = float(value)
        except ValueError:
            raise BadInput(f"'{text}' is not a weight; write it as jawOpen=0.4.") from None
    return weights


def _lexicon_beside(script: Path, lexicon: Path | None) -> Path | None:
    """Returns the given lexicon, else `lexicon.txt` in the script's folder when there is one."""
    beside = script.parent / "lexicon.txt"
    return lexicon or (beside if beside.is_file() else None)


def _foretell(text: "Script", look: str) -> None:
    """Says how long a long script will take before it is begun."""
    from understudy.production.cut import cut

    expected_s = sum(setup.expected_s for setup in cut(text))
    if look == "film" and expected_s >= 10:
        typer.echo(
            f"note: about {expected_s:.0f} seconds of film; traced on two CPU cores that takes "
            f"{expected_s * 100 / 3600:.1f} to {expected_s * 250 / 3600:.1f} hours. "
            "Ctrl-C keeps every finished picture.",
            err=True,
        )
    elif expected_s >= 300:
        typer.echo(
            f"note: about {expected_s / 60:.0f} minutes of film; on two CPU cores that takes "
            f"{expected_s / 3600:.1f} to {2.5 * expected_s / 3600:.1f} hours. Ctrl-C keeps what is finished.",
            err=True,
        )


def _tell(released: "Released") -> None:
    length = f", {released.duration_s:.1f} s" if released.duration_s else ""
    typer.echo(f"{released.path}{length}: labelled, watermarked, signed, ledger entry {released.ledger_index}.")
    typer.echo(f"Check it: understudy verify {released.path}")
