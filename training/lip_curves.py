"""Tracks the lips of filmed talkers with MediaPipe's FaceMesh and keeps only curves: time, gap of the inner lips.

    python training/lip_curves.py talker.mpg:"what is said" ... --source S --licence L -o training/lip_curves.json

Needs mediapipe==0.10.14 with opencv-python-headless (numpy below 2), so it runs in a virtual environment of its own
that also sees Understudy (`pip install -e . mediapipe==0.10.14 'numpy<2' opencv-python-headless`). No picture, no
landmark and no sound is kept: a gap over the distance of the outer corners of the eyes, and when each phone is said.
"""

import argparse
import json
from pathlib import Path

import av
import cv2
import mediapipe
import numpy as np

from understudy import voice
from understudy.base.audio import read_sound

INNER_LIPS = ((13, 14), (312, 317), (82, 87))
OUTER_EYES = (33, 263)
LEAST_HEIGHT_PX = 400
"""Smaller pictures are doubled: the tracker was made for faces of a few hundred pixels."""


def curves(film: Path) -> tuple[list[float], list[float]]:
    """Returns the times (s) of the pictures in which a face was found, and the gap of its lips in eye distances."""
    mesh = mediapipe.solutions.face_mesh.FaceMesh(max_num_faces=1, refine_landmarks=True)
    times, gaps = [], []
    with av.open(str(film)) as container:
        for frame in container.decode(container.streams.video[0]):
            picture = frame.to_ndarray(format="rgb24")
            if picture.shape[0] < LEAST_HEIGHT_PX:
                picture = cv2.resize(picture, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
            found = mesh.process(picture).multi_face_landmarks
            if not found:
                continue
            height, width = picture.shape[:2]
            points = np.array([(p.x * width, p.y * height) for p in found[0].landmark])
            eyes = np.linalg.norm(points[OUTER_EYES[0]] - points[OUTER_EYES[1]])
            gaps.append(round(float(np.mean([np.linalg.norm(points[a] - points[b]) for a, b in INNER_LIPS]) / eyes), 5))
            times.append(round(float(frame.time), 4))
    return times, gaps


def main() -> None:
    """Writes the curves of every clip whose words are found in its sound."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clips", nargs="+")
    parser.add_argument("--source", required=True)
    parser.add_argument("--licence", required=True)
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    clips = []
    for given in options.clips:
        film, text = given.split(":", 1)
        speech = voice.listen(read_sound(Path(film)), text)
        if speech.timing != "aligned":
            print(f"{film}: the words were not found in the sound; left out")
            continue
        times, gaps = curves(Path(film))
        phones = [[p.name, round(p.start_s, 3), round(p.end_s, 3), p.stress] for p in speech.phones]
        clips.append({"name": Path(film).stem, "t": times, "gap": gaps, "phones": phones})
    options.output.write_text(
        json.dumps({"source": options.source, "licence": options.licence, "clips": clips}) + "\n", "utf-8"
    )


if __name__ == "__main__":
    main()
