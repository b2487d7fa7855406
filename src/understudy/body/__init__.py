"""The body under the face: breath, posture, weight and the small accents of speech."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from understudy.body.sway import move as move

__all__ = ["move"]


def __getattr__(name: str) -> Any:
    if name == "move":
        from understudy.body.sway import move

        return move
    raise AttributeError(name)
