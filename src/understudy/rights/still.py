"""A still leaves the building: labelled, watermarked, tagged, signed and recorded."""

import secrets
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from understudy.base.errors import BadInput
from understudy.base.image import Image, Pixels
from understudy.hub.rights import Grant, Released
from understudy.rights import aigc
from understudy.rights.fingerprint import fingerprint
from understudy.rights.granting import require_genuine
from understudy.rights.keys import watermark_key
from understudy.rights.label import label_for
from understudy.rights.outlet import let_out, media_type_of, require_writable, trouble
from understudy.rights.watermark import Marker, detect, grid_of

_JPEG_QUALITY = 92


def release_still(image: Image, to: Path, *, grant: Grant | Sequence[Grant], title: str) -> Released:
    """Writes a PNG or JPEG of one or several actors with all its marks. Raises NotAllowed, BadInput, Unavailable."""
    grants = [grant] if isinstance(grant, Grant) else list(grant)
    require_genuine(grants)
    to = Path(to)
    media_type = media_type_of(to, (".png", ".jpg", ".jpeg"))
    if min(image.size_px) < 64:
        raise BadInput(f"A still of {image.size_px[0]}x{image.size_px[1]} is too small for its marks; use 64 or more.")
    require_writable(to.parent, to)
    watermark = secrets.token_hex(6)
    pixels = marked(image.pixels, watermark, flat=media_type == "image/jpeg")
    draft = to.with_name(f".{to.stem}.{secrets.token_hex(4)}.part{to.suffix}")
    try:
        _save(pixels, draft, watermark)
        facts = {
            "kind_of_work": "still",
            "size_px": list(image.size_px),
            "label": "burnt in",
            "watermark_readable": detect([_rgb(draft)], watermark_key()).payload == watermark,
            "fingerprints": [[0, fingerprint(grid_of(pixels[:, :, :3]))]],
        }
        return let_out(draft, to, media_type=media_type, title=title, watermark=watermark, grants=grants, facts=facts)
    except OSError as error:
        raise trouble(error, to) from error
    finally:
        draft.unlink(missing_ok=True)


def marked(pixels: Pixels, watermark: str, *, flat: bool) -> Pixels:
    """Returns a copy with label and watermark. flat: transparency is laid on white, for formats without it."""
    out = pixels.copy()
    if flat and out.shape[2] == 4:
        alpha = out[:, :, 3:].astype(np.float32) / 255
        out = np.asarray(np.rint(out[:, :, :3] * alpha + 255 * (1 - alpha)), np.uint8)
    height, width = out.shape[:2]
    label_for((width, height)).blend_rgb(out)
    pattern = Marker(watermark_key(), watermark, (width, height)).pattern(grid_of(out[:, :, :3]))
    full_range = pattern.astype(np.float32) * (255 / 219)
    out[:, :, :3] = np.clip(np.rint(out[:, :, :3] + full_range[:, :, None]), 0, 255)
    return out


def _save(pixels: Pixels, draft: Path, watermark: str) -> None:
    from PIL import Image as Pil
    from PIL.PngImagePlugin import PngInfo

    picture, packet = Pil.fromarray(pixels), aigc.xmp(watermark)
    if draft.suffix.lower() == ".png":
        notes = PngInfo()
        notes.add_itxt("XML:com.adobe.xmp", packet)
        picture.save(draft, "PNG", pnginfo=notes)
    else:
        picture.save(draft, "JPEG", quality=_JPEG_QUALITY, subsampling=0, xmp=packet.encode())


def _rgb(path: Path) -> Pixels:
    from PIL import Image as Pil

    with Pil.open(path) as picture:
        return np.asarray(picture.convert("RGB"), np.uint8)
