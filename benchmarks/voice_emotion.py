"""Measures whether what is felt is heard: each rendition is put where human laws put it, not where ours are.

    python benchmarks/voice_emotion.py [--voices kokoro/emi kokoro/jonah] [--sentences 2] [--save folder]

A rendition is compared with the neutral one of the same voice and sentence by five numbers: mean F0 and its range in
semitones, rate, level, and energy above 1 kHz. The laws are directions in that space: F0 and range of EMO-DB
(535 acted utterances against each speaker's neutral: anger +9.4 semitones, joy +8.7, fear +6.4, disgust +3.4, sadness
-1.7; ranges +2.3, +3.9, +0.2, +1.3, +1.1 and, of subdued sadness, narrower), rate, level and high-frequency energy by
Juslin & Laukka 2003 (Psychological Bulletin 129, table 7); surprise as widest and highest (Banse & Scherer 1996). It is
put where its direction is nearest; within 0.35 of nothing it is neutral. Sadness and tenderness have one direction in
these laws and are one class here.
"""

import argparse
from pathlib import Path

import numpy as np
import soundfile as sf
from voice_timing import SENTENCES, edits, words_of
from voice_words import file_name

from understudy.hub.script import Direction, Line
from understudy.hub.speech import Speech
from understudy.hub.voice import Voice
from understudy.voice import aligner, speak
from understudy.voice.level import loudness_lufs

UNITS = np.array([9.4, 3.9, np.log2(1.2), 6.0, 3.0])
LAWS = {
    "anger": (1.0, 0.6, 0.5, 1.0, 1.0),
    "joy": (0.93, 1.0, 0.5, 0.5, 0.4),
    "surprise": (0.95, 1.9, 0.0, 0.5, 0.4),
    "fear": (0.68, 0.05, 1.0, -0.4, 0.0),
    "disgust": (0.36, 0.33, -0.7, 0.0, 0.0),
    "soft": (-0.18, -0.5, -0.9, -1.0, -0.7),
}
"""Class -> F0, range, rate, level, high-frequency energy, in UNITS."""
MEANT = {"joy": "joy", "sadness": "soft", "anger": "anger", "fear": "fear", "disgust": "disgust",
         "surprise": "surprise", "tenderness": "soft"}  # fmt: skip
STILL = 0.35
CHOSEN = (7, 16, 12, 0, 2, 15, *(n for n in range(20) if n not in (7, 16, 12, 0, 2, 15)))


def numbers(speech: Speech) -> np.ndarray:
    f0 = speech.prosody.column("f0_hz")
    st = 12 * np.log2(f0[f0 > 0])
    power = np.abs(np.fft.rfft(speech.audio.samples)) ** 2
    hz = np.fft.rfftfreq(len(speech.audio.samples), 1 / speech.audio.rate_hz)
    bright = 10 * np.log10(power[(hz > 1000) & (hz < 6000)].sum() / power[(hz > 80) & (hz < 1000)].sum())
    length = speech.words[-1].end_s - speech.words[0].start_s
    spread = np.percentile(st, 95) - np.percentile(st, 5)
    level = loudness_lufs(speech.audio.samples, speech.audio.rate_hz)
    return np.array([st.mean(), spread, -np.log2(length), level, bright])


def judged(change: np.ndarray) -> str:
    place = change / UNITS
    if np.linalg.norm(place) < STILL:
        return "neutral"
    near = {name: place @ np.array(law) / np.linalg.norm(law) / np.linalg.norm(place) for name, law in LAWS.items()}
    return max(near, key=near.__getitem__)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--voices", nargs="+", default=["kokoro/emi", "kokoro/jonah"])
    parser.add_argument("--sentences", type=int, default=2)
    parser.add_argument("--save", type=Path)
    asked = parser.parse_args()
    from pocketsphinx import Decoder

    decoder = Decoder(samprate=16_000, loglevel="FATAL")
    right = total = 0
    wrong: dict[str, list[int]] = {}
    for voice in asked.voices:
        for which in CHOSEN[: asked.sentences]:
            text = SENTENCES[which]

            def made(name: str, seed: int, text: str = text, voice: str = voice, which: int = which) -> Speech:
                direction = Direction(emotions={name: 1.0} if name in MEANT else {})
                speech = Speech.join(speak(Line(text, direction=direction), Voice(engines=(voice,)), seed=seed))
                decoder.reinit_feat()
                aligner._decode(decoder, aligner._prepared(speech.audio))
                heard = decoder.hyp().hypstr.split() if decoder.hyp() else []
                wrong.setdefault(name, []).append(edits(words_of(text), heard))
                if asked.save:
                    asked.save.mkdir(exist_ok=True)
                    if name != "neutral" or seed == 0:
                        path = asked.save / file_name(voice, name, which)
                        sf.write(path, speech.audio.samples, speech.audio.rate_hz)
                return speech

            plain = numbers(made("neutral", 0))
            for name in ("neutral", *MEANT):
                change = numbers(made(name, 1)) - plain
                found, meant = judged(change), MEANT.get(name, "neutral")
                total, right = total + 1, right + (found == meant)
                row = " ".join(f"{value:+6.2f}" for value in change)
                print(
                    f"{voice:14} {which:3} {name:11} {row}  {found:9}{'' if found == meant else ' WRONG'}", flush=True
                )
    words = sum(len(words_of(SENTENCES[w])) for w in CHOSEN[: asked.sentences]) * len(asked.voices)
    print(f"{right} of {total} where they were meant: {right / total:.0%}")
    for name, errors in wrong.items():
        times = len(errors) // (len(asked.voices) * asked.sentences)
        print(f"  word errors (pocketsphinx) {name:11} {sum(errors) / words / times:.2f}")


if __name__ == "__main__":
    main()
