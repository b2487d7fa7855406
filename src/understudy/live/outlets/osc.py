"""VRChat avatar parameters over OSC (UDP 9000): VRCFaceTracking's v2 names, and VRChat's own eye tracking.

/avatar/parameters/v2/NAME f, EyeTrackingActive, ExpressionTrackingActive and LipTrackingActive T; the eyes also as
/tracking/eye/LeftRightPitchYaw ffff (degrees, down and to the right positive) and EyesClosedAmount f, for avatars
without eye parameters (docs.vrchat.com, OSC Eye Tracking).
"""

from collections.abc import Iterator
from typing import ClassVar, Final

import numpy as np

from understudy.hub.card import Card
from understudy.hub.performance import Pose
from understudy.live.outlets.bundling import Message, Value, bundles
from understudy.live.outlets.outlet import Bill, Datagrams
from understudy.live.outlets.unified import unified
from understudy.live.timeline import LiveBeat

PREFIX: Final = "/avatar/parameters/"
REFRESH_S: Final = 1.0
"""How often everything is sent again, for a receiver that came later; in between only what changed."""
CHANGE: Final = 1 / 255
"""VRChat keeps a float parameter in a byte."""


class VrChat:
    """An avatar's face and eyes. The mark goes as the bool Understudy/AIGenerated, which an avatar can show."""

    card: ClassVar[Card] = Card(
        "osc",
        "VRChat: VRCFaceTracking v2 avatar parameters and eyes; UDP 9000",
        "own",
        needs="extra live",
    )
    port: ClassVar[int] = 9000

    def __init__(self, bill: Bill, host: str, port: int) -> None:
        self._bill = bill
        self._out = Datagrams(host, port)
        self._sent: dict[str, float] = {}
        self._fresh_s = -np.inf
        list(bundles([]))  # says now that a package is missing

    def messages(self, pose: Pose) -> Iterator[Message]:
        """Yields what changed with a pose; once a second everything."""
        values = unified(pose.face, pose.gaze)
        if not self._fresh_s <= pose.time_s < self._fresh_s + REFRESH_S:
            self._fresh_s, self._sent = pose.time_s, {}
            flags = ("EyeTrackingActive", "ExpressionTrackingActive", "LipTrackingActive", "Understudy/AIGenerated")
            for flag in flags:
                yield f"{PREFIX}{flag}", (True,)
            yield "/understudy/notice", (self._bill.notice,)
            yield "/understudy/mark", (self._bill.marks["mark"],)
        for name, value in values.items():
            if abs(value - self._sent.get(name, np.inf)) >= CHANGE:
                self._sent[name] = value
                yield f"{PREFIX}v2/{name}", (value,)
        degrees: tuple[Value, ...] = tuple(
            float(np.degrees(sign * pose.gaze[at])) for at, sign in ((0, 1), (1, -1), (2, 1), (3, -1))
        )
        yield "/tracking/eye/LeftRightPitchYaw", degrees
        yield "/tracking/eye/EyesClosedAmount", (values["EyeClosed"],)

    def pose(self, pose: Pose) -> None:
        for data in bundles(self.messages(pose)):
            self._out.send(data)

    def beat(self, beat: LiveBeat) -> None:
        """Does nothing: VRChat shows what comes when it comes."""

    def close(self) -> None:
        """Says that tracking is over, so that the avatar rests."""
        flags = ("EyeTrackingActive", "ExpressionTrackingActive", "LipTrackingActive")
        for data in bundles((f"{PREFIX}{flag}", (False,)) for flag in flags):
            self._out.send(data)
        self._out.close()
