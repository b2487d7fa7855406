import pytest

from understudy.base.errors import BadInput
from understudy.voice.text import read


def said(text: str, language: str = "en-US") -> str:
    return " | ".join(clause.text for clause in read(text, language=language))


READ = {
    "in 1984": "in nineteen eighty four",
    "since 2007": "since two thousand seven",
    "by 2024": "by twenty twenty four",
    "in 1905": "in nineteen oh five",
    "in 1900": "in nineteen hundred",
    "1,234 items": "one thousand two hundred thirty four items",
    "3.14": "three point one four",
    "-5 degrees": "minus five degrees",
    "agent 007": "agent oh oh seven",
    "$3.50": "three dollars and fifty cents",
    "$1": "one dollar",
    "$0.05": "five cents",
    "$5 million": "five million dollars",
    "£20": "twenty pounds",
    "€1.01": "one euro and one cent",
    "9:05": "nine oh five",
    "12:00": "twelve o'clock",
    "7:30pm": "seven thirty P M",
    "at 9 a.m. sharp": "at nine A M sharp",
    "the 21st": "the twenty first",
    "the 3rd": "the third",
    "May 5": "may fifth",
    "the 1990s": "the nineteen nineties",
    "the '80s": "the eighties",
    "3/4": "three quarters",
    "24/7": "twenty four seven",
    "5 km": "five kilometers",
    "1 km": "one kilometer",
    "6 ft tall": "six feet tall",
    "50%": "fifty percent",
    "20°C": "twenty degrees celsius",
    "call 555-0123": "call five five five oh one two three",
    "pages 7-8": "pages seven to eight",
    "#1": "number one",
    "No. 5": "number five",
    "I told him no.": "I told him no",
    "Dr. Smith": "doctor smith",
    "12 Main St.": "twelve main street",
    "St. James": "saint james",
    "Mr. and Mrs. Vane": "mister and missis vane",
    "fish vs. fowl": "fish versus fowl",
    "e.g. this": "for example this",
    "AI and NASA": "A I and nasa",
    "the FBI's man": "the F B I's man",
    "the U.S. Army": "the U S army",
    "J. Smith": "J smith",
    "Henry VIII": "henry the eighth",
    "Act II": "act two",
    "STOP THAT RIGHT NOW": "stop that right now",
    "I said STOP IT, you BIG fool": "I said stop it | you big fool",
    "GIVE IT TO US NOW": "give it to us now",
    "the US and the UK": "the U S and the U K",
    "rock & roll": "rock and roll",
    "understudy.ai": "understudy dot A I",
    "well-known": "well known",
    "don't": "don't",
    "“Fine,” she said.": "fine | she said",
    "Wait—no!": "wait | no",
}


@pytest.mark.parametrize("text", READ)
def test_what_is_written_is_read_as_people_say_it(text: str) -> None:
    assert said(text) == READ[text]


def test_other_languages_read_their_numbers() -> None:
    assert said("Ich habe 3 Hunde.", "de-DE") == "ich habe drei hunde"
    assert said("J'ai 2 chats.", "fr-FR") == "j'ai deux chats"


def test_spoken_words_remember_the_written_word() -> None:
    (clause,) = read("Give me $5 million now")
    assert [w.written for w in clause.words] == [0, 1, 2, 3, 2, 4] or [
        w.text for w in clause.words if w.written == 2
    ] == [
        "five",
        "million",
        "dollars",
    ]
    assert clause.words[-1].written == 4


def test_a_unit_apart_from_its_number_keeps_its_place() -> None:
    (clause,) = read("Run 5 km at 9:30 p.m. today")
    assert [(w.text, w.written) for w in clause.words][1:8] == [
        ("five", 1),
        ("kilometers", 2),
        ("at", 3),
        ("nine", 4),
        ("thirty", 4),
        ("P", 5),
        ("M", 5),
    ]


def test_marks_part_clauses_and_name_their_end() -> None:
    assert [c.mark for c in read("Wait, is it you? Yes! I thought... well—no: never.")] == [
        ",",
        "?",
        "!",
        "…",
        "-",
        ":",
        ".",
    ]
    assert [c.last for c in read("One. Two.")] == [False, True]


def test_an_abbreviation_does_not_end_the_sentence() -> None:
    assert len(read("I saw Dr. Smith on Main St. in town.")) == 1


def test_a_long_sentence_is_divided_for_breath() -> None:
    clauses = read("and then " + "we walked on and on " * 8)
    assert len(clauses) > 1
    assert max(len(c.words) for c in clauses) <= 22


@pytest.mark.parametrize("text", ["", "   ", "...", "—", "?!"])
def test_nothing_to_say_is_an_error(text: str) -> None:
    with pytest.raises(BadInput, match="nothing to say"):
        read(text)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 300,
        "🙂 hello",
        "x²",
        "中文 hello",
        "<b>bold</b>",
        "5'6\"",
        "I.",
        "''",
        "1/0",
        "99999999999999999999",
        "0:99",
        "'s",
    ],
)
def test_odd_text_never_breaks_the_reader(text: str) -> None:
    try:
        assert read(text)
    except BadInput as error:
        assert "nothing to say" in str(error)
