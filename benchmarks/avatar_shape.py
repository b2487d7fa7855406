"""Measures shape and textures of an actor made from a video, against a synthetic person whose shape is known.

    understudy cast "a woman of forty with long hair" --seed 5 -o person.actor
    python benchmarks/avatar_shape.py --person person.actor [--base emi] [--light known|found] [--steps 600]

The person, cast from words and so nobody, speaks and turns before a plain set (raster look, a released film with its
label). From that film and the take alone an actor is made on the body of the base. Reported, before (the base) and
after: distance of the face to the person's in millimetres, eye to eye, point by point (bodies of one cast share a
texture layout) and across the surface; error of the texture of the face, a natural logarithm; and what the raster
look of the made actor is like the person's in pictures of a moment and a side that the film does not have: PSNR over
the person, and likeness of the faces by Understudy's own network.
"""

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from avatar_video import SCENE, consent_for, plain

from understudy.base.channels import HEAD
from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.frames import Shot, ShotSize
from understudy.hub.performance import Performance, Pose
from understudy.hub.place import Place
from understudy.judge.identity import face_of_still
from understudy.judge.landmarks import find_landmarks
from understudy.judge.recognisers import recogniser
from understudy.production.act import act
from understudy.production.film import FilmOptions
from understudy.production.footage import poses_at, read_clip
from understudy.production.portraying import PortrayalOptions, portray
from understudy.production.shoot import shoot
from understudy.render.framing import eye_middle, frame_actor, stage_from_model
from understudy.render.posing import joint_turns
from understudy.render.splat.teachers import RasterTeacher
from understudy.render.splat.views import Ask
from understudy.testing.grants import grant_for, walk_on

Doubles = npt.NDArray[np.float64]
SIDE = 512


def turning(seconds: float, folder: Path) -> Performance:
    """Returns two lines that are spoken while the head turns from side to side."""
    (folder / "scene.fountain").write_text(SCENE)
    whole = act(folder / "scene.fountain")["JONAH"]
    take = Performance.from_beats("person", [b for b in whole.beats(0.5) if b.start_s < seconds - 0.01])
    head = take.tracks[HEAD]
    at = np.arange(len(head.values)) / head.rate_hz
    values = head.values.copy()
    values[:, 1] += 0.5 * np.sin(2 * np.pi * at / 3.1)
    values[:, 0] += 0.15 * np.sin(2 * np.pi * at / 2.3)
    return replace(take, tracks={**take.tracks, HEAD: replace(head, values=values.astype(np.float32))})


def apart(made: Body, person: Body) -> tuple[float, float, float]:
    """Returns the mean distance of two faces, point by point and across the surface, in mm, and of their colours."""
    from scipy.spatial import cKDTree

    a, b = made.mesh("skin"), person.mesh("skin")
    assert a.uv is not None and b.uv is not None
    off, same = cKDTree(b.uv).query(a.uv)
    here = a.positions - eye_middle(made)
    face = (off < 1e-4) & (here[:, 2] > -0.045) & (here[:, 1] > -0.12) & (here[:, 1] < 0.07)
    away = (here - (b.positions[same] - eye_middle(person)))[face]
    across = np.abs((away * a.normals[face]).sum(1))
    colours = [_linear(body)[tuple((a.uv[face][:, ::-1] * 511).astype(int).T)] for body in (made, person)]
    off_by = np.abs(np.log((colours[0] + 0.01) / (colours[1] + 0.01))).mean()
    return 1e3 * float(np.linalg.norm(away, axis=1).mean()), 1e3 * float(across.mean()), float(off_by)


def _linear(body: Body) -> Doubles:
    albedo = body.mesh("skin").material.albedo
    assert albedo is not None
    coded = body.pictures[albedo].pixels(512)[:512, :512] / 255.0
    return np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)


def pictures(who: Actor, poses: list[Pose], place: Place) -> tuple[list[npt.NDArray[np.uint8]], list[Doubles]]:
    """Returns (512, 512, 4) pictures of an actor from sides that the film does not have, and (5, 2) places in them."""
    shots = [Shot(ShotSize.CLOSE, (SIDE, SIDE), turn_rad=turn) for turn in (-0.35, 0.0, 0.35)]
    asks = [Ask(pose, place, shot) for pose, shot in zip(poses, shots, strict=True)]
    views = list(RasterTeacher().pictures(asks, actor=who, grant=grant_for(who), shelf=None))
    body = Body.decode(who.body_glb, who.name)
    marks = find_landmarks(body)
    places = []
    for ask in asks:
        camera = frame_actor(body, ask.shot)
        points = body.posed(marks.skin, ask.pose.face, joint_turns(ask.pose))[marks.vertices]
        stage = stage_from_model(body, camera)
        x, y, _ = camera.seen(points @ stage[:3, :3].T + stage[:3, 3])
        places.append(np.stack([x, y], 1) * SIDE)
    return [view.pixels for view in views], places


def alike(
    made: tuple[list[npt.NDArray[np.uint8]], list[Doubles]], person: tuple[list[npt.NDArray[np.uint8]], list[Doubles]]
) -> str:
    """Returns PSNR over the person and likeness of the faces, in words."""
    square = []
    for a, b in zip(made[0], person[0], strict=True):
        there = b[..., 3] > 128
        square.append(float((((a[..., :3] / 255.0) - (b[..., :3] / 255.0))[there] ** 2).mean()))
    network = recogniser("sitting")
    found = [
        np.concatenate([face_of_still(_before(p), network, at).vectors for p, at in zip(*some, strict=True)])
        for some in (made, person)
    ]
    same = float((found[0] * found[1]).sum(1).mean())
    return f"{-10 * np.log10(np.mean(square)):.1f} dB, likeness {same:.3f}"


def _before(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    alpha = picture[..., 3:] / 255.0
    return np.asarray(picture[..., :3] * alpha + 90 * (1 - alpha), np.uint8)


def main() -> None:
    about = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    about.add_argument("--person", type=Path, required=True)
    about.add_argument("--base", default="emi")
    about.add_argument("--light", default="known", choices=("known", "found"))
    about.add_argument("--seconds", type=float, default=6.0)
    about.add_argument("--size", type=int, default=512)
    about.add_argument("--steps", type=int, default=600)
    about.add_argument("--folder", type=Path, default=None)
    asked = about.parse_args()
    folder = asked.folder or Path(tempfile.mkdtemp())
    folder.mkdir(exist_ok=True, parents=True)
    person = Actor.open(str(asked.person))
    base = walk_on("base", body_glb=Actor.open(asked.base).body_glb)
    place = plain(folder)
    take = turning(asked.seconds, folder)
    take.save(folder / "clip.take")
    options = FilmOptions(size_px=(asked.size, asked.size), shot=ShotSize.CLOSE, place=str(place))
    shoot(take, folder / "clip.mp4", actor=str(asked.person), options=options)
    known = {"shot": "close", "place": str(place)} if asked.light == "known" else {}
    made = folder / "made.actor"
    made.unlink(missing_ok=True)
    done = portray(
        base, folder / "clip.mp4", made, take=folder / "clip.take", consent=consent_for(folder / "clip.mp4", folder),
        options=PortrayalOptions(**known, steps=asked.steps, size_px=asked.size, count=20_000),
        listener=lambda p: print(f"\r{p.note} {100 * p.film_s / p.expected_s:3.0f} %  ", end="", flush=True),
    )  # fmt: skip
    print()
    for note in done.notes:
        print("   ", note)
    print("neural look, moments held out:", done.scores)
    clip = read_clip(folder / "clip.mp4", count=30, height_px=64, within_s=asked.seconds)
    poses = [poses_at(take, clip)[i] for i in (4, 15, 26)]
    light = replace(Place.open(str(place)), transparent=True)
    result = Actor.open(str(made))
    true = pictures(person, poses, light)
    theirs = Body.decode(person.body_glb, "the person")
    for name, who in (("before", base), ("after", result)):
        all_mm, across_mm, colour = apart(Body.decode(who.body_glb, name), theirs)
        shown = pictures(who, poses, light)
        print(
            f"{name}: face {all_mm:.2f} mm point by point, {across_mm:.2f} mm across, texture {colour:.2f}; "
            f"raster look {alike(shown, true)}"
        )


if __name__ == "__main__":
    main()
