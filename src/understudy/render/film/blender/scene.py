"""The actor, the lamps and the lens inside Blender: built once for a shot, then only moved, or lit anew.

Every material writes an extra pass `slip`: how far its point of the last frame stood from where the turn of the head
alone would have it (metres). With the place of each point it tells the true motion of every pixel; what hangs rigidly
on the head slips by nothing and need not be sent again. Another pass, `skin`, tells skin from everything else.
"""

import sys
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix

from .denoise import Denoiser
from .devices import choose_device
from .materials import Palette
from .nodes import Nodes
from .wire import Message

Array = Any

_PASSES = {
    "Combined": "colour",
    "Denoising Albedo": "albedo",
    "Denoising Normal": "normal",
    "slip": "slip",
    "skin": "skin",
    "Position": "position",
}
_taken: dict[str, Array] = {}


def survey() -> Message:
    """Returns what Blender this is and what it would trace on."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    _listen()
    return {"blender": bpy.app.version_string, "device": choose_device(bpy.context.scene)}


class Scene:
    """One shot. Its methods are what the pipe can ask for."""

    def __init__(self, wanted: Message) -> None:
        bpy.ops.wm.read_factory_settings(use_empty=True)
        self._objects: dict[str, Any] = {}
        self._denoiser = Denoiser(Path(bpy.utils.resource_path("LOCAL")).parent)
        self._scene = bpy.context.scene
        self._render_settings(wanted)
        self._palette = Palette(wanted["images"], wanted["suns"])
        for mesh in wanted["meshes"]:
            self._objects[mesh["name"]] = self._mesh(mesh)
        self._wet = [self._objects[m["name"]] for m in wanted["meshes"] if m["material"]["kind"] in ("cornea", "wet")]
        for strands in wanted["strands"]:
            self._objects[strands["name"]] = self._strands(strands)
        self._light(wanted["world"], wanted["suns"])
        self._camera(wanted["camera"])

    def trace(self, message: Message) -> Message:
        """Moves what moved, traces, and returns the passes as (h, w, c) float32 with the top row first."""
        for name, points in message.get("moved", {}).items():
            self._move(self._objects[name], points)
        for name, values in message.get("attributes", {}).items():
            for attribute, data in values.items():
                _write(self._objects[name].data, attribute, data)
        for name, matrix in message.get("placed", {}).items():
            self._objects[name].matrix_world = _matrix(matrix)
        for name, values in message.get("values", {}).items():
            self._palette.set(name, values)
        if "camera" in message:
            self._camera(message["camera"])
        cycles = self._scene.cycles
        cycles.samples = int(message["samples"])
        cycles.seed = int(message["seed"])
        self._scene.update_tag()  # settings alone would not reach a render that keeps its data
        _taken.clear()
        bpy.ops.render.render()
        missing = set(_PASSES) - set(_taken)
        if missing:
            raise RuntimeError(f"Cycles gave no {', '.join(sorted(missing))}")
        return {ours: np.ascontiguousarray(_taken[theirs][::-1]) for theirs, ours in _PASSES.items()}

    def arrange(self, message: Message) -> Message:
        """Puts what was built before another lens and under other lamps: `size_px`, `rect`, `world` and `suns`."""
        self._frame(message["size_px"], message["rect"])
        # Cycles keeps what it has of the last picture, and takes a new lamp or sky at the place of an old one for the same
        self._scene.render.use_persistent_data = False
        self._darken()
        self._palette.relight(message["suns"])
        self._light(message["world"], message["suns"])
        self._scene.render.use_persistent_data = True
        return {}

    def clean(self, message: Message) -> Message:
        """Returns `colour` denoised under the guides `albedo` and `normal`, and the albedo without noise.

        Without guides those of the message before hold, and `colour` alone is returned.
        """
        if "albedo" not in message:
            return {"colour": self._denoiser.clean_again(message["colour"])}
        planes = message["colour"], message["albedo"], message["normal"]
        colour = self._denoiser.clean(*planes, message["quality"], as_traced=message["as_traced"])
        return {"colour": colour, "albedo": self._denoiser.guide()}

    # building

    def _render_settings(self, wanted: Message) -> None:
        scene, cycles, how = self._scene, self._scene.cycles, wanted["settings"]
        scene.render.engine = "CYCLES"
        choose_device(scene)
        self._frame(wanted["size_px"], wanted["rect"])
        render = scene.render
        render.film_transparent = True
        render.use_persistent_data = True
        render.use_motion_blur = False
        if how["threads"]:
            render.threads_mode, render.threads = "FIXED", how["threads"]
        cycles.use_denoising = False
        cycles.use_adaptive_sampling = how["adaptive"] > 0
        if how["adaptive"] > 0:
            cycles.adaptive_threshold = how["adaptive"]
            cycles.adaptive_min_samples = how["least_samples"]
        cycles.max_bounces = how["bounces"]
        cycles.diffuse_bounces = how["diffuse_bounces"]
        cycles.glossy_bounces = how["glossy_bounces"]
        cycles.transmission_bounces = how["transmission_bounces"]
        cycles.transparent_max_bounces = 8
        cycles.volume_bounces = 0
        cycles.caustics_reflective = cycles.caustics_refractive = False
        cycles.blur_glossy = 0.6
        cycles.sample_clamp_indirect = how["clamp_indirect"]
        cycles.sample_clamp_direct = how["clamp_direct"]
        cycles.use_light_tree = True
        cycles.light_sampling_threshold = 0.02
        cycles.pixel_filter_type = "BLACKMAN_HARRIS"
        cycles.filter_width = 1.3
        cycles.use_fast_gi = how["fast_gi"]
        if how["fast_gi"]:
            cycles.fast_gi_method = "REPLACE"
            cycles.ao_bounces_render = 1
        scene.cycles_curves.shape = "RIBBONS"
        scene.cycles_curves.subdivisions = how["strand_subdivisions"]
        layer = scene.view_layers[0]
        layer.cycles.denoising_store_passes = True
        layer.use_pass_position = True
        for name, kind in (("slip", "COLOR"), ("skin", "VALUE")):
            aov = layer.aovs.add()
            aov.name, aov.type = name, kind
        scene.view_settings.view_transform = "Raw"
        scene.world = bpy.data.worlds.new("surroundings")

    def _frame(self, size_px: list[int], rect: list[int]) -> None:
        """Sets the size of the picture and which rectangle of it is traced."""
        (width, height), (x, y, w, h) = size_px, rect
        render = self._scene.render
        render.resolution_x, render.resolution_y, render.resolution_percentage = width, height, 100
        render.use_border = render.use_crop_to_border = True
        # Blender cuts to whole pixels: a quarter more keeps rounding in single precision from taking a row away
        render.border_min_x, render.border_max_x = (x + 0.25) / width, min(1.0, (x + w + 0.25) / width)
        render.border_min_y = (height - y - h + 0.25) / height
        render.border_max_y = min(1.0, (height - y + 0.25) / height)

    def _mesh(self, wanted: Message) -> Any:
        data = bpy.data.meshes.new(wanted["name"])
        points, corners, sizes = wanted["points"], wanted["corners"], wanted["sizes"]
        data.vertices.add(len(points))
        data.vertices.foreach_set("co", _flat(points))
        data.loops.add(len(corners))
        data.loops.foreach_set("vertex_index", corners.astype(np.int32))
        data.polygons.add(len(sizes))
        data.polygons.foreach_set("loop_start", np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int32))
        if "uv" in wanted:
            data.uv_layers.new(name="uv").data.foreach_set("uv", _flat(wanted["uv"]))
        data.update(calc_edges=True)
        data.polygons.foreach_set("use_smooth", np.ones(len(sizes), bool))
        for name, values in wanted.get("attributes", {}).items():
            _make(data, name, values, "POINT")
        data.materials.append(self._palette.material(wanted["material"]))
        return self._placed(wanted, data)

    def _strands(self, wanted: Message) -> Any:
        data = bpy.data.hair_curves.new(wanted["name"])
        points = wanted["points"]
        count, each = points.shape[:2]
        data.add_curves([each] * count)
        data.position_data.foreach_set("vector", _flat(points))
        _make(data, "radius", wanted["radius"].ravel(), "POINT")
        for name, values in wanted.get("attributes", {}).items():
            _make(data, name, values, "CURVE" if len(values) == count else "POINT")
        data.materials.append(self._palette.material(wanted["material"]))
        return self._placed(wanted, data)

    def _placed(self, wanted: Message, data: Any) -> Any:
        made = bpy.data.objects.new(wanted["name"], data)
        self._scene.collection.objects.link(made)
        for kind, seen in wanted.get("seen", {}).items():
            setattr(made, f"visible_{kind}", seen)
        return made

    def _light(self, surroundings: Array, suns: list[Message]) -> None:
        world = self._scene.world
        nodes = Nodes(world)
        height, width = surroundings.shape[:2]
        image = bpy.data.images.new("surroundings", width, height, float_buffer=True, is_data=True)
        image.pixels.foreach_set(_flat(np.dstack([surroundings, np.ones((height, width), np.float32)])[::-1]))
        picture = nodes.add("TexEnvironment", image=image)
        nodes.add("OutputWorld", {"Surface": nodes.add("Background", {0: picture.outputs[0], 1: 1.0})})
        world.cycles.sampling_method = "MANUAL"
        world.cycles.sample_map_resolution = width
        for number, sun in enumerate(suns):
            data = bpy.data.lights.new(f"sun{number}", "SUN")
            data.energy, data.color, data.angle = 1.0, [float(c) for c in sun["colour"]], float(sun["angle_rad"])
            made = bpy.data.objects.new(data.name, data)
            made.matrix_world = _matrix(sun["matrix"])
            made.light_linking.receiver_collection = self._all_but_wet()
            self._scene.collection.objects.link(made)

    def _darken(self) -> None:
        """Takes away every lamp and the surroundings."""
        for lamp in list(bpy.data.lights):
            bpy.data.lights.remove(lamp)  # with the objects that carry it
        self._scene.world.node_tree.nodes.clear()
        bpy.data.images.remove(bpy.data.images["surroundings"])

    def _all_but_wet(self) -> Any:
        """Returns the collection that keeps lamps off what shows their images by itself (see materials.py)."""
        name = "all but what is wet"
        if name not in bpy.data.collections:
            made = bpy.data.collections.new(name)
            for number, each in enumerate(self._wet):
                made.objects.link(each)
                made.collection_objects[number].light_linking.link_state = "EXCLUDE"
        return bpy.data.collections[name]

    def _camera(self, wanted: Message) -> None:
        made = self._scene.camera
        if made is None:
            made = bpy.data.objects.new("lens", bpy.data.cameras.new("lens"))
            self._scene.collection.objects.link(made)
            self._scene.camera = made
        data = made.data
        data.sensor_fit, data.sensor_width = "HORIZONTAL", 36.0
        data.lens = float(wanted["lens_mm"])
        data.shift_x, data.shift_y = float(wanted["shift"][0]), float(wanted["shift"][1])
        data.clip_start, data.clip_end = 0.05, 100.0
        data.dof.use_dof = wanted["aperture_m"] > 0
        if wanted["aperture_m"] > 0:
            data.dof.aperture_fstop = float(wanted["lens_mm"]) * 1e-3 / float(wanted["aperture_m"])
            data.dof.focus_distance = float(wanted["focus_m"])
            data.dof.aperture_blades = 0
        made.matrix_world = _matrix(wanted["matrix"])

    def _move(self, made: Any, points: Array) -> None:
        data = made.data
        if hasattr(data, "position_data"):
            data.position_data.foreach_set("vector", _flat(points))
            data.update_tag()
        else:
            data.vertices.foreach_set("co", _flat(points))
            data.update()
        made.update_tag()


def _matrix(rows: Array) -> Any:
    return Matrix([[float(v) for v in row] for row in rows])


def _flat(values: Array) -> Array:
    return np.ascontiguousarray(values, np.float32).ravel()


def _make(data: Any, name: str, values: Array, domain: str) -> None:
    kind = {1: "FLOAT", 2: "FLOAT2", 3: "FLOAT_VECTOR", 4: "FLOAT_COLOR"}[1 if values.ndim == 1 else values.shape[1]]
    if data.attributes.get(name) is None:
        data.attributes.new(name, kind, domain)
    _write(data, name, values)


def _write(data: Any, name: str, values: Array) -> None:
    attribute = data.attributes[name]
    field = {"FLOAT": "value", "FLOAT_COLOR": "color"}.get(attribute.data_type, "vector")
    attribute.data.foreach_set(field, _flat(values))


def _listen() -> None:
    """Keeps every pass as Cycles hands it over; a file or the compositor would be the only other way to it."""
    engine = sys.modules["cycles"].CyclesRender
    if hasattr(engine, "understudy_render"):
        return
    engine.understudy_render = engine.render

    def render(self: Any, depsgraph: Any) -> None:
        self.understudy_render(depsgraph)
        result = self.get_result()
        height, width = result.resolution_y, result.resolution_x
        for each in result.layers[0].passes:
            pixels = np.empty(width * height * each.channels, np.float32)
            each.rect.foreach_get(pixels)
            _taken[each.name] = pixels.reshape(height, width, each.channels)

    engine.render = render
