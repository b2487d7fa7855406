"""From posed triangles to a picture: Gaussians are projected, shaded, sorted by depth, laid over each other in tiles.

The projection is that of Zwicker et al. ("EWA Splatting", 2002) as Kerbl et al. use it ("3D Gaussian Splatting for
Real-Time Radiance Field Rendering", SIGGRAPH 2023), with the filter of Yu et al. ("Mip-Splatting", CVPR 2024): each is
widened by a pixel's footprint and dimmed in proportion, so that one cloud serves every size of picture.
"""

import math
from typing import Any

import numpy as np

from understudy.render.splat.arithmetic import exp_
from understudy.render.splat.compiled import inlined, parallel, prange, quick

TILE = 16
"""Pixels along a side of a tile: as wide as the widest register of a processor holds floats."""
FOOTPRINT_PX2 = 0.12
"""Variance of the filter of a pixel."""
FAINTEST = 1.0 / 64
"""Less than this of a pixel is nothing: a Gaussian ends where it is fainter. It is trained so, and a smaller one costs
less."""
TURNED_AWAY = 0.2
"""A surface is left out when the cosine between its normal and the way to the lens is less than minus this."""
_NEAREST_M = 0.05
_PARTS = 4
"""In how many parts, in order, the Gaussians are sorted and binned."""
_DEPTHS = 16384
_FULL = 0.004
"""A tile is done when no pixel of it lets more than this through."""
SPOT = 11
"""Numbers of a projected Gaussian: x, y, conic a, b, c, opacity, RGB, power where it ends, rows it reaches."""


@parallel
def project(place, axes, outward, opacity, loose, carrier, maps, sway, lens, size_px, spots, depth, inside, centre):
    """Projects n Gaussians.

    place (n, 3), axes (n, 3, 3) at rest; outward (n, 3) the way a surface faces there, 0 for what is seen from all
    sides: one turned away is left out, as what lies before it hides it; carrier (n,) row of maps (m, 3, 4), which lead
    to stage space; sway (3, 4) of hair. lens: (16,) rows of the turn stage -> camera (9), its shift (3), focal lengths
    and middle in pixels (4).
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
        ox, oy, oz = outward[i, 0], outward[i, 1], outward[i, 2]
        if ox != 0.0 or oy != 0.0 or oz != 0.0:
            # the way to the lens, in the axes of the lens, is -(vx, vy, -away)
            nx = m[0, 0] * ox + m[0, 1] * oy + m[0, 2] * oz
            ny = m[1, 0] * ox + m[1, 1] * oy + m[1, 2] * oz
            nz = m[2, 0] * ox + m[2, 1] * oy + m[2, 2] * oz
            facing = away * (lens[6] * nx + lens[7] * ny + lens[8] * nz)
            facing -= vx * (lens[0] * nx + lens[1] * ny + lens[2] * nz)
            facing -= vy * (lens[3] * nx + lens[4] * ny + lens[5] * nz)
            long = (nx * nx + ny * ny + nz * nz) * (vx * vx + vy * vy + away * away)
            if facing < 0.0 and facing * facing > np.float32(TURNED_AWAY * TURNED_AWAY) * long:
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


@parallel
def _ranges(depth, inside, out):
    for p in prange(_PARTS):
        low, high, count = np.float32(1e9), np.float32(-1e9), 0
        for i in range(p * len(depth) // _PARTS, (p + 1) * len(depth) // _PARTS):
            if inside[i]:
                count += 1
                low, high = min(low, depth[i]), max(high, depth[i])
        out[p, 0], out[p, 1], out[p, 2] = low, high, count


@parallel
def _histograms(depth, inside, low, scale, slots):
    for p in prange(_PARTS):
        for i in range(p * len(depth) // _PARTS, (p + 1) * len(depth) // _PARTS):
            if inside[i]:
                slots[p, np.int32((depth[i] - low) * scale)] += 1


@quick
def _begin(slots):
    """Turns how many of each part fall in each slot into where they begin, parts in order; returns the sum."""
    sum_ = 0
    for k in range(slots.shape[1]):
        for p in range(slots.shape[0]):
            count = slots[p, k]
            slots[p, k] = sum_
            sum_ += count
    return sum_


@parallel
def _scatter(depth, inside, low, scale, slots, out):
    for p in prange(_PARTS):
        for i in range(p * len(depth) // _PARTS, (p + 1) * len(depth) // _PARTS):
            if inside[i]:
                k = np.int32((depth[i] - low) * scale)
                out[slots[p, k]] = i
                slots[p, k] += 1


def sort_(depth: Any, inside: Any) -> Any:
    """Returns the numbers of what is inside, nearest first; within a step of a 16,000th of the depth, in order.

    A counting sort, in parts that keep their order, so that it does not matter how many processors share them.
    """
    found = np.empty((_PARTS, 3), np.float32)
    _ranges(depth, inside, found)
    low, high = found[:, 0].min(), found[:, 1].max()
    scale = np.float32((_DEPTHS - 1) / max(float(high - low), 1e-6))
    slots = np.zeros((_PARTS, _DEPTHS), np.int32)
    _histograms(depth, inside, low, scale, slots)
    out = np.empty(_begin(slots), np.int32)
    _scatter(depth, inside, low, scale, slots, out)
    return out


@parallel
def gather(spots, order, out):
    """Writes out (k, SPOT): the spots of `order` one after the other, as what is read together should lie together."""
    for k in prange(len(order)):
        for c in range(SPOT):
            out[k, c] = spots[order[k], c]


def gathered(spots: Any, order: Any) -> Any:
    """Returns (k, SPOT) the spots of `order`."""
    out = np.empty((len(order), SPOT), np.float32)
    gather(spots, order, out)
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
def _heights(spots, rows, first, totals):
    """Writes first (k,): how many rows of tiles all before it in its part reach; totals (_PARTS,): all of a part."""
    for p in prange(_PARTS):
        most = 0
        for k in range(p * len(spots) // _PARTS, (p + 1) * len(spots) // _PARTS):
            y, reach = spots[k, 1], spots[k, 10]
            low = max(0, np.int32(np.floor((y - reach) / TILE)))
            high = min(rows - 1, np.int32(np.floor((y + reach) / TILE)))
            first[k] = most
            most += max(high - low + 1, 0)
        totals[p] = most


@parallel
def _runs(spots, first, begin, columns, runs, counts):
    """Writes runs (r, 2): first and last tile of each row of each spot; counts (_PARTS, tiles): how many touch them."""
    for p in prange(_PARTS):
        last = (p + 1) * len(spots) // _PARTS
        for k in range(p * len(spots) // _PARTS, last):
            s = spots[k]
            low = max(0, np.int32(np.floor((s[1] - s[10]) / TILE)))
            n0 = begin[p] + first[k]
            n1 = begin[p] + first[k + 1] if k + 1 < last else begin[p + 1]
            for n in range(n0, n1):
                y = low + n - n0
                left, right = _band(s, np.float32(y * TILE), np.float32(y * TILE + TILE))
                x0, x1 = max(0, np.int32(np.floor(left / TILE))), min(columns - 1, np.int32(np.floor(right / TILE)))
                runs[n, 0] = y * columns + x0
                runs[n, 1] = y * columns + (x1 if right >= left else x0 - 1)
                for t in range(runs[n, 0], runs[n, 1] + 1):
                    counts[p, t] += 1


@parallel
def _fill(first, begin, runs, at, found):
    for p in prange(_PARTS):
        last = (p + 1) * len(first) // _PARTS
        for k in range(p * len(first) // _PARTS, last):
            n1 = begin[p] + first[k + 1] if k + 1 < last else begin[p + 1]
            for n in range(begin[p] + first[k], n1):
                for t in range(runs[n, 0], runs[n, 1] + 1):
                    found[at[p, t]] = k
                    at[p, t] += 1


def bin_(spots: Any, columns: int, rows: int) -> tuple[Any, Any]:
    """Returns start (tiles + 1,) and list: which of the spots (k, SPOT), nearest first, touch each tile."""
    first, totals = np.empty(len(spots), np.int32), np.empty(_PARTS, np.int32)
    _heights(spots, rows, first, totals)
    begin = np.concatenate([[0], np.cumsum(totals)]).astype(np.int32)
    runs = np.empty((int(begin[-1]), 2), np.int32)
    counts = np.zeros((_PARTS, columns * rows), np.int32)
    _runs(spots, first, begin, columns, runs, counts)
    touched = _begin(counts)
    start = np.append(counts[0], touched).astype(np.int32)
    found = np.empty(touched, np.int32)
    _fill(first, begin, runs, counts, found)
    return start, found


@inlined
def _misses(u, a, bdy, wide2):
    """Tells whether the middles of a row's pixels, 0..TILE - 1, lie beside a spot as wide there as sqrt(wide2) / a."""
    middle = a * u - bdy
    gap = max(max(-middle, middle - a * np.float32(TILE - 1)), np.float32(0.0))
    return gap * gap > wide2


@inlined
def _rows(light, columns, u, v, a, b, c, o, r, g, b_, far):
    """Lays one spot over a tile. Unsigned numbers: signed ones may count from the end, and would not be vectors."""
    det = a * c - b * b
    ry = np.sqrt(far * a / det)
    low, high = max(0, np.int32(math.ceil(v - ry))), min(TILE - 1, np.int32(math.floor(v + ry)))
    for y in range(low, high + 1):
        dy = np.float32(y) - v
        bdy = b * dy
        if _misses(u - np.float32(0.5), a, bdy, far * a - det * dy * dy):
            continue
        h = np.float32(0.5) * c * dy * dy
        base = np.uint64(y) * np.uint64(4 * TILE)
        for x in range(np.uint64(TILE)):
            dx = columns[x] - u
            power = np.float32(0.5) * a * dx * dx + bdy * dx + h
            alpha = min(o * exp_(-min(power, np.float32(40.0))), np.float32(0.995))
            # ends where it is too faint, and not with the tile: else outlines would show where tiles begin
            alpha = alpha if power <= np.float32(0.5) * far else np.float32(0.0)
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
