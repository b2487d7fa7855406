"""The colour of every Gaussian: light it passes on, light it mirrors, and the curve from light to display.

What goes on of the light around is precomputed radiance transfer (see lighting.py); hair mirrors as fibres do.
"""

import numpy as np

from understudy.render.splat.arithmetic import exp_, log2_
from understudy.render.splat.compiled import inlined, parallel, prange

DIMMEST = 0.12
"""Share of the mean light around that reaches even what lies in full shadow; harmonics alone would go below 0."""
Y00 = 0.282095
"""The first harmonic, which is the same on every side."""
WHITE = 0.1
"""Share of what a hair mirrors that has the colour of the lamp; the rest was inside and has that of the hair."""
_WIDE = 16
"""Lobes that are shone at a time."""
_RUN = 256
"""Gaussians whose colours are brought to the display at a time."""
ONWARD, KEEN = 2.0, 6.0
"""How much a hair lets straight through against what it mirrors, and how quickly that falls off around the lamp."""


@inlined
def _display(r, g, b, inset, curve, outset):
    """Returns display RGB of linear RGB: AgX as in render/tone.py."""
    t0 = t1 = t2 = np.float32(0.0)
    for c in range(3):
        light = max(inset[c, 0] * r + inset[c, 1] * g + inset[c, 2] * b, np.float32(2e-4))
        x = (log2_(light) + np.float32(12.47393)) * np.float32(1 / 16.5)
        x = min(max(x, np.float32(0.0)), np.float32(1.0))
        bent = curve[7]
        for k in range(6, -1, -1):
            bent = bent * x + curve[k]
        t0 += outset[0, c] * bent
        t1 += outset[1, c] * bent
        t2 += outset[2, c] * bent
    zero, one = np.float32(0.0), np.float32(1.0)
    return min(max(t0, zero), one), min(max(t1, zero), one), min(max(t2, zero), one)


@inlined
def toned(r, g, b, inset, curve, outset, out):
    """Writes display RGB into out[0:3] of linear RGB."""
    out[0], out[1], out[2] = _display(r, g, b, inset, curve, outset)


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
    """Returns how much of a lobe a hair mirrors, by how much that grows with the logarithm of its sharpness, and the
    same of what goes through it: two of the three paths of Marschner et al. (SIGGRAPH 2003), and the third, back from
    the far side, with the first.
    """
    return _fibre_shine(tx, ty, tz, nx, ny, nz, vx, vy, vz, lobe[0], lobe[1], lobe[2], lobe[6], gloss[0], gloss[1])


@inlined
def _fibre_shine(tx, ty, tz, nx, ny, nz, vx, vy, vz, lx, ly, lz, its, strong, mine):
    """The same without a branch, so that lobes are shone by several at a time."""
    hx, hy, hz = vx + lx, vy + ly, vz + lz
    long2 = max(hx * hx + hy * hy + hz * hz, np.float32(1e-12))
    lies = tx * hx + ty * hy + tz * hz
    # one division for two
    over = np.float32(1.0) / ((mine + its) * long2)
    less = its * long2 * over
    lies2 = mine * less * lies * lies
    lit = np.float32(0.35) + np.float32(0.65) * (nx * lx + ny * ly + nz * lz)
    away = lies2 * ((mine + its) * over)
    one = strong * max(lit, np.float32(0.0)) * exp_(-min(away, np.float32(20.0)))
    one = one if away <= np.float32(14.0) else np.float32(0.0)
    # 1 + the cosine between the ways to the lamp and to the eye is half of long2
    past = np.float32(0.25) * lies2 + np.float32(0.5 * KEEN) * long2
    on = np.float32(ONWARD) * strong * exp_(-min(past, np.float32(20.0)))
    on = on if past <= np.float32(14.0) else np.float32(0.0)
    return one, -one * away * less, on, -on * np.float32(0.25) * lies2 * less


@inlined
def open_(felt, lit):
    """Returns how much of a lamp of which `lit` arrives is passed on by what depends on that by `felt`."""
    return np.float32(1.0) - felt * (np.float32(1.0) - lit)


@inlined
def _rows_of(lobes):
    """Returns (8, m) the columns of lobes (l, 8) one after the other, and dark ones up to a whole register."""
    out = np.zeros((8, (len(lobes) + _WIDE - 1) // _WIDE * _WIDE), np.float32)
    for k in range(len(lobes)):
        for c in range(8):
            out[c, k] = lobes[k, c]
    for k in range(len(lobes), out.shape[1]):
        out[6, k] = np.float32(1.0)
    return out


@inlined
def _glance(fibre, x, y, z, nx, ny, nz, vx, vy, vz, full, whole, strong, mine, rows, shares):
    """Returns RGB of all lobes (8, m) that a hair along x, y, z mirrors and lets through, or a surface that mirrors
    towards x, y, z; shares (m,) of them arrive.
    """
    r = g = b = np.float32(0.0)
    if fibre:
        fr, fg, fb = full * whole[0], full * whole[1], full * whole[2]
        for k in range(np.uint64(rows.shape[1])):
            one, _, on, _ = _fibre_shine(
                x, y, z, nx, ny, nz, vx, vy, vz, rows[0, k], rows[1, k], rows[2, k], rows[6, k], strong, mine
            )
            on = (on + one * np.float32(1 - WHITE)) * shares[k]
            one *= np.float32(WHITE) * shares[k]
            r += (one + on * fr) * rows[3, k]
            g += (one + on * fg) * rows[4, k]
            b += (one + on * fb) * rows[5, k]
        return r, g, b
    for k in range(np.uint64(rows.shape[1])):
        sharp = mine * rows[6, k] / (mine + rows[6, k])
        away = sharp * (x * rows[0, k] + y * rows[1, k] + z * rows[2, k] - np.float32(1.0))
        peak = strong * sharp * np.float32(0.159155) * exp_(max(away, np.float32(-20.0))) * shares[k]
        peak = peak if away > np.float32(-12.0) else np.float32(0.0)
        r += peak * rows[3, k]
        g += peak * rows[4, k]
        b += peak * rows[5, k]
    return r, g, b


@inlined
def _colour(
    i, r, g, b, least_r, least_g, least_b, whole, gain, normal, gloss, sheen, fibre, axes, maps, c, j0, lit, felt,
    rows, shares, turns, mixed, lens_at, centre,
):  # fmt: skip
    """Returns the linear colour of Gaussian i, which passes on the light r, g, b, but never less than `least`, and of
    light from everywhere `whole` (3,).
    """
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
    if gloss[i, 0] <= 0.0:
        return r, g, b
    m = maps[c]
    nx = m[0, 0] * normal[i, 0] + m[0, 1] * normal[i, 1] + m[0, 2] * normal[i, 2]
    ny = m[1, 0] * normal[i, 0] + m[1, 1] * normal[i, 1] + m[1, 2] * normal[i, 2]
    nz = m[2, 0] * normal[i, 0] + m[2, 1] * normal[i, 1] + m[2, 2] * normal[i, 2]
    q = np.float32(1.0) / max(np.sqrt(nx * nx + ny * ny + nz * nz), np.float32(1e-8))
    nx, ny, nz = nx * q, ny * q, nz * q
    for k in range(lit.shape[1]):
        shares[k] = open_(felt[i], lit[i, k])
    if fibre[i]:
        x, y, z = along_(axes[i], m)
    else:
        facing = np.float32(2.0) * (nx * vx + ny * vy + nz * vz)
        x, y, z = facing * nx - vx, facing * ny - vy, facing * nz - vz
    full = np.float32(1.0) / max(max(whole[0], whole[1]), max(whole[2], np.float32(1e-4)))
    more_r, more_g, more_b = _glance(
        fibre[i], x, y, z, nx, ny, nz, vx, vy, vz, full, whole, gloss[i, 0], gloss[i, 1], rows, shares
    )
    return r + more_r, g + more_g, b + more_b


@inlined
def _show(bright, who, count, tone_in, tone_curve, tone_out, spots):
    """Writes the display colours of `count` linear ones, bright (3, m), into the rows `who` of spots."""
    for n in range(np.uint64(count)):
        bright[0, n], bright[1, n], bright[2, n] = _display(
            bright[0, n], bright[1, n], bright[2, n], tone_in, tone_curve, tone_out
        )
    for n in range(count):
        spots[who[n], 6], spots[who[n], 7], spots[who[n], 8] = bright[0, n], bright[1, n], bright[2, n]


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
    beams,
    power,
    lit,
    felt,
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
    (m, 2) and shares (m,) of carriers; light (j, 16, 3) of all but lamps, in the axes of joints whose turns (j, 3, 3)
    lead to the stage; beams (lamps, j, 16) and power (lamps, 3) of lamps, of which lit (n, lamps) reaches each, and
    felt (n,) how far it depends on that; mixed (q,) what the expression brings; lens_at (3,). fibre (n,) 1 for hair,
    which mirrors all round its longest axis (Kajiya & Kay, SIGGRAPH 1989), as far as its normal lets light reach it.
    """
    for run in prange((len(transfer) + _RUN - 1) // _RUN):
        bright, who, count = np.empty((3, _RUN), np.float32), np.empty(_RUN, np.int32), 0
        rows = _rows_of(lobes)
        reached = np.ones(rows.shape[1], np.float32)
        for i in range(run * _RUN, min((run + 1) * _RUN, len(transfer))):
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
                    least_r, least_g, least_b = r, g, b
            for lamp in range(len(beams)):
                share = open_(felt[i], lit[i, lamp])
                for k in range(16):
                    y = s * beams[lamp, j0, k] + (1 - s) * beams[lamp, j1, k]
                    r += share * y * transfer[i, k, 0] * power[lamp, 0]
                    g += share * y * transfer[i, k, 1] * power[lamp, 1]
                    b += share * y * transfer[i, k, 2] * power[lamp, 2]
                    if k == 0:
                        least_r += share * y * transfer[i, 0, 0] * power[lamp, 0]
                        least_g += share * y * transfer[i, 0, 1] * power[lamp, 1]
                        least_b += share * y * transfer[i, 0, 2] * power[lamp, 2]
            d = np.float32(DIMMEST)
            bright[0, count], bright[1, count], bright[2, count] = _colour(
                i, r, g, b, d * least_r, d * least_g, d * least_b, transfer[i, 0], gain, normal, gloss, sheen, fibre,
                axes, maps, c, j0, lit, felt, rows, reached, turns, mixed, lens_at, centre,
            )  # fmt: skip
            who[count] = i
            count += 1
        _show(bright, who, count, tone_in, tone_curve, tone_out, spots)


@inlined
def _table(passed, beams):
    """Returns (j, k + 1, 8): red, green and blue of the light around, then each lamp, through all pages of the book."""
    out = np.zeros((passed.shape[0], passed.shape[1], 8), np.float32)
    for j in range(passed.shape[0]):
        for k in range(passed.shape[1]):
            for c in range(3):
                out[j, k, c] = passed[j, k, c]
            for lamp in range(len(beams)):
                out[j, k, 3 + lamp] = beams[lamp, j, k]
    return out


@inlined
def _through(code, pages):
    """Returns red, green, blue and four lamps of pages (k + 1, 8), weighed by a code (k,)."""
    r, g, b = pages[0, 0], pages[0, 1], pages[0, 2]
    one, two, three, four = pages[0, 3], pages[0, 4], pages[0, 5], pages[0, 6]
    for k in range(np.uint64(len(code))):
        w, at = code[k], k + np.uint64(1)
        r += w * pages[at, 0]
        g += w * pages[at, 1]
        b += w * pages[at, 2]
        one += w * pages[at, 3]
        two += w * pages[at, 4]
        three += w * pages[at, 5]
        four += w * pages[at, 6]
    return r, g, b, one, two, three, four


@parallel
def shade_coded(
    codes, whole, gain, normal, gloss, sheen, fibre, axes, carrier, joints, shares, maps, passed, around, beams, power,
    lit, felt, lobes, turns, mixed, lens_at, centre, tone_in, tone_curve, tone_out, inside, spots,
):  # fmt: skip
    """Writes colours as `shade` does, where from which sides each passes on light is told by one book: codes (n, k).

    passed (j, k + 1, 3): the light around each joint, but for the lamps, through the middle and the k pages of the
    book; around (j, 3): its first harmonic; beams (lamps, j, k + 1): each lamp through the book; whole
    (n, 3): how much of all that each passes on, by colour.
    """
    table = _table(passed, beams)
    for run in prange((len(codes) + _RUN - 1) // _RUN):
        bright, who, count = np.empty((3, _RUN), np.float32), np.empty(_RUN, np.int32), 0
        rows = _rows_of(lobes)
        reached = np.ones(rows.shape[1], np.float32)
        for i in range(run * _RUN, min((run + 1) * _RUN, len(codes))):
            if inside[i] == 0:
                continue
            c = carrier[i]
            j0, j1, s = joints[c, 0], joints[c, 1], shares[c]
            r, g, b, one, two, three, four = _through(codes[i], table[j0])
            least_r, least_g, least_b = around[j0, 0], around[j0, 1], around[j0, 2]
            if s < 0.999:
                z = 1 - s
                r1, g1, b1, one1, two1, three1, four1 = _through(codes[i], table[j1])
                r, g, b = s * r + z * r1, s * g + z * g1, s * b + z * b1
                one, two = s * one + z * one1, s * two + z * two1
                three, four = s * three + z * three1, s * four + z * four1
                least_r = s * least_r + z * around[j1, 0]
                least_g = s * least_g + z * around[j1, 1]
                least_b = s * least_b + z * around[j1, 2]
            for lamp in range(len(beams)):
                share = open_(felt[i], lit[i, lamp])
                here = (one if lamp == 0 else two if lamp == 1 else three if lamp == 2 else four) * share
                r += here * power[lamp, 0]
                g += here * power[lamp, 1]
                b += here * power[lamp, 2]
                here = share * np.float32(Y00)
                least_r += here * power[lamp, 0]
                least_g += here * power[lamp, 1]
                least_b += here * power[lamp, 2]
            d = np.float32(DIMMEST)
            bright[0, count], bright[1, count], bright[2, count] = _colour(
                i, r * whole[i, 0], g * whole[i, 1], b * whole[i, 2], d * least_r * whole[i, 0],
                d * least_g * whole[i, 1], d * least_b * whole[i, 2], whole[i], gain, normal, gloss, sheen, fibre,
                axes, maps, c, j0, lit, felt, rows, reached, turns, mixed, lens_at, centre,
            )  # fmt: skip
            who[count] = i
            count += 1
        _show(bright, who, count, tone_in, tone_curve, tone_out, spots)
