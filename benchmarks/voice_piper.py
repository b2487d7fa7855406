"""What a Piper voice costs here, and how its own phone times agree with forced alignment.

python benchmarks/voice_piper.py FOLDER_WITH_ONNX
"""

import argparse
import os
import sys
import time

import numpy as np

from understudy.voice.aligner import align
from understudy.voice.piper import FOLDERS, Piper
from understudy.voice.text import read
from understudy.voice.timing import sayable

TEXT = (
    "The storm is coming and I can feel it. Please believe me when I say that nobody knew. "
    "My brother never left the apartment before November. Kick the ball straight and follow through. "
    "A pot of tea helps to pass the evening. Four hours of steady work faced us."
)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    os.environ[FOLDERS] = parser.parse_args().folder
    print("$ python benchmarks/voice_piper.py", *sys.argv[1:])
    piper = Piper()
    for base, language in piper.bases().items():
        clauses = read(TEXT, language=language)
        piper.say(clauses[0], base)
        began, seconds, apart = time.process_time(), 0.0, []
        said = [piper.say(clause, base) for clause in clauses]
        spent = time.process_time() - began
        for clause, sounding in zip(clauses, said, strict=True):
            seconds += sounding.audio.duration_s
            found = align(sounding.audio, sayable(clause, language)) or ()
            for mine, theirs in zip(sounding.words, found, strict=False):
                if len(mine.phones) == len(theirs.phones):
                    apart += [a.start_s - b.start_s for a, b in zip(mine.phones, theirs.phones, strict=True)]
        off = 1000 * np.array(apart)
        print(f"{base}: {spent / seconds:.3f} CPU seconds a second of sound ({seconds:.1f} s)")
        if len(off):
            within = 100 * np.mean(np.abs(off) <= 40)
            print(f"  {len(off)} phones against the aligner: median {np.median(off):+.0f} ms,", end=" ")
            print(f"median distance {np.median(np.abs(off)):.0f} ms, within 40 ms {within:.0f} %")


if __name__ == "__main__":
    main()
