"""Piper voices in the user's own files: `name.onnx` beside `name.onnx.json`, run with onnxruntime.

Words become IPA by our own rules (English, German, Spanish, French, Italian), so nothing of espeak-ng is loaded. Noise
is handed in from a fixed pool, so the same clause gives the same samples; times are those of the graph where it rounds
its durations in one place, else they are found by alignment. Licences are those of each file: read its MODEL_CARD.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from understudy.base.audio import Audio
from understudy.base.errors import BadInput, Unavailable, UnknownName
from understudy.base.folders import home
from understudy.hub.card import Card
from understudy.hub.speech import Phone
from understudy.voice import graph
from understudy.voice.clause import Clause
from understudy.voice.engine import Sounding, TimedWord
from understudy.voice.ipa import Spelt, spell_ipa
from understudy.voice.world import Floats

FOLDERS = "UNDERSTUDY_PIPER"
LANGUAGES = ("en-US", "en-GB", "de-DE", "es-ES", "es-MX", "fr-FR", "it-IT")
POOL_CHANNELS = 256
FRAMES_A_SYMBOL = 48
PAUSE_S = 0.12
"""A space between words that lasts longer is a pause; a shorter one belongs to the sound before it."""
_STOPS = {"…": ".", "-": ",", "": ","}


@dataclass(frozen=True)
class Model:
    """A voice file. ids: symbol -> ids. scales: noise, length, noise of durations. speaker: None when it has one."""

    path: Path
    language: str
    rate_hz: int
    ids: Mapping[str, tuple[int, ...]]
    scales: tuple[float, float, float]
    letters: bool
    speaker: int | None = None


class Piper:
    """Piper voices through onnxruntime."""

    card: ClassVar[Card] = Card(
        name="piper",
        summary="Piper voices of your own: .onnx files in a folder",
        code_licence="own",
        weights_licence="none",
        needs=f"the package onnxruntime, and voices in the folder that {FOLDERS} names",
        languages=LANGUAGES,
    )

    def missing(self) -> str:
        if find_spec("onnxruntime") is None:
            return "Piper voices need onnxruntime; run: pip install onnxruntime"
        if not _folders():
            return (
                f"There are no Piper voices in {_places()}; put NAME.onnx and NAME.onnx.json there, or set {FOLDERS}."
            )
        if not self.bases():
            return f"No Piper voice in {_places()} can be used: {_why_not()}"
        return ""

    def bases(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for path in _folders():
            try:
                record = _record(path)
            except BadInput:
                continue
            language = _language(record)
            if language not in LANGUAGES:
                continue
            found |= {name: language for name in _speakers(path.stem, record)}
        return found

    def say(self, clause: Clause, base: str) -> Sounding:
        bases = self.bases()
        if base not in bases:
            raise UnknownName("Piper voice", base, tuple(bases))
        model = _model(base)
        symbols = _symbols(clause, model)
        samples, frames = _run(model, [i for s in symbols for i in s.ids])
        audio = Audio(samples, model.rate_hz)
        if frames is None or model.letters:
            return Sounding(audio)
        return Sounding(audio, _timed(symbols, frames, audio, len(clause.words)))


@dataclass(frozen=True)
class Symbol:
    """A group of ids that is one sound; the pad before an id sounds as the way into it, so it belongs to it.

    word: its word, -1 between words. phones: what the sound is for the stages.
    """

    ids: tuple[int, ...]
    word: int
    phones: tuple[str, ...] = ()


def _symbols(clause: Clause, model: Model) -> list[Symbol]:
    pad = model.ids.get("_", ())
    out = [Symbol(model.ids.get("^", ()), -1)]

    def of(text: str) -> tuple[int, ...]:
        return tuple(i for c in text for known in [model.ids.get(c, ())] if known for i in (*pad, *known))

    for order, word in enumerate(clause.words):
        if order and " " in model.ids:
            out.append(Symbol(of(" "), -1))
        spelt = [Spelt(word.text.lower(), ())] if model.letters else spell_ipa(word, model.language)
        out += [Symbol(of(s.ipa), order, s.phones) for s in spelt]
    out.append(Symbol(of(_STOPS.get(clause.mark, clause.mark)), -1))
    out.append(Symbol((*pad, *model.ids.get("$", ())), -1))
    return out


def _run(model: Model, ids: list[int]) -> tuple[np.ndarray[Any, np.dtype[np.float32]], Floats | None]:
    """Returns the samples, and the samples each id lasts where the graph tells."""
    session, edited = _session(model.path)
    feeds: dict[str, Any] = {
        "input": np.array([ids], np.int64),
        "input_lengths": np.array([len(ids)], np.int64),
        "scales": np.array(model.scales, np.float32),
    }
    if model.speaker is not None:
        feeds["sid"] = np.array([model.speaker], np.int64)
    if edited.noisy:
        feeds[graph.POOL] = _pool(1 << (FRAMES_A_SYMBOL * len(ids)).bit_length())
        feeds[graph.STARTS] = np.zeros(3, np.int64)
    wanted = {i.name for i in session.get_inputs()}
    try:
        made = session.run(None, {name: value for name, value in feeds.items() if name in wanted})
    except Exception as error:  # onnxruntime raises its own, unnamed types
        raise Unavailable(
            f"The Piper voice {model.path.name} does not run ({str(error)[:120]}); is it a Piper voice of version 1?"
        ) from error
    samples = np.asarray(made[0], np.float32).reshape(-1)
    if not len(samples) or not np.isfinite(samples).all():
        raise Unavailable(f"The Piper voice {model.path.name} gives no sound; download it again.")
    frames = np.asarray(made[1], np.float64).reshape(-1) if edited.durations and len(made) > 1 else None
    if frames is None or len(frames) != len(ids) or frames.sum() <= 0:
        return np.clip(samples, -1, 1), None
    return np.clip(samples, -1, 1), frames * (len(samples) / frames.sum())


def _timed(symbols: list[Symbol], lengths: Floats, audio: Audio, words: int) -> tuple[TimedWord, ...]:
    """Returns the words with the times of their phones; a short space goes to the sound before it."""
    phones: list[list[Phone]] = [[] for _ in range(words)]
    at = 0
    clock = 0.0
    last: tuple[int, int] | None = None
    for symbol in symbols:
        length = float(lengths[at : at + len(symbol.ids)].sum()) / audio.rate_hz
        at += len(symbol.ids)
        if symbol.word < 0:
            if last is not None and length < PAUSE_S:
                held = phones[last[0]][-1]
                phones[last[0]][-1] = Phone(held.name, held.start_s, held.end_s + length, held.stress)
        elif symbol.phones:
            step = length / len(symbol.phones)
            for k, phone in enumerate(symbol.phones):
                stress = int(phone[-1]) if phone[-1].isdigit() else 0
                start = clock + k * step
                phones[symbol.word].append(Phone(phone.rstrip("012"), start, start + step, stress))
            last = (symbol.word, len(phones[symbol.word]) - 1)
        clock += length
    return tuple(TimedWord(tuple(p)) for p in phones)


@lru_cache(maxsize=2)
def _session(path: Path) -> tuple[Any, graph.Edited]:
    import onnxruntime

    edited = graph.edit(path.read_bytes(), path.name)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(edited.model, options, providers=["CPUExecutionProvider"]), edited
    except Exception as error:  # onnxruntime raises its own, unnamed types
        raise Unavailable(f"The Piper voice {path.name} cannot be loaded ({str(error)[:120]}).") from error


@cache
def _pool(frames: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Returns (1, channels, frames) of unit noise; a longer pool begins as a shorter one does."""
    noise = np.random.default_rng(0).standard_normal((frames, POOL_CHANNELS), np.float32)
    return np.ascontiguousarray(noise.T[None])


def _folders() -> list[Path]:
    given = os.environ.get(FOLDERS, "")
    folders = [Path(f).expanduser() for f in given.split(os.pathsep) if f] or [home() / "voices"]
    return sorted(p for folder in folders for p in folder.glob("*.onnx") if Path(f"{p}.json").is_file())


def _places() -> str:
    return os.environ.get(FOLDERS, "") or str(home() / "voices")


def _why_not() -> str:
    for path in _folders():
        try:
            language = _language(_record(path))
        except BadInput as error:
            return str(error)
        return f"{path.name} speaks {language}, and our rules of spelling know {', '.join(LANGUAGES)}."
    return ""


def _record(path: Path) -> dict[str, Any]:
    return _read_record(path, Path(f"{path}.json").stat().st_mtime_ns)


@cache
def _read_record(path: Path, _changed: int) -> dict[str, Any]:
    where = f"{path.name}.json"
    try:
        record = json.loads(Path(f"{path}.json").read_text("utf-8"))
        int(record["audio"]["sample_rate"])
        if not record["phoneme_id_map"]:
            raise KeyError("phoneme_id_map")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{where} is not the description of a Piper voice ({error}); download it again.") from error
    return dict(record)


def _language(record: Mapping[str, Any]) -> str:
    code = str(record.get("language", {}).get("code") or record.get("espeak", {}).get("voice") or "")
    family, _, region = code.replace("_", "-").partition("-")
    region = region.split("-")[0].upper()
    usual = {"en": "US", "de": "DE", "es": "ES", "fr": "FR", "it": "IT"}
    return f"{family}-{region or usual.get(family, family.upper())}"


def _speakers(stem: str, record: Mapping[str, Any]) -> list[str]:
    if int(record.get("num_speakers") or 1) <= 1:
        return [stem]
    names = record.get("speaker_id_map") or {str(i): i for i in range(int(record["num_speakers"]))}
    return [f"{stem}#{name}" for name in names]


def _model(base: str) -> Model:
    stem, _, who = base.partition("#")
    path = next(p for p in _folders() if p.stem == stem)
    record = _record(path)
    inference = record.get("inference", {})
    speaker = None
    if int(record.get("num_speakers") or 1) > 1:
        known = record.get("speaker_id_map") or {}
        speaker = int(known.get(who, who if who.isdigit() else 0))
    scales = [float(inference.get(n, v)) for n, v in (("noise_scale", 0.667), ("length_scale", 1.0), ("noise_w", 0.8))]
    ids = {str(k): tuple(int(i) for i in v) for k, v in record["phoneme_id_map"].items()}
    letters = record.get("phoneme_type") == "text"
    return Model(
        path,
        _language(record),
        int(record["audio"]["sample_rate"]),
        ids,
        (scales[0], scales[1], scales[2]),
        letters,
        speaker,
    )
