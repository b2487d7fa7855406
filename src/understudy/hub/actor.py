"""An actor: a body, a voice, a persona, an identity and a licence, in one file."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path

from msgspec import UNSET, UnsetType

from understudy.base.errors import BadInput, UnknownName
from understudy.base.folders import home
from understudy.hub.avatar import MEMBER as AVATAR
from understudy.hub.avatar import VIDEO, taught_by
from understudy.hub.bundle import Bundle, decode, encode, read_bundle, write_bundle
from understudy.hub.glb import consent_of
from understudy.hub.portrayal import FACE_CONSENT_MEMBER, FACE_MEMBER, Portrayal
from understudy.hub.rights import Licence
from understudy.hub.voice import Voice


@lru_cache(maxsize=8)
def _names(body_glb: bytes) -> str:
    return consent_of(body_glb)


@dataclass(frozen=True)
class Persona:
    """Who the actor is when nobody directs: a few words for people, habits for the stages.

    blink_rate_hz: blinks a second in conversation. gaze_on_partner: share of talking time with eyes on the partner.
    head_motion, expressiveness: factors, 1 = average. resting: emotions worn at rest, name -> weight.
    """

    description: str = ""
    pronouns: str = "she/her"
    blink_rate_hz: float = 26 / 60
    gaze_on_partner: float = 0.48
    head_motion: float = 1.0
    expressiveness: float = 1.0
    resting: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Identity:
    """What makes the face this one. kind: 'synthetic' (nobody's) or a kind of replica.

    parameters: every number that makes the person, dotted: shape, latents, skin, eyes, hair, rest and persona.
    embedding: unit vector for distances between actors (casting/identity.py says of what), empty when none was made.
    made_with: tools and versions. portrayal: whose face it is, of a kind that is made from a person's video.
    """

    kind: str = "synthetic"
    parameters: Mapping[str, float] = field(default_factory=dict)
    embedding: tuple[float, ...] = ()
    made_with: Mapping[str, str] = field(default_factory=dict)
    recipe_sha256: str = ""
    portrayal: Portrayal | UnsetType = UNSET


@dataclass(frozen=True)
class ActorRecord:
    """`actor.json` of a bundle. adult: the stated age is 18 or over."""

    name: str
    display_name: str
    age: int
    voice: Voice = Voice()
    persona: Persona = Persona()
    identity: Identity = Identity()
    summary: str = ""


@dataclass(frozen=True, eq=False)
class Actor:
    """An actor in memory. record: who it is. body_glb: the body as glTF binary. licence: on what terms it may work.

    licence_jws: the licence signed by its licensor, '' in the house cast (its digests are pinned in the package).
    files: further members of the bundle (portrait.png, recipe.toml, avatar.splats). A Grant names the digest, so a
    changed actor needs a fresh one.
    """

    record: ActorRecord
    body_glb: bytes
    licence: Licence
    licence_jws: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.record.name

    @cached_property
    def digest(self) -> str:
        """Returns the SHA-256 hex of what the actor is: record, body, avatar if any (the licence speaks about it)."""
        seal = hashlib.sha256(encode("Actor.1", self.record))
        seal.update(hashlib.sha256(self.body_glb).digest())
        if AVATAR in self.files:
            seal.update(b"avatar" + hashlib.sha256(self.files[AVATAR]).digest())
        return seal.hexdigest()

    @property
    def has_avatar(self) -> bool:
        """Tells whether a neural avatar is in the bundle; whether it fits the body is seen when it is drawn."""
        return AVATAR in self.files

    @property
    def shows_person(self) -> bool:
        """Tells whether anything in the bundle, its body and avatar too, says that the face is a person's."""
        identity = self.record.identity
        return (
            identity.kind != "synthetic"
            or identity.portrayal is not UNSET
            or FACE_CONSENT_MEMBER in self.files
            or FACE_MEMBER in self.files
            or (self.has_avatar and taught_by(self.files[AVATAR]) == VIDEO)
            or bool(_names(self.body_glb))
        )

    @staticmethod
    def open(name_or_path: str | Path) -> "Actor":
        """Opens an actor by name ('emi': of the house, or built on this machine) or any `.actor` file by path.

        The last two are kept, for unpacking a body takes a quarter of a second; a file that changed is read anew.
        Raises BadInput for a file that is none and for a house actor who is a recipe and not built here, UnknownName.
        """
        path = Path(name_or_path)
        if path.suffix == ".actor" or path.exists():
            if not path.is_file():
                raise BadInput(f"There is no actor file at {path}; give the path of an .actor file.")
            return _unpacked(path.read_bytes(), str(path))
        name = str(name_or_path)
        house = resources.files("understudy") / "house" / f"{name}.actor"
        if house.is_file():
            return _unpacked(house.read_bytes(), name)
        built = actors_folder() / f"{name}.actor"
        if name in built_actors():
            return _unpacked(built.read_bytes(), str(built))
        if name in house_recipes():
            raise BadInput(
                f"{name} is of the house cast and not built on this machine; run: "
                f"pip install 'understudy[cast]' and then: understudy cast house {name}."
            )
        raise UnknownName("actor", name, sorted({*house_actors(), *house_recipes(), *built_actors()}))

    def save(self, path: Path) -> None:
        """Writes the `.actor` bundle; the same actor gives the same bytes."""
        members = {
            "actor.json": encode("Actor.1", self.record),
            "body.glb": self.body_glb,
            "licence.json": encode("Licence.1", self.licence),
            **self.files,
        }
        if self.licence_jws:
            members["licence.jws"] = self.licence_jws.encode()
        write_bundle(path, members)


def house_actors() -> tuple[str, ...]:
    """Returns the names of the actors that ship with Understudy; all are fully synthetic."""
    folder = resources.files("understudy") / "house"
    return tuple(sorted(f.name.removesuffix(".actor") for f in folder.iterdir() if f.name.endswith(".actor")))


def house_recipes() -> tuple[str, ...]:
    """Returns the names of the whole house cast: each has a recipe in the package, some are built."""
    folder = resources.files("understudy") / "house" / "recipes"
    return tuple(sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml")))


def house_recipe(name: str) -> str:
    """Returns the recipe of a house actor as text. Raises UnknownName."""
    if name not in house_recipes():
        raise UnknownName("house actor", name, list(house_recipes()))
    return (resources.files("understudy") / "house" / "recipes" / f"{name}.toml").read_text("utf-8")


def actors_folder() -> Path:
    """Returns where actors built on this machine are kept and found by name."""
    return home() / "actors"


def built_actors() -> tuple[str, ...]:
    """Returns the names of the actors built on this machine."""
    return tuple(sorted(path.stem for path in actors_folder().glob("*.actor")))


@lru_cache(maxsize=2)
def _unpacked(data: bytes, where: str) -> Actor:
    return _from_bundle(read_bundle(data, where), where)


def _from_bundle(bundle: Bundle, where: str) -> Actor:
    for member in ("actor.json", "body.glb", "licence.json"):
        if member not in bundle:
            raise BadInput(f"{where} is not a complete actor: '{member}' is missing; make it again with cast build.")
    files = {n: b for n, b in bundle.items() if n not in ("actor.json", "body.glb", "licence.json", "licence.jws")}
    return Actor(
        record=decode(ActorRecord, "Actor", bundle["actor.json"], where),
        body_glb=bundle["body.glb"],
        licence=decode(Licence, "Licence", bundle["licence.json"], where),
        licence_jws=bundle.get("licence.jws", b"").decode(),
        files=files,
    )
