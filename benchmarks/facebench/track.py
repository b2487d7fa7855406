"""Lip aperture of a filmed face by MediaPipe's FaceMesh, as a CSV of seconds and aperture. Judges L1, L2 and L7.

    PYTHON_WITH_MEDIAPIPE benchmarks/facebench/track.py film.mp4 [other.mpg ...] -o folder

It runs in an interpreter of its own, because mediapipe 0.10.14 needs numpy below 2 (see docs/judging.md), and imports
nothing of Understudy. Aperture is the mean distance of three pairs of inner-lip points over the distance of the outer
corners of the eyes, which is also rid of the head's distance. A picture stands for its middle: (index + 0.5) / fps.
"""

import argparse
from pathlib import Path

INNER_LIPS = ((13, 14), (82, 87), (312, 317))
EYE_CORNERS = (33, 263)
LEAST_HEIGHT_PX = 700
"""Small pictures are enlarged to this: the mesh of a face of 100 pixels is coarser than lips are thin."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("films", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    for film in options.films:
        rows, count = track(film)
        target = options.output / f"{film.stem}.csv"
        target.write_text("seconds,aperture\n" + "".join(f"{t:.5f},{gap:.6f}\n" for t, gap in rows), "utf-8")
        print(f"{film.name}: a face in {len(rows)} of {count} pictures")


def track(film: Path) -> tuple[list[tuple[float, float]], int]:
    """Returns (seconds, aperture) of the pictures with a face, and how many pictures there are."""
    import cv2
    import mediapipe
    import numpy as np

    reel = cv2.VideoCapture(str(film))
    fps = reel.get(cv2.CAP_PROP_FPS)
    rows, index = [], 0
    with mediapipe.solutions.face_mesh.FaceMesh(refine_landmarks=False, max_num_faces=1) as mesh:
        while True:
            ok, picture = reel.read()
            if not ok:
                break
            height, width = picture.shape[:2]
            scale = max(1.0, LEAST_HEIGHT_PX / height)
            picture = cv2.resize(picture, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_CUBIC)
            found = mesh.process(np.ascontiguousarray(picture[..., ::-1])).multi_face_landmarks
            if found:
                size = np.array([picture.shape[1], picture.shape[0], picture.shape[1]])
                points = np.array([(p.x, p.y, p.z) for p in found[0].landmark]) * size
                eyes = np.linalg.norm(points[EYE_CORNERS[0]] - points[EYE_CORNERS[1]])
                gaps = [np.linalg.norm(points[a, :2] - points[b, :2]) for a, b in INNER_LIPS]
                rows.append(((index + 0.5) / fps, float(np.mean(gaps) / eyes)))
            index += 1
    return rows, index


if __name__ == "__main__":
    main()
