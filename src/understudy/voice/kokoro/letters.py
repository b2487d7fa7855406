"""Spanish, French and Italian words as the symbols that Kokoro reads, from the regular part of each spelling.

Kokoro was taught these languages in the IPA of espeak; the rules here give the same symbols for regular words, with the
stress mark before its vowel. Irregular words are said as they are spelled.
"""

import re
import unicodedata
from functools import cache, lru_cache

RULES = {
    "es": "ch=ʧ ll=ʝ rr=r ^r=r qu=k gü=ɡw gu(?=[eiéí])=ɡ c(?=[eiéí])=θ z=θ g(?=[eiéí])=x ñ=ɲ j=x h= v=β ^v=b ^b=b "
    "(?<=m)b=b b=β ^d=d (?<=[nl])d=d d=ð ^g=ɡ (?<=n)g=ɡ g=ɣ c=k y$=j ^y=ʝ y=ʝ i(?=[aeouáéóú])=j u(?=[aeioáéíó])=w "
    "(?<=[aeo])i=j (?<=[aeo])u=w á=a é=e í=i ó=o ú=u ü=w a=a e=e i=i o=o u=u f=f k=k l=l m=m n=n p=p r=ɾ s=s t=t "
    "w=w x=ks",
    "it": "sci(?=[aou])=ʃ sc(?=[eièéì])=ʃ gli(?=[aeou])=ʎ gli$=ʎi gn=ɲ ch=k gh=ɡ ci(?=[aou])=ʧ c(?=[eièéì])=ʧ "
    "gi(?=[aou])=ʤ g(?=[eièéì])=ʤ qu=kw zz=ʦ z=ʦ h= s(?=[bdglmnrv])=z (?<=[aeiou])s(?=[aeiou])=z "
    "i(?=[aeouàèéòù])=j u(?=[aeioàèéìò])=w à=a è=ɛ é=e ì=i ò=ɔ ù=u a=a e=e i=i o=o u=u b=b c=k d=d f=f g=ɡ j=j "
    "k=k l=l m=m n=n p=p r=r s=s t=t v=v w=w x=ks y=i",
    "fr": "aient$=ɛ eaux=o eau=o aux$=o au=o oin(?![aeiouyéè])=wɛ̃ oi=wa ou=u où=u ain(?![aeiouyéè])=ɛ̃ "
    "ein(?![aeiouyéè])=ɛ̃ ien(?![aeiouyéèn])=jɛ̃ in(?![aeiouyéèn])=ɛ̃ im(?=[bp])=ɛ̃ "
    "un(?![aeiouyéèn])=œ̃ on(?![aeiouyéèn])=ɔ̃ om(?=[bp])=ɔ̃ "
    "an(?![aeiouyéèn])=ɑ̃ am(?=[bp])=ɑ̃ em(?=[bp])=ɑ̃ en(?![aeiouyéèn])=ɑ̃ eur=œʁ eu=ø œu=œ ai=ɛ ei=ɛ ch=ʃ ph=f th=t "
    "gn=ɲ qu=k (?<=[aeu])il$=j (?<=[aeu])ill=j ill=ij gu(?=[eiéè])=ɡ ge(?=[ao])=ʒ g(?=[eiyéè])=ʒ c(?=[eiyéè])=s ç=s "
    "j=ʒ er$=e ez$=e es$= e$= é=e è=ɛ ê=ɛ ë=ɛ à=a â=a î=i ï=i ô=o û=y ù=y ss=s ll=l nn=n mm=m tt=t rr=ʁ pp=p "
    "(?<=[aeiouyéè])s(?=[aeiouyéè])=z [sxtdpz]$= h= i(?=[aeoéè])=j u(?=i)=ɥ e(?=[a-z][a-zéèê])=ə a=a e=ə i=i o=ɔ "
    "u=y y=i b=b c=k d=d f=f g=ɡ k=k l=l m=m n=n p=p q=k r=ʁ s=s t=t v=v w=w x=ks z=z",
}
"""Language -> 'letters=symbols' rules, tried in order; letters are a regular expression."""
_SMALL = {
    "es": "a al con de del el en es la las le les lo los me mi mis nos o por que se si sin su sus te tu tus un una y",
    "it": "a ai al che con da dal dei del di e è gli ha ho i il in la le lo ma mi ne non nel o per se si su ti un una",
    "fr": "à au aux ce de des du elle en et il ils je la le les leur lui ma me mes mon ne nous ou où par pas que qui "
    "sa se ses si son sur ta te tu un une vous y",
}
_SPECIAL = {
    "fr": "et=e les=le des=de mes=me tes=te ses=se ces=se est=ɛ je=ʒə le=lə de=də me=mə te=tə se=sə ne=nə ce=sə que=kə",
    "es": "y=i",
    "it": "",
}
_VOWELS = "aeiouyɛɔəøœɑ"
_ENGLISH = {
    "a": "AA", "ɑ": "AA", "e": "EY", "ɛ": "EH", "i": "IY", "o": "OW", "ɔ": "AO", "u": "UW", "y": "UW", "ə": "AH",
    "ø": "ER", "œ": "ER", "j": "Y", "ʝ": "Y", "ɥ": "W", "w": "W", "b": "B", "β": "B", "d": "D", "ð": "DH", "f": "F",
    "ɡ": "G", "ɣ": "G", "k": "K", "l": "L", "ʎ": "L", "m": "M", "n": "N", "ɲ": "N", "p": "P", "r": "R", "ɾ": "R",
    "ʁ": "R", "s": "S", "ʃ": "SH", "t": "T", "ʧ": "CH", "ʤ": "JH", "ʦ": "T", "θ": "TH", "v": "V", "x": "HH", "z": "Z",
    "ʒ": "ZH",
}  # fmt: skip
"""Symbol -> the ARPABET phone nearest to it, for lips."""


@lru_cache(maxsize=4096)  # a server talks for weeks
def spelled(word: str, language: str) -> tuple[tuple[str, str, int], ...]:
    """Returns a word as (symbols, phone, stress) a sound, unknown letters left out. language: 'es', 'fr' or 'it'."""
    letters = unicodedata.normalize("NFC", word.lower())
    special = dict(entry.split("=") for entry in _SPECIAL[language].split())
    symbols = special.get(letters) or _symbols(letters, language)
    sounds = re.findall(r".\u0303?", symbols) or ["a"]
    vowels = [i for i, sound in enumerate(sounds) if sound[0] in _VOWELS]
    stressed = -1 if letters in _SMALL[language].split() or not vowels else _stressed(letters, vowels, language)
    return tuple(
        ("ˈ" * (i == stressed) + sound, _ENGLISH[sound[0]], int(i == stressed)) for i, sound in enumerate(sounds)
    )


def _symbols(letters: str, language: str) -> str:
    out, at = "", 0
    while at < len(letters):
        for pattern, symbols in _rules(language):
            found = pattern.match(letters, at)
            if found and found.end() > at:
                out += symbols
                at = found.end()
                break
        else:
            at += 1
    return out


def _stressed(letters: str, vowels: list[int], language: str) -> int:
    """Returns the stressed sound: where an accent is written, else as the language has it."""
    plain = [c for c in letters if c in "aeiouáéíóúàèìòù"]
    marked = [i for i, c in enumerate(plain) if c in ("áéíóú" if language == "es" else "àèéìòù")]
    if language == "fr":
        return vowels[-1]
    if marked:
        return vowels[max(-len(vowels), min(-1, marked[-1] - len(plain)))]
    last = language == "es" and letters[-1] not in "aeiouns"
    return vowels[-1] if last or len(vowels) == 1 else vowels[-2]


@cache
def _rules(language: str) -> list[tuple[re.Pattern[str], str]]:
    found = []
    for rule in RULES[language].split():
        left, _, right = rule.rpartition("=")
        found.append((re.compile(left.replace("^", r"\b")), right))
    return found
