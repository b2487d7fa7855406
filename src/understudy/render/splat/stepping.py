"""The learned numbers of a cloud: unpacked for drawing, stepped, kept plausible, and smoothed among neighbours."""

import numpy as np

from understudy.render.splat.backward import FELT, GAIN, GLOSS, OPACITY, SHEEN, SIZE, TRANSFER, TURN
from understudy.render.splat.compiled import inlined, parallel, prange

WHITEST = 1.0
"""Most of the first harmonic that can go on; a white surface in the open passes on 0.28 of it, and hair lit from behind
more."""


@parallel
def unpack(learned, axes, size, opacity, transfer, gain, gloss, sheen, felt, has_gloss):
    """Writes what `project` and `shade` take from the learned numbers."""
    for i in prange(len(learned)):
        row = learned[i]
        w, x, y, z = row[TURN], row[TURN + 1], row[TURN + 2], row[TURN + 3]
        q = np.float32(1.0) / max(np.sqrt(w * w + x * x + y * y + z * z), np.float32(1e-8))
        w *= q
        x *= q
        y *= q
        z *= q
        a, b, c = np.exp(row[SIZE]), np.exp(row[SIZE + 1]), np.exp(row[SIZE + 2])
        size[i, 0], size[i, 1], size[i, 2] = a, b, c
        m = axes[i]
        m[0, 0] = (1 - 2 * (y * y + z * z)) * a
        m[0, 1] = 2 * (x * y - w * z) * b
        m[0, 2] = 2 * (x * z + w * y) * c
        m[1, 0] = 2 * (x * y + w * z) * a
        m[1, 1] = (1 - 2 * (x * x + z * z)) * b
        m[1, 2] = 2 * (y * z - w * x) * c
        m[2, 0] = 2 * (x * z - w * y) * a
        m[2, 1] = 2 * (y * z + w * x) * b
        m[2, 2] = (1 - 2 * (x * x + y * y)) * c
        opacity[i] = np.float32(1.0) / (np.float32(1.0) + np.exp(-row[OPACITY]))
        for k in range(16):
            for ch in range(3):
                transfer[i, k, ch] = row[TRANSFER + 3 * k + ch]
        gloss[i, 0] = np.exp(row[GLOSS]) if has_gloss[i] else np.float32(0.0)
        gloss[i, 1] = np.exp(row[GLOSS + 1])
        for k in range(3):
            sheen[i, k] = row[SHEEN + k]
        felt[i] = np.float32(1.0) / (np.float32(1.0) + np.exp(-row[FELT]))
        for k in range(gain.shape[1]):
            gain[i, k] = row[GAIN + k]


@inlined
def _plausible(row, even):
    """Keeps how light is passed on within what a surface can do.

    No channel gives more in one harmonic than a beam from one side would (|t_lm| <= sqrt(2 l + 1) t_00), and the three
    channels share one form, but for a rest that fades by `even` a step: a surface of one colour does not turn a white
    light green from one side.
    """
    total = np.float32(1e-6)
    for c in range(3):
        row[TRANSFER + c] = min(max(row[TRANSFER + c], np.float32(0.0)), np.float32(WHITEST))
        total += row[TRANSFER + c]
    for k in range(1, 16):
        most = np.float32(1.7) if k < 4 else np.float32(1.6)
        at = TRANSFER + 3 * k
        form = (row[at] + row[at + 1] + row[at + 2]) / total
        for c in range(3):
            whole = row[TRANSFER + c]
            t = row[at + c] + even * (form * whole - row[at + c])
            row[at + c] = min(max(t, -most * whole), most * whole)


@parallel
def forms(learned, tint, out):
    """Writes out (n, 18): how light goes on from each side, as shares of how it goes on from everywhere; then the
    colour of that against the tint (n, 3) of the paint.
    """
    for i in prange(len(learned)):
        total = np.float32(1e-5)
        for c in range(3):
            total += learned[i, TRANSFER + c]
        for k in range(1, 16):
            at = TRANSFER + 3 * k
            out[i, k - 1] = (learned[i, at] + learned[i, at + 1] + learned[i, at + 2]) / total
        for c in range(3):
            out[i, 15 + c] = learned[i, TRANSFER + c] / total / tint[i, c]


@parallel
def smooth(learned, near, form, plain, tint, share, plainer):
    """Draws the form of each by `share` to the mean of its neighbours, and that by `plainer` to a plain surface.

    near: (n, k) numbers; form: (n, 18) from `forms`; plain: (n, 15) that of a surface which nothing shades.
    """
    for i in prange(len(learned)):
        total = learned[i, TRANSFER] + learned[i, TRANSFER + 1] + learned[i, TRANSFER + 2]
        means = np.float32(1e-6)
        for c in range(3):
            mean = np.float32(0.0)
            for j in range(near.shape[1]):
                mean += form[near[i, j], 15 + c]
            means += ((1 - plainer) * mean / near.shape[1] + plainer) * tint[i, c]
        for c in range(3):
            mean = np.float32(0.0)
            for j in range(near.shape[1]):
                mean += form[near[i, j], 15 + c]
            mean = ((1 - plainer) * mean / near.shape[1] + plainer) * tint[i, c] / means
            learned[i, TRANSFER + c] += share * (mean * total - learned[i, TRANSFER + c])
        for k in range(15):
            mean = np.float32(0.0)
            for j in range(near.shape[1]):
                mean += form[near[i, j], k]
            mean = (1 - plainer) * mean / near.shape[1] + plainer * plain[i, k]
            at = TRANSFER + 3 * (k + 1)
            for c in range(3):
                learned[i, at + c] += share * (mean * learned[i, TRANSFER + c] - learned[i, at + c])
        _plausible(learned[i], np.float32(0.0))


@parallel
def step(learned, first, second, wanted, rates, inside, low, high, tick, even, fade):
    """One step of Adam (Kingma & Ba 2015) for what was seen; low, high: bounds of each column. even: see _plausible.

    fade: how far opacity falls, as a share of the most that a step moves it, so that what nobody needs goes (the
    regulariser of Kheradmand et al. 2024, decoupled as in Loshchilov & Hutter 2019).
    """
    near, far = np.float32(1 - 0.9**tick), np.float32(1 - 0.999**tick)
    for i in prange(len(learned)):
        if inside[i] == 0:
            continue
        for k in range(learned.shape[1]):
            g = wanted[i, k]
            first[i, k] = np.float32(0.9) * first[i, k] + np.float32(0.1) * g
            second[i, k] = np.float32(0.999) * second[i, k] + np.float32(0.001) * g * g
            move = (first[i, k] / near) / (np.sqrt(second[i, k] / far) + np.float32(1e-12))
            if k == OPACITY:
                move += fade
            learned[i, k] = min(max(learned[i, k] - rates[k] * move, low[k]), high[k])
        _plausible(learned[i], even)
