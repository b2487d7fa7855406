"""Minors, real people and explicit content are refused with the reason; look-alike words are not."""

import pytest

from understudy import casting
from understudy.base.errors import NotAllowed

MINORS = [
    "17", "a girl", "schoolgirl", "a woman of 16", "teen", "teenage boy", "aged 9", "a 12-year-old", "child",
    "a little girl", "young boy with blond hair", "an adolescent", "barely legal", "high-school student", "toddler",
    "girl of twelve", "man, 17", "in her teens", "underage", "almost eighteen", "a kid", "sixteen-year-old woman",
    "childlike woman of 20", "baby", "preteen", "lolita", "newborn, tired eyes",
    "a 30-year-old woman who looks sixteen",
    "a woman of 30 and a girl of 9", "jugendlicher", "Schoolboy, 18",
]  # fmt: skip
REAL = [
    "looks like Brad Pitt", "brad pitt", "BRAD PITT", "Brad-Pitt", "a young Audrey Hepburn", "like Anna Schmidt",
    "resembling Taylor Swift", "a lookalike of Keanu Reeves", "the spitting image of Marilyn Monroe", "Obama's ears",
    "a Kardashian body", "as Greta Thunberg", "looks like my ex", "a celebrity", "woman like zendaya",
    "Scarlett Johansson, 30, auburn bob", "a man like John", "double of Vladimir Putin", "tom cruise, man of 40",
    "based on Maria Gonzalez", "portrait of Frida Kahlo", "reminiscent of Bowie", "the president of France",
    "face of princess diana", "a woman who looks exactly like Emma Thompson did in 1995", "like Beyoncé",
]  # fmt: skip
EXPLICIT = [
    "nude woman", "naked man of 30", "topless", "a porn star", "big breasts", "sexual pose", "woman in lingerie",
    "shirtless man", "nsfw", "a busty blonde", "no clothes", "see-through blouse", "erotic", "a stripper",
]  # fmt: skip
HARMLESS = [
    "a woman like a librarian", "Roman nose", "Cuban heels, man of 40", "a man with baby-blue eyes", "nude lipstick",
    "double-breasted jacket", "a mother of two children, 38", "a teacher of teenagers, woman, 45", "a girl of 25",
    "New York accent, woman of 30", "South African woman", "Peter Pan collar, woman", "A Woman Of Thirty, Auburn Bob",
    "A man with a King's English voice", "pupil of the eye dark, brown eyes", "Scottish man in his twenties",
    "boyish man of 30", "a baby-faced man of 28", "Rose lipstick, olive skin", "Auburn Bob", "a woman named Ada, 30",
    "man with a childhood scar, 50", "Hispanic woman with Amber eyes", "18-year-old man", "kind eyes like the sea",
    "East Asian woman. Black hair. Green eyes.", "Sandy hair, Hazel eyes, a man", "naked-eye freckles, woman",
    "a man as tall as a tree", "Will-o'-the-wisp green eyes, woman",
]  # fmt: skip


@pytest.mark.parametrize("text", MINORS)
def test_minors_are_refused(text: str) -> None:
    with pytest.raises(NotAllowed, match=r"adults only|minor"):
        casting.call_words(text)


@pytest.mark.parametrize("text", REAL)
def test_real_people_are_refused(text: str) -> None:
    with pytest.raises(NotAllowed, match="real or named person"):
        casting.call_words(text)


@pytest.mark.parametrize("text", EXPLICIT)
def test_explicit_content_is_refused(text: str) -> None:
    with pytest.raises(NotAllowed, match="decently dressed"):
        casting.call_words(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_words_pass(text: str) -> None:
    casting.call_words(text)


def test_a_role_may_have_any_name_but_that_of_a_public_figure() -> None:
    assert casting.call_words("woman of 30", name="Anna Smith").name == "anna-smith"
    with pytest.raises(NotAllowed, match="real person"):
        casting.call_words("woman of 30", name="Tom Hanks")
