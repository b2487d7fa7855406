"""From posed triangles to a picture: Gaussians are projected, shaded, sorted by depth, laid over each other in tiles.

The projection is that of Zwicker et al. ("EWA Splatting", 2002) as Kerbl et al. use it ("3D Gaussian Splatting for
Real-Time Radiance Field Rendering", SIGGRAPH 2023), with the filter of Yu et al. ("Mip-Splatting", CVPR 2024): each is
widened by a pixel's footprint and dimmed in proportion, so that one cloud serves every size of picture.
"""

import math
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from understudy.render.splat.compiled import inlined, parallel, prange, quick

TILE = 16
"""Pixels along a side of a tile: as wide as the widest register of a processor holds floats."""
FOOTPRINT_PX2 = 0.12
"""Variance of the filter of a pixel."""
FAINTEST = 1.0 / 128
"""Less than this of a pixel is nothing: a Gaussian ends where it is fainter. Training knows it so, and a smaller one costs
less."""
DIMMEST = 0.12
"""Share of the mean light around that reaches even what lies in full shadow; harmonics alone would go below 0."""
_NEAREST_M = 0.05
_FULL = 0.004
"""A tile is done when no pixel of it lets more than this through."""
SPOT = 11
"""Numbers of a projected Gaussian: x, y, conic a, b, c, opacity, RGB, power where it ends, rows it reaches."""


@intrinsic
def _float_of_bits(context: Any, word: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.FloatType())

    return types.float32(types.int32), code


@inlined
def exp_(x):
    """e to the x for x in -80..80, to one part in ten thousand, in steps that fill vector registers."""
    y = x * np.float32(1.442695)
    whole = np.int32(y + np.float32(128.0)) - np.int32(128)
    f = y - np.float32(whole)
    p = np.float32(1.0) + f * (
        np.float32(0.6930448) + f * (np.float32(0.2412802) + f * (np.float32(0.0522425) + f * np.float32(0.0134267)))
    )
    return _float_of_bits((whole + np.int32(127)) << np.int32(23)) * p


@inlined
def _toned(r, g, b, inset, curve, outset, out):
    """Display RGB into out[0:3] of linear RGB: AgX as in render/tone.py."""
    t0 = t1 = t2 = np.float32(0.0)
    for c in range(3):
        light = max(inset[c, 0] * r + inset[c, 1] * g + inset[c, 2] * b, np.float32(2e-4))
        x = (np.float32(math.log2(light)) + np.float32(12.47393)) * np.float32(1 / 16.5)
        x = min(max(x, np.float32(0.0)), np.float32(1.0))
        bent = curve[7]
        for k in range(6, -1, -1):
            bent = bent * x + curve[k]
        t0 += outset[0, c] * bent
        t1 += outset[1, c] * bent
        t2 += outset[2, c] * bent
    out[0] = min(max(t0, np.float32(0.0)), np.float32(1.0))
    out[1] = min(max(t1, np.float32(0.0)), np.float32(1.0))
    out[2] = min(max(t2, np.float32(0.0)), np.float32(1.0))


@inlined
def spread(turn, size, m):
    """Writes (3, 3) axes of a Gaussian, each as long as its deviation, into m, from a quaternion of any length."""
    w, x, y, z = turn[0], turn[1], turn[2], turn[3]
    s = np.float32(1.0) / max(np.sqrt(w * w + x * x + y * y + z * z), np.float32(1e-8))
    w *= s
    x *= s
    y *= s
    z *= s
    a, b, c = size[0], size[1], size[2]
    m[0, 0] = (1 - 2 * (y * y + z * z)) * a
    m[0, 1] = 2 * (x * y - w * z) * b
    m[0, 2] = 2 * (x * z + w * y) * c
    m[1, 0] = 2 * (x * y + w * z) * a
    m[1, 1] = (1 - 2 * (x * x + z * z)) * b
    m[1, 2] = 2 * (y * z - w * x) * c
    m[2, 0] = 2 * (x * z - w * y) * a
    m[2, 1] = 2 * (y * z + w * x) * b
    m[2, 2] = (1 - 2 * (x * x + y * y)) * c


@inlined
def along_(axes, m):
    """Returns the unit direction of the longest axis under a map."""
    best, which = np.float32(-1.0), 0
    for k in range(3):
        long = axes[0, k] * axes[0, k] + axes[1, k] * axes[1, k] + axes[2, k] * axes[2, k]
        if long > best:
            best, which = long, k
    a, b, c = axes[0, which], axes[1, which], axes[2, which]
    x = m[0, 0] * a + m[0, 1] * b + m[0, 2] * c
    y = m[1, 0] * a + m[1, 1] * b + m[1, 2] * c
    z = m[2, 0] * a + m[2, 1] * b + m[2, 2] * c
    s = np.float32(1.0) / max(np.sqrt(x * x + y * y + z * z), np.float32(1e-9))
    return x * s, y * s, z * s


@inlined
def fibre_shine(tx, ty, tz, nx, ny, nz, vx, vy, vz, lobe, gloss):
    """Returns how much of a lobe a hair mirrors, and by how much that grows with the logarithm of its sharpness."""
    hx, hy, hz = vx + lobe[0], vy + lobe[1], vz + lobe[2]
    s = np.float32(1.0) / max(np.sqrt(hx * hx + hy * hy + hz * hz), np.float32(1e-6))
    th = (tx * hx + ty * hy + tz * hz) * s
    lit = np.float32(0.35) + np.float32(0.65) * (nx * lobe[0] + ny * lobe[1] + nz * lobe[2])
    if lit <= 0.0:
        return np.float32(0.0), np.float32(0.0)
    sharp = gloss[1] * lobe[6] / (gloss[1] + lobe[6])
    away = sharp * th * th
    if away > 14.0:
        return np.float32(0.0), np.float32(0.0)
    one = gloss[0] * lit * exp_(-away)
    return one, -one * away * lobe[6] / (gloss[1] + lobe[6])


@parallel
def project(place, axes, opacity, loose, carrier, maps, sway, lens, size_px, spots, depth, inside, centre):
    """Projects n Gaussians.

    place (n, 3), axes (n, 3, 3) at rest; carrier (n,) row of maps (m, 3, 4), which lead to stage space; sway (3, 4) of
    hair. lens: (16,) rows of the turn stage -> camera (9), its shift (3), focal lengths and middle in pixels (4).
    Out: spots (n, SPOT) but for the colour, depth (n,), inside (n,) 1 where it can be seen, centre (n, 3) stage.
    """
    width, height = np.float32(size_px[0]), np.float32(size_px[1])
    fx, fy, cx, cy = lens[12], lens[13], lens[14], lens[15]
    for i in prange(len(place)):
        inside[i] = 0
        m = maps[carrier[i]]
        x, y, z = place[i, 0], place[i, 1], place[i, 2]
        px = m[0, 0] * x + m[0, 1] * y + m[0, 2] * z + m[0, 3]
        py = m[1, 0] * x + m[1, 1] * y + m[1, 2] * z + m[1, 3]
        pz = m[2, 0] * x + m[2, 1] * y + m[2, 2] * z + m[2, 3]
        s = loose[i]
        if s > 0.0:
            qx = px + s * (sway[0, 0] * px + sway[0, 1] * py + sway[0, 2] * pz + sway[0, 3])
            qy = py + s * (sway[1, 0] * px + sway[1, 1] * py + sway[1, 2] * pz + sway[1, 3])
            pz += s * (sway[2, 0] * px + sway[2, 1] * py + sway[2, 2] * pz + sway[2, 3])
            px, py = qx, qy
        centre[i, 0], centre[i, 1], centre[i, 2] = px, py, pz
        vx = lens[0] * px + lens[1] * py + lens[2] * pz + lens[9]
        vy = lens[3] * px + lens[4] * py + lens[5] * pz + lens[10]
        away = -(lens[6] * px + lens[7] * py + lens[8] * pz + lens[11])
        if away < _NEAREST_M:
            continue
        r = np.float32(1.0) / away
        u = cx + fx * vx * r
        v = cy - fy * vy * r
        # rows of the map from a step in stage space to a step in pixels
        a0 = fx * r * (lens[0] + vx * r * lens[6])
        a1 = fx * r * (lens[1] + vx * r * lens[7])
        a2 = fx * r * (lens[2] + vx * r * lens[8])
        b0 = -fy * r * (lens[3] + vy * r * lens[6])
        b1 = -fy * r * (lens[4] + vy * r * lens[7])
        b2 = -fy * r * (lens[5] + vy * r * lens[8])
        # and from the rest pose
        c0 = a0 * m[0, 0] + a1 * m[1, 0] + a2 * m[2, 0]
        c1 = a0 * m[0, 1] + a1 * m[1, 1] + a2 * m[2, 1]
        c2 = a0 * m[0, 2] + a1 * m[1, 2] + a2 * m[2, 2]
        d0 = b0 * m[0, 0] + b1 * m[1, 0] + b2 * m[2, 0]
        d1 = b0 * m[0, 1] + b1 * m[1, 1] + b2 * m[2, 1]
        d2 = b0 * m[0, 2] + b1 * m[1, 2] + b2 * m[2, 2]
        xx = xy = yy = np.float32(0.0)
        for k in range(3):
            e = c0 * axes[i, 0, k] + c1 * axes[i, 1, k] + c2 * axes[i, 2, k]
            f = d0 * axes[i, 0, k] + d1 * axes[i, 1, k] + d2 * axes[i, 2, k]
            xx += e * e
            xy += e * f
            yy += f * f
        bare = xx * yy - xy * xy
        xx += np.float32(FOOTPRINT_PX2)
        yy += np.float32(FOOTPRINT_PX2)
        det = xx * yy - xy * xy
        o = opacity[i] * np.sqrt(max(bare, np.float32(1e-9)) / det)
        if o < np.float32(FAINTEST):
            continue
        far = np.float32(2.0 * math.log(o * np.float32(1.0 / FAINTEST)))
        rx, ry = np.sqrt(far * xx), np.sqrt(far * yy)
        if u + rx < 0 or v + ry < 0 or u - rx >= width or v - ry >= height or rx > 400 or ry > 400:
            continue
        inside[i] = 1
        depth[i] = away
        spots[i, 0], spots[i, 1] = u, v
        spots[i, 2], spots[i, 3], spots[i, 4] = yy / det, -xy / det, xx / det
        spots[i, 5] = o
        spots[i, 9], spots[i, 10] = far, ry


@inlined
def _colour(
    i, r, g, b, least_r, least_g, least_b, gain, normal, gloss, sheen, fibre, axes, maps, c, j0, lobes, turns, mixed,
    lens_at, centre, tone_in, tone_curve, tone_out, spots,
):  # fmt: skip
    """Writes the display colour of Gaussian i, which passes on the light r, g, b, but never less than `least`."""
    vx = lens_at[0] - centre[i, 0]
    vy = lens_at[1] - centre[i, 1]
    vz = lens_at[2] - centre[i, 2]
    q = np.float32(1.0) / np.sqrt(vx * vx + vy * vy + vz * vz)
    vx *= q
    vy *= q
    vz *= q
    t = turns[j0]
    more = np.float32(0.0)
    for k in range(gain.shape[1]):
        more += gain[i, k] * mixed[k]
    for k in range(3):
        more += sheen[i, k] * (t[0, k] * vx + t[1, k] * vy + t[2, k] * vz)
    more = exp_(min(max(more, np.float32(-3.0)), np.float32(2.0)))
    r, g, b = max(r, least_r) * more, max(g, least_g) * more, max(b, least_b) * more
    if gloss[i, 0] > 0.0:
        m = maps[c]
        nx = m[0, 0] * normal[i, 0] + m[0, 1] * normal[i, 1] + m[0, 2] * normal[i, 2]
        ny = m[1, 0] * normal[i, 0] + m[1, 1] * normal[i, 1] + m[1, 2] * normal[i, 2]
        nz = m[2, 0] * normal[i, 0] + m[2, 1] * normal[i, 1] + m[2, 2] * normal[i, 2]
        q = np.float32(1.0) / max(np.sqrt(nx * nx + ny * ny + nz * nz), np.float32(1e-8))
        if fibre[i]:
            tx, ty, tz = along_(axes[i], m)
            for k in range(len(lobes)):
                one, _ = fibre_shine(tx, ty, tz, nx * q, ny * q, nz * q, vx, vy, vz, lobes[k], gloss[i])
                r += one * lobes[k, 3]
                g += one * lobes[k, 4]
                b += one * lobes[k, 5]
            _toned(r, g, b, tone_in, tone_curve, tone_out, spots[i, 6:9])
            return
        facing = (nx * vx + ny * vy + nz * vz) * q
        wx = 2 * facing * nx * q - vx
        wy = 2 * facing * ny * q - vy
        wz = 2 * facing * nz * q - vz
        for k in range(len(lobes)):
            sharp = gloss[i, 1] * lobes[k, 6] / (gloss[i, 1] + lobes[k, 6])
            away = sharp * (wx * lobes[k, 0] + wy * lobes[k, 1] + wz * lobes[k, 2] - 1)
            if away > -12.0:
                peak = gloss[i, 0] * sharp * np.float32(0.159155) * exp_(away)
                r += peak * lobes[k, 3]
                g += peak * lobes[k, 4]
                b += peak * lobes[k, 5]
    _toned(r, g, b, tone_in, tone_curve, tone_out, spots[i, 6:9])


@parallel
def shade(
    transfer,
    gain,
    normal,
    gloss,
    sheen,
    fibre,
    axes,
    carrier,
    joints,
    shares,
    maps,
    light,
    lobes,
    turns,
    mixed,
    lens_at,
    centre,
    tone_in,
    tone_curve,
    tone_out,
    inside,
    spots,
):
    """Writes the display colour of every Gaussian inside the picture.

    transfer (n, 16, 3), gain (n, q), normal (n, 3) at rest, gloss (n, 2) strength and sharpness, sheen (n, 3); joints
    (m, 2) and shares (m,) of carriers; light (j, 16, 3) in the axes of joints whose turns (j, 3, 3) lead to the stage;
    mixed (q,) what the expression brings; lens_at (3,). fibre (n,) 1 for hair, which mirrors all round its longest
    axis (Kajiya & Kay, SIGGRAPH 1989), as far as its normal lets light reach it.
    """
    for i in prange(len(transfer)):
        if inside[i] == 0:
            continue
        c = carrier[i]
        j0, j1, s = joints[c, 0], joints[c, 1], shares[c]
        r = g = b = least_r = least_g = least_b = np.float32(0.0)
        for k in range(16):
            l0 = s * light[j0, k, 0] + (1 - s) * light[j1, k, 0]
            l1 = s * light[j0, k, 1] + (1 - s) * light[j1, k, 1]
            l2 = s * light[j0, k, 2] + (1 - s) * light[j1, k, 2]
            r += transfer[i, k, 0] * l0
            g += transfer[i, k, 1] * l1
            b += transfer[i, k, 2] * l2
            if k == 0:
                least_r, least_g, least_b = r * np.float32(DIMMEST), g * np.float32(DIMMEST), b * np.float32(DIMMEST)
        _colour(
            i, r, g, b, least_r, least_g, least_b, gain, normal, gloss, sheen, fibre, axes, maps, c, j0, lobes, turns,
            mixed, lens_at, centre, tone_in, tone_curve, tone_out, spots,
        )  # fmt: skip


@parallel
def shade_coded(
    codes, whole, gain, normal, gloss, sheen, fibre, axes, carrier, joints, shares, maps, passed, around, lobes, turns,
    mixed, lens_at, centre, tone_in, tone_curve, tone_out, inside, spots,
):  # fmt: skip
    """Writes colours as `shade` does, where what each passes on are few numbers of one book: codes (n, k).

    passed (j, k + 1, 3): the light around each joint through the middle and the k pages of the book; around (j, 3): its
    first harmonic; whole (n, 3): how much each passes on of that.
    """
    for i in prange(len(codes)):
        if inside[i] == 0:
            continue
        c = carrier[i]
        j0, j1, s = joints[c, 0], joints[c, 1], shares[c]
        light = passed[j0]
        r, g, b = light[0, 0], light[0, 1], light[0, 2]
        for k in range(codes.shape[1]):
            w = codes[i, k]
            r += w * light[k + 1, 0]
            g += w * light[k + 1, 1]
            b += w * light[k + 1, 2]
        if s < 0.999:
            light = passed[j1]
            r1, g1, b1 = light[0, 0], light[0, 1], light[0, 2]
            for k in range(codes.shape[1]):
                w = codes[i, k]
                r1 += w * light[k + 1, 0]
                g1 += w * light[k + 1, 1]
                b1 += w * light[k + 1, 2]
            r, g, b = s * r + (1 - s) * r1, s * g + (1 - s) * g1, s * b + (1 - s) * b1
        d = np.float32(DIMMEST)
        least_r = d * whole[i, 0] * (s * around[j0, 0] + (1 - s) * around[j1, 0])
        least_g = d * whole[i, 1] * (s * around[j0, 1] + (1 - s) * around[j1, 1])
        least_b = d * whole[i, 2] * (s * around[j0, 2] + (1 - s) * around[j1, 2])
        _colour(
            i, r, g, b, least_r, least_g, least_b, gain, normal, gloss, sheen, fibre, axes, maps, c, j0, lobes, turns,
            mixed, lens_at, centre, tone_in, tone_curve, tone_out, spots,
        )  # fmt: skip


@quick
def sort_(depth, inside):
    """Returns the numbers of what is inside, nearest first (counting sort over 16 bits of depth)."""
    n = len(depth)
    low, high = np.float32(1e9), np.float32(-1e9)
    count = 0
    for i in range(n):
        if inside[i]:
            count += 1
            low, high = min(low, depth[i]), max(high, depth[i])
    scale = np.float32(65535.0) / max(high - low, np.float32(1e-6))
    slots = np.zeros(65537, np.int32)
    for i in range(n):
        if inside[i]:
            slots[np.int32((depth[i] - low) * scale) + 1] += 1
    for k in range(65536):
        slots[k + 1] += slots[k]
    out = np.empty(count, np.int32)
    for i in range(n):
        if inside[i]:
            k = np.int32((depth[i] - low) * scale)
            out[slots[k]] = i
            slots[k] += 1
    return out


@inlined
def _band(s, low, high):
    """Returns left and right of what a spot covers between two rows; right < left when it covers nothing there."""
    a, b, c, far = s[2], s[3], s[4], s[9]
    det = a * c - b * b
    up = np.sqrt(far * a / det)
    y0, y1 = max(low - s[1], -up), min(high - s[1], up)
    if y0 > y1:
        return np.float32(1.0), np.float32(0.0)
    # where it is widest to the right, and as far from its middle to the left
    widest = -b * np.sqrt(far / (c * det))
    right = min(max(widest, y0), y1)
    left = min(max(-widest, y0), y1)
    over = np.float32(1.0) / a
    r = (-b * right + np.sqrt(max(far * a - det * right * right, np.float32(0.0)))) * over
    f = (-b * left - np.sqrt(max(far * a - det * left * left, np.float32(0.0)))) * over
    return s[0] + f, s[0] + r


@parallel
def _runs(order, spots, first, columns, runs):
    for k in prange(len(order)):
        s = spots[order[k]]
        low = max(0, np.int32(np.floor((s[1] - s[10]) / TILE)))
        for n in range(first[k], first[k + 1]):
            y = low + n - first[k]
            left, right = _band(s, np.float32(y * TILE), np.float32(y * TILE + TILE))
            x0, x1 = max(0, np.int32(np.floor(left / TILE))), min(columns - 1, np.int32(np.floor(right / TILE)))
            runs[n, 0] = y * columns + x0
            runs[n, 1] = y * columns + (x1 if right >= left else x0 - 1)


@quick
def _heights(order, spots, rows):
    first = np.empty(len(order) + 1, np.int32)
    most = 0
    for k in range(len(order)):
        y, reach = spots[order[k], 1], spots[order[k], 10]
        low = max(0, np.int32(np.floor((y - reach) / TILE)))
        high = min(rows - 1, np.int32(np.floor((y + reach) / TILE)))
        first[k] = most
        most += max(high - low + 1, 0)
    first[len(order)] = most
    return first


@quick
def _filled(order, first, runs, tiles):
    start = np.zeros(tiles + 1, np.int32)
    for n in range(len(runs)):
        for t in range(runs[n, 0], runs[n, 1] + 1):
            start[t + 1] += 1
    for t in range(tiles):
        start[t + 1] += start[t]
    found = np.empty(start[tiles], np.int32)
    at = start[:-1].copy()
    for k in range(len(order)):
        for n in range(first[k], first[k + 1]):
            for t in range(runs[n, 0], runs[n, 1] + 1):
                found[at[t]] = order[k]
                at[t] += 1
    return start, found


def bin_(order: Any, spots: Any, columns: int, rows: int) -> tuple[Any, Any]:
    """Returns start (tiles + 1,) and list: which of `order` touch each tile, nearest first."""
    first = _heights(order, spots, rows)
    runs = np.empty((int(first[-1]), 2), np.int32)
    _runs(order, spots, first, columns, runs)
    return _filled(order, first, runs, columns * rows)  # type: ignore[no-any-return]


@inlined
def _rows(light, columns, u, v, a, b, c, o, r, g, b_, far):
    """Lays one spot over a tile. Unsigned numbers: signed ones may count from the end, and would not be vectors."""
    det = a * c - b * b
    ry = np.sqrt(far * a / det)
    low, high = max(0, np.int32(math.ceil(v - ry))), min(TILE - 1, np.int32(math.floor(v + ry)))
    for y in range(low, high + 1):
        dy = np.float32(y) - v
        bdy = b * dy
        wide = np.sqrt(max(far * a - det * dy * dy, np.float32(0.0)))
        if a * u - bdy + wide < 0 or a * (u - np.float32(TILE - 1)) - bdy - wide > 0:
            continue
        h = np.float32(0.5) * c * dy * dy
        base = np.uint64(y) * np.uint64(4 * TILE)
        for x in range(np.uint64(TILE)):
            dx = columns[x] - u
            power = np.float32(0.5) * a * dx * dx + bdy * dx + h
            alpha = min(o * exp_(-min(power, np.float32(40.0))), np.float32(0.995))
            w = light[base + np.uint64(3 * TILE) + x] * alpha
            light[base + x] += w * r
            light[base + np.uint64(TILE) + x] += w * g
            light[base + np.uint64(2 * TILE) + x] += w * b_
            light[base + np.uint64(3 * TILE) + x] -= w


@inlined
def _most(light):
    """Returns how much the clearest pixel of a tile lets through."""
    most = np.float32(0.0)
    for y in range(TILE):
        base = np.uint64(y * 4 * TILE + 3 * TILE)
        for x in range(np.uint64(TILE)):
            most = max(most, light[base + x])
    return most


@parallel
def lay(spots, start, found, columns, rows, picture):
    """Draws into picture (rows * TILE, columns * TILE, 4): premultiplied display RGB and coverage."""
    tiles = columns * rows
    half = (tiles + 1) // 2
    for n in prange(tiles):
        # neighbours go to different threads, which are given runs of numbers
        t = 2 * n if n < half else 2 * (n - half) + 1
        if start[t + 1] == start[t]:
            continue
        x0, y0 = np.float32((t % columns) * TILE), np.float32((t // columns) * TILE)
        # one array, so that the compiler need not ask whether four overlap: rows of red, green, blue, what goes through
        light = np.zeros(TILE * TILE * 4, np.float32)
        across = np.empty(TILE, np.float32)
        for x in range(TILE):
            across[x] = np.float32(x) + np.float32(0.5)
        for y in range(TILE):
            for x in range(TILE):
                light[y * 4 * TILE + 3 * TILE + x] = np.float32(1.0)
        for k in range(start[t], start[t + 1]):
            s = spots[found[k]]
            _rows(
                light, across, s[0] - x0, s[1] - y0 - np.float32(0.5), s[2], s[3], s[4], s[5], s[6], s[7], s[8], s[9]
            )  # fmt: skip
            if (k & 31) == 31 and _most(light) < np.float32(_FULL):
                break
        top, left = (t // columns) * TILE, (t % columns) * TILE
        for y in range(TILE):
            for x in range(TILE):
                for c in range(3):
                    picture[top + y, left + x, c] = light[(y * 4 + c) * TILE + x]
                picture[top + y, left + x, 3] = np.float32(1.0) - light[(y * 4 + 3) * TILE + x]
