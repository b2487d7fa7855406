import pytest

from understudy.base.channels import PHONES
from understudy.voice.foreign import PHONES_OF, is_vowel, known_sounds, sounds, spell_foreign

SAID = {
    "de": {
        "Straße": "ʃtʁˈaːsə", "Buch": "bˈʊx", "ich": "ˈɪç", "Vogel": "fˈoːɡəl", "schöne": "ʃˈøːnə", "lieb": "lˈiːp",
        "Abend": "ˈaːbənt", "verstehen": "vɛʁʃtˈeːən", "spielen": "ʃpˈiːlən", "Wasser": "vˈasɐ", "Zeit": "tsˈaɪt",
        "Häuser": "hˈɔøzɐ", "gesagt": "ɡəzˈakt", "geben": "ɡˈeːbən", "Angst": "ˈaŋst", "sechs": "zˈɛks",
    },
    "es": {
        "viento": "bjˈento", "ciudad": "θjudˈad", "corazón": "koɾaθˈon", "guerra": "ɡˈera", "quiero": "kjˈeɾo",
        "pingüino": "pinɡwˈino", "pájaro": "pˈaxaɾo", "abuela": "aβwˈela", "también": "tambjˈen", "llueve": "ʎwˈeβe",
        "niño": "nˈiɲo", "invierno": "imbjˈeɾno", "hoy": "ˈoj", "reloj": "relˈox", "muchacho": "mutʃˈatʃo",
    },
    "fr": {
        "maison": "mɛzˈɔ̃", "beau": "bˈo", "enfant": "ɑ̃fˈɑ̃", "parlent": "pˈaʁl", "campagne": "kɑ̃pˈaɲ",
        "famille": "famˈij", "manger": "mɑ̃ʒˈe", "rien": "ʁjˈɛ̃", "nuit": "nɥˈi", "oiseau": "wazˈo", "cœur": "kˈœʁ",
        "femme": "fˈam", "temps": "tˈɑ̃", "toujours": "tuʒˈuʁ", "chambre": "ʃˈɑ̃bʁ", "peut": "pˈø", "trop": "tʁˈo",
    },
    "it": {
        "famiglia": "famˈiʎa", "città": "tʃittˈa", "ragazzo": "raɡˈattso", "giorno": "dʒˈorno", "sciare": "ʃˈare",
        "perché": "perkˈe", "acqua": "ˈakkwa", "bambino": "bambˈino", "uomo": "wˈomo", "gnocchi": "ɲˈokki",
        "chiesa": "kjˈeza", "cielo": "tʃˈelo", "ghiaccio": "ɡjˈattʃo", "imparare": "imparˈare",
    },
}  # fmt: skip


@pytest.mark.parametrize("language", sorted(SAID))
def test_words_sound_as_they_are_said(language: str) -> None:
    wrong = {}
    for word, said in SAID[language].items():
        found = "".join(("ˈ" if stressed else "") + sound for sound, stressed in sounds(word, language))
        if found != said:
            wrong[word] = f"{found}, not {said}"
    assert not wrong


def test_only_one_sound_of_a_word_is_stressed_and_it_is_a_vowel() -> None:
    for language, words in SAID.items():
        for word in words:
            stressed = [sound for sound, on in sounds(word, language) if on]
            assert len(stressed) == 1, word
            assert is_vowel(stressed[0])


def test_lips_close_where_the_language_closes_them_and_nowhere_else() -> None:
    closures = {
        ("Papa", "de"): "P P", ("lieb", "de"): "P", ("Vogel", "de"): "", ("Wein", "de"): "", ("Apfel", "de"): "P",
        ("vaca", "es"): "B", ("enviar", "es"): "M B", ("bomba", "es"): "B M B", ("hombre", "es"): "M B",
        ("temps", "fr"): "", ("jambe", "fr"): "B", ("trop", "fr"): "", ("pomme", "fr"): "P M", ("champ", "fr"): "",
        ("bambino", "it"): "B M B", ("vino", "it"): "", ("un", "it"): "",
    }  # fmt: skip
    for (word, language), wanted in closures.items():
        found = " ".join(p for p in spell_foreign(word, language) if p in ("P", "B", "M"))
        assert found == wanted, (word, language)


def test_round_vowels_round_the_lips() -> None:
    for word, language in (("schön", "de"), ("über", "de"), ("feu", "fr"), ("lune", "fr"), ("uno", "es")):
        first = next(p for p in spell_foreign(word, language) if p[-1].isdigit())
        assert first[:2] in ("ER", "UW", "UH", "OW"), word


def test_every_sound_of_the_rules_is_known_to_the_lips() -> None:
    assert {p for phones in PHONES_OF.values() for p in phones.split()} <= set(PHONES)
    assert known_sounds() <= set(PHONES_OF)


def test_letters_of_no_language_are_still_something_to_say() -> None:
    assert spell_foreign("♥", "fr") == ("AH0",)
    assert spell_foreign("Xyzzy", "de")
