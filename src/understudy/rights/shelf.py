"""Pictures that wait between two stops of a film, sealed so that nobody can use them unmarked.

Each is a PNG under AES-256-GCM with a key derived from the installation's, bound to its job, shot and number; a copied
or changed file opens nowhere. They go when their shot is marked and encoded, at the latest when the film is released.
"""

import io
import secrets
from pathlib import Path

import numpy as np

from understudy.base.image import Image
from understudy.rights.keys import derived
from understudy.rights.outlet import trouble

_MAGIC = b"USF1"
_NONCE = 12


class SealedShelf:
    """The shelf of one shot (see `hub.shelf.Shelf`). stem: path without ending. bound: what the pictures belong to."""

    def __init__(self, stem: Path, to: Path, bound: str) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._stem, self._to, self._bound = stem, to, bound
        self._cipher = AESGCM(derived("shelf"))

    def has(self, index: int) -> bool:
        return self._path(index).is_file()

    def load(self, index: int) -> Image | None:
        from cryptography.exceptions import InvalidTag
        from PIL import Image as Pil

        try:
            data = self._path(index).read_bytes()
            if not data.startswith(_MAGIC):
                return None
            nonce, sealed = data[len(_MAGIC) : len(_MAGIC) + _NONCE], data[len(_MAGIC) + _NONCE :]
            opened = self._cipher.decrypt(nonce, sealed, self._about(index))
            with Pil.open(io.BytesIO(opened), formats=("PNG",)) as picture:
                return Image(np.asarray(picture, np.uint8))
        except (OSError, ValueError, InvalidTag):
            return None

    def keep(self, index: int, image: Image) -> None:
        from PIL import Image as Pil

        stream = io.BytesIO()
        Pil.fromarray(image.pixels).save(stream, "PNG", compress_level=1)
        nonce = secrets.token_bytes(_NONCE)
        path = self._path(index)
        draft = path.with_name(f"{path.name}.part")
        try:
            draft.write_bytes(_MAGIC + nonce + self._cipher.encrypt(nonce, stream.getvalue(), self._about(index)))
            draft.replace(path)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise trouble(error, self._to) from error

    def clear(self) -> None:
        """Takes every picture away."""
        for path in self._stem.parent.glob(f"{self._stem.name}.*.frame*"):
            path.unlink(missing_ok=True)

    def _path(self, index: int) -> Path:
        return self._stem.with_name(f"{self._stem.name}.{index:06d}.frame")

    def _about(self, index: int) -> bytes:
        return f"{self._bound}/{index}".encode()
