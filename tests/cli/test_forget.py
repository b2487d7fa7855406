from pathlib import Path

from typer.testing import CliRunner

from understudy.cli.main import app
from understudy.dialogue.memory import Memory, Noted


def test_somebody_is_forgotten_by_name(tmp_path: Path) -> None:
    path = tmp_path / "m.sqlite"
    Memory(path).note("ada", Noted("likes", "jazz", "You like jazz."))
    run = CliRunner()
    assert run.invoke(app, ["forget", "--memory", str(path)]).stdout == "ada\n"
    unknown = run.invoke(app, ["forget", "bob", "--memory", str(path)])
    assert "choose one of: ada" in str(unknown.exception)
    assert "1 entries about ada" in run.invoke(app, ["forget", "ada", "--memory", str(path)]).stdout
    assert run.invoke(app, ["forget", "--memory", str(path)]).stdout == "Nobody is remembered here.\n"
