"""Whether a song is in tune and on the beat, measured on its sound by a tracker that made none of it.

    python benchmarks/voice_singing.py [SCORE] [--engine ENGINE] [--plot out.png]

Without a score it sings a made one over a tenth and more, with a rest, melismas and a change of tempo. Pitch: median
of WORLD's Harvest over the steady middle of each vowel against its note; the control is the same sound against notes a
quarter-tone off. Beat: when the voice sets in after a voiceless consonant against the beat of its vowel.
"""

import argparse
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyworld

from understudy.base.channels import VOWELS
from understudy.hub.song import Note, Song
from understudy.hub.speech import Speech
from understudy.hub.voice import Voice
from understudy.voice import read_song, sing, sung_lead_s
from understudy.voice.sung_sound import VOICELESS

WORDS = (
    "Far a-cross the si-lent sea _ _ ships are sail-ing home to me _ . Soft the stars a-bove them shine _ till your "
    "hand is safe _ in mine _"
)
PITCHES = (
    60,
    62,
    64,
    65,
    67,
    69,
    67,
    64,
    62,
    64,
    65,
    62,
    60,
    64,
    67,
    72,
    71,
    69,
    67,
    65,
    64,
    67,
    69,
    71,
    72,
    74,
    76,
    72,
)
BEATS = (1, 1, 1, 1, 0.5, 0.5, 2, 1, 1, 1, 0.5, 0.5, 1, 3)


def made_song() -> Song:
    """Returns the built-in song: 96 to the minute, 66 from the second half on."""
    notes: list[Note] = []
    clock = 0.0
    pitches = iter(PITCHES * 2)
    tempo = 96.0
    for token in WORDS.split():
        if token == ".":
            clock += 60 / tempo
            tempo = 66.0
            continue
        parts = token.split("-")
        for k, part in enumerate(parts):
            length = BEATS[(len(notes) + k) % len(BEATS)] * 60 / tempo
            syllable = "" if part == "_" else part
            notes.append(Note(clock, clock + length, next(pitches), syllable, k + 1 < len(parts)))
            clock += length
    return Song("made", tuple(notes))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("score", nargs="?", type=Path)
    parser.add_argument("--engine", default="")
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    song = read_song(options.score) if options.score else made_song()
    speech = Speech.join(sing(song, Voice(), engine=options.engine))
    lead = sung_lead_s(song)
    samples = np.asarray(speech.audio.samples, np.float64)
    f0, times = pyworld.harvest(samples, speech.audio.rate_hz, f0_floor=70, f0_ceil=1000, frame_period=5)
    midi = np.where(f0 > 0, 69 + 12 * np.log2(np.maximum(f0, 1) / 440), np.nan)
    print("$ python benchmarks/voice_singing.py", *sys.argv[1:])
    print(f"{len(song.notes)} notes, {speech.duration_s:.1f} s, {speech.engine}, lead {lead:.2f} s")
    cents = _cents(song, speech, lead, times, midi, 0.0)
    off = _cents(song, speech, lead, times, midi, 0.5)
    for name, values in (("pitch", cents), ("control, notes a quarter-tone off", off)):
        part = 100 * np.mean(values <= 20)
        print(f"{name}: {len(values)} notes, median {np.median(values):.1f}, worst {values.max():.1f} cents,", end=" ")
        print(f"within 20: {part:.0f} %")
    beats = _beats(speech)
    print(
        f"beat: {len(beats)} vowels after voiceless sounds, median {np.median(beats):.1f}, worst {beats.max():.1f} ms"
    )
    if options.plot:
        _plot(options.plot, song, speech, lead, times, midi)


def _cents(
    song: Song, speech: Speech, lead: float, times: "np.ndarray", midi: "np.ndarray", off_st: float
) -> "np.ndarray":
    vowels = [p for p in speech.phones if p.name in VOWELS]
    found = []
    for note in song.notes:
        a, b = note.start_s + lead + 0.13, note.end_s + lead - 0.05
        here = [p for p in vowels if p.start_s < b and p.end_s > a]
        if not here:
            continue
        b = min(b, here[0].end_s - 0.06)
        inside = (times > a) & (times < b) & ~np.isnan(midi)
        if b - a > 0.1 and inside.sum() > 15:
            found.append(abs(100 * (np.median(midi[inside]) - note.pitch - off_st)))
    return np.array(found)


def _beats(speech: Speech) -> "np.ndarray":
    """Returns how far from its beat each vowel's voice sets in: the low band passes -12 dB of what it has after."""
    rate = speech.audio.rate_hz
    spectrum = np.fft.rfft(speech.audio.samples)
    hz = np.fft.rfftfreq(len(speech.audio.samples), 1 / rate)
    low = np.abs(np.fft.irfft(spectrum * (hz > 90) * (hz < 900), len(speech.audio.samples)))
    width = int(0.008 * rate)
    line = np.convolve(low, np.ones(width) / width, mode="same")
    found = []
    for before, phone in pairwise(speech.phones):
        if phone.name in VOWELS and before.name in VOICELESS and before.end_s - before.start_s > 0.04:
            beat = round(phone.start_s * rate)
            usual = float(np.median(line[beat + int(0.05 * rate) : beat + int(0.15 * rate)]))
            part = line[beat - int(0.04 * rate) : beat + int(0.08 * rate)]
            over = np.flatnonzero(part > usual / 4)
            if len(over):
                found.append(1000 * abs(over[0] / rate - 0.04))
    return np.array(found)


def _plot(to: Path, song: Song, speech: Speech, lead: float, times: "np.ndarray", midi: "np.ndarray") -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, (top, bottom) = plt.subplots(2, 1, figsize=(20, 11), sharex=True)
    top.plot(times, midi, lw=0.9)
    for note in song.notes:
        top.hlines(note.pitch, note.start_s + lead, note.end_s + lead, color="r", lw=1, alpha=0.6)
        top.text(note.start_s + lead, note.pitch - 1.2, note.syllable or "~")
    floor = np.random.default_rng(0).normal(0, 1e-6, len(speech.audio.samples))
    bottom.specgram(speech.audio.samples + floor, NFFT=1024, Fs=speech.audio.rate_hz, noverlap=800, vmin=-130)
    figure.tight_layout()
    figure.savefig(to, dpi=70)


if __name__ == "__main__":
    main()
