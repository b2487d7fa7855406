"""What goes through the pipe: one message is a length, a JSON head and the bytes of its arrays.

    8 bytes: length of the head | head: {"body": ..., "arrays": [[dtype, shape], ...]} | array 0 | array 1 | ...

In `body` an array stands as {"@": number}. Nothing is ever unpickled.
"""

import json
import struct
from typing import Any, BinaryIO

import numpy as np

Message = dict[str, Any]

_MOST = 1 << 31
_KINDS = frozenset({"float32", "float64", "int32", "int64", "uint8", "bool"})


def send(stream: BinaryIO, message: Message) -> None:
    """Writes one message: strings, numbers, lists, dicts and arrays. Raises OSError when the other side is gone."""
    arrays: list[np.ndarray[Any, Any]] = []
    body = _out(message, arrays)
    head = json.dumps({"body": body, "arrays": [[str(a.dtype), list(a.shape)] for a in arrays]}).encode()
    stream.write(struct.pack("<Q", len(head)))
    stream.write(head)
    for array in arrays:
        stream.write(array.tobytes())
    stream.flush()


def receive(stream: BinaryIO) -> Message:
    """Reads one message. Raises EOFError when the other side closed, ValueError for what is no message."""
    (length,) = struct.unpack("<Q", _exactly(stream, 8))
    if length > _MOST:
        raise ValueError("this is not a message of the film worker")
    head = json.loads(_exactly(stream, length))
    arrays = []
    for kind, shape in head["arrays"]:
        if kind not in _KINDS:
            raise ValueError(f"arrays of {kind} are not sent")
        count = int(np.prod(shape, dtype=np.int64)) * np.dtype(kind).itemsize
        if not 0 <= count <= _MOST:
            raise ValueError("an array is larger than a message may be")
        arrays.append(np.frombuffer(_exactly(stream, count), kind).reshape(shape))
    message: Message = _in(head["body"], arrays)
    return message


def _out(value: Any, arrays: list[Any]) -> Any:
    if isinstance(value, np.ndarray):
        arrays.append(np.ascontiguousarray(value))
        return {"@": len(arrays) - 1}
    if isinstance(value, dict):
        return {str(k): _out(v, arrays) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_out(v, arrays) for v in value]
    if isinstance(value, np.generic):
        return value.item()
    return value


def _in(value: Any, arrays: list[Any]) -> Any:
    if isinstance(value, dict):
        return arrays[value["@"]] if set(value) == {"@"} else {k: _in(v, arrays) for k, v in value.items()}
    if isinstance(value, list):
        return [_in(v, arrays) for v in value]
    return value


def _exactly(stream: BinaryIO, count: int) -> bytearray:
    data = bytearray(count)
    view = memoryview(data)
    at = 0
    while at < count:
        got = stream.readinto(view[at:])  # type: ignore[attr-defined]
        if not got:
            raise EOFError("the other side closed the pipe")
        at += got
    return data
