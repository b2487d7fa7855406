"""Peers as mouths: their visemes read as lip opening, with the tables printed here.

    npm install --prefix benchmarks/peers

Rhubarb 0.1.8 (wasm), HeadAudio 0.1.0 and wawa-lipsync 0.0.2 run in node; the last two expect a browser, whose Web Audio
clock is emulated. PocketSphinx's phones, heard and aligned, go through a table of openings. TalkingHead 1.7.0 turns
text into visemes without times, so it is not a row. Steps are smoothed over 30 ms, which favours the peers.
"""

import json
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from understudy import voice
from understudy.base.audio import Audio
from understudy.base.errors import Unavailable
from understudy.hub.scores import Score
from understudy.judge.following import GRID_HZ, Curve
from understudy.production.bench.clips import exact_utterances, grid_clips
from understudy.production.bench.mouths import Mouth, closings, flapper, following
from understudy.production.bench.subject import Subject
from understudy.production.bench.table import ABOUT, BenchOptions

FOLDER = Path(__file__).resolve().parent.parent / "peers"
RHUBARB = {"A": 0.0, "B": 0.2, "C": 0.5, "D": 1.0, "E": 0.45, "F": 0.25, "G": 0.1, "H": 0.4, "X": 0.0}
VISEMES = {
    "aa": 1.0, "E": 0.6, "I": 0.45, "O": 0.7, "U": 0.35, "PP": 0.0, "SS": 0.15, "TH": 0.25, "DD": 0.25, "FF": 0.1,
    "kk": 0.35, "nn": 0.25, "RR": 0.3, "CH": 0.2, "sil": 0.0,
}  # fmt: skip
HEADAUDIO = ("aa", "E", "I", "O", "U", "PP", "SS", "TH", "DD", "FF", "kk", "nn", "RR", "CH", "sil")
PHONES = {
    "AA": 1.0, "AE": 0.9, "AH": 0.6, "AO": 0.8, "AW": 0.9, "AY": 0.9, "EH": 0.7, "ER": 0.4, "EY": 0.6, "IH": 0.45,
    "IY": 0.4, "OW": 0.6, "OY": 0.6, "UH": 0.4, "UW": 0.3, "P": 0.0, "B": 0.0, "M": 0.0, "F": 0.1, "V": 0.1, "W": 0.2,
    "SIL": 0.0,
}  # fmt: skip
"""Opening of a phone; other consonants 0.25."""


def peers(subject: Subject, options: BenchOptions) -> Iterator[Score]:
    """Yields L1 and L4, L5, L8 of every peer on the same sounds as ours; none of them is held to our targets."""
    clips, said = grid_clips(options.media), exact_utterances(options.utterances, subject.actor)
    for mouth, tracks in mouths():
        for with_text in tracks:
            if clips:
                yield from following(mouth, clips, with_text=with_text, what=f", {ABOUT}")
            yield from closings(mouth, said, with_text=with_text)


def mouths() -> list[tuple[Mouth, Sequence[bool]]]:
    """Returns the peers, and whether each is run without text, with it, or both."""
    return [
        (Mouth("Rhubarb 0.1.8 wasm", rhubarb, judged=False), (False, True)),
        (Mouth("HeadAudio 0.1.0, 16 kHz, emulated", lambda s, t: headaudio(s, 16_000), judged=False), (False,)),
        (Mouth("HeadAudio 0.1.0, 48 kHz, emulated", lambda s, t: headaudio(s, 48_000), judged=False), (False,)),
        (Mouth("wawa-lipsync 0.0.2, emulated", wawa, judged=False), (False,)),
        (Mouth("PocketSphinx phones + table", sphinx, judged=False), (False, True)),
        (flapper(), (False,)),
    ]


def rhubarb(sound: Audio, text: str | None) -> Curve:
    found = _node("rhubarb.mjs", sound, 16_000, *([text] if text else []))
    curve = np.zeros(max(2, round(sound.duration_s * GRID_HZ)))
    for cue in found["cues"]:
        curve[round(cue["start"] * GRID_HZ) : round(cue["end"] * GRID_HZ)] = RHUBARB[cue["value"]]
    return _smoothed(curve)


def headaudio(sound: Audio, rate_hz: int) -> Curve:
    found = _node("headaudio.mjs", sound, rate_hz, str(rate_hz))["visemes"]
    return _stepped([(t, VISEMES[HEADAUDIO[v]]) for t, v in found if v is not None], sound)


def wawa(sound: Audio, text: str | None) -> Curve:
    found = _node("wawa.mjs", sound, 48_000, "48000")["visemes"]
    return _stepped([(t, VISEMES[v]) for t, v in found], sound)


def sphinx(sound: Audio, text: str | None) -> Curve:
    """PocketSphinx's phones through a table, without an articulation: what ours adds to the same recogniser."""
    phones = voice.listen(sound, text).phones
    return _stepped([(p.start_s, PHONES.get(p.name, 0.25)) for p in phones], sound)


def _stepped(steps: list[tuple[float, float]], sound: Audio) -> Curve:
    curve = np.zeros(max(2, round(sound.duration_s * GRID_HZ)))
    for start, value in steps:
        curve[max(0, round(start * GRID_HZ)) :] = value
    return _smoothed(curve)


def _smoothed(curve: np.ndarray) -> Curve:
    return Curve.at_rate(np.convolve(np.pad(curve, 1, mode="edge"), np.ones(3) / 3, "valid"), GRID_HZ)


def _node(script: str, sound: Audio, rate_hz: int, *more: str) -> dict:
    samples = sound.at_rate(rate_hz).samples
    with tempfile.NamedTemporaryFile(suffix=".pcm") as file:
        file.write((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
        file.flush()
        ran = subprocess.run(
            ["node", str(FOLDER / script), file.name, *more], capture_output=True, text=True, check=False
        )
    found = [row for row in ran.stdout.splitlines() if row.startswith("RESULT")]
    if not found:
        raise Unavailable(f"{script} did not run ({ran.stderr[-200:]}); run: npm install --prefix benchmarks/peers")
    return json.loads(found[0].removeprefix("RESULT"))
