"""`read`: from a file or a text to a Script, by the reader that knows its kind."""

from dataclasses import replace
from pathlib import Path
from typing import ClassVar, Protocol

from understudy.base import plugins
from understudy.base.errors import BadInput
from understudy.hub.card import Card
from understudy.hub.script import Script
from understudy.script.decode import LARGEST_BYTES, read_text, tidy
from understudy.script.fountain import looks_like_fountain


class Reader(Protocol):
    """A back-end of `understudy.script`: reads one kind of text."""

    card: ClassVar[Card]
    extensions: ClassVar[tuple[str, ...]]

    def read(self, text: str, *, language: str, where: str) -> Script:
        """Returns the Script; `where` names the source in errors. Raises BadInput when nobody speaks."""
        ...


def read(source: Path | str, *, language: str = "en-US") -> Script:
    """Reads a screenplay.

    source: a Path is a file, read by its extension; a str is the text itself, unless it is one line that ends in a
    known extension and then it is a path too. Text that carries a title page or scene headings is read as Fountain
    whatever its extension. What could not be used is in `Script.remarks`. Raises BadInput with one sentence.
    """
    by_extension = _readers()
    path = Path(source) if isinstance(source, Path) or _is_path(source, tuple(by_extension)) else None
    if path is None:
        text, remark, where, extension = tidy(str(source)), "", "The text", ""
        if len(text) > LARGEST_BYTES:
            raise BadInput(f"The text is longer than {LARGEST_BYTES // 1_000_000} million characters; split it.")
    else:
        extension = path.suffix.lower()
        if extension not in by_extension and path.is_file():
            known = ", ".join(sorted(e for e in by_extension if e))
            raise BadInput(f"{path} is no script that can be read ('{extension}'); give one of: {known}.")
        (text, remark), where = read_text(path), str(path)
    if not text.strip():
        raise BadInput(f"{where} is empty; write at least one line of dialogue.")
    name = by_extension[extension]
    if name == "text" and looks_like_fountain(text):
        name = "fountain"
    reader: Reader = plugins.load("script", name)()
    script = reader.read(text, language=language, where=where)
    return replace(script, remarks=(remark, *script.remarks)) if remark else script


def _readers() -> dict[str, str]:
    """Returns extension -> entry-point name of every installed reader."""
    return {
        extension: name for name in plugins.names("script") for extension in plugins.load("script", name).extensions
    }


def _is_path(text: str, extensions: tuple[str, ...]) -> bool:
    return "\n" not in text and len(text) < 1000 and text.lower().endswith(tuple(e for e in extensions if e))
