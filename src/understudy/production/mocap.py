"""Recorded motion becomes a take: the body is the recording's, face and voice are ours."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from understudy.base.audio import Audio
from understudy.base.channels import BODY, BODY_CHANNELS, HEAD
from understudy.base.errors import BadInput
from understudy.hub.actor import Actor
from understudy.hub.performance import Performance
from understudy.hub.speech import Speech
from understudy.hub.track import Track, Values
from understudy.production.animate import animate
from understudy.production.build import build

_RATE_HZ = 24_000
HEADS = ("file", "ours")


def act_out(
    motion: Path,
    *,
    actor: str = "emi",
    sound: Path | None = None,
    text: str | None = None,
    head: str = "file",
    seed: int = 0,
) -> Performance:
    """Returns the take of an actor who moves as a .bvh or an animated .glb does.

    sound: what is said meanwhile, any sound file; the take is as long as the shorter of the two. Without it the actor
    is silent. head: 'file' takes the head from the motion when it has one, 'ours' from the face. Raises BadInput.
    """
    from understudy import body, exchange, face

    if head not in HEADS:
        raise BadInput(f"The head comes from 'file' or is 'ours', not '{head}'.")
    capture = exchange.read_capture(motion)
    who = Actor.open(actor)
    moved, turned = body.retarget(capture, physique=build(who))
    if sound is not None:
        played = animate(sound, text=text, actor=actor, seed=seed)
    else:
        quiet = [
            Speech.silence(min(2.0, capture.duration_s - t), _RATE_HZ) for t in np.arange(0, capture.duration_s, 2)
        ]
        beats = face.animate(quiet, persona=who.record.persona, seed=seed, listening=True)
        played = Performance.from_beats(who.name, beats)
    frames = min(len(moved.values), len(played.tracks[HEAD].values))
    tracks = {name: replace(track, values=track.values[:frames]) for name, track in played.tracks.items()}
    tracks[BODY] = _breathing(moved.values[:frames], played.tracks.get(BODY))
    if head == "file" and turned is not None:
        tracks[HEAD] = replace(turned, values=turned.values[:frames])
    length = round(frames / moved.rate_hz * played.sound.rate_hz)
    padded = np.pad(played.sound.samples, (0, max(0, length - len(played.sound.samples))))[:length]
    end_s = frames / moved.rate_hz
    events = tuple(e for e in played.events if e.start_s < end_s and e.kind not in ("stroke",))
    made_with = {**played.made_with, "motion": motion.name, "head": head}
    return Performance(who.name, Audio(padded, played.sound.rate_hz), tracks, events, made_with)


def _breathing(values: Values, ours: Track | None) -> Track:
    """Returns the recorded body with the breath of ours."""
    out = values.copy()
    if ours is not None:
        out[:, BODY_CHANNELS.index("breath")] = ours.column("breath")[: len(out)]
    return Track(BODY, BODY_CHANNELS, 60.0, out)
