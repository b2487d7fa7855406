"""The talk: a mind made for the test, speech made by hand, the real stream on the real clock."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from tests.live.waiting import until

from understudy.base.channels import SHAPE_INDEX
from understudy.base.errors import Unavailable
from understudy.hub.actor import Actor
from understudy.hub.rights import Grant
from understudy.hub.script import Direction, Line
from understudy.hub.speech import Speech
from understudy.hub.talk import Reaction
from understudy.live.conversation import (
    ATTACK_S,
    CLOSURE_S,
    HUM_GAIN,
    HUM_WITHIN_S,
    Attitude,
    Conversation,
    Note,
    Said,
    Stands,
    Trouble,
    Turned,
    _at_once,
)
from understudy.live.stream import ActorStream
from understudy.live.timeline import LiveBeat
from understudy.testing.speech import spoken

Talk = Callable[..., tuple[Conversation, list[Note], ActorStream]]
SHOWN: dict[ActorStream, list[LiveBeat]] = {}
"""What each stream has shown."""
CLAUSE = "M AA1 M | AE0 N D | P AA1 P AH0 | N OW1"


class MadeMind:
    """Says what it was given; remembers what it was told."""

    trouble = ""

    def __init__(self, lines: list[str], stuck: bool = False) -> None:
        self.lines, self.stuck = lines, stuck
        self.closed_at: int | None = None
        self.told: list[str] = []
        self.ended = False
        self.go_on = threading.Event()

    def greet(self) -> Iterator[Line]:
        yield Line("hello")

    def hear(self, text: str, *, final: bool = True) -> Reaction:
        return Reaction({"joy": 0.3}, gesture="nod")

    def answer(self, text: str) -> Iterator[Line]:
        sent = 0
        try:
            for line in self.lines:
                yield Line(line)
                sent += 1
            if self.stuck:
                self.stuck = False
                self.go_on.wait(30)
                yield Line("too late")
        finally:
            self.closed_at = sent

    def stop(self) -> None: ...

    def heard(self, text: str) -> None:
        self.told.append(text)

    def mood(self) -> Direction:
        return Direction(emotions={"joy": 0.2})

    def close(self) -> None:
        self.ended = True


def by_hand(line: Line, seed: int) -> Iterator[Speech]:
    yield spoken(CLAUSE, rate_hz=24_000, lead_s=0.05, tail_s=0.2)


@pytest.fixture
def talk(emi: Actor, leave: Grant) -> Iterator[Callable[..., tuple[Conversation, list[Note], ActorStream]]]:
    opened: list[tuple[ActorStream, threading.Event, threading.Thread]] = []

    def made(
        mind: MadeMind, speak: Callable[[Line, int], Iterator[Speech]] = by_hand
    ) -> tuple[Conversation, list[Note], ActorStream]:
        stream = ActorStream(emi, leave, seed=1)
        notes: list[Note] = []
        SHOWN[stream] = []
        over = threading.Event()

        def shows() -> None:
            while not over.wait(0.02):
                SHOWN[stream] += stream.take_due()

        showing = threading.Thread(target=shows)
        showing.start()
        opened.append((stream, over, showing))
        until(lambda: len(stream._timeline.idle) > 0 or stream.now_s > 20, "she is there")
        return Conversation(stream, mind, speak, notes.append), notes, stream

    yield made
    for stream, over, showing in opened:
        over.set()
        showing.join()
        stream.close()
        del SHOWN[stream]


def said(notes: list[Note], who: str = "actor") -> list[str]:
    return [n.text for n in notes if isinstance(n, Said) and n.who == who and n.final]


def test_an_answer_is_spoken_clause_by_clause_and_heard_to_its_end(talk: Talk) -> None:
    mind = MadeMind(["one", "two"])
    conversation, notes, _ = talk(mind)
    conversation.user_says("go on")
    until(lambda: mind.told, "she has finished")
    assert said(notes, "user") == ["go on"]
    assert said(notes) == ["one", "two"]
    starts = [n.start_s for n in notes if isinstance(n, Said) and n.who == "actor"]
    assert starts[1] - starts[0] == pytest.approx(by_hand_s(), abs=0.1)
    assert len(mind.told[0].split()) == 8, "all words of both clauses"
    attitudes = [n.attitude for n in notes if isinstance(n, Stands)]
    assert attitudes == [Attitude.THINKING, Attitude.SPEAKING, Attitude.IDLE]


def by_hand_s() -> float:
    return next(by_hand(Line(""), 0)).duration_s


def test_talking_over_her_stops_her_and_the_mind_keeps_what_was_heard(talk: Talk) -> None:
    mind = MadeMind(["one"] * 40)
    conversation, notes, stream = talk(mind)
    conversation.user_says("tell me all")
    until(lambda: len(said(notes)) >= 2 and stream.speaking, "she speaks")
    until(lambda: stream.heard(stream.turn), "a word was heard")
    turn = stream.turn
    conversation.user_speaks()
    assert not stream.speaking
    assert mind.told and 0 < len(mind.told[0].split()) < 160
    assert Turned(turn + 1, "interrupted") in notes
    assert conversation.attitude is Attitude.LISTENING
    until(lambda: mind.closed_at is not None, "the mind's stream is closed")
    assert mind.closed_at is not None and mind.closed_at < 40


def test_a_mind_that_hangs_does_not_hang_the_talk(talk: Talk) -> None:
    mind = MadeMind(["one"], stuck=True)
    conversation, notes, _ = talk(mind)
    conversation.user_says("go on")
    until(lambda: said(notes) == ["one"], "she began")
    conversation.interrupt()
    conversation.user_says("and now?")
    until(lambda: len(said(notes)) == 2, "she answers the next question while the old one hangs")
    mind.go_on.set()
    until(lambda: len(mind.told) == 2, "both answers are over")
    assert "too late" not in said(notes)


def test_what_goes_wrong_is_told_in_a_sentence_and_the_talk_goes_on(talk: Talk) -> None:
    def mute(line: Line, seed: int) -> Iterator[Speech]:
        raise Unavailable("No voice on this machine speaks Elvish.")
        yield

    conversation, notes, _ = talk(MadeMind(["one"]), mute)
    conversation.user_says("go on")
    until(lambda: any(isinstance(n, Trouble) for n in notes), "trouble is told")
    until(lambda: conversation.attitude is Attitude.IDLE, "she is back")


def test_silence_of_the_user_is_no_question(talk: Talk) -> None:
    mind = MadeMind(["one"])
    conversation, notes, _ = talk(mind)
    conversation.user_says("   ")
    assert not said(notes) and mind.closed_at is None


class HummingMind(MadeMind):
    """Would hum at every word it hears."""

    def hear(self, text: str, *, final: bool = True) -> Reaction:
        return Reaction({"joy": 0.3}, gesture="nod", back_channel=None if final else Line("mhm"))


class Hums:
    """Makes hums by hand; keeps what it was asked for."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __call__(self, line: Line, seed: int) -> Iterator[Speech]:
        self.lines.append(line.text)
        yield spoken("M AH1 M", rate_hz=24_000, lead_s=0.05, tail_s=0.1)


def voiced(stream: ActorStream) -> np.ndarray:
    return np.concatenate([b.sound.samples for b in SHOWN[stream] if b.voiced] or [np.zeros(1)])


def jaw(stream: ActorStream) -> float:
    return max(float(b.tracks["face"].values[:, SHAPE_INDEX["jawOpen"]].max()) for b in SHOWN[stream] if b.voiced)


def test_a_back_channel_is_heard_and_seen_softly_and_ends_no_turn(talk: Talk) -> None:
    mind, speak = HummingMind(["mhm"]), Hums()
    conversation, notes, stream = talk(mind, speak)
    conversation.user_speaks()
    turn = stream.turn
    conversation.user_goes_on("so I went to the harbour,")
    until(lambda: np.any(voiced(stream)), "she hums")
    until(lambda: not stream.speaking, "she has hummed")
    loud, opened = np.abs(voiced(stream)).max(), jaw(stream)
    assert opened > 0.02
    assert stream.turn == turn and conversation.attitude is Attitude.LISTENING
    assert not said(notes), "a caption would take the place of the user's"
    conversation.user_says("so I went to the harbour, and that was all")
    until(lambda: mind.told, "she has answered")
    assert speak.lines == ["mhm", "mhm"]
    assert loud == pytest.approx(HUM_GAIN * np.abs(voiced(stream)).max(), rel=0.05)
    assert mind.told == ["mah1m"], "the answer and not the hum"


def test_a_user_who_ends_while_she_hums_has_not_interrupted_her(talk: Talk) -> None:
    mind = HummingMind(["mhm"])
    conversation, notes, stream = talk(mind, Hums())
    conversation.user_speaks()
    conversation.user_goes_on("well,")
    until(lambda: stream.speaking, "she hums")
    conversation.user_says("well, that is it")
    until(lambda: mind.told, "she has answered")
    assert [n.why for n in notes if isinstance(n, Turned)] == ["next", "next"]


def test_she_hums_seldom_and_never_over_herself(talk: Talk) -> None:
    mind, speak = HummingMind(["one"] * 3), Hums()
    conversation, _, stream = talk(mind, speak)
    conversation.user_speaks()
    conversation.user_goes_on("well,")
    until(lambda: np.any(voiced(stream)) and not stream.speaking, "she has hummed")
    conversation.user_goes_on("well, you see,")
    until(lambda: stream._plan.events == ("nod",), "she only nods")
    assert speak.lines == ["mhm"]
    conversation._hum_s -= 60
    conversation.user_says("now you")
    until(lambda: stream.speaking, "she speaks")
    conversation.user_goes_on("hm,")
    until(lambda: mind.told, "she has spoken")
    assert speak.lines.count("mhm") == 1


def test_a_hum_that_is_late_is_only_nodded(talk: Talk) -> None:
    asked: list[float] = []
    streams: list[ActorStream] = []

    def slowly(line: Line, seed: int) -> Iterator[Speech]:
        asked.append(streams[0].now_s)
        until(lambda: streams[0].now_s > asked[0] + HUM_WITHIN_S, "it is late")
        yield from Hums()(line, seed)

    conversation, _, stream = talk(HummingMind([]), slowly)
    streams.append(stream)
    conversation.user_speaks()
    conversation.user_goes_on("well,")
    until(lambda: asked and stream._plan.events == ("nod",), "she nods")
    assert not stream.speaking and not np.any(voiced(stream))
    assert not conversation.echo.about


def test_a_hum_for_a_turn_that_is_over_is_not_said(talk: Talk) -> None:
    goes_on, asked = threading.Event(), threading.Event()

    def stuck(line: Line, seed: int) -> Iterator[Speech]:
        if line.text == "mhm":
            asked.set()
            goes_on.wait(30)
        yield from Hums()(line, seed)

    mind = HummingMind(["one"])
    conversation, _, _ = talk(mind, stuck)
    conversation.user_speaks()
    conversation.user_goes_on("well,")
    until(asked.is_set, "a hum is being made")
    conversation.user_says("well, bye")
    goes_on.set()
    until(lambda: mind.told, "she has answered")
    assert not conversation.echo.about, "only hums go there"


def test_closing_ends_the_mind(talk: Talk) -> None:
    mind = MadeMind(["one"])
    conversation, *_ = talk(mind)
    conversation.greet()
    conversation.close()
    assert mind.ended


def test_an_answer_begins_with_its_sound_and_keeps_enough_of_a_closure_for_the_lips() -> None:
    piece = spoken("P AA1 P AH0", rate_hz=24_000, lead_s=0.1)
    first = next(p for p in piece.phones if p.name == "P")
    samples = piece.audio.samples.copy()
    for quiet_until_s in (first.start_s + 0.02, first.end_s + 0.05):
        samples[: round(quiet_until_s * 24_000)] = 1e-4
        samples[round(quiet_until_s * 24_000) :] = 0.1
        begun = _at_once(replace(piece, audio=replace(piece.audio, samples=samples.copy())))
        heard_s = float(np.argmax(np.abs(begun.audio.samples) > 1e-3)) / 24_000
        lips = next(p for p in begun.phones if p.name == "P")
        if quiet_until_s < first.end_s - CLOSURE_S:
            assert heard_s <= ATTACK_S + 0.01
        assert lips.end_s - lips.start_s >= min(CLOSURE_S, first.end_s - first.start_s) - 1e-6
        assert begun.duration_s < piece.duration_s - 0.05
