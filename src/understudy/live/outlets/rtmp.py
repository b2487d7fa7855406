"""A take, a recording or a sentence as a broadcast: see `live.broadcast`."""

from typing import ClassVar

from understudy.base.errors import BadInput
from understudy.hub.card import Card
from understudy.hub.performance import Pose
from understudy.live.broadcast import Broadcast
from understudy.live.outlets.outlet import Bill
from understudy.live.picture import Camera
from understudy.live.timeline import LiveBeat


class Rtmp:
    """Opened by its address: rtmp://host/app/key or rtmps://host/app/key."""

    card: ClassVar[Card] = Card("rtmp", "H.264 and AAC over RTMP, for YouTube, Twitch, OBS; TCP 1935", "own")
    port: ClassVar[int] = 1935

    def __init__(self, bill: Bill, address: str, port: int) -> None:
        if "://" not in address:
            raise BadInput("A broadcast needs its whole address; write --to rtmp://host/app/key.")
        self._broadcast = Broadcast(address, lambda: Camera(bill.actor, bill.on_air, bill.framing), bill.on_air)
        self._broadcast.wait()

    def pose(self, pose: Pose) -> None:
        self._broadcast.due(pose.time_s)

    def beat(self, beat: LiveBeat) -> None:
        self._broadcast.push(beat)

    def close(self) -> None:
        self._broadcast.close()
