"""From the mesh to texels and back: rasterising vertex values into the UV atlas, dilating, encoding images."""

import io
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import moderngl
import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from understudy.casting.mesh import Bools, Floats, Ints, vertex_normals
from understudy.casting.noise import Field

_UV_VERTEX = """#version 330
in vec2 uv; in vec4 value; out vec4 v;
void main() { gl_Position = vec4(uv * 2.0 - 1.0, 0.0, 1.0); v = value; }"""
_UV_FRAGMENT = """#version 330
in vec4 v; out vec4 colour;
void main() { colour = v; }"""
_DEPTH_VERTEX = """#version 330
in vec3 position; uniform mat4 view;
void main() { gl_Position = view * vec4(position, 1.0); }"""
_DEPTH_FRAGMENT = """#version 330
void main() {}"""
_LIT_VERTEX = """#version 330
in vec2 uv; in vec3 position; in vec3 normal; uniform mat4 view; out vec3 s; out vec3 n;
void main() {
    gl_Position = vec4(uv * 2.0 - 1.0, 0.0, 1.0);
    s = (view * vec4(position + normal * 0.0006, 1.0)).xyz * 0.5 + 0.5;
    n = normal;
}"""
_LIT_FRAGMENT = """#version 330
in vec3 s; in vec3 n; uniform sampler2D depth; uniform vec3 direction; uniform float bias; out vec4 colour;
void main() {
    float facing = max(dot(normalize(n), direction), 0.0);
    colour = vec4(facing * (s.z - bias < texture(depth, s.xy).r ? 1.0 : 0.0), facing, 0.0, 1.0);
}"""


@dataclass(frozen=True)
class Texels:
    """The texels of an atlas that lie on the surface, row 0 at v = 0."""

    size_px: int
    covered: Bools
    """(size, size)"""
    values: Field
    """(covered texels, channels); the first three are the position in metres"""

    def image(self, values: npt.NDArray[np.floating]) -> Field:
        """Spreads (covered texels, ...) values over the atlas and fills the rest from the nearest texel."""
        full = np.zeros((self.size_px * self.size_px, *values.shape[1:]), np.float32)
        full[self.covered.ravel()] = values
        holes, nearest = self._gaps
        full[holes] = full[nearest]
        return full.reshape(self.size_px, self.size_px, *values.shape[1:])

    def strides(self) -> tuple[Field, Field]:
        """(size, size) millimetres on the surface over two texels in u and in v; far where an island ends."""
        place = self.image(self.values[:, :3])
        both = []
        for axis in (1, 0):
            step = np.linalg.norm(np.roll(place, -1, axis) - np.roll(place, 1, axis), axis=2) * np.float32(1e3)
            inside = self.covered & np.roll(self.covered, 1, axis) & np.roll(self.covered, -1, axis) & (step < 10)
            both.append(np.where(inside, np.maximum(step, 0.01), np.float32(1e9)))
        return both[0], both[1]

    @cached_property
    def _gaps(self) -> tuple[Ints, Ints]:
        """Flat indices of the texels off the surface, and of the nearest one on it."""
        down, along = ndimage.distance_transform_edt(~self.covered, return_distances=False, return_indices=True)
        holes = np.flatnonzero(~self.covered)
        return holes, (down.astype(np.int64) * self.size_px + along).ravel()[holes]


def open_context() -> moderngl.Context:
    """An off-screen OpenGL context."""
    backend: Any = "egl"
    return moderngl.create_context(standalone=True, backend=backend, require=330)


def rasterise(context: moderngl.Context, uv: Floats, triangles: Ints, values: Floats, size_px: int) -> Texels:
    """Draws per-vertex values (vertices, channels) into the atlas."""
    program = context.program(vertex_shader=_UV_VERTEX, fragment_shader=_UV_FRAGMENT)
    texture = context.texture((size_px, size_px), 4, dtype="f4")
    target = context.framebuffer([texture])
    index = context.buffer(triangles.astype("i4").tobytes())
    context.disable(moderngl.DEPTH_TEST | moderngl.CULL_FACE | moderngl.BLEND)
    planes = []
    for first in range(0, values.shape[1], 3):
        block = np.ones((len(values), 4))
        chunk = values[:, first : first + 3]
        block[:, : chunk.shape[1]] = chunk
        buffer = context.buffer(np.hstack([uv, block]).astype("f4").tobytes())
        target.use()
        target.clear(0, 0, 0, 0)
        context.vertex_array(program, [(buffer, "2f 4f", "uv", "value")], index).render()
        drawn = np.frombuffer(texture.read(), "f4").reshape(size_px, size_px, 4)
        planes.append(drawn[..., : chunk.shape[1]])
        covered = drawn[..., 3] > 0
    return Texels(size_px, covered, np.concatenate([plane[covered] for plane in planes], 1))


def occlusion(
    context: moderngl.Context,
    uv: Floats,
    positions: Floats,
    triangles: Ints,
    blockers: list[tuple[Floats, Ints]],
    *,
    centre: Floats,
    size_px: int,
    directions: int = 64,
) -> Field:
    """(size, size) share of the sky each texel sees, cosine-weighted, from shadow maps in many directions."""
    reach = 0.24
    depth_program = context.program(vertex_shader=_DEPTH_VERTEX, fragment_shader=_DEPTH_FRAGMENT)
    lit_program = context.program(vertex_shader=_LIT_VERTEX, fragment_shader=_LIT_FRAGMENT)
    depth = context.depth_texture((1024, 1024))
    depth.compare_func = ""
    depth_target = context.framebuffer(depth_attachment=depth)
    casters = []
    for points, faces in [*blockers, (positions, triangles)]:
        buffer, index = context.buffer(points.astype("f4").tobytes()), context.buffer(faces.astype("i4").tobytes())
        casters.append(context.vertex_array(depth_program, [(buffer, "3f", "position")], index))
    normals = vertex_normals(positions, triangles)
    buffer = context.buffer(np.hstack([uv, positions, normals]).astype("f4").tobytes())
    index = context.buffer(triangles.astype("i4").tobytes())
    lit = context.vertex_array(lit_program, [(buffer, "2f 3f 3f", "uv", "position", "normal")], index)
    total = context.texture((size_px, size_px), 4, dtype="f4")
    total_target = context.framebuffer([total])
    total_target.clear()
    for direction in _sphere(directions):
        view = _orthographic(centre, direction, reach)
        packed = np.ascontiguousarray(view.T).astype("f4").tobytes()
        context.enable(moderngl.DEPTH_TEST)
        depth_target.use()
        depth_target.clear(depth=1.0)
        _set_matrix(depth_program, packed)
        for caster in casters:
            caster.render()
        context.disable(moderngl.DEPTH_TEST)
        total_target.use()
        context.enable(moderngl.BLEND)
        context.blend_func = moderngl.ONE, moderngl.ONE
        depth.use(0)
        _set_matrix(lit_program, packed)
        lit_program["direction"] = tuple(float(x) for x in direction)
        lit_program["bias"] = 0.0012
        lit.render()
        context.disable(moderngl.BLEND)
    drawn = np.frombuffer(total.read(), "f4").reshape(size_px, size_px, 4)
    seen = drawn[..., 0] / np.maximum(drawn[..., 1], 1e-4)
    return np.where(drawn[..., 1] > 0, seen, np.float32(1))


def resize(image: npt.NDArray[np.floating], size_px: int) -> Field:
    """Bilinear resampling of a (size, size) image."""
    small = Image.fromarray(np.ascontiguousarray(image, np.float32))
    return np.asarray(small.resize((size_px, size_px), Image.Resampling.BILINEAR), np.float32)


def to_srgb(linear: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Linear light to sRGB (IEC 61966-2-1), 0..1."""
    x = np.clip(linear, 0.0, 1.0)
    return np.asarray(np.where(x <= 0.0031308, 12.92 * x, 1.055 * x ** (1 / 2.4) - 0.055))


def encode_jpeg(image: npt.NDArray[np.floating], quality: int) -> bytes:
    """(height, width, 3) in 0..1, row 0 at v = 0, as JPEG with row 0 on top."""
    stream = io.BytesIO()
    pixels = Image.fromarray(_bytes(image[::-1]))
    pixels.save(stream, "JPEG", quality=quality, subsampling=0 if quality >= 90 else 2, optimize=True, progressive=True)
    return stream.getvalue()


def encode_png(image: npt.NDArray[np.floating]) -> bytes:
    """(height, width, 3 or 4) in 0..1, row 0 at v = 0, as PNG with row 0 on top."""
    stream = io.BytesIO()
    Image.fromarray(_bytes(image[::-1])).save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _set_matrix(program: moderngl.Program, packed: bytes) -> None:
    view = program["view"]
    assert isinstance(view, moderngl.Uniform)
    view.write(packed)


def _bytes(image: npt.NDArray[np.floating]) -> npt.NDArray[np.uint8]:
    return np.asarray(np.clip(image, 0, 1) * 255 + 0.5).astype(np.uint8)


def _sphere(count: int) -> Floats:
    k = np.arange(count) + 0.5
    polar = np.arccos(1 - 2 * k / count)
    turn = np.pi * (1 + 5**0.5) * k
    return np.stack([np.cos(turn) * np.sin(polar), np.cos(polar), np.sin(turn) * np.sin(polar)], 1)


def _orthographic(centre: Floats, towards: Floats, reach: float) -> Floats:
    """Clip-space matrix of a cube of half side `reach` about `centre`, seen from direction `towards`."""
    up = np.array([0.0, 1.0, 0.0]) if abs(towards[1]) < 0.95 else np.array([1.0, 0.0, 0.0])
    right = np.cross(up, towards)
    right /= np.linalg.norm(right)
    rows = np.stack([right, np.cross(towards, right), -towards]) / reach
    view = np.eye(4)
    view[:3, :3] = rows
    view[:3, 3] = -rows @ centre
    return view
