"""From the bytes of a file to text, in whatever encoding a writer's tools left it."""

import re
from pathlib import Path

from understudy.base.errors import BadInput

LARGEST_BYTES = 5_000_000
"""About forty screenplays; more is not a script."""

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_FORMATS = {b"%PDF": "a PDF", b"PK\x03\x04": "a zip, Word or Final Draft archive", b"{\\rtf": "an RTF document"}
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_PRIVATE = re.compile("[\ue000-\uf8ff]")


def read_text(path: Path) -> tuple[str, str]:
    """Returns the text of a file, newlines as '\\n', and a remark about its encoding ('' when it is Unicode).

    Raises BadInput: no such file, too large, binary, a document of another format.
    """
    if not path.is_file():
        raise BadInput(f"There is no script at {path}; give the path of a .fountain or .txt file.")
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise BadInput(f"{path} is larger than {LARGEST_BYTES // 1_000_000} MB, too large for a script; split it.")
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror}); check its permissions.") from error
    return decoded(data, str(path))


def decoded(data: bytes, where: str) -> tuple[str, str]:
    """Returns the text of bytes and a remark about their encoding. Raises BadInput for what is not text."""
    for magic, kind in _FORMATS.items():
        if data.startswith(magic):
            raise BadInput(f"{where} is {kind}, not plain text; export it as Fountain or as plain text.")
    remark = ""
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), "") or _unmarked_utf16(data)
    try:
        text = data.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        if encoding:
            raise BadInput(f"{where} is damaged text ({encoding}); save it again as UTF-8.") from error
        text = data.decode("cp1252", errors="replace").replace("\ufffd", "?")
        remark = "The file is not UTF-8; it was read as Western European (Windows-1252): check its accents and quotes."
    if len(_CONTROLS.findall(text)) > len(text) / 100:
        raise BadInput(f"{where} is not a text file; give a Fountain or plain text script.")
    return tidy(text), remark


def tidy(text: str) -> str:
    """Returns text with '\\n' newlines and without control and private-use characters."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n")
    return _PRIVATE.sub("", _CONTROLS.sub("", text)).replace("\u2028", "\n").replace("\x85", "\n").replace("\x0b", "\n")


def _unmarked_utf16(data: bytes) -> str:
    """Guesses UTF-16 without a byte-order mark: most characters of Western text then have a zero byte."""
    head = data[:4000]
    if len(head) < 8 or b"\x00" not in head:
        return ""
    even, odd = head[0::2].count(0) / len(head[0::2]), head[1::2].count(0) / len(head[1::2])
    return "utf-16-le" if odd > 0.6 and even < 0.1 else "utf-16-be" if even > 0.6 and odd < 0.1 else ""
