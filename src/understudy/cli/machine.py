"""`doctor`: what works here and what would unlock more."""

import platform
import shutil
import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

import typer


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command()(doctor)


def doctor() -> None:
    """Show what works on this machine and what would unlock more."""
    import os

    _row(
        True, "Python", f"{sys.version.split()[0]} on {platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    )
    _graphics()
    _neural()
    _film()
    _voices()
    _provenance()
    _extras()


def _row(works: bool, name: str, words: str) -> None:
    typer.echo(f"{'ok  ' if works else '-   '}{name:12} {words}")


def _graphics() -> None:
    from understudy import render
    from understudy.base.errors import Unavailable

    try:
        _row(True, "graphics", render.survey())
    except Unavailable as error:
        _row(False, "graphics", str(error))


def _neural() -> None:
    from understudy import render
    from understudy.base.errors import Unavailable

    try:
        _row(True, "neural", f"{render.survey_neural()}; for actors with an avatar: understudy avatar train")
    except Unavailable as error:
        _row(False, "neural", str(error))


def _film() -> None:
    from understudy import render
    from understudy.base.errors import Unavailable

    try:
        _row(True, "film", render.survey_film())
    except Unavailable as error:
        _row(False, "film", str(error))


def _voices() -> None:
    from understudy import voice

    for installed in voice.survey():
        _row(installed.works, f"voice {installed.card.name}", installed.words)


def _provenance() -> None:
    from understudy.base.folders import home

    free = shutil.disk_usage(home().parent if home().parent.exists() else "/").free / 1e9
    _row(True, "provenance", f"c2pa-python {_version('c2pa-python')}; keys and ledger in {home()} ({free:.0f} GB free)")


def _extras() -> None:
    from understudy.judge.recognisers import has_dlib

    made = all(find_spec(name) for name in ("anny", "torch"))
    words = (
        "new actors can be cast"
        if made
        else "to cast new actors: pip install 'understudy[cast]' (PyTorch for the CPU is enough)"
    )
    _row(made, "casting", words)
    faces = has_dlib()
    _row(
        faces,
        "judge",
        "identity is judged by dlib's face network"
        if faces
        else "identity is judged by our own small network; for dlib's: pip install 'understudy[judge]'",
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"
