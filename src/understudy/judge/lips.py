"""How far the lips are open, on a take's weights or on its actor's mesh, and whether they keep their promises.

On the mesh the opening is the vertical distance of the five central pairs of inner-lip vertices that every body
carries (`extras.lips`), against their distance at rest, where the lips touch. Without a body it is read off the
weights with `OPENS`, in units of a wide open jaw.
"""

import numpy as np
import numpy.typing as npt

from understudy.base.channels import BILABIALS, FACE, LABIODENTALS, SHAPE_INDEX
from understudy.base.errors import BadInput
from understudy.hub.body import Body, Mesh
from understudy.hub.performance import Event, Performance
from understudy.hub.scores import Score, Scores
from understudy.judge.closing import AROUND_S, CLOSED_SHARE, false_closures, least

Floats = npt.NDArray[np.float64]

TOUCHING_MM = 0.3
BITTEN_MM = 1.0

OPENS = {
    "jawOpen": 1.0, "mouthClose": -1.0, "mouthFunnel": 0.25, "mouthLowerDownLeft": 0.07, "mouthLowerDownRight": 0.07,
    "mouthUpperUpLeft": 0.09, "mouthUpperUpRight": 0.09, "mouthShrugUpper": 0.12, "mouthShrugLower": -0.13,
    "mouthRollLower": -0.09, "mouthRollUpper": -0.08, "mouthSmileLeft": -0.04, "mouthSmileRight": -0.04,
    "mouthPressLeft": -0.03, "mouthPressRight": -0.03,
}  # fmt: skip
"""What one unit of each weight does to the opening, against jawOpen (28.7 mm), measured on the mesh of Emi."""


def aperture(take: Performance, body: Body | None = None) -> Floats:
    """Returns (frames,) lip opening on the take's face track: mm on the mesh, else 0..1 on the weights.

    Negative values are lips pressed beyond touching.
    """
    face = _face(take)
    if body is None:
        return np.asarray(face[:, [SHAPE_INDEX[name] for name in OPENS]] @ np.array(list(OPENS.values())))
    skin = body.mesh("skin")
    above, below = _inner_lips(skin)
    gaps = _vertices(skin, above, face)[..., 1] - _vertices(skin, below, face)[..., 1]
    return np.asarray(gaps.mean(axis=1) * 1000 - rest_gap_mm(body))


def rest_gap_mm(body: Body) -> float:
    """Returns the height between the paired inner-lip vertices at rest."""
    skin = body.mesh("skin")
    above, below = _inner_lips(skin)
    return float((skin.positions[above, 1] - skin.positions[below, 1]).mean() * 1000)


def _inner_lips(skin: Mesh) -> tuple[list[int], list[int]]:
    pairs = sorted(skin.extras["lips"], key=lambda pair: abs(float(skin.positions[pair["upper"], 0])))[:5]
    return [int(pair["upper"]) for pair in pairs], [int(pair["lower"]) for pair in pairs]


def bite(take: Performance, body: Body) -> Floats:
    """Returns (frames,) distance in mm of the lower lip to the nearest upper-teeth edge vertex."""
    from scipy.spatial import cKDTree

    skin, teeth = body.mesh("skin"), body.mesh("teethUpper")
    named = skin.extras["lowerLipTeeth"]
    lip = _vertices(skin, named["lowerLip"], _face(take))
    edge = teeth.positions[named["teethUpper"]]
    distances, _ = cKDTree(edge).query(lip.reshape(-1, 3))
    return np.asarray(distances.reshape(lip.shape[:2]).min(axis=1) * 1000)


def closures(take: Performance, body: Body | None = None) -> Scores:
    """Returns how many /p b m/ close, how many /f v/ bite (with a body) and how many closures nothing asked for.

    Raises BadInput when the take has no phones or no face.
    """
    phones = [event for event in take.events if event.kind == "phone"]
    if not phones:
        raise BadInput("This take names no phones, so closures cannot be judged; perform it from text.")
    opening, rate_hz = aperture(take, body), take.tracks[FACE].rate_hz
    span = max(float(np.percentile(opening, 95)), 1e-6)
    bilabials = [phone for phone in phones if phone.name in BILABIALS]
    nearest = np.array([least(opening, rate_hz, phone) for phone in bilabials])
    where = "on the mesh" if body is not None else "on the weights"
    scores = [
        Score("range", span, "mm" if body else "", how=f"95th percentile of the lip opening {where}"),
        _share(
            "p_b_m_closed", nearest < CLOSED_SHARE * span, 100.0,
            f"opening {where} below {CLOSED_SHARE:.0%} of its range, {len(nearest)} phones +-{AROUND_S * 1000:.0f} ms",
        ),
    ]  # fmt: skip
    if body is not None:
        scores.append(
            _share("p_b_m_touching", nearest <= TOUCHING_MM, 100.0, f"at most {TOUCHING_MM} mm apart on the mesh")
        )
        scores.append(
            Score("rest_gap", rest_gap_mm(body), "mm", how="height between paired inner-lip vertices at rest")
        )
        bites = bite(take, body)
        near = [least(bites, rate_hz, phone) for phone in phones if phone.name in LABIODENTALS]
        scores.append(
            _share(
                "f_v_bitten",
                np.array(near) <= BITTEN_MM,
                95.0,
                f"lower lip to upper teeth at most {BITTEN_MM} mm, {len(near)} phones",
            )
        )
    scores.append(_false_closures(opening, rate_hz, phones, CLOSED_SHARE * span))
    return Scores(f"lips of {take.actor_name}", tuple(scores))


def _false_closures(opening: Floats, rate_hz: float, phones: list[Event], closed_below: float) -> Score:
    """Share of closures of two frames or more that stand neither at /p b m f v/ nor in a pause."""
    wrong, runs = false_closures(opening, rate_hz, phones, closed_below)
    value = 100.0 * wrong / runs if runs else 0.0
    how = f"{wrong} of {runs} closures outside /p b m f v/ and pauses"
    return Score("false_closures", value, "%", "at most 10 %", value <= 10.0, how)


def _share(name: str, kept: npt.NDArray[np.bool_], least: float, how: str) -> Score:
    if not len(kept):
        return Score(name, float("nan"), "%", f"at least {least:.0f} %", None, "there is no such phone in the take")
    value = 100.0 * float(np.mean(kept))
    return Score(name, value, "%", f"at least {least:.0f} %", value >= least, how)


def _face(take: Performance) -> npt.NDArray[np.float32]:
    if FACE not in take.tracks or not len(take.tracks[FACE].values):
        raise BadInput("This take has no face track, so its lips cannot be judged.")
    return take.tracks[FACE].values


def _vertices(mesh: Mesh, ids: list[int], face: npt.NDArray[np.float32]) -> Floats:
    """Returns (frames, len(ids), 3) places of a few vertices under every frame's weights, without head motion."""
    places = np.repeat(mesh.positions[None, ids].astype(np.float64), len(face), axis=0)
    for name, morph in mesh.morphs.items():
        found = {int(vertex): row for row, vertex in enumerate(morph.vertices)}
        rows = [(i, found[vertex]) for i, vertex in enumerate(ids) if vertex in found]
        weights = face[:, SHAPE_INDEX[name]].astype(np.float64)
        if rows and weights.any():
            at, row = (list(part) for part in zip(*rows, strict=True))
            places[:, at] += weights[:, None, None] * morph.positions[row]
    return places
