"""What an outlet is, and how one is opened."""

import errno
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Protocol

from understudy.base import plugins
from understudy.base.errors import BadInput, Unavailable
from understudy.hub.actor import Actor
from understudy.hub.card import Card
from understudy.hub.performance import Pose
from understudy.live.picture import Framing
from understudy.live.timeline import LiveBeat
from understudy.rights import OnAir

STAGE: Final = "stream"
LARGEST_BYTES: Final = 1400
"""Of a datagram: more is cut to pieces on an Ethernet, and one lost piece loses all."""
EXPRESSIONS: Final = ("arkit", "vrm0", "vrm1")


@dataclass(frozen=True, eq=False)
class Bill:
    """Who is sent, with what leave, and how. fps: poses a second. subject: the name a receiver sees, '' = the actor's.

    expressions: of EXPRESSIONS, for receivers that know presets. framing: for those that are sent pictures.
    """

    actor: Actor
    on_air: OnAir
    fps: float = 60.0
    subject: str = ""
    expressions: str = "arkit"
    framing: Framing = field(default_factory=Framing)

    @property
    def marks(self) -> Mapping[str, str]:
        """Returns what rights said must be carried."""
        return self.on_air.marks

    @property
    def notice(self) -> str:
        """Returns the sentence that says what this is."""
        return self.marks["notice"]


class Outlet(Protocol):
    """A back-end of `understudy.stream`. port: where its receivers listen, or where it does.

    Made with (bill, host, port). Receivers that show what they get at once are given poses when they are due;
    those that keep a clock of their own are given beats as they are made.
    """

    card: ClassVar[Card]
    port: ClassVar[int]

    def pose(self, pose: Pose) -> None:
        """Sends a pose that is due now."""
        ...

    def beat(self, beat: LiveBeat) -> None:
        """Sends a beat, ahead of its time."""
        ...

    def close(self) -> None:
        """Ends the sending."""
        ...


class Datagrams:
    """A UDP socket to one receiver. Raises BadInput for a host that nobody knows."""

    def __init__(self, host: str, port: int) -> None:
        self._to: tuple[Any, ...]
        try:
            family, _, _, _, self._to = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        except (OSError, UnicodeError, OverflowError) as error:
            raise BadInput(f"There is no host '{host}' with a port {port}; give its name or address.") from error
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        self._host = host

    def send(self, data: bytes) -> None:
        """Sends one datagram; a receiver that is not there is no error, a network that is not there is Unavailable."""
        try:
            self._socket.sendto(data, self._to)
        except OSError as error:
            if error.errno in (errno.ECONNREFUSED, errno.ENOBUFS, errno.EAGAIN):
                return
            raise Unavailable(f"Nothing can be sent to {self._host} ({error}); look at the network.") from error

    def close(self) -> None:
        self._socket.close()


def open_outlet(where: str, bill: Bill, *, host: str = "127.0.0.1", port: int = 0) -> Outlet:
    """Returns the outlet of 'NAME', 'NAME@HOST', 'NAME@HOST:PORT' or of rtmp://host/app/key; host and port are for what
    it leaves out.

    Raises UnknownName, BadInput, MissingExtra, Unavailable.
    """
    name, _, address = where.partition("@")
    if "://" in where:
        whole: Any = plugins.load(STAGE, where.partition("://")[0].lower().replace("rtmps", "rtmp"))
        addressed: Outlet = whole(bill, where, 0)
        return addressed
    outlet: Any = plugins.load(STAGE, name)
    named, number = (address, "")
    if address.startswith("["):  # an IPv6 address in brackets
        named, _, number = address[1:].partition("]")
        number = number.lstrip(":")
    elif address.count(":") == 1:
        named, _, number = address.partition(":")
    if number and not (number.isdecimal() and 0 < int(number) < 65536):
        raise BadInput(f"'{number}' in '{where}' is no port; write NAME@HOST:PORT with a port from 1 to 65535.")
    if not 0 <= port < 65536:
        raise BadInput(f"{port} is no port; give one from 1 to 65535.")
    made: Outlet = outlet(bill, named or host, int(number or 0) or port or outlet.port)
    return made
