"""A mood that moves, decays and never flaps; a face that shows it while she listens."""

import numpy as np
import pytest

from understudy.base.channels import EMOTIONS
from understudy.dialogue import Mind
from understudy.dialogue.appraisal import appraise
from understudy.dialogue.listening import GESTURE_EVERY_S
from understudy.dialogue.mood import HALF_LIFE_S, Mood
from understudy.hub.character import Character
from understudy.hub.script import GAZE_TARGETS, Direction
from understudy.hub.talk import BACK_CHANNEL_EVERY_S


def test_a_mood_comes_up_smoothly_and_goes_by_itself() -> None:
    mood = Mood({"joy": 0.1}, 0.0)
    mood.stir({"sadness": 0.6}, 0.0)
    times = np.arange(0, 400, 0.1)
    shown = np.array([mood.felt(t).get("sadness", 0.0) for t in times])
    assert shown[0] < 0.05 and shown.max() == pytest.approx(0.6, abs=0.02)
    assert np.abs(np.diff(shown)).max() < 0.15  # no jump from one look to the next
    ways = np.sign(np.diff(shown))
    assert (np.diff(ways[ways != 0]) != 0).sum() == 1  # up once, down once
    later = mood.felt(4.0 + HALF_LIFE_S["sadness"])["sadness"]
    assert later == pytest.approx(0.3, abs=0.02)
    assert mood.felt(3600.0) == {"joy": 0.1}


def test_a_mood_is_the_same_however_often_one_looks() -> None:
    often, once = Mood({}, 0.0), Mood({}, 0.0)
    for mood in (often, once):
        mood.stir({"joy": 0.5, "surprise": 0.7}, 1.0)
    for t in np.linspace(1, 9, 200):
        often.felt(float(t))
    assert often.felt(9.0) == once.felt(9.0)


def test_surprise_is_over_in_seconds_and_opposites_damp_each_other() -> None:
    mood = Mood({}, 0.0)
    mood.stir({"surprise": 0.8, "joy": 0.6}, 0.0)
    assert mood.felt(0.6)["surprise"] > 0.5
    assert mood.felt(15.0).get("surprise", 0.0) < 0.05
    before = mood.felt(2.0)["joy"]
    mood.stir({"sadness": 0.8}, 2.0)
    assert mood.felt(5.0)["joy"] < 0.6 * before


def test_a_line_leads_and_the_mood_colours() -> None:
    mood = Mood({}, 0.0)
    mood.stir({"sadness": 0.8}, 0.0)
    asked = mood.played_into(Direction(emotions={"joy": 0.5}, gaze="away"), 3.0)
    assert asked.emotions["joy"] == 0.5 and 0.2 < asked.emotions["sadness"] < 0.35 and asked.gaze == "away"
    alone = mood.played_into(Direction(), 3.0)
    assert alone.emotions["sadness"] > 0.7 and alone.energy < 0 and alone.pace < 1


@pytest.mark.parametrize(
    ("text", "emotion"),
    [
        ("My mother died this spring", "sadness"),
        ("my cat has run away and I miss her", "sadness"),
        ("I've been promoted!", "joy"),
        ("she said yes, we're engaged!", "joy"),
        ("you are such a good actress", "joy"),
        ("you're an idiot", "sadness"),
        ("you will never believe this", "surprise"),
        ("oh wow, really?!", "surprise"),
        ("there's a stranger in my house and I'm scared", "fear"),
        ("he cheated old people out of their money", "anger"),
        ("a cockroach crawled over my sandwich", "disgust"),
        ("my little son hugged me for the first time", "tenderness"),
    ],
)
def test_what_is_said_stirs_what_it_should(text: str, emotion: str) -> None:
    felt = appraise(text)
    assert felt.emotions and max(felt.emotions, key=lambda n: felt.emotions[n]) in (emotion, "tenderness")
    assert emotion in felt.emotions and set(felt.emotions) <= set(EMOTIONS)


@pytest.mark.parametrize("text", ["What time does the train leave?", "I put the box on the shelf", "okay", "", "🙂"])
def test_what_is_plain_stirs_nothing(text: str) -> None:
    assert max(appraise(text).emotions.values(), default=0) < 0.1


def test_what_is_denied_stirs_less() -> None:
    assert appraise("I'm not happy").emotions.get("joy", 0) < appraise("I'm happy").emotions["joy"] / 2


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_she_listens_with_her_face_and_never_twitches(emi: Character) -> None:
    clock = Clock()
    talk = Mind(emi, clock=clock)
    words = [
        "so",
        "yesterday",
        "I",
        "went",
        "to",
        "see",
        "my",
        "grandmother,",
        "and",
        "she",
        "was",
        "lying",
        "in",
        "her",
        "bed,",
        "and",
        "then",
        "the",
        "nurse",
        "came",
        "in,",
        "and",
        "said",
        "that",
        "she",
        "had",
        "died",
        "in",
        "the",
        "night,",
        "and",
        "I",
        "could",
        "not",
        "even",
        "say",
        "goodbye,",
        "and",
        "now",
        "I",
        "sit",
        "here",
        "and",
        "miss",
        "her",
        "so",
        "much",
    ]
    gestures, hums, shown = [], [], []
    for k in range(1, len(words) + 1):
        clock.now += 0.4
        reaction = talk.hear(" ".join(words[:k]))
        assert reaction.gaze in GAZE_TARGETS
        shown.append(reaction.emotions.get("sadness", 0.0))
        gestures += [(clock.now, reaction.gesture)] if reaction.gesture else []
        hums += [clock.now] if reaction.back_channel else []
    final = talk.hear(" ".join(words), final=True)
    clock.now += 1.0
    assert talk.mood().emotions["sadness"] > 0.15 > shown[3]
    assert final.back_channel is None
    assert np.abs(np.diff(shown)).max() < 0.25
    assert {name for _, name in gestures} >= {"nod", "frown"}
    assert min(np.diff([at for at, _ in gestures])) >= GESTURE_EVERY_S - 1e-6
    assert len(hums) >= 1 and all(np.diff(hums) >= BACK_CHANNEL_EVERY_S - 1e-6)


def test_hearing_the_same_words_again_stirs_nothing_more(emi: Character) -> None:
    clock = Clock()
    talk = Mind(emi, clock=clock)
    for _ in range(30):
        talk.hear("I lost my job and I'm so sad")
    clock.now += 2
    once = Mind(emi, clock=clock)
    once.hear("I lost my job and I'm so sad")
    clock.now += 2
    assert talk.mood().emotions["sadness"] == pytest.approx(once.mood().emotions["sadness"], abs=0.03)
