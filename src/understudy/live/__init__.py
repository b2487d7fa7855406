"""The street live: talk in, sound and motion out, on one clock, and it can be interrupted at any moment.

stream = ActorStream(actor, grant)
for speech in voices(line, seed):     # voices = Voices(actor): processes that speak
    stream.push_speech(speech)        # or push_audio(pcm, t), push_plan(direction)
async for beat in stream: ...         # LiveBeats of a thirtieth of a second, each when it is due
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from understudy.live.stream import ActorStream as ActorStream
    from understudy.live.timeline import LiveBeat as LiveBeat
    from understudy.live.voicing import Voices as Voices

_HOMES = {"ActorStream": "stream", "LiveBeat": "timeline", "Voices": "voicing"}

__all__ = ["ActorStream", "LiveBeat", "Voices"]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
