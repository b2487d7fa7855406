"""Where long work on an actor waits between two stops: sealed pictures and notes in a folder beside its result.

Notes are bytes under AES-256-GCM with a key of this installation, bound to their work and name, as pictures are on a
shelf (see shelf.py): an actor half learned can be used by nobody, and a copied or changed file opens nowhere.
"""

import contextlib
import secrets
import shutil
from pathlib import Path

from understudy.hub.rights import Grant
from understudy.rights.keys import derived
from understudy.rights.outlet import require_writable, trouble
from understudy.rights.shelf import SealedShelf

_MAGIC = b"USN1"
_NONCE = 12


def open_workroom(to: Path, *, grant: Grant, about: str) -> "Workroom":
    """Returns the work folder `.<name>.work` beside `to`. about: names all that shapes the work; other work starts anew

    Raises Unavailable when nothing can be written there.
    """
    folder = to.parent / f".{to.name}.work"
    require_writable(to.parent, to)
    require_writable(folder, to)
    return Workroom(folder, to, f"{grant.actor_digest}/{about}")


class Workroom:
    """A folder of sealed pictures and notes; made by `open_workroom`."""

    def __init__(self, folder: Path, to: Path, bound: str) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._folder, self._to, self._bound = folder, to, bound
        self._cipher = AESGCM(derived("workroom"))

    def shelf(self, name: str, about: str = "") -> SealedShelf:
        """Returns where the pictures of one kind wait. about: what else they belong to."""
        return SealedShelf(self._folder / name, self._to, f"{self._bound}/{name}/{about}")

    def keep(self, name: str, note: bytes) -> None:
        """Puts a note here whole, in place of any of that name. Raises Unavailable when the disk is full."""
        nonce = secrets.token_bytes(_NONCE)
        path = self._folder / f"{name}.note"
        draft = path.with_name(f"{path.name}.part")
        try:
            draft.write_bytes(_MAGIC + nonce + self._cipher.encrypt(nonce, note, self._about(name)))
            draft.replace(path)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise trouble(error, self._to) from error

    def load(self, name: str) -> bytes | None:
        """Returns a note, None when there is none, or one of other work, or one that was changed."""
        from cryptography.exceptions import InvalidTag

        try:
            data = (self._folder / f"{name}.note").read_bytes()
            if not data.startswith(_MAGIC):
                return None
            nonce, sealed = data[len(_MAGIC) : len(_MAGIC) + _NONCE], data[len(_MAGIC) + _NONCE :]
            return self._cipher.decrypt(nonce, sealed, self._about(name))
        except (OSError, ValueError, InvalidTag):
            return None

    def clear(self) -> None:
        """Takes the folder away."""
        with contextlib.suppress(OSError):
            shutil.rmtree(self._folder)

    def leave_if_empty(self) -> None:
        """Takes the folder away when nothing waits in it."""
        with contextlib.suppress(OSError):
            self._folder.rmdir()

    def _about(self, name: str) -> bytes:
        return f"{self._bound}/{name}".encode()
