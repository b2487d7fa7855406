"""German, Spanish, French and Italian words as sounds: IPA for engines that read it, English phones for the lips.

Each language has rules in `data/foreign.toml`, longest match first, and its words that the rules miss. The aligner's
acoustic model and every later stage know the 39 English phones; each sound is given by the English phone nearest to it
in what the lips and the jaw do (front rounded vowels -> UW and ER, nasal vowels -> their oral vowel and N, German ch
and Spanish j -> HH). Stress follows the rule of each language: Spanish and Italian spelling, the last full syllable in
French, the first of the stem in German.
"""

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib import resources

LANGUAGES = ("de", "es", "fr", "it")

PHONES_OF = {
    "a": "AA", "aː": "AA", "ɐ": "AH", "ɑ̃": "AA N", "ɑ": "AA", "e": "EY", "eː": "EY", "ɛ": "EH", "ɛː": "EH",
    "ɛ̃": "AE N", "ə": "AH", "i": "IY", "iː": "IY", "ɪ": "IH", "o": "OW", "oː": "OW", "ɔ": "AO", "ɔ̃": "AO N",
    "u": "UW", "uː": "UW", "ʊ": "UH", "y": "UW", "yː": "UW", "ʏ": "UH", "ø": "ER", "øː": "ER", "œ": "ER",
    "œ̃": "ER N", "aɪ": "AY", "aʊ": "AW", "ɔø": "OY", "b": "B", "d": "D", "f": "F", "ɡ": "G", "h": "HH", "x": "HH",
    "ç": "HH", "j": "Y", "k": "K", "l": "L", "m": "M", "n": "N", "ŋ": "NG", "ɲ": "N Y", "ʎ": "L Y", "p": "P",
    "r": "R", "ʁ": "R", "ɾ": "R", "s": "S", "ʃ": "SH", "t": "T", "θ": "TH", "v": "V", "w": "W", "ɥ": "W", "z": "Z",
    "ʒ": "ZH", "ʝ": "Y", "tʃ": "CH", "dʒ": "JH", "ts": "T S", "dz": "D Z", "pf": "P F", "β": "B", "ð": "DH", "ɣ": "G",
}  # fmt: skip
"""IPA sound -> English phones. The Spanish b between vowels only narrows the lips; B is still the nearest."""

VOWEL_LETTERS = "aeiouyɑɐəɛɪɔʊʏøœ"
_WEAK_PREFIX = re.compile(r"(?:be|ge|er|ver|zer|ent|emp|miss)(?=[^aeiouäöüy]*[aeiouäöüy].*[aeiouäöüy])")


def spell_foreign(word: str, language: str) -> tuple[str, ...]:
    """Returns a word of 'de', 'es', 'fr' or 'it' as English phones, '1' on the stressed vowel; others as Italian."""
    phones: list[str] = []
    for sound, stressed in sounds(word, language):
        for order, phone in enumerate(PHONES_OF[sound].split()):
            if is_vowel(sound) and order == 0:
                phones.append(phone + ("1" if stressed else "0"))
            elif not phones or phones[-1] != phone:
                phones.append(phone)
    return tuple(phones) or ("AH0",)


@lru_cache(maxsize=4096)  # a server talks for weeks
def sounds(word: str, language: str) -> tuple[tuple[str, bool], ...]:
    """Returns the IPA sounds of a word in order, each with whether it carries the stress."""
    code = language[:2] if language[:2] in LANGUAGES else "it"
    letters = unicodedata.normalize("NFC", word.lower()).replace("’", "'")
    rules, words = _rules(code)
    if letters in words:
        found = words[letters].split()
    else:
        found, at = [], 0
        while at < len(letters):
            for pattern, given in rules:
                match = pattern.match(letters, at)
                if match and match.end() > at:
                    found += given
                    at = match.end()
                    break
            else:
                at += 1
    where = _stress(letters, found, code)
    return tuple((sound, i == where) for i, sound in enumerate(found))


def is_vowel(sound: str) -> bool:
    """Returns whether an IPA sound is a vowel."""
    return sound[0] in VOWEL_LETTERS


def _stress(letters: str, found: list[str], code: str) -> int:
    """Returns the index of the stressed sound, -1 when there is no vowel."""
    vowels = [i for i, sound in enumerate(found) if is_vowel(sound)]
    if not vowels:
        return -1
    if code == "fr":
        full = [i for i in vowels if found[i] != "ə"]
        return (full or vowels)[-1]
    if code == "de":
        full = [i for i in vowels if found[i] not in ("ə", "ɐ")] or vowels
        late = re.search(r"(?:ieren|iert|ierte|ion|tät|ei)$", letters)
        if late:
            return full[-1]
        return full[1] if len(full) > 1 and _WEAK_PREFIX.match(letters) else full[0]
    marked = re.search(r"[áéíóú]" if code == "es" else r"[àèéìòù](?=$)", letters)
    if marked:
        return _vowel_of(letters, marked.start(), found, vowels, code)
    if code == "es" and not re.search(r"[aeiouns]$", letters):
        return vowels[-1]
    return vowels[-2] if len(vowels) > 1 else vowels[-1]


def _vowel_of(letters: str, at: int, found: list[str], vowels: list[int], code: str) -> int:
    """Returns the sound of the vowel letter at `at`: as many vowels stand behind it as the rest of the word has."""
    behind = 0
    rules, _ = _rules(code)
    place = at + 1
    while place < len(letters):
        for pattern, given in rules:
            match = pattern.match(letters, place)
            if match and match.end() > place:
                behind += sum(is_vowel(sound) for sound in given)
                place = match.end()
                break
        else:
            place += 1
    return vowels[max(0, len(vowels) - 1 - behind)]


@cache
def _rules(code: str) -> tuple[list[tuple[re.Pattern[str], list[str]]], dict[str, str]]:
    text = (resources.files("understudy") / "voice" / "data" / "foreign.toml").read_text("utf-8")
    table = tomllib.loads(text)[code]
    rules = []
    for line in table["rules"].splitlines():
        left, _, right = line.strip().rpartition(" = ")
        if left:
            rules.append((re.compile(left), right.replace("-", "").split()))
        elif line.strip():
            rules.append((re.compile(line.strip().removesuffix(" =").strip()), []))
    return rules, table.get("words", {})


def known_sounds() -> frozenset[str]:
    """Returns every sound that some rule or word can give."""
    found: set[str] = set()
    for code in LANGUAGES:
        rules, words = _rules(code)
        found.update(sound for _, given in rules for sound in given)
        found.update(sound for said in words.values() for sound in said.split())
    return frozenset(found)
