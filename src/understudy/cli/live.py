"""`live`: talk with an actor in the browser."""

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command()(live)


def live(
    actor: Annotated[str, typer.Option("--actor", help="Who talks: a name, or any .actor file.")] = "emi",
    character: Annotated[
        str, typer.Option("--character", help="Who she is: a character's name or .toml file; the actor's own without.")
    ] = "",
    llm: Annotated[
        str, typer.Option("--llm", help="An OpenAI-compatible server, e.g. http://localhost:11434/v1.")
    ] = "",
    model: Annotated[str, typer.Option("--model", help="The model that server is asked for.")] = "",
    voice: Annotated[
        str, typer.Option("--voice", help="Engine or engine/voice; without it the best that is in time here.")
    ] = "",
    place: Annotated[str, typer.Option("--place", help="The set (understudy places).")] = "studio",
    language: Annotated[str, typer.Option("--language", help="What she speaks.")] = "en-US",
    recogniser: Annotated[
        str, typer.Option("--recogniser", help="Who makes words of the microphone: pocketsphinx, whisper.")
    ] = "pocketsphinx",
    turns: Annotated[
        str, typer.Option("--turns", help="How she knows that you have finished: auto, silence, smart (Smart Turn).")
    ] = "auto",
    record: Annotated[Path | None, typer.Option("--record", help="Keep the talk as a .take, to film it later.")] = None,
    look: Annotated[
        str, typer.Option("--look", help="Of the server's own pictures: auto (neural with an avatar), raster, neural.")
    ] = "auto",
    pictures: Annotated[
        int, typer.Option("--pictures", min=0, help="How many pages without a graphics card the server draws for.")
    ] = 1,
    broadcast: Annotated[
        str, typer.Option("--broadcast", help="Show the talk there too: rtmp://host/app/key (YouTube, Twitch, OBS).")
    ] = "",
    host: Annotated[str, typer.Option("--host", help="Where the page is served.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="On which port; 0 takes a free one.")] = 8740,
) -> None:
    """Talk with an actor: opens a page on this machine; type or speak, and interrupt her at any time."""
    from understudy.live.opening import Wishes, open_stage, serve

    stage = open_stage(
        Wishes(
            actor=actor, character=character, llm=llm, model=model, voice=voice, place=place, language=language,
            record=record, recogniser=recogniser, look=look, pictures=pictures,
            broadcast=broadcast, turns=turns,
        ),
        say=lambda sentence: typer.echo(sentence, err=True),
    )  # fmt: skip

    def ready(url: str) -> None:
        typer.echo(f"She waits at {url}    Ctrl-C ends the talk.")
        stage.warm()

    serve(stage, host, port, ready)
