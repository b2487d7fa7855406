"""Words as IPA, in the habits of espeak-ng that published Piper voices were trained on."""

from dataclasses import dataclass

from understudy.base.channels import VOWELS
from understudy.voice.clause import SpokenWord
from understudy.voice.foreign import LANGUAGES, PHONES_OF, is_vowel, sounds
from understudy.voice.pronounce import pronounce

AMERICAN = {
    "AA": "ɑː", "AE": "æ", "AH": "ʌ", "AO": "ɔː", "AW": "aʊ", "AY": "aɪ", "B": "b", "CH": "tʃ", "D": "d", "DH": "ð",
    "EH": "ɛ", "ER": "ɜː", "EY": "eɪ", "F": "f", "G": "ɡ", "HH": "h", "IH": "ɪ", "IY": "iː", "JH": "dʒ", "K": "k",
    "L": "l", "M": "m", "N": "n", "NG": "ŋ", "OW": "oʊ", "OY": "ɔɪ", "P": "p", "R": "ɹ", "S": "s", "SH": "ʃ",
    "T": "t", "TH": "θ", "UH": "ʊ", "UW": "uː", "V": "v", "W": "w", "Y": "j", "Z": "z", "ZH": "ʒ",
}  # fmt: skip
UNSTRESSED = {"AH": "ə", "ER": "ɚ", "IY": "i"}
BRITISH = {"OW": "əʊ", "AA": "ɒ"}


@dataclass(frozen=True)
class Spelt:
    """One sound of a word. ipa: its symbols, stress mark first. phones: English phones with stress digits, may be ()
    for a sound that no stage needs."""

    ipa: str
    phones: tuple[str, ...]


def spell_ipa(word: SpokenWord, language: str) -> tuple[Spelt, ...]:
    """Returns a word of English, German, Spanish, French or Italian sound by sound; never empty."""
    if word.phones or language[:2] not in LANGUAGES:
        ways = (word.phones,) if word.phones else pronounce(word.text)
        return _english(ways[0] if ways else ("AH0",), british=language == "en-GB")
    found = []
    for sound, stressed in sounds(word.text, language):
        phones = PHONES_OF[sound].split()
        if is_vowel(sound):
            phones[0] += "1" if stressed else "0"
        found.append(Spelt(("ˈ" if stressed else "") + sound, tuple(phones)))
    return tuple(found) or (Spelt("ə", ("AH0",)),)


def _english(phones: tuple[str, ...], *, british: bool) -> tuple[Spelt, ...]:
    found: list[Spelt] = []
    for i, phone in enumerate(phones):
        name, stress = phone.rstrip("012"), phone[-1] if phone[-1].isdigit() else ""
        following = phones[i + 1] if i + 1 < len(phones) else ""
        before = phones[i - 1].rstrip("012") if i else ""
        ipa = UNSTRESSED.get(name, AMERICAN[name]) if stress in ("", "0") else AMERICAN[name]
        if british:
            ipa = BRITISH.get(name, ipa)
            if name == "AA" and following == "R":
                ipa = "ɑː"
            if name == "ER":
                ipa = ipa.replace("ɚ", "ə") + ("ɹ" if following.rstrip("012") in VOWELS else "")
            if name == "R" and following.rstrip("012") not in VOWELS:
                ipa = ""
        elif name == "T" and before in VOWELS and following and following[-1] == "0":
            ipa = "ɾ"
        mark = {"1": "ˈ", "2": "ˌ"}.get(stress, "")
        if ipa or not found:
            found.append(Spelt(mark + ipa, (phone,)))
        else:
            found[-1] = Spelt(found[-1].ipa, (*found[-1].phones, phone))
    return tuple(found)
