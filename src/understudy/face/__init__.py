"""The face: speech becomes mouth, feeling, gaze, blinks and head, as a stream of beats."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from understudy.face.contact import hold as hold
    from understudy.face.play import animate as animate

__all__ = ["animate", "hold"]


def __getattr__(name: str) -> Any:
    if name == "animate":
        from understudy.face.play import animate

        return animate
    if name == "hold":
        from understudy.face.contact import hold

        return hold
    raise AttributeError(name)
