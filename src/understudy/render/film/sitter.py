"""The actor before the film camera: a body as parts the tracer knows, and what of them moved since the last picture."""

from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.hub.body import Body, Material, Matrices, Mesh
from understudy.hub.groom import Groom
from understudy.hub.performance import Pose
from understudy.render import strands
from understudy.render.film.blender.wire import Message
from understudy.render.film.lens import BLENDER_FROM_STAGE
from understudy.render.film.parts import Hair, Moment, Part, Ribbons, Surface
from understudy.render.film.roots import rooted
from understudy.render.film.tears import Tears, bulging
from understudy.render.furrows import furrows
from understudy.render.posing import joint_turns
from understudy.render.sway import Swing, follow

Floats = npt.NDArray[np.float32]

_KINDS = {
    "skin": "skin",
    "eye": "ball",
    "cornea": "cornea",
    "tear": "wet",
    "teeth": "mouth",
    "tongue": "mouth",
    "gum": "mouth",
    "caruncle": "mouth",
    "lash": "lashes",
    "brow": "brows",
    "hairbeard": "beard",
    "hairfinebeard": "beard",
    "hairfine": "fine",
    "beard": "beard",
    "fuzz": "fuzz",
    "hair": "hair",
    "cloth": "cloth",
}
"""Start of a material's name -> what it is; strand kinds have the names of their grooms."""
_STRANDS = ("hair", "fine", "beard", "brows", "lashes", "fuzz")
_ON_THE_HEAD = ("hair", "fine")
_SUBDIVIDE_ABOVE = 1900.0
"""Pixels a metre above which the triangles of the skin would show as such."""
_FURROWS_ABOVE = 3000.0
"""Pixels a metre above which furrows finer than the texture are seen."""
_CORNEA_M = 0.0078
"""Radius of curvature of a cornea (Mandell 1960: 7.8 mm); that of a body made for real time is flatter, and lamps in
it would hide under the lid."""
_FAIR = 0.10
"""Mean colour of a groom from which its shine is that of a clean hair (index 1.55); darker ones are matter."""
_FLESH = (1.55, 1.75, 1.7)
"""What the vertex colours of a caruncle are multiplied by: a path tracer darkens its corner once more."""
_PALE = 0.22
"""Mean colour of skin from which a caruncle is as bright as that; in a darker face it would shine."""
_OVERLOOKED_PX = 0.2
"""Hair that would move less than this stays where it was, which saves building it anew."""
_MOST_CHILDREN = 60_000
_THICKER = {"brows": 1.1, "beard": 1.5}
"""How much thicker than they are hairs may be drawn where each is seen by itself, black on skin."""


class Sitter:
    """A body that can be described once and then moved. rig: how much of it is drawn, by what the picture shows."""

    def __init__(self, body: Body, px_per_m: float, *, scatter: str, least_px: float) -> None:
        self._body = body
        self._head = body.joint_index.get("head", 0)
        self._scatter = scatter
        self._px_per_m, self._least_px = px_per_m, least_px
        self._images: dict[str, Any] = {}
        self._parts: list[Part] = []
        self._last: Moment | None = None
        self._swing: Swing | None = None
        self._where: dict[str, Floats] = {}
        self._slid: dict[str, bool] = {}
        self._build()

    def moment(self, pose: Pose, stage_from_model: Matrices) -> Moment:
        """Returns the instant of a pose."""
        joints = BLENDER_FROM_STAGE @ stage_from_model @ self._body.matrices(joint_turns(pose))
        flush, tears = (float(v) for v in pose.complexion) if len(pose.complexion) else (0.0, 0.0)
        self._swing = follow(self._swing, pose.time_s, pose.head)
        lag = tuple(float(v) for v in self._swing.lag)
        return Moment(np.asarray(pose.face, np.float32), joints, joints[self._head], flush, tears, lag)

    def describe(self, moment: Moment) -> Message:
        """Returns images, meshes and strands for the worker."""
        self._where = {}
        made = [(part, part.describe(moment)) for part in self._parts]
        self._last = None
        return {
            "images": self._images,
            "meshes": [m for part, m in made if "corners" in m],
            "strands": [m for part, m in made if "radius" in m],
        }

    def move(self, moment: Moment) -> Message:
        """Returns what changed since the last call: moved points, attributes, places of what is rigid."""
        last = self._last or moment
        turn = last.head @ np.linalg.inv(moment.head)
        moved: dict[str, Floats] = {}
        placed: dict[str, Matrices] = {}
        changed: dict[str, dict[str, Floats]] = {}
        for part in self._parts:
            if part.rigid:
                if self._last is None or not np.allclose(last.head, moment.head, atol=1e-7):
                    placed[part.name] = moment.head
                if isinstance(part, Hair) and part.hangs:
                    self._sway(part, moment, last, moved, changed)
                continue
            points = part.points(moment)
            before = self._where.get(part.name)
            was = points if before is None else before
            flat = points.reshape(-1, 3)
            carried = flat @ turn[:3, :3].T.astype(np.float32) + turn[:3, 3].astype(np.float32)
            slip = was.reshape(-1, 3) - carried
            if before is None or np.abs(was - points).max(initial=0.0) > 1e-7:
                moved[part.name] = points
            attributes = part.attributes(moment) | {"slip": slip}
            changed[part.name] = attributes
            self._where[part.name] = points
        self._last = moment
        return {"moved": moved, "placed": placed, "attributes": changed}

    def _sway(
        self, part: Hair, moment: Moment, last: Moment, moved: dict[str, Floats], changed: dict[str, dict[str, Floats]]
    ) -> None:
        """Moves hair that hangs from the head, where its new place differs by more than can be overlooked."""
        points, was = part.points(moment), self._where.get(part.name)
        was = part.points(last) if was is None else was
        slip = (was - points).reshape(-1, 3)
        still = np.abs(slip).max(initial=0.0) < _OVERLOOKED_PX / self._px_per_m
        if still and part.name in self._where:
            if self._slid.get(part.name):
                changed[part.name] = {"slip": np.zeros_like(slip)}
            self._slid[part.name] = False
            return
        moved[part.name] = points
        changed[part.name] = {"slip": np.asarray(slip @ last.head[:3, :3].T.astype(np.float32), np.float32)}
        self._where[part.name], self._slid[part.name] = points, True

    def points(self, moment: Moment) -> Floats:
        """Returns (n, 3): every point of the body at an instant, to know how far the actor reaches."""
        found = []
        for part in self._parts:
            points = part.points(moment).reshape(-1, 3)
            if part.rigid:
                points = points @ moment.head[:3, :3].T.astype(np.float32) + moment.head[:3, 3].astype(np.float32)
            found.append(points)
        return np.concatenate(found)

    # building

    def _build(self) -> None:
        body = self._body
        grooms = {groom.name: groom for groom in body.grooms}
        skin: Surface | None = None
        for mesh in body.meshes:
            kind = kind_of(mesh.material)
            if kind in _STRANDS:
                if kind not in grooms:
                    self._loose_hair(mesh, kind)
                continue
            levels = 1 if kind in ("skin", "mouth", "tear") and self._px_per_m > _SUBDIVIDE_ABOVE else 0
            part = Surface(mesh, self._material(mesh, kind), len(body.joints), self._head, levels)
            if kind in ("ball", "cornea"):
                self._eye(part, mesh)
            if kind == "wet":
                part.flowing(Tears(mesh))
                part.facing(bulging(mesh), self._head)
            self._parts.append(part)
            if kind == "skin" and (skin is None or len(mesh.positions) > len(skin.posing.rest)):
                skin = part
                self._zones(part, mesh)
                part.still("rooted", rooted(mesh, list(body.grooms)))
        for groom in body.grooms:
            self._groom(groom, skin)

    def _pivot(self) -> Floats | None:
        body = self._body
        return np.asarray(body.origin("head"), np.float32) if "head" in body.joint_index else None

    def _groom(self, groom: Groom, skin: Surface | None) -> None:
        share, thicker = strands.thinned_for(self._px_per_m, groom.width_m, least_px=self._least_px)
        most = _THICKER.get(groom.name, 3.0 if groom.children else 1.6)
        if thicker > most:
            share, thicker = 1 / most if groom.children else 1.0, most
        elif not groom.children:
            share = 1.0
        groom = strands.with_children(groom, _MOST_CHILDREN)
        grown = strands.grow(groom, share=share, thicker=thicker)
        on_head = groom.name in _ON_THE_HEAD or skin is None
        self._parts.append(
            Hair(groom, grown, self._hair_material(groom.name, groom.colour), None if on_head else skin, self._pivot())
        )

    def _loose_hair(self, mesh: Mesh, kind: str) -> None:
        """Takes hair that came as cards or ribbons for real time."""
        if kind == "hair" and mesh.material.albedo is not None:
            try:
                groom = strands.guides_of_cards(mesh)
            except ValueError:
                part = Surface(mesh, self._material(mesh, "card"), len(self._body.joints), self._head, 0)
                self._parts.append(part)
                return
            self._groom(groom, None)
            return
        lines = strands.middle_lines(mesh)
        if lines is None:
            self._parts.append(Surface(mesh, self._material(mesh, "plain"), len(self._body.joints), self._head, 0))
            return
        left, right = lines
        middle = (mesh.positions[left] + mesh.positions[right]) / 2
        width = float(np.median(np.linalg.norm(mesh.positions[left[:, 0]] - mesh.positions[right[:, 0]], axis=1)))
        count = len(middle)
        assert mesh.seed is not None
        groom = Groom(
            name=kind,
            points=middle.astype(np.float32),
            corners=np.zeros((count, 3), np.int32),
            bary=np.zeros((count, 3), np.float32),
            lock=np.zeros(count, np.int32),
            tone=mesh.seed[left[:, 0]].astype(np.float32),
            width_m=width * _RIBBON_SHARE.get(kind, 0.5),
            taper=0.2,
            colour=mesh.material.base_colour[:3],
        )
        self._parts.append(Ribbons(mesh, groom, lines, self._hair_material(kind, groom.colour), len(self._body.joints)))

    def _eye(self, part: Surface, mesh: Mesh) -> None:
        """Tells every point of an eye how far it is from the axis of sight, and where it is in the eye."""
        centre = self._body.origin(mesh.anchor) if mesh.anchor in self._body.joint_index else mesh.positions.mean(0)
        local = mesh.positions - np.asarray(centre, np.float32)
        part.still("rho", np.hypot(local[:, 0], local[:, 1]) + np.where(local[:, 2] > 0, 0.0, 0.05))
        part.still("local", local)
        if kind_of(mesh.material) == "cornea" and mesh.anchor in self._body.joint_index:
            bent = local * np.array([1, 1, 0], np.float32)
            bent[:, 2] = np.sqrt(np.maximum(_CORNEA_M**2 - (bent**2).sum(1), (0.3 * _CORNEA_M) ** 2))
            bent /= np.linalg.norm(bent, axis=1, keepdims=True)
            part.facing(bent, self._body.joint_index[mesh.anchor])

    def _zones(self, part: Surface, mesh: Mesh) -> None:
        """Marks where blood rises and where tears run, by the places of the eyes."""
        names = ("leftEye", "rightEye")
        if not all(name in self._body.joint_index for name in names):
            return
        eyes = np.stack([self._body.origin(name) for name in names])
        middle, apart = eyes.mean(0), float(np.linalg.norm(eyes[0] - eyes[1]))
        p = (mesh.positions - middle) / apart
        x, y, z = np.abs(p[:, 0]), p[:, 1], p[:, 2]

        def spot(cx: float, cy: float, rx: float, ry: float) -> Any:
            return np.exp(-(((x - cx) / rx) ** 2) - ((y - cy) / ry) ** 2)

        front = np.clip(z * 4 + 1.2, 0, 1)
        blush = 0.9 * spot(0.62, -0.52, 0.36, 0.3) + 0.6 * spot(0, -0.55, 0.2, 0.25) + 0.3 * spot(0, 0.55, 0.7, 0.4)
        ears = np.clip((x - 1.05) / 0.15, 0, 1) * (np.abs(y + 0.3) < 0.9)
        guessed = np.clip(0.22 + blush * front + 0.8 * ears, 0, 1) * np.clip((y + 2.6) / 1.2, 0.15, 1)
        part.still("blush", guessed if mesh.flush is None else mesh.flush.reshape(-1))
        run = np.exp(-(((x - 0.40 - 0.10 * np.clip(-y, 0, 1)) / 0.055) ** 2)) * ((y < -0.12) & (y > -1.25)) * front
        rim = spot(0.5, -0.15, 0.22, 0.05) * front
        part.still("weep", np.clip(0.8 * run + rim, 0, 1))

    # materials

    def _material(self, mesh: Mesh, kind: str) -> Message:
        material = mesh.material
        wanted: Message = {
            "name": f"{material.name}-{mesh.name}",
            "kind": kind,
            "base": [float(c) for c in material.base_colour[:3]],
            "opacity": float(material.base_colour[3]),
            "alpha": material.alpha_mode,
            "roughness": float(np.clip(material.roughness, 0.03, 1.0)),
            "metallic": float(material.metallic) if kind == "plain" else 0.0,
            "bump": float(material.normal_scale),
            "painted": mesh.colour is not None,
            "scatter": self._scatter,
        }
        if mesh.uv is not None:
            for slot in ("albedo", "normal", "orm", "masks", "wrinkle"):
                index = getattr(material, slot)
                if index is not None:
                    wanted[slot] = self._image(index, colour=slot == "albedo", alpha=kind == "card")
        if kind == "skin" and self._px_per_m > _FURROWS_ABOVE and "normal" in wanted:
            wanted["furrows"] = "furrows"
            self._images.setdefault("furrows", {"pixels": furrows(), "colour": False})
        if kind == "skin":
            wanted |= {"depth_m": 0.0008, "deeper_m": 0.0020, "rooted": self._roots_colour()}
        if material.name.lower().startswith("caruncle"):
            wanted["base"] = [c * more * self._pale() for c, more in zip(wanted["base"], _FLESH, strict=True)]
        if kind == "cloth":
            weave = material.extras.get("cloth", {})
            wanted["gloss"] = float(np.clip(weave.get("gloss", 0.1), 0, 1))
            fuzz = 0.5 * float(weave.get("fuzz", 0.3)) + 0.4 * float(weave.get("sheen", 0.2))
            wanted["sheen"] = float(np.clip(0.6 * fuzz, 0, 0.4))
        if kind in ("ball", "cornea"):
            wanted["iris_m"] = self._iris_m(mesh)
        return wanted

    def _pale(self) -> float:
        """Returns 0.5..1: how bright flesh may be beside this skin."""
        skins = [m.material for m in self._body.meshes if kind_of(m.material) == "skin"]
        if not skins or skins[0].albedo is None:
            return 1.0
        coded = self._body.pictures[skins[0].albedo].pixels(64, 3) / 255.0
        return float(np.sqrt(np.clip((coded**2.2).mean() / _PALE, 0.25, 1.0)))

    def _roots_colour(self) -> list[float]:
        """Returns the colour of skin full of the roots of hair."""
        colour = np.array([g.colour for g in self._body.grooms if g.name == "hair"] or [(0.02, 0.015, 0.012)])[0]
        grey = max((g.grey for g in self._body.grooms if g.name == "hair"), default=0.0)
        return [float(c) for c in colour * (1 - grey) + 0.12 * grey]

    def _iris_m(self, mesh: Mesh) -> float:
        told = [
            m.extras["irisRadius"] for m in self._body.meshes if "irisRadius" in m.extras and m.anchor == mesh.anchor
        ]
        return float(told[0]) if told else 0.0059

    def _hair_material(self, name: str, colour: tuple[float, ...]) -> Message:
        looks = {
            "lashes": (0.55, 0.6, 1.12),
            "brows": (0.40, 0.55, 1.30),
            "beard": (0.38, 0.5, 1.45),
        }
        rough, radial, ior = looks.get(name, (0.26, 0.42, 1.55))
        # what a black hair mirrors without colour is all one sees of it: a mass of them would be grey
        dark = 1 - float(np.clip(np.mean(colour) / _FAIR, 0, 1))
        return {
            "name": f"strand-{name}",
            "kind": "hair",
            "roughness": rough,
            "radial_roughness": radial,
            "coat": 0.0,
            "ior": 1 + (ior - 1) * (1 - 0.6 * dark),
        }

    def _image(self, index: int, *, colour: bool, alpha: bool) -> str:
        name = f"{index}{'c' if colour else 'd'}{'a' if alpha else ''}"
        if name not in self._images:
            most = 4096 if self._px_per_m > 5000 else 2048
            pixels = self._body.pictures[index].pixels(most, 4 if alpha else 3)
            self._images[name] = {"pixels": pixels, "colour": colour}
        return name


_RIBBON_SHARE = {"lashes": 0.6, "brows": 0.42, "fine": 0.5}
"""Width of a hair as a share of the ribbon that stands for it in real time."""


def kind_of(material: Material) -> str:
    """Returns what a mesh is, from the name of its material: a kind of surface, the name of a groom, or 'plain'."""
    name = material.name.lower()
    for start, kind in _KINDS.items():
        if name.startswith(start):
            return kind
    return "plain"
