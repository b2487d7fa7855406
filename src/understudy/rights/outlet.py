"""The last metres of every release: sign, check, enter into the ledger, and only then give the file its name."""

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from understudy.base.errors import BadInput, Unavailable
from understudy.hub.rights import Grant, Released
from understudy.rights.granting import grant_digest
from understudy.rights.ledger import Ledger, now
from understudy.rights.manifest import MEDIA_TYPES, read_file, sign_file


def media_type_of(to: Path, allowed: Sequence[str]) -> str:
    """Returns the media type for a file name. Raises BadInput when its ending is not one of `allowed`."""
    ending = to.suffix.lower()
    if ending not in allowed:
        raise BadInput(f"'{to.name}' must end in {' or '.join(allowed)}; choose such a name.")
    return MEDIA_TYPES[ending]


def let_out(
    draft: Path,
    to: Path,
    *,
    media_type: str,
    title: str,
    watermark: str,
    grants: Sequence[Grant],
    facts: Mapping[str, object],
    duration_s: float = 0.0,
) -> Released:
    """Signs a finished draft, records it and moves it to `to`. Raises Unavailable; then nothing has that name."""
    ledger = Ledger()
    signed = draft.with_name(f"{draft.stem}.signed{to.suffix}")
    try:
        sign_file(
            draft,
            signed,
            media_type=media_type,
            title=title,
            when=now(),
            watermark=watermark,
            grants=grants,
            origin=ledger.origin,
        )
        credentials = read_file(signed, media_type)
        if credentials.state != "trusted":
            raise Unavailable(
                f"The signed file does not verify ({', '.join(credentials.problems) or credentials.state}); "
                "check the clock of this machine and the keys folder, then run the same command again."
            )
        settle(signed)
        digest = sha256_of(signed)
        waiting = _beside(signed, to)
        event = {
            **facts,
            "media_type": media_type,
            "sha256": digest,
            "watermark": watermark,
            "manifest": credentials.manifest_id,
            "grants": [grant_digest(grant) for grant in grants],
            "licences": [grant.licence_id for grant in grants],
            "actors": [grant.actor_digest for grant in grants],
            "approval": sorted({str(grant.approval) for grant in grants}),
        }
        marks = [f"sha256:{digest}", f"manifest:{credentials.manifest_id}"]
        index = ledger.record("output.signed", event, [*marks, *([f"watermark:{watermark}"] if watermark else [])])
        waiting.replace(to)
        _sync(to.parent)
    except OSError as error:
        raise trouble(error, to) from error
    finally:
        signed.unlink(missing_ok=True)
    return Released(to, digest, credentials.manifest_id, watermark, index, duration_s)


def trouble(error: OSError, to: Path) -> Unavailable:
    """Returns the error of a failed write as one sentence."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return Unavailable(
            f"The disk is full at {to.parent}; free some space and run the same command again to resume."
        )
    why = error.strerror or str(error)
    return Unavailable(f"{to} cannot be written ({why}); choose a folder you may write to.")


def require_writable(folder: Path, to: Path) -> None:
    """Makes a folder and proves that a file can be written in it. Raises Unavailable."""
    probe = folder / f".{secrets.token_hex(6)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"\0")
        probe.unlink()
        if to.is_dir():
            raise Unavailable(f"{to} is a folder; give the name of a file.")
    except OSError as error:
        with contextlib.suppress(OSError):
            probe.unlink(missing_ok=True)
        raise trouble(error, to) from error


def settle(path: Path) -> None:
    """Waits until a file is on the disk."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def sha256_of(path: Path) -> str:
    """Returns the SHA-256 hex of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _beside(signed: Path, to: Path) -> Path:
    """Returns the signed file on the file system of its final name, so that the last move is atomic."""
    if signed.stat().st_dev == to.parent.stat().st_dev:
        return signed
    near = to.with_name(f".{to.name}.{secrets.token_hex(4)}.part")
    try:
        shutil.copyfile(signed, near)
        settle(near)
    except OSError:
        near.unlink(missing_ok=True)
        raise
    return near


def _sync(folder: Path) -> None:
    with contextlib.suppress(OSError):  # some systems cannot sync a folder; the file itself is synced
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
