"""Receivers written from the published layouts, not from our writers."""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager

from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_message import OscMessage

# EARFaceBlendShape of Unreal's ARTrackable.h, as its API reference lists it
UNREAL = [
    "EyeBlinkLeft",
    "EyeLookDownLeft",
    "EyeLookInLeft",
    "EyeLookOutLeft",
    "EyeLookUpLeft",
    "EyeSquintLeft",
    "EyeWideLeft",
    "EyeBlinkRight",
    "EyeLookDownRight",
    "EyeLookInRight",
    "EyeLookOutRight",
    "EyeLookUpRight",
    "EyeSquintRight",
    "EyeWideRight",
    "JawForward",
    "JawLeft",
    "JawRight",
    "JawOpen",
    "MouthClose",
    "MouthFunnel",
    "MouthPucker",
    "MouthLeft",
    "MouthRight",
    "MouthSmileLeft",
    "MouthSmileRight",
    "MouthFrownLeft",
    "MouthFrownRight",
    "MouthDimpleLeft",
    "MouthDimpleRight",
    "MouthStretchLeft",
    "MouthStretchRight",
    "MouthRollLower",
    "MouthRollUpper",
    "MouthShrugLower",
    "MouthShrugUpper",
    "MouthPressLeft",
    "MouthPressRight",
    "MouthLowerDownLeft",
    "MouthLowerDownRight",
    "MouthUpperUpLeft",
    "MouthUpperUpRight",
    "BrowDownLeft",
    "BrowDownRight",
    "BrowInnerUp",
    "BrowOuterUpLeft",
    "BrowOuterUpRight",
    "CheekPuff",
    "CheekSquintLeft",
    "CheekSquintRight",
    "NoseSneerLeft",
    "NoseSneerRight",
    "TongueOut",
    "HeadYaw",
    "HeadPitch",
    "HeadRoll",
    "LeftEyeYaw",
    "LeftEyePitch",
    "LeftEyeRoll",
    "RightEyeYaw",
    "RightEyePitch",
    "RightEyeRoll",
]


class LiveLinkPacket:
    """A packet of the app, read field by field as Unreal's FNboSerializeFromBuffer does."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0
        self.version = self._take("B")
        self.device = self._text()
        self.subject = self._text()
        self.frame, self.part = self._take("i"), self._take("f")
        self.rate = self._take("i") / self._take("i")
        assert self._take("B") == len(UNREAL) == 61
        self.values = {name: self._take("f") for name in UNREAL}
        assert self._at == len(data), "the packet is longer than its fields"

    def _take(self, kind: str) -> float:
        (value,) = struct.unpack_from(f">{kind}", self._data, self._at)
        self._at += struct.calcsize(f">{kind}")
        return value

    def _text(self) -> str:
        count = int(self._take("i"))
        self._at += count
        return self._data[self._at - count : self._at].decode()


def messages(data: bytes) -> Iterator[tuple[str, list[object]]]:
    """Yields address and arguments of the messages of a datagram, bundled or not."""
    if not OscBundle.dgram_is_bundle(data):
        message = OscMessage(data)
        yield message.address, list(message.params)
        return
    for part in OscBundle(data):
        yield from messages(part.dgram)


@contextmanager
def listening() -> Iterator[socket.socket]:
    """Yields a UDP socket that listens on this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(5.0)
        yield receiver


def received(receiver: socket.socket) -> list[bytes]:
    """Returns what has come so far, at least one datagram."""
    out = [receiver.recv(65536)]
    receiver.setblocking(False)
    while True:
        try:
            out.append(receiver.recv(65536))
        except BlockingIOError:
            receiver.settimeout(5.0)
            return out
