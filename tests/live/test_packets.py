import struct

import numpy as np
import pytest

from understudy.base.audio import Audio
from understudy.base.channels import ARKIT_SHAPES, FACE, TRACK_CHANNELS
from understudy.base.errors import BadInput
from understudy.hub.track import Track
from understudy.live.packets import CHANNEL_NAMES, packed, unpacked
from understudy.live.timeline import LiveBeat


def made(voiced: bool = True) -> LiveBeat:
    rng = np.random.default_rng(1)
    tracks = {
        n: Track(n, c, 60.0, rng.uniform(-1, 1, (2, len(c))).astype(np.float32)) for n, c in TRACK_CHANNELS.items()
    }
    return LiveBeat(12.5, Audio(rng.uniform(-1, 1, 800).astype(np.float32), 24_000), tracks, (), 7, voiced)


def test_a_beat_comes_back_as_it_left() -> None:
    sent = made()
    got = unpacked(packed(sent))
    assert (got.start_s, got.turn, got.voiced) == (12.5, 7, True)
    for name, track in sent.tracks.items():
        assert np.abs(got.tracks[name].values - track.values).max() < 1e-4
    assert np.abs(got.sound.samples - sent.sound.samples).max() < 1e-4


def test_silence_costs_no_samples() -> None:
    data = packed(made(voiced=False))
    assert len(data) == 28 + 2 * 2 * len(CHANNEL_NAMES)
    assert len(unpacked(data).sound.samples) == 800


def test_the_layout_is_the_published_one() -> None:
    """Read by hand as docs/live-protocol.md says, not by our own reader."""
    sent = made()
    data = packed(sent)
    assert data[:3] == b"UB\x01" and data[3] == 1
    assert struct.unpack_from("<I", data, 4)[0] == 7
    assert struct.unpack_from("<d", data, 8)[0] == 12.5
    rate, frames, _, samples = struct.unpack_from("<IHHI", data, 16)
    assert (rate, frames, samples) == (24_000, 2, 800)
    assert CHANNEL_NAMES[: len(ARKIT_SHAPES)] == tuple(f"face.{name}" for name in ARKIT_SHAPES)
    jaw = struct.unpack_from("<h", data, 28 + 2 * ARKIT_SHAPES.index("jawOpen"))[0] / 8192
    assert jaw == pytest.approx(sent.tracks[FACE].values[0, ARKIT_SHAPES.index("jawOpen")], abs=1e-4)


@pytest.mark.parametrize("data", [b"", b"UB\x01", b"XX" + bytes(60), b"UB\x02" + bytes(60)])
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput, match="beat"):
        unpacked(data)


def test_a_cut_packet_is_refused() -> None:
    with pytest.raises(BadInput, match="beat"):
        unpacked(packed(made())[:-2])
