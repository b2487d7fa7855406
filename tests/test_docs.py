"""What the documents show works: their Python runs in order, their commands exist, their links lead somewhere."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md"]
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)
SMALL = (
    "from understudy.production import film as _film\n"
    "_film.perform.__kwdefaults__['options'] = _film.FilmOptions(size_px=(192, 108))\n"
)
"""Before the code of a page: a film of which nothing is said is a small one here."""
COMMAND = re.compile(r"^(?:\$ )?understudy ([a-z]+)([^\n|&]*)", re.MULTILINE)


@pytest.mark.parametrize("page", [p for p in PAGES if PYTHON.search(p.read_text())], ids=lambda p: p.name)
def test_the_python_of_a_page_runs_in_order(page: Path, tmp_path: Path) -> None:
    code = SMALL + "\n".join(PYTHON.findall(page.read_text(encoding="utf-8")))
    ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_the_commands_of_a_page_exist_with_their_options(page: Path) -> None:
    from typer.main import get_command

    from understudy.cli.main import app

    commands = get_command(app).commands  # type: ignore[attr-defined]
    for name, rest in COMMAND.findall(page.read_text(encoding="utf-8")):
        assert name in commands, f"{page.name} shows 'understudy {name}', which does not exist"
        command = commands[name]
        known = {o for p in command.params for o in p.opts} | {"--help"}
        if not hasattr(command, "commands"):
            for option in re.findall(r"(?<!\S)(--?[a-z][\w-]*)", rest):
                assert option in known, f"{page.name}: 'understudy {name}' has no {option}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), f"{page.name} links to {target}, which is not there"
