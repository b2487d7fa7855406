"""Rows B1, G1, G2, H1 and X1: ten simulated minutes of talking, of listening and of waiting."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from understudy.base.channels import EMOTIONS
from understudy.hub.actor import Actor
from understudy.hub.frames import ACTOR_TURN_RAD, PARTNER_YAW_RAD
from understudy.hub.performance import Performance
from understudy.hub.scores import Score
from understudy.hub.script import Direction, Line
from understudy.hub.speech import Speech
from understudy.judge.laws.blinks import judge_blinks
from understudy.judge.laws.flashes import FLASH, ORDINARY, judge_flashes
from understudy.judge.laws.heads import judge_head
from understudy.judge.laws.looks import judge_looks
from understudy.judge.laws.saccades import judge_main_sequence, judge_shifts, saccades
from understudy.production.bench.subject import Subject
from understudy.production.bench.turns import quiet, talk

PARTNER = 0.7
FINE_HZ = 1000.0
TEXT = "The boy was there when the sun rose."
WORDS = tuple(TEXT.split())


def laws(subject: Subject, *, minutes: float = 10.0) -> Iterator[Score]:
    """Yields the rows of the eyes, lids, head and flashes of our stage with the subject's actor."""
    talked = talk(minutes, subject.actor)
    takes = {
        "talking": subject.stage(talked, partner=PARTNER),
        "listening": subject.stage(quiet(minutes), partner=PARTNER, listening=True),
        "idle": subject.stage(quiet(minutes), partner=PARTNER),
    }
    at = (0.8, float(np.degrees(PARTNER_YAW_RAD - ACTOR_TURN_RAD)) * PARTNER)
    for state, take in takes.items():
        yield from judge_blinks(take, state)
    yield from judge_main_sequence(saccades(fine_sight(subject, talked), FINE_HZ))
    for state in ("talking", "listening"):
        yield from judge_shifts(takes[state], state)
    yield from judge_shifts(_shifted(subject, minutes / 5), "directed")
    for state in ("talking", "listening"):
        yield from judge_looks(takes[state], state, at)
    prosody = Speech.join(talked).prosody
    for state, take in takes.items():
        yield from judge_head(take, state, prosody)
    yield from judge_flashes(_flashed(subject))


def fine_sight(
    subject: Subject, speeches: list[Speech], minutes: float = 3.0
) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """Returns the line of sight of our gaze at FINE_HZ, which no animation frame can show."""
    from understudy.face.expressions import FEELINGS
    from understudy.face.gaze import Gaze
    from understudy.face.passage import passages

    gaze = Gaze(Actor.open(subject.actor).record.persona, PARTNER, False, np.random.default_rng(0))
    parts, clock = [], 0.0
    for passage in passages(speeches):
        gaze.plan(passage, np.zeros(len(FEELINGS)))
        count = round((passage.end_s - clock) * FINE_HZ)
        parts.append(gaze.sight_deg(clock + np.arange(count) / FINE_HZ))
        clock += count / FINE_HZ
        gaze.forget(clock - 1.0)
        if clock > 60 * minutes:
            break
    return np.concatenate(parts)


def _shifted(subject: Subject, minutes: float) -> Performance:
    """Returns a take whose directions send the eyes far from line to line."""
    pieces: list[Speech] = []
    for number, speech in enumerate(talk(minutes, subject.actor)):
        aside = Direction(gaze=("left", "right", "camera", "right", "left", "partner")[number % 6])
        line = Line(speech.line.text if speech.line else "", subject.actor.upper(), direction=aside, number=number)
        pieces.append(replace(speech, line=line))
    return subject.stage(pieces)


def _flashed(subject: Subject) -> Performance:
    """Returns a take of a script that asks for expressions: ordinary ones, flashes of each feeling, and feelings that
    are held back, which leak by themselves."""
    from understudy import script, voice

    lines = [Line(TEXT, subject.actor.upper(), direction=Direction(events=(name,))) for name in ORDINARY]
    for feeling in EMOTIONS:
        early, late = (" ".join([*WORDS[:at], f"[{FLASH}{feeling}]", *WORDS[at:]]) for at in (1, 4))
        scenes = script.read(f"{subject.actor.upper()}\n{early}\n\n{subject.actor.upper()}\n{late}\n")
        lines += scenes.dialogue
    hiding = Direction(emotions={"joy": 0.4}, hidden={"anger": 0.8, "fear": 0.6})
    lines += [Line(TEXT, subject.actor.upper(), direction=hiding, number=number) for number in range(8)]
    record = Actor.open(subject.actor).record
    pieces: list[Speech] = []
    for line in lines:
        pieces += [Speech.join(voice.speak(line, record.voice, seed=1)), Speech.silence(2.0, 24_000)]
    return subject.stage(pieces)
