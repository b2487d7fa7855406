"""Her hum in the microphone: recorded questions of tests stand for a user, a piece of one for her hum."""

import numpy as np
import pytest
from tests.live.test_hearing import Counting, heard, quiet

from understudy.base.audio import Audio
from understudy.hub.actor import Actor
from understudy.hub.script import Line
from understudy.live.echo import ALIKE, LATEST_S, Echo, likeness
from understudy.live.hearing import CHUNK, RATE_HZ, Heard, Listener, Pcm
from understudy.voice import speak

GAIN = 0.3


@pytest.fixture(scope="module")
def hum() -> Audio:
    (said,) = speak(Line("I see."), Actor.open("emi").record.voice, engine="pico")
    return said.audio


def in_a_room(hum: Audio, delay_s: float = 0.15) -> Pcm:
    """Returns a sound as it comes from a loudspeaker through a room into a microphone."""
    rng = np.random.default_rng(3)
    samples = hum.at_rate(RATE_HZ).samples
    room = np.zeros(round((delay_s + 0.1) * RATE_HZ))
    room[first := round(delay_s * RATE_HZ)] = GAIN
    room[first + rng.integers(20, 1500, 40)] += GAIN * rng.normal(0, 0.2, 40) * np.exp(-np.arange(40) / 15)
    sound = np.convolve(samples, room) * 32767
    return (sound + rng.normal(0, 8, len(sound))).astype(np.int16)


def listening(hum: Audio | None) -> Listener:
    """Returns a listener while she hums, or while she does not."""
    echo = Echo(lambda: 0.0)
    if hum is not None:
        echo.hummed(hum, 0.0)
    return Listener(Counting(), echo=echo)  # type: ignore[arg-type]


def test_her_own_hum_begins_no_turn_of_the_user(hum: Audio) -> None:
    sound = np.concatenate([quiet(0.5), in_a_room(hum), quiet(0.5)])
    assert not list(heard(listening(hum), sound))
    assert [h.kind for h in heard(listening(None), np.concatenate([sound, quiet(1.0)]))], "it would, were it not known"


def ends_at(listener: Listener, sound: Pcm) -> float:
    """Returns the second at which a turn ends."""
    for at in range(0, len(sound), CHUNK):
        if any(h.kind is Heard.ENDS for h in listener.push(sound[at : at + CHUNK])):
            return at / RATE_HZ
    raise AssertionError("the turn did not end")


def test_her_own_hum_does_not_draw_out_the_turn_of_the_user(question: Pcm, hum: Audio) -> None:
    without = np.concatenate([quiet(0.5), question, quiet(2.5)])
    sound = np.concatenate([quiet(0.5), question, quiet(0.3), in_a_room(hum, 0.05), quiet(1.5)])
    assert ends_at(listening(None), sound) > ends_at(listening(None), without) + 0.2
    assert ends_at(listening(hum), sound) == pytest.approx(ends_at(listening(None), without), abs=0.1)


def test_a_user_who_speaks_while_she_hums_is_heard(question: Pcm, hum: Audio) -> None:
    together = question.astype(np.int32)
    hers = in_a_room(hum) // 2
    together[4000 : 4000 + len(hers)] += hers
    sound = np.concatenate([quiet(0.5), together.clip(-32767, 32767).astype(np.int16), quiet(1.5)])
    kinds = [h.kind for h in heard(listening(hum), sound)]
    assert kinds.count(Heard.BEGINS) == kinds.count(Heard.ENDS) == 1
    echo = listening(hum)._echo
    assert echo is not None
    lost = [echo.hers(question[at : at + CHUNK]) and echo.sure for at in range(0, len(question), CHUNK)]
    assert sum(lost) <= 0.02 * len(lost), "nothing of the user is kept from the recogniser"


def test_a_hum_is_about_until_it_can_no_longer_come_back(hum: Audio) -> None:
    now = [0.0]
    echo = Echo(lambda: now[0])
    assert not echo.about
    echo.hummed(hum, 1.0)
    now[0] = 1.0 + hum.duration_s + LATEST_S - 0.01
    assert echo.about
    now[0] += 0.02
    assert not echo.about and not echo.hers(in_a_room(hum)[3000:3512])


def test_likeness_knows_a_part_of_a_sound_however_loud_and_nothing_of_silence(hum: Audio) -> None:
    samples = hum.at_rate(RATE_HZ).samples
    part = (samples[len(samples) // 4 :][: 6 * CHUNK] * 9000).astype(np.int16)
    assert likeness(part, samples) > 0.95
    assert likeness(np.zeros(CHUNK, np.int16), samples) == 0.0
    assert likeness(np.random.default_rng(4).normal(0, 500, 8 * CHUNK).astype(np.int16), samples) < ALIKE / 2
