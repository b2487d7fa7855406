"""Looks into files of strangers without trusting them.

The kind is told by the first bytes, never by the name; the demuxer is forced, fed from an open file instead of a path,
and so a playlist that calls itself .mp4 cannot make anything else be read. Pictures over 40 megapixels are refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from understudy.base.errors import BadInput
from understudy.rights import aigc
from understudy.rights.fingerprint import fingerprint
from understudy.rights.watermark import Floats, grid_of, grid_of_video

_MAX_PIXELS = 40_000_000
_RUNS = (0.02, 0.25, 0.5, 0.75, 0.95)
"""Where in a film runs of frames are looked at, as parts of its length."""
_RUN_FRAMES = 10
_WAV_HEAD = 1 << 20


@dataclass(frozen=True, eq=False)
class Contents:
    """What verify needs of a file. grids: pictures on the canonical grid (none for sound). looks: fingerprints of some
    of them, looks_flipped: of their mirror images. ai_tag: the AIGC fields, None when there are none.
    """

    media_type: str
    grids: tuple[Floats, ...]
    looks: tuple[str, ...]
    looks_flipped: tuple[str, ...]
    ai_tag: dict[str, str] | None


def kind_of(path: Path) -> str:
    """Returns the media type by the first bytes. Raises BadInput for anything but MP4, PNG, JPEG and WAV."""
    try:
        with path.open("rb") as stream:
            head = stream.read(16)
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror}); give the path of a media file.") from error
    if head[4:8] == b"ftyp":
        return "video/quicktime" if head[8:12] == b"qt  " else "video/mp4"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "audio/wav"
    raise BadInput(
        f"{path} is not an MP4, PNG, JPEG or WAV file; any other can be checked only as it was released here."
    )


def look_into(path: Path) -> Contents:
    """Returns what a file holds. Raises BadInput when it is damaged beyond reading."""
    kind = kind_of(path)
    if kind.startswith("image/"):
        return _still(path, kind)
    if kind == "audio/wav":
        with path.open("rb") as stream:
            return Contents(kind, (), (), (), aigc.read_wav_tag(stream.read(_WAV_HEAD)))
    return _film(path, kind)


def _film(path: Path, kind: str) -> Contents:
    import av

    try:
        with path.open("rb") as stream, av.open(stream, format="mov") as container:
            tag = aigc.read_tag(container.metadata.get("AIGC", ""))
            grids, looks = [], []
            for number, frame in _frames(container):
                grids.append(grid_of_video(frame))
                if number == 0:
                    looks.append(grids[-1])
    except (av.error.FFmpegError, OSError, ValueError, IndexError) as error:
        raise BadInput(f"{path} is damaged or not a film ({type(error).__name__}); get the file again.") from error
    return _contents(kind, grids, looks, tag)


def _frames(container: Any) -> Iterator[tuple[int, Any]]:
    """Yields (number in its run, frame) of short runs spread over the film."""
    if not container.streams.video:
        return
    stream = container.streams.video[0]
    stream.thread_type = "AUTO"
    if stream.width * stream.height > _MAX_PIXELS:
        raise ValueError("too many pixels")
    length = stream.duration or 0
    last = -1
    for part in _RUNS:
        if part != _RUNS[0]:
            container.seek(int(length * part), stream=stream)
        for number, frame in enumerate(container.decode(stream)):
            if frame.pts is not None and frame.pts > last:  # a short film is not counted twice
                last = frame.pts
                yield number, frame
            if number + 1 == _RUN_FRAMES:
                break


def _still(path: Path, kind: str) -> Contents:
    import numpy as np
    from PIL import Image

    try:
        with Image.open(path, formats=["PNG" if kind == "image/png" else "JPEG"]) as picture:
            if picture.width * picture.height > _MAX_PIXELS:
                raise BadInput(f"{path} has more than 40 megapixels; it was not opened.")
            packet = picture.info.get("XML:com.adobe.xmp") or picture.info.get("xmp") or ""
            grid = grid_of(np.asarray(picture.convert("RGB"), np.uint8))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadInput(f"{path} is damaged or not a picture ({type(error).__name__}); get the file again.") from error
    text = packet.decode("utf-8", "replace") if isinstance(packet, bytes) else str(packet)
    return _contents(kind, [grid], [grid], aigc.read_xmp(text))


def _contents(kind: str, grids: list[Floats], looks: list[Floats], tag: dict[str, str] | None) -> Contents:
    plain = tuple(fingerprint(grid) for grid in looks)
    mirrored = tuple(fingerprint(grid[:, ::-1]) for grid in looks)
    return Contents(kind, tuple(grids), plain, mirrored, tag)
