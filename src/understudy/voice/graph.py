"""Edits of an ONNX graph in its own bytes, so that no other package is needed to run a voice the same way twice.

A VITS voice draws noise inside its graph, from a source that runs on from clause to clause. Here every such node
becomes a slice of a pool of noise that we hand in; and the frames of each symbol, which the graph rounds up in its one
`Ceil`, become an output. Field numbers are those of onnx.proto (ONNX 1.x, stable since IR version 3).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from understudy.base.errors import BadInput

POOL, STARTS = "understudy_noise", "understudy_starts"
_GRAPH, _NODE, _INPUT, _OUTPUT = 7, 1, 11, 12
_FLOAT, _INT64 = 1, 7


@dataclass(frozen=True)
class Edited:
    """model: the bytes to run. noisy: whether it takes POOL and STARTS. durations: name of the output, '' for none."""

    model: bytes
    noisy: bool
    durations: str


def edit(model: bytes, what: str) -> Edited:
    """Returns the model with its noise handed in and its durations handed out. Raises BadInput for no ONNX file."""
    try:
        fields = list(_fields(model))
        graph = next(value for number, value, _ in fields if number == _GRAPH)
        head = b"".join(raw for number, _, raw in fields if number != _GRAPH)
        made, noisy, durations = _graph(graph)
    except (IndexError, StopIteration, ValueError, UnicodeDecodeError) as error:
        raise BadInput(f"{what} is not a whole ONNX model; download it again.") from error
    return Edited(head + _bytes(_GRAPH, made), noisy, durations)


def _graph(graph: bytes) -> tuple[bytes, bool, str]:
    parts: list[bytes] = []
    noisy = False
    ceilings: list[str] = []
    for number, value, raw in _fields(graph):
        if number == _NODE:
            inputs, outputs, kind = _node(value)
            if kind == "RandomNormalLike":
                noisy = True
                size = f"{outputs[0]}_size"
                parts.append(_bytes(_NODE, _made("Shape", [inputs[0]], size)))
                parts.append(_bytes(_NODE, _made("Slice", [POOL, STARTS, size], outputs[0])))
                continue
            if kind == "Ceil":
                ceilings.append(outputs[0])
        parts.append(raw)
    if noisy:
        parts.append(_bytes(_INPUT, _value(POOL, _FLOAT)))
        parts.append(_bytes(_INPUT, _value(STARTS, _INT64)))
    durations = ceilings[0] if len(ceilings) == 1 else ""
    if durations:
        parts.append(_bytes(_OUTPUT, _value(durations, _FLOAT)))
    return b"".join(parts), noisy, durations


def _node(data: bytes) -> tuple[list[str], list[str], str]:
    inputs, outputs, kind = [], [], ""
    for number, value, _ in _fields(data):
        if number == 1:
            inputs.append(value.decode())
        elif number == 2:
            outputs.append(value.decode())
        elif number == 4:
            kind = value.decode()
    return inputs, outputs, kind


def _made(kind: str, inputs: list[str], output: str) -> bytes:
    names = b"".join(_bytes(1, name.encode()) for name in inputs)
    return names + _bytes(2, output.encode()) + _bytes(3, f"{output}_node".encode()) + _bytes(4, kind.encode())


def _value(name: str, element: int) -> bytes:
    tensor = _varint(1 << 3) + _varint(element)
    return _bytes(1, name.encode()) + _bytes(2, _bytes(1, tensor))


def _fields(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yields (field number, its bytes or b'' for a number, the field as it stands)."""
    at = 0
    while at < len(data):
        start = at
        key, at = _read(data, at)
        number, wire = key >> 3, key & 7
        value = b""
        if wire == 0:
            _, at = _read(data, at)
        elif wire == 2:
            length, at = _read(data, at)
            value = data[at : at + length]
            if len(value) < length:
                raise ValueError("the file ends inside a field")
            at += length
        elif wire in (1, 5):
            at += 8 if wire == 1 else 4
        else:
            raise ValueError("not a protocol buffer")
        yield number, value, data[start:at]


def _read(data: bytes, at: int) -> tuple[int, int]:
    total = shift = 0
    while True:
        byte = data[at]
        at += 1
        total |= (byte & 127) << shift
        if byte < 128:
            return total, at
        shift += 7
        if shift > 63:
            raise ValueError("not a protocol buffer")


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def _bytes(number: int, value: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(value)) + value
