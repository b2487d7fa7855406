"""The rows of `understudy bench live`."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial

import numpy as np
import numpy.typing as npt

from understudy.base.channels import SHAPE_INDEX
from understudy.base.errors import BadInput
from understudy.hub.scores import Score
from understudy.judge.chance import banded, interval
from understudy.live.bench.client import Client, connected, said
from understudy.live.bench.film import pictures
from understudy.live.bench.options import TEXTS, LiveBenchOptions
from understudy.live.bench.parrot import Served, served
from understudy.live.timeline import LiveBeat, rows_of

Floats = npt.NDArray[np.float64]

WARMED = 20
"""Visits before those that are counted: the first ones load what all later ones share."""
CALM_S = 12.0
"""Threads that carried a request end when they had nothing to do for 10 s (anyio)."""

Section = Callable[[LiveBenchOptions], Iterator[Score]]


def words(options: LiveBenchOptions) -> Iterator[Score]:
    """Text handed over -> its first sound, and the frame of that instant, at the client."""
    with served(options.actor, options.voice) as server:
        arrivals, starts = asyncio.run(_words(server, options.turns))
    how = f"{options.turns} turns of 1 to 14 words over a local socket, voice {server.voice}"
    yield from _first(arrivals, "arrived", how + "; the packet with both is there")
    yield from _first(starts, "due", how + "; the moment it sounds and is seen, by the session's clock")


def _first(seconds: list[float], what: str, how: str) -> Iterator[Score]:
    ms = 1000 * np.array(seconds)
    judged = what == "due"
    for name, q, most in (("p50", 50.0, 100.0), ("p95", 95.0, 150.0)):
        yield banded(f"text to first sound and frame, {what}, {name}", float(np.percentile(ms, q)), (-np.inf, most),
                     unit="ms", n=len(ms), within=interval(ms, partial(_percentile, q=q)), how=how,
                     judged=judged)  # fmt: skip


def _percentile(values: Floats, q: float) -> float:
    return float(np.percentile(values, q))


async def _words(server: Served, turns: int) -> tuple[list[float], list[float]]:
    arrivals, starts = [], []
    async with connected(server.port) as client:
        rng = np.random.default_rng(1)
        for index in range(turns):
            arrived, handed = await said(client, TEXTS[index % len(TEXTS)])
            first = arrived.beat.start_s + np.argmax(np.abs(arrived.beat.sound.samples) > 1e-3) / 24_000
            arrivals.append(arrived.at - handed)
            starts.append(max(arrived.at, client.heard_at(first)) - handed)
            await asyncio.sleep(float(rng.uniform(0.3, 0.6)))
            await client.stop()
            await client.ping()
            await asyncio.sleep(float(rng.uniform(0.3, 0.5)))
    return arrivals, starts


def interruptions(options: LiveBenchOptions) -> Iterator[Score]:
    """Interrupting her -> silence, and rest."""
    with served(options.actor, options.voice) as server:
        silent, rests = asyncio.run(_interrupted(server, max(20, options.turns // 4)))
    silent_ms, rest_ms = 1000 * np.array(silent), 1000 * np.array(rests)
    yield banded("interrupt to silence, p95", float(np.percentile(silent_ms, 95)), (-np.inf, 100.0), unit="ms",
                 n=len(silent_ms), within=interval(silent_ms, partial(_percentile, q=95)),
                 how="'stop' sent until the new turn is known at the client, which drops older sound, and 8 ms fade; "
                 "no older sound comes later")  # fmt: skip
    yield banded("interrupt to rest pose, p95", float(np.percentile(rest_ms, 95)), (-np.inf, 250.0), unit="ms",
                 n=len(rest_ms), within=interval(rest_ms, partial(_percentile, q=95)),
                 how="until lips, head and hands are within 5 % of their way to the idle pose")  # fmt: skip


async def _interrupted(server: Served, turns: int) -> tuple[list[float], list[float]]:
    silent, rests = [], []
    async with connected(server.port) as client:
        for index in range(turns):
            await said(client, TEXTS[7 + 5 * (index % 2)])
            await asyncio.sleep(0.5 + 0.02 * (index % 10))
            client.notes.clear()
            asked = await client.stop()
            turned = await client.until(lambda: next((a for a, n in client.notes if n["kind"] == "turn"), None))
            await asyncio.sleep(0.7)
            stray = [a for a in client.beats if a.at > turned and a.beat.voiced]
            silent.append(turned - asked + 0.008 if not stray else stray[-1].at - asked)
            after = [a.beat for a in client.beats if a.beat.turn == client.turn]
            rests.append(client.heard_at(_rested(after)) - asked)
            await client.ping()
    return silent, rests


def _rested(after: list[LiveBeat]) -> float:
    """Returns the session time at which the pose has gone 95 % of its way from where it was to where it settles."""
    shown: dict[int, np.ndarray] = {}
    for beat in after:
        for k, row in enumerate(rows_of(beat)):
            shown[round(beat.start_s * 60) + k] = row
    frames = sorted(shown)
    rows = np.stack([shown[f] for f in frames])
    columns = [SHAPE_INDEX["jawOpen"], SHAPE_INDEX["mouthFunnel"], SHAPE_INDEX["mouthPucker"]]
    way = rows[:, columns] - rows[min(len(rows) - 1, 18), columns]
    size = np.abs(way).max(axis=1)
    done = np.flatnonzero(size > max(0.05 * size[0], 0.01))
    return (frames[int(done[-1]) + 1] if len(done) and done[-1] + 1 < len(frames) else frames[0]) / 60


def crowd(options: LiveBenchOptions) -> Iterator[Score]:
    """Many talks at one server: what they cost, and how quick each still is."""
    with served(options.actor, options.voice) as server:
        idle, talking, starts, rate = asyncio.run(_crowd(server, options.crowd))
    many = options.crowd
    yield banded(
        f"{many} talks, nobody speaks",
        100 * idle,
        (-np.inf, 100.0),
        unit="% of a core",
        how="beats at 30 a second each",
    )
    yield banded(f"{many} talks, each answers every 6 s", 100 * talking, (-np.inf, 100.0), unit="% of a core",
                 how="voice, face and body of all of them")  # fmt: skip
    yield banded(f"{many} talks, beats a second each", rate, (29.0, 31.0), unit="/s", how="of 30")
    yield from _first(starts, "due", f"{len(starts)} turns in {many} talks at once, voice {server.voice}")


async def _crowd(server: Served, many: int) -> tuple[float, float, list[float], float]:
    from contextlib import AsyncExitStack

    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(connected(server.port, f"u{i}")) for i in range(many)]
        await asyncio.sleep(2.0)
        idle = await _share(server, 8.0)
        for client in clients:
            client.frames = 0
        began = time.perf_counter()
        rng = np.random.default_rng(2)
        talks = [asyncio.create_task(_talks(client, float(rng.uniform(0, 6)), 24.0)) for client in clients]
        talking = await _share(server, 24.0)
        starts = [s for t in await asyncio.gather(*talks) for s in t]
        rate = sum(c.frames for c in clients) / many / (time.perf_counter() - began)
    return idle, talking, starts, rate


async def _talks(client: Client, wait_s: float, seconds: float) -> list[float]:
    starts = []
    ends = time.perf_counter() + seconds
    await asyncio.sleep(wait_s)
    index = round(10 * wait_s)
    while time.perf_counter() < ends - 3:
        arrived, handed = await said(client, TEXTS[index % len(TEXTS)])
        starts.append(max(arrived.at, client.heard_at(arrived.beat.start_s)) - handed)
        index += 1
        await client.ping()
        await asyncio.sleep(6.0)
    return starts


async def _share(server: Served, seconds: float) -> float:
    before, began = server.cpu_s(), time.perf_counter()
    await asyncio.sleep(seconds)
    return (server.cpu_s() - before) / (time.perf_counter() - began)


def doors(options: LiveBenchOptions) -> Iterator[Score]:
    """People come and go, and nothing of them stays behind."""
    with served(options.actor, options.voice) as server:
        before, after = asyncio.run(_doors(server, options.doors))
    for name, unit, most in (("talks", "", 0), ("threads", "", 2), ("open files", "", 2), ("memory", "MB", 30.0)):
        was, now = before[name], after[name]
        yield banded(
            f"{name} left by {options.doors} visits",
            now - was,
            (-np.inf, most),
            unit=unit,
            how=f"{was:.0f} once {WARMED} visits had warmed the server up and were over, {now:.0f} when so many more "
            "were; one visitor in four is answered",
        )


async def _doors(server: Served, visits: int) -> tuple[dict[str, float], dict[str, float]]:
    """Returns what the server holds before and after so many visits, each time with nobody there."""
    await _visits(server, WARMED, "first")
    before = await _left(server)
    await _visits(server, visits, "visitor")
    return before, await _left(server)


async def _visits(server: Served, count: int, name: str) -> None:
    for index in range(count):
        async with connected(server.port, f"{name}{index}") as client:
            if index % 4 == 0:
                await said(client, "Good morning.")


async def _left(server: Served) -> dict[str, float]:
    """Waits until no talk is left, half a minute at most, then until what ends them has ended."""
    for _ in range(60):
        if server.talks() == 0:
            break
        await asyncio.sleep(0.5)
    await asyncio.sleep(CALM_S)
    held = server.talks(), server.threads(), server.files(), server.resident_mb()
    return dict(zip(("talks", "threads", "open files", "memory"), map(float, held), strict=True))


def soak(options: LiveBenchOptions) -> Iterator[Score]:
    """A long talk: memory, and the clock of sound and motion against the clock of the wall."""
    if options.minutes < 1:
        raise BadInput("A long talk of less than a minute says nothing about memory; give --minutes 1 or more.")
    with served(options.actor, options.voice) as server:
        memory, leads, late = asyncio.run(_soak(server, options.minutes))
    length = f"{options.minutes:g} minutes, a turn every 8 s, voice {server.voice}"
    yield banded("memory of a long talk", _slope(memory), (-np.inf, 1.0), unit="MB/min", n=len(memory),
                 within=interval(memory, _slope), how=f"slope after the first quarter; {length}")  # fmt: skip
    yield banded("drift of the beats against the wall", _slope(leads), (-10.0, 10.0), unit="ms/h", n=len(leads),
                 within=interval(leads, _slope), how=length)  # fmt: skip
    yield banded("beats that came too late to be seen", late, (-np.inf, 0.1), unit="%", how=length)


def _slope(rows: Floats) -> float:
    return float(np.polyfit(rows[:, 0], rows[:, 1], 1)[0])


async def _soak(server: Served, minutes: float) -> tuple[Floats, Floats, float]:
    """Returns rows of (minute, MB held), of (hour, ms by which idle beats came ahead of their time), and the share of
    late beats in per cent."""
    seconds = 60 * minutes
    memory: list[tuple[float, float]] = []
    offsets: list[tuple[float, float]] = []
    late = total = 0
    async with connected(server.port) as client:
        began, index = time.perf_counter(), 0
        while (gone := time.perf_counter() - began) < seconds:
            await said(client, TEXTS[index % len(TEXTS)])
            index += 1
            await asyncio.sleep(8.0)
            memory.append((gone / 60, server.resident_mb()))
            await client.ping()
            leads = [client.heard_at(a.beat.start_s) - a.at for a in client.beats]
            idle = [lead for lead, a in zip(leads, client.beats, strict=True) if not a.beat.voiced]
            offsets.append((gone / 3600, 1000 * float(np.median(idle))))
            late += sum(lead < 0 for lead in leads)
            total += len(leads)
    kept = np.array([m for m in memory if m[0] > minutes / 4])
    return kept, np.array(offsets), 100 * late / max(1, total)


SECTIONS: Mapping[str, Section] = {
    "words": words,
    "interruptions": interruptions,
    "crowd": crowd,
    "doors": doors,
    "soak": soak,
    "pictures": pictures,
}
"""Section -> what measures it."""
