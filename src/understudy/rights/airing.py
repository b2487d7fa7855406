"""A live stream goes to an ingest over RTMP: every picture is marked here before it is encoded, as every film's is."""

from typing import Any, Final
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt

from understudy.base.errors import BadInput
from understudy.base.image import Image
from understudy.rights.ledger import Ledger
from understudy.rights.live import OnAir
from understudy.rights.pictures import LivePictures

KEY_S: Final = 2.0
"""A whole picture comes so often: what YouTube and Twitch ask for."""
PATIENCE_S: Final = 10.0
"""How long an ingest may take to answer."""
_PICTURE: Final = {"preset": "veryfast", "tune": "zerolatency", "profile": "high", "b": "2500k", "maxrate": "2500k",
                   "bufsize": "5000k"}  # fmt: skip
_SOUND: Final = {"b": "128k"}


def named_address(address: str) -> str:
    """Returns an address as it may be shown and recorded: without the path, which holds the key of a channel."""
    parts = urlsplit(address)
    try:
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        port = ""
    return f"{parts.scheme}://{parts.hostname or ''}{port}"


def checked_address(address: str) -> str:
    """Returns an address that can be sent to: rtmp(s)://host[:port]/app/key. Raises BadInput."""
    parts = urlsplit(address)
    if parts.scheme not in ("rtmp", "rtmps") or not parts.hostname or not parts.path.strip("/"):
        raise BadInput(f"'{named_address(address)}' cannot be sent to; write rtmp://host/app/key.")
    return address


class Airing:
    """H.264 and AAC as FLV, on its way; used from one thread. Where it goes is entered in the ledger, without the key.

    marks: of the session, for all pictures. Raises BadInput for an address that is none, OSError when nobody takes it.
    """

    def __init__(self, address: str, on_air: OnAir, marks: LivePictures, *, fps: float, rate_hz: int) -> None:
        import av

        self._marks, self._rate_hz = marks, rate_hz
        self._out: Any = av.open(checked_address(address), "w", format="flv", timeout=(PATIENCE_S, PATIENCE_S))
        self._out.metadata.update({"comment": on_air.notice, "encoder": "Understudy"})
        options = {**_PICTURE, "g": str(round(KEY_S * fps))}
        self._video = self._out.add_stream("libx264", rate=round(fps), options=options)
        self._video.width, self._video.height = marks.size_px
        self._video.pix_fmt = "yuv420p"
        self._sound = self._out.add_stream("aac", rate=rate_hz, layout="mono", options=_SOUND)
        self._out.start_encoding()
        Ledger().record("live.aired", {"mark": on_air.mark, "to": named_address(address)}, [f"live:{on_air.mark}"])

    def show(self, picture: Image, number: int) -> None:
        """Marks and sends a picture. number: of the frame, at `fps`. Raises OSError when the line is cut."""
        import av

        pixels = self._marks.mark(picture).pixels
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels[:, :, :3]), "rgb24")
        frame.pts = number
        self._out.mux(self._video.encode(frame))

    def say(self, samples: npt.NDArray[np.float32], start_s: float) -> None:
        """Sends sound that begins at a second. Raises OSError when the line is cut."""
        import av

        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples[None]), format="fltp", layout="mono")
        frame.sample_rate, frame.pts = self._rate_hz, round(start_s * self._rate_hz)
        self._out.mux(self._sound.encode(frame))

    def end(self) -> None:
        """Sends what is left. Raises OSError when the line is cut."""
        for stream in (self._video, self._sound):
            self._out.mux(stream.encode(None))

    def close(self) -> None:
        """Lets the line go. Raises OSError when it was cut."""
        self._out.close()
