"""Measures the voice: phone times, speed, clarity, and whether emotions can be told apart.

    python benchmarks/voice_timing.py [labelled.TextGrid]

A TextGrid with tiers 'words' and 'phones' (ARPABET) beside a .wav of the same name adds a comparison with hand labels.
Clarity is the word error rate of pocketsphinx's general English model: a weak recogniser, so only differences count.
"""

import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from understudy.base.audio import Audio, read_sound
from understudy.hub.script import Direction, Line
from understudy.hub.speech import Phone, Speech
from understudy.hub.voice import Voice
from understudy.voice import aligner, choose, ear, listen, listening, speak
from understudy.voice.delivery import EMOTIONS
from understudy.voice.flite import Flite
from understudy.voice.listening import sayable
from understudy.voice.text import read
from understudy.voice.uttering import without_silence

SENTENCES = (
    "The birch canoe slid on the smooth planks.", "Glue the sheet to the dark blue background.",
    "It's easy to tell the depth of a well.", "These days a chicken leg is a rare dish.",
    "Rice is often served in round bowls.", "The juice of lemons makes fine punch.",
    "The box was thrown beside the parked truck.", "The hogs were fed chopped corn and garbage.",
    "Four hours of steady work faced us.", "A large size in stockings is hard to sell.",
    "The boy was there when the sun rose.", "A rod is used to catch pink salmon.",
    "The source of the huge river is the clear spring.", "Kick the ball straight and follow through.",
    "Help the woman get back to her feet.", "A pot of tea helps to pass the evening.",
    "I never thought that you would leave without saying goodbye.",
    "What time does the next train to the city arrive?",
    "She quickly opened the window because the room was too warm.",
    "Please turn off the lights before you leave the building tonight.",
)  # fmt: skip
EMI = Voice(engines=("pico/en-US", "flite/slt"), pitch_st=1.0, pitch_range=1.1, tract=1.05, breath=0.08, pace=0.97)


def words_of(text: str) -> list[str]:
    return re.sub(r"[^a-z' ]", " ", text.lower()).split()


def edits(reference: list[str], other: list[str]) -> int:
    row = list(range(len(other) + 1))
    for i, p in enumerate(reference, 1):
        row, old = [i], row
        for j, q in enumerate(other, 1):
            row.append(min(old[j] + 1, row[-1] + 1, old[j - 1] + (p != q)))
    return row[-1]


def report(name: str, errors_s: list[float]) -> None:
    e = np.array(errors_s) * 1000
    a = np.abs(e)
    print(
        f"  {name:28} n {len(e):4}  mean {a.mean():5.1f} ms  median {np.median(a):5.1f}  <=20 {np.mean(a <= 20):.2f}  "
        f"<=40 {np.mean(a <= 40):.2f}  bias {np.median(e):+.1f}"
    )


def against_flite() -> None:
    print("Phone boundaries, aligned against flite's exact times")
    if Flite().missing():
        print("  left out:", Flite().missing())
        return
    for how, times in (("two passes", aligner.align), ("one pass", aligner.follow)):
        closures: list[float] = []
        began = time.process_time()
        for base in ("slt", "rms", "awb"):
            errors: list[float] = []
            for text in SENTENCES:
                (clause,) = read(text)
                said = Flite().say(clause, base)
                found = times(without_silence(said.audio) if times is aligner.follow else said.audio, sayable(text))
                moved_s = _cut_s(said.audio) if times is aligner.follow else 0.0
                for mine, exact in zip(found or (), said.words, strict=True):
                    if [p.name for p in mine.phones] == [p.name for p in exact.phones]:
                        pairs = list(zip(mine.phones, exact.phones, strict=True))
                        errors += [a.end_s + moved_s - b.end_s for a, b in pairs]
                        closures += [
                            moved_s + 0.5 * (a.start_s + a.end_s - b.start_s - b.end_s)
                            for a, b in pairs
                            if a.name in "PBM"
                        ]
            report(f"flite {base}, {how}", errors)
        report(f"middles of /p b m/, {how}", closures)
        print(f"  {time.process_time() - began:.1f} s of work, flite's own included")


def _cut_s(audio: Audio) -> float:
    """Returns how much silence `without_silence` takes away before a sound."""
    kept = without_silence(audio)
    return (
        next(
            i
            for i in range(len(audio.samples))
            if np.array_equal(audio.samples[i : i + len(kept.samples)], kept.samples)
        )
        / audio.rate_hz
    )


def against_labels(path: Path) -> None:
    tiers = text_grid(path)
    audio = read_sound(path.with_suffix(".wav"))
    said = [(w, a, b) for w, a, b in tiers["words"] if w and w not in ("sil", "sp", "<unk>")]
    before = time.process_time()
    speech = listen(audio, " ".join(w for w, _, _ in said))
    spent = time.process_time() - before
    print(f"Hand labels of {path.name}: {speech.timing}, {spent / audio.duration_s:.2f} CPU s a second")
    if [w.text.lower() for w in speech.words] == [w for w, _, _ in said]:
        report(
            "words", [x for w, (_, a, b) in zip(speech.words, said, strict=True) for x in (w.start_s - a, w.end_s - b)]
        )
    else:
        print(f"  {len(speech.words)} of {len(said)} words found")
    labels = [
        Phone(re.sub(r"\d", "", p).upper(), a, b)
        for p, a, b in tiers.get("phones", tiers.get("phone", []))
        if p and p.lower() not in ("sil", "sp", "spn", "")
    ]
    mine = [p for p in speech.phones if p.name != "SIL"]
    report(
        "phones (matched in order)",
        [x for p, q in matched(labels, mine) for x in (q.start_s - p.start_s, q.end_s - p.end_s)],
    )


def matched(labels: list[Phone], mine: list[Phone]) -> list[tuple[Phone, Phone]]:
    """Returns the pairs of equal phones on the best path through both sequences."""
    cost = np.zeros((len(labels) + 1, len(mine) + 1))
    cost[:, 0], cost[0] = np.arange(len(labels) + 1), np.arange(len(mine) + 1)
    for i, p in enumerate(labels, 1):
        for j, q in enumerate(mine, 1):
            cost[i, j] = min(cost[i - 1, j] + 1, cost[i, j - 1] + 1, cost[i - 1, j - 1] + 1.5 * (p.name != q.name))
    pairs, i, j = [], len(labels), len(mine)
    while i and j:
        if cost[i, j] == cost[i - 1, j - 1] + 1.5 * (labels[i - 1].name != mine[j - 1].name):
            i, j = i - 1, j - 1
            if labels[i].name == mine[j].name:
                pairs.append((labels[i], mine[j]))
        elif cost[i, j] == cost[i - 1, j] + 1:
            i -= 1
        else:
            j -= 1
    return pairs


def text_grid(path: Path) -> dict[str, list[tuple[str, float, float]]]:
    """Returns the interval tiers of a TextGrid, long or short form."""
    items = re.findall(
        r'"[^"]*"|[-+]?\d+\.?\d*(?:e-?\d+)?', re.sub(r"\[\d*\]|^.*?<exists>", " ", path.read_text(), flags=re.S)
    )
    tiers: dict[str, list[tuple[str, float, float]]] = {}
    at = 0
    while at < len(items):
        if items[at] == '"IntervalTier"':
            name, count = items[at + 1].strip('"'), int(float(items[at + 4]))
            at += 5
            rows = [
                (items[at + 3 * k + 2].strip('"').lower(), float(items[at + 3 * k]), float(items[at + 3 * k + 1]))
                for k in range(count)
            ]
            tiers[name.lower().split(" - ")[-1]] = rows
            at += 3 * count
        else:
            at += 1
    return tiers


def spoken(direction: Direction, voice: Voice = EMI) -> Callable[[str], Speech]:
    return lambda text: Speech.join(speak(Line(text, direction=direction), voice))


def raw(text: str) -> Audio:
    chosen = choose(EMI)
    return Audio.join(chosen.engine.say(clause, chosen.base).audio for clause in read(text))


def speed() -> None:
    code = (
        "import time; t = time.perf_counter()\n"
        "from understudy.voice import speak; from understudy.hub.script import Line\n"
        "from understudy.hub.voice import Voice\n"
        "next(speak(Line('The storm is coming, I can feel it.'), Voice())); print(time.perf_counter() - t)"
    )
    cold = min(
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
        for _ in range(3)
    )
    lines = [spoken(Direction()), *[spoken(Direction())] * 2]
    before, wall = time.process_time(), time.perf_counter()
    made = [say(text) for say, text in zip(lines * 4, SENTENCES, strict=False)]
    cpu, wall = time.process_time() - before, time.perf_counter() - wall
    length = sum(s.duration_s for s in made)
    begun = time.perf_counter()
    next(speak(Line("The storm is coming, I can feel it."), EMI))
    first = time.perf_counter() - begun
    print(f"Speed of speak: {cpu / length:.3f} CPU s and {wall / length:.3f} s a second of sound")
    print(f"  first sound: {cold:.2f} s in a fresh process (imports and models), {first:.2f} s after that")


def clarity_and_emotions() -> None:
    from pocketsphinx import Decoder

    decoder = Decoder(samprate=16_000, loglevel="FATAL")

    def errors(audio: Audio, text: str) -> int:
        decoder.reinit_feat()
        aligner._decode(decoder, aligner._prepared(audio))
        return edits(words_of(text), decoder.hyp().hypstr.split() if decoder.hyp() else [])

    total = sum(len(words_of(t)) for t in SENTENCES)
    print(f"Clarity and emotions, {len(SENTENCES)} sentences, {total} words, voice {EMI.engines[0]}")
    print(f"  {'':12} word errors   F0 median   F0 5-95 %   words/s   level")
    wer = sum(errors(raw(t), t) for t in SENTENCES) / total
    print(f"  {'engine':12} {wer:11.2f}")
    cases = {"copy": (Direction(), Voice(engines=EMI.engines)), "plain": (Direction(), EMI)}
    cases |= {name: (Direction(emotions={name: 1.0}), EMI) for name in EMOTIONS}
    cases |= {
        "whisper": (Direction(whisper=1.0), EMI),
        "pace 1.3": (Direction(pace=1.3), EMI),
        "pace 0.75": (Direction(pace=0.75), EMI),
    }
    for name, (direction, voice) in cases.items():
        made = [spoken(direction, voice)(t) for t in SENTENCES]
        wrong = sum(errors(s.audio, t) for s, t in zip(made, SENTENCES, strict=True)) / total
        f0 = np.concatenate([s.prosody.column("f0_hz") for s in made])
        f0 = f0[f0 > 0] if (f0 > 0).any() else np.array([np.nan])
        loud = np.concatenate([s.prosody.column("loudness_db") for s in made])
        low, high = np.percentile(f0, [5, 95])
        rate = total / sum(s.words[-1].end_s - s.words[0].start_s for s in made)
        print(
            f"  {name:12} {wrong:11.2f} {np.median(f0):8.0f} Hz {12 * np.log2(high / low):8.1f} st {rate:9.2f} "
            f"{np.mean(loud[loud > -50]):8.1f} dB"
        )


def right_and_wrong_texts() -> None:
    right, wrong = [], []
    for i, text in enumerate(SENTENCES):
        audio = spoken(Direction())(text).audio
        beliefs = ear.hear(audio)
        for other, scores in ((text, right), (SENTENCES[(i + 7) % len(SENTENCES)], wrong)):
            found = aligner.align(audio, listening.sayable(other))
            scores.append(0.0 if found is None else listening.alikeness(found, beliefs))
    print(
        f"Does the text fit (limit {listening.ALIKE}): right {min(right):.2f}..{max(right):.2f}, "
        f"wrong {min(wrong):.2f}..{max(wrong):.2f}; "
        f"right ones refused {sum(r < listening.ALIKE for r in right)}, "
        f"wrong ones taken {sum(w >= listening.ALIKE for w in wrong)} of {len(SENTENCES)}"
    )


def main() -> None:
    print("python benchmarks/voice_timing.py", *sys.argv[1:])
    against_flite()
    for name in sys.argv[1:]:
        against_labels(Path(name))
    speed()
    right_and_wrong_texts()
    clarity_and_emotions()


if __name__ == "__main__":
    main()
