"""What a picture's error asks of every Gaussian: the kernels of `kernels.py`, backwards.

    d picture -> tiles, front to back once more -> d spot (place, conic, opacity, colour) -> d Gaussian

What is behind a Gaussian is what the whole pixel holds less what lies before it, so tiles are walked in the same order
as when they were drawn and nothing is kept for it. Derivatives follow Kerbl et al. 2023, appendix A.
"""

import math

import numba
import numpy as np

from understudy.render.splat.arithmetic import exp_, log2_
from understudy.render.splat.compiled import inlined, parallel, prange
from understudy.render.splat.kernels import FOOTPRINT_PX2, FULL, TILE
from understudy.render.splat.shading import DIMMEST, WHITE, along_, fibre_shine, open_

PULL = 11
"""Numbers that a spot is told: d x, y, conic a, b, c, opacity, RGB; its share of the picture; how hard it is drawn."""
_PLANES = 12
ROOM = 149
"""Numbers that `trace_back` works in."""
PLACE, TURN, SIZE, OPACITY, TRANSFER, GLOSS, SHEEN, FELT, GAIN = 0, 3, 7, 10, 11, 59, 61, 64, 65
"""First column of each part of what a Gaussian learns; sizes and gloss are logarithms, opacity and `felt` logits."""


@inlined
def _misses(u, a, bdy, wide2):
    """Tells whether the middles of a row's pixels, 0..TILE - 1, lie beside a spot as wide there as sqrt(wide2) / a."""
    middle = a * u - bdy
    gap = max(max(-middle, middle - a * np.float32(TILE - 1)), np.float32(0.0))
    return gap * gap > wide2


@inlined
def _most(light):
    most = np.float32(0.0)
    for y in range(TILE):
        base = np.uint64(y * _PLANES * TILE + 3 * TILE)
        for x in range(np.uint64(TILE)):
            most = max(most, light[base + x])
    return most


@inlined
def _pull_rows(light, columns, sums, u, v, a, b, c, o, r, g, b_, far, pull):
    det = a * c - b * b
    ry = np.sqrt(far * a / det)
    low, high = max(0, np.int32(math.ceil(v - ry))), min(TILE - 1, np.int32(math.floor(v + ry)))
    any_ = False
    for y in range(low, high + 1):
        dy = np.float32(y) - v
        bdy = b * dy
        if _misses(u - np.float32(0.5), a, bdy, far * a - det * dy * dy):
            continue
        h = np.float32(0.5) * c * dy * dy
        base = np.uint64(y) * np.uint64(_PLANES * TILE)
        for x in range(np.uint64(TILE)):
            at = base + x
            dx = columns[x] - u
            power = np.float32(0.5) * a * dx * dx + bdy * dx + h
            e = exp_(-min(power, np.float32(40.0)))
            e = e if power <= np.float32(0.5) * far else np.float32(0.0)
            alpha = min(o * e, np.float32(0.995))
            through = light[at + np.uint64(3 * TILE)]
            w = through * alpha
            # what is still behind: all of the pixel less all before and this
            red = light[at] - w * r
            green = light[at + np.uint64(TILE)] - w * g
            blue = light[at + np.uint64(2 * TILE)] - w * b_
            light[at] = red
            light[at + np.uint64(TILE)] = green
            light[at + np.uint64(2 * TILE)] = blue
            light[at + np.uint64(3 * TILE)] = through - w
            gr = light[at + np.uint64(4 * TILE)]
            gg = light[at + np.uint64(5 * TILE)]
            gb = light[at + np.uint64(6 * TILE)]
            ga = light[at + np.uint64(7 * TILE)]
            left = np.float32(1.0) / (np.float32(1.0) - alpha)
            behind = gr * red + gg * green + gb * blue - ga * light[at + np.uint64(8 * TILE)]
            d = through * (gr * r + gg * g + gb * b_) - behind * left
            k = -d * alpha
            push = k * dx
            sums[x] += push
            sums[np.uint64(TILE) + x] += k * dy
            sums[np.uint64(2 * TILE) + x] += push * dx
            sums[np.uint64(3 * TILE) + x] += push * dy
            sums[np.uint64(4 * TILE) + x] += k * dy * dy
            sums[np.uint64(5 * TILE) + x] += d * e
            sums[np.uint64(6 * TILE) + x] += w * gr
            sums[np.uint64(7 * TILE) + x] += w * gg
            sums[np.uint64(8 * TILE) + x] += w * gb
            sums[np.uint64(9 * TILE) + x] += w
        any_ = True
    if not any_:
        return
    # sums across a register once a spot, not once a row
    kx = ky = da = db = dc = np.float32(0.0)
    for x in range(np.uint64(TILE)):
        kx += sums[x]
        ky += sums[np.uint64(TILE) + x]
        da += sums[np.uint64(2 * TILE) + x]
        db += sums[np.uint64(3 * TILE) + x]
        dc += sums[np.uint64(4 * TILE) + x]
    for k in range(5, 10):
        one = np.float32(0.0)
        for x in range(np.uint64(TILE)):
            one += sums[np.uint64(k * TILE) + x]
        pull[k] += one
    for x in range(np.uint64(10 * TILE)):
        sums[x] = np.float32(0.0)
    du, dv = -(a * kx + b * ky), -(b * kx + c * ky)
    pull[0] += du
    pull[1] += dv
    pull[2] += np.float32(0.5) * da
    pull[3] += db
    pull[4] += np.float32(0.5) * dc
    pull[10] += np.sqrt(du * du + dv * dv)


@parallel
def pull_apart(spots, start, found, columns, rows, picture, wanted, pulls):
    """Adds to pulls (threads, k, PULL) what wanted = d loss / d picture (h, w, 4) asks of each spot."""
    tiles = columns * rows
    half = (tiles + 1) // 2
    for n in prange(tiles):
        t = 2 * n if n < half else 2 * (n - half) + 1
        if start[t + 1] == start[t]:
            continue
        thread = numba.get_thread_id()
        x0, y0 = np.float32((t % columns) * TILE), np.float32((t // columns) * TILE)
        top, left = (t // columns) * TILE, (t % columns) * TILE
        light = np.zeros(TILE * TILE * _PLANES, np.float32)
        across = np.empty(TILE, np.float32)
        sums = np.zeros(TILE * 10, np.float32)
        any_ = np.float32(0.0)
        for x in range(TILE):
            across[x] = np.float32(x) + np.float32(0.5)
        for y in range(TILE):
            for x in range(TILE):
                base = y * _PLANES * TILE + x
                for c in range(3):
                    light[base + c * TILE] = picture[top + y, left + x, c]
                light[base + 3 * TILE] = np.float32(1.0)
                for c in range(4):
                    light[base + (4 + c) * TILE] = wanted[top + y, left + x, c]
                    any_ = max(any_, abs(wanted[top + y, left + x, c]))
                light[base + 8 * TILE] = np.float32(1.0) - picture[top + y, left + x, 3]
        if any_ == 0.0:
            continue
        for k in range(start[t], start[t + 1]):
            s = spots[found[k]]
            _pull_rows(
                light, across, sums, s[0] - x0, s[1] - y0 - np.float32(0.5), s[2], s[3], s[4], s[5], s[6], s[7], s[8],
                s[9], pulls[thread, found[k]],
            )  # fmt: skip
            if (k & 31) == 31 and _most(light) < np.float32(FULL):
                break


@inlined
def _tone_back(r, g, b, gr, gg, gb, inset, curve, outset, out):
    """Writes d linear RGB into out[0:3], given d display RGB."""
    out[0] = out[1] = out[2] = np.float32(0.0)
    for c in range(3):
        light = max(inset[c, 0] * r + inset[c, 1] * g + inset[c, 2] * b, np.float32(2e-4))
        x = (log2_(light) + np.float32(12.47393)) * np.float32(1 / 16.5)
        x = min(max(x, np.float32(0.0)), np.float32(1.0))
        slope = np.float32(7.0) * curve[7]
        for k in range(6, 0, -1):
            slope = slope * x + np.float32(k) * curve[k]
        d = (outset[0, c] * gr + outset[1, c] * gg + outset[2, c] * gb) * slope
        d *= np.float32(1 / (16.5 * 0.6931472)) / light
        for k in range(3):
            out[k] += inset[c, k] * d


@parallel
def trace_back(
    learned,
    axes,
    size,
    opacity,
    transfer,
    gain,
    gloss,
    sheen,
    normal,
    fibre,
    carrier,
    joints,
    shares,
    maps,
    light,
    thrown,
    lit,
    felt,
    lobes,
    turns,
    mixed,
    lens_at,
    lens,
    centre,
    tone_in,
    tone_curve,
    tone_out,
    inside,
    spots,
    pulls,
    rank,
    out,
    mixes,
    rooms,
    watched,
    wide,
):
    """Writes out (n, columns of `learned`): d loss of each number, zero where nothing was seen; adds to mixes
    (threads, q) what is asked of the mixtures. pulls: of `pull_apart`, in which each stands at its rank (n,). light:
    (j, 48) and thrown: (lamps, j, 48) harmonics of all but the lamps, and of each lamp, by three colours. The rest is
    as `project` and `shade` take it; size: (n, 3). rooms: (threads, ROOM) to work in. watched (n, 3) gains how hard
    each is drawn times `wide`, how much of a picture it has been at most, and how often it was seen.
    """
    fx, fy = lens[12], lens[13]
    threads = len(pulls)
    for i in prange(len(learned)):
        for k in range(out.shape[1]):
            out[i, k] = np.float32(0.0)
        if inside[i] == 0:
            continue
        room = rooms[numba.get_thread_id()]
        p, c, d, e, f = room[0:11], room[11:14], room[14:17], room[17:20], room[20:23]
        base, seen, rgb, shone, keener, drgb = (
            room[23:26], room[26:29], room[29:32], room[32:35], room[35:38], room[38:41]
        )  # fmt: skip
        g, hid, around, dark = room[41:50].reshape(3, 3), room[50:53], room[53:101], room[101:149]
        for k in range(53):
            room[k] = np.float32(0.0)
        for t in range(threads):
            for k in range(PULL):
                p[k] += pulls[t, rank[i], k]
        watched[i, 0] += p[10] * wide
        watched[i, 1] = max(watched[i, 1], p[9])
        watched[i, 2] += np.float32(1.0)
        m = maps[carrier[i]]
        x, y, z = centre[i, 0], centre[i, 1], centre[i, 2]
        vx = lens[0] * x + lens[1] * y + lens[2] * z + lens[9]
        vy = lens[3] * x + lens[4] * y + lens[5] * z + lens[10]
        r_ = np.float32(-1.0) / (lens[6] * x + lens[7] * y + lens[8] * z + lens[11])
        for j in range(3):
            a_ = fx * r_ * (lens[j] + vx * r_ * lens[6 + j])
            b_ = -fy * r_ * (lens[3 + j] + vy * r_ * lens[6 + j])
            for k in range(3):
                c[k] += a_ * m[j, k]
                d[k] += b_ * m[j, k]
        for k in range(3):
            out[i, PLACE + k] = c[k] * p[0] + d[k] * p[1]
        qa, qb, qc = spots[i, 2], spots[i, 3], spots[i, 4]
        ga, gb, gc = p[2], p[3] * np.float32(0.5), p[4]
        # d covariance = - conic (d conic) conic
        h00, h01 = qa * ga + qb * gb, qa * gb + qb * gc
        h10, h11 = qb * ga + qc * gb, qb * gb + qc * gc
        gxx = -(h00 * qa + h01 * qb)
        gxy = np.float32(-2.0) * (h00 * qb + h01 * qc)
        gyy = -(h10 * qb + h11 * qc)
        xx = xy = yy = np.float32(0.0)
        for k in range(3):
            for j in range(3):
                e[k] += c[j] * axes[i, j, k]
                f[k] += d[j] * axes[i, j, k]
            xx += e[k] * e[k]
            xy += e[k] * f[k]
            yy += f[k] * f[k]
        bare = max(xx * yy - xy * xy, np.float32(1e-9))
        wide_x, wide_y = xx + np.float32(FOOTPRINT_PX2), yy + np.float32(FOOTPRINT_PX2)
        det = wide_x * wide_y - xy * xy
        o = spots[i, 5]
        half = p[5] * o * np.float32(0.5)
        # a sliver thinner than any pixel would be torn wide by this alone
        up, down = min(half / bare, np.float32(1e3)), -half / det
        up = max(up, np.float32(-1e3))
        gxx += up * yy + down * wide_y
        gyy += up * xx + down * wide_x
        gxy -= np.float32(2.0) * xy * (up + down)
        out[i, OPACITY] = p[5] * np.sqrt(bare / det) * opacity[i] * (1 - opacity[i])
        w, qx, qy, qz = learned[i, TURN], learned[i, TURN + 1], learned[i, TURN + 2], learned[i, TURN + 3]
        long = max(np.sqrt(w * w + qx * qx + qy * qy + qz * qz), np.float32(1e-8))
        w /= long
        qx /= long
        qy /= long
        qz /= long
        for k in range(3):
            ge = 2 * gxx * e[k] + gxy * f[k]
            gf = 2 * gyy * f[k] + gxy * e[k]
            along = np.float32(0.0)
            for j in range(3):
                step = ge * c[j] + gf * d[j]
                along += step * axes[i, j, k]
                g[j, k] = step * size[i, k]
            out[i, SIZE + k] = along
        gw = 2 * (qx * (g[2, 1] - g[1, 2]) + qy * (g[0, 2] - g[2, 0]) + qz * (g[1, 0] - g[0, 1]))
        gx = 2 * (
            -2 * qx * (g[1, 1] + g[2, 2])
            + qy * (g[1, 0] + g[0, 1])
            + qz * (g[2, 0] + g[0, 2])
            + w * (g[2, 1] - g[1, 2])
        )
        gy = 2 * (
            qx * (g[1, 0] + g[0, 1]) - 2 * qy * (g[0, 0] + g[2, 2]) + qz * (g[2, 1] + g[1, 2]) + w * (g[0, 2] - g[2, 0])
        )
        gz = 2 * (
            qx * (g[2, 0] + g[0, 2]) + qy * (g[2, 1] + g[1, 2]) - 2 * qz * (g[0, 0] + g[1, 1]) + w * (g[1, 0] - g[0, 1])
        )
        inward = w * gw + qx * gx + qy * gy + qz * gz
        out[i, TURN] = (gw - inward * w) / long
        out[i, TURN + 1] = (gx - inward * qx) / long
        out[i, TURN + 2] = (gy - inward * qy) / long
        out[i, TURN + 3] = (gz - inward * qz) / long

        # colour
        cr = carrier[i]
        j0, j1, s = joints[cr, 0], joints[cr, 1], shares[cr]
        for q in range(48):
            around[q] = s * light[j0, q] + (1 - s) * light[j1, q]
            dark[q] = np.float32(0.0)
        for lamp in range(len(thrown)):
            share, lost = open_(felt[i], lit[i, lamp]), 1 - lit[i, lamp]
            for q in range(48):
                y = s * thrown[lamp, j0, q] + (1 - s) * thrown[lamp, j1, q]
                around[q] += share * y
                dark[q] += lost * y
        for k in range(16):
            for ch in range(3):
                base[ch] += transfer[i, k, ch] * around[3 * k + ch]
                hid[ch] -= transfer[i, k, ch] * dark[3 * k + ch]
        for ch in range(3):
            seen[ch] = around[ch]
        lx, ly, lz = lens_at[0] - x, lens_at[1] - y, lens_at[2] - z
        q = np.float32(1.0) / np.sqrt(lx * lx + ly * ly + lz * lz)
        lx *= q
        ly *= q
        lz *= q
        t_ = turns[j0]
        bright = np.float32(0.0)
        for k in range(gain.shape[1]):
            bright += gain[i, k] * mixed[k]
        for k in range(3):
            bright += sheen[i, k] * (t_[0, k] * lx + t_[1, k] * ly + t_[2, k] * lz)
        more = exp_(min(max(bright, np.float32(-3.0)), np.float32(2.0)))
        for ch in range(3):
            seen[ch] *= np.float32(DIMMEST)
            least = transfer[i, 0, ch] * seen[ch]
            rgb[ch] = max(base[ch], least) * more
            base[ch] -= least
        if gloss[i, 0] > 0.0:
            nx = m[0, 0] * normal[i, 0] + m[0, 1] * normal[i, 1] + m[0, 2] * normal[i, 2]
            ny = m[1, 0] * normal[i, 0] + m[1, 1] * normal[i, 1] + m[1, 2] * normal[i, 2]
            nz = m[2, 0] * normal[i, 0] + m[2, 1] * normal[i, 1] + m[2, 2] * normal[i, 2]
            q = np.float32(1.0) / max(np.sqrt(nx * nx + ny * ny + nz * nz), np.float32(1e-8))
            if fibre[i]:
                tx, ty, tz = along_(axes[i], m)
                full = np.float32(1.0) / max(
                    max(transfer[i, 0, 0], transfer[i, 0, 1]), max(transfer[i, 0, 2], np.float32(1e-4))
                )
                for k in range(len(lobes)):
                    one, slope, on, its_slope = fibre_shine(
                        tx, ty, tz, nx * q, ny * q, nz * q, lx, ly, lz, lobes[k], gloss[i]
                    )
                    share = open_(felt[i], lit[i, k]) if k < lit.shape[1] else np.float32(1.0)
                    for ch in range(3):
                        # the colour of a hair is taken as given here
                        tint = full * transfer[i, 0, ch]
                        both = np.float32(WHITE) + np.float32(1 - WHITE) * tint
                        shone[ch] += share * (one * both + on * tint) * lobes[k, 3 + ch]
                        keener[ch] += share * (slope * both + its_slope * tint) * lobes[k, 3 + ch]
            facing = (nx * lx + ny * ly + nz * lz) * q
            wx, wy, wz = 2 * facing * nx * q - lx, 2 * facing * ny * q - ly, 2 * facing * nz * q - lz
            for k in range(0 if fibre[i] else len(lobes)):
                mine, its = gloss[i, 1], lobes[k, 6]
                sharp = mine * its / (mine + its)
                off = wx * lobes[k, 0] + wy * lobes[k, 1] + wz * lobes[k, 2] - 1
                if sharp * off > -12.0:
                    one = np.float32(0.159155) * gloss[i, 0] * exp_(sharp * off)
                    if k < lit.shape[1]:
                        one *= open_(felt[i], lit[i, k])
                    slope = one * (1 + sharp * off) * (its / (mine + its)) ** 2 * mine
                    for ch in range(3):
                        shone[ch] += one * sharp * lobes[k, 3 + ch]
                        keener[ch] += slope * lobes[k, 3 + ch]
        _tone_back(
            rgb[0] + shone[0],
            rgb[1] + shone[1],
            rgb[2] + shone[2],
            p[6],
            p[7],
            p[8],
            tone_in,
            tone_curve,
            tone_out,
            drgb,
        )
        dbright = np.float32(0.0)
        for ch in range(3):
            out[i, GLOSS] += drgb[ch] * shone[ch]
            out[i, GLOSS + 1] += drgb[ch] * keener[ch]
            dbright += drgb[ch] * rgb[ch]
            step = drgb[ch] * more
            if base[ch] > 0.0:
                for k in range(16):
                    out[i, TRANSFER + 3 * k + ch] = step * around[3 * k + ch]
                out[i, FELT] += step * hid[ch] * felt[i] * (1 - felt[i])
            else:
                out[i, TRANSFER + ch] = step * seen[ch]
        if -3.0 < bright < 2.0:
            for k in range(3):
                out[i, SHEEN + k] = dbright * (t_[0, k] * lx + t_[1, k] * ly + t_[2, k] * lz)
            thread = numba.get_thread_id()
            for k in range(gain.shape[1]):
                out[i, GAIN + k] = dbright * mixed[k]
                mixes[thread, k] += dbright * gain[i, k]
