"""A microphone: the recorded questions of tests stand for a user."""

from collections.abc import Iterator

import numpy as np
import pytest

from understudy.live.hearing import CHUNK, RATE_HZ, Heard, Hearing, Listener, Pcm, SphinxRecogniser


def quiet(seconds: float) -> Pcm:
    return np.random.default_rng(1).normal(0, 8, round(seconds * RATE_HZ)).astype(np.int16)


class Counting:
    """A recogniser that says how much it was given."""

    def __init__(self) -> None:
        self.samples, self.ended = 0, 0

    def begin(self) -> None:
        self.samples = 0

    def push(self, sound: Pcm) -> None:
        self.samples += len(sound)

    def partial(self) -> str:
        return str(self.samples)

    def end(self) -> str:
        self.ended += 1
        return f"{self.samples / RATE_HZ:.2f} s"


def heard(listener: Listener, sound: Pcm, step: int = 500) -> Iterator[Hearing]:
    for at in range(0, len(sound), step):
        yield from listener.push(sound[at : at + step])


def test_a_turn_begins_with_the_voice_and_ends_after_a_silence(question: Pcm) -> None:
    recogniser = Counting()
    listener = Listener(recogniser)  # type: ignore[arg-type]
    whole = np.concatenate([quiet(1.0), question, quiet(1.5)])
    kinds = [h.kind for h in heard(listener, whole)]
    assert kinds[0] is Heard.BEGINS and kinds[-1] is Heard.ENDS
    assert kinds.count(Heard.BEGINS) == kinds.count(Heard.ENDS) == 1
    assert Heard.PARTLY in kinds
    assert len(question) / RATE_HZ < recogniser.samples / RATE_HZ < len(question) / RATE_HZ + 1.2
    assert not listener.speaking


def test_the_first_sound_of_a_turn_is_not_lost(question: Pcm) -> None:
    recogniser = Counting()
    listener = Listener(recogniser)  # type: ignore[arg-type]
    for at in range(0, RATE_HZ, CHUNK):
        list(listener.push(quiet(1.0)[at : at + CHUNK]))
    for at in range(0, len(question), CHUNK):
        if any(h.kind is Heard.BEGINS for h in listener.push(question[at : at + CHUNK])):
            break
    assert recogniser.samples >= at, "all that was said before the voice was found went to the recogniser"


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(3 * RATE_HZ, np.int16),
        np.random.default_rng(2).normal(0, 600, 3 * RATE_HZ).astype(np.int16),
        (8000 * np.sin(np.arange(3 * RATE_HZ) * 2 * np.pi * 440 / RATE_HZ)).astype(np.int16),
        np.where(np.arange(3 * RATE_HZ) % 8000 < 40, 20000, 0).astype(np.int16),
    ],
    ids=["silence", "noise", "a tone", "clicks"],
)
def test_what_is_no_voice_begins_no_turn(sound: Pcm) -> None:
    listener = Listener(Counting())  # type: ignore[arg-type]
    assert not list(heard(listener, sound))


def test_a_turn_that_never_ends_is_ended(question: Pcm) -> None:
    listener = Listener(Counting())  # type: ignore[arg-type]
    voiced = question[len(question) // 4 : len(question) // 2]
    kinds = [h.kind for h in heard(listener, np.tile(voiced, 33 * RATE_HZ // len(voiced)), 4096)]
    assert Heard.ENDS in kinds


def test_the_offline_recogniser_makes_words_of_a_plain_question(question: Pcm) -> None:
    listener = Listener(SphinxRecogniser())
    last = list(heard(listener, np.concatenate([quiet(0.5), question, quiet(1.0)])))[-1]
    assert last.kind is Heard.ENDS
    assert {"what", "weather"} & set(last.text.split()), last.text


def test_turning_the_microphone_off_forgets_the_turn(question: Pcm) -> None:
    recogniser = Counting()
    listener = Listener(recogniser)  # type: ignore[arg-type]
    list(heard(listener, np.concatenate([quiet(0.5), question])))
    assert listener.speaking
    listener.abandon()
    assert not listener.speaking and recogniser.ended == 1
    assert not list(heard(listener, quiet(2.0)))
