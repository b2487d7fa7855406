"""Measures voice matching on synthetic voices that it never heard, each played as the person who consented.

    python benchmarks/voice_matching.py [--people flite/slt pico/en-GB] [--wavs folder] [--resemblyzer PYTHON]

A person says four sentences, a voice is matched to them, and it says two others. They are compared with two further
sentences of the person, by our own voiceprint (what the matching looks at, so it flatters) and by Resemblyzer (which it
does not look at; cosine of d-vectors, Wan et al. 2018): the person again, the matched voice, the nearest designed voice
as it is, and the other people. Resemblyzer runs in a Python of its own (CPU torch first, then `pip install --no-deps
resemblyzer webrtcvad-wheels` and `pip install librosa`).
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile as sf
from voice_timing import SENTENCES

from understudy.base import plugins
from understudy.base.audio import Audio, read_sound
from understudy.hub.script import Line
from understudy.hub.speech import Speech
from understudy.hub.voice import Voice
from understudy.voice import match, speak
from understudy.voice.matching import similarity
from understudy.voice.text import read
from understudy.voice.voiceprint import voiceprint

SAMPLE, AGAIN, MATCHED = (12, 14, 16, 17), (18, 15), (19, 4)
"""Sentences of the sample, of the person again, and of the matched voice: none is shared."""
WORKER = """
import json, sys
from resemblyzer import VoiceEncoder, preprocess_wav
encoder = VoiceEncoder("cpu", verbose=False)
print(json.dumps([encoder.embed_utterance(preprocess_wav(path)).tolist() for path in json.load(sys.stdin)]))
"""


def person(name: str, numbers: tuple[int, ...], folder: Path) -> Path:
    """Returns the file of what a synthetic person says."""
    path = folder / f"{name.replace('/', '-')}_{'-'.join(map(str, numbers))}.wav"
    if not path.is_file():
        engine, _, base = name.partition("/")
        clauses = [clause for number in numbers for clause in read(SENTENCES[number])]
        said = Audio.join(plugins.load("voice", engine)().say(clause, base).audio for clause in clauses)
        sf.write(path, said.samples, said.rate_hz)
    return path


def spoken(voice: Voice, name: str, folder: Path) -> Path:
    """Returns the file of what a voice of ours says."""
    speech = Speech.join(speak(Line(" ".join(SENTENCES[n] for n in MATCHED)), voice))
    sf.write(path := folder / f"{name}.wav", speech.audio.samples, speech.audio.rate_hz)
    return path


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", nargs="+", default=["flite/slt", "flite/rms", "flite/awb", "pico/en-GB"])
    parser.add_argument("--wavs", type=Path)
    parser.add_argument("--resemblyzer", metavar="PYTHON")
    asked = parser.parse_args()
    folder = asked.wavs or Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    print("$ python benchmarks/voice_matching.py", *sys.argv[1:])
    samples = {name: person(name, SAMPLE, folder) for name in asked.people}
    again = {name: person(name, AGAIN, folder) for name in asked.people}
    ours: dict[str, dict[str, Path]] = {}
    for name, path in samples.items():
        found = match(read_sound(path))
        stem = name.replace("/", "-")
        ours[name] = {
            "matched": spoken(found.voice, f"{stem}_matched", folder),
            "nearest": spoken(Voice(engines=(f"kokoro/{found.nearest}",)), f"{stem}_nearest", folder),
        }
        print(f"{name:12} said {found.similarity:.2f}, before {found.before:.2f} ({found.nearest}): {found.voice}")
    paths = [*samples.values(), *again.values(), *(path for made in ours.values() for path in made.values())]
    prints = {path: voiceprint(read_sound(path)) for path in paths}
    report("our voiceprint", samples, again, ours, lambda a, b: similarity(prints[a], prints[b]))
    for which in ("matched", "nearest"):
        off = [abs(12 * np.log2(prints[ours[n][which]].f0_hz / prints[samples[n]].f0_hz)) for n in samples]
        print(f"pitch of the {which} voice: {np.mean(off):.1f} semitones from the person's, worst {max(off):.1f}")
    if asked.resemblyzer:
        given = json.dumps([str(path) for path in paths])
        done = subprocess.run(
            [asked.resemblyzer, "-c", WORKER], input=given, text=True, capture_output=True, check=True
        )
        vectors = dict(zip(paths, np.array(json.loads(done.stdout.splitlines()[-1])), strict=True))
        report("Resemblyzer", samples, again, ours, lambda a, b: float(vectors[a] @ vectors[b]))


def report(name: str, samples: dict, again: dict, ours: dict, like) -> None:  # type: ignore[no-untyped-def, type-arg]
    print(f"{name:16} {'same':>6} {'matched':>8} {'nearest':>8} {'others':>7}")
    rows = []
    for who, path in again.items():
        others = [like(path, other) for stranger, other in samples.items() if stranger != who]
        kinds = (like(path, samples[who]), like(path, ours[who]["matched"]), like(path, ours[who]["nearest"]))
        rows.append((*kinds, float(np.mean(others)) if others else float("nan")))
        print(f"  {who:14} {rows[-1][0]:6.2f} {rows[-1][1]:8.2f} {rows[-1][2]:8.2f} {rows[-1][3]:7.2f}")
    mean = np.mean(rows, axis=0)
    print(f"  {'mean':14} {mean[0]:6.2f} {mean[1]:8.2f} {mean[2]:8.2f} {mean[3]:7.2f}", flush=True)


if __name__ == "__main__":
    main()
