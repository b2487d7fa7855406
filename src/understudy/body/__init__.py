"""The body under the face: breath, posture, weight, hands that speak, and recorded motion."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from understudy.body.retargeting import retarget as retarget
    from understudy.body.sway import move as move

__all__ = ["move", "retarget"]


def __getattr__(name: str) -> Any:
    if name == "move":
        from understudy.body.sway import move

        return move
    if name == "retarget":
        from understudy.body.retargeting import retarget

        return retarget
    raise AttributeError(name)
