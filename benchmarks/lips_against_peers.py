"""Lip closure and cost against Rhubarb Lip Sync, on the same speech in the same run.

    npm install --prefix benchmarks/peers
    .venv/bin/python benchmarks/lips_against_peers.py

The speech is made by flite (Debian: libflite1), whose phone times are exact, so the truth is known and nothing has to
be labelled by hand: twelve sentences by three voices. Both sides get the same sound, with its text and without.

closed: share of the /p b m/ whose lip opening falls below 15 % of the clip's range within 60 ms of the phone.
false: share of all closures (runs below 15 %) that nothing asks for: not at a /p b m/, not at an /f v/, where the lip
meets the teeth, and not in a pause of 150 ms or more.
RTF: CPU seconds a second of sound. Rhubarb's mouth shapes are read as openings A 0, B .2, C .5, D 1, E .45, F .25,
G .1, H .4, X 0 and smoothed over 30 ms, which favours it; ours are the take's ARKit weights as they are.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from understudy import Actor, Line, body, face, voice
from understudy.base.channels import BILABIALS, LABIODENTALS
from understudy.hub.performance import Performance
from understudy.hub.speech import Phone, Speech
from understudy.hub.voice import Voice
from understudy.judge.lips import aperture

SENTENCES = (
    "The birch canoe slid on the smooth planks.",
    "Glue the sheet to the dark blue background.",
    "The box was thrown beside the parked truck.",
    "The boy was there when the sun rose.",
    "A rod is used to catch pink salmon.",
    "Help the woman get back to her feet.",
    "A pot of tea helps to pass the evening.",
    "Smoky fires lack flame and heat.",
    "The soft cushion broke the man's fall.",
    "The small pup gnawed a hole in the sock.",
    "Press the pants and sew a button on the vest.",
    "The swan dive was far short of perfect.",
)
VOICES = ("slt", "rms", "awb")
OPENING = {"A": 0.0, "B": 0.2, "C": 0.5, "D": 1.0, "E": 0.45, "F": 0.25, "G": 0.1, "H": 0.4, "X": 0.0}
RATE_HZ = 100
PEER = Path(__file__).parent / "peers" / "rhubarb.mjs"
Curve = npt.NDArray[np.float64]
Track = Callable[[Speech, str, bool], tuple[Curve, float]]


def main() -> None:
    speeches = [(text, _spoken(text, name)) for text in SENTENCES for name in VOICES]
    seconds = sum(speech.duration_s for _, speech in speeches)
    print(f"{len(speeches)} utterances, {seconds:.0f} s, truth: flite's own phone times")
    print(f"{'':28} {'closed':>16} {'false':>8} {'RTF':>8}")
    baseline = 0.0
    rows: list[tuple[str, Track, bool]] = [
        ("Understudy with text", _ours, True),
        ("Understudy, sound alone", _ours, False),
        ("Rhubarb 1.13 wasm with text", _rhubarb, True),
        ("Rhubarb 1.13 wasm, sound", _rhubarb, False),
    ]
    for name, track, with_text in rows:
        hits, total, wrong, closures, cpu_s = 0, 0, 0, 0, 0.0
        for text, speech in speeches:
            curve, used_s = track(speech, text, with_text)
            found = _score(curve, speech.phones)
            hits, total, wrong, closures = hits + found[0], total + found[1], wrong + found[2], closures + found[3]
            cpu_s += used_s
        share, margin = hits / total, 1.96 * np.sqrt(hits / total * (1 - hits / total) / total)
        rtf = cpu_s / seconds
        baseline = baseline or rtf
        print(
            f"{name:28} {share:6.1%} +-{margin:5.1%} {wrong / max(1, closures):8.1%} {rtf:8.3f}"
            f"   x{rtf / baseline:.1f} the cost of the first row (n={total})",
            flush=True,
        )


def _spoken(text: str, name: str) -> Speech:
    pieces = voice.speak(Line(text, "A"), Voice((f"flite/{name}",)), engine=f"flite/{name}", seed=1)
    return Speech.join(pieces)


def _ours(speech: Speech, text: str, with_text: bool) -> tuple[Curve, float]:
    persona = Actor.open("emi").record.persona
    began = time.process_time()
    heard = voice.listen(speech.audio, text if with_text else None)
    beats = body.move(face.animate(iter([heard]), persona=persona, seed=1), persona=persona, seed=1)
    take = Performance.from_beats("emi", beats)
    used_s = time.process_time() - began
    weights = aperture(take)
    times = np.arange(int(speech.duration_s * RATE_HZ)) / RATE_HZ
    return np.interp(times, np.arange(len(weights)) / 60, weights), used_s


def _rhubarb(speech: Speech, text: str, with_text: bool) -> tuple[Curve, float]:
    samples = speech.audio.at_rate(16000).samples
    with tempfile.NamedTemporaryFile(suffix=".pcm") as sound:
        sound.write((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
        sound.flush()
        command = ["node", str(PEER), sound.name, *([text] if with_text else [])]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
    found = [row for row in ran.stdout.splitlines() if row.startswith("RESULT")]
    if not found:
        sys.exit(f"Rhubarb did not run: npm install --prefix benchmarks/peers\n{ran.stderr[-400:]}")
    result = json.loads(found[0].removeprefix("RESULT"))
    curve = np.zeros(int(speech.duration_s * RATE_HZ))
    for cue in result["cues"]:
        curve[round(cue["start"] * RATE_HZ) : round(cue["end"] * RATE_HZ)] = OPENING[cue["value"]]
    return np.convolve(np.pad(curve, 1, mode="edge"), np.ones(3) / 3, "valid"), float(result["cpu_s"])


def _score(curve: Curve, phones: tuple[Phone, ...]) -> tuple[int, int, int, int]:
    """Returns (/p b m/ closed, /p b m/, closures nothing asked for, closures)."""
    closed = curve < 0.15 * max(float(np.percentile(curve, 95)), 1e-6)
    allowed = np.zeros(len(curve), bool)
    hits = total = 0
    for phone in phones:
        a, b = max(0, int((phone.start_s - 0.06) * RATE_HZ)), int((phone.end_s + 0.06) * RATE_HZ) + 1
        if phone.name in BILABIALS:
            total += 1
            hits += bool(closed[a:b].any())
        pause = phone.name == "SIL" and (phone.end_s - phone.start_s >= 0.15 or a == 0 or b >= len(curve))
        if pause or phone.name in BILABIALS | LABIODENTALS:
            allowed[a:b] = True
    edges = np.flatnonzero(np.diff(np.r_[False, closed, False].astype(int)))
    runs = list(zip(edges[::2], edges[1::2], strict=True))
    wrong = sum(not allowed[a:b].any() for a, b in runs)
    return hits, total, wrong, len(runs)


if __name__ == "__main__":
    main()
