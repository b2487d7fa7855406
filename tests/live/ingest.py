"""Where a broadcast goes in tests."""

import socket
import threading
from typing import Any

import av
import numpy as np


class Ingest:
    """Takes one broadcast, as YouTube's would."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"rtmp://127.0.0.1:{self.port}/live/a-secret-key"
        self.pictures: list[tuple[float, np.ndarray]] = []
        self.sound: list[tuple[float, np.ndarray]] = []
        self.told: dict[str, str] = {}
        self.ended, self._cut = threading.Event(), False
        threading.Thread(target=self._run, daemon=True).start()

    def cut(self) -> None:
        """Ends it from this side."""
        self._cut = True

    def _run(self) -> None:
        try:
            with av.open(self.address, "r", options={"listen": "1", "timeout": "30"}) as source:
                self.told = dict(source.metadata)
                for packet in source.demux():
                    if self._cut:
                        break
                    for frame in packet.decode():
                        kept: Any = self.pictures if packet.stream.type == "video" else self.sound
                        kept.append((float(frame.time), frame.to_ndarray(format="rgb24") if kept is self.pictures
                                     else frame.to_ndarray()[0]))  # fmt: skip
        except OSError:  # how the end of a broadcast reads here
            pass
        self.ended.set()
