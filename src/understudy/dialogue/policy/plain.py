"""Text as it was meant: look-alike letters, digits for letters, letters set apart and invisible signs are undone."""

import re
import unicodedata
from typing import Final

_ALIKE: Final = str.maketrans(dict(zip("аеорсухіјѕԁһӏɡοαντερκικ", "aeopcyxijsdhlgoavtepkik", strict=False)))
_DIGITS: Final = str.maketrans("013457@$!|", "oieastasil")
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe0f\U000e0000-\U000e007f]")
_APART: Final = re.compile(r"(?<!\w)(?:[^\W_][\s.\-_*·]{1,3}){3,}[^\W_](?!\w)")
_MIXED: Final = re.compile(r"\b(?=\w*[^\W\d_])(?=\w*[013457@$!|])[\w@$!|]{3,}")
_LONGEST: Final = 4_000


def plain(text: str) -> str:
    """Returns lower-case text with one apostrophe, no look-alikes, no stretched letters, words set together."""
    out = unicodedata.normalize("NFKC", text[:_LONGEST]).casefold()
    out = _INVISIBLE.sub("", out).replace("’", "'").replace("`", "'").translate(_ALIKE)
    out = "".join(c for c in unicodedata.normalize("NFD", out) if unicodedata.category(c) != "Mn" or c == "\u0303")
    out = unicodedata.normalize("NFC", out)
    out = _APART.sub(_together, out)
    out = _MIXED.sub(_unleet, out)
    out = re.sub(r"([^\W\d])\1{2,}", r"\1\1", out)
    return " ".join(out.split())


def _together(match: "re.Match[str]") -> str:
    """Returns 'are you human' for 'a r e   y o u   h u m a n': wider gaps part words."""
    words = re.split(r"\s{2,}|(?<=\w)\s+(?=\w[.\-_*·]\w)", match.group())
    return " ".join(re.sub(r"[\s.\-_*·]+", "", word) for word in words)


def _unleet(match: "re.Match[str]") -> str:
    word = match.group()
    if re.fullmatch(r"\d+(?:st|nd|rd|th|s|am|pm|k|m|mg|yo|y|d|h|o)?|[a-z]\d+|\w+[!|]+", word):
        return word
    return word.translate(_DIGITS)
