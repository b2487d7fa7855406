"""From posed triangles to a picture: Gaussians are projected, shaded, sorted by depth, laid over each other in tiles.

The projection is that of Zwicker et al. ("EWA Splatting", 2002) as Kerbl et al. use it ("3D Gaussian Splatting for
Real-Time Radiance Field Rendering", SIGGRAPH 2023), with the filter of Yu et al. ("Mip-Splatting", CVPR 2024): each is
widened by a pixel's footprint and dimmed in proportion, so that one cloud serves every size of picture.
"""

from typing import Any

import numpy as np

from understudy.render.splat.arithmetic import log2_, whole_
from understudy.render.splat.compiled import parallel, prange, quick
from understudy.render.splat.laying import FULL as FULL
from understudy.render.splat.laying import TILE as TILE
from understudy.render.splat.laying import lay as lay

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
        far = np.float32(1.3862944) * log2_(o * np.float32(1.0 / FAINTEST))
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
            x, y, a, b, c, far = spots[k, 0], spots[k, 1], spots[k, 2], spots[k, 3], spots[k, 4], spots[k, 9]
            low = max(0, np.int32(np.floor((y - spots[k, 10]) / TILE)))
            n0 = begin[p] + first[k]
            n1 = begin[p] + first[k + 1] if k + 1 < last else begin[p + 1]
            over = np.float32(1.0) / a
            wide2 = far * over
            narrows = (a * c - b * b) * over * over
            lean = b * over
            up = np.sqrt(wide2 / narrows)
            # where it is widest to the right, and as far from its middle to the left
            widest = -b * np.sqrt(wide2 / (c * narrows * a))
            for n in range(n0, n1):
                row = low + n - n0
                top = np.float32(row * TILE) - y
                y0, y1 = max(top, -up), min(top + np.float32(TILE), up)
                right, left = min(max(widest, y0), y1), min(max(-widest, y0), y1)
                r = x - lean * right + np.sqrt(max(wide2 - narrows * right * right, np.float32(0.0)))
                f = x - lean * left - np.sqrt(max(wide2 - narrows * left * left, np.float32(0.0)))
                x0 = whole_(max(f, np.float32(0.0)) * np.float32(1 / TILE))
                x1 = min(columns - 1, whole_(max(r, np.float32(0.0)) * np.float32(1 / TILE)))
                if y0 > y1 or r < f or r < np.float32(0.0):
                    x1 = x0 - 1
                runs[n, 0], runs[n, 1] = row * columns + x0, row * columns + x1
                for t in range(np.uint32(runs[n, 0]), np.uint32(runs[n, 1] + 1)):
                    counts[p, t] += 1


@parallel
def _fill(first, begin, runs, at, found):
    for p in prange(_PARTS):
        last = (p + 1) * len(first) // _PARTS
        for k in range(p * len(first) // _PARTS, last):
            n1 = begin[p] + first[k + 1] if k + 1 < last else begin[p + 1]
            for n in range(begin[p] + first[k], n1):
                for t in range(np.uint32(runs[n, 0]), np.uint32(runs[n, 1] + 1)):
                    found[np.uint32(at[p, t])] = k
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


@parallel
def wipe(picture, before, after, columns):
    """Clears the tiles of a picture that were touched before and are touched no more, both as `bin_` starts them."""
    for t in prange(len(after) - 1):
        if before[t + 1] == before[t] or after[t + 1] > after[t]:
            continue
        top, left = t // columns * TILE, t % columns * TILE
        for y in range(TILE):
            picture[top + y, left : left + TILE] = np.float32(0.0)
