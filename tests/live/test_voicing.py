"""Voices in processes of their own: what they say, in which order, and that they come back."""

import os
import signal
from collections.abc import Iterator

import numpy as np
import pytest
from tests.live.waiting import until

from understudy import voice
from understudy.base.errors import BadInput, Unavailable
from understudy.hub.actor import Actor
from understudy.hub.script import Direction, Line
from understudy.live.throat import FIRST_WORDS, Ask
from understudy.live.voicing import Voices, _Job

ENGINE = "pico/en-US"
LINE = Line("Mama and papa believe me, but nobody else does.", direction=Direction(emotions={"joy": 0.5}))


@pytest.fixture(scope="module")
def voices(emi: Actor) -> Iterator[Voices]:
    with Voices(emi, engine=ENGINE) as made:
        yield made


def test_they_say_what_the_voice_says_in_this_process(voices: Voices, emi: Actor) -> None:
    theirs = list(voices(LINE, 3))
    ours = list(voice.speak(LINE, emi.record.voice, seed=3, engine=ENGINE, first_words=FIRST_WORDS, brisk=True))
    assert len(theirs) == len(ours) > 2
    for a, b in zip(theirs, ours, strict=True):
        assert np.array_equal(a.audio.samples, b.audio.samples) and a.audio.rate_hz == b.audio.rate_hz
        assert np.array_equal(a.prosody.values, b.prosody.values)
        assert (a.phones, a.words, a.vocals, a.engine, a.timing) == (b.phones, b.words, b.vocals, b.engine, b.timing)
        assert a.line is LINE, "pieces of one line are known by it"


def test_another_seed_is_another_take(voices: Voices) -> None:
    first, other = (next(voices(LINE, seed)).audio.samples for seed in (1, 2))
    assert len(first) != len(other) or not np.array_equal(first, other)


def test_a_process_that_is_killed_comes_back_and_the_line_goes_on(voices: Voices) -> None:
    whole = [piece.audio.samples for piece in voices(LINE, 5)]
    before = voices.pids
    speaking = voices(LINE, 5)
    heard = [next(speaking).audio.samples]
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    heard += [piece.audio.samples for piece in speaking]
    assert all(np.array_equal(a, b) for a, b in zip(heard, whole, strict=True))
    assert voices.pids != before


def test_a_process_that_hangs_is_ended_and_the_line_goes_on(voices: Voices) -> None:
    whole = [piece.audio.samples for piece in voices(LINE, 6)]
    before = voices.pids
    for throat, pid in zip(voices._throats, before, strict=True):
        assert throat is not None
        throat._patience_s = 1.0
        os.kill(pid, signal.SIGSTOP)
    heard = [piece.audio.samples for piece in voices(LINE, 6)]
    assert all(np.array_equal(a, b) for a, b in zip(heard, whole, strict=True))
    assert set(voices.pids) != set(before)
    for pid in set(voices.pids) & set(before):  # nobody asked that one
        os.kill(pid, signal.SIGCONT)


def test_what_cannot_be_said_is_one_sentence_and_the_voice_goes_on(voices: Voices) -> None:
    with pytest.raises(BadInput, match="nothing to say"):
        next(voices(Line("..."), 0))
    assert next(voices(Line("Yes."), 0)).words[0].text == "yes"


def test_first_pieces_go_first_and_of_the_others_what_is_needed_soonest() -> None:
    jobs = [
        _Job(min(first, 1), due_s, number, Ask(LINE, 0, first))
        for number, (first, due_s) in enumerate([(1, 9.0), (2, 4.0), (0, 8.0), (0, 3.0)])
    ]
    assert [job.number for job in sorted(jobs)] == [3, 2, 1, 0]


def test_a_voice_that_is_not_there_is_said_at_once_and_leaves_no_process(emi: Actor) -> None:
    with pytest.raises(Unavailable, match="pico/xx-XX"):
        Voices(emi, engine="pico/xx-XX")


def test_closing_ends_the_processes_and_whoever_waits(emi: Actor) -> None:
    made = Voices(emi, engine=ENGINE)
    pids = made.pids
    made.close()
    until(lambda: not any(_there(pid) for pid in pids), "the processes are gone")
    with pytest.raises(Unavailable, match="closed"):
        next(made(LINE, 0))


def _there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
