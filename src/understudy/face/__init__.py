"""The face: speech becomes mouth, feeling, gaze, blinks and head, as a stream of beats."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from understudy.face.play import animate as animate

__all__ = ["animate"]


def __getattr__(name: str) -> Any:
    if name == "animate":
        from understudy.face.play import animate

        return animate
    raise AttributeError(name)
