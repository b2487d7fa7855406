"""`forget`: delete what a character remembers of somebody."""

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command()(forget)


def forget(
    user: Annotated[str, typer.Argument(help="Whom to forget; nobody = list who is remembered.")] = "",
    memory: Annotated[Path | None, typer.Option("--memory", help="The file, when it is not the usual one.")] = None,
) -> None:
    """Delete everything that talks have left behind about somebody on this machine."""
    from understudy.base.errors import UnknownName
    from understudy.dialogue import Memory

    kept = Memory(memory)
    try:
        there = kept.users()
        if not user:
            typer.echo("\n".join(there) if there else "Nobody is remembered here.")
            return
        if user not in there:
            raise UnknownName("user in the memory", user, there)
        typer.echo(f"Forgotten: {kept.forget(user)} entries about {user} are deleted.")
    finally:
        kept.close()
