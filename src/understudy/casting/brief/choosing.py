"""A reading and a seed -> a whole recipe: what the words say is kept, all else is drawn around it.

Everything is first drawn for somebody of thirty, then years are added (resolve.grow_older), then the words have the
last say. Each topic has its own chance (prior.stream), so one more word in a brief changes what it speaks of and leaves
the rest of the same seed alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from understudy.casting.brief.looks import do_hair, give_eyes, grow_beard, grow_brows, paint_skin
from understudy.casting.brief.manners import dress, give_manner, give_voice, make_up, summary
from understudy.casting.brief.reading import Reading
from understudy.casting.brief.sheet import Plain, Sheet
from understudy.casting.latents import latents
from understudy.casting.prior import Origin, draw_face, load_table, origins, pick
from understudy.casting.recipe import Recipe
from understudy.casting.resolve import anny_age, grow_older

DRAWN_AGE = 30


@dataclass(frozen=True)
class Choice:
    """A recipe and what of it was guessed: what -> words."""

    recipe: Recipe
    guessed: tuple[tuple[str, str], ...]


def choose(reading: Reading, *, seed: int, name: str, head: str = "") -> Choice:
    """Returns a whole person of a reading. name: of the actor, '' draws one. head: summary, '' is made."""
    sheet = Sheet(reading, seed)
    sex = sheet.words_or("sex", "sex", lambda rng: "woman" if rng.random() < 0.5 else "man")
    age = _age(sheet)
    origin = _origin(sheet)
    _shape(sheet, sex, origin)
    paint_skin(sheet, sex, origin)
    give_eyes(sheet, origin)
    tint = do_hair(sheet, sex, age, origin)
    grow_brows(sheet, sex, origin, tint)
    grow_beard(sheet, sex, tint)
    dress(sheet, sex)
    make_up(sheet, sex)
    give_voice(sheet, sex, age)
    give_manner(sheet, sex)
    plain = _whole(sheet)
    grow_older(plain, DRAWN_AGE, age)
    _last_say(sheet, plain, age)
    shown = name or reading.name or str(sheet.chance("name").choice(load_table("habits.toml")["names"][sex]))
    plain.update(
        name=_handle(shown),
        display_name=shown[:1].upper() + shown[1:],
        age=age,
        seed=int(sheet.chance("build").integers(1, 10_000)),
        summary=head or summary(reading, sex),
    )
    return Choice(msgspec.convert(_rounded(plain), Recipe), tuple(sheet.guessed))


def _age(sheet: Sheet) -> int:
    span = sheet.reading.age
    if span is None:
        drawn = int(sheet.chance("age").triangular(21, 33, 68))
        sheet.guessed.append(("age", str(drawn)))
        return drawn
    low, high = span
    return int(sheet.chance("age").integers(max(low, 18), max(high, 18) + 1))


def _origin(sheet: Sheet) -> Origin:
    """The origin that was said, or one that goes with the colours that were."""
    known = origins()
    said = sheet.said("origin")
    if said:
        return known[said]
    reading = sheet.reading
    shares = {}
    for name, origin in known.items():
        share = origin.guess
        melanin = reading.value("skin.melanin")
        if isinstance(melanin, float | int):
            away = (float(melanin) - origin.melanin[0]) / (1.6 * origin.melanin[1])
            share *= float(np.exp(-0.5 * away**2))
        freckles = reading.value("skin.freckles")
        if isinstance(freckles, float | int) and float(freckles) > 0.4:
            share *= float(np.exp(-max(origin.melanin[0] - 0.55, 0) * 4))
        for key, table in (("hair.tint", origin.hair), ("eyes.colour", origin.eyes)):
            colour = sheet.said(key)
            if colour and any(colour in other for other in (o.hair if key == "hair.tint" else o.eyes
                                                            for o in known.values())):  # fmt: skip
                alike = {"black": "soft-black", "soft-black": "black"}.get(colour, colour)
                share *= (table.get(colour, 0.0) + table.get(alike, 0.0) + 0.02) / sum(table.values())
        if sheet.said("hair.style") == "afro":
            share *= origin.curl[0] ** 4
        epicanthus = reading.value("latent.epicanthus")
        if isinstance(epicanthus, float | int) and epicanthus > 0:
            share *= origin.shares["asian"] ** 2 + 0.001
        shares[name] = share
    drawn = pick(sheet.chance("origin"), shares)
    sheet.guessed.append(("origin", drawn.replace("-", " ")))
    return known[drawn]


def _shape(sheet: Sheet, sex: str, origin: Origin) -> None:
    rng = sheet.chance("phenotype")
    asymmetry = sheet.reading.value("face.asymmetry")
    face = draw_face(
        sheet.seed,
        sex=sex,
        origin=origin,
        asymmetry=float(asymmetry) if isinstance(asymmetry, float | int) else 1.0,
        outline=sheet.said("face.outline"),
    )
    values = dict(face.latents)
    for key, wish in sheet.reading.wishes.items():
        name = key.removeprefix("latent.")
        if name != key and name in latents():
            # the word says where it is; the draw still tells one such person from another
            drawn = values.get(name, 0.0)
            values[name] = round(latents()[name].clamp(float(wish.value) + 0.2 * drawn), 3)  # type: ignore[arg-type]
    shares = np.array([origin.shares[part] for part in ("african", "asian", "caucasian")])
    shares = rng.dirichlet(shares * 60 + 0.25)
    gender = {"woman": 0.94, "man": 0.04, "person": 0.5}[sex] + 0.05 * float(rng.random())
    sheet.put("latents", **{name: value for name, value in values.items() if abs(value) >= 0.02})
    sheet.put("shape", **{name: value for name, value in face.shape.items() if abs(value) >= 0.01})
    sheet.put("targets", **face.targets)
    sheet.put(
        "phenotype",
        gender=gender,
        age=anny_age(DRAWN_AGE),
        muscle=float(np.clip(rng.normal(0.40 if sex == "woman" else 0.52, 0.07), 0.2, 0.8)),
        weight=float(np.clip(rng.normal(0.44, 0.06), 0.2, 0.8)),
        height=float(np.clip(rng.normal(0.50 if sex == "woman" else 0.54, 0.04), 0.38, 0.64)),
        proportions=float(rng.uniform(0.3, 0.6)),
        cupsize=0.4,
        firmness=0.6,
        african=float(shares[0]),
        asian=float(shares[1]),
        caucasian=float(shares[2]),
    )
    sheet.put(
        "pose",
        shoulder_deg=7.0 if sex == "woman" else 5.0,
        upper_arm_deg=32.0 if sex == "woman" else 31.0,
    )
    sheet.put("rest", mouthSmileLeft=float(rng.uniform(0.02, 0.07)), mouthSmileRight=float(rng.uniform(0.02, 0.07)))


def _whole(sheet: Sheet) -> Plain:
    """The filled sheet over the defaults of a recipe; keys this installation's recipe does not have are left out."""
    default: Plain = msgspec.to_builtins(Recipe(name="", display_name=""))
    for section, values in sheet.plain.items():
        if section in ("phenotype", "shape", "targets", "rest", "latents"):
            default[section] = values
        elif section in default:
            default[section] |= {key: value for key, value in values.items() if key in default[section]}
    return default


def _last_say(sheet: Sheet, plain: Plain, age: int) -> None:
    """What the words say of single keys holds whatever was drawn and whatever years did."""
    for key, wish in sheet.reading.wishes.items():
        section, _, name = key.partition(".")
        if key == "hair.curl" and plain["hair"]["style"] in ("curls", "afro"):
            continue  # these styles curl by themselves
        if section in ("skin", "eyes", "brows", "lashes", "hair", "beard", "makeup", "wardrobe", "glasses", "earrings",
                       "mouth") and name in plain.get(section, {}):  # fmt: skip
            plain[section][name] = list(wish.value) if isinstance(wish.value, tuple) else wish.value
        elif section in ("shape", "targets", "rest"):
            plain[section][name] = float(wish.value)  # type: ignore[arg-type]
    said_colour = sheet.said("hair.tint") and sheet.reading.value("hair.grey") is None
    if said_colour and "grey" in plain["hair"]:
        plain["hair"]["grey"] = min(plain["hair"]["grey"], 0.15)
    grey = sheet.reading.value("hair.grey")
    if isinstance(grey, float | int) and "grey" in plain["brows"]:
        plain["brows"]["grey"] = round(0.7 * float(grey), 2)


def _handle(name: str) -> str:
    kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in name.lower()).strip("-")
    return kept or "actor"


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(float(value), 4)
    if isinstance(value, Mapping):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return value
