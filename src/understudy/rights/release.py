"""A film leaves the building: shot by shot, resumable, and never without its marks.

`open_release` makes a work folder beside the output. Each `segment` of it is labelled, watermarked and encoded while
frames arrive, and counts only when complete; a run that was stopped finds its finished segments again as long as the
caller's fingerprint of the job is the same. `finish` joins, tags, signs, records, and gives the film its name.
"""

import hashlib
import hmac
import json
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from understudy.base.errors import BadInput, Unavailable
from understudy.hub.rights import Grant, Released
from understudy.rights import aigc
from understudy.rights.granting import require_genuine
from understudy.rights.joining import Piece, join
from understudy.rights.keys import derived, watermark_key
from understudy.rights.outlet import let_out, media_type_of, require_writable, sha256_of, trouble
from understudy.rights.segment import Format, Made, Segment
from understudy.rights.shelf import SealedShelf
from understudy.rights.tokens import canonical
from understudy.rights.watermark import Detection, Detector, grid_of_video

_LEAST_SPACE = 64 * 1024**2
_STATE = "release.json"


def open_release(
    to: Path,
    *,
    grants: Sequence[Grant],
    size_px: tuple[int, int],
    fps: float,
    sound_rate_hz: int = 48000,
    title: str,
    fingerprint: str,
    work: Path | None = None,
    alpha: bool = False,
) -> "Release":
    """Returns a film in the making at `to` (.mp4, with alpha .mov), resumed when its work folder holds the same job.

    fingerprint: names everything that shapes the pictures and the sound; another one starts afresh. work: where the
    folder of finished segments, `.<name>.work`, is made; beside `to` by default. Raises NotAllowed for a grant that is
    not genuine, BadInput for a wrong name or size, Unavailable when the folder cannot be written or the disk is nearly
    full.
    """
    require_genuine(grants)
    to = Path(to)
    media_type_of(to, _endings(alpha))
    if size_px[0] % 2 or size_px[1] % 2 or min(size_px) < 64:
        raise BadInput(f"A film of {size_px[0]}x{size_px[1]} cannot be made; use even numbers of at least 64.")
    folder = (Path(work) if work else to.parent) / f".{to.name}.work"
    require_writable(to.parent, to)
    require_writable(folder, to)
    free = shutil.disk_usage(folder).free
    if free < _LEAST_SPACE:
        raise Unavailable(f"Only {free // 1024**2} MB are free at {folder.parent}; free at least 64 MB first.")
    form = Format(size_px, Fraction(fps).limit_denominator(1001), sound_rate_hz, alpha)
    return Release(to, folder, tuple(grants), form, title, fingerprint)


class Release:
    """A film in the making; made by `open_release`.

    work: the folder of this job, where the caller may keep drafts of its own (they go away with it).
    """

    def __init__(
        self, to: Path, folder: Path, grants: tuple[Grant, ...], form: Format, title: str, fingerprint: str
    ) -> None:
        import av

        self.work = folder
        self._to, self._grants, self._format, self._title = to, grants, form, title
        job = {
            "fingerprint": fingerprint,
            "actors": sorted(grant.actor_digest for grant in grants),
            "size_px": list(form.size_px),
            "fps": str(form.fps),
            "sound_rate_hz": form.sound_rate_hz,
            **({"alpha": "straight"} if form.alpha else {}),
            "encoder": [av.__version__, *map(str, av.library_versions.get("libavcodec", ()))],
        }
        self._job = hashlib.sha256(canonical(job)).hexdigest()
        self.watermark_id = self._resume()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leaves no folder behind in which nothing was finished."""
        if kind is not None and not any(self.work.glob("*.mp4")) and not any(self.work.glob("*.frame")):
            shutil.rmtree(self.work, ignore_errors=True)

    def has(self, key: str) -> bool:
        """Tells whether the segment `key` is finished."""
        return self._made(key) is not None

    def segment(self, key: str, frames_expected: int | None = None) -> Segment:
        """Returns the context manager that takes the frames and the sound of one shot; see `Segment`.

        A finished segment of that key is made again. With frames_expected, any other number is an error.
        """
        stem = self._stem(key)
        stem.with_suffix(".json").unlink(missing_ok=True)
        return Segment(
            stem,
            self._to,
            self._format,
            key=watermark_key(),
            watermark=self.watermark_id,
            frames_expected=frames_expected,
            seal=lambda made: self._sealed(key, asdict(made)),
        )

    def shelf(self, key: str) -> SealedShelf:
        """Returns where finished pictures of a shot wait, sealed, while work is interrupted; cleared with the shot."""
        return SealedShelf(self._stem(key), self._to, f"{self._job}/{key}")

    def finish(self, *, keys: Sequence[str], script_digest: str = "") -> Released:
        """Joins the segments in the order of `keys` and releases the film. The work folder goes away.

        Raises BadInput when a segment is missing, Unavailable when the disk is full (finished segments are kept).
        """
        made = [self._checked(key) for key in keys]
        if not made:
            raise BadInput("A film needs at least one shot; nothing was released.")
        require_genuine(self._grants)
        pieces = [
            Piece(self._stem(key).with_suffix(".mp4"), self._stem(key).with_suffix(".pcm"), part.frames)
            for key, part in zip(keys, made, strict=True)
        ]
        frames = sum(part.frames for part in made)
        draft = self.work / f"joined{self._to.suffix}"
        try:
            self._require_space(pieces)
            join(pieces, draft, self._format, {"title": self._title, "AIGC": aigc.tag(self.watermark_id)})
            read = _read_back(draft)
            released = let_out(
                draft,
                self._to,
                media_type=media_type_of(self._to, _endings(self._format.alpha)),
                title=self._title,
                watermark=self.watermark_id,
                grants=self._grants,
                facts=self._facts(made, frames, script_digest, read),
                duration_s=float(frames / self._format.fps),
            )
        except OSError as error:
            raise trouble(error, self._to) from error
        finally:
            draft.unlink(missing_ok=True)
        shutil.rmtree(self.work, ignore_errors=True)
        return released

    def _facts(self, made: Sequence[Made], frames: int, script_digest: str, read: Detection) -> dict[str, object]:
        starts = [sum(part.frames for part in made[:i]) for i in range(len(made))]
        looks = [(start + at, look) for start, part in zip(starts, made, strict=True) for at, look in part.fingerprints]
        step = -(-len(looks) // 32)
        return {
            "kind_of_work": "film",
            "size_px": list(self._format.size_px),
            "fps": str(self._format.fps),
            "frames": frames,
            "shots": [{"frames": part.frames, "sha256": part.picture_sha256} for part in made],
            "script_digest": script_digest,
            "label": "burnt in",
            **({"alpha": "straight"} if self._format.alpha else {}),
            "watermark_readable": read.payload == self.watermark_id,
            "fingerprints": [[at, look] for at, look in looks[::step]],
        }

    def _require_space(self, pieces: Sequence[Piece]) -> None:
        needed = 3 * sum(piece.picture.stat().st_size + piece.sound.stat().st_size // 4 for piece in pieces)
        free = shutil.disk_usage(self.work).free
        if free < needed:
            raise Unavailable(
                f"Joining the film needs about {needed // 1024**2 + 1} MB and {free // 1024**2} MB are free at "
                f"{self._to.parent}; free some space and run the same command again to resume."
            )

    def _resume(self) -> str:
        """Returns the watermark id of this job: the one it had, or a random one in an emptied folder."""
        file = self.work / _STATE
        try:
            state = json.loads(file.read_text())
            if state == self._sealed(_STATE, {"job": self._job, "watermark": state["watermark"]}):
                for part in self.work.glob("*.part*"):
                    part.unlink(missing_ok=True)
                return str(state["watermark"])
        except (OSError, ValueError, KeyError, TypeError):
            pass
        watermark = secrets.token_hex(6)
        try:
            for old in self.work.iterdir():
                if old.suffix in (".mp4", ".pcm", ".json", ".part", ".take", ".frame") or ".part." in old.name:
                    old.unlink()
            file.write_text(json.dumps(self._sealed(_STATE, {"job": self._job, "watermark": watermark})))
        except OSError as error:
            raise trouble(error, self._to) from error
        return watermark

    def _stem(self, key: str) -> Path:
        return self.work / hashlib.sha256(key.encode()).hexdigest()[:24]

    def _sealed(self, key: str, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Returns facts with a MAC, so that only segments marked here are ever joined and signed."""
        bound = canonical({"key": key, "job": self._job, "facts": json.loads(json.dumps(facts))})
        return {**json.loads(json.dumps(facts)), "seal": hmac.new(derived("segments"), bound, "sha256").hexdigest()}

    def _made(self, key: str) -> Made | None:
        stem = self._stem(key)
        try:
            facts = json.loads(stem.with_suffix(".json").read_text())
            seal = facts.pop("seal")
            whole = (
                stem.with_suffix(".pcm").stat().st_size == 2 * facts["samples"] and stem.with_suffix(".mp4").exists()
            )
            if not whole or not hmac.compare_digest(str(seal), self._sealed(key, facts)["seal"]):
                return None
            looks = tuple((int(at), str(look)) for at, look in facts.pop("fingerprints"))
            return Made(**facts, fingerprints=looks)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def _checked(self, key: str) -> Made:
        made, stem = self._made(key), self._stem(key)
        if made is None:
            raise BadInput(f"The shot '{key}' is not finished; render it, then finish the release.")
        found = sha256_of(stem.with_suffix(".mp4")), sha256_of(stem.with_suffix(".pcm"))
        if found != (made.picture_sha256, made.sound_sha256):
            stem.with_suffix(".json").unlink(missing_ok=True)
            raise BadInput(f"The shot '{key}' was changed on disk; run the same command again to make it anew.")
        return made


def _endings(alpha: bool) -> tuple[str, ...]:
    return (".mov",) if alpha else (".mp4",)


def _read_back(film: Path) -> Detection:
    """Returns the watermark as it reads from the first 25 frames of the joined film."""
    import av

    detector = Detector()
    with av.open(str(film), format="mov") as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number == 25:
                break
            detector.add(grid_of_video(frame))
    return detector.result(watermark_key())
