"""Eyeball, cornea and their texture. Geometry is local to the eye joint: +z is the gaze."""

import numpy as np

from understudy.casting.mesh import Floats, Ints, Part, smoothstep, triangulate, vertex_normals
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
    positions[..., 2] -= sink[:, None]
    return _part(name, "eye", positions, uv)


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


def paint_eye(look: Eyes, size_px: int = 768) -> Floats:
    """(size, size, 3) linear RGB of iris and white, row 0 at v = 1; rho is the distance from the middle."""
    y, x = np.mgrid[0:size_px, 0:size_px] / (size_px - 1.0) - 0.5
    y = -y
    rho, angle = np.hypot(x, y), np.arctan2(y, x)
    t = rho / IRIS_RHO
    shape = t.shape

    def noise(around: float, along: float, octaves: int, seed: int) -> Floats:
        points = np.stack([np.cos(angle) * around, np.sin(angle) * around, t * along], -1).reshape(-1, 3)
        return fbm(points + 100.0, 1.0, octaves, look.seed * 31 + seed).reshape(shape)

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
    colour *= 1 - 0.85 * smoothstep(0.78, 1.0, t + 0.015 * warp)[..., None] ** 1.5
    colour *= smoothstep(0.97, 1.05, t / pupil)[..., None]
    colour += 0.0015

    white = np.array(look.white) * np.ones((*shape, 3))
    veins = np.zeros(shape)
    for around, amount, width, seed in ((3.0, 0.8, 0.030, 11), (6.0, 0.5, 0.026, 12), (12.0, 0.4, 0.03, 13)):
        line = np.abs(noise(around, 2.2, 2, seed) + 0.25 * warp)
        veins = np.maximum(veins, amount * smoothstep(width, 0.0, line))
    veins *= smoothstep(1.22, 1.9, t)
    white *= 1 - veins[..., None] * np.array([0.10, 0.36, 0.36])
    white *= 1 - smoothstep(1.15, 2.0, t)[..., None] * np.array([0.06, 0.22, 0.24])
    limbal = smoothstep(0.93, 1.10, t + 0.012 * warp)[..., None]
    result = colour * (1 - limbal) + white * limbal
    shade = np.exp(-(((t - 1.03) / 0.09) ** 2))[..., None]
    return np.asarray(result * (1 - 0.45 * shade * np.array([0.9, 1.0, 1.0])))


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
