"""Bodies come from elsewhere and go elsewhere: GLB, VRM in; GLB, USD, Gaussians, a web page out; motion capture in."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from understudy.exchange.capturing import read_capture as read_capture
    from understudy.exchange.page import page_files as page_files
    from understudy.exchange.splats import splat_glb as splat_glb
    from understudy.exchange.splats import splat_ply as splat_ply
    from understudy.exchange.tagged import tagged_glb as tagged_glb
    from understudy.exchange.taking import Taken as Taken
    from understudy.exchange.taking import take_in as take_in
    from understudy.exchange.usd import usdz as usdz

_HOMES = {
    "Taken": "taking",
    "page_files": "page",
    "read_capture": "capturing",
    "splat_glb": "splats",
    "splat_ply": "splats",
    "tagged_glb": "tagged",
    "take_in": "taking",
    "usdz": "usd",
}

__all__ = sorted(_HOMES)  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
