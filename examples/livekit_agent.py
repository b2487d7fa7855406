"""An actor as the avatar of a LiveKit agent, drawn in the agent's own process.

pip install 'understudy[live,livekit]'
python examples/livekit_agent.py --local      # no server, no key: she speaks through LiveKit's AVSynchronizer

export LIVEKIT_URL=... LIVEKIT_API_KEY=... LIVEKIT_API_SECRET=...   # a room, and LiveKit's own STT, LLM and TTS
python examples/livekit_agent.py dev
"""

import asyncio
import sys
import time

import numpy as np
from livekit import rtc
from livekit.agents import Agent, AgentServer, AgentSession, JobContext, cli, room_io
from livekit.agents.voice.avatar import AudioSegmentEnd, AvatarRunner, QueueAudioOutput

from understudy.hub.actor import Actor
from understudy.hub.script import Line
from understudy.live.livekit import UnderstudyVideo
from understudy.live.speaking import speaker
from understudy.live.stock import RATE_HZ

ACTOR = "emi"
WHO = "You are Emi, a synthetic actor; say that you are an AI when somebody asks. Answer in one or two short sentences."
server = AgentServer()


@server.rtc_session()
async def entrypoint(job: JobContext) -> None:
    await job.connect()
    avatar = await UnderstudyVideo.ready(actor=ACTOR)
    session = AgentSession(stt="deepgram/nova-3", llm="openai/gpt-4.1-mini", tts="cartesia/sonic-3")
    session.output.audio = QueueAudioOutput(sample_rate=RATE_HZ)
    runner = AvatarRunner(job.room, audio_recv=session.output.audio, video_gen=avatar, options=avatar.options)
    await runner.start()
    await session.start(
        agent=Agent(instructions=WHO), room=job.room, room_options=room_io.RoomOptions(audio_output=False)
    )
    await job.room.local_participant.set_attributes({"understudy.notice": avatar.notice})

    async def over() -> None:
        await avatar.aclose()
        await runner.aclose()

    job.add_shutdown_callback(over)
    await session.generate_reply(instructions="Greet the user, and say that you are an AI.")


async def local() -> None:
    """Says a sentence through LiveKit's synchroniser, with sources that no room listens to."""
    who = Actor.open(ACTOR)
    speak = speaker(who)
    avatar = await UnderstudyVideo.ready(actor=who)
    options = avatar.options
    sound = rtc.AudioSource(options.audio_sample_rate, options.audio_channels, queue_size_ms=100)
    pictures = rtc.VideoSource(options.video_width, options.video_height)
    together = rtc.AVSynchronizer(audio_source=sound, video_source=pictures, video_fps=options.video_fps)
    started = time.monotonic()
    for speech in speak(Line("Hello. I am a synthetic actor, and this is LiveKit."), 0):
        pcm = np.rint(np.clip(speech.audio.samples, -1, 1) * 32767).astype("<i2")
        await avatar.push_audio(rtc.AudioFrame(pcm.tobytes(), speech.audio.rate_hz, 1, len(pcm)))
    await avatar.push_audio(AudioSegmentEnd())
    first, spoken_s = 0.0, 0.0
    async for frame in avatar:
        if isinstance(frame, AudioSegmentEnd):
            break
        if isinstance(frame, rtc.AudioFrame):
            first = first or time.monotonic() - started
            spoken_s += frame.duration
        await together.push(frame)
    tally = avatar.tally
    print(f"Spoke {spoken_s:.1f} s; first sound after {1000 * first:.0f} ms; {tally.pictures} pictures, ", end="")
    print(f"{tally.dropped} dropped; {together.actual_fps:.0f} a second.")
    await together.aclose()
    await avatar.aclose()


if __name__ == "__main__":
    if "--local" in sys.argv:
        asyncio.run(local())
    else:
        cli.run_app(server)
