"""Starts the worker: `python .../render/film/blender`, in any interpreter that can import bpy and numpy."""

import importlib
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    sys.exit(importlib.import_module("blender.serve").main())
