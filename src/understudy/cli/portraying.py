"""`avatar train --video`: a person who signed for it becomes an actor."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from understudy.production.portraying import PortrayalOptions
    from understudy.production.progress import Listener


def from_video(
    actor: str,
    video: Path,
    output: Path,
    takes: tuple[Path, ...],
    consent: Path | None,
    plate: Path | None,
    options: "PortrayalOptions",
    listener: "Listener",
) -> None:
    """Makes the actor and prints how near it came, and what was assumed."""
    from understudy.base.errors import BadInput
    from understudy.cli.voices import read_consent
    from understudy.production.portraying import portray

    token = read_consent(consent)
    if len(takes) != 1 and token:
        raise BadInput("How the person moves in the video must be known; give its one take with --take.")
    take = takes[0] if takes else Path()
    done = portray(actor, video, output, take=take, consent=token, plate=plate, options=options, listener=listener)
    typer.echo(
        f"{done.path}: a person's face, allowed by {done.consent_id} until {done.ends_on}; "
        f"avatar of {done.bytes / 1e6:.2f} MB, {done.steps} steps"
    )
    named = {"expression": "moments held out", "training": "moments it knew"}
    for name, (psnr_db, ssim) in done.scores.items():
        typer.echo(f"  {named.get(name, name):16s} {psnr_db:5.2f} dB  SSIM {ssim:.3f}")
    for note in done.notes:
        typer.echo(f"  {note}")
    typer.echo(f"Film with it: understudy perform scene.fountain --look neural --actor {done.path} -o scene.mp4")
