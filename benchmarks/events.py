"""Measures vocal events: laughs against the literature and a recording, the face against the sound, heard arousal.

    python benchmarks/events.py [laughter.wav]

A recording of laughter is measured the same way, to compare. Nothing of it is used.
"""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from understudy.base.audio import Audio, read_sound
from understudy.base.channels import FACE, SHAPE_INDEX
from understudy.face import animate
from understudy.face.affect import Affect
from understudy.face.passage import passages
from understudy.hub.actor import Actor
from understudy.hub.cue import Cue
from understudy.hub.performance import Performance
from understudy.hub.script import Line
from understudy.hub.speech import Speech
from understudy.script.direction import direct
from understudy.voice import level, speak
from understudy.voice.world import track_f0

TEXT = "I told them the gate was open, and nobody came to close it until the morning."
AROUSED = {"furious, shouting": 1, "ecstatic": 1, "terrified": 1, "angry": 1, "cheerful": 1, "": 0,
           "sad": -1, "grieving": -1, "tender": -1, "tired": -1}  # fmt: skip


def laughter(audio: Audio) -> str:
    """Returns call rate, pitch and balance of spectrum of a sound that laughs."""
    sound = audio.at_rate(24_000)
    loud = level.loudness_curve(sound.samples, 24_000, 100, int(sound.duration_s * 100))
    loud = np.convolve(loud, np.hanning(9) / np.hanning(9).sum(), "same")
    at = [
        i
        for i in range(4, len(loud) - 4)
        if loud[i] == loud[i - 3 : i + 4].max()
        and loud[i] > loud.max() - 28
        and loud[i] - max(loud[max(0, i - 9) : i].min(), loud[i : i + 10].min()) > 4
    ]
    gaps = np.diff(at) / 100
    f0 = track_f0(sound)
    power = np.abs(np.fft.rfft(sound.samples)) ** 2
    hz = np.fft.rfftfreq(len(sound.samples), 1 / 24_000)
    low, middle, high = (
        10 * np.log10(power[(hz >= a) & (hz < b)].sum()) for a, b in ((100, 1e3), (1e3, 3e3), (3e3, 6e3))
    )
    return (
        f"{1 / np.median(gaps[gaps < 0.4]):.2f} calls/s, F0 10..90 % {np.percentile(f0[f0 > 0], 10):.0f}.."
        f"{np.percentile(f0[f0 > 0], 90):.0f} Hz, 1-3 kHz {middle - low:+.1f} dB, 3-6 kHz {high - low:+.1f} dB"
    )


def jaw_lag_s(pieces: list[Speech], persona: object) -> list[float]:
    """Returns by how much the jaw's peak comes after the middle of each loud call of a laugh."""
    take = Performance.from_beats("a", animate(pieces, persona=persona))  # type: ignore[arg-type]
    jaw = take.tracks[FACE].values[:, SHAPE_INDEX["jawOpen"]]
    loud = Speech.join(pieces).prosody.column("loudness_db")
    lags = []
    for call in [e for e in take.events if e.kind == "vocal" and e.name == "laugh.call" and e.value > 0.5]:
        first = round((call.start_s - 0.05) * 60)
        peak_s = (first + int(np.argmax(jaw[first : round((call.end_s + 0.04) * 60)]))) / 60
        part = 10 ** (loud[round(call.start_s * 100) : round(call.end_s * 100)] / 10)
        lags.append(peak_s - call.start_s - float((np.arange(len(part)) * part).sum() / part.sum()) / 100)
    return lags


def level_free(speech: Speech) -> Speech:
    """Returns a Speech at one RMS, without its line, as a recording would come."""
    gain = np.float32(0.05 / np.sqrt(np.mean(speech.audio.samples**2)))
    values = speech.prosody.values.copy()
    values[:, 1] += 20 * np.log10(gain)
    audio = Audio(speech.audio.samples * gain, speech.audio.rate_hz)
    return replace(speech, audio=audio, prosody=replace(speech.prosody, values=values), line=None)


def arousal(speech: Speech) -> float:
    """Returns the arousal heard over the last two thirds."""
    curve = Affect().hear(next(iter(passages([level_free(speech)]))))
    return float(curve[len(curve) // 3 :, 1].mean())


def main() -> None:
    if len(sys.argv) > 1:
        print(f"{Path(sys.argv[1]).name}: {laughter(read_sound(Path(sys.argv[1])))}")
    for name in ("emi", "jonah"):
        record = Actor.open(name).record
        lags: list[float] = []
        for seed in range(3):
            pieces = list(speak(Line("You came.", cues=(Cue("laugh", 2, strength=0.9),)), record.voice, seed=seed))
            laughs = [p for p in pieces if p.vocals]
            lags += jaw_lag_s(pieces, record.persona)
            if not seed:
                print(f"{name} laughs: {laughter(laughs[0].audio)}")
        print(
            f"{name}: jaw after sound, mean {1000 * np.mean(lags):+.0f} ms, sd {1000 * np.std(lags):.0f}, n {len(lags)}"
        )
        heard = {
            words: arousal(Speech.join(speak(Line(TEXT, direction=direct(words)), record.voice))) for words in AROUSED
        }
        r = np.corrcoef(list(AROUSED.values()), list(heard.values()))[0, 1]
        print(f"{name}: arousal heard, r {r:.2f} with its sign:", {w or "plain": round(a, 2) for w, a in heard.items()})


if __name__ == "__main__":
    main()
