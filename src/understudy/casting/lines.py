"""The lines of a face: where skin folds when a face moves, and where age leaves the fold behind.

Each family returns millimetres of height at full strength (folds are cut into the skin, with a soft roll between
them) and is zero outside its region. The names are those of the groups of wrinkles in `wrinkles`.
"""

from collections.abc import Callable, Mapping

import numpy as np

from understudy.casting import anatomy
from understudy.casting.canvas import Canvas, bell, ramp
from understudy.casting.noise import Field, Points, fbm, worley

Heights = Mapping[str, Field]


def folds(phase: Points, width: float) -> Field:
    """(n,) a train of folds, one per unit of phase: -1 in the furrow (half width `width` of a unit), rolls between."""
    far = np.abs(phase - np.rint(phase))
    return np.asarray(0.30 * (0.5 - 0.5 * np.cos(2 * np.pi * far)) - np.exp(-((far / width) ** 2)))


def broken(c: Canvas, seed: int, least: float = 0.35, length_mm: float = 17.0) -> Field:
    """(n,) about 1: lines fade and begin again along their way."""
    return np.asarray(np.clip(0.8 + 1.3 * fbm(c.mm, 1 / length_mm, 2, seed), least, 1.45))


def forehead(c: Canvas) -> Field:
    """Four to five lines across, dipping a little in the middle, fading towards the temples."""
    x, y, _ = c.mm.T
    base = np.float32(c.marks["eye"][1] + 23)
    lift = 0.0016 * x * x - 2.6 * bell(x, 17)
    phase = (y - base + lift + 2.4 * c.coarse + 0.8 * c.medium) / 8.2
    where = ramp(-4, 7, y - base + lift) * ramp(46, 34, y - base) * ramp(52, 34, c.aside)
    where *= ramp(0.008, -0.004, c.above_hair)
    fine = folds(phase * 2.0 + 0.23 + 0.5 * c.medium, 0.16) * 0.22
    return np.asarray((folds(phase, 0.15) * broken(c, 201, 0.25, 21) + fine) * 0.85 * where * c.on(anatomy.HEAD))


def glabella(c: Canvas) -> Field:
    """The two upright lines between the brows, a fainter one beside, and the cross fold at the root of the nose."""
    x, y, _ = c.mm.T
    root = np.float32(c.marks["inner"][1])
    up = y - root
    along = ramp(3, 11, up) * ramp(33, 21, up)
    wander = x + 0.9 * c.medium + 1.2 * c.coarse
    lines = 1.0 * bell(wander - 6.4 - 0.07 * up, 1.25) + 0.8 * bell(wander + 6.9 + 0.06 * up, 1.25)
    lines += 0.35 * bell(wander - 0.6, 1.0) - 0.40 * bell(wander, 3.4)
    side = 0.35 * bell(np.abs(wander) - 12.5 - 0.2 * up, 1.2)
    cross = (
        folds((up - 0.10 * c.aside + 0.8 * c.medium) / 4.6, 0.2)
        * ramp(-4, 2, up)
        * ramp(14, 8, up)
        * ramp(15, 8, c.aside)
    )
    return np.asarray((-0.85 * (lines + side) * along + 0.42 * cross) * c.on(anatomy.HEAD))


def nose(c: Canvas) -> Field:
    """The slanting lines on the sides of the nose."""
    y = c.mm[:, 1] - np.float32(c.marks["inner"][1])
    phase = (0.80 * y + 0.66 * c.aside + 0.9 * c.medium + 0.4 * c.small) / 3.7
    where = ramp(3.5, 7.5, c.aside) * ramp(20, 14, c.aside) * ramp(5, 0, y) * ramp(-24, -14, y)
    where *= ramp(5.0, 10.0, c.lid_mm)
    return np.asarray(folds(phase, 0.2) * 0.40 * where * broken(c, 203, 0.3, 8) * c.on(anatomy.HEAD))


def crow(c: Canvas) -> Field:
    """The fan at the outer corners of the eyes, and the arcs under the lower lids."""
    outer, eye = c.marks["outer"], c.marks["eye"]
    across = c.aside - np.float32(outer[0]) + 0.75 * np.maximum(np.float32(outer[2]) - c.mm[:, 2], 0)
    up = c.mm[:, 1] - np.float32(outer[1])
    far = np.hypot(across, up) + 1e-3
    angle = np.degrees(np.arctan2(up + 0.10 * across, across)) + 5.5 * c.medium + 9.0 * c.coarse
    where = ramp(2.5, 8, far) * ramp(36, 20, far) * ramp(62, 40, np.abs(angle + 4)) * (across > 0)
    fan = folds(angle / 15.0 + 0.35, 0.17) * 0.55 * where * broken(c, 205, 0.3, 12)
    below = ramp(0, -4, c.mm[:, 1] - np.float32(eye[1]) + 4) * ramp(2, 5, c.lid_mm) * ramp(18, 11, c.lid_mm)
    below *= ramp(27, 17, np.abs(c.aside - np.float32(eye[0]) - 2))
    arc = (c.lid_mm + 0.16 * (c.aside - np.float32(eye[0])) + 0.7 * c.medium + 0.5 * c.small) / 3.1
    return np.asarray((fan + folds(arc, 0.2) * 0.26 * below * broken(c, 207, 0.3, 9)) * c.on(anatomy.HEAD))


def nasolabial(c: Canvas) -> Field:
    """The fold from the wing of the nose round the corner of the mouth, its swollen upper side, and the short arcs
    that a smile puts beside the corner."""
    side, y = _fold_mm(c)
    corner = c.marks["corner"]
    along = ramp(6, -3, y - np.float32(c.marks["nose"][1])) * ramp(-12, 0, y - np.float32(corner[1]))
    wander = side + 0.8 * c.medium + 0.4 * c.small
    soft = 1.9 + 0.5 * c.small
    crease = -1.75 * np.exp(-((wander / soft) ** 2)) + 1.7 * bell(wander - 5.5, 4.6) - 0.5 * bell(wander + 4.5, 3.2)
    beyond = c.aside - np.float32(corner[0])
    drop = y - np.float32(corner[1])
    arcs = folds((beyond + 0.02 * drop * drop + 0.8 * c.medium) / 4.1 + 0.3, 0.2) * 0.36
    arcs *= ramp(2.5, 5, beyond) * ramp(17, 11, beyond) * ramp(13, 6, np.abs(drop)) * broken(c, 209, 0.3, 9)
    return np.asarray((crease * along * ramp(30, 16, np.abs(side)) + arcs) * c.on(anatomy.HEAD))


def chin(c: Canvas) -> Field:
    """Dimples of the tensed chin, and the fold under the lower lip."""
    cell = worley(c.mm + 1.1 * np.stack([c.small, c.medium, c.small], 1), 1 / 4.6, 211)
    where = np.clip(1.15 * c.spot("chin", (0, 1, 0), (16, 11.5, 24)), 0, 1)
    return np.asarray(-0.60 * ramp(0.55, 0.05, cell[:, 0]) * where * c.on(anatomy.HEAD))


def lips(c: Canvas) -> Field:
    """Upright lines through the lips and the skin round them, when they are drawn together."""
    mouth = c.marks["mouth"]
    up = c.mm[:, 1] - np.float32(mouth[1])
    across = c.mm[:, 0] * (1 - 0.012 * np.abs(up)) + 0.5 * c.medium + 0.35 * c.small
    where = ramp(15.5, 8.0, c.ring) * ramp(1.0, 0.6, c.aside / np.float32(c.marks["corner"][0] + 2))
    around = ramp(19, 10, np.abs(up)) * (0.45 + 0.55 * np.clip(c.lips, 0, 1))
    return np.asarray(folds(across / 3.0, 0.22) * 0.34 * where * around * broken(c, 213, 0.3, 5) * c.on(anatomy.HEAD))


FAMILIES: Mapping[str, Callable[[Canvas], Field]] = {
    "forehead": forehead, "glabella": glabella, "nose": nose, "crow": crow, "nasolabial": nasolabial, "chin": chin,
    "lips": lips,
}  # fmt: skip
LEFT_BY_AGE = {
    "forehead": (0.10, 0.75), "glabella": (0.05, 0.60), "nose": (0.0, 0.15), "crow": (0.05, 0.95),
    "nasolabial": (0.10, 0.52), "chin": (0.0, 0.18), "lips": (0.0, 0.65),
}  # fmt: skip
"""What is left of each family in a face at rest: share at age 0.25 (about thirty) and at 1 (about seventy-five)."""


def heights(c: Canvas) -> Heights:
    """Every family, millimetres."""
    front = ramp(10, 24, c.mm[:, 2] - np.float32(c.marks["ear"][2]))
    return {name: make(c) * front for name, make in FAMILIES.items()}


def at_rest(c: Canvas, age: float, families: Heights) -> Field:
    """(n,) millimetres that age alone leaves: lines, bags under the eyes, folds of the throat, crepe, slack jowls."""
    total = np.zeros(len(c.mm), np.float32)
    for name, (young, old) in LEFT_BY_AGE.items():
        share = np.interp(age, [0.0, 0.25, 1.0], [0.3 * young, young, old])
        total += np.float32(share) * families[name]
    return np.asarray(total + _bags(c, age) + _throat(c, age) + _slack(c, age) + _crepe(c, age))


def _bags(c: Canvas, age: float) -> Field:
    """The pad under the lower lid and the groove that ends it."""
    eye = c.marks["eye"]
    below = ramp(-2, -6, c.mm[:, 1] - np.float32(eye[1])) * ramp(26, 14, np.abs(c.aside - np.float32(eye[0]) + 1))
    slant = c.lid_mm + 0.12 * (c.aside - np.float32(eye[0])) + 0.6 * c.medium
    shape = 0.9 * bell(slant - 7.5, 3.4) - 0.75 * bell(slant - 13.0, 2.2) - 0.22 * bell(slant - 3.0, 0.8)
    return np.asarray(np.float32(0.05 + 0.75 * age) * shape * below * c.on(anatomy.HEAD))


def _throat(c: Canvas, age: float) -> Field:
    """Rings round the neck, at every age; more of them, and strings, later."""
    chin_mm = np.float32(c.marks["chin"][1])
    where = ramp(-28, -48, c.mm[:, 1] - chin_mm) * c.on(anatomy.TORSO, anatomy.HEAD)
    bent = c.mm[:, 1] - 0.10 * c.aside + 2.2 * c.coarse + 0.7 * c.medium
    rings = folds(bent / 17.0 + 0.2, 0.055) * broken(c, 215, 0.1, 30)
    fine = folds(bent / 4.8, 0.2) * 0.3 * np.clip(c.coarse + 0.4, 0, 1)
    return np.asarray(where * (np.float32(0.10 + 0.42 * age) * rings + np.float32(0.45 * age * age) * fine))


def _slack(c: Canvas, age: float) -> Field:
    """Marionette lines, the jowl before the jaw, hollow temples."""
    late = np.float32(np.clip((age - 0.3) / 0.7, 0, 1))
    corner = c.marks["corner"]
    drop = c.mm[:, 1] - np.float32(corner[1])
    line = c.aside - np.float32(corner[0]) - 2.5 + 0.10 * drop + 0.8 * c.medium
    mouth = (-0.62 * bell(line, 2.3) + 0.62 * bell(line - 5.5, 4.6)) * ramp(1, -5, drop) * ramp(-30, -14, drop)
    mouth += 0.9 * c.pair("corner", (16, -26, -16), (10, 8, 16)) - 0.7 * c.pair("corner", (3, -32, -8), (6, 6, 12))
    mouth -= 1.2 * c.pair("eye", (30, 12, -22), (9, 14, 18)) + 0.8 * c.pair("eye", (14, -44, -14), (10, 12, 20))
    return np.asarray(late * mouth * c.on(anatomy.HEAD))


def _crepe(c: Canvas, age: float) -> Field:
    """Fine criss-cross of thin skin: cheeks, lids and throat of later years."""
    late = np.float32(np.clip((age - 0.35) / 0.65, 0, 1) ** 1.5)
    if late <= 0:
        return np.zeros(len(c.mm), np.float32)
    where = c.pair("eye", (16, -34, -16), (22, 26, 34)) + 0.7 * bell(c.lid_mm - 6, 6) + 0.3 * c.face
    tilt = np.float32(0.7) * np.sign(c.mm[:, 0]) * c.mm[:, 1]
    one = folds((c.mm[:, 0] + tilt + 1.6 * c.medium) / 2.6, 0.18) * broken(c, 217, 0.0, 7)
    two = folds((c.mm[:, 0] - 0.8 * tilt + 1.6 * c.coarse + c.medium) / 3.3, 0.18) * broken(c, 219, 0.0, 9)
    return np.asarray(late * 0.11 * (one + two) * np.clip(where, 0, 1) * (1 - np.clip(c.lips, 0, 1)))


def _fold_mm(c: Canvas) -> tuple[Field, Field]:
    """(n,) millimetres outwards from the nasolabial fold, and the height y."""
    nose_mm, corner = c.marks["nose"], c.marks["corner"]
    y = c.mm[:, 1]
    top, low = np.float32(nose_mm[1] + 4), np.float32(corner[1] - 6)
    t = np.clip((top - y) / (top - low), -0.4, 1.3)
    fold = 15.0 + np.float32(corner[0] + 7.5 - 15.0) * t + 3.0 * np.sin(np.pi * np.clip(t, 0, 1))
    return np.asarray(c.aside - fold), y
