"""The other side: what was left becomes right, for captures that were recorded as in a mirror."""

from dataclasses import replace

import numpy as np

from understudy.base.channels import BODY
from understudy.hub.departure import Arrival
from understudy.hub.track import Track

_TURNED = (".yaw", ".roll", ".x")
"""Angles about y and z, and what is sideways, change their sign; of a body's rotation vectors y and z do."""


def mirrored(arrival: Arrival) -> Arrival:
    """Returns a performance with its sides changed."""
    return replace(arrival, tracks={name: _mirrored(track) for name, track in arrival.tracks.items()})


def _mirrored(track: Track) -> Track:
    turned = (".y", ".z") if track.name == BODY else _TURNED
    columns = [track.channels.index(_other(channel, track.channels)) for channel in track.channels]
    signs = np.array([-1.0 if channel.endswith(turned) else 1.0 for channel in track.channels], np.float32)
    return replace(track, values=track.values[:, columns] * signs)


def _other(channel: str, channels: tuple[str, ...]) -> str:
    """Returns the name of a channel on the other side, its own when it has no side."""
    for one, two in (("Left", "Right"), ("Right", "Left"), ("left", "right"), ("right", "left")):
        swapped = channel.replace(one, two)
        if swapped != channel and swapped in channels:
            return swapped
    return channel
