"""Whether a turn sounds over: features, weights of the user's own, and what the listener makes of it."""

import importlib.util
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from tests.live.test_hearing import Counting, heard, quiet

from understudy.base.errors import BadInput, MissingExtra, Unavailable
from understudy.live import turns
from understudy.live.hearing import RATE_HZ, Heard, Listener, Pcm
from understudy.live.opening import Wishes, _turns, open_stage


def tone(hz: float, seconds: float = 2.0) -> Pcm:
    return (9000 * np.sin(np.arange(round(seconds * RATE_HZ)) * 2 * np.pi * hz / RATE_HZ)).astype(np.int16)


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A net that says how much there is in the highest bands, as the real one says how far a turn sounds over."""
    parts = [
        helper.make_node("Slice", ["input_features", "from", "to", "axes"], ["high"]),
        helper.make_node("ReduceMax", ["high"], ["most"], keepdims=0),
        helper.make_node("Sigmoid", ["most"], ["probability"]),
    ]
    graph = helper.make_graph(
        parts, "tiny",
        [helper.make_tensor_value_info("input_features", TensorProto.FLOAT, [1, 80, 800])],
        [helper.make_tensor_value_info("probability", TensorProto.FLOAT, [])],
        [helper.make_tensor(name, TensorProto.INT64, [1], [value])
         for name, value in (("from", 60), ("to", 80), ("axes", 1))],
    )  # fmt: skip
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    made.ir_version = 9
    onnx.save(made, tmp_path / "smart-turn-v3-tiny.onnx")
    return tmp_path / "smart-turn-v3-tiny.onnx"


def test_a_tone_lies_in_its_band_at_the_end_of_eight_seconds() -> None:
    found = turns.features(tone(1000.0))
    assert found.shape == (80, 800) and found.dtype == np.float32
    # Slaney: 15 of 45.2 mels is 1 kHz
    assert abs(int(found[:, 700].argmax()) - (15 / 45.245 * 81 - 1)) <= 1
    assert found[:, 700].max() > found[:, 300].max() + 0.5  # silence lies before what was said
    assert np.array_equal(turns.features(tone(1000.0, 20.0)), turns.features(tone(1000.0, 20.0)[-8 * RATE_HZ :]))


@pytest.mark.skipif(importlib.util.find_spec("pipecat") is None, reason="Pipecat is not installed")
def test_features_are_those_of_pipecat(question: Pcm) -> None:
    from pipecat.audio.turn.smart_turn._whisper_features import compute_whisper_log_mel_features as theirs

    sound = np.zeros(8 * RATE_HZ, np.float32)
    last = question[-len(sound) :] / np.float32(32768)
    sound[len(sound) - len(last) :] = last
    assert np.abs(turns.features(question) - theirs(sound)).max() < 1e-4


def test_weights_of_ones_own_are_heard(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(turns.WEIGHTS, str(tiny))
    judge = _turns("auto")
    assert judge is not None and judge(tone(6000.0)) > judge(tone(300.0)) + 0.05
    assert _turns("silence") is None
    monkeypatch.setenv(turns.WEIGHTS, str(tiny.with_name("none.onnx")))
    with pytest.raises(BadInput, match="no file"):
        _turns("auto")
    tiny.write_bytes(b"no net")
    monkeypatch.setenv(turns.WEIGHTS, str(tiny))
    with pytest.raises(Unavailable, match="not Smart Turn"):
        open_stage(Wishes(turns="smart"))


def test_without_weights_silence_ends_turns_and_asking_for_more_names_the_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(turns.WEIGHTS, raising=False)
    monkeypatch.setattr(turns.importlib.util, "find_spec", lambda _name: None)
    assert _turns("auto") is None
    with pytest.raises(MissingExtra, match=r"understudy\[pipecat\]"):
        _turns("smart")


@pytest.mark.parametrize(("over", "least_s", "most_s"), [(1.0, 0.2, 0.4), (0.0, 1.1, 1.3), (0.5, 0.65, 0.85)])
def test_what_sounds_over_ends_sooner(question: Pcm, over: float, least_s: float, most_s: float) -> None:
    def ends_after(finished: object) -> float:
        listener, waited = Listener(Counting(), finished), 0  # type: ignore[arg-type]
        assert not any(h.kind is Heard.ENDS for h in heard(listener, np.concatenate([quiet(0.5), question])))
        for waited in range(0, 2 * RATE_HZ, 512):
            if any(h.kind is Heard.ENDS for h in listener.push(quiet(2.0)[waited : waited + 512])):
                break
        return waited / RATE_HZ

    asked: list[int] = []

    def finished(pcm: Pcm) -> float:
        asked.append(len(pcm))
        return over

    # the recording ends in some silence of its own, which a judge that never comes in shows
    silence_s = ends_after(None)
    assert least_s - 0.6 < ends_after(finished) - silence_s < most_s - 0.6 + 0.05
    assert 1 <= len(asked) <= 6 and asked[0] > 0.5 * len(question)
