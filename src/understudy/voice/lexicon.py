"""The words a project says its own way: `lexicon.txt`.

One word a line, `word = how`, where how is ARPABET phones in capitals with stress digits
(`Siobhan = SH AH0 V AO1 N`) or a respelling in plain letters (`Nguyen = win`). `#` starts a comment.
"""

from collections.abc import Mapping
from pathlib import Path

from understudy.base.channels import PHONES, VOWELS
from understudy.base.errors import BadInput


def read_lexicon(path: Path) -> dict[str, str]:
    """Reads a lexicon. Raises BadInput naming the file, the line and what is wrong with it."""
    if not path.is_file():
        raise BadInput(f"There is no lexicon at {path}; write one word a line, as in: Siobhan = SH AH0 V AO1 N")
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not a text file in UTF-8; save it as UTF-8.") from error
    lexicon: dict[str, str] = {}
    for number, row in enumerate(text.splitlines(), 1):
        entry = row.split("#")[0].strip()
        if not entry:
            continue
        word, equals, how = (part.strip() for part in entry.partition("="))
        if not (word and equals and how) or " " in word:
            raise BadInput(
                f"{path} line {number} is not 'word = how': '{row.strip()}'; write one word, '=', its phones."
            )
        if word.casefold() in lexicon:
            raise BadInput(f"{path} line {number} gives '{word}' a second time; keep one of the two lines.")
        wrong = [p for p in how.split() if how.isupper() and p.rstrip("012") not in PHONES]
        if wrong:
            raise BadInput(
                f"{path} line {number}: '{wrong[0]}' is not an ARPABET phone; use {' '.join(PHONES[:4])} … or a "
                "respelling in small letters."
            )
        lexicon[word.casefold()] = how
    return lexicon


def entry(lexicon: Mapping[str, str], word: str) -> tuple[str, tuple[str, ...]] | None:
    """Returns (spelling for the engine, phones or ()) of a word in the lexicon, None when it is not there.

    Raises BadInput for phones that are not ARPABET (a lexicon that did not come from a file is not checked before).
    """
    how = lexicon.get(word.casefold(), lexicon.get(word))
    if how is None:
        return None
    if not how.isupper():
        return how, ()
    phones = tuple(how.split())
    wrong = [p for p in phones if p.rstrip("012") not in PHONES]
    if wrong:
        raise BadInput(f"The lexicon gives '{word}' the phone '{wrong[0]}', which is not ARPABET; correct that entry.")
    vowels = [i for i, p in enumerate(phones) if p.rstrip("012") in VOWELS]
    if vowels and not any(phones[i].endswith("1") for i in vowels):
        phones = tuple(
            p.rstrip("012") + ("1" if i == vowels[0] else "0") if i in vowels else p for i, p in enumerate(phones)
        )
    return word, phones
