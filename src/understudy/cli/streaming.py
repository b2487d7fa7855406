"""`stream`: an actor moves in other programs, live."""

from pathlib import Path
from typing import Annotated

import typer

from understudy.cli.options import SeedValue, size_px


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command()(stream)


def stream(
    source: Annotated[Path | None, typer.Argument(help="A .take, or any recording.", show_default=False)] = None,
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to",
            help="livelink, vmc, osc or websocket; also NAME@HOST:PORT; rtmp://host/app/key is a broadcast; several.",
            show_default=False,
        ),
    ] = None,
    say: Annotated[str, typer.Option("--say", help="Words to speak instead of a recording.")] = "",
    actor: Annotated[str, typer.Option("--actor", help="Who plays it; emi when the source names nobody.")] = "",
    direction: Annotated[str, typer.Option("--direction", help="How the words are said: 'warm, amused'.")] = "",
    host: Annotated[str, typer.Option("--host", help="Where the receiver runs, or websocket listens.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Its port; without it, the usual one.")] = 0,
    fps: Annotated[float, typer.Option("--fps", help="Poses a second.")] = 60.0,
    loop: Annotated[bool, typer.Option("--loop", help="Again and again, until Ctrl-C.")] = False,
    subject: Annotated[str, typer.Option("--subject", help="Live Link: the subject's name; -AI is added.")] = "",
    expressions: Annotated[
        str, typer.Option("--expressions", help="VMC: arkit (perfect sync), vrm0 or vrm1 presets.")
    ] = "arkit",
    size: Annotated[str, typer.Option("--size", help="Of a broadcast's pictures, WIDTHxHEIGHT.")] = "1280x720",
    place: Annotated[str, typer.Option("--place", help="Of a broadcast: the set (understudy places).")] = "studio",
    look: Annotated[
        str, typer.Option("--look", help="Of a broadcast: auto (neural with an avatar), raster, neural.")
    ] = "auto",
    seed: SeedValue = 0,
) -> None:
    """Send live animation to Unreal, VTuber programs, VRChat or your own client."""
    from understudy import script
    from understudy.hub.frames import ShotSize
    from understudy.live.outlets.sending import Sent
    from understudy.live.outlets.streaming import performed, shown_as
    from understudy.live.outlets.streaming import stream as send
    from understudy.live.picture import Framing

    how = script.direct(direction)
    for word in how.unknown:
        typer.echo(f"note: '{word}' is not a direction I know; it was left out.", err=True)
    take = performed(source, say=say, actor=actor, direction=how, seed=seed)
    states = send(
        take,
        to or [],
        actor=actor,
        host=host,
        port=port,
        fps=fps,
        loop=loop,
        subject=subject,
        expressions=expressions,
        framing=Framing(size_px(size), place=place, size=ShotSize.MEDIUM, look=look),
    )
    last = Sent()
    try:
        for last in states:
            if last.poses == 1:
                whole = "again and again, until Ctrl-C" if loop else f"{take.duration_s:.1f} s"
                typer.echo(
                    f"{take.actor_name} to {', '.join(map(shown_as, to or []))}, {fps:g} poses a second, {whole}."
                )
    except KeyboardInterrupt:
        states.close()  # type: ignore[attr-defined]
    stalled = f", {last.stalls} stalls" if last.stalls else ""
    typer.echo(f"Sent {last.poses} poses in {last.seconds:.1f} s{stalled}; recorded.")
