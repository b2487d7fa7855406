"""How well the sounds that our rules give to German, Spanish, French and Italian words fit what a voice says.

    python benchmarks/voice_foreign.py [--old FOREIGN.py]

Pico speaks sentences; our phones are aligned to them and compared, in 10 ms frames of lip classes, with the phones that
are heard without any text. Neither ruler knows the language (English acoustic model), so only differences count: the
control reads the words by the rules of the wrong language. --old: another version of voice/foreign.py to compare with.
"""

import argparse
import importlib.util
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from understudy.hub.speech import Phone
from understudy.voice.aligner import Sayable, align, hear
from understudy.voice.engine import TimedWord
from understudy.voice.foreign import spell_foreign
from understudy.voice.pico import Pico
from understudy.voice.text import read

SENTENCES = {
    "de": (
        "Der Sturm kommt näher und ich spüre es. "
        "Das Mädchen öffnet die schwere Tür. "
        "Wir haben gestern im Wald viele Vögel gehört. "
        "Bitte vergiss mich nicht. "
        "Am Abend saßen sie lieber draußen vor dem Haus. "
        "Zwölf Pferde zogen den großen Wagen. "
        "Er schweigt und blickt auf das Wasser. "
    ),
    "es": (
        "La tormenta se acerca y lo siento en los huesos. "
        "Quiero que vengas conmigo a la playa. "
        "El viejo perro duerme bajo el árbol. "
        "Nadie sabe dónde vive la abuela. "
        "Hoy llueve mucho en la ciudad. "
        "Mi hermano trabaja en una biblioteca pequeña. "
        "Por favor cierra la ventana. "
    ),
    "fr": (
        "La tempête arrive et je le sens dans mes os. "
        "Le petit garçon mange une pomme rouge. "
        "Nous avons beaucoup parlé de la guerre. "
        "Il fait froid dans cette grande maison. "
        "Les enfants jouent toujours au bord de la mer. "
        "Tu peux venir avec moi ce soir. "
        "Mon père travaille la nuit. "
    ),
    "it": (
        "La tempesta arriva e lo sento nelle ossa. "
        "Il bambino mangia una mela rossa. "
        "Vorrei parlare con tua madre domani. "
        "Questa città è molto bella di notte. "
        "Gli amici sciano sulle montagne bianche. "
        "Ho perso la chiave della macchina. "
        "Perché non rispondi mai al telefono. "
    ),
}
BASES = {"de": "de-DE", "es": "es-ES", "fr": "fr-FR", "it": "it-IT"}
WRONG = {"de": "it", "es": "fr", "fr": "it", "it": "de"}
Speller = Callable[[str, str], tuple[str, ...]]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--old", type=Path)
    options = parser.parse_args()
    print("$ python benchmarks/voice_foreign.py", *sys.argv[1:])
    old = _loaded(options.old) if options.old else None
    print(f"{'language':9} {'ours':>6} {'control':>8} {'old' if old else '':>6}   share of frames of one lip class")
    for language, text in SENTENCES.items():
        row = [_share(language, text, spell_foreign), _share(language, text, spell_foreign, WRONG[language])]
        if old:
            row.append(_share(language, text, old))
        print(f"{language:9} {row[0]:6.3f} {row[1]:8.3f} " + (f"{row[2]:6.3f}" if old else ""))


def _share(language: str, text: str, spell: Speller, rules: str = "") -> float:
    found = []
    for clause in read(text, language=BASES[language]):
        audio = Pico().say(clause, BASES[language]).audio
        words = [Sayable(w.text, (spell(w.text, rules or language),)) for w in clause.words]
        timed = align(audio, words)
        found.append(0.0 if timed is None else alikeness(timed, hear(audio), audio.duration_s))
    return float(np.mean(found))


CLASSES = ("P B M", "F V", "T D N L TH DH", "S Z SH ZH CH JH", "K G NG HH", "R ER", "W UW UH OW AO OY",
           "IY IH EY EH AE Y", "AA AH AY AW", "SIL")  # fmt: skip
CLASS = {phone: i for i, phones in enumerate(CLASSES) for phone in phones.split()}


def alikeness(found: Sequence[TimedWord], heard: Sequence[Phone], duration_s: float) -> float:
    """The share of 10 ms frames, silence in both aside, where aligned and heard phones are of one class."""
    a, b = (_classes(phones, duration_s) for phones in ([p for w in found for p in w.phones], heard))
    sound = (a != CLASS["SIL"]) | (b != CLASS["SIL"])
    return float((a == b)[sound].mean()) if sound.any() else 0.0


def _classes(phones: Sequence[Phone], duration_s: float) -> np.ndarray:
    frames = np.full(max(1, round(duration_s * 100)), CLASS["SIL"])
    for p in phones:
        frames[round(p.start_s * 100) : round(p.end_s * 100)] = CLASS[p.name]
    return frames


def _loaded(path: Path) -> Speller:
    spec = importlib.util.spec_from_file_location("old_foreign", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    spell: Speller = module.spell_foreign
    return spell


if __name__ == "__main__":
    main()
