"""Fountain's marks of emphasis: found, remembered by word, and taken out of the text."""

import re

_MARK = re.compile(r"(\*{1,3}|_)(?=[^\s*_]|\*+\S|_\S)(.+?)(?<=\S)\1")
_ON, _OFF = "\ue010", "\ue011"
_ESCAPES = {"\\*": "\ue012", "\\_": "\ue013", "\\\\": "\ue014"}
_ESCAPE = re.compile(r"\\[*_\\]")
_DEEPEST = 4


def plain(text: str) -> tuple[str, tuple[int, ...]]:
    """Returns one line without its marks, and the indices of its whitespace-separated words that were stressed.

    *italics*, **bold**, ***both*** and _underlined_ are stress alike; a mark that does not close is text; a backslash
    keeps a star or an underscore as it is.
    """
    if "*" not in text and "_" not in text and "\\" not in text:
        return text, ()
    marked = _ESCAPE.sub(lambda m: _ESCAPES[m.group()], text)
    for _ in range(_DEEPEST):
        marked, changes = _MARK.subn(rf"{_ON}\2{_OFF}", marked)
        if not changes:
            break
    stressed, depth = [], 0
    for index, word in enumerate(marked.split()):
        opened = word.count(_ON)
        if depth or opened:
            stressed.append(index)
        depth += opened - word.count(_OFF)
    clean = marked.replace(_ON, "").replace(_OFF, "")
    for mark, kept in _ESCAPES.items():
        clean = clean.replace(kept, mark[1])
    return clean, tuple(stressed)
