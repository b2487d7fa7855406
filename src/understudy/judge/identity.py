"""Whether the actor stays who she is: face vectors of many pictures against one reference.

Where the take is known the mesh says where the face is, in every pose; otherwise a detector looks for it (extra
`judge`). A picture counts when the face is wholly inside it and turned from the lens by less than 60 degrees.
The reference is the mean of the vectors of what the film is held against: a portrait, another film, or by default the
film itself, where a face that changes half way pulls the mean away from both halves.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from understudy.base.errors import BadInput
from understudy.hub.motion import Motion, Seen
from understudy.hub.scores import Score, Scores
from understudy.judge.crops import Picture, face_crop
from understudy.judge.landmarks import Landmarks, find_landmarks
from understudy.judge.recognisers import Recogniser, Vectors, detect, unit
from understudy.judge.reel import Floats

TARGET = 0.98
FACES = 60
"""So many pictures are looked at, evenly spread over the film."""
_LEAST_TURN = 0.5  # cosine of the face to the lens
_LEAST_EYES_PX = 12.0  # between the outer corners of the eyes


@dataclass(frozen=True, eq=False)
class Faces:
    """vectors: (n, d) of the pictures that show the face. looked: how many pictures were looked at. network: whose."""

    vectors: Vectors
    looked: int
    network: str

    @property
    def template(self) -> Vectors:
        """Returns the unit vector of them all."""
        return np.asarray(unit(self.vectors.mean(axis=0)))


def faces_of_film(pictures: Iterable[Picture], motion: Motion | None, network: Recogniser, *, every: int = 1) -> Faces:
    """Returns the faces of every n-th picture. Raises BadInput when no picture shows one."""
    where = _followed(pictures, motion, every) if motion is not None else _detected(pictures, every)
    crops: list[Picture] = []
    looked = 0
    for picture, landmarks in where:
        looked += 1
        if landmarks is not None and _whole(picture, landmarks):
            crops.append(face_crop(picture, landmarks, size_px=network.size_px, padding=network.padding))
    if not crops:
        raise BadInput("No picture shows the face well enough to tell who it is; give a closer shot, or its take.")
    return Faces(network.embed(crops), looked, network.name)


def face_of_still(picture: Picture, network: Recogniser, landmarks: Floats | None = None) -> Faces:
    """Returns the face of one picture; without landmarks a detector looks for it."""
    places = detect(picture) if landmarks is None else landmarks
    crop = face_crop(picture, places, size_px=network.size_px, padding=network.padding)
    return Faces(network.embed([crop]), 1, network.name)


def kept(faces: Faces, network: Recogniser, reference: Faces | None = None, subject: str = "film") -> Scores:
    """Returns how alike each picture's face is to the reference: mean and least."""
    against = (reference or faces).template
    alike = faces.vectors @ against
    whose = "the reference" if reference is not None else "the film's own mean"
    how = f"cosine to {whose}, {len(alike)} of {faces.looked} pictures; {faces.network}"
    return Scores(
        subject,
        (
            Score("identity", float(alike.mean()), "", f"mean at least {TARGET}", bool(alike.mean() >= TARGET), how),
            Score(
                "identity_min", float(alike.min()), "", f"above {network.same_person}",
                bool(alike.min() > network.same_person),
                "least alike picture; the target is where the network stops to see one person",
            ),
        ),
    )  # fmt: skip


def likeness(people: Sequence[Faces]) -> Floats:
    """Returns (n, n) cosines between the templates of films and stills."""
    templates = np.stack([faces.template for faces in people])
    return np.asarray(templates @ templates.T)


def step_for(pictures: int, wanted: int = FACES) -> int:
    """Returns the step that spreads so many looks over a film."""
    return max(1, pictures // max(1, wanted))


def _followed(pictures: Iterable[Picture], motion: Motion, every: int) -> Iterable[tuple[Picture, Floats | None]]:
    marks = find_landmarks(motion.body)
    numbered = enumerate(pictures)
    for order, seen in enumerate(motion.seen):
        picture = next((p for i, p in numbered if i == seen.index), None)
        if picture is None:
            return
        if order % every == 0:
            scale = picture.shape[0] / motion.size_px[1]
            towards = _towards_lens(marks, seen)
            yield picture, marks.at(seen) * scale if towards > _LEAST_TURN else None


def _detected(pictures: Iterable[Picture], every: int) -> Iterable[tuple[Picture, Floats | None]]:
    for index, picture in enumerate(pictures):
        if index % every == 0:
            try:
                yield picture, detect(picture)
            except BadInput:
                yield picture, None


def _towards_lens(marks: Landmarks, seen: Seen) -> float:
    """Returns about the cosine of the face to the lens: how wide the eyes' line looks for how tall the face is."""
    at = marks.at(seen)
    wide = abs(at[0, 0] - at[2, 0])
    tall = np.linalg.norm((at[0] + at[2]) / 2 - at[4])
    return float(min(1.0, wide / max(tall, 1e-6) / 1.9))


def _whole(picture: Picture, landmarks: Floats) -> bool:
    height, width = picture.shape[:2]
    apart = float(np.linalg.norm(landmarks[0] - landmarks[2]))
    middle = landmarks.mean(axis=0)
    low, high = middle - 0.9 * apart, middle + 0.9 * apart
    return bool(apart >= _LEAST_EYES_PX and (low >= 0).all() and high[0] <= width and high[1] <= height)
