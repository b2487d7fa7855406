"""A drawing context without a window."""

import ctypes
from collections.abc import Callable
from typing import Any

from understudy.base.errors import Unavailable


def open_context() -> Any:
    """Returns a standalone moderngl context over EGL (Mesa's llvmpipe when there is no GPU). Raises Unavailable.

    No thread holds it: use it inside `with context:`, from one thread at a time.
    """
    import moderngl

    create: Any = moderngl.create_context
    try:
        context = create(standalone=True, backend="egl", require=420)
        ctypes.CDLL("libEGL.so.1").eglReleaseThread()
        return context
    except Exception as error:  # glcontext raises plain Exception for every missing piece
        raise Unavailable(
            "Rendering needs OpenGL without a display, and this machine has none; "
            "run: apt-get install libegl1 libgl1-mesa-dri"
        ) from error


def finisher() -> Callable[[], None]:
    """Returns what waits until the driver has drawn everything asked of it.

    Called through ctypes it lets other Python threads run meanwhile, which moderngl's own read-back does not: the
    encoder works while the picture is drawn.
    """
    egl = ctypes.CDLL("libEGL.so.1")
    egl.eglGetProcAddress.restype = ctypes.c_void_p
    egl.eglGetProcAddress.argtypes = [ctypes.c_char_p]
    address = egl.eglGetProcAddress(b"glFinish")
    if not address:
        return lambda: None
    finish: Callable[[], None] = ctypes.CFUNCTYPE(None)(address)
    return finish


def renderer_name(context: Any) -> str:
    """Returns what the driver calls itself."""
    with context:
        return str(context.info["GL_RENDERER"])


def is_software(context: Any) -> bool:
    """Tells whether drawing happens on the processor."""
    name = renderer_name(context).lower()
    return any(word in name for word in ("llvmpipe", "softpipe", "swrast", "software", "swiftshader"))
