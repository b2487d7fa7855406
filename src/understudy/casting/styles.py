"""Hairstyles as numbers: which way hair is combed, how long and full it is, and how it gathers into locks."""

from dataclasses import dataclass, replace

from understudy.casting.recipe import Hair


@dataclass(frozen=True)
class Style:
    """One hairstyle. A recipe's own length, volume, curl and so on go before these."""

    comb: str
    """`fall`: parted and hanging; `tie`: gathered behind; `crop`: short; `stand`: away from the head on all sides"""
    length_m: float
    """fall: of hair from the crown; crop: on the top; tie: of the whole hair; stand: everywhere"""
    guides: int = 1700
    points: int = 20
    side_m: float = 0.0
    """crop: length over the ears and at the nape, before it fades"""
    fade_m: float = 0.0
    """crop: so far inside the border the length is still tapered"""
    volume_m: float = 0.012
    """how far the outermost hair stands off the skull"""
    part: float = 1.0
    """how strongly hair parts: 0 from the whorl alone .. 1 from a parting"""
    layered: float = 0.25
    """0 cut to one line .. 1 every strand of one length"""
    locks: int = 150
    gather: float = 0.55
    """how far the strands of a lock meet at its tip"""
    curl: float = 0.0
    fringe: float = 0.0
    forward: float = 0.5
    """fall: share of the hair beside the ears that lies before the shoulder; crop: -1 combed back .. 1 forward"""
    across: float = 0.0
    """crop: towards the side away from the parting"""
    lift: float = 0.3
    """crop: how steeply hair rises from the scalp, more at the forehead"""
    cards: tuple[int, int, int] = (150, 560, 620)
    """ribbons of the under-coat, of locks, and of fine locks on top"""
    card_m: tuple[float, float, float] = (0.018, 0.0092, 0.0050)
    """their widths"""
    segments: int = 9
    fine: int = 900
    knot: bool = False
    """tie: wound into a bun instead of hanging as a tail"""
    stray: float = 1.0
    """fly-aways"""


_LONG = Style("fall", 0.36)
STYLES: dict[str, Style] = {
    "long": _LONG,
    "bob": replace(_LONG, length_m=0.215, layered=0.06, volume_m=0.014, gather=0.38, locks=120, segments=8),
    "curls": replace(
        _LONG, length_m=0.30, points=32, volume_m=0.026, layered=0.45, gather=0.75, locks=170, curl=0.65, guides=1300,
        segments=18, cards=(150, 340, 200), card_m=(0.022, 0.0128, 0.0078), forward=0.6, part=0.9, fine=800, stray=1.6,
    ),
    "ponytail": Style(
        "tie", 0.34, points=26, volume_m=0.007, locks=110, gather=0.35, segments=11, part=0.0, fine=900,
        cards=(320, 400, 330), card_m=(0.016, 0.0096, 0.0056),
    ),
    "bun": Style(
        "tie", 0.34, points=28, volume_m=0.006, locks=110, gather=0.30, segments=17, part=0.0, fine=900, knot=True,
        cards=(220, 270, 210), card_m=(0.016, 0.0096, 0.0056), stray=0.6,
    ),
    "pixie": Style(
        "crop", 0.075, guides=1900, points=12, side_m=0.042, fade_m=0.030, volume_m=0.013, layered=0.5, locks=210,
        gather=0.55, forward=0.55, across=0.75, lift=0.38, cards=(1900, 700, 640), card_m=(0.0105, 0.0070, 0.0042),
        segments=5, fine=2200,
    ),
    "side": Style(
        "crop", 0.070, guides=2000, points=12, side_m=0.018, fade_m=0.032, volume_m=0.013, locks=200, gather=0.45,
        forward=-0.45, across=1.0, lift=0.45, cards=(2000, 740, 680), card_m=(0.0118, 0.0064, 0.0038),
        segments=5, fine=2200,
    ),
    "quiff": Style(
        "crop", 0.078, guides=2000, points=12, side_m=0.012, fade_m=0.034, volume_m=0.016, locks=190, gather=0.5,
        forward=-1.0, across=0.15, lift=0.85, part=0.0, cards=(2000, 740, 680), card_m=(0.0118, 0.0064, 0.0038),
        segments=5, fine=2200,
    ),
    "short": Style(
        "crop", 0.032, guides=2400, points=8, side_m=0.012, fade_m=0.030, volume_m=0.009, locks=420, gather=0.55,
        forward=0.7, across=0.35, lift=0.5, cards=(2400, 1200, 1200), card_m=(0.0108, 0.0046, 0.0030), segments=4,
        fine=2200, part=0.0,
    ),
    "buzz": Style(
        "crop", 0.006, guides=3000, points=4, side_m=0.005, fade_m=0.020, volume_m=0.004, locks=3000, gather=0.0,
        forward=0.5, lift=0.7, cards=(0, 0, 0), segments=2, fine=9000, part=0.0, stray=0.0,
    ),
    "afro": Style(
        "stand", 0.065, guides=1800, points=14, volume_m=0.065, locks=900, gather=0.25, curl=1.0,
        cards=(560, 1500, 900), card_m=(0.022, 0.012, 0.009), segments=4, fine=1600, part=0.0, stray=1.0,
    ),
    "bald": Style("crop", 0.0, guides=0, cards=(0, 0, 0), fine=0),
}  # fmt: skip
ALIASES = {"back": "bun", "crop": "short"}
NAMES = (*STYLES, *ALIASES)


def style_of(look: Hair) -> Style:
    """The style of a recipe, with what the recipe says of it put in."""
    style = STYLES[ALIASES.get(look.style, look.style)]
    if look.length_m > 0 and style.length_m > 0:
        least, most = {"fall": (0.14, 0.55), "tie": (0.20, 0.55), "crop": (0.0, 0.14), "stand": (0.012, 0.12)}[
            style.comb
        ]
        length = min(max(look.length_m, least), most)
        style = replace(style, length_m=length, side_m=min(style.side_m, length))
        if style.comb == "stand":
            style = replace(style, volume_m=length)
    if look.volume_mm > 0 and style.comb != "stand":
        style = replace(style, volume_m=look.volume_mm * 1e-3)
    return replace(style, curl=max(style.curl, look.curl), fringe=max(style.fringe, look.fringe))
