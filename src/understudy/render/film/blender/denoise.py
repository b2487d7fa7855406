"""Open Image Denoise (Apache-2.0), which comes inside bpy, called through ctypes on arrays.

The C interface is that of OIDN 2 (https://www.openimagedenoise.org/documentation.html).
"""

import ctypes
from pathlib import Path
from typing import Any

import numpy as np

_FLOAT3 = 3
_QUALITY = {"draft": 5, "good": 5, "best": 6}
"""OIDN_QUALITY_BALANCED and OIDN_QUALITY_HIGH."""


class Denoiser:
    """Cleans pictures; buffers are kept while their size stays."""

    def __init__(self, folder: Path) -> None:
        found = sorted([*folder.glob("lib/libOpenImageDenoise.so*"), *folder.glob("lib/libOpenImageDenoise.*dylib")])
        found += sorted(folder.glob("**/OpenImageDenoise.dll"))
        if not found:
            raise OSError("bpy came without Open Image Denoise")
        lib = ctypes.CDLL(str(found[0]))
        pointer, size, text = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p
        for name, result, arguments in (
            ("oidnNewDevice", pointer, [ctypes.c_int]),
            ("oidnCommitDevice", None, [pointer]),
            ("oidnNewFilter", pointer, [pointer, text]),
            ("oidnNewBuffer", pointer, [pointer, size]),
            ("oidnWriteBuffer", None, [pointer, size, size, pointer]),
            ("oidnReadBuffer", None, [pointer, size, size, pointer]),
            ("oidnReleaseBuffer", None, [pointer]),
            ("oidnReleaseFilter", None, [pointer]),
            (
                "oidnSetFilterImage",
                None,
                [pointer, text, pointer, ctypes.c_int, size, size, size, size, size],
            ),
            ("oidnSetFilterBool", None, [pointer, text, ctypes.c_bool]),
            ("oidnSetFilterInt", None, [pointer, text, ctypes.c_int]),
            ("oidnCommitFilter", None, [pointer]),
            ("oidnExecuteFilter", None, [pointer]),
            ("oidnGetDeviceError", ctypes.c_int, [pointer, ctypes.POINTER(text)]),
        ):
            function = getattr(lib, name)
            function.restype, function.argtypes = result, arguments
        self._lib = lib
        self._device = lib.oidnNewDevice(0)
        lib.oidnCommitDevice(self._device)
        self._shape: tuple[Any, ...] = ()
        self._buffers: dict[str, Any] = {}
        self._filters: dict[str, Any] = {}
        self._guide: Any = None

    def clean(self, colour: Any, albedo: Any, normal: Any, quality: str, *, as_traced: float) -> Any:
        """Returns (h, w, 3) float32 without noise. colour: HDR; albedo 0..1, normal -1..1: its guides.

        The guides are cleaned first; as_traced: 0..1 the share of the albedo that guides as it came.
        """
        self._fit(colour.shape, quality)
        for name, plane in (("color", colour), ("albedo", albedo), ("normal", normal)):
            data = np.ascontiguousarray(plane, np.float32)
            self._lib.oidnWriteBuffer(self._buffers[name], 0, data.nbytes, data.ctypes.data)
        self._lib.oidnExecuteFilter(self._filters["albedo"])
        self._lib.oidnExecuteFilter(self._filters["normal"])
        self._guide = self._read("albedo")
        if as_traced > 0:
            mixed = np.ascontiguousarray(self._guide + as_traced * (albedo - self._guide), np.float32)
            self._lib.oidnWriteBuffer(self._buffers["albedo"], 0, mixed.nbytes, mixed.ctypes.data)
        self._lib.oidnExecuteFilter(self._filters["color"])
        self._check()
        return self._read("output")

    def clean_again(self, colour: Any) -> Any:
        """Returns another (h, w, 3) float32 picture of the size and under the guides of the one before."""
        data = np.ascontiguousarray(colour, np.float32)
        self._lib.oidnWriteBuffer(self._buffers["color"], 0, data.nbytes, data.ctypes.data)
        self._lib.oidnExecuteFilter(self._filters["color"])
        self._check()
        return self._read("output")

    def guide(self) -> Any:
        """Returns (h, w, 3): the albedo of the last picture without noise."""
        return self._guide

    def _read(self, name: str) -> Any:
        out = np.empty(self._shape[:3], np.float32)
        self._lib.oidnReadBuffer(self._buffers[name], 0, out.nbytes, out.ctypes.data)
        return out

    def _fit(self, shape: tuple[int, ...], quality: str) -> None:
        if (*shape, quality) == self._shape:
            return
        lib = self._lib
        for filter_ in self._filters.values():
            lib.oidnReleaseFilter(filter_)
        for buffer in self._buffers.values():
            lib.oidnReleaseBuffer(buffer)
        height, width = shape[:2]
        names = ("color", "albedo", "normal", "output")
        self._buffers = {name: lib.oidnNewBuffer(self._device, height * width * 12) for name in names}
        self._filters = {}
        for name, images in (
            ("albedo", {"albedo": "albedo", "output": "albedo"}),
            ("normal", {"normal": "normal", "output": "normal"}),
            ("color", {name: name for name in names}),
        ):
            made = lib.oidnNewFilter(self._device, b"RT")
            for slot, buffer in images.items():
                lib.oidnSetFilterImage(
                    made, slot.encode(), self._buffers[buffer], _FLOAT3, width, height, 0, 12, width * 12
                )
            lib.oidnSetFilterInt(made, b"quality", _QUALITY[quality])
            if name == "color":
                lib.oidnSetFilterBool(made, b"hdr", True)
                lib.oidnSetFilterBool(made, b"cleanAux", True)
            lib.oidnCommitFilter(made)
            self._filters[name] = made
        self._shape = (*shape, quality)
        self._check()

    def _check(self) -> None:
        message = ctypes.c_char_p()
        if self._lib.oidnGetDeviceError(self._device, ctypes.byref(message)):
            raise OSError((message.value or b"unknown").decode())
