"""The process that runs Blender: started once, asked through a pipe, ended when its owner is done.

Blender is one to a process, keeps gigabytes, pins its Python and is GPL; behind a process boundary a crash is one
sentence, memory comes back, and licences stay apart.
"""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self, cast

from understudy.base.errors import Unavailable
from understudy.render.film.blender.wire import Message, receive, send

PYTHON_VARIABLE = "UNDERSTUDY_BLENDER_PYTHON"
"""Names an interpreter that can import bpy, when this one cannot."""


def interpreter(chosen: str = "") -> str:
    """Returns the Python that can run Blender: the chosen one, the one the environment names, or this one.

    Raises Unavailable with what to install.
    """
    named = chosen or os.environ.get(PYTHON_VARIABLE, "")
    if named:
        if not Path(named).is_file():
            raise Unavailable(f"There is no Python at {named}; correct {PYTHON_VARIABLE}.")
        return named
    if find_spec("bpy") is None:
        raise Unavailable(
            "The film look needs Blender as a Python module, which is not installed here; run: "
            f"pip install 'understudy[film]' (Python 3.11), or name a Python that has bpy in {PYTHON_VARIABLE}."
        )
    return sys.executable


class Worker:
    """A running Blender. blender: its version. device: what it traces on, in words."""

    def __init__(self, python: str = "") -> None:
        program = Path(__file__).parent / "blender"
        environment = {**os.environ, "PYTHONNOUSERSITE": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        # the worker must answer to the owner's Ctrl-C only through the pipe that closes
        self._process = subprocess.Popen(
            [interpreter(python), str(program)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        try:
            ready = self._answer()["ready"]
        except Unavailable:
            self.close()
            raise
        self.blender, self.device = str(ready["blender"]), str(ready["device"])

    def ask(self, message: Message) -> Message:
        """Sends a request and returns its answer. Raises Unavailable in one sentence when Blender fails or is gone."""
        assert self._process.stdin is not None
        try:
            send(cast(BinaryIO, self._process.stdin), message)
        except (OSError, ValueError) as error:
            raise self._gone() from error
        return self._answer()

    def close(self) -> None:
        """Ends the process and gives its memory back; safe to call twice."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None and not stream.closed:
                try:
                    stream.close()
                except OSError:
                    continue
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _answer(self) -> Message:
        assert self._process.stdout is not None
        try:
            answer: dict[str, Any] = receive(self._process.stdout)  # type: ignore[arg-type]
        except (EOFError, OSError, ValueError) as error:
            raise self._gone() from error
        if answer.get("kind") == "import":
            raise Unavailable(
                f"That Python cannot load Blender ({answer['error']}); run: pip install 'understudy[film]'."
            )
        if "error" in answer:
            raise Unavailable(f"Blender could not trace this picture ({answer['error']}); try --look raster.")
        return answer

    def _gone(self) -> Unavailable:
        try:
            code = self._process.wait(2)
        except subprocess.TimeoutExpired:
            code = 0
        why = "it was ended from outside, most likely for lack of memory" if code == -9 else f"exit code {code}"
        return Unavailable(
            f"The Blender that traces the film stopped ({why}); free some memory and run the same command again, "
            "which goes on at the next picture."
        )
