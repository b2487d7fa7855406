"""Voices that speak on somebody else's machine: how they are asked, and what is kept of their answers.

A key comes from an environment variable, travels in a header, and is neither written nor shown; nothing follows a
redirect, and plain http is for this machine alone. An answer that was usable is kept in the user's cache folder under
the hash of what was asked, so the same clause costs once and sounds the same. A request is tried three times and has a
time to be finished by, however slowly the other side drips.
"""

import hashlib
import http.client
import io
import json
import os
import secrets
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from understudy.base.audio import Audio
from understudy.base.errors import BadInput, Unavailable
from understudy.base.folders import cache

T = TypeVar("T")
TIMEOUT = "UNDERSTUDY_VOICE_TIMEOUT_S"
TIMEOUT_S = 30.0
TRIES = 3
LONGEST_WAIT_S = 10.0
LARGEST_BYTES = 64 << 20
_STEP = 1 << 16


@dataclass(frozen=True)
class Request:
    """service: its name for people. url, body, headers: what is sent; secret: headers that are neither kept nor
    shown. key_name: the environment variable that holds the key."""

    service: str
    url: str
    body: bytes
    headers: Mapping[str, str]
    secret: Mapping[str, str] = field(default_factory=dict, repr=False)
    key_name: str = ""

    @property
    def digest(self) -> str:
        """Returns what names the answer in the cache: the hash of all but the key."""
        asked = json.dumps([self.service, self.url, sorted(self.headers.items())]).encode()
        return hashlib.sha256(asked + b"\n" + self.body).hexdigest()


class _Again(Exception):
    """A failure that may pass. wait_s: how long the service asks to wait."""

    def __init__(self, words: str, wait_s: float = 0.0) -> None:
        super().__init__(words)
        self.wait_s = wait_s


def ask(request: Request, read: Callable[[bytes], T]) -> T:
    """Returns `read` of the answer, from the cache when the same was asked before. Raises Unavailable, BadInput.

    read: turns the bytes into what is wanted and raises ValueError when they are broken; then it is asked again.
    """
    require_safe(request.url, request.service)
    kept = cache() / "voices" / f"{request.digest}.bin"
    if kept.is_file():
        try:
            return read(kept.read_bytes())
        except ValueError:
            kept.unlink(missing_ok=True)
    words = ""
    for attempt in range(TRIES):
        try:
            data = _fetch(request)
            try:
                made = read(data)
            except ValueError as error:
                raise _Again(f"gives broken sound ({error})") from error
            _keep(kept, data)
            return made
        except _Again as failure:
            words = str(failure)
            if attempt + 1 < TRIES:
                time.sleep(min(LONGEST_WAIT_S, max(failure.wait_s, 0.25 * 2**attempt * min(1.0, _timeout_s()))))
    raise Unavailable(f"{request.service} {words}, {TRIES} times; try again later, or use another voice engine.")


def require_safe(url: str, service: str) -> None:
    """Raises BadInput unless the address is https, or http on this machine."""
    parts = urllib.parse.urlsplit(url)
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme == "https" or (parts.scheme == "http" and local):
        return
    raise BadInput(
        f"The address of {service} is '{url[:80]}'; give one that begins with https:// (http only on this machine)."
    )


def wav(data: bytes) -> Audio:
    """Returns the sound of a WAV or of any file with sound. Raises ValueError when it is broken or cut short."""
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return _riff(data)
    import av

    try:
        with av.open(io.BytesIO(data), "r") as container:
            if not container.streams.audio:
                raise ValueError("a file without sound")
            rate_hz = int(container.streams.audio[0].codec_context.sample_rate)
            resampler = av.AudioResampler(format="fltp", layout="mono", rate=rate_hz)
            parts = [
                np.asarray(out.to_ndarray(), np.float32)[0]
                for frame in container.decode(container.streams.audio[0])
                for out in resampler.resample(frame)
            ]
    except av.error.FFmpegError as error:
        raise ValueError(f"no known sound format: {error.strerror or error}") from error
    return usable(np.concatenate(parts) if parts else np.zeros(0, np.float32), rate_hz)


def pcm16(data: bytes, rate_hz: int) -> Audio:
    """Returns raw little-endian 16-bit mono. Raises ValueError when it is empty or cut inside a sample."""
    if len(data) % 2:
        raise ValueError("cut inside a sample")
    return usable(np.asarray(np.frombuffer(data, "<i2") / 32768, np.float32), rate_hz)


def usable(samples: "np.ndarray[Any, Any]", rate_hz: int) -> Audio:
    """Returns an Audio. Raises ValueError for nothing, for silence, and for a rate that is none."""
    if not 8000 <= rate_hz <= 96_000:
        raise ValueError(f"a rate of {rate_hz} Hz")
    if len(samples) < 0.02 * rate_hz or float(np.abs(samples).max()) < 1e-3:
        raise ValueError("no sound in it")
    return Audio(np.asarray(samples, np.float32), rate_hz)


def record(data: bytes) -> dict[str, Any]:
    """Returns a JSON object. Raises ValueError when it is none or cut short."""
    try:
        found = json.loads(data)
    except ValueError as error:
        raise ValueError("an answer cut short") from error
    if not isinstance(found, dict):
        raise ValueError("an answer that is no record")
    return found


def voices(variable: str, usual: str = "") -> dict[str, str]:
    """Returns base voice -> language of an environment variable such as 'alloy nova:de-DE' (en-US without one)."""
    found: dict[str, str] = {}
    for word in os.environ.get(variable, usual).replace(",", " ").split():
        found[word] = word.partition(":")[2] or "en-US"
    return found


def _fetch(request: Request) -> bytes:
    limit_s = _timeout_s()
    until = time.monotonic() + limit_s
    headers = {**request.headers, **request.secret, "User-Agent": "understudy"}
    call = urllib.request.Request(request.url, request.body, headers, method="POST")
    try:
        with _OPENER.open(call, timeout=limit_s) as answer:
            return _drained(answer, until, limit_s)
    except urllib.error.HTTPError as error:
        raise _refusal(request, error) from None
    except TimeoutError:
        raise _Again(f"does not answer within {limit_s:g} s") from None
    except (http.client.HTTPException, urllib.error.URLError, ConnectionError, OSError) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, TimeoutError):
            raise _Again(f"does not answer within {limit_s:g} s") from None
        if isinstance(error, http.client.IncompleteRead):
            raise _Again("breaks off in the middle of its answer") from None
        raise _Again(f"cannot be reached ({_plain(str(reason) or type(reason).__name__, request)})") from None


def _drained(answer: Any, until: float, limit_s: float) -> bytes:
    expected = answer.headers.get("Content-Length")
    parts: list[bytes] = []
    total = 0
    while part := answer.read1(_STEP):
        parts.append(part)
        total += len(part)
        if time.monotonic() > until:
            raise _Again(f"does not finish within {limit_s:g} s")
        if total > LARGEST_BYTES:
            raise _Again("sends more than a clause can be")
    if expected is not None and expected.isdigit() and total < int(expected):
        raise _Again("breaks off in the middle of its answer")
    return b"".join(parts)


def _refusal(request: Request, error: urllib.error.HTTPError) -> Exception:
    code = error.code
    try:
        said = _plain(error.read(2000).decode("utf-8", "replace"), request)
    except (OSError, http.client.HTTPException):
        said = ""
    if code in (401, 403):
        return Unavailable(f"{request.service} refuses the key ({code}); check {request.key_name or 'the key'}.")
    if code == 402:
        return Unavailable(f"{request.service} asks for payment ({code}); look at your account there.")
    if code == 429:
        try:
            wait_s = float(error.headers.get("Retry-After", "1"))
        except ValueError:
            wait_s = 1.0
        return _Again("is asked too often or its quota is used up (429)", wait_s)
    if code >= 500 or code == 408:
        return _Again(f"fails ({code})")
    if 300 <= code < 400:
        return Unavailable(f"{request.service} sends us elsewhere ({code}); correct its address.")
    return BadInput(f"{request.service} does not accept this ({code}: {said[:160] or 'no reason given'}).")


def _plain(text: str, request: Request) -> str:
    """Returns words on one line without any secret in them."""
    for value in request.secret.values():
        key = value.split()[-1] if value.split() else ""
        text = text.replace(key, "…") if key else text
    return " ".join(text.split())


def _riff(data: bytes) -> Audio:
    """Returns the samples of a PCM WAV; a streamed one says a length of 0 or 2^32-1 and lasts to the end."""
    at, layout = 12, None
    while at + 8 <= len(data):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = data[at + 8 : at + 8 + size]
        if name == b"fmt ":
            layout = body
        if name == b"data":
            if layout is None or len(layout) < 16:
                raise ValueError("a WAV without a format")
            streamed = size in (0, 0xFFFFFFFF, 0x7FFFFFFF) or size > 0xFFFF0000
            if streamed:
                body = data[at + 8 :]
            elif len(body) < size:
                raise ValueError("a WAV cut short")
            return _samples(body, layout)
        at += 8 + size + (size & 1)
    raise ValueError("a WAV without sound")


def _samples(body: bytes, layout: bytes) -> Audio:
    kind, channels = (int.from_bytes(layout[i : i + 2], "little") for i in (0, 2))
    rate_hz, bits = int.from_bytes(layout[4:8], "little"), int.from_bytes(layout[14:16], "little")
    if channels < 1 or (kind, bits) not in ((1, 16), (3, 32), (0xFFFE, 16)):
        raise ValueError(f"a WAV of format {kind} with {bits} bits")
    width = bits // 8 * channels
    body = body[: len(body) // width * width]
    values = np.frombuffer(body, "<i2") / 32768 if bits == 16 else np.frombuffer(body, "<f4")
    return usable(values.reshape(-1, channels).mean(axis=1), rate_hz)


def _keep(path: Path, data: bytes) -> None:
    """Keeps an answer; a cache that cannot be written is no reason to be silent."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(data)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)


def _timeout_s() -> float:
    try:
        return max(0.05, float(os.environ.get(TIMEOUT, TIMEOUT_S)))
    except ValueError:
        return TIMEOUT_S


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: a key is for the address it was given for."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_Stay)
