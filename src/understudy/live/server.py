"""One port: the page, the body, and a WebSocket a talk."""

import asyncio
import contextlib
import ctypes
import gc
import json
import sys
import time
from collections.abc import AsyncIterator, Coroutine, Mapping
from pathlib import Path
from typing import Any, Final

import anyio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from understudy.live.session import WAITS_S, Cast, Session, as_text
from understudy.live.site import Part
from understudy.live.voicing import Voices

MOST_SESSIONS: Final = 64
LARGEST_MESSAGE: Final = 1 << 16


class Stage:
    """The sessions of a server."""

    def __init__(
        self,
        cast: Cast,
        files: Mapping[str, Part],
        most: int = MOST_SESSIONS,
        waits_s: float = WAITS_S,
    ) -> None:
        self.cast, self.files, self.most, self.waits_s = cast, files, most, waits_s
        self.sessions: dict[str, Session] = {}
        self._visits, self._turns = 0, 0
        self._began_s = time.monotonic()

    def app(self) -> Starlette:
        """Returns the ASGI application."""
        return Starlette(
            routes=[
                WebSocketRoute("/live", self.live),
                Route("/health", self.health),
                Route("/{path:path}", self.file),
            ],
            lifespan=self.lifespan,
        )

    @contextlib.asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        sweeper = asyncio.create_task(self._sweep())
        yield
        sweeper.cancel()
        await asyncio.to_thread(self.close)

    async def file(self, request: Request) -> Response:
        """Serves what the page is made of; anything else is 404."""
        found = self.files.get("/" + request.path_params["path"])
        if found is None:
            return Response("There is nothing here.", 404)
        return Response(found.data, headers=found.headers)

    async def health(self, _: Request) -> Response:
        return JSONResponse({"actor": self.cast.actor.name, "sessions": len(self.sessions), "most": self.most})

    async def live(self, socket: WebSocket) -> None:
        """One page: says hello, then beats and notes out, words and sound in, until it goes."""
        if not _same_origin(socket):
            await socket.close(4403)
            return
        await socket.accept()
        try:
            hello = json.loads(await asyncio.wait_for(socket.receive_text(), 10))
            session, resumed = await self._session(hello)
        except (WebSocketDisconnect, TimeoutError, ValueError, KeyError, RuntimeError):
            await _shut(socket, 4400)
            return
        if session is None:
            await socket.send_text(as_text({"kind": "trouble", "text": "She is talking to too many people just now."}))
            await _shut(socket, 4429)
            return
        writing = asyncio.Lock()
        try:
            async with anyio.create_task_group() as all_of_it:

                async def until_over(part: Coroutine[Any, Any, None]) -> None:
                    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                        await part
                    all_of_it.cancel_scope.cancel()

                all_of_it.start_soon(until_over, self._beats(socket, session, writing, resumed))
                all_of_it.start_soon(until_over, self._notes(socket, session, writing))
                all_of_it.start_soon(until_over, self._pictures(socket, session, writing))
                all_of_it.start_soon(until_over, self._reads(socket, session, writing))
        finally:
            session.page_went()
        await _shut(socket, 1000)

    async def _session(self, hello: Any) -> tuple[Session | None, bool]:
        if not isinstance(hello, dict) or hello.get("kind") != "hello":
            raise ValueError("a page says hello first")
        kept = self.sessions.get(str(hello.get("session", "")))
        if kept is not None and not kept.attached:
            kept.attached = True
            return kept, True
        if len(self.sessions) >= self.most:
            return None, False
        user = str(hello.get("user", ""))[:64] or "guest"
        self._visits += 1
        session = await asyncio.to_thread(
            Session, self.cast, user, asyncio.get_running_loop(), self.take_of(self._visits)
        )
        session.attached = True
        self.sessions[session.id] = session
        return session, False

    async def _beats(self, socket: WebSocket, session: Session, writing: asyncio.Lock, resumed: bool) -> None:
        async with writing:
            await socket.send_text(as_text(session.hello(resumed=resumed)))
        session.page_came()
        async for beat in session.stream:
            data = session.keep(beat)
            if beat.turn == session.stream.turn:
                async with writing:
                    await socket.send_bytes(data)

    async def _notes(self, socket: WebSocket, session: Session, writing: asyncio.Lock) -> None:
        while True:
            note = await session.notes()
            async with writing:
                await socket.send_text(as_text(note))

    async def _pictures(self, socket: WebSocket, session: Session, writing: asyncio.Lock) -> None:
        while True:
            data = await session.picture()
            async with writing:
                await socket.send_bytes(data)

    async def _reads(self, socket: WebSocket, session: Session, writing: asyncio.Lock) -> None:
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            if (data := message.get("bytes")) is not None:
                if len(data) <= LARGEST_MESSAGE:
                    session.take_sound(data)
                continue
            try:
                asked = json.loads(message.get("text") or "")
            except ValueError:
                continue
            if isinstance(asked, dict) and (answer := session.take_in(asked)) is not None:
                async with writing:
                    await socket.send_text(as_text(answer))

    async def _sweep(self) -> None:
        """Ends talks whose page has been gone for too long."""
        while True:
            await asyncio.sleep(min(2.0, self.waits_s))
            for session in list(self.sessions.values()):
                if not session.attached and time.monotonic() - session.seen_s > self.waits_s:
                    del self.sessions[session.id]
                    await asyncio.to_thread(self._end, session)

    def warm(self) -> None:
        """Sets up what pages without a graphics card would wait for; returns at once."""
        if self.cast.booth is not None:
            self.cast.booth.warm()

    def take_of(self, visit: int) -> Path | None:
        """Returns where a visitor's talk is kept: the first under the name that was asked for, later ones numbered."""
        first = self.cast.record
        return first if first is None or visit == 1 else first.with_name(f"{first.stem}-{visit}{first.suffix}")

    def close(self) -> None:
        """Ends every talk, and notes in the ledger that the actor is off the air."""
        for session in self.sessions.values():
            self._end(session)
        self.sessions.clear()
        if self.cast.booth is not None:
            self.cast.booth.close()
        if self.cast.channel is not None:
            self.cast.channel.close()
        if isinstance(self.cast.speak, Voices):
            self.cast.speak.close()
        self.cast.on_air.end(time.monotonic() - self._began_s, self._turns)

    def _end(self, session: Session) -> None:
        self._turns += session.turns
        session.close()
        _tidy(alone=not any(other.attached for other in self.sessions.values()))


def _tidy(*, alone: bool) -> None:
    """Gives back what a talk leaves behind. alone: nobody is shown anything, so that a pause is seen by nobody."""
    if alone:
        gc.collect()
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # a C library that is not glibc
            ctypes.CDLL(None).malloc_trim(0)


def _same_origin(socket: WebSocket) -> bool:
    """Tells whether a page of this server asks: a page of elsewhere has no business with her, or the microphone."""
    origin = socket.headers.get("origin")
    return origin is None or origin.partition("://")[2] == socket.headers.get("host")


async def _shut(socket: WebSocket, code: int) -> None:
    if socket.client_state is WebSocketState.CONNECTED and socket.application_state is WebSocketState.CONNECTED:
        with contextlib.suppress(RuntimeError):
            await socket.close(code)
