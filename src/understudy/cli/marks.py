"""`verify`: where a file comes from."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from understudy.rights.report import Report


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command()(verify)


def verify(
    file: Annotated[Path, typer.Argument(help="A film, picture or sound.", show_default=False)],
) -> None:
    """Check a file's label, watermark, manifest and ledger entry."""
    from understudy import rights

    report = rights.verify(file)
    typer.echo(f"{file}: {report.verdict.value}")
    for sentence in report.findings:
        typer.echo(f"  {sentence}")
    for name, value in _facts(report):
        typer.echo(f"  {name:22} {value}")
    raise typer.Exit(report.exit_code)


def _facts(report: "Report") -> list[tuple[str, str]]:
    """Returns the rows of the report that hold something."""
    mark = report.watermark
    if report.watermark_id:
        mark += f", id {report.watermark_id}, {report.watermark_score:.0f} standard deviations above chance"
    rows = [
        ("manifest x watermark", report.matrix),
        ("signer", f"{report.signer}. {report.signer_meaning}".strip(". ") if report.signer else ""),
        ("problems", ", ".join(report.problems)),
        ("actions", ", ".join(report.actions)),
        ("digital source type", report.digital_source_type),
        ("watermark", mark),
        ("AI tag", "present" if report.ai_tag else "absent"),
        ("approval", ", ".join(report.approval)),
    ]
    if report.ledger is not None:
        found = report.ledger
        proof = "inclusion proven" if found.proven else "inclusion NOT proven"
        rows.append(
            (
                "ledger",
                f"entry {found.index} of {found.released_at}, found by {found.found_by}, {proof} under a signed "
                f"checkpoint of {found.checkpoint_size} entries",
            )
        )
    return [(name, value) for name, value in rows if value]
