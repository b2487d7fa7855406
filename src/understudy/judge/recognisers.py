"""Networks that tell faces apart: a crop in, a unit vector out; the cosine of two of them is their similarity.

dlib     dlib's ResNet-29 (`dlib_face_recognition_resnet_model_v1.dat`, CC0-1.0, Davis King; 99.38 % on LFW, trained on
         7485 people), extra `judge`. An outside judge: it never saw a face of ours. Its own rule for 'the same
         person', a distance of 0.6, is a cosine of about 0.917.
sitting  our own small network (see training/), trained on renders of Understudy's own actors and faces bent from
         them. No extra needed. It knows nothing of photographs.
"""

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from understudy.base.errors import BadInput, MissingExtra, UnknownName
from understudy.judge.crops import Picture

Vectors = npt.NDArray[np.float64]

DLIB_WEIGHTS = "dlib_face_recognition_resnet_model_v1.dat"


class Recogniser(Protocol):
    """A face network. name: with version and licence, for the report. size_px, padding: of the crops it wants.

    same_person: the cosine above which it holds two faces for one person.
    """

    name: str
    size_px: int
    padding: float
    same_person: float

    def embed(self, crops: list[Picture]) -> Vectors:
        """Returns (n, d) unit vectors."""
        ...


@dataclass(eq=False)
class Dlib:
    """dlib's face recognition ResNet, each crop and its mirror image averaged."""

    name: str = "dlib face_recognition_resnet_model_v1 (CC0-1.0)"
    size_px: int = 150
    padding: float = 0.25
    same_person: float = 0.917
    _net: Any = None

    def embed(self, crops: list[Picture]) -> Vectors:
        if self._net is None:
            self._net = _dlib().face_recognition_model_v1(str(_dlib_weights()))
        both = [[np.ascontiguousarray(view) for view in (crop, crop[:, ::-1])] for crop in crops]
        found = [np.mean([np.array(self._net.compute_face_descriptor(v)) for v in views], axis=0) for views in both]
        return unit(np.array(found))


def recogniser(name: str = "") -> Recogniser:
    """Returns a network by name: 'dlib' or 'sitting'; '' takes dlib where its extra is installed.

    Raises UnknownName, or MissingExtra for dlib without the extra.
    """
    from understudy.judge.sitting import Sitting

    if name == "dlib" or (not name and has_dlib()):
        if not has_dlib():
            raise MissingExtra("Judging faces with dlib", "judge")
        return Dlib()
    if name in ("", "sitting"):
        return Sitting()
    raise UnknownName("face network", name, ["dlib", "sitting"])


def has_dlib() -> bool:
    """Returns whether dlib and its weights are installed."""
    return importlib.util.find_spec("_dlib_pybind11") is not None and _models() is not None


def detect(picture: Picture) -> Vectors:
    """Returns (5, 2) landmarks of the largest face of a picture, by dlib's HOG detector and five-point aligner.

    Raises MissingExtra without the extra `judge`, BadInput when there is no face.
    """
    if not has_dlib():
        raise MissingExtra("Finding a face in a picture without its take", "judge")
    net, folder = _dlib(), _models()
    assert folder is not None
    faces = net.get_frontal_face_detector()(np.ascontiguousarray(picture[..., :3]), 1)
    if not len(faces):
        raise BadInput("No face is found in this picture; give one in which a face is seen from the front.")
    face = max(faces, key=lambda box: box.width() * box.height())
    aligner = net.shape_predictor(str(folder / "shape_predictor_5_face_landmarks.dat"))
    found = aligner(np.ascontiguousarray(picture[..., :3]), face)
    return np.array([(found.part(i).x + 0.5, found.part(i).y + 0.5) for i in range(5)])


def faces_in(picture: Picture) -> int:
    """Returns how many faces dlib's detector finds in a picture. Raises MissingExtra without the extra `judge`."""
    if not has_dlib():
        raise MissingExtra("Counting the faces in a picture", "judge")
    return len(_dlib().get_frontal_face_detector()(np.ascontiguousarray(picture[..., :3]), 1))


def unit(vectors: npt.ArrayLike) -> Vectors:
    """Returns the vectors at length 1."""
    values = np.asarray(vectors, np.float64)
    return np.asarray(values / np.maximum(np.linalg.norm(values, axis=-1, keepdims=True), 1e-12))


def _dlib() -> Any:
    import _dlib_pybind11

    return _dlib_pybind11


def _models() -> Path | None:
    """Returns the folder of the weights, without importing their package (it asks for an old setuptools)."""
    found = importlib.util.find_spec("face_recognition_models")
    for folder in found.submodule_search_locations or [] if found else []:
        if (Path(folder) / "models" / DLIB_WEIGHTS).is_file():
            return Path(folder) / "models"
    return None


def _dlib_weights() -> Path:
    folder = _models()
    if folder is None:
        raise MissingExtra("Judging faces with dlib", "judge")
    return folder / DLIB_WEIGHTS
