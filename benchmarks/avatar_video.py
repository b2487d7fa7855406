"""Measures an actor made from a video, on a synthetic one: a house actor filmed, learned on a body of other colours.

    python benchmarks/avatar_video.py [--folder F] [--seconds 4] [--size 256] [--gaussians 8000] [--cpu-s 60]

Jonah says two lines before a plain set (raster look, a released film with its label). The base is his own body tinted
green, or Emi's. Ann, who signs for the film, is nobody. Reported are PSNR and SSIM on moments held out, over what the
person covers, before learning (the base's colours in the same light) and after; with framing and light
known, and with both found. Then the same in three lights that the video never had.
"""

import argparse
import datetime
import hashlib
import json
import struct
import tempfile
from dataclasses import replace
from pathlib import Path

from understudy.hub.actor import Actor
from understudy.hub.avatar import MEMBER, Avatar
from understudy.hub.body import Body
from understudy.hub.frames import Shot, ShotSize
from understudy.hub.performance import Performance, Pose
from understudy.hub.place import Backdrop, Place
from understudy.hub.rights import Purpose
from understudy.production.act import act
from understudy.production.film import FilmOptions
from understudy.production.footage import poses_at, read_clip
from understudy.production.portraying import PortrayalOptions, portray
from understudy.production.sets import save_set
from understudy.production.shoot import shoot
from understudy.production.viewing import view_clip
from understudy.render.splat.lamps import of_the_house
from understudy.render.splat.lessons import examine
from understudy.render.splat.seeding import sow
from understudy.render.splat.teachers import RasterTeacher
from understudy.render.splat.views import Ask
from understudy.rights import new_signer, read_signer, sign_consent, trust_licensor, write_consent
from understudy.testing.grants import grant_for, walk_on

SCENE = """INT. ROOM - DAY

JONAH
(warm)
I never did. Maybe you believe me, maybe not.
(angry)
Come back before the morning, do you hear?
"""
RELIT = ("interview", "sahara", "dusk")
GREY, GREEN = (0.18, 0.19, 0.2), [0.45, 0.75, 0.5, 1.0]


def plain(folder: Path) -> Path:
    """Returns the house studio with nothing but an even grey behind the actor."""
    studio = Place.open("studio")
    backdrop = Backdrop(GREY, GREY, GREY, aperture_m=0.0, bloom=0.0)
    grade = replace(studio.grade, vignette=0.0, grain=0.0)
    place = replace(studio, name="plain", backdrop=backdrop, grade=grade, wrap=0.0, veil=0.0)
    save_set(place, folder / "plain.json")
    return folder / "plain.json"


def green(body_glb: bytes) -> bytes:
    """Returns a body with every colour multiplied."""
    (length,) = struct.unpack("<I", body_glb[12:16])
    document = json.loads(body_glb[20 : 20 + length])
    for material in document["materials"]:
        material.setdefault("pbrMetallicRoughness", {})["baseColorFactor"] = GREEN
    told = json.dumps(document).encode()
    told += b" " * (-len(told) % 4)
    rest = body_glb[20 + length :]
    return struct.pack("<4sIIII", b"glTF", 2, 20 + len(told) + len(rest), len(told), 0x4E4F534A) + told + rest


def consent_for(video: Path, folder: Path) -> str:
    """Returns a consent of Ann, who is nobody."""
    key = folder / "ann.pem"
    if not key.exists():
        trust_licensor(new_signer(key), "ann")
    last = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(30)
    consent = write_consent(
        person="Ann Nobody", sample_sha256=hashlib.sha256(video.read_bytes()).hexdigest(), covers=("face",),
        purposes=(Purpose.SCRIPTED,), uses="a benchmark", ends_on=last.isoformat(),
    )  # fmt: skip
    return sign_consent(consent, read_signer(key))


def relit(made: Path, base: Actor, count: int, poses: list[Pose], size_px: tuple[int, int]) -> None:
    """Prints how near it comes to Jonah in lights that the video never had."""
    jonah, body = Actor.open("jonah"), Body.decode(base.body_glb, "the base")
    shot = Shot(ShotSize.CLOSE, size_px)
    for light in RELIT:
        asks = [Ask(pose, of_the_house(light), shot, "light") for pose in poses]
        views = list(RasterTeacher().pictures(asks, actor=jonah, grant=grant_for(jonah), shelf=None))
        before = examine(sow(body, "", count, 1, "video"), body, views)["light"]
        after = examine(Avatar.decode(Actor.open(made).files[MEMBER]), body, views)["light"]
        print(f"    in the light of {light}: {after.psnr_db:.2f} dB (before {before.psnr_db:.2f} dB)", flush=True)


def main() -> None:
    about = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    about.add_argument("--folder", type=Path, default=None)
    about.add_argument("--seconds", type=float, default=4.0)
    about.add_argument("--size", type=int, default=256)
    about.add_argument("--gaussians", type=int, default=8000)
    about.add_argument("--cpu-s", type=float, default=60.0)
    about.add_argument("--only", default="", help="known, found or emi")
    asked = about.parse_args()
    folder = asked.folder or Path(tempfile.mkdtemp())
    (folder / "scene.fountain").write_text(SCENE)
    whole = act(folder / "scene.fountain")["JONAH"]
    take = Performance.from_beats("jonah", [b for b in whole.beats(0.5) if b.start_s < asked.seconds - 0.01])
    take.save(folder / "clip.take")
    place = str(plain(folder))
    size = (asked.size, asked.size)
    shoot(take, folder / "clip.mp4", options=FilmOptions(size_px=size, shot=ShotSize.CLOSE, place=place))
    token = consent_for(folder / "clip.mp4", folder)
    jonah, emi = (Actor.open(name).body_glb for name in ("jonah", "emi"))
    known = {"shot": "close", "place": place}
    for name, glb, facts in (
        ("known", green(jonah), known), ("found", green(jonah), {}), ("emi", emi, {})
    ):  # fmt: skip
        if asked.only and asked.only != name:
            continue
        base = walk_on("base", body_glb=glb)
        options = PortrayalOptions(
            **facts, shape=False, minutes=asked.cpu_s / 60, size_px=asked.size, count=asked.gaussians, views=100
        )
        clip = read_clip(folder / "clip.mp4", count=100, height_px=asked.size, within_s=take.duration_s)
        body = Body.decode(glb, name)
        viewed = view_clip(clip, poses_at(take, clip), body, plate=None, shot=options.shot, place=options.place)
        held = [view for view in viewed.views if view.ask.held]
        before = examine(sow(body, "", asked.gaussians, 1, "video"), body, held)["expression"]
        made = portray(
            base, folder / "clip.mp4", folder / f"{name}.actor", take=folder / "clip.take", consent=token,
            options=options,
        )  # fmt: skip
        psnr_db, ssim = made.scores["expression"]
        print(
            f"{name}: held out {psnr_db:.2f} dB SSIM {ssim:.3f} (before learning {before.psnr_db:.2f} dB "
            f"SSIM {before.ssim:.3f}); known moments {made.scores['training'][0]:.2f} dB; {len(held)} held out; "
            f"{made.steps} steps, {made.bytes} bytes",
            flush=True,
        )
        relit(Path(made.path), base, asked.gaussians, [view.ask.pose for view in held[::4]], size)
        for note in made.notes:
            print("   ", note, flush=True)


if __name__ == "__main__":
    main()
