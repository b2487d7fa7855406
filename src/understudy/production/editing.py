"""Curves changed by hand lie on a take as a layer: anchored to what is said, laid on again after every re-take."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from understudy.base.channels import (
    ANIMATION_RATE_HZ,
    ARKIT_SHAPES,
    BODY,
    COMPLEXION,
    FACE,
    GAZE,
    HEAD,
    SILENCE,
    TRACK_CHANNELS,
)
from understudy.base.errors import BadInput, UnknownName
from understudy.base.motion import minimum_jerk
from understudy.hub.performance import Performance
from understudy.hub.promptbook import Edit, PromptBook
from understudy.hub.speech import Phone
from understudy.hub.track import Track
from understudy.production.anchoring import anchored, found_again, said_at
from understudy.production.recall import remembered

Floats = npt.NDArray[np.float64]

LIMITS = {FACE: (0.0, 1.0), HEAD: (-1.0, 1.0), GAZE: (-0.6, 0.6), BODY: (-2.0, 2.0), COMPLEXION: (-1.0, 1.0)}
"""What a channel can reach: shares for the face, radians for the rest (57, 34 and 115 degrees)."""
OTHER_LIMITS = {"tears": (0.0, 1.0), "breath": (0.0, 1.0), "head.x": (-0.1, 0.1), "head.y": (-0.1, 0.1),
                "head.z": (-0.1, 0.1)}  # fmt: skip
SEEN = 0.004
"""A difference of curves below this is not an edit."""
STRAIGHT = 0.003
"""Knots are left out where the curve between its neighbours is this straight."""
HOWS = ("add", "scale", "set")
MOUTH = ("mouth", "jaw", "cheekPuff", "noseSneer", "tongue")
"""Shapes that can part lips which have to touch."""


@dataclass(frozen=True, eq=False)
class Edited:
    """take: with the edits on it. remarks: edits that have no place in it, a sentence each."""

    take: Performance
    remarks: tuple[str, ...] = ()


def edit(
    take: Performance,
    channel: str,
    *,
    start_s: float,
    end_s: float,
    how: str,
    amount: float,
    ease_s: float = 0.12,
    insist: bool = False,
) -> Performance:
    """Returns the take with one more edit: `how` add, scale or set, by `amount`, eased in and out inside its time.

    Values stay within what the channel can reach and lips keep their contacts, unless `insist`. Raises BadInput.
    """
    columns(take, channel)
    if how not in HOWS:
        raise UnknownName("way to edit", how, HOWS)
    if not 0 <= start_s < end_s <= take.duration_s + 1e-6:
        raise BadInput(
            f"An edit from {start_s:g} to {end_s:g} s does not lie in the take, which lasts {take.duration_s:.2f} s; "
            "give --from and --to in seconds, in this order."
        )
    whole = remembered(take)
    layer = Edit(channel, how, amount, anchored(whole, start_s), anchored(whole, end_s), ease_s, insist=insist)
    return _with(whole, (*layers(whole), layer)).take


def layers(take: Performance) -> tuple[Edit, ...]:
    """Returns the edits of a take in order."""
    return take.book.facts.edits if take.book is not None else ()


def without_edit(take: Performance, number: int) -> Performance:
    """Returns the take without its edit `number`, from 1. Raises BadInput."""
    there = layers(take)
    if not 1 <= number <= len(there):
        have = f"this take has {len(there)}" if there else "this take has none"
        raise BadInput(f"There is no edit {number}: {have}; list them with: understudy edit TAKE --list")
    return _with(take, (*there[: number - 1], *there[number:])).take


def edited(take: Performance, edits: Sequence[Edit]) -> Edited:
    """Returns a take with these edits in place of its own, where their words are said."""
    if not edits and not layers(take):
        return Edited(take)
    return _with(remembered(take), tuple(edits))


def unedited(take: Performance) -> Performance:
    """Returns the take as it is beneath its edits."""
    if take.book is None or not layers(take):
        return take
    book = PromptBook(replace(take.book.facts, edits=()), take.book.prosody)
    return replace(take, tracks={**take.tracks, **take.book.base}, book=book)


def described(take: Performance, edit: Edit) -> str:
    """Returns an edit in words."""
    start_s, end_s = found_again(take, edit.start), found_again(take, edit.end)
    when = "not in this take" if start_s is None or end_s is None else f"{start_s:.2f} to {end_s:.2f} s"
    said = " to ".join(dict.fromkeys(f"'{w}'" for w in (said_at(take, edit.start), said_at(take, edit.end)) if w))
    what = f"{len(edit.knots)} knots" if edit.how == "curve" else f"{edit.how} {edit.amount:g}"
    return f"{edit.channel} {what}, {when}" + (f", at {said}" if said else "") + (", insisted" if edit.insist else "")


def columns(take: Performance, channel: str) -> list[tuple[str, int]]:
    """Returns (track, column) of a channel; a name without a side is both. Raises UnknownName."""
    names = (channel,) if channel in _known() else (f"{channel}Left", f"{channel}Right")
    found = [(t.name, t.channels.index(n)) for n in names for t in take.tracks.values() if n in t.channels]
    if not found:
        raise UnknownName("channel", channel, _known())
    return found


def read_curves(take: Performance, path: Path, *, insist: bool = False) -> tuple[Edit, ...]:
    """Returns the edits of a CSV of curves over time, as an animator saved it: what differs from the take.

    The first column is the time in seconds; the others are named by channel. Raises BadInput.
    """
    rows = _rows(path)
    times = rows[:, 0]
    whole = remembered(take)
    out = []
    for at, channel in enumerate(_header(path)[1:], 1):
        track, column = columns(whole, channel)[0]
        own = whole.tracks[track].at(times)[:, column]
        change = np.asarray(rows[:, at] - own, np.float64)
        for first, last in _stretches(np.abs(change) > SEEN):
            a, b = max(0, first - 1), min(len(times), last + 1)
            knots = tuple(
                (anchored(whole, float(times[k])), round(float(change[k]), 4))
                for k in _bends(times[a:b], change[a:b], a)
            )
            out.append(Edit(channel, "curve", 0.0, knots[0][0], knots[-1][0], 0.0, knots, insist, words=path.name))
    if not out:
        raise BadInput(f"{path} has the same curves as the take, so there is nothing to keep; edit it and save it.")
    return tuple(out)


def import_curves(take: Performance, path: Path, *, insist: bool = False) -> Performance:
    """Returns the take with what an animator changed in a CSV of its curves, as edits."""
    return _with(remembered(take), (*layers(take), *read_curves(take, path, insist=insist))).take


def write_curves(take: Performance, path: Path, channels: Sequence[str]) -> None:
    """Writes curves as CSV for an animator: time in seconds, then the channels, 60 rows a second."""
    wanted = [pair for channel in channels for pair in columns(take, channel)] or [(FACE, i) for i in range(52)]
    names = [TRACK_CHANNELS[track][column] for track, column in wanted]
    with path.open("w", newline="", encoding="utf-8") as stream:
        out = csv.writer(stream)
        out.writerow(["time", *names])
        for k in range(len(take.tracks[FACE].values)):
            values = [f"{take.tracks[t].values[min(k, len(take.tracks[t].values) - 1), c]:.6f}" for t, c in wanted]
            out.writerow([f"{k / ANIMATION_RATE_HZ:.6f}", *values])


def amount_of(text: str) -> float:
    """Returns the number of '0.3', '-5deg' or '50%'. Raises BadInput."""
    found = re.fullmatch(r"\s*([+-]?\d*\.?\d+)\s*(deg|°|%)?\s*", text)
    if not found:
        raise BadInput(f"'{text}' is not an amount; write it as 0.3, -5deg or 50%.")
    return float(found[1]) * {"deg": np.pi / 180, "°": np.pi / 180, "%": 0.01}.get(found[2] or "", 1.0)


# ---- laying on -------------------------------------------------------------------------------------------------------


def _with(take: Performance, edits: tuple[Edit, ...]) -> Edited:
    """Returns the take with exactly these edits."""
    bare = unedited(take)
    assert bare.book is not None
    values = {name: track.values.astype(np.float64) for name, track in bare.tracks.items()}
    kept: list[Edit] = []
    remarks: list[str] = []
    mouths, insisted = np.zeros(len(values[FACE]), bool), np.zeros(len(values[FACE]), bool)
    touched: set[str] = set()
    for layer in edits:
        places = columns(bare, layer.channel)
        if found_again(bare, layer.start) is None or found_again(bare, layer.end) is None:
            remarks.append(
                f"The edit of {layer.channel} belongs to words that this take does not say; it was left out."
            )
            continue
        kept.append(layer)
        for track, column in places:
            touched.add(track)
            frames = _lay(bare, values[track], column, layer, track)
            if track == FACE and ARKIT_SHAPES[column].startswith(MOUTH):
                (insisted if layer.insist else mouths)[frames] = True
    tracks = {n: replace(t, values=values[n].astype(np.float32)) for n, t in bare.tracks.items() if n in touched}
    if FACE in tracks and mouths.any():
        tracks[FACE] = _contacts(bare, tracks[FACE], mouths & ~insisted)
    base = {name: bare.tracks[name] for name in sorted(touched)}
    book = PromptBook(replace(bare.book.facts, edits=tuple(kept)), bare.book.prosody, base)
    return Edited(replace(bare, tracks={**bare.tracks, **tracks}, book=book), tuple(remarks))


def _lay(take: Performance, values: Floats, column: int, layer: Edit, track: str) -> npt.NDArray[np.bool_]:
    """Changes one column in place; returns the frames in which it did."""
    rate_hz = take.tracks[track].rate_hz
    clock = np.arange(len(values)) / rate_hz
    own = values[:, column].copy()
    if layer.how == "curve":
        times, amounts = _knots(take, layer)
        new = own + np.interp(clock, times, amounts, left=0.0, right=0.0)
        inside = (clock >= times[0]) & (clock <= times[-1])
    else:
        start_s, end_s = (found_again(take, anchor) or 0.0 for anchor in (layer.start, layer.end))
        ease_s = min(layer.ease_s, max(end_s - start_s, 1e-3) / 2)
        gate = minimum_jerk((clock - start_s) / max(ease_s, 1e-6)) * minimum_jerk((end_s - clock) / max(ease_s, 1e-6))
        goal = {"add": own + layer.amount, "scale": own * layer.amount, "set": np.full(len(own), layer.amount)}
        new = own + gate * (goal[layer.how] - own)
        inside = gate > 0
    if not layer.insist or track == FACE:
        low, high = OTHER_LIMITS.get(TRACK_CHANNELS[track][column], LIMITS[track])
        new = np.clip(new, np.minimum(low, own), np.maximum(high, own))
    values[:, column] = new
    return np.asarray(inside & (np.abs(new - own) > 1e-9))


def _knots(take: Performance, layer: Edit) -> tuple[Floats, Floats]:
    found = [(found_again(take, anchor), amount) for anchor, amount in layer.knots]
    known = [(t, amount) for t, amount in found if t is not None]
    times = np.maximum.accumulate(np.array([t for t, _ in known]))
    return times + np.arange(len(times)) * 1e-9, np.array([amount for _, amount in known])


def _contacts(take: Performance, face: Track, frames: npt.NDArray[np.bool_]) -> Track:
    """Returns the face with its lips held again where they were edited and a frame around."""
    from understudy.face import hold

    wide = np.convolve(frames, np.ones(3), mode="same") > 0
    held = hold(face, phones_of(take)).values
    changed = np.abs(held - face.values).max(axis=1) > 1e-6
    return replace(face, values=np.where((wide & changed)[:, None], held, face.values))


def phones_of(take: Performance) -> list[Phone]:
    """Returns the phones of a take in order."""
    found = sorted((e for e in take.events if e.kind == "phone" and e.name != SILENCE), key=lambda e: e.start_s)
    return [Phone(e.name, e.start_s, e.end_s, round(e.value)) for e in found]


def _known() -> list[str]:
    return [name for channels in TRACK_CHANNELS.values() for name in channels]


def _header(path: Path) -> list[str]:
    with path.open(newline="", encoding="utf-8-sig") as stream:
        return [name.strip() for name in next(csv.reader(stream), [])]


def _rows(path: Path) -> Floats:
    if not path.is_file():
        raise BadInput(
            f"There is no file of curves at {path}; write one with: understudy edit TAKE --export {path.name}"
        )
    try:
        names = _header(path)
        with path.open(newline="", encoding="utf-8-sig") as stream:
            rows = np.array([[float(v) for v in row] for row in list(csv.reader(stream))[1:] if row])
    except (ValueError, UnicodeDecodeError) as error:
        raise BadInput(
            f"{path} is not a CSV of curves ({error}); the first column is the time in seconds, the others channels."
        ) from error
    if (
        len(rows) < 2
        or rows.ndim != 2
        or rows.shape[1] != len(names)
        or len(names) < 2
        or (np.diff(rows[:, 0]) <= 0).any()
    ):
        raise BadInput(
            f"{path} is not a CSV of curves; its first column must be the rising time in seconds, the others channels."
        )
    return rows


def _stretches(differs: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Returns (first, last) of runs, gaps of up to a tenth of a second bridged."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], differs.astype(int), [0]])))
    out: list[tuple[int, int]] = []
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        if out and a - out[-1][1] < 6:
            out[-1] = out[-1][0], int(b)
        else:
            out.append((int(a), int(b)))
    return out


def _bends(times: Floats, values: Floats, offset: int) -> list[int]:
    """Returns the indices that a curve of straight pieces needs (Douglas & Peucker 1973), the ends included."""
    keep = {0, len(times) - 1}
    spans = [(0, len(times) - 1)]
    while spans:
        a, b = spans.pop()
        if b - a < 2:
            continue
        line = np.interp(times[a : b + 1], [times[a], times[b]], [values[a], values[b]])
        off = np.abs(values[a : b + 1] - line)
        if off.max() > STRAIGHT:
            k = a + int(off.argmax())
            keep.add(k)
            spans += [(a, k), (k, b)]
    return [offset + k for k in sorted(keep)]
