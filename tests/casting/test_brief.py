"""What the words of a brief mean, and that any text is either a person or one clear refusal."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from understudy import casting
from understudy.base.errors import BadInput, NotAllowed
from understudy.casting.brief.reading import read
from understudy.casting.brief.vocabulary import vocabulary
from understudy.casting.recipe import Recipe, parse_recipe

quick = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
words = st.sampled_from(
    [" ".join(phrase) for phrase in sorted(vocabulary().meanings)]
    + ["with", "and", "no", "without", "very", "slightly", "in her forties", "of thirty", "35", "qwyx", "the", ",", ";"]
)


def cast(text: str, seed: int = 1) -> Recipe:
    return parse_recipe(casting.call_words(text, seed=seed).text)


def test_the_brief_of_the_documentation_is_understood_whole() -> None:
    reading = read("a woman of thirty, freckles, auburn bob, tired eyes")
    assert reading.age == (30, 30)
    assert reading.value("sex") == "woman"
    assert reading.value("skin.freckles") > 1  # type: ignore[operator]
    assert reading.value("hair.style") == "bob"
    assert reading.value("hair.tint") == "auburn"
    assert reading.value("skin.under_eye") > 1.5  # type: ignore[operator]
    assert not reading.remarks and not reading.unknown


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("green-eyed woman", "eyes.colour", "green"),
        ("her eyes are green", "eyes.colour", "green"),
        ("a green jumper and brown eyes", "eyes.colour", "brown"),
        ("long hair and a short nose", "hair.style", "long"),
        ("a man with a thick grey moustache", "beard.style", "moustache"),
        ("woman without a beard", "beard.style", "none"),
        ("no glasses or earrings", "earrings.style", "none"),
        ("beardless man", "beard.style", "none"),
        ("round gold glasses", "glasses.style", "round"),
        ("Korean woman", "origin", "east-asian"),
        ("South African man", "origin", "west-african"),
        ("a black woman", "origin", "african-diaspora"),
        ("hair in a bun", "hair.style", "bun"),
        ("a long ponytail", "hair.style", "ponytail"),
        ("platinum blonde pixie cut", "hair.tint", "platinum"),
        ("striped shirt", "wardrobe.pattern", "stripe"),
        ("reddish hair", "hair.tint", "red"),
        ("he/him", "sex", "man"),
    ],
)
def test_adjectives_find_their_nouns(text: str, key: str, value: str) -> None:
    assert read(text).value(key) == value


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("woman of thirty-five", (35, 35)),
        ("a 62-year-old man", (62, 62)),
        ("man, 41", (41, 41)),
        ("in her early forties", (41, 43)),
        ("a man in his mid-50s", (54, 56)),
        ("late sixties", (67, 69)),
        ("thirty-something woman", (31, 38)),
        ("aged 80", (80, 80)),
        ("middle-aged", (48, 48)),
        ("a woman with an 80s haircut and three earrings", None),
        ("a woman of few words", None),
        ("man with a 3 day beard", None),
        ("he is 180 cm tall", None),
    ],
)
def test_ages_are_read_and_other_numbers_are_not(text: str, age: tuple[int, int] | None) -> None:
    assert read(text).age == age


def test_degrees_scale_and_negations_take_away() -> None:
    plain, very, slightly = (
        read(f"{degree} long nose").value("latent.nose-length") for degree in ("", "very", "slightly")
    )
    assert slightly < plain < very  # type: ignore[operator]
    assert read("not tall").value("latent.height") < 0  # type: ignore[operator]
    assert read("no freckles").value("skin.freckles") == 0


def test_a_contradiction_says_which_word_won() -> None:
    reading = read("bald with a bob")
    assert reading.value("hair.style") == "bald"
    assert any("'bald' and 'bob'" in remark and "'bald' wins" in remark for remark in reading.remarks)


def test_a_slip_of_the_pen_is_read_and_told_and_unknown_words_are_listed() -> None:
    reading = read("a freckeld woman with a zorblax")
    assert reading.value("skin.freckles")
    assert any("'freckeld' is read as 'freckled'" in remark for remark in reading.remarks)
    assert reading.unknown == ("zorblax",)


def test_the_order_of_clauses_does_not_matter() -> None:
    parts = [
        "a man of 50",
        "deep voice",
        "crooked nose",
        "grey stubble",
        "bald",
        "navy shirt",
        "tired eyes",
        "no glasses",
    ]
    first = casting.call_words(", ".join(parts))
    shuffle = random.Random(3)
    for _ in range(6):
        shuffle.shuffle(parts)
        other = casting.call_words(", ".join(parts))
        assert other.seed == first.seed
        assert parse_recipe(other.text) == parse_recipe(first.text)


def test_one_more_word_changes_what_it_speaks_of_and_leaves_the_rest() -> None:
    without, with_freckles = cast("woman of 30, blond", 5), cast("woman of 30, blond, freckles", 5)
    assert with_freckles.skin.freckles > without.skin.freckles
    assert with_freckles.latents == without.latents
    assert with_freckles.hair == without.hair


def test_seeds_make_different_people_of_the_same_words() -> None:
    people = [cast("an Italian woman of 40 with curly hair", seed) for seed in range(6)]
    assert len({tuple(sorted(person.latents.items())) for person in people}) == 6
    assert {person.age for person in people} == {40}


def test_years_show_in_skin_hair_and_shape() -> None:
    young, old = cast("woman of 25", 3), cast("woman of 75", 3)
    assert old.skin.age > young.skin.age + 0.5
    assert old.hair.grey > 0.5 > young.hair.grey
    assert old.phenotype["age"] > young.phenotype["age"]
    assert cast("woman of 75 with black hair", 3).hair.grey < 0.2


def test_a_voice_follows_its_words() -> None:
    assert cast("man of 40, deep husky voice").voice.pitch_st < cast("man of 40").voice.pitch_st - 2
    assert cast("man of 40, husky voice").voice.breath > cast("man of 40").voice.breath + 0.15


@pytest.mark.parametrize("text", ["", "  ,;.", "zorblax qwyx", "x" * 5000])
def test_what_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        casting.call_words(text)


@quick
@given(st.lists(words, min_size=1, max_size=12), st.integers(0, 2**31))
def test_any_words_give_a_person_or_one_refusal(parts: list[str], seed: int) -> None:
    text = " ".join(parts)
    try:
        first = casting.call_words(text, seed=seed)
    except (BadInput, NotAllowed) as refusal:
        assert "\n" not in str(refusal) and str(refusal).endswith(".")
        return
    recipe = parse_recipe(first.text)
    assert recipe.age >= 18
    assert 0.6 <= recipe.phenotype["age"] <= 1
    assert casting.call_words(text, seed=seed).text == first.text


@quick
@given(st.text(max_size=80))
def test_any_text_gives_a_person_or_one_refusal(text: str) -> None:
    try:
        parse_recipe(casting.call_words(text, seed=1).text)
    except (BadInput, NotAllowed) as refusal:
        assert str(refusal)
