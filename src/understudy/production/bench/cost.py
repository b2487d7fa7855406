"""Row P1: what a subject costs, and how far ahead our stage must hear before it moves."""

import resource
import subprocess
import sys
import time
from collections.abc import Iterator

import numpy as np

from understudy.base.audio import Audio
from understudy.base.channels import ANIMATION_RATE_HZ, FACE
from understudy.hub.actor import Actor
from understudy.hub.performance import Beat, Performance
from understudy.hub.scores import Score
from understudy.hub.speech import Speech
from understudy.judge.chance import banded, interval
from understudy.judge.closing import closing
from understudy.judge.following import GRID_HZ
from understudy.production.bench.mouths import on_grid, opening
from understudy.production.bench.subject import Subject
from understudy.production.bench.turns import SENTENCES, spoken

PIECE_S = 0.03
"""Least length of the pieces that a live voice hands over."""
_ALONE = (
    "import sys\n"
    "from pathlib import Path\n"
    "import numpy\n"
    "from understudy.base.audio import Audio\n"
    "from understudy.production.animate import animate\n"
    "sound = Audio(numpy.load(sys.argv[1]), int(sys.argv[2]))\n"
    "animate(sound, text=sys.argv[3], actor=sys.argv[4])\n"
    "status = Path('/proc/self/status').read_text()\n"
    "print(next(int(row.split()[1]) / 1024 for row in status.splitlines() if row.startswith('VmHWM')))\n"
)


def cost(subject: Subject) -> Iterator[Score]:
    """Yields P1 (memory on Linux only). Times are processor seconds of this process."""
    text = " ".join(SENTENCES[:4])
    sound = Audio.join([spoken(sentence, subject.actor).audio for sentence in SENTENCES[:4]])
    subject.animate(sound.cut(0.0, 1.5), None)
    for name, told in (("sound and text", text), ("sound alone", None)):
        began = time.process_time()
        subject.animate(sound, told)
        spent = (time.process_time() - began) / sound.duration_s
        yield banded(f"P1 offline, {name}", spent, (-np.inf, 0.10), unit="CPU s/s",
                     how=f"sound to finished take, {sound.duration_s:.0f} s of speech")  # fmt: skip
    if subject.ours:
        yield from _streamed(subject)
        yield _memory(subject, sound, text)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield banded("P1 memory of the whole benchmark", peak, (-np.inf, np.inf), unit="MB", judged=False,
                 how="greatest of this process, meshes and all")  # fmt: skip


def _streamed(subject: Subject) -> Iterator[Score]:
    """Plays sentences as a stream of sound and watches how much of it is taken before the face of it comes out."""
    from understudy import face, voice

    persona = Actor.open(subject.actor).record.persona
    ahead, frames_ms, shut, whole = [], [], [], []
    for text in SENTENCES[:6]:
        speech = spoken(text, subject.actor)
        fed_s = [0.0]

        def feed(speech: Speech = speech, fed_s: list[float] = fed_s) -> Iterator[Audio]:
            step = round(PIECE_S * speech.audio.rate_hz)
            for start in range(0, len(speech.audio.samples), step):
                fed_s[0] += step / speech.audio.rate_hz
                yield Audio(speech.audio.samples[start : start + step], speech.audio.rate_hz)

        beats: list[Beat] = []
        began = time.process_time()
        for beat in face.animate(voice.overhear(feed()), persona=persona, wait=False):
            spent = 1000 * (time.process_time() - began)
            count = len(beat.tracks[FACE].values)
            frames_ms += [spent / max(1, count)] * count
            ahead.append(fed_s[0] - (beat.start_s + beat.duration_s))
            beats.append(beat)
            began = time.process_time()
        shut.append(_shut(Performance.from_beats(subject.actor, beats), speech, subject))
        whole.append(_shut(subject.animate(speech.audio, None), speech, subject))
    late = 1000 * np.array([a for a in ahead if a > 0])
    lost = np.count_nonzero(np.concatenate(whole)) - np.count_nonzero(np.concatenate(shut))
    yield banded("P1 streaming look-ahead", float(np.percentile(late, 95)), (-np.inf, 120.0), unit="ms", n=len(late),
                 within=interval(late, lambda v: float(np.percentile(v, 95))),
                 how=f"95th percentile of sound taken beyond what is shown, pieces of {1000 * PIECE_S:.0f} ms; "
                 f"greatest {late.max():.0f} ms; closures lost against hearing all of it: {lost}")  # fmt: skip
    yield banded("P1 a frame, 99th percentile", float(np.percentile(frames_ms, 99)), (-np.inf, 4.0), unit="CPU ms",
                 n=len(frames_ms), how=f"ear, face, eyes and head at {ANIMATION_RATE_HZ:.0f} Hz, a piece's time over "
                 f"its frames; median {np.median(frames_ms):.2f} ms")  # fmt: skip


def _shut(take: Performance, speech: Speech, subject: Subject) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    curve = on_grid(opening(take, subject.actor), speech.duration_s)
    return closing(curve, GRID_HZ, speech.phones).shut


def _memory(subject: Subject, sound: Audio, text: str) -> Score:
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.npy"
        np.save(path, sound.samples)
        command = [sys.executable, "-c", _ALONE, str(path), str(sound.rate_hz), text, subject.actor]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
    peak = float(ran.stdout.split()[-1]) if ran.returncode == 0 else float("nan")
    return banded("P1 memory of an animation alone", peak, (-np.inf, 250.0), unit="MB",
                  how="greatest resident size of a fresh process, sound and text to take")  # fmt: skip
