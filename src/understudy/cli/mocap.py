"""`mocap`: motion capture on an actor."""

from pathlib import Path
from typing import Annotated

import typer

from understudy.cli.options import Output, SeedValue


def register(app: typer.Typer) -> None:
    """Adds the command of this file."""
    app.command()(mocap)


def mocap(
    motion: Annotated[Path, typer.Argument(help="A .bvh, or an animated .glb.", show_default=False)],
    output: Output,
    actor: Annotated[str, typer.Option("--actor", help="Who moves.")] = "emi",
    sound: Annotated[Path | None, typer.Option("--sound", help="What is said meanwhile.")] = None,
    text: Annotated[Path | None, typer.Option("--text", help="The words of the sound; better lips.")] = None,
    head: Annotated[str, typer.Option("--head", help="file: as recorded; ours: as the face moves it.")] = "file",
    seed: SeedValue = 0,
) -> None:
    """Let an actor move as motion capture does: it becomes a take."""
    from understudy.base.errors import BadInput
    from understudy.production.mocap import act_out

    if output.suffix != ".take":
        raise BadInput(f"{output.name} is not the name of a take; end it in .take.")
    for path in (sound, text):
        if path is not None and not path.is_file():
            raise BadInput(f"There is no file at {path}; give the sound, or the words, that belong to the motion.")
    words = text.read_text(encoding="utf-8", errors="replace") if text else None
    take = act_out(motion, actor=actor, sound=sound, text=words, head=head, seed=seed)
    take.save(output)
    typer.echo(f"{output}, {take.duration_s:.1f} s, the motion of {motion.name} on {actor}.")
    typer.echo(f"Film it: understudy render {output} --shot wide -o clip.mp4")
