"""Live Link Face over UDP, as Epic's app for the iPhone sends it to Unreal (packet version 6, port 11111).

Big-endian: version u8 = 6 | length i32, device id | length i32, subject | frame i32, part of it f32, rate i32 / i32
(FFrameTime and FFrameRate) | count u8 = 61 | 61 f32. Layout: AppleARKitLiveLinkSource.cpp of Unreal 4.2x, where
version 5 still had a timecode, and PyLiveLinkFace, which reads the app. The 61 are in the order of EARFaceBlendShape:
that of ARKIT_SHAPES, left before right for the jaw and the mouth, unlike the app's CSV; then head, left eye, right eye.
"""

import datetime
import struct
import uuid
from collections.abc import Callable
from fractions import Fraction
from typing import ClassVar, Final

import numpy as np

from understudy.base.channels import GAZE, GAZE_CHANNELS, HEAD, HEAD_CHANNELS
from understudy.base.errors import BadInput
from understudy.exchange.formats.livelink import ANGLES
from understudy.hub.card import Card
from understudy.hub.performance import Pose
from understudy.live.outlets.outlet import Bill, Datagrams
from understudy.live.timeline import LiveBeat

VERSION: Final = 6
LONGEST: Final = 64
"""Bytes of a subject's name."""
_CHANNELS: Final = {HEAD: HEAD_CHANNELS, GAZE: GAZE_CHANNELS}
_TURNS: Final = tuple(
    (track, _CHANNELS[track].index(channel) if track else 0, sign) for _, track, channel, sign in ANGLES
)


class LiveLinkFace:
    """Unreal shows it as an Apple AR face subject; its name ends in -AI."""

    card: ClassVar[Card] = Card("livelink", "Live Link Face for Unreal: 52 ARKit weights, head, eyes; UDP 11111", "own")
    port: ClassVar[int] = 11111

    def __init__(self, bill: Bill, host: str, port: int, *, of_day_s: Callable[[], float] | None = None) -> None:
        self._subject = f"{bill.subject or bill.actor.record.display_name}-AI".encode()
        if len(self._subject) > LONGEST:
            raise BadInput(f"The subject '{bill.subject}' is too long; use at most {LONGEST - 3} bytes.")
        # the app's ids are UUIDs of 36 letters; ours names the mark of this session in the ledger
        self._device = str(uuid.uuid5(uuid.NAMESPACE_URL, f"understudy:{bill.marks['mark']}")).upper().encode()
        self._rate = Fraction(bill.fps).limit_denominator(1001)
        self._of_day_s = of_day_s or _of_day_s
        self._out = Datagrams(host, port)

    def packet(self, pose: Pose) -> bytes:
        """Returns one packet, stamped with the time of day."""
        frame = self._of_day_s() * self._rate
        whole = int(frame)
        tracks = {HEAD: pose.head, GAZE: pose.gaze}
        turns = [sign * float(tracks[track][at]) if track else 0.0 for track, at, sign in _TURNS]
        values = [*np.clip(pose.face, 0, 1).tolist(), *turns]
        return b"".join(
            (
                struct.pack(">Bi", VERSION, len(self._device)),
                self._device,
                struct.pack(">i", len(self._subject)),
                self._subject,
                struct.pack(">ifii", whole, float(frame - whole), self._rate.numerator, self._rate.denominator),
                struct.pack(f">B{len(values)}f", len(values), *values),
            )
        )

    def pose(self, pose: Pose) -> None:
        self._out.send(self.packet(pose))

    def beat(self, beat: LiveBeat) -> None:
        """Does nothing: Unreal shows what comes when it comes."""

    def close(self) -> None:
        self._out.close()


def _of_day_s() -> float:
    now = datetime.datetime.now()
    return (now - now.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds()
