"""A file of motion capture becomes a Capture."""

from pathlib import Path

from understudy.base.errors import BadInput
from understudy.hub.capture import Capture

MOST_BYTES = 512 * 1024**2


def read_capture(path: Path) -> Capture:
    """Reads a .bvh or an animated .glb or .vrm. Raises BadInput in one sentence."""
    if not path.is_file():
        raise BadInput(f"There is no motion at {path}; give a .bvh or an animated .glb.")
    if path.stat().st_size > MOST_BYTES:
        raise BadInput(f"{path.name} is larger than {MOST_BYTES >> 20} MB; cut it into parts.")
    if path.suffix.lower() == ".bvh":
        from understudy.exchange.bvh_in import read_bvh

        return read_bvh(path.read_text("utf-8", errors="replace"), path.name).capture()
    if path.suffix.lower() in (".glb", ".vrm", ".vrma"):
        from understudy.exchange.glb_motion import read_motion

        return read_motion(path.read_bytes(), path.name).capture()
    raise BadInput(
        f"{path.name} is no motion that can be read; give a .bvh or an animated .glb (Blender makes one of FBX)."
    )
