"""What a similarity of faces means: one actor's pictures, other actors, swaps and morphs, for each face network.

    .venv/bin/python benchmarks/identity.py [ACTOR ...]       # house actors without names

Every actor sits in three sets, from the front and turned by 20 and 35 degrees, with seven faces. Printed: the cosine of
a picture to the mean of the actor's own pictures in the studio (what `judge` calls identity), the same across sets, to
the means of the others, and what remains when a face is swapped for the nearest other, or morphed towards another by
10, 25 and 50 % (shape and colour, along the vertices that two skins have in common). Nothing here is a real person.
"""

import argparse
import math
import sys
from dataclasses import dataclass

import numpy as np

from understudy import judge, render
from understudy.hub.actor import Actor, house_actors
from understudy.hub.body import Body
from understudy.hub.frames import Shot, ShotSize
from understudy.hub.motion import Motion, Seen
from understudy.hub.place import Place
from understudy.judge.crops import face_crop
from understudy.judge.landmarks import find_landmarks
from understudy.judge.recognisers import Recogniser, has_dlib
from understudy.production.film import grants_for
from understudy.production.still import _rest

SMILE = {name: 0.5 for name in ("mouthSmileLeft", "mouthSmileRight", "cheekSquintLeft", "cheekSquintRight")}
FACES = {
    "neutral": {},
    "smile": SMILE,
    "ah": {"jawOpen": 0.55, "mouthLowerDownLeft": 0.2, "mouthLowerDownRight": 0.2},
    "oh": {"jawOpen": 0.28, "mouthFunnel": 0.55, "mouthPucker": 0.35},
    "anger": {"browDownLeft": 0.9, "browDownRight": 0.9, "noseSneerLeft": 0.4, "noseSneerRight": 0.4},
    "sad": {"browInnerUp": 0.8, "mouthFrownLeft": 0.55, "mouthFrownRight": 0.55},
    "blink": {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0},
}
SITTINGS = (
    ("studio", 0, tuple(FACES)), ("dusk", 0, ("neutral", "smile", "ah")), ("snow", 0, ("neutral", "smile", "ah")),
    ("studio", 20, ("neutral", "ah")), ("studio", -35, ("neutral", "smile")),
)  # fmt: skip
SIZE_PX = 480
MORPHS = (0.1, 0.25, 0.5)


@dataclass
class Shown:
    actor: str
    place: str
    turn: int
    face: str
    picture: np.ndarray
    landmarks: np.ndarray
    seen: Seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("actors", nargs="*")
    parser.add_argument("--networks", nargs="*", default=["sitting", *(["dlib"] if has_dlib() else [])])
    options = parser.parse_args()
    print("command:", " ".join(["benchmarks/identity.py", *sys.argv[1:]]))
    actors = [Actor.open(name) for name in options.actors or house_actors()]
    bodies = {actor.name: Body.decode(actor.body_glb) for actor in actors}
    shown = [picture for actor in actors for picture in sit(actor, bodies[actor.name])]
    print(f"{len(actors)} actors ({', '.join(bodies)}), {len(shown)} pictures")
    for name in options.networks:
        tell(judge.recogniser(name), shown, bodies)


def sit(actor: Actor, body: Body) -> list[Shown]:
    grant = grants_for([actor], project="calibration of the judge", script_digest="0" * 64)[actor.name]
    marks, out = find_landmarks(body), []
    for place, turn, faces in SITTINGS:
        shot = Shot(ShotSize.CLOSE, (SIZE_PX, SIZE_PX), 60.0, turn_rad=math.radians(turn))
        for face in faces:
            beat = _rest(FACES[face])
            frame = next(iter(render.render([beat], actor=actor, place=Place.open(place), shot=shot, grant=grant)))
            motion = Motion(body, shot.size_px, shot.fps, render.follow([beat], body=body, shot=shot))
            seen = next(iter(motion.seen))
            out.append(Shown(actor.name, place, turn, face, frame.image.pixels[..., :3], marks.at(seen), seen))
    return out


def tell(network: Recogniser, shown: list[Shown], bodies: dict[str, Body]) -> None:
    vectors = embedded(network, [(s.picture, s.landmarks) for s in shown])
    who = np.array([s.actor for s in shown])
    front = np.array([s.turn == 0 and s.place == "studio" for s in shown])
    names = list(bodies)
    means = np.stack([vectors[(who == name) & front].mean(axis=0) for name in names])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    alike = vectors @ means.T
    own = alike[np.arange(len(who)), [names.index(name) for name in who]]
    other = np.where(who[:, None] == np.array(names)[None], np.nan, alike)
    sets = np.array([s.turn == 0 and s.place != "studio" for s in shown])
    turned = np.array([s.turn != 0 for s in shown])
    print(f"\n{network.name}; one person above {network.same_person}")
    for label, values in (
        ("own studio pictures, seven faces", own[front]), ("the same in two other sets", own[sets]),
        ("turned by 20 and 35 degrees", own[turned]), ("swapped: any other actor", other[np.isfinite(other)]),
        ("swapped: the nearest other", np.nanmax(other, axis=1)),
    ):  # fmt: skip
        low, high = np.quantile(values, [0.05, 0.95])
        ends = f"{values.min():.3f}..{values.max():.3f}"
        print(f"  {label:34} mean {values.mean():.3f}  5-95 % {low:.3f}..{high:.3f}  {ends}")
    for share in MORPHS:
        values = morphs(network, shown, bodies, means, share)
        ends = f"{values.min():.3f}..{values.max():.3f}"
        print(f"  morphed {share:4.0%} towards another       mean {values.mean():.3f}  {ends}")
    right = (np.nanmax(other, axis=1) < own).mean()
    print(f"  pictures nearer to their own actor than to any other: {right:.1%}; area under ROC {auc(own, other):.4f}")
    pairs = sorted(
        ((means[i] @ means[j], names[i], names[j]) for i in range(len(names)) for j in range(i)), reverse=True
    )
    print("  most alike actors: " + ", ".join(f"{a} and {b} {value:.3f}" for value, a, b in pairs[:3]))


def morphs(
    network: Recogniser, shown: list[Shown], bodies: dict[str, Body], means: np.ndarray, share: float
) -> np.ndarray:
    """Returns the similarity to their first parent of neutral studio faces morphed towards the next two actors."""
    neutral = {s.actor: s for s in shown if s.face == "neutral" and s.turn == 0 and s.place == "studio"}
    names, crops, rows = list(bodies), [], []
    for i, name in enumerate(names):
        for step in (1, 2)[: max(1, len(names) - 1)]:
            other = names[(i + step) % len(names)]
            if other != name:
                crops.append(morph(neutral[name], neutral[other], bodies, share))
                rows.append(i)
    return (embedded(network, crops) * means[rows]).sum(axis=1)


def morph(a: Shown, b: Shown, bodies: dict[str, Body], share: float) -> tuple[np.ndarray, np.ndarray]:
    """Returns the picture and the landmarks of a face between two: vertices and colours in these shares."""
    from scipy.interpolate import LinearNDInterpolator
    from scipy.ndimage import map_coordinates
    from scipy.spatial import Delaunay, cKDTree

    skin_a, skin_b = bodies[a.actor].mesh("skin"), bodies[b.actor].mesh("skin")
    eyes = (bodies[a.actor].origin("leftEye") + bodies[a.actor].origin("rightEye")) / 2
    front = (skin_a.normals[:, 2] > 0.2) & (np.abs(skin_a.positions[:, 1] - eyes[1] + 0.03) < 0.12)
    front &= skin_a.positions[:, 2] > eyes[2] - 0.06
    near, match = cKDTree(skin_b.uv).query(skin_a.uv)
    ids = np.flatnonzero(front & (near < 1e-4))[::3]
    at_a, at_b = a.seen.points["skin"][ids, :2], b.seen.points["skin"][match[ids], :2]
    at = (1 - share) * at_a + share * at_b
    net = Delaunay(at)
    y, x = np.mgrid[:SIZE_PX, :SIZE_PX] + 0.5
    out, inside = np.zeros((SIZE_PX, SIZE_PX, 3)), None
    for places, picture, weight in ((at_a, a.picture, 1 - share), (at_b, b.picture, share)):
        source = LinearNDInterpolator(net, places)(x, y)
        inside = np.isfinite(source[..., 0])
        where = np.where(inside[..., None], source, np.stack([x, y], -1)) - 0.5
        planes = [
            map_coordinates(picture[..., k].astype(float), [where[..., 1], where[..., 0]], order=1) for k in range(3)
        ]
        out += weight * np.stack(planes, -1)
    shown = np.where(inside[..., None], out, a.picture) if inside is not None else out
    landmarks = (1 - share) * a.landmarks + share * b.landmarks
    return np.clip(np.rint(shown), 0, 255).astype(np.uint8), landmarks


def embedded(network: Recogniser, pictures: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    return network.embed(
        [face_crop(picture, at, size_px=network.size_px, padding=network.padding) for picture, at in pictures]
    )


def auc(own: np.ndarray, other: np.ndarray) -> float:
    """Returns the chance that a picture is more like its own actor than another picture is like another actor."""
    wrong = np.sort(other[np.isfinite(other)])
    return float(np.searchsorted(wrong, own).mean() / len(wrong))


if __name__ == "__main__":
    main()
