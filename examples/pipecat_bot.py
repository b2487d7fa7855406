"""An actor in a Pipecat pipeline, in the browser over WebRTC.

    pip install 'understudy[live,pipecat]'
    python examples/pipecat_bot.py                                # no key: rehearsed answers, the actor's own voice
    python examples/pipecat_bot.py --llm http://localhost:11434/v1 --model llama3.2
    python examples/pipecat_bot.py --check                        # plays the browser itself, asks once, and reports

Then open http://localhost:7860 and type. For a microphone add an STT service of Pipecat's after transport.input().
"""

import argparse
import asyncio
import time
from collections.abc import AsyncGenerator
from typing import Any

import numpy as np
from pipecat.frames.frames import (
    Frame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
    LLMMessagesAppendFrame,
    LLMTextFrame,
    TTSAudioRawFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.services.settings import TTSSettings
from pipecat.services.tts_service import TTSService
from pipecat.transports.base_transport import TransportParams
from pipecat.transports.smallwebrtc.connection import SmallWebRTCConnection
from pipecat.transports.smallwebrtc.transport import SmallWebRTCTransport
from pipecat.workers.runner import WorkerRunner

from understudy.dialogue.mind import Mind
from understudy.hub.actor import Actor
from understudy.hub.character import Character, read_character
from understudy.hub.frames import ShotSize
from understudy.hub.script import Line
from understudy.live.picture import Framing
from understudy.live.pipecat import DirectionFrame, Directions, UnderstudyVideoService
from understudy.live.speaking import speaker

PROMPT = (
    "You are Emi, a synthetic actor, and you say that you are an AI whenever somebody asks. Answer in one or two short "
    "sentences. Begin a sentence with how it is felt, in brackets, such as [joy .4] or [tenderness .3; look away]."
)


class Rehearsed(FrameProcessor):
    """The place of an LLM without one: Understudy's own mind, which answers from what the character rehearsed."""

    def __init__(self, character: Character) -> None:
        super().__init__()
        self._mind = Mind(character)

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if not isinstance(frame, LLMMessagesAppendFrame):
            await self.push_frame(frame, direction)
            return
        await self.push_frame(LLMFullResponseStartFrame())
        for line in self._mind.answer(str(frame.messages[-1]["content"])):
            await self.push_frame(DirectionFrame(line.direction))
            await self.push_frame(LLMTextFrame(line.text + " "))
        await self.push_frame(LLMFullResponseEndFrame())


class OwnVoice(TTSService):
    """The actor's own voice as a TTS service."""

    def __init__(self, actor: Actor) -> None:
        super().__init__(
            push_start_frame=True,
            push_stop_frames=True,
            stop_frame_timeout_s=0.5,
            settings=TTSSettings(model=None, voice=actor.name, language=None),
        )
        self._speak = speaker(actor)

    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame, None]:
        pieces = self._speak(Line(text), 0)
        while (speech := await asyncio.to_thread(next, pieces, None)) is not None:
            pcm = np.rint(np.clip(speech.audio.samples, -1, 1) * 32767).astype("<i2").tobytes()
            yield TTSAudioRawFrame(pcm, speech.audio.rate_hz, 1, context_id=context_id)


def pipeline(connection: SmallWebRTCConnection, args: argparse.Namespace) -> PipelineWorker:
    actor = Actor.open(args.actor)
    size = (args.size, args.size)
    params = TransportParams(
        audio_out_enabled=True, video_out_enabled=True, video_out_width=size[0], video_out_height=size[1]
    )
    transport = SmallWebRTCTransport(connection, params)
    avatar = UnderstudyVideoService(actor=actor, framing=Framing(size, 25.0, args.place, ShotSize.CLOSE))
    if args.llm:
        from pipecat.services.openai.llm import OpenAILLMService

        settings = OpenAILLMService.Settings(model=args.model)
        llm = OpenAILLMService(api_key=args.key, base_url=args.llm, settings=settings)
        pair = LLMContextAggregatorPair(LLMContext([{"role": "system", "content": PROMPT}]))
        minds = [pair.user(), llm, Directions()]
        after = [pair.assistant()]
    else:
        minds, after = [Rehearsed(read_character(args.actor))], []
    worker = PipelineWorker(
        Pipeline([transport.input(), *minds, OwnVoice(actor), avatar, transport.output(), *after]),
        cancel_on_idle_timeout=False,
    )

    @transport.event_handler("on_app_message")
    async def said(_: Any, message: Any, __: Any) -> None:
        if isinstance(message, dict) and message.get("text"):
            await worker.queue_frame(
                LLMMessagesAppendFrame([{"role": "user", "content": str(message["text"])}], run_llm=True)
            )

    return worker


async def answered(sdp: str, kind: str, args: argparse.Namespace) -> tuple[dict[str, Any], PipelineWorker]:
    """Returns the answer to a browser's offer, and the pipeline that now runs for it."""
    connection = SmallWebRTCConnection()
    await connection.initialize(sdp, kind)
    worker = pipeline(connection, args)
    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    worker.running = asyncio.ensure_future(runner.run())
    asyncio.get_running_loop().call_soon(lambda: asyncio.ensure_future(connection.connect()))
    return connection.get_answer(), worker


def serve(args: argparse.Namespace) -> None:
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import HTMLResponse, JSONResponse
    from starlette.routing import Route

    async def offer(request: Request) -> JSONResponse:
        body = await request.json()
        answer, _ = await answered(body["sdp"], body["type"], args)
        return JSONResponse(answer)

    async def page(_: Request) -> HTMLResponse:
        return HTMLResponse(PAGE)

    uvicorn.run(Starlette(routes=[Route("/", page), Route("/offer", offer, methods=["POST"])]), port=args.port)


async def check(args: argparse.Namespace) -> None:
    """Plays the browser: asks a question and waits until she has answered with voice and face."""
    from aiortc import RTCPeerConnection, RTCSessionDescription
    from aiortc.mediastreams import MediaStreamError

    peer = RTCPeerConnection()
    channel = peer.createDataChannel("chat")
    opened = asyncio.Event()
    channel.on("open", opened.set)
    peer.addTransceiver("audio", direction="sendrecv")
    peer.addTransceiver("video", direction="sendrecv")
    seen: dict[str, list[tuple[float, float]]] = {"audio": [], "video": []}

    async def take(track: Any) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            level = np.abs(frame.to_ndarray().astype(float)).max() if track.kind == "audio" else 1.0
            seen[track.kind].append((time.monotonic(), float(level)))

    peer.on("track", lambda track: asyncio.ensure_future(take(track)))
    await peer.setLocalDescription(await peer.createOffer())
    answer, worker = await answered(peer.localDescription.sdp, peer.localDescription.type, args)
    await peer.setRemoteDescription(RTCSessionDescription(answer["sdp"], answer["type"]))
    async with asyncio.timeout(args.patience):
        await opened.wait()
        while len(seen["video"]) < 10:
            await asyncio.sleep(0.05)
        asked = time.monotonic()
        channel.send('{"type": "say", "text": "Who are you?"}')
        while sum(level > 1000 for at, level in seen["audio"] if at > asked) < 25:
            await asyncio.sleep(0.05)
    first = next(at for at, level in seen["audio"] if at > asked and level > 1000)
    pictures = sum(at > asked for at, _ in seen["video"]) / (time.monotonic() - asked)
    print(f"Asked; first sound after {1000 * (first - asked):.0f} ms, {pictures:.0f} pictures a second at the client.")
    await worker.cancel()
    await peer.close()


PAGE = """<!doctype html><meta charset="utf-8"><title>Understudy in Pipecat</title>
<style>body{background:#18191c;color:#ddd;font:16px sans-serif;display:grid;justify-items:center;gap:1em;margin:2em}
video{border-radius:12px;width:512px}input{width:496px;padding:8px;font:inherit}</style>
<video id="v" autoplay playsinline></video><input id="t" placeholder="Say something, and press Enter" autofocus>
<small>She is a synthetic actor: everything you see and hear is AI-generated.</small>
<script type="module">
const peer = new RTCPeerConnection(), chat = peer.createDataChannel("chat"), stream = new MediaStream();
peer.ontrack = (e) => { stream.addTrack(e.track); v.srcObject = stream; };
for (const kind of ["audio", "video"]) peer.addTransceiver(kind, {direction: "sendrecv"});
await peer.setLocalDescription(await peer.createOffer());
await new Promise((r) => peer.iceGatheringState === "complete" ? r()
  : peer.addEventListener("icegatheringstatechange", () => peer.iceGatheringState === "complete" && r()));
const {sdp, type} = peer.localDescription;
const answer = await (await fetch("/offer", {method: "POST", body: JSON.stringify({sdp, type})})).json();
await peer.setRemoteDescription(answer);
t.onchange = () => { chat.send(JSON.stringify({type: "say", text: t.value})); t.value = ""; };
</script>"""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--actor", default="emi")
    parser.add_argument("--place", default="studio")
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--port", type=int, default=7860)
    parser.add_argument("--llm", default="", help="base URL of any OpenAI-compatible server")
    parser.add_argument("--model", default="")
    parser.add_argument("--key", default="none")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--patience", type=float, default=60.0)
    given = parser.parse_args()
    asyncio.run(check(given)) if given.check else serve(given)
