"""A take as JSON for whoever builds a page: one document, or JSON lines with a beat a line that may be streamed.

The schema is published as docs/take.schema.json. Numbers are rounded to a millionth.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import numpy as np

from understudy.base.channels import ANIMATION_RATE_HZ, FACE, TRACK_CHANNELS
from understudy.base.errors import BadInput
from understudy.hub.card import Card
from understudy.hub.departure import CAPTURED, Arrival, Carries, Departure, clean
from understudy.hub.performance import Event
from understudy.hub.track import Track, Values

SCHEMA = "understudy.take/1"
BEAT_S = 1.0
_LONGEST_S = 6 * 3600.0


class PlainJson:
    """`.json` is one document, `.jsonl` a head and a line for every second."""

    card: ClassVar[Card] = Card("json", "JSON or JSON lines of a take, with a published schema", "own")
    carries: ClassVar[Carries] = Carries.MOTION
    rate_hz: ClassVar[float] = ANIMATION_RATE_HZ
    many: ClassVar[bool] = False
    sound: ClassVar[str] = ""
    turns: ClassVar[bool] = False

    def write(self, departure: Departure, *, ending: str) -> Mapping[str, bytes]:
        """Returns the .json or .jsonl."""
        head = _head(departure)
        beats = list(_beats(departure))
        if ending.lower() == "jsonl":
            rows = [{"kind": "take", **head}, *({"kind": "beat", **beat} for beat in beats)]
            return {"": b"".join(_text(row) + b"\n" for row in rows)}
        return {"": _text({**head, "beats": beats}) + b"\n"}

    def read(self, data: bytes, *, where: str, rate_hz: float | None) -> Arrival:
        """Returns the take of a .json or .jsonl in this schema; another rate is read between its frames."""
        head, beats = _parsed(data, where)
        try:
            return _arrival(head, beats, rate_hz, where)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadInput(
                f"{where} is not as in the schema {SCHEMA} ({type(error).__name__} {error}); see docs/take.schema.json."
            ) from error


def _head(departure: Departure) -> dict[str, Any]:
    take = departure.take
    channels = {n: list(t.channels) for n, t in take.tracks.items() if n in TRACK_CHANNELS or n == CAPTURED}
    return {
        "schema": SCHEMA,
        "notice": departure.marks.get("notice", ""),
        "marks": dict(departure.marks),
        "actor": take.actor_name,
        "duration_s": round(take.duration_s, 6),
        "rate_hz": departure.rate_hz,
        "channels": channels,
        "made_with": dict(take.made_with),
    }


def _beats(departure: Departure) -> Iterator[dict[str, Any]]:
    take, rate = departure.take, departure.rate_hz
    times = departure.times_s
    tracks = {}
    for name, track in take.tracks.items():
        if name in TRACK_CHANNELS:
            tracks[name] = departure.face if name == FACE else track.at(times)
        elif name == CAPTURED:
            # a frame was measured or it was not: nothing is between
            tracks[name] = np.round(track.at(times))
    step = max(1, round(BEAT_S * rate))
    for first in range(0, len(times), step):
        start_s = first / rate
        last = first + step >= len(times)
        end_s = take.duration_s if last else (first + step) / rate
        events = [e for e in take.events if start_s <= e.start_s < end_s or (last and e.start_s >= end_s)]
        if first == 0:
            events = [e for e in take.events if e.start_s < 0] + events
        yield {
            "start_s": round(start_s, 6),
            "duration_s": round(end_s - start_s, 6),
            "events": [
                {
                    "kind": e.kind,
                    "name": e.name,
                    "start_s": round(e.start_s, 6),
                    "end_s": round(e.end_s, 6),
                    "value": round(e.value, 6),
                }
                for e in events
            ],
            "frames": {name: _rounded(values[first : first + step]) for name, values in tracks.items()},
        }


def _rounded(values: Values) -> list[list[float]]:
    return [[int(v) if v == int(v) else v for v in row] for row in np.round(values.astype(float), 6).tolist()]


def _text(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _parsed(data: bytes, where: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    try:
        text = data.decode("utf-8-sig")
        if text.lstrip().split("\n", 1)[0].rstrip().endswith("}") and "\n" in text.strip():
            rows = [json.loads(row) for row in text.splitlines() if row.strip()]
            head, beats = rows[0], rows[1:]
        else:
            head = json.loads(text)
            beats = head.get("beats", []) if isinstance(head, dict) else []
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{where} is cut off or no JSON ({error}); export it again.") from error
    if not isinstance(head, dict) or head.get("schema") != SCHEMA:
        raise BadInput(f"{where} is no take in the schema {SCHEMA}; give a file that understudy export wrote.")
    if not isinstance(beats, list) or not beats or not all(isinstance(beat, dict) for beat in beats):
        raise BadInput(f"{where} has no beats; export it again.")
    return head, beats


def _arrival(head: dict[str, Any], beats: list[dict[str, Any]], rate_hz: float | None, where: str) -> Arrival:
    rate, duration_s = float(head["rate_hz"]), float(head["duration_s"])
    if rate_hz is not None and abs(rate_hz - rate) > 1e-6:
        raise BadInput(f"{where} says that it has {rate:g} frames a second, not {rate_hz:g}; leave --fps out.")
    if not (1.0 <= rate <= 1000.0 and 0.0 < duration_s <= _LONGEST_S):
        raise BadInput(
            f"{where} has {rate:g} frames a second for {duration_s:g} s, which no take has; export it again."
        )
    tracks = {}
    for name, channels in head["channels"].items():
        if name not in TRACK_CHANNELS and name != CAPTURED:
            continue
        values = np.array([row for beat in beats for row in beat["frames"][name]], np.float32)
        if values.ndim != 2 or values.shape[1] != len(channels) or not np.isfinite(values).all():
            raise BadInput(f"The track '{name}' of {where} has frames that do not fit its channels; export it again.")
        tracks[name] = _own(Track(name, tuple(map(str, channels)), rate, values), duration_s, where)
    if FACE not in tracks:
        raise BadInput(f"{where} has no track called 'face'; export it again.")
    lengths = {len(track.values) for track in tracks.values()}
    if len(lengths) > 1:
        raise BadInput(f"The tracks of {where} differ in length; export it again.")
    events = tuple(
        Event(str(e["kind"]), str(e["name"]), float(e["start_s"]), float(e["end_s"]), float(e.get("value", 1.0)))
        for beat in beats
        for e in beat.get("events", ())
    )
    made_with = {str(key): str(value) for key, value in head.get("made_with", {}).items()}
    return Arrival(tracks, duration_s, events, str(head.get("actor", "")), made_with)


def _own(track: Track, duration_s: float, where: str) -> Track:
    """Returns a track with our channels in our order at our rate."""
    if abs(track.duration_s - duration_s) > 1.5 / track.rate_hz:
        raise BadInput(
            f"{where} has {len(track.values)} frames at {track.rate_hz:g} a second and says it lasts {duration_s:g} s; "
            "it is cut off or its rate is wrong: export it again."
        )
    channels = TRACK_CHANNELS.get(track.name, track.channels)
    columns = [track.channels.index(c) if c in track.channels else -1 for c in channels]
    values = np.stack([track.values[:, c] if c >= 0 else np.zeros(len(track.values)) for c in columns], 1)
    if track.rate_hz != ANIMATION_RATE_HZ:
        frames = max(1, round(duration_s * ANIMATION_RATE_HZ))
        held = Track(track.name, channels, track.rate_hz, np.asarray(values, np.float32))
        values = held.at(np.arange(frames) / ANIMATION_RATE_HZ)
    if track.name == FACE:
        values = clean(np.asarray(values, np.float32), captured=True)
    return Track(track.name, channels, ANIMATION_RATE_HZ, np.asarray(values, np.float32))
