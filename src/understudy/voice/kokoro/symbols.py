"""Words as the symbols that Kokoro reads: English in the notation of its training (misaki), from our ARPABET; others
from `letters`.

One symbol stands for a diphthong (A I O W Y, Q in Britain), stress marks stand before their vowel, and every ARPABET
phone becomes one group of symbols, so that the lengths Kokoro gives to symbols are lengths of phones.
"""

from dataclasses import dataclass

from understudy.base.channels import SILENCE, VOWELS
from understudy.voice.clause import Clause
from understudy.voice.kokoro.letters import RULES, spelled
from understudy.voice.pronounce import pronounce

NUMBERS = {
    symbol: number
    for row in (
        ';1 :2 ,3 .4 !5 ?6 —9 …10 "11 \u030317 ʣ18 ʥ19 ʦ20 ʨ21 A24 I25 O31 Q33 S35 T36 W39 Y41 ᵊ42 a43 b44 c45 d46',
        "e47 f48 h50 i51 j52 k53 l54 m55 n56 o57 p58 q59 r60 s61 t62 u63 v64 w65 x66 y67 z68 ɑ69 ɐ70 ɒ71 æ72 β75 ɔ76",
        "ɕ77 ç78 ɖ80 ð81 ʤ82 ə83 ɚ85 ɛ86 ɜ87 ɟ90 ɡ92 ɥ99 ɨ101 ɪ102 ʝ103 ɯ110 ɰ111 ŋ112 ɳ113 ɲ114 ɴ115 ø116 ɸ118 θ119",
        "œ120 ɹ123 ɾ125 ɻ126 ʁ128 ɽ129 ʂ130 ʃ131 ʈ132 ʧ133 ʊ135 ʋ136 ʌ138 ɣ139 ɤ140 χ142 ʎ143 ʒ147 ʔ148 ˈ156 ˌ157 ː158",
        "ʰ162 ʲ164 ↓169 →171 ↗172 ↘173 ᵻ177",
    )
    for symbol, number in ((entry[0], int(entry[1:])) for entry in row.split())
} | {" ": 16}
"""Symbol -> its number in Kokoro's vocabulary."""
EDGE = 0
"""The number before the first symbol and after the last."""

_STOPS = {".": ".", "?": "?", "!": "!", ",": ",", ":": ":", "-": "—", "…": "…", "": ""}
_MARKS = {"1": "ˈ", "2": "ˌ"}
_CONSONANTS = {
    "B": "b", "CH": "ʧ", "D": "d", "DH": "ð", "F": "f", "G": "ɡ", "HH": "h", "JH": "ʤ", "K": "k", "L": "l", "M": "m",
    "N": "n", "NG": "ŋ", "P": "p", "R": "ɹ", "S": "s", "SH": "ʃ", "T": "t", "TH": "θ", "V": "v", "W": "w", "Y": "j",
    "Z": "z", "ZH": "ʒ",
}  # fmt: skip
_AMERICAN = {
    "AA": "ɑ", "AE": "æ", "AH": "ʌ", "AO": "ɔ", "AW": "W", "AY": "I", "EH": "ɛ", "ER": "ɜɹ", "EY": "A", "IH": "ɪ",
    "IY": "i", "OW": "O", "OY": "Y", "UH": "ʊ", "UW": "u", "AH0": "ə", "ER0": "əɹ",
}  # fmt: skip
_BRITISH = _AMERICAN | {
    "AA": "ɒ", "AE": "a", "AO": "ɔː", "ER": "ɜː", "IY": "iː", "OW": "Q", "UW": "uː", "ER0": "ə", "IY0": "i",
}  # fmt: skip
_BEFORE_R = {"AA": "ɑː", "AO": "ɔː", "EH": "ɛː", "IH": "ɪə", "IY": "ɪə", "UH": "ʊə"}
"""British vowels before an r that is not said, as in start, north, square, near, cure."""
_LONG_A_WORDS = (
    "after afternoon ask asked asking answer answers aunt banana basket bath branch branches brass calf can't "
    "cast castle chance chances class classes command dance dances dancing daft demand disaster draft drama "
    "example examples fast faster father father's fathers france french glance glass glasses grant grass half "
    "halves last lasted lasting laugh laughed laughing laughs laughter mask master masters nasty palm pass passed "
    "passing past path paths photograph plant plants plaster rather sample shan't slant staff stance task tasks "
    "trance vast vase"
)
_LONG_A = frozenset(_LONG_A_WORDS.split())
"""Words whose a is long in southern Britain (the lexical sets BATH and PALM of Wells 1982)."""


_HALF_WORDS = (
    "but had her him how i me might my not on our shall should so some them though up us what when where which while"
)
_HALF = frozenset([*_HALF_WORDS.split(), "who", "why"])
_FULL_WORDS = "all any did do does here just may must no nor off out then too yet"
_FULL = frozenset(_FULL_WORDS.split())
"""Small words that Kokoro was taught with a half and a full stress mark; the others have none."""


@dataclass(frozen=True)
class Group:
    """Symbols that make one phone: ARPABET or 'SIL'. word: its index in the clause, -1 for what parts words."""

    symbols: str
    phone: str
    stress: int = 0
    word: int = -1


def groups(clause: Clause, language: str) -> tuple[Group, ...]:
    """Returns a clause as groups of symbols, 'SIL' between the words and at the end.

    language: one of those of the voices: en-US, en-GB, es-ES, fr-FR, it-IT.
    """
    said: list[Group] = []
    for index, word in enumerate(clause.words):
        if index:
            said.append(Group(" ", SILENCE))
        if language[:2] in RULES:
            said += [Group(*sound, index) for sound in spelled(word.text, language[:2])]
            continue
        phones = word.phones or (pronounce(word.text) or (("AH0",),))[0]
        symbols = british(phones, word.text) if language == "en-GB" else american(phones, word.text)
        if not word.phones:
            _weigh(symbols, phones, word.text.lower(), _first(clause, index + 1))
        for phone, symbol in zip(phones, symbols, strict=True):
            stress = int(phone[-1]) if phone[-1].isdigit() else 0
            if symbol:
                said.append(Group(symbol, phone.rstrip("012"), stress, index))
    return (*said, Group(_STOPS.get(clause.mark, "."), SILENCE))


def _weigh(symbols: list[str], phones: tuple[str, ...], word: str, following: str) -> None:
    """Gives the small words the weight and the vowel they have in running speech. following: the first phone after."""
    vowels = [i for i, phone in enumerate(phones) if _vowel(phone)]
    if word == "the" and _vowel(following):
        symbols[-1] = "i"
    if word == "to" and following:
        symbols[-1] = "ʊ" if _vowel(following) else "ə"
    if len(vowels) == 1 and symbols[vowels[0]][:1] not in ("ˈ", "ˌ"):
        mark = "ˌ" if word in _HALF else "ˈ" if word in _FULL else ""
        vowel = symbols[vowels[0]]
        symbols[vowels[0]] = mark + ("ʌ" if word == "was" or (mark and vowel == "ə") else vowel)


def _first(clause: Clause, index: int) -> str:
    """Returns the first phone of a word of the clause, '' where there is none."""
    if index >= len(clause.words):
        return ""
    word = clause.words[index]
    phones = word.phones or (pronounce(word.text) or (("",),))[0]
    return phones[0]


def american(phones: tuple[str, ...], word: str = "") -> list[str]:
    """Returns the symbols of each phone in American English: t flapped between vowels, l and n syllabic."""
    if word.lower() == "a" and phones == ("AH0",):
        return ["ɐ"]
    out = [_symbol(phone, _AMERICAN) for phone in phones]
    for i, phone in enumerate(phones):
        before, after = phones[i - 1] if i else "", phones[i + 1] if i + 1 < len(phones) else ""
        if phone == "T" and (_vowel(before) or before == "R") and after.endswith("0"):
            out[i] = "ʔ" if phones[i + 1 : i + 3] == ("AH0", "N") else "ɾ"
        if phone == "AH0" and before and not _vowel(before) and before not in "RLNMNGWY" and i + 2 == len(phones):
            out[i] = {"L": "ᵊ", "N": "" if out[i - 1] == "ʔ" else "ᵊ"}.get(after, out[i])
    return out


def british(phones: tuple[str, ...], word: str = "") -> list[str]:
    """Returns the symbols of each phone in southern British English: no r but before vowels, and its own vowels."""
    if word.lower() == "a" and phones == ("AH0",):
        return ["ɐ"]
    long_a = word.lower() in _LONG_A
    out: list[str] = []
    for i, phone in enumerate(phones):
        after = phones[i + 1] if i + 1 < len(phones) else ""
        beyond = phones[i + 2] if i + 2 < len(phones) else ""
        name, symbol = phone.rstrip("012"), _symbol(phone, _BRITISH)
        mark = _MARKS.get(phone[-1], "")
        if phone == "R" and not _vowel(after):
            symbol = ""
        elif name in _BEFORE_R and after == "R" and (not _vowel(beyond) or name in ("AO", "UH")):
            symbol = mark + _BEFORE_R[name]
        elif name == "ER" and _vowel(after):
            symbol = mark + ("əɹ" if phone == "ER0" else "ʌɹ")
        elif long_a and name in ("AE", "AA"):
            symbol = mark + "ɑː"
        elif name == "AO" and after in ("F", "S", "TH", "NG", "G"):
            symbol = mark + "ɒ"
        elif phone == "IY0" and after:
            symbol = "i"
        elif phone == "AH0" and after in ("L", "N") and not beyond and i and not _vowel(phones[i - 1]):
            symbol = "ᵊ" if phones[i - 1] not in ("R", "L", "N", "M", "NG", "W", "Y") else symbol
        out.append(symbol)
    return out


def numbers(said: tuple[Group, ...]) -> tuple[list[int], list[int]]:
    """Returns the numbers of all symbols, edges included, and the group of each; -1 is before the first."""
    found, owners = [EDGE], [-1]
    for index, group in enumerate(said):
        for symbol in group.symbols:
            found.append(NUMBERS[symbol])
            owners.append(index)
    return [*found, EDGE], [*owners, len(said) - 1]


def _symbol(phone: str, vowels: dict[str, str]) -> str:
    name = phone.rstrip("012")
    if name in _CONSONANTS:
        return _CONSONANTS[name]
    return _MARKS.get(phone[-1], "") + vowels.get(phone, vowels[name])


def _vowel(phone: str) -> bool:
    return phone.rstrip("012") in VOWELS
