"""Takes and captures for the tests of formats: acted by our own stages, or made as Live Link Face writes."""

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from understudy import body, face
from understudy.hub.actor import Actor
from understudy.hub.departure import Departure
from understudy.hub.performance import Performance
from understudy.hub.script import Direction
from understudy.production.joining import ShotTake, joined
from understudy.production.leaving import turns_of
from understudy.testing.speech import SENTENCES, spoken

MARKS = {
    "notice": "AI-generated: Emi is a synthetic actor (fully synthetic).",
    "licence": "house-emi",
    "token": "a.b.c",
}
FPS = 25.0


@cache
def actor(name: str) -> Actor:
    """Returns an actor of the house, opened once: unpacking takes a while."""
    return Actor.open(name)


@cache
def acted(
    who: str = "emi", key: str = "shot-0001", sentences: tuple[str, ...] = ("bob",), seed: int = 1
) -> Performance:
    """Returns a take that our own stages acted: joy, then neutral."""
    persona = actor(who).record.persona
    said = [
        spoken(SENTENCES[name], direction=Direction(emotions={} if i else {"joy": 0.8}), number=10 * seed + i)
        for i, name in enumerate(sentences)
    ]
    beats = body.move(face.animate(iter(said), persona=persona, seed=seed, partner=0.0), persona=persona, seed=seed)
    return Performance.from_beats(who, beats, {"seed": str(seed), "shot": key})


@cache
def film(fps: float = FPS) -> tuple[Performance, Performance]:
    """Returns the takes of Emi and Jonah in a film of three shots: hers, his, hers."""
    plan = [("emi", ("bob",)), ("jonah", ("fives",)), ("emi", ("memory",))]
    shots: list[ShotTake] = []
    for i, (who, sentences) in enumerate(plan):
        start = shots[-1].start + shots[-1].pictures(fps) if shots else 0
        shots.append(ShotTake(f"shot-{i + 1:04d}", start, acted(who, f"shot-{i + 1:04d}", sentences, i + 1)))
    return joined([shots[0], shots[2]], fps), joined([shots[1]], fps)


def departing(
    *takes: Performance,
    rate_hz: float = 60.0,
    turned: bool = False,
    sounds: Sequence[str] = (),
    texts: Mapping[int, str] | None = None,
    film: str = "",
    as_captured: bool = True,
) -> Departure:
    """Returns takes on their way to a format."""
    given = takes or (acted(),)
    return Departure(
        takes=given,
        actors=tuple(actor(take.actor_name) for take in given),
        marks=MARKS,
        rate_hz=rate_hz,
        title="take",
        turns=turns_of(given[0], rate_hz) if turned else {},
        texts=texts or {},
        sounds=tuple(sounds),
        film=film,
        as_captured=as_captured,
    )


HEADER = (
    "Timecode,BlendShapeCount,EyeBlinkLeft,EyeLookDownLeft,EyeLookInLeft,EyeLookOutLeft,EyeLookUpLeft,EyeSquintLeft,"
    "EyeWideLeft,EyeBlinkRight,EyeLookDownRight,EyeLookInRight,EyeLookOutRight,EyeLookUpRight,EyeSquintRight,"
    "EyeWideRight,JawForward,JawRight,JawLeft,JawOpen,MouthClose,MouthFunnel,MouthPucker,MouthRight,MouthLeft,"
    "MouthSmileLeft,MouthSmileRight,MouthFrownLeft,MouthFrownRight,MouthDimpleLeft,MouthDimpleRight,MouthStretchLeft,"
    "MouthStretchRight,MouthRollLower,MouthRollUpper,MouthShrugLower,MouthShrugUpper,MouthPressLeft,MouthPressRight,"
    "MouthLowerDownLeft,MouthLowerDownRight,MouthUpperUpLeft,MouthUpperUpRight,BrowDownLeft,BrowDownRight,BrowInnerUp,"
    "BrowOuterUpLeft,BrowOuterUpRight,CheekPuff,CheekSquintLeft,CheekSquintRight,NoseSneerLeft,NoseSneerRight,"
    "TongueOut,HeadYaw,HeadPitch,HeadRoll,LeftEyeYaw,LeftEyePitch,LeftEyeRoll,RightEyeYaw,RightEyePitch,RightEyeRoll"
)
"""The header of the app's file, written down apart from our own."""


def captured(frames: int = 90, *, step: float = 2.0, base: int = 60, drift: float = 0.0) -> list[list[str]]:
    """Returns the cells of a capture that begins at 13:13:04:31.652; step: frames of `base` between rows."""
    columns = HEADER.split(",")[2:]
    rng = np.random.default_rng(5)
    times = np.arange(frames) / 30
    waves = 0.5 + 0.45 * np.sin(
        2 * np.pi * rng.uniform(0.3, 2.0, len(columns)) * times[:, None] + rng.uniform(0, 6, len(columns))
    )
    values = {name: waves[:, i] for i, name in enumerate(columns)}
    values["MouthClose"] = 0.9 * values["JawOpen"]
    for side, inwards in (("Left", 1.0), ("Right", -1.0)):
        # what the app does: yaw to the actor's right, and one of In and Out at a time
        yaw = 0.5 * np.sin(1.3 * times)
        values[f"EyeLookIn{side}"] = np.clip(inwards * yaw / 0.627, 0, 1)
        values[f"EyeLookOut{side}"] = np.clip(-inwards * yaw / 0.58, 0, 1)
        values[f"{side}EyeYaw"] = yaw
        values[f"{side}EyePitch"] = 0.617 * values[f"EyeLookDown{side}"] - 0.45 * values[f"EyeLookUp{side}"]
        values[f"{side}EyeRoll"] = 0.01 * np.cos(times)
    for i, name in enumerate(("HeadYaw", "HeadPitch", "HeadRoll")):
        values[name] = 0.3 * np.sin((0.7 + 0.2 * i) * times)
    rows = []
    for k in range(frames):
        at = (13 * 3600 + 13 * 60 + 4) * base + 31.652 + k * (step + drift)
        whole, part = divmod(at, base)
        clock = f"{int(whole) // 3600:02d}:{int(whole) // 60 % 60:02d}:{int(whole) % 60:02d}:{part:06.3f}"
        rows.append([clock, "61", *(f"{np.float32(values[name][k]):.10f}" for name in columns)])
    return rows


def text(rows: Sequence[Sequence[str]], *, header: str = HEADER, newline: str = "\n") -> bytes:
    return newline.join([header, *(",".join(row) for row in rows), ""]).encode()
