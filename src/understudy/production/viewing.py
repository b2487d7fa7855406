"""What a video tells of a person who moves as a take says: camera, coverage, light, and pictures to learn from."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from understudy.base.errors import BadInput, MissingExtra, UnknownName
from understudy.hub.body import Body
from understudy.hub.frames import Shot, ShotSize
from understudy.hub.performance import Pose
from understudy.hub.place import Place
from understudy.production.footage import Clip

if TYPE_CHECKING:
    from understudy.render.framing import Camera
    from understudy.render.splat.blocking import Blocking
    from understudy.render.splat.matting import Backing, Footage
    from understudy.render.splat.views import View

FEWEST = 40
"""Pictures that show the person, below which nothing worth having is learned and measured."""
ALIKE = 0.55
"""Overlap of posed body and person, below which a picture does not show what the take says."""
SOME = 0.02
"""Share of a picture that something must cover to be taken for a person."""
ASIDE = 0.3
"""Share of what covers the set that may lie away from the body: hair and clothes; more is a second person."""
_LOOKED = 5
_BLOCKS = 12
_HELD = (3, 8)
"""The video in twelve stretches, of which these are held out: neighbours are too alike to measure with."""
_SOWN = 8000


@dataclass(frozen=True, eq=False)
class Viewed:
    """views: to learn from, those held out among them. notes: what was assumed, guessed or left unknown."""

    views: "tuple[View, ...]"
    notes: tuple[str, ...]


def view_clip(clip: Clip, poses: Sequence[Pose], body: Body, *, plate: Path | None, shot: str, place: str) -> Viewed:
    """Returns the pictures of a clip with what is known about each.

    plate: picture of the empty set. shot, place: known framing and light, '' for not. Raises BadInput: no face, two, a
    take of something else, too few usable pictures; MissingExtra where only a detector could tell.
    """
    from understudy.render.splat.blocking import Blocking
    from understudy.render.splat.estimating import guess_light
    from understudy.render.splat.matting import Footage, matte, plain_backing
    from understudy.render.splat.seeding import sow
    from understudy.render.splat.views import Ask, View

    if len(clip.pictures) < FEWEST:
        raise BadInput(f"The video has {len(clip.pictures)} pictures; give one of {FEWEST} or more (220 are good).")
    framing = _framing(shot)
    lit = Place.open(place) if place else None
    footage = Footage(clip.pictures, poses, _label(clip))
    backing = _plate(plate, footage) if plate is not None else plain_backing(footage)
    notes = [_faces(clip, certain=backing is not None), _behind(backing)]
    blocking = Blocking(sow(body, "", _SOWN, 1, ""), body)
    camera = _camera(blocking, body, footage, backing, framing, notes)
    covers = [blocking.cover(pose, camera, footage.size_px) for pose in poses]
    usable = _usable(footage, covers, backing)
    mattes = {i: matte(clip.pictures[i], covers[i], backing, footage.label) for i in usable}
    if lit is None:
        some = usable[:: max(1, len(usable) // 8)]
        lit = guess_light(
            blocking, [mattes[i][0] for i in some], [mattes[i][1] for i in some], [poses[i] for i in some], camera
        )
        notes.append("The light is guessed from the skin: in another light the person's look is a guess too.")
    else:
        notes.append(f"The light is taken to be that of the set {place}.")
    views = []
    about = Shot(framing or ShotSize.MEDIUM, footage.size_px, clip.fps)
    for order, i in enumerate(usable):
        held = "expression" if order * _BLOCKS // len(usable) in _HELD else ""
        views.append(View(Ask(poses[i], lit, about, held, camera), *mattes[i]))
    return Viewed(tuple(views), tuple(note for note in notes if note))


def _framing(shot: str) -> ShotSize | None:
    known = [size.value for size in (ShotSize.CLOSE, ShotSize.MEDIUM, ShotSize.WIDE)]
    if shot and shot not in known:
        raise UnknownName("framing", shot, known)
    return ShotSize(shot) if shot else None


def _label(clip: Clip) -> npt.NDArray[np.bool_]:
    """Returns (h, w) where the label of a film of ours is; there every video is taken to show nothing."""
    from understudy.rights.label import label_for

    mark = label_for(clip.whole_px)
    height, width = clip.pictures[0].shape[:2]
    scale = height / clip.whole_px[1]
    tall, wide = mark.alpha.shape
    out = np.zeros((height, width), bool)
    top, left = int((mark.top - 2) * scale), int((mark.left - 2) * scale)
    bottom, right = int(np.ceil((mark.top + tall + 2) * scale)), int(np.ceil((mark.left + wide + 2) * scale))
    out[max(top, 0) : bottom, max(left, 0) : right] = True
    return out


def _plate(plate: Path, footage: "Footage") -> "Backing":
    from PIL import Image

    from understudy.render.splat.matting import Backing

    try:
        with Image.open(plate) as picture:
            whole = picture.convert("RGB")
    except (OSError, SyntaxError, ValueError) as error:
        raise BadInput(f"{plate} cannot be read as a picture of the empty set; give a PNG or JPEG.") from error
    width, height = footage.size_px
    if abs(whole.width / whole.height - width / height) > 0.02:
        raise BadInput(
            f"{plate} is {whole.width}x{whole.height}, another form than the video; give one of its own set."
        )
    small = np.asarray(whole.resize((width, height), Image.Resampling.BOX)) / np.float32(255)
    return Backing(np.asarray(small, np.float32), 0.0, "plate")


def _faces(clip: Clip, *, certain: bool) -> str:
    """Returns what is said about who was seen. Raises BadInput for no face or two, MissingExtra when none can look and
    the set behind does not tell either.
    """
    from understudy.judge.recognisers import faces_in, has_dlib

    if not has_dlib():
        if not certain:
            raise MissingExtra("Finding the one face of a video before a set that is not plain", "judge")
        return "No detector counted the faces (extra [judge]); that one person stands there is seen by their outline."
    some = [clip.pictures[i] for i in np.linspace(0, len(clip.pictures) - 1, _LOOKED).astype(int)]
    counts = [faces_in(picture) for picture in some]
    if max(counts) == 0:
        raise BadInput("No face is found in the video; give one in which the person is seen from the front.")
    if sum(count > 1 for count in counts) > 1:
        raise BadInput(
            "Two faces are in the video, and the consent is one person's; give a video of that person alone."
        )
    return ""


def _behind(backing: "Backing | None") -> str:
    if backing is None:
        return "The set behind is not plain: the outline is that of the base actor; a --plate would show the person's."
    if backing.source == "plain":
        return "The set behind is taken for plain."
    return ""


def _camera(
    blocking: "Blocking",
    body: Body,
    footage: "Footage",
    backing: "Backing | None",
    framing: ShotSize | None,
    notes: list[str],
) -> "Camera":
    from understudy.render.framing import frame_actor
    from understudy.render.splat.aiming import aim
    from understudy.render.splat.matting import key

    if framing is not None:
        notes.append(f"The framing is taken to be that of a {framing} shot.")
        return frame_actor(body, Shot(framing, footage.size_px))
    if backing is None:
        raise BadInput(
            "Where the camera stood cannot be seen before a set that is not plain; give --shot close, medium or wide, "
            "or --plate with a picture of the empty set."
        )
    some = np.linspace(0, len(footage.poses) - 1, 3).astype(int)
    seen = [key(footage.pictures[i], backing, footage.label) for i in some]
    if np.median([picture.mean() for picture in seen]) < SOME:
        raise BadInput("No person is seen before the set; give a video in which somebody is.")
    found = aim(blocking, body, [footage.poses[i] for i in some], seen, ~footage.label)
    notes.append(f"The camera was found by the outline; body and person overlap by {found.overlap:.0%}.")
    return found.camera


def _usable(footage: "Footage", covers: Sequence[npt.NDArray[np.float32]], backing: "Backing | None") -> list[int]:
    """Returns the pictures that show what the take says. Raises BadInput in words of what is wrong."""
    from understudy.render.splat.aiming import overlap
    from understudy.render.splat.matting import key

    if backing is None:
        return list(range(len(covers)))
    found, empty, crowded = [], 0, 0
    for index, (picture, cover) in enumerate(zip(footage.pictures, covers, strict=True)):
        seen = key(picture, backing, footage.label)
        if seen.mean() < SOME:
            empty += 1
        elif _aside(seen, cover) > ASIDE:
            crowded += 1
        elif overlap(np.where(footage.label, 0, cover), seen) >= ALIKE:
            found.append(index)
    if len(found) >= FEWEST:
        return found
    if empty > len(covers) / 2:
        raise BadInput("No person is seen before the set in most pictures; give a video in which somebody is.")
    if crowded > len(covers) / 2:
        raise BadInput(
            "More than one person, or something as large, is before the set, and the consent is one person's; give a "
            "video of that person alone."
        )
    raise BadInput(
        f"{len(found)} of {len(covers)} pictures show the body where the take says, and {FEWEST} are needed; give the "
        "take of this video, and --shot or --plate when they are known."
    )


def _aside(seen: npt.NDArray[np.float32], cover: npt.NDArray[np.float32]) -> float:
    """Returns the share of what is seen that lies well away from the body."""
    from scipy.ndimage import distance_transform_edt

    away = distance_transform_edt(cover < 0.5) > 0.08 * len(cover)
    return float(seen[away].sum() / max(float(seen.sum()), 1e-9))
