"""One player at a time, first words first."""

import threading

from tests.live.waiting import until

from understudy.live.turnstile import Rank, Turnstile


def test_whoever_waits_is_let_through_by_rank_and_then_by_order() -> None:
    gate = Turnstile()
    gate.enter(Rank.IDLE)
    went: list[tuple[Rank, int]] = []

    def goes(rank: Rank, number: int) -> None:
        gate.enter(rank)
        went.append((rank, number))
        gate.leave()

    threads = []
    for number, rank in enumerate([Rank.IDLE, Rank.MORE, Rank.FIRST, Rank.FIRST, Rank.MORE]):
        threads.append(threading.Thread(target=goes, args=(rank, number)))
        threads[-1].start()
        until(lambda waiting=number + 1: len(gate._waiting) == waiting, "it waits")  # type: ignore[misc]
    assert went == [], "nobody goes while one is inside"
    gate.leave()
    for thread in threads:
        thread.join(10)
    assert went == [(Rank.FIRST, 2), (Rank.FIRST, 3), (Rank.MORE, 1), (Rank.MORE, 4), (Rank.IDLE, 0)]
