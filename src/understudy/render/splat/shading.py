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
ONWARD, KEEN = 2.0, 6.0
"""How much a hair lets straight through against what it mirrors, and how quickly that falls off around the lamp."""


@inlined
def toned(r, g, b, inset, curve, outset, out):
    """Display RGB into out[0:3] of linear RGB: AgX as in render/tone.py."""
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
    out[0] = min(max(t0, np.float32(0.0)), np.float32(1.0))
    out[1] = min(max(t1, np.float32(0.0)), np.float32(1.0))
    out[2] = min(max(t2, np.float32(0.0)), np.float32(1.0))


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
    hx, hy, hz = vx + lobe[0], vy + lobe[1], vz + lobe[2]
    long2 = max(hx * hx + hy * hy + hz * hz, np.float32(1e-12))
    lies = tx * hx + ty * hy + tz * hz
    sharp = gloss[1] * lobe[6] / (gloss[1] + lobe[6])
    less = lobe[6] / (gloss[1] + lobe[6])
    lit = np.float32(0.35) + np.float32(0.65) * (nx * lobe[0] + ny * lobe[1] + nz * lobe[2])
    away = sharp * lies * lies / long2
    one = slope = on = its_slope = np.float32(0.0)
    if lit > 0.0 and away <= 14.0:
        one = gloss[0] * lit * exp_(-away)
        slope = -one * away * less
    # 1 + the cosine between the ways to the lamp and to the eye is half of long2
    away = np.float32(0.25) * sharp * lies * lies
    past = away + np.float32(0.5 * KEEN) * long2
    if past <= 14.0:
        on = np.float32(ONWARD) * gloss[0] * exp_(-past)
        its_slope = -on * away * less
    return one, slope, on, its_slope


@inlined
def open_(felt, lit):
    """Returns how much of a lamp of which `lit` arrives is passed on by what depends on that by `felt`."""
    return np.float32(1.0) - felt * (np.float32(1.0) - lit)


@inlined
def _colour(
    i, r, g, b, least_r, least_g, least_b, whole, gain, normal, gloss, sheen, fibre, axes, maps, c, j0, lit, felt,
    lobes, turns, mixed, lens_at, centre, tone_in, tone_curve, tone_out, spots,
):  # fmt: skip
    """Writes the display colour of Gaussian i, which passes on the light r, g, b, but never less than `least`, and of
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
    if gloss[i, 0] > 0.0:
        m = maps[c]
        nx = m[0, 0] * normal[i, 0] + m[0, 1] * normal[i, 1] + m[0, 2] * normal[i, 2]
        ny = m[1, 0] * normal[i, 0] + m[1, 1] * normal[i, 1] + m[1, 2] * normal[i, 2]
        nz = m[2, 0] * normal[i, 0] + m[2, 1] * normal[i, 1] + m[2, 2] * normal[i, 2]
        q = np.float32(1.0) / max(np.sqrt(nx * nx + ny * ny + nz * nz), np.float32(1e-8))
        if fibre[i]:
            tx, ty, tz = along_(axes[i], m)
            full = np.float32(1.0) / max(max(whole[0], whole[1]), max(whole[2], np.float32(1e-4)))
            for k in range(len(lobes)):
                one, _, on, _ = fibre_shine(tx, ty, tz, nx * q, ny * q, nz * q, vx, vy, vz, lobes[k], gloss[i])
                if k < lit.shape[1]:
                    share = open_(felt[i], lit[i, k])
                    one *= share
                    on *= share
                on += one * np.float32(1 - WHITE)
                one *= np.float32(WHITE)
                r += (one + on * full * whole[0]) * lobes[k, 3]
                g += (one + on * full * whole[1]) * lobes[k, 4]
                b += (one + on * full * whole[2]) * lobes[k, 5]
            toned(r, g, b, tone_in, tone_curve, tone_out, spots[i, 6:9])
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
                if k < lit.shape[1]:
                    peak *= open_(felt[i], lit[i, k])
                r += peak * lobes[k, 3]
                g += peak * lobes[k, 4]
                b += peak * lobes[k, 5]
    toned(r, g, b, tone_in, tone_curve, tone_out, spots[i, 6:9])


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
        _colour(
            i, r, g, b, d * least_r, d * least_g, d * least_b, transfer[i, 0], gain, normal, gloss, sheen, fibre, axes,
            maps, c, j0, lit, felt, lobes, turns, mixed, lens_at, centre, tone_in, tone_curve, tone_out, spots,
        )  # fmt: skip


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
    for i in prange(len(codes)):
        if inside[i] == 0:
            continue
        c = carrier[i]
        j0, j1, s = joints[c, 0], joints[c, 1], shares[c]
        r, g, b = passed[j0, 0, 0], passed[j0, 0, 1], passed[j0, 0, 2]
        least_r, least_g, least_b = around[j0, 0], around[j0, 1], around[j0, 2]
        for k in range(codes.shape[1]):
            w = codes[i, k]
            r += w * passed[j0, k + 1, 0]
            g += w * passed[j0, k + 1, 1]
            b += w * passed[j0, k + 1, 2]
        if s < 0.999:
            r1, g1, b1 = passed[j1, 0, 0], passed[j1, 0, 1], passed[j1, 0, 2]
            for k in range(codes.shape[1]):
                w = codes[i, k]
                r1 += w * passed[j1, k + 1, 0]
                g1 += w * passed[j1, k + 1, 1]
                b1 += w * passed[j1, k + 1, 2]
            r, g, b = s * r + (1 - s) * r1, s * g + (1 - s) * g1, s * b + (1 - s) * b1
            least_r = s * least_r + (1 - s) * around[j1, 0]
            least_g = s * least_g + (1 - s) * around[j1, 1]
            least_b = s * least_b + (1 - s) * around[j1, 2]
        for lamp in range(len(beams)):
            share = open_(felt[i], lit[i, lamp])
            one = beams[lamp, j0, 0]
            for k in range(codes.shape[1]):
                one += codes[i, k] * beams[lamp, j0, k + 1]
            if s < 0.999:
                two = beams[lamp, j1, 0]
                for k in range(codes.shape[1]):
                    two += codes[i, k] * beams[lamp, j1, k + 1]
                one = s * one + (1 - s) * two
            one *= share
            r += one * power[lamp, 0]
            g += one * power[lamp, 1]
            b += one * power[lamp, 2]
            one = share * np.float32(Y00)
            least_r += one * power[lamp, 0]
            least_g += one * power[lamp, 1]
            least_b += one * power[lamp, 2]
        r, g, b = r * whole[i, 0], g * whole[i, 1], b * whole[i, 2]
        least_r *= np.float32(DIMMEST) * whole[i, 0]
        least_g *= np.float32(DIMMEST) * whole[i, 1]
        least_b *= np.float32(DIMMEST) * whole[i, 2]
        _colour(
            i, r, g, b, least_r, least_g, least_b, whole[i], gain, normal, gloss, sheen, fibre, axes, maps, c, j0, lit,
            felt, lobes, turns, mixed, lens_at, centre, tone_in, tone_curve, tone_out, spots,
        )  # fmt: skip
