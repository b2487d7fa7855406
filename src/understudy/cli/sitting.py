"""`avatar`: an actor sits for their neural avatar, or a person is portrayed from a video."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from understudy.cli.options import Output

if TYPE_CHECKING:
    from understudy.production.progress import Listener, Progress
    from understudy.production.sitting import Sat


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    avatar = typer.Typer(no_args_is_help=True, help="Train an actor's neural avatar: film looks in real time.")
    avatar.command("train")(train)
    avatar.command("fit")(fit)
    app.add_typer(avatar, name="avatar")


def fit(
    actor: Annotated[str, typer.Argument(help="A name, or an .actor file.", show_default=False)],
    output: Output,
    avatar: Annotated[Path | None, typer.Option("--avatar", help="A file of avatar.splats; else the house's.")] = None,
) -> None:
    """Put an avatar that is trained already into its actor: the house's own for Emi and Jonah."""
    from understudy.hub.avatar import MEMBER
    from understudy.production.avatar import fit as put

    made = put(actor, output, avatar=avatar)
    typer.echo(f"{output}: {made.record.display_name} with an avatar of {len(made.files[MEMBER]) / 1e6:.2f} MB")
    typer.echo(f"Film with it: understudy perform scene.fountain --look neural --actor {output} -o scene.mp4")


def train(
    actor: Annotated[str, typer.Argument(help="A name, or an .actor file.", show_default=False)],
    output: Output,
    teacher: Annotated[str, typer.Option("--teacher", help="Whose pictures are learned: film or raster.")] = "film",
    views: Annotated[int, typer.Option("--views", help="How many pictures.", min=1)] = 220,
    minutes: Annotated[
        float, typer.Option("--minutes", help="Minutes of computing for learning, after the pictures.")
    ] = 30.0,
    steps: Annotated[
        int, typer.Option("--steps", help="So many steps in place of minutes: the same on every machine.", min=0)
    ] = 0,
    size: Annotated[int, typer.Option("--size", help="Of a picture, pixels along a side.", min=64, max=2048)] = 512,
    count: Annotated[int, typer.Option("--gaussians", help="80000 make about 3 MB.", min=1)] = 80_000,
    seed: Annotated[int, typer.Option("--seed", help="Other views, another training.")] = 1,
    take: Annotated[
        list[Path] | None,
        typer.Option("--take", help="Learn the expressions of this take; give several. Of --video: how it moves."),
    ] = None,
    video: Annotated[
        Path | None, typer.Option("--video", help="Learn a person from this video, on the body of ACTOR.")
    ] = None,
    consent: Annotated[
        Path | None, typer.Option("--consent", help="Of --video: the person's signed consent (.jws).")
    ] = None,
    plate: Annotated[Path | None, typer.Option("--plate", help="Of --video: a picture of the empty set.")] = None,
    shot: Annotated[str, typer.Option("--shot", help="Of --video: close, medium or wide, when it is known.")] = "",
    place: Annotated[str, typer.Option("--place", help="Of --video: the set whose light it has, when known.")] = "",
    keep_shape: Annotated[
        bool, typer.Option("--keep-shape", help="Of --video: shape and textures stay ACTOR's; the neural look learns.")
    ] = False,
) -> None:
    """Train an actor's avatar from pictures of a slow look, or a person's from a video they signed for."""
    if video is not None:
        from understudy.cli.portraying import from_video
        from understudy.production.portraying import PortrayalOptions

        portrayal = PortrayalOptions(shot, place, views, minutes, steps, size, count, seed, not keep_shape)
        from_video(actor, video, output, tuple(take or ()), consent, plate, portrayal, _lines())
        return
    if consent is not None or plate is not None or shot or place or keep_shape:
        from understudy.base.errors import BadInput

        raise BadInput(
            "--consent, --plate, --shot, --place and --keep-shape are about a video; give that with --video."
        )
    from understudy.production.sitting import SittingOptions, sit

    options = SittingOptions(teacher, views, minutes, steps, size, count, seed)
    done = sit(actor, output, options=options, takes=tuple(take or ()), listener=_lines())
    _report(done)


def _report(done: "Sat") -> None:
    typer.echo(f"{done.path}: avatar of {done.bytes / 1e6:.2f} MB, {done.steps} steps")
    named = {"expression": "new expressions", "view": "new angles", "light": "new lights", "training": "views it knew"}
    for name, (psnr_db, ssim) in done.scores.items():
        typer.echo(f"  {named.get(name, name):16s} {psnr_db:5.2f} dB  SSIM {ssim:.3f}")
    if done.frechet is not None:
        distance, floor = done.frechet
        typer.echo(f"  Frechet distance of new views {distance:.2f}, floor {floor:.2f}; {done.features}")
    typer.echo(f"Film with it: understudy perform scene.fountain --look neural --actor {done.path} -o scene.mp4")


def _lines() -> "Listener":
    import sys
    import time

    last = 0.0

    def listen(progress: "Progress") -> None:
        nonlocal last
        if time.monotonic() - last < 5.0:
            return
        last = time.monotonic()
        left = "" if progress.left_s is None else f", {progress.left_s / 60:.1f} min left"
        share = 100 * progress.film_s / max(progress.expected_s, 1e-9)
        print(f"{progress.note}: {share:.0f} %{left}", file=sys.stderr, flush=True)

    return listen
