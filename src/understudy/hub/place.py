"""A set: its light, its air, what stands out of focus behind the actor. One description serves every renderer.

Stage space: metres, y up, the origin between the actor's eyes, the lens on the +z side looking along -z; so +x is
right in the picture (and the left hand of an actor who faces the lens). Colours are linear RGB with Rec. 709
primaries. The set does not turn with the actor.
"""

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib import resources
from pathlib import Path

from understudy.base.errors import BadInput, UnknownName
from understudy.hub.bundle import decode

Vector = tuple[float, float, float]
Rgb = tuple[float, float, float]

OWN_SETS = (".jpg", ".jpeg", ".png", ".webp", ".hdr", ".exr", ".mp4", ".mov", ".m4v", ".mkv", ".webm", ".glb")
"""Endings of files a set can be made from."""


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
    floor: level ground (or a ceiling) that runs from its far edge towards the lens. wall: the same, upright, at one
    side. foliage: a mass of leaves with glints between them. skyline: a row of buildings. beam: a cone of light in the
    air, its tip at the top. drops: water on glass, each drop showing what is behind it upside down.
    """

    PANEL = "panel"
    DISC = "disc"
    RIDGE = "ridge"
    TREES = "trees"
    LAMPS = "lamps"
    CLOUDS = "clouds"
    FLOOR = "floor"
    WALL = "wall"
    FOLIAGE = "foliage"
    SKYLINE = "skyline"
    BEAM = "beam"
    DROPS = "drops"


class Pattern(StrEnum):
    """What a surface shows: bricks, tiles, planks (upright), boards (level), books on shelves, windows lit or dark,
    panes of glass between bars, blinds, folds of cloth, ripples of sand or water, leaves.
    """

    NONE = "none"
    BRICKS = "bricks"
    TILES = "tiles"
    PLANKS = "planks"
    BOARDS = "boards"
    BOOKS = "books"
    WINDOWS = "windows"
    PANES = "panes"
    BLINDS = "blinds"
    FOLDS = "folds"
    RIPPLES = "ripples"
    LEAVES = "leaves"


@dataclass(frozen=True)
class Piece:
    """One thing behind the actor. at: its centre (for ridge, trees, skyline: the middle of its foot; for floor and
    wall: the middle of its far edge). size_m: width, height (floor: width, depth; wall: depth, height).

    radiance: RGB at its top (lit side for trees, far edge for floor and wall), radiance_low: at its bottom ('' of a
    colour: the same). opacity: 0..1. uneven: 0..1 how much its brightness wanders. count and seed: for trees, lamps
    and what is random in it. edge_m: how softly its outline ends before the lens blurs it. pattern: what is on it,
    pattern_m: width and height of one of its units, pattern_depth: 0..1 how strongly it shows. accent: RGB of its lit
    windows, its joints, its glints; accent_share: of its units that carry it. adds: whether it adds light instead of
    covering. wet: 0..1 how much a floor mirrors what stands behind it. lean: shear, metres sideways a metre up.
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
    pattern: Pattern = Pattern.NONE
    pattern_m: tuple[float, float] = (0.2, 0.2)
    pattern_depth: float = 0.5
    accent: Rgb | None = None
    accent_share: float = 0.2
    adds: bool = False
    wet: float = 0.0
    lean: float = 0.0


@dataclass(frozen=True)
class Haze:
    """Air that is seen. per_m: share of the light it takes a metre; it gives `radiance` in its place."""

    radiance: Rgb
    per_m: float


class Source(StrEnum):
    """What a set is taken from: a still picture, a film, a panorama of all directions, a glTF model."""

    PICTURE = "picture"
    FILM = "film"
    PANORAMA = "panorama"
    MODEL = "model"


@dataclass(frozen=True)
class Plate:
    """A set of the user's own. file: its path (in a Place JSON: relative to that file). digest: SHA-256 of its bytes.

    distance_m: from the actor to what a picture shows, so how far out of focus it is. turn_rad: yaw of a panorama or
    model. exposure: factor from the file's light to radiance. loop_s: how much of a film is shown before it begins
    again. sunless_above: a panorama's radiance is cut here, because lamps brighter than that are lights of the place.
    """

    file: str
    source: Source
    digest: str = ""
    distance_m: float = 4.0
    turn_rad: float = 0.0
    exposure: float = 1.0
    loop_s: float = 8.0
    sunless_above: float = 64.0


@dataclass(frozen=True)
class Backdrop:
    """top, middle, bottom: radiance of what is farthest away, up to down. aperture_m: opening of the lens.

    The circle of confusion of a piece follows from its distance and the aperture, as in a camera. haze: the air
    between. bloom: share of the light that the lens spreads around bright things. plate: a picture of the user's own
    behind all pieces.
    """

    top: Rgb
    middle: Rgb
    bottom: Rgb
    pieces: tuple[Piece, ...] = ()
    aperture_m: float = 0.05
    haze: Haze | None = None
    bloom: float = 0.03
    plate: Plate | None = None


@dataclass(frozen=True)
class Wall:
    """A surface near behind the actor that takes the shadow of the first light. shade: 0..1 how dark it gets."""

    distance_m: float
    shade: float = 0.5


@dataclass(frozen=True)
class Rain:
    """Falling rain. drops_per_m3; fall_m_s; wind_m_s: sideways; radiance: of a drop lit from behind. before: whether it
    falls before the actor too. window_m: left, right and depth (z) of the opening it is seen through, when it is.
    """

    drops_per_m3: float
    fall_m_s: float = 6.0
    wind_m_s: float = 0.4
    size_m: float = 0.0022
    radiance: Rgb = (0.8, 0.85, 0.9)
    before: bool = False
    seed: int = 0
    window_m: tuple[float, float, float] | None = None


@dataclass(frozen=True)
class Dust:
    """Motes that float in the light. motes_per_m3; drift_m_s: how fast the air moves, sideways."""

    motes_per_m3: float
    drift_m_s: float = 0.05
    size_m: float = 0.0016
    radiance: Rgb = (0.9, 0.8, 0.65)
    seed: int = 0


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
    """A set. breath_haze: 0..1 how much breath is seen in the cold. veil: share of the picture's mean light that the
    lens and the air lay over everything, the actor too. wrap: 0..1 how far a bright background spills over the actor's
    outline. transparent: whether the actor stands on nothing, for compositing.
    """

    name: str
    description: str
    lights: tuple[Light, ...]
    ambience: Ambience
    backdrop: Backdrop
    grade: Grade = Grade()
    snow: Snow | None = None
    breath_haze: float = 0.0
    acoustics: Acoustics = Acoustics()
    rain: Rain | None = None
    dust: Dust | None = None
    wall: Wall | None = None
    veil: float = 0.0
    wrap: float = 0.5
    transparent: bool = False

    @staticmethod
    def open(name_or_path: str | Path) -> "Place":
        """Opens a house set by name ('studio'), a Place JSON, or a set made from the user's own picture, film, panorama
        or glTF model by path (its reader is entered as `understudy.read` -> place). Raises BadInput or UnknownName.
        """
        path = Path(name_or_path)
        if path.suffix == ".json":
            if not path.is_file():
                raise BadInput(f"There is no place at {path}; give the path of a Place JSON file.")
            place = _checked(decode(Place, "Place", path.read_bytes(), str(path)), str(path))
            return _with_plate(place, path.parent)
        if path.is_file() or path.suffix.lower() in OWN_SETS:
            return own_place(path)
        house = resources.files("understudy") / "house" / "places" / f"{name_or_path}.json"
        if not house.is_file():
            raise UnknownName("place", str(name_or_path), places())
        return _checked(decode(Place, "Place", house.read_bytes(), str(name_or_path)), str(name_or_path))


def own_place(path: Path) -> Place:
    """Returns the set made from a picture, film, panorama or model: its light is estimated from it. Raises BadInput."""
    from understudy.base import plugins

    if not path.is_file():
        raise BadInput(f"There is no file at {path}; give the path of a picture, film, panorama or GLB.")
    place: Place = plugins.load("read", "place")(path)
    return _checked(place, str(path))


def _with_plate(place: Place, folder: Path) -> Place:
    """Returns the place with the path of its own file made whole and its digest filled in."""
    plate = place.backdrop.plate
    if plate is None:
        return place
    file = folder / plate.file
    if not file.is_file():
        raise BadInput(f"The place '{place.name}' is made from {file}, which is not there; put it beside the JSON.")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return replace(place, backdrop=replace(place.backdrop, plate=replace(plate, file=str(file), digest=digest)))


def places() -> tuple[str, ...]:
    """Returns the names of the sets that ship with Understudy."""
    folder = resources.files("understudy") / "house" / "places"
    return tuple(sorted(f.name.removesuffix(".json") for f in folder.iterdir() if f.name.endswith(".json")))


def _checked(place: Place, where: str) -> Place:
    if not place.lights:
        raise BadInput(f"{where} has no light; give the place at least one.")
    if len(place.ambience.glows) > 8 or len(place.lights) > 3 or len(place.backdrop.pieces) > 96:
        raise BadInput(f"{where} has too much in it; use at most 3 lights, 8 glows and 96 pieces.")
    if any(not any(light.towards) for light in place.lights) or any(not any(g.towards) for g in place.ambience.glows):
        raise BadInput(f"{where} has a light without a direction; give 'towards' three numbers that are not all zero.")
    if any(piece.count > 400 or piece.at[2] > -0.3 for piece in place.backdrop.pieces):
        raise BadInput(f"{where} has a piece in front of or inside the actor, or one of more than 400 parts; move it.")
    return place
