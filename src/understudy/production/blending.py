"""Two takes of the same words become one: curves laid on each other phone by phone and mixed.

Head and joints turn the short way between both (on the sphere of rotations, not by angles). Blinks are those of the
heavier take, whole, since half of a blink is no blink. Lips keep their contacts. The sound is that of one take: on its
own clock, or on the mixed one.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from understudy.base.audio import Audio
from understudy.base.channels import BODY, BODY_JOINTS, FACE, HEAD, SHAPE_INDEX
from understudy.base.errors import BadInput, UnknownName
from understudy.base.motion import minimum_jerk
from understudy.base.stretching import stretched
from understudy.hub.matching import Matching, match
from understudy.hub.performance import Event, Performance
from understudy.hub.track import Track
from understudy.production.editing import phones_of

Floats = npt.NDArray[np.float64]

SOUNDS = ("first", "second", "retimed")
EASE_S = 0.25
"""How fast the mix comes and goes at the ends of what both takes say."""
BLINK_LIDS = ("eyeBlinkLeft", "eyeBlinkRight")


def blend(
    first: Performance,
    second: Performance,
    *,
    weights: tuple[float, float] = (0.5, 0.5),
    sound: str = "first",
    common: bool = False,
) -> Performance:
    """Returns the mix of two takes.

    weights: of each, brought to a sum of 1. sound: 'first' or 'second' on its own clock, or 'retimed': that of the
    heavier one on the mixed clock. common: takes of different words are mixed where they say the same, elsewhere the
    take whose sound is heard plays alone. Raises BadInput for other texts, weights and names.
    """
    if sound not in SOUNDS:
        raise UnknownName("sound of a blend", sound, SOUNDS)
    if min(weights) < 0 or sum(weights) <= 0:
        raise BadInput(f"Weights of {weights[0]:g} and {weights[1]:g} cannot be mixed; give two shares such as .3 .7.")
    share = weights[1] / sum(weights)
    matching = match(first, second)
    _require_same(matching, common and sound != "retimed")
    owner = _owner(sound, share)
    takes = (first, second)
    clocks = _clocks(takes, matching, sound, share, owner)
    times = [np.interp(clocks[2], clocks[3], clocks[k]) for k in (0, 1)]
    part = _share_along(matching, takes, times, share, owner)
    tracks = {
        name: _mixed(name, [t.tracks[name] for t in takes], times, part, share)
        for name in first.tracks
        if name in second.tracks and first.tracks[name].channels == second.tracks[name].channels
    }
    if FACE in tracks:
        tracks[FACE] = _lids(tracks[FACE], takes, times, share)
    heard = takes[owner]
    sounding = heard.sound if sound != "retimed" else _retimed(heard.sound, clocks[owner], clocks[3])
    events = _events(takes, clocks, owner, share)
    made = {"blend": f"{first.actor_name} {1 - share:.2f}, {second.actor_name} {share:.2f}", "sound": sound}
    made |= {"seed": heard.made_with.get("seed", "0")}
    take = Performance(heard.actor_name, sounding, tracks, events, made)
    return _with_contacts(take)


def _require_same(matching: Matching, common: bool) -> None:
    one, other, same = matching.words
    if not same:
        raise BadInput("These takes share no words, so they cannot be laid on each other; give two takes of one text.")
    if matching.share < 1 and not common:
        raise BadInput(
            f"These takes say different words: {same} are the same of {one} and {other}; give two takes of one text, "
            "or blend what both say with --common (with the sound of the first or the second)."
        )


def _owner(sound: str, share: float) -> int:
    return {"first": 0, "second": 1, "retimed": 0 if share <= 0.5 else 1}[sound]


def _clocks(
    takes: tuple[Performance, Performance], matching: Matching, sound: str, share: float, owner: int
) -> tuple[Floats, Floats, Floats, Floats]:
    """Returns knots of the first and second take's time, the frames of the blend, and knots of the blend's time."""
    a, b = matching.knots[:, 0], matching.knots[:, 1]
    mixed = (1 - share) * a + share * b if sound == "retimed" else (a, b)[owner]
    mixed = mixed.copy()
    if sound == "retimed":  # whole samples and frames
        mixed *= round(mixed[-1] * 100) / 100 / mixed[-1]
    rate_hz = next(iter(takes[owner].tracks.values())).rate_hz
    frames = round(mixed[-1] * rate_hz)
    return a, b, np.arange(frames) / rate_hz, mixed


def _share_along(
    matching: Matching, takes: tuple[Performance, Performance], times: list[Floats], share: float, owner: int
) -> Floats:
    """Returns (frames,) how much of the second take there is."""
    if matching.share >= 1:
        return np.full(len(times[0]), share)
    both = np.zeros(len(times[0]))
    for start_s, end_s in matching.runs:
        rise, fall = minimum_jerk((times[0] - start_s) / EASE_S), minimum_jerk((end_s - times[0]) / EASE_S)
        both = np.maximum(both, rise * fall)
    alone = float(owner)
    return np.asarray(alone + (share - alone) * both)


def _mixed(name: str, tracks: list[Track], times: list[Floats], part: Floats, share: float) -> Track:
    a, b = (np.asarray(t.at(at), np.float64) for t, at in zip(tracks, times, strict=True))
    w = part[:, None]
    values = a * (1 - w) + b * w
    if name == HEAD:
        values[:, [1, 0, 2]] = _between(a[:, [1, 0, 2]], b[:, [1, 0, 2]], part, "YXZ")
    elif name == BODY:
        channels = list(tracks[0].channels)
        for joint in BODY_JOINTS:
            if f"{joint}.x" in channels:
                at = [channels.index(f"{joint}.{axis}") for axis in "xyz"]
                values[:, at] = _between(a[:, at], b[:, at], part, "")
    return replace(tracks[0], values=values.astype(np.float32))


def _between(a: Floats, b: Floats, part: Floats, order: str) -> Floats:
    """Returns rotations `part` of the way from a to b, the short way; Euler angles of an order, or rotation vectors."""
    from scipy.spatial.transform import Rotation

    first, second = (Rotation.from_euler(order, v) if order else Rotation.from_rotvec(v) for v in (a, b))
    turn = (first.inv() * second).as_rotvec() * part[:, None]
    found = first * Rotation.from_rotvec(turn)
    return np.asarray(found.as_euler(order) if order else found.as_rotvec())


def _lids(face: Track, takes: tuple[Performance, Performance], times: list[Floats], share: float) -> Track:
    """Returns the face with the blinks of the heavier take and lids between both apart from them."""
    values = face.values.astype(np.float64)
    heavier = 0 if share <= 0.5 else 1
    for name in BLINK_LIDS:
        column = SHAPE_INDEX[name]
        bare = [_without_blinks(take, column) for take in takes]
        open_ = [np.interp(at * 60, np.arange(len(v)), v) for v, at in zip(bare, times, strict=True)]
        own = takes[heavier].tracks[FACE].at(times[heavier])[:, column]
        closing = (own - open_[heavier]) / np.maximum(1 - open_[heavier], 0.05)
        rest = open_[0] * (1 - share) + open_[1] * share
        values[:, column] = np.clip(rest + np.maximum(closing, 0) * (1 - rest), 0, 1)
    return replace(face, values=values.astype(np.float32))


def _without_blinks(take: Performance, column: int) -> Floats:
    """Returns the lid with its blinks bridged."""
    lid = take.tracks[FACE].values[:, column].astype(np.float64)
    keep = np.ones(len(lid), bool)
    for event in take.events:
        if event.kind == "blink":
            keep[max(0, int(event.start_s * 60)) : int(event.end_s * 60) + 2] = False
    if not keep.any():
        return lid
    frames = np.arange(len(lid))
    return np.interp(frames, frames[keep], lid[keep])


def _retimed(sound: Audio, heard_s: Floats, at_s: Floats) -> Audio:
    return stretched(sound, heard_s, at_s)


def _events(
    takes: tuple[Performance, Performance], clocks: tuple[Floats, Floats, Floats, Floats], owner: int, share: float
) -> tuple[Event, ...]:
    """Returns what is said by the owner of the sound, felt by both, and done by the heavier one, on the new clock."""
    heavier = 0 if share <= 0.5 else 1
    out: list[Event] = []
    for k, take in enumerate(takes):
        for e in take.events:
            weight = (1 - share, share)[k] if e.kind == "emotion" else 1.0
            mine = k == (heavier if e.kind in ("blink", "gaze", "gesture") else owner)
            if e.kind != "emotion" and not mine:
                continue
            start, end = np.interp([e.start_s, e.end_s], clocks[k], clocks[3]).tolist()
            value = round(e.value * weight, 3)
            if e.kind == "shot":
                value = start if abs(e.value - e.start_s) < 1e-6 else e.value
            out.append(replace(e, start_s=start, end_s=end, value=value))
    return tuple(sorted(out, key=lambda e: (e.start_s, e.kind, e.name)))


def _with_contacts(take: Performance) -> Performance:
    from understudy.face import hold

    if FACE not in take.tracks:
        return take
    return replace(take, tracks={**take.tracks, FACE: hold(take.tracks[FACE], phones_of(take))})
