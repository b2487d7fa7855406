"""What directors' words become."""

from typing import Any

import pytest

from understudy.hub.script import GAZE_TARGETS, Direction
from understudy.script import direct
from understudy.script.direction import LIMITS, understand
from understudy.script.vocabulary import vocabulary

ABOVE, BELOW = "above", "below"

# words, then what must hold: an emotion or field is (ABOVE | BELOW, bound), or an exact value.
TABLE: list[tuple[str, dict[str, Any]]] = [
    ("angrily", {"anger": (ABOVE, 0.6), "energy": (ABOVE, 0.3), "loudness_db": (ABOVE, 1)}),
    ("slightly angry", {"anger": (BELOW, 0.5)}),
    ("very angry", {"anger": (ABOVE, 0.85)}),
    ("furious", {"anger": 1.0, "energy": (ABOVE, 0.7)}),
    ("seething, through gritted teeth", {"anger": (ABOVE, 0.7), "loudness_db": (BELOW, 0)}),
    ("annoyed", {"anger": (BELOW, 0.6)}),
    ("not angry", {"anger": 0.0}),
    ("without anger", {"anger": 0.0}),
    ("without anger or fear", {"anger": 0.0, "fear": 0.0}),
    ("no longer afraid", {"fear": 0.0, "confidence": (ABOVE, 0)}),
    ("not angry but sad", {"anger": 0.0, "sadness": (ABOVE, 0.6)}),
    ("sad rather than angry", {"anger": 0.0, "sadness": (ABOVE, 0.6)}),
    ("not happy", {"joy": 0.0, "sadness": (ABOVE, 0.2)}),
    ("not loud", {"loudness_db": (BELOW, -1)}),
    ("tearfully", {"sadness": (ABOVE, 0.7)}),
    ("barely holding back tears", {"sadness": (ABOVE, 0.8)}),
    ("trying not to cry", {"sadness": (ABOVE, 0.5), "events": ("breath",)}),
    ("sobbing", {"sadness": (ABOVE, 0.9), "events": ("sob", "crying")}),
    ("crying", {"sadness": (ABOVE, 0.9), "events": ("crying",)}),
    ("with a catch in her voice", {"sadness": (ABOVE, 0.5), "confidence": (BELOW, 0)}),
    ("her voice breaks", {"sadness": (ABOVE, 0.5)}),
    ("subdued sadness", {"sadness": (BELOW, 0.6), "energy": (BELOW, -0.6)}),
    ("heartbroken", {"sadness": 1.0}),
    ("melancholy", {"sadness": (ABOVE, 0.4), "pace": (BELOW, 1)}),
    ("exhausted", {"energy": (BELOW, -0.4), "pace": (BELOW, 0.95)}),
    ("with sarcastic confidence", {"sarcasm": (ABOVE, 0.6), "confidence": (ABOVE, 0.5)}),
    ("drily", {"sarcasm": (ABOVE, 0.5)}),
    ("mocking", {"sarcasm": (ABOVE, 0.5), "contempt": (ABOVE, 0.2)}),
    ("contemptuously", {"contempt": (ABOVE, 0.6)}),
    ("smug", {"contempt": (ABOVE, 0.5), "confidence": (ABOVE, 0.2)}),
    ("bitterly", {"anger": (ABOVE, 0.3), "contempt": (ABOVE, 0.2), "sadness": (ABOVE, 0.1)}),
    ("whispering, afraid", {"whisper": 1.0, "fear": (ABOVE, 0.6), "loudness_db": (BELOW, -5)}),
    ("in a hushed, conspiratorial tone", {"whisper": 1.0}),
    ("under her breath", {"loudness_db": (BELOW, -5), "gaze": "down"}),
    ("shouting", {"loudness_db": (ABOVE, 6), "pitch_st": (ABOVE, 1), "energy": (ABOVE, 0.6)}),
    ("quietly", {"loudness_db": (BELOW, -3), "anger": 0.0}),
    ("quickly", {"pace": (ABOVE, 1.15)}),
    ("a little too fast", {"pace": (ABOVE, 1.05)}),
    ("slowly", {"pace": (BELOW, 0.85)}),
    ("very slowly", {"pace": (BELOW, 0.78)}),
    ("hesitant", {"confidence": (BELOW, -0.4), "pause_before_s": (ABOVE, 0.1)}),
    ("never quite sure", {"confidence": (BELOW, -0.2)}),
    ("confidently", {"confidence": (ABOVE, 0.5)}),
    ("fearlessly", {"fear": 0.0, "confidence": (ABOVE, 0.5)}),
    ("relieved", {"joy": (ABOVE, 0.3), "energy": (BELOW, 0)}),
    ("nostalgic", {"tenderness": (ABOVE, 0.3), "sadness": (ABOVE, 0.2)}),
    ("nervous laugh", {"fear": (ABOVE, 0.3), "joy": (ABOVE, 0.05), "events": ("chuckle",)}),
    ("laughing", {"joy": (ABOVE, 0.5), "events": ("laughing",)}),
    ("trying not to laugh", {"joy": (BELOW, 0.4), "events": ()}),
    ("smiling through tears", {"joy": (ABOVE, 0.2), "sadness": (ABOVE, 0.3)}),
    ("a hint of a smile", {"joy": (BELOW, 0.25)}),
    ("warm, a little tired", {"tenderness": (ABOVE, 0.4), "energy": (BELOW, -0.1)}),
    ("lovingly", {"tenderness": (ABOVE, 0.7)}),
    ("terrified", {"fear": 1.0, "pace": (ABOVE, 1.05)}),
    ("hiding her fear", {"fear": (BELOW, 0.45)}),
    ("with mock surprise", {"surprise": (ABOVE, 0.4), "sarcasm": (ABOVE, 0.2)}),
    ("astonished", {"surprise": (ABOVE, 0.7)}),
    ("disgusted", {"disgust": (ABOVE, 0.7)}),
    ("deadpan", {"energy": (BELOW, -0.2), "joy": 0.0}),
    ("half amused, half afraid", {"joy": (BELOW, 0.5), "fear": (BELOW, 0.75)}),
    ("looks away", {"gaze": "away"}),
    ("eyes closed", {"gaze": "closed"}),
    ("closing her eyes", {"gaze": "closed"}),
    ("to camera", {"gaze": "camera"}),
    ("looks straight into the lens", {"gaze": "camera"}),
    ("to herself", {"gaze": "away", "loudness_db": (BELOW, -3)}),
    ("looks at her", {"gaze": "partner"}),
    ("glances down at her hands", {"gaze": "down"}),
    ("looking up at the ceiling", {"gaze": "up"}),
    ("staring out the window", {"gaze": "away"}),
    ("beat", {"pause_before_s": 0.6}),
    ("pause", {"pause_before_s": 1.0}),
    ("a long silence", {"pause_before_s": 2.5}),
    ("pause, 3 seconds", {"pause_before_s": 3.0}),
    ("sighs, resigned", {"events": ("sigh",), "energy": (BELOW, -0.3)}),
    ("gasps", {"events": ("gasp",), "surprise": (ABOVE, 0.2)}),
    ("takes a deep breath", {"events": ("breath",)}),
]


def value_of(said: Direction, name: str) -> Any:
    return getattr(said, name) if hasattr(said, name) else said.emotions.get(name, 0.0)


@pytest.mark.parametrize(("words", "expected"), TABLE, ids=[words for words, _ in TABLE])
def test_a_directors_words_become_this(words: str, expected: dict[str, Any]) -> None:
    said = direct(words)
    assert said.unknown == ()
    assert said.words == words
    for name, bound in expected.items():
        found = value_of(said, name)
        if isinstance(bound, tuple) and bound and bound[0] == ABOVE:
            assert found > bound[1], name
        elif isinstance(bound, tuple) and bound and bound[0] == BELOW:
            assert found < bound[1], name
        else:
            assert found == bound, name


def test_no_words_are_a_neutral_direction() -> None:
    assert direct("") == Direction()


@pytest.mark.parametrize("feeling", ["sad", "angry", "happy", "afraid", "surprised", "disgusted", "tender"])
def test_degrees_rise_in_the_order_of_the_language(feeling: str) -> None:
    weights = [max(direct(f"{d} {feeling}").emotions.values()) for d in ("barely", "slightly", "somewhat")]
    plain = max(direct(feeling).emotions.values())
    strong = [max(direct(f"{d} {feeling}").emotions.values()) for d in ("very", "extremely")]
    ladder = [*weights, plain, *strong]
    assert ladder == sorted(ladder)
    assert len(set(ladder)) == len(ladder)


def test_what_is_compared_keeps_its_order() -> None:
    more, less = direct("more sad than angry").emotions, direct("less sad than angry").emotions
    assert more["sadness"] > 1.5 * more["anger"]
    assert less["anger"] > 1.5 * less["sadness"]


def test_the_order_of_the_words_does_not_change_the_mixture() -> None:
    one, other = direct("angry, sad and whispering"), direct("whispering, sad and angry")
    assert one.emotions == other.emotions
    assert (one.energy, one.pace, one.whisper) == (other.energy, other.pace, other.whisper)


def test_capitals_and_punctuation_do_not_matter() -> None:
    assert direct("ANGRILY!").emotions == direct("angrily").emotions


def test_forms_of_a_word_mean_the_same() -> None:
    for family in (["sad", "sadly", "sadness"], ["whisper", "whispers", "whispering"], ["angry", "angrily"]):
        assert len({tuple(sorted(direct(word).emotions.items())) for word in family}) == 1


def test_everything_stays_inside_its_range_however_much_is_asked() -> None:
    said = direct("furious, screaming, terrified, hysterical, ecstatic, rapid-fire, shouting, high pitched, very loud")
    assert all(0 < weight <= 1 for weight in said.emotions.values())
    assert abs(said.energy) <= 1 and abs(said.confidence) <= 1
    assert abs(said.loudness_db) <= LIMITS["loudness_db"] and abs(said.pitch_st) <= LIMITS["pitch_st"]
    assert 0.6 <= said.pace <= 1.6


def test_stage_business_is_unknown_and_plays_nothing() -> None:
    said = direct("picking up the phone")
    assert said.unknown == ("picking", "phone")
    assert said.emotions == {}


@pytest.mark.parametrize(
    "words", ["mounting the horse", "crossing to the door", "a number", "takes off her hat", "made"]
)
def test_ordinary_words_are_not_taken_for_feelings(words: str) -> None:
    said = direct(words)
    assert said.emotions == {}
    assert said.unknown


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("surprized", "surprised"),
        ("melancholicly", "melancholy"),
        ("wrathsome", "wrath"),
        ("sarcastcally", "sarcastic"),
        ("hesitent", "hesitant"),
        ("nostalgick", "nostalgic"),
    ],
)
def test_a_word_close_to_a_known_one_is_read_as_it_and_says_so(typed: str, meant: str) -> None:
    reading = understand(typed)
    assert reading.read_as and reading.read_as[0][0] == typed
    assert reading.direction.emotions == direct(meant).emotions
    assert reading.direction.unknown == ()


def test_nonsense_is_not_read_as_anything() -> None:
    assert understand("zxqvortle").read_as == ()
    assert direct("zxqvortle").unknown == ("zxqvortle",)


def test_every_phrase_of_the_vocabulary_is_understood() -> None:
    for key, entry in vocabulary().entries.items():
        said = direct(" ".join(key))
        assert entry.sense is None or said.unknown == (), key
        assert said.gaze in ("", *GAZE_TARGETS)


def test_no_phrase_stands_under_two_senses() -> None:
    import tomllib
    from importlib import resources

    from understudy.script.vocabulary import _phrases

    raw = tomllib.loads(resources.files("understudy.script").joinpath("vocabulary.toml").read_text())
    keys = [key for group in raw["sense"] for words in group["words"] for key in set(_phrases(words.removeprefix("=")))]
    twice = {key for key in keys if keys.count(key) > 1} if len(set(keys)) != len(keys) else set()
    assert not twice


def test_the_vocabulary_is_rich() -> None:
    assert len(vocabulary().single_words) > 700
