import os
from importlib.util import find_spec

import pytest

from understudy.base.errors import Unavailable
from understudy.render.film.worker import PYTHON_VARIABLE, interpreter


@pytest.fixture(scope="session")
def blender() -> str:
    """Gives a Python with bpy, or skips: name one in UNDERSTUDY_BLENDER_PYTHON."""
    try:
        return interpreter()
    except Unavailable as why:
        pytest.skip(
            f"{why} (bpy here: {find_spec('bpy') is not None}, {PYTHON_VARIABLE}: {os.environ.get(PYTHON_VARIABLE)})"
        )
