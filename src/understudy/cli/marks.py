"""`verify`: where a file comes from."""

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command()(verify)


def verify(
    file: Annotated[Path, typer.Argument(help="A film, picture or sound.", show_default=False)],
) -> None:
    """Check a file's label, watermark, manifest and ledger entry."""
    from understudy import rights

    report = rights.verify(file)
    for row in report.rows():
        typer.echo(row)
    raise typer.Exit(report.exit_code)
