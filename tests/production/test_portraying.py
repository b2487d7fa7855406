"""A person is learned from a video: a house actor plays the person, so that what is right is known. Ann is nobody."""

import datetime
import hashlib
import io
import json
import struct
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from understudy.base.audio import Audio
from understudy.base.channels import ANIMATION_RATE_HZ, FACE, HEAD, SHAPE_INDEX, TRACK_CHANNELS
from understudy.base.errors import BadInput, NotAllowed, Unavailable
from understudy.hub.actor import Actor
from understudy.hub.avatar import MEMBER, Avatar
from understudy.hub.body import Body
from understudy.hub.frames import Shot, ShotSize
from understudy.hub.performance import Performance
from understudy.hub.place import Backdrop, Place
from understudy.hub.rights import ApprovalLevel, Purpose
from understudy.hub.track import Track
from understudy.judge.recognisers import has_dlib
from understudy.production.film import FilmOptions
from understudy.production.footage import Clip, poses_at, read_clip
from understudy.production.portraying import PortrayalOptions, portray
from understudy.production.sets import save_set
from understudy.production.shoot import shoot
from understudy.production.viewing import view_clip
from understudy.render.framing import frame_actor
from understudy.render.splat.lessons import examine
from understudy.render.splat.moulding import Round
from understudy.render.splat.seeding import sow
from understudy.rights import (
    authorise,
    consent_named,
    new_signer,
    read_signer,
    sign_consent,
    trust_licensor,
    withdraw,
    write_consent,
)
from understudy.testing.grants import walk_on

SECONDS, SIZE, GAUSSIANS, STEPS = 1.8, 128, 3000, 250
ROUNDS, COLOURS = (Round(128, 3000, 120, 30, 0.08, 0.06),), Round(128, 3000, 60, 60, 0.0, 0.0)
GREY = (0.18, 0.19, 0.2)
GREEN = [0.45, 0.75, 0.5, 1.0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of Jonah before an even grey, its take, its set, and the key of Ann, who signs for it."""
    to = tmp_path_factory.mktemp("video")
    studio = Place.open("studio")
    backdrop = Backdrop(GREY, GREY, GREY, aperture_m=0.0, bloom=0.0)
    grade = replace(studio.grade, vignette=0.0, grain=0.0)
    place = replace(studio, name="plain", backdrop=backdrop, grade=grade, wrap=0.0, veil=0.0)
    save_set(place, to / "plain.json")
    take = motion()
    take.save(to / "clip.take")
    options = FilmOptions(size_px=(SIZE, SIZE), shot=ShotSize.CLOSE, place=str(to / "plain.json"), quality="draft")
    shoot(take, to / "clip.mp4", options=options)
    trust_licensor(new_signer(to / "ann.pem"), "ann")
    return to


@pytest.fixture(scope="module")
def base() -> Actor:
    """Jonah's body in wrong colours, as an actor of this installation."""
    return walk_on("base", body_glb=green(Actor.open("jonah").body_glb))


@pytest.fixture(scope="module")
def clip(folder: Path) -> Clip:
    return read_clip(folder / "clip.mp4", count=100, height_px=SIZE, within_s=SECONDS)


def motion() -> Performance:
    frames = round(SECONDS * ANIMATION_RATE_HZ)
    at = np.linspace(0, 2 * np.pi, frames)
    tracks = {
        name: Track(name, channels, ANIMATION_RATE_HZ, np.zeros((frames, len(channels)), np.float32))
        for name, channels in TRACK_CHANNELS.items()
    }
    tracks[FACE].values[:, SHAPE_INDEX["jawOpen"]] = 0.3 - 0.3 * np.cos(2 * at)
    tracks[FACE].values[:, SHAPE_INDEX["mouthSmileLeft"]] = 0.4 + 0.4 * np.sin(3 * at)
    tracks[HEAD].values[:, 1] = 0.25 * np.sin(at)
    return Performance("jonah", Audio.silence(SECONDS, 16_000), tracks)


def green(body_glb: bytes) -> bytes:
    (length,) = struct.unpack("<I", body_glb[12:16])
    document = json.loads(body_glb[20 : 20 + length])
    for material in document["materials"]:
        material.setdefault("pbrMetallicRoughness", {})["baseColorFactor"] = GREEN
    told = json.dumps(document).encode()
    told += b" " * (-len(told) % 4)
    rest = body_glb[20 + length :]
    return struct.pack("<4sIIII", b"glTF", 2, 20 + len(told) + len(rest), len(told), 0x4E4F534A) + told + rest


def consent_for(folder: Path) -> str:
    last = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(30)
    digest = hashlib.sha256((folder / "clip.mp4").read_bytes()).hexdigest()
    consent = write_consent(
        person="Ann", sample_sha256=digest, covers=("face",), purposes=(Purpose.SCRIPTED,), uses="a film",
        ends_on=last.isoformat(),
    )  # fmt: skip
    return sign_consent(consent, read_signer(folder / "ann.pem"))


def test_the_camera_and_the_coverage_of_a_film_are_found(folder: Path, base: Actor, clip: Clip) -> None:
    body = Body.decode(base.body_glb, "base")
    viewed = view_clip(clip, poses_at(motion(), clip), body, plate=None, shot="", place="")
    camera = viewed.views[0].ask.camera
    assert camera is not None
    true = frame_actor(body, Shot(ShotSize.CLOSE, (SIZE, SIZE)))
    assert abs(np.log(camera.height_m / true.height_m)) < 0.08
    assert np.abs(np.subtract(camera.shift, true.shift)).max() < 0.04 * true.height_m
    assert any("camera was found" in note for note in viewed.notes)
    assert 4 <= sum(bool(view.ask.held) for view in viewed.views) <= 12
    for view in viewed.views[::10]:
        alpha = view.pixels[..., 3]
        assert alpha[2:20, 2:20].max() == 0 and alpha[SIZE // 2, SIZE // 2] == 255
        assert view.known is not None and not view.known[6, -10] and view.known.mean() > 0.9


def test_what_is_learned_shows_the_person_and_not_the_base(folder: Path, base: Actor, clip: Clip) -> None:
    token = consent_for(folder)
    to = folder / "ann.actor"
    known = PortrayalOptions(
        shot="close",
        place=str(folder / "plain.json"),
        steps=STEPS,
        size_px=SIZE,
        count=GAUSSIANS,
        views=100,
        shape=False,
    )
    done = portray(base, folder / "clip.mp4", to, take=folder / "clip.take", consent=token, options=known)
    body = Body.decode(base.body_glb, "base")
    viewed = view_clip(clip, poses_at(motion(), clip), body, plate=None, shot="close", place=known.place)
    held = [view for view in viewed.views if view.ask.held]
    before = examine(sow(body, "", GAUSSIANS, 1, ""), body, held)["expression"]
    after = done.scores["expression"][0]
    assert done.steps == STEPS
    # 28 dB was measured, the untrained cloud 17
    assert after > 24.0 and after > before.psnr_db + 6.0
    made = Actor.open(to)
    terms = made.licence
    assert (terms.kind, terms.approval) == ("independently_created", ApprovalLevel.PERSON_APPROVED_USE)
    assert terms.purposes == (Purpose.SCRIPTED,) and made.record.identity.kind == "independently_created"
    avatar = Avatar.decode(made.files[MEMBER])
    assert avatar.record.teacher == "video" and not (folder / ".ann.actor.work").exists()
    assert authorise(made, project="p", script_digest="").approval is ApprovalLevel.PERSON_APPROVED_USE
    with pytest.raises(BadInput, match="person's face already"):
        portray(made, folder / "clip.mp4", folder / "b.actor", take=folder / "clip.take", consent=token)
    withdraw(consent_named(token))
    with pytest.raises(NotAllowed, match="withdrew"):
        authorise(made, project="p", script_digest="")


class Narrow:
    """A head that is narrower below the eyes than Jonah's."""

    def __init__(self, middle: np.ndarray) -> None:
        self._middle = middle

    def moved(self, points: object, *, as_one: bool = False) -> np.ndarray:
        where = np.asarray(points, np.float64)
        p = where - self._middle
        low = 1 / (1 + np.exp((p[:, 1] + 0.045) / 0.012)) / (1 + np.exp(-(p[:, 1] + 0.15) / 0.01))
        return where + np.stack([-0.16 * p[:, 0] * low, 0 * low, -0.05 * np.maximum(p[:, 2] + 0.04, 0) * low], 1)

    def slopes(self, points: object) -> np.ndarray:
        return np.tile(np.eye(3), (len(np.asarray(points)), 1, 1))


def test_shape_and_textures_become_those_of_the_person(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from understudy.casting.groom import packed_groom
    from understudy.hub.glb_change import Change, changed
    from understudy.production import sculpting
    from understudy.render.framing import eye_middle
    from understudy.render.splat import moulding, repainting

    # fewer steps on smaller pictures than a user gets
    monkeypatch.setattr(sculpting, "DRAWN", 8)
    monkeypatch.setattr(repainting, "_MAP_PX", 256)
    monkeypatch.setattr(moulding.mould, "__kwdefaults__", {"rounds": ROUNDS, "seed": 1, "told": None})
    monkeypatch.setattr(moulding.colour, "__kwdefaults__", {"about": COLOURS, "seed": 1, "told": None})
    jonah = Body.decode(Actor.open("jonah").body_glb)
    albedo = jonah.mesh("skin").material.albedo
    assert albedo is not None
    stream = io.BytesIO()
    coded = (jonah.pictures[albedo].pixels(1024) * [0.75, 0.95, 0.8]).astype(np.uint8)
    PIL.Image.fromarray(coded).save(stream, "JPEG")
    change = Change(Narrow(eye_middle(jonah)), pictures={albedo: stream.getvalue()})
    base = walk_on("narrow", body_glb=changed(Actor.open("jonah").body_glb, change, packed_groom))
    to = folder / "shaped.actor"
    options = PortrayalOptions(
        shot="close", place=str(folder / "plain.json"), steps=30, size_px=SIZE, count=GAUSSIANS, views=100
    )
    done = portray(
        base, folder / "clip.mp4", to, take=folder / "clip.take", consent=consent_for(folder), options=options
    )
    made, first = Body.decode(Actor.open(to).body_glb), Body.decode(base.body_glb)
    true = jonah.mesh("skin").positions - eye_middle(jonah)
    away = [np.linalg.norm(b.mesh("skin").positions - eye_middle(b) - true, axis=1) for b in (first, made)]
    unlike = away[0] > 0.003
    assert unlike.sum() > 1000
    # 5.1 to 4.3 mm was measured with so few steps; benchmarks/avatar_shape.py takes the time
    assert away[1][unlike].mean() < 0.92 * away[0][unlike].mean(), (away[0][unlike].mean(), away[1][unlike].mean())
    red, _, blue = np.median(made.pictures[albedo].pixels(256).reshape(-1, 3), axis=0) / np.median(
        first.pictures[albedo].pixels(256).reshape(-1, 3), axis=0
    )
    assert red > 1.12 and blue > 1.08  # the base lacks a quarter of one and a fifth of the other
    assert any("was moved by" in note for note in done.notes)
    assert (
        Avatar.decode(Actor.open(to).files[MEMBER]).record.body_sha256
        == hashlib.sha256(Actor.open(to).body_glb).hexdigest()
    )
    authorise(Actor.open(to), project="p", script_digest="")


def test_when_memory_runs_out_what_was_learned_is_kept(folder: Path, base: Actor) -> None:
    def full(progress: object) -> None:
        raise MemoryError

    options = PortrayalOptions(shot="close", minutes=1.0, size_px=64, count=1000, views=100, shape=False)
    to = folder / "short.actor"
    with pytest.raises(Unavailable, match="what was learned is kept"):
        portray(
            base, folder / "clip.mp4", to, take=folder / "clip.take", consent=consent_for(folder), options=options,
            listener=full,
        )  # fmt: skip
    (note,) = (folder / ".short.actor.work").glob("*.note")
    assert note.stat().st_size > 10_000 and not to.exists()


def test_two_people_are_refused_by_outline_and_by_their_faces(
    base: Actor, clip: Clip, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = Body.decode(base.body_glb, "base")
    grey = clip.pictures[0][2:10, 2:10].mean((0, 1)).astype(np.uint8)
    empty = np.tile(grey, (SIZE, SIZE // 2, 1))
    both = tuple(
        np.concatenate([empty, empty[:, : SIZE // 4], picture, picture, empty[:, : SIZE // 4]], 1)[:, : 3 * SIZE]
        for picture in (p[:, :] for p in clip.pictures)
    )
    # one of them stands where the take says, the other beside
    both = tuple(np.roll(picture, SIZE // 4, 1) for picture in both)
    crowd = replace(clip, pictures=both, whole_px=(3 * SIZE, SIZE))
    if has_dlib():
        with pytest.raises(BadInput, match="Two faces"):
            view_clip(crowd, poses_at(motion(), crowd), body, plate=None, shot="close", place="")
    monkeypatch.setitem(sys.modules, "_dlib_pybind11", None)
    with pytest.raises(BadInput, match="More than one person"):
        view_clip(crowd, poses_at(motion(), crowd), body, plate=None, shot="close", place="")
