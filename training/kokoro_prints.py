"""Makes the table that voices are matched by: the print of each designed voice of Kokoro, from three sentences.

    python training/kokoro_prints.py [folder for the sound]

A voice of another language says them with the reading of an English one, as it would in a mixture.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile as sf

from understudy.base.audio import Audio, read_sound
from understudy.voice.kokoro import Kokoro, styles
from understudy.voice.text import read
from understudy.voice.voiceprint import PHONES, voiceprint

SENTENCES = (
    "We were away a year ago, and nobody could find the old road.",
    "She thinks he should choose a big yellow house near the sea.",
    "My father bought eight good vases, then laughed about the joke.",
)
HERE = Path(__file__).parents[1] / "src/understudy/voice/data/kokoro_prints.npz"


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    names = [*styles.designed(), styles.AIR]
    whole, apart = [], []
    for name in names:
        parts = [voiceprint(said(name, number, folder)) for number in range(len(SENTENCES))]
        heard = np.array([part.heard_s for part in parts])[:, :, None]
        rows = np.array([part.envelopes for part in parts])
        own = (heard * rows).sum(axis=0) / np.maximum(heard.sum(axis=0), 1e-9)
        numbers = np.mean([(part.f0_hz, part.range_st, part.phones_hz) for part in parts], axis=0)
        whole.append((own, heard.sum(axis=0)[:, 0], numbers))
        shared = np.array([part.weights for part in parts])[:, :, None]
        apart.append((shared * np.square(rows - own)).sum(axis=(0, 1)) / shared.sum())
    np.savez_compressed(
        HERE,
        names=np.array(names),
        phones=np.array(PHONES),
        envelopes=np.array([own for own, _, _ in whole], np.float16),
        heard_s=np.array([heard for _, heard, _ in whole], np.float16),
        numbers=np.array([numbers for _, _, numbers in whole], np.float32),
        within=np.sqrt(np.mean(apart, axis=0)).astype(np.float32),
    )
    print(f"{HERE.name}: {len(names)} voices, {HERE.stat().st_size} bytes")


def said(name: str, number: int, folder: Path) -> Audio:
    path = folder / f"{name}_{number}.wav"
    if not path.is_file():
        language = styles.designed().get(name, "")
        base = name if language[:2] == "en" else f"{'emi' if 'woman' in name or not language else 'jonah'}*0+{name}*1"
        parts = [Kokoro().say(clause, base).audio for clause in read(SENTENCES[number])]
        sf.write(path, Audio.join(parts).samples, parts[0].rate_hz)
    return read_sound(path)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp()))
