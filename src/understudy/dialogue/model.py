"""A language model on any server that speaks OpenAI's chat API, streamed; a thread reads, so it can be left at once.

The key comes from an argument or an environment variable, travels in a header and is neither shown nor kept. Plain http
is for this machine and private networks alone; nothing follows a redirect.
"""

import contextlib
import ipaddress
import json
import os
import queue
import socket
import threading
import time
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import TracebackType
from typing import Any, Final

from understudy.base.errors import BadInput, MissingExtra, UnderstudyError

KEY: Final = "UNDERSTUDY_LLM_KEY"
LARGEST_BYTES: Final = 24_000
"""Of text of one answer; what comes after is not read."""
_LONGEST_LINE: Final = 200_000
_CONNECT_S: Final = 5.0


class ModelError(UnderstudyError):
    """The model did not answer as it should. kind: 'refused' (key, address), 'broken' (off), 'silent', 'server'."""

    def __init__(self, kind: str, words: str) -> None:
        super().__init__(words)
        self.kind = kind


@dataclass(frozen=True)
class ChatServer:
    """An OpenAI-compatible server.

    url: its base, as in 'http://localhost:11434/v1'. model: the model's name there. key: '' = $UNDERSTUDY_LLM_KEY, then
    $OPENAI_API_KEY for api.openai.com alone. filler_s: silence after which she says that she thinks. silence_s: after
    which the answer is given up. temperature, most_tokens: as the server takes them.
    """

    url: str
    model: str = ""
    key: str = field(default="", repr=False)
    filler_s: float = 1.5
    silence_s: float = 12.0
    temperature: float = 0.8
    most_tokens: int = 400

    def __post_init__(self) -> None:
        parts = urllib.parse.urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise BadInput(f"'{self.url}' is no address of a model server; write it as in http://localhost:11434/v1.")
        if parts.username or parts.password:
            raise BadInput(f"The address of the model server carries a password; give the key in ${KEY} instead.")
        if parts.scheme == "http" and not _near(parts.hostname):
            raise BadInput(
                f"{parts.hostname} is not on this network, and plain http would send the talk in clear; use https."
            )

    def stream(self, messages: Sequence[Mapping[str, str]]) -> "Answer":
        """Asks, and returns the answer as it comes."""
        return Answer(self, messages)

    def headers(self) -> dict[str, str]:
        """Returns the headers of a request."""
        host = urllib.parse.urlsplit(self.url).hostname or ""
        key = self.key or os.environ.get(KEY, "")
        if not key and host == "api.openai.com":
            key = os.environ.get("OPENAI_API_KEY", "")
        return {"Accept": "text/event-stream", **({"Authorization": f"Bearer {key}"} if key else {})}


@dataclass(frozen=True)
class Waiting:
    """Nothing has come for a while. for_s: how long."""

    for_s: float


class Answer:
    """A streamed answer: iterate for pieces of text and, in silences, Waiting. Closing it ends the request at once.

    Raises ModelError: with kind 'broken' when some text had come before, 'refused', 'server' or 'silent' otherwise.
    """

    def __init__(self, server: ChatServer, messages: Sequence[Mapping[str, str]]) -> None:
        self._server = server
        self._messages = [dict(m) for m in messages]
        self._pieces: queue.Queue[str | ModelError | None] = queue.Queue(maxsize=256)
        self._closed = threading.Event()
        self._socket: socket.socket | None = None
        self.finished = False
        """Whether it came to its own end."""
        self._client = _client(server.silence_s, server.url.startswith("https:"))
        self._thread = threading.Thread(target=self._read, name="understudy-model", daemon=True)
        self._thread.start()

    def __iter__(self) -> Iterator[str | Waiting]:
        began = last = time.monotonic()
        told = 0
        got = False
        while not self._closed.is_set():
            step = max(0.01, min(self._server.filler_s * (told + 1) - (time.monotonic() - last), 0.5))
            try:
                piece = self._pieces.get(timeout=step)
            except queue.Empty:
                silent = time.monotonic() - last
                if silent >= self._server.silence_s:
                    kind = "broken" if got else "silent"
                    raise ModelError(
                        kind, f"The model server said nothing for {silent:.0f} s; is it overloaded?"
                    ) from None
                if silent >= self._server.filler_s * (told + 1):
                    told += 1
                    yield Waiting(time.monotonic() - began)
                continue
            if piece is None:
                self.finished = True
                return
            if isinstance(piece, ModelError):
                raise ModelError("broken", str(piece)) if got and piece.kind != "refused" else piece
            last, told, got = time.monotonic(), 0, True
            yield piece

    def __enter__(self) -> "Answer":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Ends the request: the socket is shut down, so that a reader that waits for data wakes."""
        if self._closed.is_set():
            return
        self._closed.set()
        if self._socket is not None:
            with contextlib.suppress(OSError):  # the other side may have been first
                self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(timeout=1.0)

    def _put(self, piece: str | ModelError | None) -> None:
        while not self._closed.is_set():
            try:
                self._pieces.put(piece, timeout=0.2)
                return
            except queue.Full:
                continue

    def _read(self) -> None:
        import httpx

        try:
            self._ask()
            self._put(None)
        except ModelError as error:
            self._put(error)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            where = urllib.parse.urlsplit(self._server.url).netloc
            self._put(ModelError("refused", f"No model server answers at {where}; start it, or correct the address."))
        except httpx.TimeoutException:
            self._put(ModelError("silent", "The model server took too long to answer; is it overloaded?"))
        except (httpx.HTTPError, OSError, ValueError) as error:
            self._put(ModelError("server", f"The connection to the model server failed ({type(error).__name__})."))

    def _ask(self) -> None:
        server = self._server
        body: dict[str, Any] = {"messages": self._messages, "stream": True, "temperature": server.temperature,
                                "max_tokens": server.most_tokens}  # fmt: skip
        if server.model:
            body["model"] = server.model
        url = server.url.rstrip("/") + "/chat/completions"
        with self._client.stream("POST", url, json=body, headers=server.headers()) as reply:
            stream = reply.extensions.get("network_stream")
            self._socket = stream.get_extra_info("socket") if stream is not None else None
            if self._closed.is_set():
                return
            if reply.status_code != 200:
                raise _complaint(reply.status_code, url)
            if "event-stream" in reply.headers.get("content-type", ""):
                self._events(reply.iter_text())
            else:
                self._whole(reply.iter_bytes())

    def _events(self, chunks: Iterator[str]) -> None:
        """Reads server-sent events; an end without [DONE] and without a finish reason is a break."""
        left, taken, finished, broken = "", 0, False, 0
        for chunk in chunks:
            left += chunk
            while "\n" in left:
                line, left = left.split("\n", 1)
                line = line.strip()
                if not line.startswith("data:"):
                    continue
                data = line[5:].strip()
                if data == "[DONE]":
                    return
                try:
                    text, ended = _text_of(json.loads(data))
                except (ValueError, TypeError, KeyError, AttributeError):
                    broken += 1
                    if broken > 20:
                        raise ModelError(
                            "server", "The model server sends what is not the chat API; check its address."
                        ) from None
                    continue
                finished = finished or ended
                if text:
                    self._put(text[: LARGEST_BYTES - taken])
                    taken += len(text)
                if taken >= LARGEST_BYTES or self._closed.is_set():
                    return
            if len(left) > _LONGEST_LINE:
                raise ModelError("server", "The model server sends an endless line; check its address.")
        if not finished:
            raise ModelError("broken", "The model server broke off in the middle of its answer.")

    def _whole(self, chunks: Iterator[bytes]) -> None:
        """Reads an answer that is not streamed."""
        data = b""
        for chunk in chunks:
            data += chunk
            if len(data) > 8 * LARGEST_BYTES:
                break
        try:
            text, _ = _text_of(json.loads(data))
        except (ValueError, TypeError, KeyError, AttributeError):
            text = ""
        if not text:
            raise ModelError(
                "server", "The model server answers with something that is not the chat API; check its address."
            )
        self._put(text[:LARGEST_BYTES])


@lru_cache(maxsize=8)
def _client(silence_s: float, secure: bool) -> Any:
    """Returns the client for one kind of server; it keeps its connections, so the next answer begins sooner."""
    try:
        import httpx
    except ImportError as error:
        raise MissingExtra("A language model", "live") from error
    timeout = httpx.Timeout(silence_s + 5.0, connect=_CONNECT_S)
    return httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False, verify=secure)


def _text_of(event: Any) -> tuple[str, bool]:
    """Returns the text of a chat completion or of a chunk of one, and whether it says that it ended."""
    if "error" in event and not event.get("choices"):
        raise ModelError("server", "The model server reports an error of its own in the middle of the answer.")
    choices = event.get("choices") or []
    if not choices:
        return "", False
    part = choices[0].get("delta") or choices[0].get("message") or {}
    text = part.get("content") or choices[0].get("text") or ""
    return (text if isinstance(text, str) else ""), bool(choices[0].get("finish_reason"))


def _complaint(status: int, url: str) -> ModelError:
    where = urllib.parse.urlsplit(url).netloc
    if status in (401, 403):
        return ModelError(
            "refused", f"The model server at {where} does not accept the key ({status}); set ${KEY} to a valid one."
        )
    if status == 404:
        return ModelError("refused", f"The model server at {where} does not know this model or path (404); check both.")
    if status == 429:
        return ModelError("server", f"The model server at {where} is asked too often (429); wait, or raise the quota.")
    return ModelError("server", f"The model server at {where} failed ({status}); try again, or look at its log.")


def _near(host: str) -> bool:
    """Says whether a host is this machine or on a private network."""
    if host == "localhost" or host.endswith((".local", ".internal", ".lan")) or ("." not in host and ":" not in host):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_private
