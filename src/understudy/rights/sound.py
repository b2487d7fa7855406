"""Sound alone leaves the building: tagged, signed and recorded.

It carries no watermark: none of those we measured is proven inaudible on voices, and a mark that may be heard is worse
than an honest gap. So sound whose metadata was stripped cannot be traced back; films can, by their picture.
"""

import secrets
from pathlib import Path

import numpy as np

from understudy.base.audio import Audio
from understudy.base.errors import BadInput
from understudy.hub.rights import Grant, Released
from understudy.rights import aigc
from understudy.rights.granting import require_genuine
from understudy.rights.outlet import let_out, media_type_of, require_writable, trouble


def release_sound(audio: Audio, to: Path, *, grant: Grant, title: str) -> Released:
    """Writes a 16-bit mono WAV of an actor's voice with its marks. Raises NotAllowed, BadInput, Unavailable."""
    require_genuine([grant])
    to = Path(to)
    media_type = media_type_of(to, (".wav",))
    if not len(audio.samples):
        raise BadInput("There is no sound to release; speak something first.")
    require_writable(to.parent, to)
    samples = np.asarray(np.clip(np.rint(audio.samples * 32767), -32768, 32767), np.int16)
    draft = to.with_name(f".{to.stem}.{secrets.token_hex(4)}.part.wav")
    try:
        draft.write_bytes(aigc.wav(samples, audio.rate_hz, secrets.token_hex(6)))
        return let_out(
            draft,
            to,
            media_type=media_type,
            title=title,
            watermark="",
            grants=[grant],
            facts={"kind_of_work": "sound", "rate_hz": audio.rate_hz, "samples": len(samples), "label": "none"},
            duration_s=audio.duration_s,
        )
    except OSError as error:
        raise trouble(error, to) from error
    finally:
        draft.unlink(missing_ok=True)
