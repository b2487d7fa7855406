"""How nouns rest on disk: zip files of JSON and binary members, each JSON with `"schema": "Name.N"`.

Old files open for ever: when a noun changes, its version rises and a small function in UPGRADES lifts the old JSON.
Member times are fixed, so the same noun gives the same bytes. A body is packed by LZMA, whose window spans the whole of
it: two thirds of what deflate leaves, which only reads 32 KiB back.
"""

import io
import json
import zipfile
import zlib
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np
import numpy.typing as npt

from understudy.base.errors import BadInput, Unavailable

Bundle = dict[str, bytes]
Noun = TypeVar("Noun")
Json = dict[str, Any]

UPGRADES: dict[tuple[str, int], Callable[[Json], Json]] = {}
"""(name, old version) -> function that lifts the JSON by one version."""
CURRENT: dict[str, int] = {
    "Actor": 1, "Licence": 1, "Script": 1, "Take": 1, "Speech": 1, "Place": 1, "Grant": 1, "PromptBook": 1,
    "Voice": 1, "Avatar": 1,
}  # fmt: skip

_MAX_MEMBERS = 4096
_MAX_BYTES = 2 * 1024**3
_STORED = (".npy", ".flac", ".png", ".jpg")


def encode(schema: str, noun: object) -> bytes:
    """Returns JSON bytes of a frozen noun with its schema first; keys in field order, UTF-8, two-space indent."""
    body = msgspec.to_builtins(noun)
    return (json.dumps({"schema": schema, **body}, indent=2, ensure_ascii=False) + "\n").encode()


def decode(kind: type[Noun], name: str, data: bytes, where: str) -> Noun:
    """Returns the noun of JSON bytes, upgraded to the current schema. Raises BadInput naming `where`."""
    try:
        raw = json.loads(data)
        schema = str(raw.pop("schema"))
        found, version = schema.rsplit(".", 1)
        number = int(version)
    except (ValueError, KeyError, AttributeError) as error:
        raise BadInput(f"{where} holds no readable {name}; make it again or take it from a backup.") from error
    if found != name or number > CURRENT[name]:
        raise BadInput(
            f"{where} holds {schema}, and this version reads up to {name}.{CURRENT[name]}; upgrade Understudy."
        )
    for step in range(number, CURRENT[name]):
        raw = UPGRADES[name, step](raw)
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise BadInput(f"{where} holds a damaged {name}: {error}; make it again or take it from a backup.") from error


def write_bundle(path: Path, members: Mapping[str, bytes]) -> None:
    """Writes a zip beside `path` and moves it there whole."""
    draft = path.with_name(path.name + ".part")
    try:
        with zipfile.ZipFile(draft, "w") as archive:
            for name, data in members.items():
                info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
                info.external_attr = 0o644 << 16
                archive.writestr(info, data, _packing(name), compresslevel=9)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise Unavailable(f"{path} cannot be written ({error.strerror}); choose a folder you may write to.") from error


def _damage() -> tuple[type[Exception], ...]:
    """Returns what a damaged zip raises."""
    known: tuple[type[Exception], ...] = (zipfile.BadZipFile, OSError, EOFError, zlib.error)
    if find_spec("_lzma"):
        import lzma

        known = (*known, lzma.LZMAError)
    return known


def _packing(name: str) -> int:
    """Returns how zipfile packs a member. A few small builds of Python come without LZMA, and write larger files."""
    if name.endswith(_STORED):
        return zipfile.ZIP_STORED
    return zipfile.ZIP_LZMA if name.endswith(".glb") and find_spec("_lzma") else zipfile.ZIP_DEFLATED


def read_bundle(data: bytes, where: str) -> Bundle:
    """Returns the members of a bundle. Refuses odd names and bombs. Raises BadInput."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if len(infos) > _MAX_MEMBERS or sum(i.file_size for i in infos) > _MAX_BYTES:
                raise BadInput(f"{where} is too large to be a bundle of Understudy; nothing was opened.")
            for info in infos:
                if info.filename.startswith(("/", "\\")) or ".." in info.filename.split("/") or info.is_dir():
                    raise BadInput(f"{where} holds a member with an unsafe name; nothing was opened.")
            if any(i.compress_type == zipfile.ZIP_LZMA for i in infos) and not find_spec("_lzma"):
                raise Unavailable(f"{where} is packed by LZMA, which this build of Python lacks; use another build.")
            return {info.filename: archive.read(info) for info in infos}
    except _damage() as error:
        raise BadInput(f"{where} is not a bundle of Understudy or is damaged; make it again.") from error


def array_bytes(array: npt.NDArray[Any]) -> bytes:
    """Returns the array as .npy bytes (never pickled)."""
    stream = io.BytesIO()
    np.save(stream, np.ascontiguousarray(array), allow_pickle=False)
    return stream.getvalue()


def array_from(data: bytes, where: str) -> npt.NDArray[Any]:
    """Returns the array of .npy bytes. Raises BadInput."""
    try:
        return np.asarray(np.load(io.BytesIO(data), allow_pickle=False))
    except ValueError as error:
        raise BadInput(f"{where} holds a damaged track; make it again or take it from a backup.") from error
