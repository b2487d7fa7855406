"""Short forms of written English and how they are said."""

from typing import Final

TITLES: Final = {
    "mr": "mister", "mrs": "missis", "ms": "miz", "dr": "doctor", "prof": "professor", "st": "saint",
    "sgt": "sergeant", "capt": "captain", "lt": "lieutenant", "col": "colonel", "gen": "general", "rev": "reverend",
    "hon": "honorable", "gov": "governor", "sen": "senator", "rep": "representative", "pres": "president",
    "det": "detective", "insp": "inspector", "mt": "mount", "ft": "fort",
}  # fmt: skip
"""Said in full before a name ('Dr. Smith'); the full stop does not end the sentence."""

STREETS: Final = {"st": "street", "dr": "drive", "rd": "road", "ave": "avenue", "blvd": "boulevard", "ln": "lane"}
"""Said in full after a name ('12 Main St.')."""

SHORT: Final = {
    "etc": "et cetera", "e.g": "for example", "i.e": "that is", "vs": "versus", "approx": "approximately",
    "dept": "department", "est": "established", "jr": "junior", "sr": "senior", "inc": "incorporated",
    "corp": "corporation", "ltd": "limited", "co": "company", "no": "number", "min": "minutes", "hr": "hour",
    "hrs": "hours", "sec": "seconds", "fig": "figure", "ext": "extension", "apt": "apartment", "jan": "january",
    "feb": "february", "aug": "august", "sept": "september", "oct": "october", "nov": "november", "dec": "december",
    "w/": "with", "w/o": "without", "&": "and", "@": "at", "+": "plus", "=": "equals", "a.m": "A M", "p.m": "P M",
    "ok": "okay",
}  # fmt: skip
"""Said in full; those that are also words (no, min, sec, fig, co, hr) only with their full stop."""

ALSO_WORDS: Final = frozenset(["no", "min", "sec", "fig", "co", "est", "inc", "sen", "gen", "rep", "col", "ft", "hon",
                               "det", "pres", "gov", "dec", "ext", "apt", "mt"])  # fmt: skip

MONTHS: Final = frozenset(["january", "february", "march", "april", "may", "june", "july", "august", "september",
                           "october", "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept",
                           "sep", "oct", "nov", "dec"])  # fmt: skip

UNITS: Final = {
    "km": "kilometer", "m": "meter", "cm": "centimeter", "mm": "millimeter", "kg": "kilogram", "g": "gram",
    "mg": "milligram", "lb": "pound", "lbs": "pound", "oz": "ounce", "mi": "mile", "ft": "foot", "in": "inch",
    "mph": "mile per hour", "kph": "kilometer per hour", "km/h": "kilometer per hour", "hz": "hertz",
    "khz": "kilohertz", "mhz": "megahertz", "ghz": "gigahertz", "gb": "gigabyte", "mb": "megabyte", "kb": "kilobyte",
    "tb": "terabyte", "ms": "millisecond", "s": "second", "min": "minute", "h": "hour", "w": "watt", "kw": "kilowatt",
    "v": "volt", "%": "percent", "°": "degree", "°c": "degree celsius", "°f": "degree fahrenheit", "l": "liter",
    "ml": "milliliter", "db": "decibel",
}  # fmt: skip
"""Unit -> singular; the first word takes the plural."""

SAID_AS_WORDS: Final = frozenset(["NASA", "NATO", "UNICEF", "UNESCO", "AIDS", "SWAT", "LASER", "RADAR", "SCUBA", "FIFA",
                                  "OPEC", "PIN", "RAM", "GIF", "JPEG", "ASAP"])  # fmt: skip
"""Capitals that are said as a word; other short runs of capitals are spelled."""

SPELLED: Final = frozenset([
    "AI", "PM", "UK", "EU", "UN", "TV", "PC", "CD", "DVD", "FBI", "CIA", "CEO", "CTO", "CFO", "IQ", "DJ", "DNA",
    "ATM", "VIP", "GPS", "USB", "URL", "PDF", "VFX", "CGI", "GPU", "CPU", "MRI", "NYPD", "LAPD", "BBC", "CNN",
    "HBO", "NBC", "IBM", "PhD", "MBA", "NYC", "DC", "SOS", "UFO", "FAQ", "HR", "VR", "XR", "API", "SDK",
])  # fmt: skip
"""Capitals that are spelled even inside a line written all in capitals."""

LETTERS: Final = {
    "A": "EY1", "B": "B IY1", "C": "S IY1", "D": "D IY1", "E": "IY1", "F": "EH1 F", "G": "JH IY1", "H": "EY1 CH",
    "I": "AY1", "J": "JH EY1", "K": "K EY1", "L": "EH1 L", "M": "EH1 M", "N": "EH1 N", "O": "OW1", "P": "P IY1",
    "Q": "K Y UW1", "R": "AA1 R", "S": "EH1 S", "T": "T IY1", "U": "Y UW1", "V": "V IY1",
    "W": "D AH1 B AH0 L Y UW0", "X": "EH1 K S", "Y": "W AY1", "Z": "Z IY1",
}  # fmt: skip
"""The names of the letters in American English."""

ROMAN: Final = {"II": 2, "III": 3, "IV": 4, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "XI": 11, "XII": 12, "XIII": 13,
                "XIV": 14, "XV": 15, "XVI": 16}  # fmt: skip
"""After a name in capitals they are ordinals with 'the' ('Henry VIII')."""
NUMBERED: Final = frozenset(
    ["part", "chapter", "act", "scene", "volume", "book", "world", "war", "type", "phase", "level", "episode"]
)
"""After these a Roman numeral is a plain number ('Act II')."""
