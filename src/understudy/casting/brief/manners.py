"""Clothes, make-up, voice and manner of a brief."""

import numpy as np

from understudy.casting.brief.reading import Reading
from understudy.casting.brief.sheet import Plain, Sheet
from understudy.casting.prior import load_table, pick

PRONOUNS = {"woman": "she/her", "man": "he/him", "person": "they/them"}


def dress(sheet: Sheet, sex: str) -> None:
    """Draws clothes, glasses and earrings."""
    habits = load_table("habits.toml")
    garment = sheet.words_or("wardrobe.garment", "garment", lambda rng: pick(rng, habits["garment"][sex]))
    if sheet.reading.value("wardrobe.colour") is None:
        rng = sheet.chance("colour")
        name = str(rng.choice(sorted(habits["colour"])))
        sheet.guessed.append(("colour", name))
        sheet.put("wardrobe", colour=list(habits["colour"][name]))
    sheet.put("wardrobe", garment=garment, seed=int(sheet.chance("cloth").integers(1, 10_000)))
    for section, shares in (("glasses", habits["glasses"]), ("earrings", habits["earrings"][sex])):
        style = sheet.said(f"{section}.style") or pick(sheet.chance(section), shares)
        if not sheet.said(f"{section}.style") and style != "none":
            sheet.guessed.append((section, style))
        sheet.put(section, style=style)
    if sheet.plain["earrings"]["style"] != "none":
        sheet.put("earrings", metal=str(sheet.chance("metal").choice(["gold", "silver"])))


def make_up(sheet: Sheet, sex: str) -> None:
    """Draws make-up."""
    said = sheet.reading.value("makeup.amount")
    rng = sheet.chance("make-up")
    amount = float(rng.choice([0.0, 0.0, 0.2, 0.35])) if sex == "woman" else 0.0
    if isinstance(said, float | int):
        amount = min(float(said), 1.0)
    elif amount:
        sheet.guessed.append(("make-up", "light"))
    sheet.put("makeup", lipstick_weight=round(0.7 * amount, 2), liner=round(0.7 * amount, 2),
              shadow_weight=round(0.5 * amount, 2), blusher=round(0.5 * amount, 2),
              foundation=round(0.5 * amount, 2))  # fmt: skip


def give_voice(sheet: Sheet, sex: str, age: int) -> None:
    """Draws a voice around its sex and age."""
    rng = sheet.chance("voice")
    english = sheet.said("voice.english") or str(rng.choice(["en-US", "en-GB"]))
    aged = max(age - 45, 0) / 30
    voice = {
        "pitch_st": float(rng.normal(0.0, 0.9)) - (0.8 * aged if sex != "man" else 0.3 * aged),
        "pitch_range": float(rng.normal(1.04, 0.06)),
        "tract": float(rng.normal({"woman": 1.0, "man": 1.01, "person": 1.03}[sex], 0.03)),
        "tilt_db": float(rng.normal(0.0, 0.2)) - 0.2 * aged,
        "breath": float(np.clip(rng.normal(0.04, 0.02) + 0.05 * aged, 0, 0.3)),
        "pace": float(rng.normal(0.99, 0.03)) - 0.05 * aged,
    }
    limits = {"pitch_st": (-10, 4), "pitch_range": (0.6, 1.5), "tract": (0.92, 1.22), "tilt_db": (-2, 2),
              "breath": (0, 0.4), "pace": (0.8, 1.2)}  # fmt: skip
    for key, value in voice.items():
        said = sheet.reading.value(f"voice.{key}")
        value += float(said) if isinstance(said, float | int) else 0.0
        voice[key] = float(np.clip(value, *limits[key]))
    sheet.put("voice", engines=_bases(sex, age, english, voice["pitch_st"]), **voice)


def _bases(sex: str, age: int, english: str, pitch_st: float) -> list[str]:
    """Returns the base voices of somebody, best first: designed ones by accent, sex and age, then Pico, bent to the sex
    by numbers measured on it (age lowers women's pitch), then flite."""
    kind = "man" if sex == "man" else "woman"
    grown = "-young" if age < 30 else "-old" if age >= 55 else ""
    bent = {"woman": (0.6, 1.03), "man": (-6.0, 1.13), "person": (-2.6, 1.06)}[sex]
    return [
        f"kokoro/{'gb' if english == 'en-GB' else 'us'}-{kind}{grown}",
        *(f"kokoro/{language}-{kind}" for language in ("es", "fr", "it")),
        f"pico/{english}@{bent[0] + pitch_st:.1f},{bent[1]}",
        "flite/rms" if sex == "man" else "flite/slt",
    ]


def give_manner(sheet: Sheet, sex: str) -> None:
    """Says who somebody is: in the words of the brief, or a drawn temperament."""
    known = load_table("habits.toml")["temperament"]
    said = [words.removesuffix(" woman").removesuffix(" man") for words, of in sheet.reading.understood
            if of == "manner" and words not in ("manner", "expression", "air")]  # fmt: skip
    persona: Plain = {"pronouns": PRONOUNS[sex]}
    if said and any(key.startswith("persona.") for key in sheet.reading.wishes):
        persona["description"] = _sentence(sorted({words.split(" ")[0] for words in said}))
    else:
        drawn = known[int(sheet.chance("temperament").integers(len(known)))]
        persona |= dict(drawn)
        sheet.guessed.append(("manner", drawn["description"].rstrip(".").lower()))
    for key, wish in sheet.reading.wishes.items():
        name = key.removeprefix("persona.")
        if name == key or name == "words":
            continue
        if name.startswith("resting."):
            persona.setdefault("resting", {})[name.removeprefix("resting.")] = wish.value
        else:
            persona[name] = wish.value
    sheet.put("persona", **persona)


def summary(reading: Reading, sex: str) -> str:
    """Returns a line of what was said, for lists of actors."""
    skip = {"person", "age", "job"}
    said = [words for words, of in reading.understood if of not in skip and not words.startswith("no ")]
    longest = [w for w in said if not any(w != other and w in other for other in said)]
    who = {"woman": "A woman", "man": "A man", "person": "A person"}[sex]
    return ", ".join([who, *longest[:8]]) + "."


def _sentence(words: list[str]) -> str:
    text = ", ".join(words)
    return text[:1].upper() + text[1:] + "."
