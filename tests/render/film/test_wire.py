import io

import numpy as np
import pytest

from understudy.base.errors import Unavailable
from understudy.render.film.blender.wire import receive, send
from understudy.render.film.worker import PYTHON_VARIABLE, Worker, interpreter


def there_and_back(message: dict[str, object]) -> dict[str, object]:
    stream = io.BytesIO()
    send(stream, message)
    stream.seek(0)
    return receive(stream)


def test_a_message_comes_back_as_it_was_sent() -> None:
    message = {
        "do": "trace",
        "samples": 4,
        "moved": {"skin": np.arange(6, dtype=np.float32).reshape(2, 3)},
        "list": [1.5],
    }
    found = there_and_back(message)
    assert found["do"] == "trace" and found["samples"] == 4 and found["list"] == [1.5]
    assert np.array_equal(found["moved"]["skin"], message["moved"]["skin"])  # type: ignore[index]


def test_empty_arrays_travel_too() -> None:
    found = there_and_back({"a": np.zeros((0, 3), np.float32), "b": np.ones(2, np.int32)})
    assert found["a"].shape == (0, 3) and found["b"].tolist() == [1, 1]  # type: ignore[attr-defined]


def test_a_cut_message_is_an_end_not_a_guess() -> None:
    stream = io.BytesIO()
    send(stream, {"a": np.zeros(100, np.float32)})
    with pytest.raises(EOFError):
        receive(io.BytesIO(stream.getvalue()[:-10]))


def test_objects_are_not_unpickled() -> None:
    stream = io.BytesIO()
    head = b'{"body": {"@": 0}, "arrays": [["object", [1]]]}'
    stream.write(len(head).to_bytes(8, "little") + head + b"x" * 64)
    stream.seek(0)
    with pytest.raises(ValueError, match="not sent"):
        receive(stream)


def test_a_python_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PYTHON_VARIABLE, "/nowhere/python")
    with pytest.raises(Unavailable, match="/nowhere/python"):
        interpreter()


def test_a_python_without_blender_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys
    from importlib.util import find_spec

    if find_spec("bpy") is not None:
        pytest.skip("this Python has bpy")
    monkeypatch.delenv(PYTHON_VARIABLE, raising=False)
    with pytest.raises(Unavailable, match=r"understudy\[film\]"):
        Worker()
    with pytest.raises(Unavailable, match=r"understudy\[film\]"):
        Worker(sys.executable)
