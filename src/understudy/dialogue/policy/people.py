"""Names of people in a text: two capitalised words, or one that everybody knows; people of the stage are not meant."""

import re
from typing import Final

from understudy.dialogue.policy.plain import plain

_KNOWN: Final = (
    "trump|putin|obama|biden|macron|merkel|merz|scholz|zelensky[yj]?|musk|bezos|zuckerberg|oprah"
    "|beyonc[eé]|adele|drake|madonna|rihanna"
    "|shakira|zendaya|eminem|einstein|mozart|beethoven|churchill|hitler|stalin|gandhi|mandela"
    "|napoleon|messi|ronaldo|beckham"
    "|taylor swift|tom hanks|brad pitt|scarlett johansson|elon musk|bill gates|steve jobs|keanu "
    "reeves|morgan freeman|meryl streep"
    "|emma watson|lady gaga|kanye|kim kardashian|kardashian|jeff bezos|snoop dogg|billie eilish|ed "
    "sheeran|justin bieber|barack obama"
    "|joe biden|donald trump|vladimir putin|angela merkel|greta thunberg|princess diana|queen "
    "elizabeth|king charles|marilyn monroe"
    "|mother teresa|the pope|dalai lama|papst|pape|papa francesco|elvis(?: presley)?|leonardo "
    "dicaprio|johnny depp|angelina jolie|george clooney"
    "|will smith|tom cruise|jennifer lawrence|jennifer aniston|kamala harris|hillary clinton"
)
_WORD: Final = r"[A-ZÄÖÜÉÈÁÓÍÚ][\w’'-]*[^\W\d_]"
_PAIR: Final = re.compile(
    rf"(?<![\w’'])({_WORD}(?: (?:von|van|der|den|de|da|di|del|la|bin|al|the|Jr\.?|[A-Z]\.))*(?: "
    rf"{_WORD})+)"
)
_NOT_FIRST_TEXT: Final = (
    "say be do play tell pretend speak talk answer act let hi hello this that the i as are is you can could "
    "would will what who when how why please and but or in on for with my your our his her their its if "
    "imagine impersonate mimic become take confirm call claim sign respond give have forget drop go now put "
    "make sei bist du ich fais es tu eres finge fingi parla habla dis di sag another one some no yes good tag "
    "introduce greet channel portray simulate step voice ring begin record announce both all even monday "
    "tuesday wednesday thursday friday saturday sunday saint old new great dear mr mrs ms miss sir dr"
)
_NOT_FIRST: Final = frozenset(_NOT_FIRST_TEXT.split())
_FICTIONAL_TEXT: Final = (
    "lady macbeth|peter pan|sherlock holmes|mary poppins|robin hood|santa claus|father christmas|king lear|"
    "snow white|captain hook|miss marple|hercule poirot|harry potter|james bond|twelfth night|doctor who|"
    "little red|red riding|juliet capulet|don quixote|don giovanni|king arthur|queen gertrude|prince hamlet|"
    "mr darcy|elizabeth bennet|green party|latin america|ancient athens|united states|united kingdom|new york|"
    "los angeles|san francisco|roman senate|french revolution|coca cola|white house"
)
_FICTIONAL: Final = frozenset(_FICTIONAL_TEXT.split("|"))


_MARK: Final = "zqsomebodyqz"
SOMEBODY: Final = rf"(?:{_MARK}|(?:{_KNOWN}))\b"
"""A pattern, on marked text, of somebody's name."""


def marked(clean: str, text: str, own: tuple[str, ...] = ()) -> str:
    """Returns the plain form of a text with the names of people in it marked. own: names that are hers, left alone."""
    mine = {name.casefold() for name in own}
    for match in _PAIR.finditer(text):
        words = match[1].replace("’", "'").split()
        while words and (words[0].casefold().rstrip(".,'") in _NOT_FIRST or "'" in words[0]):
            words.pop(0)
        name = " ".join(words).casefold().removesuffix("'s")
        if len(words) >= 2 and name not in _FICTIONAL and not mine & set(name.split()):
            for form in (plain(name), plain(words[-1].removesuffix("'s"))):
                clean = re.sub(rf"\b{re.escape(form)}\b", _MARK, clean)
    return clean
