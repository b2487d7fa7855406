"""A reading and a seed -> a whole recipe: what the words say is kept, all else is drawn around it.

Everything is first drawn for somebody of thirty, then years are added (resolve.grow_older), then the words have the
last say. Each topic has its own chance (prior.stream), so one more word in a brief changes what it speaks of and leaves
the rest of the same seed alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from understudy.casting.brief.reading import Reading
from understudy.casting.latents import latents
from understudy.casting.prior import Origin, load_table, draw_face, origins, pick, stream
from understudy.casting.recipe import Recipe
from understudy.casting.resolve import anny_age, grow_older

Plain = dict[str, Any]
Rgb = list[float]

DRAWN_AGE = 30
PRONOUNS = {"woman": "she/her", "man": "he/him", "person": "they/them"}


@dataclass(frozen=True)
class Choice:
    """A recipe and what of it was guessed: what -> words."""

    recipe: Recipe
    guessed: tuple[tuple[str, str], ...]


class _Sheet:
    """The recipe while it is filled in, and the notes of what was guessed."""

    def __init__(self, reading: Reading, seed: int) -> None:
        self.reading = reading
        self.seed = seed
        self.plain: Plain = {"phenotype": {}, "shape": {}, "targets": {}, "rest": {}, "latents": {}}
        self.guessed: list[tuple[str, str]] = []

    def said(self, key: str) -> str:
        """Returns the word said about a key, '' when none was."""
        value = self.reading.value(key)
        return "" if value is None else str(value)

    def words_or(self, key: str, topic: str, draw: Callable[[np.random.Generator], str]) -> str:
        """Returns what was said about a key, or draws and notes it."""
        if self.said(key):
            return self.said(key)
        drawn = draw(stream(self.seed, topic))
        self.guessed.append((topic, drawn.replace("-", " ")))
        return drawn

    def put(self, section: str, **values: Any) -> None:
        self.plain.setdefault(section, {}).update(values)

    def chance(self, topic: str) -> np.random.Generator:
        return stream(self.seed, topic)


def choose(reading: Reading, *, seed: int, name: str, head: str = "") -> Choice:
    """Returns a whole person of a reading. name: of the actor, '' draws one. head: summary, '' is made."""
    sheet = _Sheet(reading, seed)
    sex = sheet.words_or("sex", "sex", lambda rng: "woman" if rng.random() < 0.5 else "man")
    age = _age(sheet)
    origin = _origin(sheet)
    _shape(sheet, sex, origin)
    _skin(sheet, sex, origin)
    _eyes(sheet, origin)
    curl, tint = _hair(sheet, sex, age, origin)
    _brows(sheet, sex, origin, tint)
    _beard(sheet, sex, tint)
    _dress(sheet, sex)
    _makeup(sheet, sex)
    _voice(sheet, sex, age, origin)
    _persona(sheet, sex)
    plain = _whole(sheet)
    grow_older(plain, DRAWN_AGE, age)
    _last_say(sheet, plain, age)
    shown = name or reading.name or str(sheet.chance("name").choice(load_table("habits.toml")["names"][sex]))
    plain.update(
        name=_handle(shown),
        display_name=shown[:1].upper() + shown[1:],
        age=age,
        seed=int(sheet.chance("build").integers(1, 10_000)),
        summary=head or _summary(reading, sex),
    )
    return Choice(msgspec.convert(_rounded(plain), Recipe), tuple(sheet.guessed))


def _age(sheet: _Sheet) -> int:
    span = sheet.reading.age
    if span is None:
        drawn = int(sheet.chance("age").triangular(21, 33, 68))
        sheet.guessed.append(("age", str(drawn)))
        return drawn
    low, high = span
    return int(sheet.chance("age").integers(max(low, 18), max(high, 18) + 1))


def _origin(sheet: _Sheet) -> Origin:
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


def _shape(sheet: _Sheet, sex: str, origin: Origin) -> None:
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
    shares = rng.dirichlet(shares * 28 + 0.25)
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


def _skin(sheet: _Sheet, sex: str, origin: Origin) -> None:
    rng = sheet.chance("skin")
    middle, spread = origin.melanin
    melanin = float(np.clip(rng.normal(middle, spread), 0.33, 2.75))
    said = sheet.reading.value("skin.melanin")
    melanin = float(said) if isinstance(said, float | int) else melanin
    fair = float(np.clip((0.75 - melanin) / 0.4, 0, 1))
    table = load_table("pigment.toml")["lips"]
    lips = [float(np.interp(melanin, table["melanin"], [c[i] for c in table["colour"]])) for i in range(3)]
    tone = table.get(sheet.said("skin.lip_colour"), [1.0, 1.0, 1.0])
    sheet.put(
        "skin",
        melanin=melanin,
        blood=float(np.clip(rng.normal(0.33 + 0.03 * fair, 0.03), 0.22, 0.48)),
        freckles=float(np.clip(rng.exponential(0.18) * (0.4 + 1.6 * fair), 0, 0.9)),
        moles=float(np.clip(rng.normal(1.0, 0.3), 0.2, 2.0)),
        pores=float(np.clip(rng.normal(1.0 if sex == "woman" else 1.2, 0.12), 0.7, 1.5)),
        oil=float(np.clip(rng.normal(1.0, 0.1), 0.7, 1.3)),
        age=0.22,
        lips=[c * t * k for c, t, k in zip(lips, tone, rng.normal(1.0, 0.04, 3), strict=True)],
        under_eye=float(np.clip(rng.normal(1.0, 0.18), 0.6, 1.5)),
        blemishes=float(np.clip(rng.exponential(0.08), 0, 0.4)),
        redness=float(np.clip(rng.normal(0.12 + 0.12 * fair, 0.06), 0, 0.5)),
        seed=int(rng.integers(1, 10_000)),
    )


def _eyes(sheet: _Sheet, origin: Origin) -> None:
    colour = sheet.words_or("eyes.colour", "eyes", lambda rng: pick(rng, origin.eyes))
    iris = load_table("pigment.toml")["eyes"][colour]
    rng = sheet.chance("iris")
    tone = float(rng.normal(1.0, 0.08))
    sheet.put(
        "eyes",
        iris=[c * tone for c in iris["iris"]],
        iris_inner=[c * tone for c in iris["inner"]],
        iris_mm=float(np.clip(rng.normal(6.0, 0.12), 5.7, 6.3)),
        upper_lid=float(np.clip(rng.normal(0.07, 0.025), 0.02, 0.13)),
        lower_lid=float(np.clip(rng.normal(0.06, 0.015), 0.03, 0.1)),
        seed=int(rng.integers(1, 10_000)),
    )
    woman = sheet.said("sex") != "man"
    sheet.put("lashes", upper=int(rng.integers(95, 135)), lower=int(rng.integers(28, 46)),
              length_mm=float(rng.uniform(7.2, 8.8) if woman else rng.uniform(5.6, 7.0)),
              seed=int(rng.integers(1, 10_000)))  # fmt: skip


def _hair(sheet: _Sheet, sex: str, age: int, origin: Origin) -> tuple[float, Rgb]:
    rng = sheet.chance("hair")
    habits, pigment = load_table("habits.toml"), load_table("pigment.toml")["hair"]
    curl = float(np.clip(rng.normal(*origin.curl), 0, 1))
    said = sheet.reading.value("hair.curl")
    curl = float(said) if isinstance(said, float | int) else curl
    shares = dict(habits["hair"][sex])
    for kind, least in (("curly", 0.4), ("coily", 0.8)):
        if curl >= least:
            shares = {name: share * 0.5 for name, share in shares.items()}
            for name, share in habits["hair"][kind].items():
                shares[name] = shares.get(name, 0.0) + share
    if sex == "man":
        shares["bald"] = shares.get("bald", 0.0) * (1 + max(age - 35, 0) / 12)
    style = sheet.words_or("hair.style", "hair", lambda chance: pick(chance, shares))
    tint = sheet.words_or("hair.tint", "hair colour", lambda chance: pick(chance, origin.hair))
    tone = float(sheet.chance("hair tone").normal(1.0, 0.10))
    colour = [float(c * tone) for c in pigment[tint]]
    low, high = habits["hair"]["length_m"].get(style, (0.0, 0.0))
    receding = max(age - 30, 0) / 50 * 16 * rng.random() ** 1.5 if sex == "man" else 0.0
    sheet.put(
        "hair",
        style=style,
        colour=colour,
        length_m=float(rng.uniform(low, high)),
        part_mm=float(rng.choice([-22.0, -14.0, 0.0, 14.0, 22.0])),
        curl=0.3 * curl if style in ("curls", "afro") else curl,
        wave_mm=float(np.clip(rng.normal(5 + 8 * curl, 1.5), 1, 14)),
        fringe=float(rng.random() < 0.15) * 0.8 if sex == "woman" and style in ("bob", "long", "pixie") else 0.0,
        recede_mm=float(receding),
        hairline_mm=float(np.clip(rng.normal(0, 1.5), -3, 3)),
        grey=float(np.clip(rng.normal(0, 0.08), 0, 0.2)) if age > 33 else 0.0,
        seed=int(rng.integers(1, 10_000)),
    )
    return curl, colour


def _brows(sheet: _Sheet, sex: str, origin: Origin, tint: Rgb) -> None:
    rng = sheet.chance("brows")
    rules = load_table("pigment.toml")["brows"]
    colour = [min(c * rules["share"], most) for c, most in zip(tint, rules["lightest"], strict=True)]
    woman = sex != "man"
    sheet.put(
        "brows",
        hairs=int((480 if woman else 620) * origin.brows * rng.uniform(0.85, 1.15)),
        height_mm=float(rng.normal(13.6 if woman else 12.3, 0.6)),
        arch_mm=float(np.clip(rng.normal(4.2 if woman else 2.6, 0.8), 1.2, 6.2)),
        thickness_mm=float(np.clip(rng.normal(5.3 if woman else 6.6, 0.5) * origin.brows**0.5, 3.8, 8.2)),
        inner_mm=float(rng.normal(13.4, 0.6)),
        outer_mm=float(rng.normal(22.2, 0.6)),
        width_mm=0.13 if woman else 0.15,
        colour=colour,
        paint=0.45,
        seed=int(rng.integers(1, 10_000)),
    )


def _beard(sheet: _Sheet, sex: str, tint: Rgb) -> None:
    style = "none"
    if sex == "man" or sheet.said("beard.style"):
        style = sheet.words_or("beard.style", "beard", lambda rng: pick(rng, load_table("habits.toml")["beard"]))
    rng = sheet.chance("beard hair")
    named = {"red": "red", "black": "black", "blond": "blond"}.get(sheet.said("beard.tint"))
    colour = list(load_table("pigment.toml")["hair"][named]) if named else [c * 0.85 for c in tint]
    shadow = {"stubble": 0.9, "short": 0.7, "full": 0.6, "goatee": 0.4, "moustache": 0.3}.get(style)
    if sex == "man" and shadow is None:
        shadow = float(rng.uniform(0.05, 0.35))
    sheet.put("beard", style=style, colour=colour, seed=int(rng.integers(1, 10_000)))
    sheet.put("skin", stubble=shadow or 0.0)


def _dress(sheet: _Sheet, sex: str) -> None:
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


def _makeup(sheet: _Sheet, sex: str) -> None:
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


def _voice(sheet: _Sheet, sex: str, age: int, origin: Origin) -> None:
    rng = sheet.chance("voice")
    english = sheet.said("voice.english") or str(rng.choice(["en-US", "en-GB"]))
    # measured on Pico's voices: see the house cast; age lowers women's pitch and brings breath
    middle = {"woman": 0.6, "man": -6.0, "person": -2.6}[sex]
    aged = max(age - 45, 0) / 30
    voice = {
        "pitch_st": float(rng.normal(middle, 0.9)) - (1.6 * aged if sex != "man" else 0.6 * aged),
        "pitch_range": float(rng.normal(1.08, 0.07)),
        "tract": float(rng.normal({"woman": 1.03, "man": 1.13, "person": 1.06}[sex], 0.02)),
        "tilt_db": float(rng.normal(0.0, 0.25)) - 0.3 * aged,
        "breath": float(np.clip(rng.normal(0.06, 0.02) + 0.05 * aged, 0, 0.3)),
        "pace": float(rng.normal(0.99, 0.03)) - 0.05 * aged,
    }
    limits = {"pitch_st": (-10, 4), "pitch_range": (0.6, 1.5), "tract": (0.92, 1.22), "tilt_db": (-2, 2),
              "breath": (0, 0.4), "pace": (0.8, 1.2)}  # fmt: skip
    for key, value in voice.items():
        said = sheet.reading.value(f"voice.{key}")
        value += float(said) if isinstance(said, float | int) else 0.0
        voice[key] = float(np.clip(value, *limits[key]))
    second = "flite/rms" if sex == "man" else "flite/slt"
    sheet.put("voice", engines=[f"pico/{english}", second], **voice)


def _persona(sheet: _Sheet, sex: str) -> None:
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


def _whole(sheet: _Sheet) -> Plain:
    """The filled sheet over the defaults of a recipe; keys this installation's recipe does not have are left out."""
    default: Plain = msgspec.to_builtins(Recipe(name="", display_name=""))
    for section, values in sheet.plain.items():
        if section in ("phenotype", "shape", "targets", "rest", "latents"):
            default[section] = values
        elif section in default:
            default[section] |= {key: value for key, value in values.items() if key in default[section]}
    return default


def _last_say(sheet: _Sheet, plain: Plain, age: int) -> None:
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


def _summary(reading: Reading, sex: str) -> str:
    skip = {"person", "age", "job"}
    said = [words for words, of in reading.understood if of not in skip and not words.startswith("no ")]
    longest = [w for w in said if not any(w != other and w in other for other in said)]
    who = {"woman": "A woman", "man": "A man", "person": "A person"}[sex]
    return ", ".join([who, *longest[:8]]) + "."


def _sentence(words: list[str]) -> str:
    text = ", ".join(words)
    return text[:1].upper() + text[1:] + "."


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
