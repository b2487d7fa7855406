"""Eyeball, cornea and their texture. Geometry is local to the eye joint: +z is the gaze."""

import numpy as np

from understudy.casting.mesh import Floats, Ints, Part, smoothstep, triangulate, unit, vertex_normals
from understudy.casting.noise import fbm
from understudy.casting.recipe import Eyes

CORNEA_RISE_M = 0.0009
"""How far the cornea stands out of the sphere of the white (human: about 1.1 mm on a 12 mm eye)."""
IRIS_DEPTH_M = 0.0016
IRIS_RHO = 0.24
"""Radius of the iris in texture coordinates; the white runs on to 0.49 at 115 degrees from the pole."""
BACK_RAD = 2.0


def eyeball(name: str, radius_m: float, iris_m: float) -> Part:
    """The white with a concave iris, down to 115 degrees from the pole."""
    limbus = float(np.arcsin(iris_m / radius_m))
    theta = np.r_[np.linspace(0, limbus, 14), np.linspace(limbus, BACK_RAD, 18)[1:]]
    around = np.linspace(0, 2 * np.pi, 49)
    positions, uv = _lathe(theta, around, np.full(len(theta), radius_m), limbus)
    inside = np.clip(np.sin(theta) * radius_m / iris_m, 0, 1)
    sink = IRIS_DEPTH_M * (1 - inside**3) * (theta <= limbus + 1e-9)
    sphere = unit(positions)
    positions[..., 2] -= sink[:, None]
    part = _part(name, "eye", positions, uv)
    # seen through the cornea the bowl of the iris shades less than it is deep
    bowl = np.repeat(theta <= limbus + 1e-9, len(around))
    part.normals[bowl] = unit(0.4 * part.normals + 0.6 * sphere.reshape(-1, 3))[bowl]
    return part


def cornea(name: str, radius_m: float, iris_m: float) -> Part:
    """A clear dome over the iris that runs out into the film of tears on the white."""
    limbus = float(np.arcsin(iris_m / radius_m))
    theta = np.r_[np.linspace(0, limbus * 1.15, 14), np.linspace(limbus * 1.15, 1.25, 6)[1:]]
    around = np.linspace(0, 2 * np.pi, 41)
    positions, uv = _lathe(theta, around, cornea_radius(theta, radius_m, iris_m), limbus)
    return _part(name, "cornea", positions, uv)


def cornea_radius(theta: Floats, radius_m: float, iris_m: float) -> Floats:
    """Distance of the cornea from the centre of the eye at an angle from the gaze."""
    limbus = float(np.arcsin(iris_m / radius_m))
    t = np.clip(theta / (limbus * 1.12), 0, 1)
    return radius_m + CORNEA_RISE_M * (1 - t**2) ** 1.3 + 0.00004


def paint_eye(look: Eyes, size_px: int = 1024) -> Floats:
    """(size, size, 3) linear RGB of iris and white, row 0 at v = 1; rho is the distance from the middle."""
    y, x = np.mgrid[0:size_px, 0:size_px] / (size_px - 1.0) - 0.5
    y = -y
    rho, angle = np.hypot(x, y), np.arctan2(y, x)
    t = rho / IRIS_RHO
    shape = t.shape

    def noise(around: float, along: float, octaves: int, seed: int) -> Floats:
        points = np.stack([np.cos(angle) * around, np.sin(angle) * around, t * along], -1).reshape(-1, 3) + 100.0
        return np.asarray(fbm(points.astype(np.float32), 1.0, octaves, look.seed * 31 + seed), np.float64).reshape(
            shape
        )

    warp = noise(2.0, 2.0, 2, 1)
    coarse = 1 - np.abs(noise(14.0, 1.4, 2, 2) + 0.3 * warp)
    fine = 1 - np.abs(noise(36.0, 2.0, 2, 3) + 0.3 * warp)
    fibres = np.clip((0.6 * coarse + 0.4 * fine - 0.55) / 0.40, 0, 1.25)[..., None]
    pupil = look.pupil * (1 + 0.02 * noise(3.0, 0.0, 1, 4))
    zone = np.clip((t - pupil) / (1 - pupil), 0, 1.2)
    collarette = 0.30 + 0.05 * noise(4.0, 0.0, 1, 5)
    inner = smoothstep(0.10, -0.10, zone - collarette)[..., None]
    outer = smoothstep(0.40, 1.0, zone)[..., None]
    base, warm = np.array(look.iris), np.array(look.iris_inner)
    colour = base * (1 - inner) + warm * inner
    colour = colour * (1 - 0.45 * outer) * (0.42 + 1.0 * fibres)
    crypts = smoothstep(0.90, 1.0, 1 - np.abs(noise(6.0, 1.0, 1, 6))) * smoothstep(0.2, 0.4, zone)
    colour *= 1 - 0.45 * (crypts * smoothstep(0.9, 0.6, zone))[..., None]
    colour *= 1 - 0.62 * smoothstep(0.76, 1.0, t + 0.015 * warp)[..., None] ** 1.4
    colour *= smoothstep(0.93, 1.07, t / pupil)[..., None]
    colour += 0.0015

    white = _white(look, t, angle, warp)
    # the limbus: iris and white fade into each other over a millimetre, through grey
    limbal = smoothstep(0.90, 1.13, t + 0.016 * warp)[..., None]
    result = colour * (1 - limbal) + white * limbal
    ring = np.exp(-(((t - 0.985) / 0.075) ** 2))[..., None] * look.limbal_ring
    return np.asarray(np.clip(result * (1 - 0.42 * ring * np.array([1.0, 0.96, 0.90])), 0, 1))


def _white(look: Eyes, t: Floats, angle: Floats, warp: Floats) -> Floats:
    """The white: faintly blue beside the iris, ivory farther out, pink towards the corners, with vessels in it."""
    flat = np.clip((t - 1.05) / 0.95, 0, 1)[..., None]
    corner = np.cos(angle)[..., None] ** 2
    white = np.array(look.white) * (1 + 0.035 * warp[..., None])
    white = white * (1 - flat * np.array([-0.02, 0.035, 0.075]))
    white = white * (1 - (corner * flat**1.4) * np.array([0.05, 0.20, 0.23]))
    white = white * (1 - smoothstep(0.55, 1.0, flat[..., 0])[..., None] * np.array([0.06, 0.18, 0.18]))
    fine, deep = _vessels(len(t), look.seed)
    show = look.veins * np.clip((t - 1.08) / 0.35, 0, 1)[..., None]
    white = white * (1 - np.clip(fine[..., None] * show, 0, 1) * np.array([0.14, 0.66, 0.68]))
    return np.asarray(white * (1 - np.clip(deep[..., None] * show, 0, 1) * np.array([0.18, 0.34, 0.28])))


def _vessels(size_px: int, seed: int) -> tuple[Floats, Floats]:
    """Blood vessels of the white, (size, size) each: those that lie on it, fine and winding, and fainter deep ones.

    They come in from the corners of the eye, fork and thin out towards the iris.
    """
    from PIL import Image, ImageDraw, ImageFilter

    rng = np.random.default_rng(seed * 97 + 5)
    scale = 2
    sheets = [Image.new("L", (size_px * scale, size_px * scale)) for _ in range(2)]
    pens = [ImageDraw.Draw(sheet) for sheet in sheets]

    def grow(layer: int, rho: float, angle: float, heading: float, width: float, strength: float, depth: int) -> None:
        x, y = rho * np.cos(angle), rho * np.sin(angle)
        bend = 0.0
        for _ in range(int(rng.integers(14, 40))):
            bend = 0.62 * bend + rng.normal() * 0.29
            inward = np.arctan2(-y, -x)
            turn = np.angle(np.exp(1j * (inward - heading)))
            heading += bend + 0.09 * turn
            step = 0.0045
            to_x, to_y = x + step * np.cos(heading), y + step * np.sin(heading)
            if np.hypot(to_x, to_y) < IRIS_RHO * 1.06:
                return
            line = [((v + 0.5) * size_px * scale) for v in (x, -y, to_x, -to_y)]
            pens[layer].line(line, fill=int(255 * strength), width=max(1, round(width * scale)))
            x, y = to_x, to_y
            strength *= 0.968
            width *= 0.985
            if depth < 3 and rng.random() < 0.055:
                fork = heading + rng.choice([-1, 1]) * rng.uniform(0.35, 0.8)
                grow(layer, np.hypot(x, y), np.arctan2(y, x), fork, width * 0.7, strength * 0.8, depth + 1)

    for layer, count in ((0, 110), (1, 26)):
        for _ in range(count):
            angle = rng.choice([0.0, np.pi]) + rng.normal() * 0.7
            start = rng.uniform(0.28, 0.48)
            width = rng.uniform(1.0, 2.6) if layer == 0 else rng.uniform(2.5, 4.5)
            strength = rng.uniform(0.35, 1.0) if layer == 0 else rng.uniform(0.08, 0.22)
            grow(layer, start, angle, angle + np.pi + rng.normal() * 0.5, width, strength, 0)
    out = []
    for sheet, blur in zip(sheets, (0.55, 2.2), strict=True):
        small = sheet.resize((size_px, size_px), Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(blur))
        out.append(np.asarray(small, np.float64) / 255)
    return out[0], out[1]


def _lathe(theta: Floats, around: Floats, radius: Floats, limbus: float) -> tuple[Floats, Floats]:
    r, th = radius[:, None], theta[:, None]
    positions = np.stack(
        [r * np.sin(th) * np.cos(around), r * np.sin(th) * np.sin(around), r * np.cos(th) * np.ones_like(around)], -1
    )
    beyond = IRIS_RHO + (theta - limbus) / (BACK_RAD - limbus) * (0.49 - IRIS_RHO)
    rho = np.where(theta <= limbus, theta / limbus * IRIS_RHO, beyond)[:, None]
    uv = np.stack([0.5 + rho * np.cos(around), 0.5 + rho * np.sin(around)], -1)
    return positions, uv


def _part(name: str, material: str, positions: Floats, uv: Floats) -> Part:
    rows, columns = positions.shape[:2]
    index = np.arange(rows * columns).reshape(rows, columns)
    quads: Ints = np.stack([index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]], -1).reshape(-1, 4)
    flat = positions.reshape(-1, 3)
    triangles = triangulate(quads)
    a, b, c = (flat[triangles[:, k]] for k in range(3))
    triangles = triangles[np.linalg.norm(np.cross(b - a, c - a), axis=1) > 1e-14]
    normals = vertex_normals(flat, triangles).reshape(positions.shape)
    seam = normals[:, 0] + normals[:, -1]
    normals[:, 0] = normals[:, -1] = seam / np.linalg.norm(seam, axis=1, keepdims=True)
    normals[0] = (0.0, 0.0, 1.0)
    return Part(name, material, flat, normals.reshape(-1, 3), triangles, uv=uv.reshape(-1, 2))
