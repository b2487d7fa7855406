"""Which processor Cycles traces on."""

from typing import Any

import bpy

_KINDS = ("OPTIX", "CUDA", "HIP", "ONEAPI", "METAL")
"""From quickest to slowest where a card offers several."""


def choose_device(scene: Any) -> str:
    """Sets the scene to the first GPU Cycles can use, else to the processor; returns its name in words."""
    preferences = bpy.context.preferences.addons["cycles"].preferences
    for kind in _KINDS:
        try:
            preferences.compute_device_type = kind
        except TypeError:  # this build of Blender does not know it
            continue
        preferences.refresh_devices()
        found = [device for device in preferences.devices if device.type == kind]
        if found:
            for device in preferences.devices:
                device.use = device.type == kind
            scene.cycles.device = "GPU"
            return f"{found[0].name} by {kind.title() if kind == 'METAL' else kind}"
    preferences.compute_device_type = "NONE"
    scene.cycles.device = "CPU"
    return "the processor"
