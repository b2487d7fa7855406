"""Skin, eyes, hair, brows and beard of a brief: what is said, and the rest drawn around where somebody is from."""

import numpy as np

from understudy.casting.brief.sheet import Sheet
from understudy.casting.prior import Origin, load_table, pick

Rgb = list[float]


def paint_skin(sheet: Sheet, sex: str, origin: Origin) -> None:
    """Draws the skin around its origin, and the red of the lips with it."""
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


def give_eyes(sheet: Sheet, origin: Origin) -> None:
    """Draws irises, lids and lashes."""
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


def do_hair(sheet: Sheet, sex: str, age: int, origin: Origin) -> Rgb:
    """Draws style, colour and fall of the hair; returns its colour."""
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
    # a ginger beard goes with ginger hair unless somebody says otherwise
    tint = sheet.said("beard.tint") if not sheet.said("hair.tint") else ""
    tint = tint or sheet.words_or("hair.tint", "hair colour", lambda chance: pick(chance, origin.hair))
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
    return colour


def grow_brows(sheet: Sheet, sex: str, origin: Origin, tint: Rgb) -> None:
    """Draws the brows after the hair."""
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


def grow_beard(sheet: Sheet, sex: str, tint: Rgb) -> None:
    """Draws a beard, or the shadow of one."""
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
