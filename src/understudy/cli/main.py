"""`understudy`: one command a craft."""

import os
import sys

import typer

from understudy import __version__
from understudy.base.errors import UnderstudyError
from understudy.cli import (
    acting,
    actors,
    benching,
    casting,
    comparing,
    directing,
    dubbing,
    exchanging,
    facebench,
    film,
    judging,
    live,
    machine,
    marks,
    memories,
    mocap,
    singing,
    sitting,
    streaming,
    trade,
    voices,
)

app = typer.Typer(
    name="understudy",
    help="An AI-actor engine: a script goes in, a labelled and signed film of a synthetic actor comes out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
film.register(app)
acting.register(app)
voices.register(app)
singing.register(app)
dubbing.register(app)
directing.register(app)
comparing.register(app)
mocap.register(app)
actors.register(app)
casting.register(app)
sitting.register(app)
trade.register(app)
exchanging.register(app)
streaming.register(app)
marks.register(app)
memories.register(app)
judging.register(app)
live.register(app)
facebench.register(app)
benching.register(app)
machine.register(app)


def _version(asked: bool) -> None:
    if asked:
        print(f"understudy {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version."),
) -> None:
    """An AI-actor engine: a script goes in, a labelled and signed film of a synthetic actor comes out."""


def main() -> None:
    """Runs the command line; every known failure is one sentence and an exit code."""
    # OpenBLAS threads spin while they wait, and the cores are needed for drawing; our matrices are small.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        app()
    except UnderstudyError as error:
        _say(str(error))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(0)


def _say(sentence: str) -> None:
    print(f"understudy: {sentence}", file=sys.stderr)


if __name__ == "__main__":
    main()
