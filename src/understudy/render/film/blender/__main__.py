"""Starts the worker: `python .../render/film/blender`, in any interpreter that can import bpy and numpy."""

import importlib
import sys
from pathlib import Path

if __name__ == "__main__":
    del sys.path[0]  # these files are a package, and none of them may stand in the way of one of Blender's
    sys.path.append(str(Path(__file__).resolve().parent.parent))
    sys.exit(importlib.import_module("blender.serve").main())
