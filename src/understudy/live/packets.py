"""The wire: LiveBeats as binary packets, everything else as JSON.

A packet is little-endian: 'UB' and version 1 (3 bytes), flags (1 byte: 1 = voiced), then

    turn u32 | start_s f64 | rate_hz u32 | frames u16 | channels u16 | samples u32

then frames x channels int16 (value * 8192, so -4..4 at 0.00012), then samples int16 (sound * 32767, mono, 24 kHz; none
where the sound is silence). Channels are in the order of `CHANNEL_NAMES`, which the `hello` of the server repeats. A
beat that starts before the end of what came earlier replaces it from its start on; a beat of a turn older than the
newest one heard of is to be dropped.

A picture, for pages that do not draw her themselves: 'UP' and version 1, flags (0), then

    turn u32 | start_s f64 | width u16 | height u16

then a JPEG of that size, marked. It is what is seen from start_s on; one of an older turn is to be dropped.
"""

import struct
from typing import Final

import numpy as np

from understudy.base.audio import Audio
from understudy.base.channels import TRACK_CHANNELS
from understudy.base.errors import BadInput
from understudy.live.stock import CHANNELS, COLUMNS, FRAME_HZ, RATE_HZ
from understudy.live.timeline import LiveBeat, rows_of, tracks_of

CHANNEL_NAMES: Final = tuple(
    f"{track}.{channel}" if track == "face" else channel for track in COLUMNS for channel in TRACK_CHANNELS[track]
)
SCALE: Final = 8192.0
MAGIC: Final = b"UB\x01"
PICTURE_MAGIC: Final = b"UP\x01"
_HEAD: Final = struct.Struct("<3sBIdIHHI")
_PICTURE: Final = struct.Struct("<3sBIdHH")


def packed(beat: LiveBeat) -> bytes:
    """Returns a beat as a packet; its events go as JSON beside it."""
    rows = np.clip(np.rint(rows_of(beat) * SCALE), -32768, 32767).astype("<i2")
    sound = np.rint(np.clip(beat.sound.samples, -1, 1) * 32767).astype("<i2") if beat.voiced else np.zeros(0, "<i2")
    head = _HEAD.pack(MAGIC, int(beat.voiced), beat.turn, beat.start_s, RATE_HZ, len(rows), CHANNELS, len(sound))
    return b"".join((head, rows.tobytes(), sound.tobytes()))


def unpacked(data: bytes) -> LiveBeat:
    """Returns the beat of a packet, without events. Raises BadInput for anything else."""
    if len(data) < _HEAD.size:
        raise BadInput("This packet is too short to be a beat; both ends must be of one version of Understudy.")
    magic, flags, turn, start_s, rate_hz, frames, channels, samples = _HEAD.unpack_from(data)
    whole = _HEAD.size + 2 * (frames * channels + samples)
    if magic != MAGIC or channels != CHANNELS or len(data) != whole:
        raise BadInput("This packet is not a beat of this version; both ends must be of one version of Understudy.")
    rows = np.frombuffer(data, "<i2", frames * channels, _HEAD.size).reshape(frames, channels) / np.float32(SCALE)
    sound = np.frombuffer(data, "<i2", samples, _HEAD.size + 2 * frames * channels).astype(np.float32) / np.float32(
        32767
    )
    if not samples:
        sound = np.zeros(round(frames / FRAME_HZ * rate_hz), np.float32)
    return LiveBeat(start_s, Audio(sound, rate_hz), tracks_of(rows.astype(np.float32)), (), turn, bool(flags & 1))


def packed_picture(jpeg: bytes, size_px: tuple[int, int], start_s: float, turn: int) -> bytes:
    """Returns a marked picture, already a JPEG, as a packet."""
    return _PICTURE.pack(PICTURE_MAGIC, 0, turn, start_s, *size_px) + jpeg


__all__ = ["CHANNEL_NAMES", "packed", "packed_picture", "unpacked"]
