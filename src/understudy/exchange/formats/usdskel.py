"""An actor who moves, as USD: the exported body with a UsdSkel animation of joints and shapes, and sound on its clock.

One time code is one frame. `.usdz` holds everything, its sound too; `.usda`, `.usdc` and `.usd` refer to pictures and
sound beside them. Pixar, "UsdSkel Schemas" (SkelAnimation) and "UsdMedia" (SpatialAudio).
"""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from understudy.base.channels import ANIMATION_RATE_HZ, SHAPE_INDEX
from understudy.exchange.formats.joints import local_matrices, parts
from understudy.exchange.usd import Authored, author, packed, safe
from understudy.hub.card import Card
from understudy.hub.departure import Carries, Departure


class UsdSkel:
    """For Omniverse, Houdini, Maya, Blender, Unreal and, as .usdz, Apple's Quick Look."""

    card: ClassVar[Card] = Card("usd", "USD: the actor moving, with sound", "own", needs="extra usd")
    carries: ClassVar[Carries] = Carries.BODY
    rate_hz: ClassVar[float] = ANIMATION_RATE_HZ
    many: ClassVar[bool] = False
    sound: ClassVar[str] = "inside"
    turns: ClassVar[bool] = True

    def write(self, departure: Departure, *, ending: str) -> Mapping[str, bytes]:
        """Returns the .usdz, or the layer and its pictures. Raises MissingExtra without the extra `usd`."""
        ending = ending.lower()
        alone = ending == "usdz"
        with tempfile.TemporaryDirectory(prefix="understudy-usd-") as home:
            folder = Path(home)
            name = safe(departure.title)
            pictures = "" if alone else f"{departure.title}.pictures"
            path = folder / f"{name}.{'usdc' if alone else ending}"
            made = author(departure.actor, departure.marks, path, pictures=pictures)
            _animate(made, departure)
            sound = departure.sound
            if alone and departure.sound_wav:
                sound = f"{name}.wav"
                (folder / sound).write_bytes(departure.sound_wav)
            if sound:
                _voice(made, sound)
            made.stage.GetRootLayer().Save()
            if alone:
                return {"": packed(path)}
            beside = sorted((folder / pictures).iterdir())
            return {"": path.read_bytes(), **{f"{pictures}/{file.name}": file.read_bytes() for file in beside}}


def _animate(made: Authored, departure: Departure) -> None:
    """Adds the animation of joints and shapes and says which frames there are."""
    from pxr import Gf, Sdf, UsdSkel, Vt

    stage, body = made.stage, made.body
    frames = len(departure.times_s)
    stage.SetTimeCodesPerSecond(departure.rate_hz)
    stage.SetFramesPerSecond(departure.rate_hz)
    stage.SetStartTimeCode(0)
    stage.SetEndTimeCode(frames - 1)
    clip = UsdSkel.Animation.Define(stage, f"{made.root.GetPath()}/performance")
    shapes = [name for name in SHAPE_INDEX if any(name in mesh.morphs for mesh in body.meshes)]
    clip.CreateJointsAttr(made.joints)
    clip.CreateBlendShapesAttr(shapes)
    shifts, turns, scales = _moved(made, departure)
    face = departure.face[:, [SHAPE_INDEX[name] for name in shapes]]
    translations = clip.CreateTranslationsAttr()
    rotations, weights = clip.CreateRotationsAttr(), clip.CreateBlendShapeWeightsAttr()
    clip.CreateScalesAttr(Vt.Vec3hArray([Gf.Vec3h(*row) for row in scales[0].tolist()]))
    with Sdf.ChangeBlock():
        for k in range(frames):
            translations.Set(Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(shifts[k])), k)
            rotations.Set(Vt.QuatfArray([Gf.Quatf(w, x, y, z) for x, y, z, w in turns[k].tolist()]), k)
            weights.Set(Vt.FloatArray.FromNumpy(np.ascontiguousarray(face[k])), k)
    UsdSkel.BindingAPI.Apply(made.skeleton.GetPrim()).CreateAnimationSourceRel().SetTargets([clip.GetPath()])


def _moved(made: Authored, departure: Departure) -> tuple[Any, Any, Any]:
    """Returns translations, rotations (x, y, z, w) and scales: (frames, joints, 3 or 4)."""
    frames = len(departure.times_s)
    columns = []
    for joint in made.body.joints:
        world = np.asarray(joint.rest, np.float64)
        above = np.asarray(made.body.joints[joint.parent].rest, np.float64) if joint.parent >= 0 else np.eye(4)
        columns.append(parts(local_matrices(joint, np.linalg.inv(above) @ world, departure.turns, frames)))
    shifts, turns, scales = (np.stack([column[i] for column in columns], 1) for i in range(3))
    return shifts.astype(np.float32), turns.astype(np.float32), scales


def _voice(made: Authored, sound: str) -> None:
    from pxr import Sdf, UsdMedia

    voice = UsdMedia.SpatialAudio.Define(made.stage, f"{made.root.GetPath()}/voice")
    voice.CreateFilePathAttr(Sdf.AssetPath(f"./{sound}"))
    voice.CreateAuralModeAttr(UsdMedia.Tokens.nonSpatial)
    voice.CreatePlaybackModeAttr(UsdMedia.Tokens.onceFromStart)
