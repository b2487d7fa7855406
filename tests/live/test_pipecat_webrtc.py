"""The service behind Pipecat's own WebRTC transport, with a browser's part played by aiortc in the same process."""

import asyncio
from typing import Any

import numpy as np
import pytest

pytest.importorskip("pipecat", reason="Pipecat is not installed: pip install 'understudy[pipecat]'")
pytest.importorskip("aiortc", reason="aiortc is not installed: pip install 'understudy[pipecat]'")

from aiortc import RTCPeerConnection, RTCSessionDescription
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineWorker
from pipecat.transports.base_transport import TransportParams
from pipecat.transports.smallwebrtc.connection import SmallWebRTCConnection
from pipecat.transports.smallwebrtc.transport import SmallWebRTCTransport
from pipecat.workers.runner import WorkerRunner
from tests.live.test_pipecat import SMALL, tts

from understudy.live.pipecat import UnderstudyVideoService

SIDE = SMALL.size_px[0]
LASTS_S = 30.0


class Browser:
    """Takes sound and pictures until it has heard a voice and seen enough."""

    def __init__(self) -> None:
        self.peer = RTCPeerConnection()
        self.loud: list[float] = []
        self.pictures: list[np.ndarray] = []
        self.tasks: list[asyncio.Task[None]] = []
        self.peer.on("track", lambda track: self.tasks.append(asyncio.ensure_future(self._take(track))))

    async def _take(self, track: Any) -> None:
        while True:
            frame = await track.recv()
            if track.kind == "audio":
                self.loud.append(float(np.abs(frame.to_ndarray().astype(float)).max()))
            else:
                self.pictures.append(frame.to_ndarray(format="rgb24"))

    async def offer(self) -> RTCSessionDescription:
        self.peer.createDataChannel("chat")
        self.peer.addTransceiver("audio", direction="sendrecv")
        self.peer.addTransceiver("video", direction="sendrecv")
        await self.peer.setLocalDescription(await self.peer.createOffer())
        return self.peer.localDescription


async def called() -> Browser:
    browser = Browser()
    offer = await browser.offer()
    connection = SmallWebRTCConnection()
    await connection.initialize(offer.sdp, offer.type)
    params = TransportParams(
        audio_out_enabled=True, video_out_enabled=True, video_out_width=SIDE, video_out_height=SIDE
    )
    transport = SmallWebRTCTransport(connection, params)
    service = UnderstudyVideoService(actor="emi", framing=SMALL)
    worker = PipelineWorker(Pipeline([transport.input(), service, transport.output()]), cancel_on_idle_timeout=False)
    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    running = asyncio.ensure_future(runner.run())
    answer = connection.get_answer()
    await browser.peer.setRemoteDescription(RTCSessionDescription(answer["sdp"], answer["type"]))
    await connection.connect()
    try:
        async with asyncio.timeout(LASTS_S):
            while len(browser.pictures) < 3:
                await asyncio.sleep(0.05)
            for frame in tts():
                await worker.queue_frame(frame)
            while sum(level > 1000 for level in browser.loud) < 10:
                await asyncio.sleep(0.05)
    finally:
        await worker.cancel()
        for task in browser.tasks:
            task.cancel()
        await browser.peer.close()
        await asyncio.wait([running], timeout=5)
    return browser


def test_a_browser_sees_her_and_hears_her_over_webrtc() -> None:
    browser = asyncio.run(called())
    assert all(picture.shape == (SIDE, SIDE, 3) for picture in browser.pictures)
    last = browser.pictures[-1].astype(float)
    assert last.std() > 20, "the picture is empty"
    # silence before she speaks
    assert max(browser.loud[:10]) < 50 < 1000 < max(browser.loud)
