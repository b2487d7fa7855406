import ast
import subprocess
import sys
from pathlib import Path

import pytest

import understudy

SOURCE = Path(understudy.__file__).parent


@pytest.mark.parametrize("name", understudy.__all__)
def test_every_public_name_is_there_and_explained(name: str) -> None:
    thing = getattr(understudy, name)
    assert thing.__doc__, f"{name} has no docstring"


def test_importing_understudy_loads_nothing_heavy() -> None:
    code = (
        "import sys, understudy;"
        "heavy = {'torch', 'scipy', 'moderngl', 'av', 'pocketsphinx', 'c2pa', 'matplotlib', 'numpy', 'onnxruntime'};"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_help_loads_no_engine() -> None:
    code = (
        "import sys, understudy.cli.main;"
        "heavy = {'torch', 'scipy', 'moderngl', 'av', 'pocketsphinx', 'c2pa', 'matplotlib', 'numpy'};"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_only_rights_writes_media() -> None:
    """Nothing but the rights stage opens a media file for writing, so nothing leaves without its marks."""
    for path in SOURCE.rglob("*.py"):
        if path.is_relative_to(SOURCE / "rights"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("av.open", "soundfile.write", "sf.write"):
                text = ast.unparse(node)
                writes = "'w'" in text or ast.unparse(node.func) != "av.open"
                in_memory = "stream" in text
                assert not writes or in_memory, f"{path.relative_to(SOURCE)} writes media: {text}"


def test_there_is_no_drawer_for_odds_and_ends() -> None:
    for path in SOURCE.rglob("*.py"):
        assert path.stem not in {"utils", "util", "common", "helpers", "misc"}, path


def test_no_file_is_two_things() -> None:
    for path in SOURCE.rglob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 420, f"{path} is more than one noun or verb"
