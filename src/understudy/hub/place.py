"""A set: its light, its air, what stands out of focus behind the actor. One description serves every renderer.

Stage space: metres, y up, the origin between the actor's eyes, the lens on the +z side looking along -z; so +x is
right in the picture (and the left hand of an actor who faces the lens). Colours are linear RGB with Rec. 709
primaries. The set does not turn with the actor.
"""

from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from pathlib import Path

from understudy.base.errors import BadInput, UnknownName
from understudy.hub.bundle import decode

Vector = tuple[float, float, float]
Rgb = tuple[float, float, float]


@dataclass(frozen=True)
class Light:
    """One lamp, far away. towards: direction from the actor to it (any length).

    colour: irradiance on a surface that faces it. softness_rad: its angular radius. casts_shadow: whether it throws
    a shadow; renderers that draw one shadow only take the first that does.
    """

    name: str
    towards: Vector
    colour: Rgb
    softness_rad: float = 0.1
    casts_shadow: bool = False


@dataclass(frozen=True)
class Glow:
    """A bright rectangle in the surroundings: a soft box, a window, a bounce. It lights and it reflects in eyes.

    half_width, half_height: tangents of its half angles. edge: tangent over which it fades. radiance: RGB.
    """

    towards: Vector
    half_width: float
    half_height: float
    radiance: Rgb
    edge: float = 0.04


@dataclass(frozen=True)
class Ambience:
    """Light from everywhere: radiance straight up, at the horizon and from below, smooth between, plus glows."""

    up: Rgb
    horizon: Rgb
    down: Rgb
    glows: tuple[Glow, ...] = ()


class Shape(StrEnum):
    """panel: a rectangle. disc: an ellipse. ridge: hills against the sky, filled downwards. trees: a row of firs.

    lamps: scattered points of light, round out of focus. clouds: soft unevenness over everything behind it.
    """

    PANEL = "panel"
    DISC = "disc"
    RIDGE = "ridge"
    TREES = "trees"
    LAMPS = "lamps"
    CLOUDS = "clouds"


@dataclass(frozen=True)
class Piece:
    """One thing behind the actor. at: its centre (for ridge and trees: the middle of its foot). size_m: width, height.

    radiance: RGB at its top (lit side for trees), radiance_low: at its bottom ('' of a colour: the same). opacity:
    0..1. uneven: 0..1 how much its brightness wanders. count and seed: for trees, lamps and what is random in it.
    edge_m: how softly its outline ends before the lens blurs it.
    """

    shape: Shape
    at: Vector
    size_m: tuple[float, float]
    radiance: Rgb
    radiance_low: Rgb | None = None
    opacity: float = 1.0
    uneven: float = 0.0
    count: int = 1
    seed: int = 0
    edge_m: float = 0.0


@dataclass(frozen=True)
class Backdrop:
    """top, middle, bottom: radiance of what is farthest away, up to down. aperture_m: opening of the lens.

    The circle of confusion of a piece follows from its distance and the aperture, as in a camera.
    """

    top: Rgb
    middle: Rgb
    bottom: Rgb
    pieces: tuple[Piece, ...] = ()
    aperture_m: float = 0.05


@dataclass(frozen=True)
class Snow:
    """Falling snow. flakes_per_m3; fall_m_s; wind_m_s: sideways; size_m: mean width of a flake."""

    flakes_per_m3: float
    fall_m_s: float = 0.9
    wind_m_s: float = 0.25
    size_m: float = 0.004
    radiance: Rgb = (1.0, 1.0, 1.0)
    seed: int = 0


@dataclass(frozen=True)
class Grade:
    """How the picture is finished. exposure: factor before tone mapping. contrast, saturation: 1 = as it is.

    tint: factor on RGB before tone mapping. vignette: 0..1 darkening of corners. grain: standard deviation, 0..1.
    """

    exposure: float = 1.0
    contrast: float = 1.0
    saturation: float = 1.0
    tint: Rgb = (1.0, 1.0, 1.0)
    vignette: float = 0.18
    grain: float = 0.006


@dataclass(frozen=True)
class Acoustics:
    """How a set sounds. decay_s: time to fall by 60 dB. wet_db: level of the room against the voice.

    tone_db: RMS of the air of the room in dBFS, so that pauses are quiet and not dead.
    """

    decay_s: float = 0.25
    wet_db: float = -17.0
    tone_db: float = -66.0


@dataclass(frozen=True)
class Place:
    """A set. breath_haze: 0..1 how much breath is seen in the cold."""

    name: str
    description: str
    lights: tuple[Light, ...]
    ambience: Ambience
    backdrop: Backdrop
    grade: Grade = Grade()
    snow: Snow | None = None
    breath_haze: float = 0.0
    acoustics: Acoustics = Acoustics()

    @staticmethod
    def open(name_or_path: str | Path) -> "Place":
        """Opens a house set by name ('studio') or any Place JSON by path. Raises BadInput or UnknownName."""
        path = Path(name_or_path)
        if path.suffix == ".json" or path.is_file():
            if not path.is_file():
                raise BadInput(f"There is no place at {path}; give the path of a Place JSON file.")
            return _checked(decode(Place, "Place", path.read_bytes(), str(path)), str(path))
        house = resources.files("understudy") / "house" / "places" / f"{name_or_path}.json"
        if not house.is_file():
            raise UnknownName("place", str(name_or_path), places())
        return _checked(decode(Place, "Place", house.read_bytes(), str(name_or_path)), str(name_or_path))


def places() -> tuple[str, ...]:
    """Returns the names of the sets that ship with Understudy."""
    folder = resources.files("understudy") / "house" / "places"
    return tuple(sorted(f.name.removesuffix(".json") for f in folder.iterdir() if f.name.endswith(".json")))


def _checked(place: Place, where: str) -> Place:
    if not place.lights:
        raise BadInput(f"{where} has no light; give the place at least one.")
    if len(place.ambience.glows) > 8 or len(place.lights) > 3 or len(place.backdrop.pieces) > 64:
        raise BadInput(f"{where} has too much in it; use at most 3 lights, 8 glows and 64 pieces.")
    if any(not any(light.towards) for light in place.lights) or any(not any(g.towards) for g in place.ambience.glows):
        raise BadInput(f"{where} has a light without a direction; give 'towards' three numbers that are not all zero.")
    if any(piece.count > 400 or piece.at[2] > -0.3 for piece in place.backdrop.pieces):
        raise BadInput(f"{where} has a piece in front of or inside the actor, or one of more than 400 parts; move it.")
    return place
