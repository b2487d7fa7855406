"""A performance that was recorded or made elsewhere becomes a take."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from understudy.base.audio import Audio, read_sound
from understudy.base.channels import ANIMATION_RATE_HZ, BODY
from understudy.base.errors import BadInput
from understudy.hub.actor import Actor, ActorRecord
from understudy.hub.departure import Arrival
from understudy.hub.performance import Beat, Event, Performance
from understudy.hub.track import Track

_SILENT_HZ = 24_000
_LARGEST_BYTES = 128 * 1024**2


@dataclass(frozen=True, eq=False)
class ImportedTake:
    """take: ready to be filmed. remarks: sentences about what was mended, missing or odd."""

    take: Performance
    remarks: tuple[str, ...]


def import_take(
    source: Path | str,
    *,
    actor: str = "",
    sound: Audio | Path | str | None = None,
    offset_s: float = 0.0,
    rate_hz: float | None = None,
    form: str = "",
    mirror: bool = False,
    body: bool = True,
    seed: int = 0,
) -> ImportedTake:
    """Returns the take of an actor who does what a capture did: Live Link Face and other ARKit CSVs, our JSON.

    actor: who plays it, '' = whoever the file names, else emi. sound: what was said; the take is as long as it is, and
    without it as long as the capture, and silent. offset_s: how long after the first row the sound begins; negative
    when it began earlier. rate_hz: the true rate, where the file cannot say. mirror: change the sides. body: let the
    body breathe and sway, which such files do not hold. Raises BadInput with one sentence.
    """
    from understudy.exchange.formats.format import reader_for
    from understudy.exchange.formats.mirror import mirrored

    path = Path(source)
    reader = reader_for(form or path.suffix.lstrip("."))
    if not path.is_file():
        raise BadInput(f"There is no file at {path}; give a .csv of Live Link Face or a .json that was exported.")
    if path.stat().st_size > _LARGEST_BYTES:
        raise BadInput(f"{path} is larger than {_LARGEST_BYTES >> 20} MB; split it.")
    if rate_hz is not None and not 1.0 <= rate_hz <= 1000.0:
        raise BadInput(f"{rate_hz:g} frames a second cannot be read; give a number from 1 to 1000.")
    arrival = reader.read(path.read_bytes(), where=path.name, rate_hz=rate_hz)
    arrival = mirrored(arrival) if mirror else arrival
    record = Actor.open(actor or arrival.actor_name or "emi").record
    heard = _heard(sound)
    start_s = offset_s if heard is not None else 0.0
    duration_s = heard.duration_s if heard is not None else arrival.duration_s
    remarks = list(arrival.remarks)
    if heard is not None and abs(arrival.duration_s - start_s - duration_s) > 0.25:
        remarks.append(
            f"The capture lasts {arrival.duration_s:.2f} s and the sound {duration_s:.2f} s; "
            "the take is as long as the sound, and the face holds where the capture does not reach."
        )
    made_with = dict(arrival.made_with) | ({"mirrored": "yes"} if mirror else {})
    take = Performance(
        record.name,
        heard if heard is not None else Audio.silence(duration_s, _SILENT_HZ),
        {name: _laid(track, start_s, duration_s) for name, track in arrival.tracks.items()},
        _moved(arrival, start_s, duration_s),
        made_with,
    )
    return ImportedTake(_alive(take, record, seed) if body and BODY not in take.tracks else take, tuple(remarks))


def _heard(sound: Audio | Path | str | None) -> Audio | None:
    return sound if isinstance(sound, Audio) or sound is None else read_sound(Path(sound))


def _laid(track: Track, start_s: float, duration_s: float) -> Track:
    """Returns a track on the clock of the sound: frame k of it is frame k + start of what arrived, held at the ends."""
    frames = max(1, int(np.ceil(duration_s * ANIMATION_RATE_HZ - 1e-6)))
    wanted = np.arange(frames) + round(start_s * ANIMATION_RATE_HZ)
    held = np.clip(wanted, 0, len(track.values) - 1)
    values = track.values[held]
    if track.channels == ("row",):
        values = values * (wanted == held)[:, None]
    return replace(track, values=values)


def _moved(arrival: Arrival, start_s: float, duration_s: float) -> tuple[Event, ...]:
    moved = (replace(e, start_s=e.start_s - start_s, end_s=e.end_s - start_s) for e in arrival.events)
    return tuple(e for e in moved if e.end_s > 0 and e.start_s < duration_s)


def _alive(take: Performance, record: ActorRecord, seed: int) -> Performance:
    """Returns the take with a body that breathes and sways under its head."""
    from understudy import body

    whole = Beat(0.0, take.sound, take.tracks, take.events)
    moved = next(iter(body.move(iter([whole]), persona=record.persona, seed=seed)))
    return replace(take, tracks=moved.tracks, made_with={**take.made_with, "body": "made up", "seed": str(seed)})
