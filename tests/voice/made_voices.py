"""A tiny Piper voice, and servers that speak the protocols of voice services; both made here, nothing downloaded."""

import base64
import io
import json
import re
import threading
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np

from understudy.voice.clause import Clause, SpokenWord
from understudy.voice.pico import Pico

SYMBOLS = "_^$ !',-.:;?abcdefhijklmnopqrstuvwxyzæðŋɐɑɔəɚɛɜɡɪɹɾʃʊʌʒθˈˌː"
FRAMES = 4
RATE_HZ = 22_050


def tiny_piper(folder: Path, *, name: str = "en_US-tiny", ceilings: int = 1) -> Path:
    """Writes a Piper voice that buzzes, a colour a symbol, with noise drawn in its graph; returns its .onnx."""
    from onnx import TensorProto, helper, numpy_helper, save

    rng = np.random.default_rng(1)
    at = np.arange(FRAMES * 256)
    waves = np.zeros((len(SYMBOLS), len(at)), np.float32)
    for row in waves:
        for harmonic in range(1, 24):
            row += rng.uniform(0.3, 1) / harmonic * np.sin(2 * np.pi * 7 * harmonic * at / len(at))
    waves *= 0.2
    nodes = [
        helper.make_node("Gather", ["waves", "input"], ["voice"]),
        helper.make_node("RandomNormalLike", ["voice"], ["noise"]),
        helper.make_node("Slice", ["scales", "zero", "one"], ["loud"]),
        helper.make_node("Mul", ["noise", "loud"], ["scaled"]),
        helper.make_node("Mul", ["scaled", "little"], ["breath"]),
        helper.make_node("Add", ["voice", "breath"], ["sum"]),
        helper.make_node("Reshape", ["sum", "shape"], ["output"]),
        helper.make_node("Gather", ["lengths", "input"], ["long"]),
    ]
    nodes += [helper.make_node("Ceil", ["long"], [f"frames{i}"]) for i in range(ceilings)]
    given = {
        "waves": waves,
        "lengths": np.full(len(SYMBOLS), FRAMES - 0.5, np.float32),
        "zero": np.array([0], np.int64),
        "one": np.array([1], np.int64),
        "little": np.array([0.02], np.float32),
        "shape": np.array([1, 1, 1, -1], np.int64),
    }
    graph = helper.make_graph(
        nodes,
        "tiny",
        [
            helper.make_tensor_value_info("input", TensorProto.INT64, [1, None]),
            helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
            helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
        ],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(value, name) for name, value in given.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    path = folder / f"{name}.onnx"
    save(model, str(path))
    record = {
        "audio": {"sample_rate": RATE_HZ},
        "espeak": {"voice": "en-us"},
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        "phoneme_type": "espeak",
        "phoneme_id_map": {symbol: [i] for i, symbol in enumerate(SYMBOLS)},
        "num_speakers": 1,
        "language": {"code": "en_US"},
    }
    Path(f"{path}.json").write_text(json.dumps(record), "utf-8")
    return path


@cache
def pico(text: str) -> tuple[np.ndarray[Any, Any], int]:
    """Returns a text spoken by Pico, as 16-bit samples."""
    words = tuple(SpokenWord(w, i) for i, w in enumerate(re.sub(r"[^\w' ]", "", text).split()))
    audio = Pico().say(Clause(words), "en-US").audio
    return np.asarray(audio.samples * 32767, "<i2"), audio.rate_hz


def wav(samples: np.ndarray[Any, Any], rate_hz: int) -> bytes:
    stream = io.BytesIO()
    with wave.open(stream, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(samples.tobytes())
    return stream.getvalue()


@dataclass
class Service:
    """A service on this machine. plan: what each request meets, in order ('' = it is answered); asked: what came."""

    url: str = ""
    plan: list[str] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def service() -> Iterator[Service]:
    """Runs a server that answers as OpenAI, ElevenLabs, Azure and Google do, each at its own path."""
    state = Service()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.asked.append((self.path, dict(self.headers), body))
            meets = state.plan.pop(0) if state.plan else ""
            if meets.isdigit():
                self._refuse(int(meets))
                return
            kind, data = answer(self.path, body)
            if meets == "stall":
                time.sleep(1.0)
                return
            if meets == "cut json":
                data = data[: len(data) // 2]
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if meets == "drip":
                for i in range(40):
                    self.wfile.write(data[i : i + 1])
                    self.wfile.flush()
                    time.sleep(0.05)
                return
            self.wfile.write(data[: len(data) // 2] if meets == "cut" else data)

        def _refuse(self, code: int) -> None:
            self.send_response(code)
            if code in (302, 307):
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            if code == 429:
                self.send_header("Retry-After", "0.01")
            said = json.dumps({"error": f"not with {self.headers.get('Authorization', 'this')}"}).encode()
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def handle(self) -> None:
            try:
                super().handle()
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


def answer(path: str, body: bytes) -> tuple[str, bytes]:
    """Returns the type and the bytes of a good answer."""
    if path.startswith("/v1/audio/speech"):
        return "audio/wav", wav(*pico(json.loads(body)["input"]))
    if path.startswith("/v1/text-to-speech/"):
        return "application/json", _elevenlabs(json.loads(body)["text"])
    if path.startswith("/cognitiveservices/"):
        return "audio/wav", wav(*pico(re.sub(r"<[^>]+>", "", body.decode())))
    return "application/json", _google(json.loads(body)["input"]["ssml"])


def _elevenlabs(text: str) -> bytes:
    samples, rate_hz = pico(text)
    from understudy.base.audio import Audio

    sound = Audio(np.asarray(samples / 32768, np.float32), rate_hz).at_rate(24_000)
    step = sound.duration_s / len(text)
    times = {
        "characters": list(text),
        "character_start_times_seconds": [round(i * step, 3) for i in range(len(text))],
        "character_end_times_seconds": [round((i + 1) * step, 3) for i in range(len(text))],
    }
    pcm = np.asarray(np.clip(sound.samples, -1, 1) * 32767, "<i2").tobytes()
    return json.dumps({"audio_base64": base64.b64encode(pcm).decode(), "alignment": times}).encode()


def _google(ssml: str) -> bytes:
    samples, rate_hz = pico(re.sub(r"<[^>]+>", "", ssml))
    marks = re.findall(r'<mark name="(w\d+)"/>', ssml)
    step = len(samples) / rate_hz / (len(marks) - 1)
    points = [{"markName": name, "timeSeconds": round(i * step, 3)} for i, name in enumerate(marks)]
    content = base64.b64encode(wav(samples, rate_hz)).decode()
    return json.dumps({"audioContent": content, "timepoints": points}).encode()
