"""Takes in a head or an avatar from elsewhere: its shapes become ARKit's, its joints get their humanoid names.

file -> checked (size, no outside addresses) -> shapes found -> joints found -> turned, scaled -> body.glb + report
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.channels import ARKIT_SHAPES, JOINTS
from understudy.base.errors import BadInput
from understudy.exchange.draft import Draft
from understudy.exchange.names import SHUT, SPOKEN, joint
from understudy.exchange.shapes import Found, find_shapes, rebuild
from understudy.exchange.stand import Stand, face_points, stand_up
from understudy.hub.body import Body
from understudy.hub.glb import MAX_BYTES, Glb, read_glb

_HALF_BLEND = 0.004
"""Half the width of the strip in the middle of the face where left and right share a shape, in metres at true size."""


@dataclass(frozen=True)
class Taken:
    """What came of a file. body_glb: the body to use. exact, derived, missing: ARKit shapes by how they were found.

    joints: humanoid joint -> what it was called. remarks: what its owner should know. terms: what the file says about
    its licence, '' when nothing.
    """

    body_glb: bytes
    exact: tuple[str, ...]
    derived: Mapping[str, str]
    missing: tuple[str, ...]
    joints: Mapping[str, str]
    remarks: tuple[str, ...] = ()
    terms: str = ""
    only_author: bool = False
    author: str = ""

    def rows(self) -> list[str]:
        """Returns the report, one line a finding."""
        lines = [
            f"shapes: {len(self.exact)} of 52 by name, {len(self.derived)} made from others, "
            f"{len(self.missing)} missing"
        ]
        if self.derived:
            lines.append("made from others: " + ", ".join(f"{a} ({b})" for a, b in self.derived.items()))
        if self.missing:
            lines.append("missing: " + ", ".join(self.missing))
        lines.append("joints: " + ", ".join(f"{a} ({b})" if a != b else a for a, b in self.joints.items()))
        return lines + list(self.remarks) + ([f"licence in the file: {self.terms}"] if self.terms else [])


@dataclass
class _Work:
    glb: Glb
    draft: Draft
    found: Found
    remarks: list[str] = field(default_factory=list)


def take_in(path: Path) -> Taken:
    """Reads a GLB or VRM as a body. Raises BadInput in one sentence for what cannot be an actor."""
    path = Path(path)
    if path.suffix.lower() not in (".glb", ".vrm"):
        raise BadInput(f"{path.name} is neither .glb nor .vrm; export the avatar as one of them.")
    if not path.is_file():
        raise BadInput(f"There is no file at {path}; check the path.")
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise BadInput(
            f"{path.name} has {size >> 20} MB, and a body may have {MAX_BYTES >> 20}; make its textures smaller."
        )
    glb = read_glb(path.read_bytes(), path.name)
    try:
        return _taken(glb, path.name)
    except (KeyError, TypeError, ValueError, IndexError, OverflowError, RecursionError, AttributeError) as error:
        raise glb.damaged(f"it cannot be followed ({error})") from error


def _taken(glb: Glb, where: str) -> Taken:
    if not any(p.get("mode", 4) == 4 for mesh in glb.items("meshes") for p in mesh["primitives"]):
        raise BadInput(f"{where} has no faces to draw; export the avatar with its meshes.")
    found = find_shapes(glb)
    have = {**found.exact, **found.derived}
    if not all(shape in have for shape in SPOKEN) or not all(shape in have for shape in SHUT):
        known = ", ".join(sorted(found.named)[:8]) or "none"
        raise BadInput(
            f"{where} has no face that can speak and blink: jawOpen and eyeBlink (ARKit), visemes (Oculus) or the "
            f"vowels and blink of VRM are needed, and its shapes are {known}; export it with its blend shapes."
        )
    work = _Work(glb, Draft(glb), found)
    names = _name_joints(work)
    stand = stand_up(work.draft, glb, names, found, work.remarks)
    rebuild(work.draft, glb, found, _left_shares(glb, found, stand))
    terms, author, only = _terms(glb)
    _forget(work.draft)
    data = work.draft.save()
    body = Body.decode(data, where)
    _look(body, work.remarks)
    return Taken(
        body_glb=data,
        exact=tuple(s for s in ARKIT_SHAPES if s in found.exact),
        derived={s: found.derived[s] for s in ARKIT_SHAPES if s in found.derived},
        missing=found.missing,
        joints={j: names[j] for j in JOINTS if j in names},
        remarks=tuple(work.remarks),
        terms=terms,
        author=author,
        only_author=only,
    )


def _name_joints(work: _Work) -> dict[str, str]:
    """Gives nodes their humanoid names; returns joint -> what it was called."""
    nodes = work.draft.json.get("nodes", [])
    called: dict[str, str] = {}
    for name, number in _humanoid(work.glb).items():
        called[name] = str(nodes[number].get("name", f"node {number}"))
        nodes[number]["name"] = name
    if not called:
        skinned = {int(n) for skin in work.glb.items("skins") for n in skin["joints"]}
        order = sorted(range(len(nodes)), key=lambda n: n not in skinned)
        for number in order:
            original = str(nodes[number].get("name", ""))
            name = joint(original)
            if name and name not in called and "mesh" not in nodes[number]:
                called[name] = original
                nodes[number]["name"] = name
    taken = set(called)
    for node in nodes:
        # two nodes of one name would be two joints of one name
        if node.get("name") in taken:
            taken.discard(node["name"])
        elif node.get("name") in called:
            node["name"] = f"{node['name']}.other"
    return called


def _humanoid(glb: Glb) -> dict[str, int]:
    extensions = glb.json.get("extensions", {})
    bones: Any = extensions.get("VRMC_vrm", {}).get("humanoid", {}).get("humanBones")
    if isinstance(bones, dict):
        pairs = {name: bone.get("node") for name, bone in bones.items()}
    else:
        bones = extensions.get("VRM", {}).get("humanoid", {}).get("humanBones", [])
        pairs = {bone.get("bone"): bone.get("node") for bone in bones}
    nodes = glb.items("nodes")
    return {n: i for n, i in pairs.items() if n in JOINTS and isinstance(i, int) and 0 <= i < len(nodes)}


def _left_shares(glb: Glb, found: Found, stand: Stand) -> dict[int, npt.NDArray[np.float32]]:
    """Returns mesh -> (n,) share of the left half of the face (+x), smooth across the middle."""
    shares = {}
    for number, points in face_points(glb, stand).items():
        x = points[:, 0] - stand.middle_m
        t = np.clip(x / (2 * _HALF_BLEND) + 0.5, 0, 1)
        shares[number] = (t * t * (3 - 2 * t)).astype(np.float32)
    return shares


def _terms(glb: Glb) -> tuple[str, str, bool]:
    """Returns what a VRM says about its licence: words, author, and whether only the author may use it."""
    extensions = glb.json.get("extensions", {})
    new = extensions.get("VRMC_vrm", {}).get("meta", {})
    old = extensions.get("VRM", {}).get("meta", {})
    if new:
        author = ", ".join(map(str, new.get("authors", [])))
        title, who = new.get("name", ""), str(new.get("avatarPermission", "onlyAuthor"))
        commercial, more = new.get("commercialUsage", "personalNonProfit"), new.get("licenseUrl", "")
    elif old:
        author = str(old.get("author", ""))
        title, who = old.get("title", ""), str(old.get("allowedUserName", "OnlyAuthor"))
        # the misspelling is the specification's
        commercial, more = old.get("commercialUssageName", "Disallow"), old.get("licenseName", "")
    else:
        return str(glb.json.get("asset", {}).get("copyright", "")), "", False
    words = f"{title} by {author}; may be performed by: {who}; commercial use: {commercial}; {more}"
    return words.strip("; "), author, who.lower() == "onlyauthor"


def _forget(draft: Draft) -> None:
    """Drops what nobody here reads and what would no longer fit: VRM tables, clips, extras that name numbers."""
    for extension in ("VRM", "VRMC_vrm", "VRMC_springBone", "VRMC_node_constraint"):
        draft.json.get("extensions", {}).pop(extension, None)
        used = draft.json.get("extensionsUsed", [])
        if extension in used:
            used.remove(extension)
    if not draft.json.get("extensions"):
        draft.json.pop("extensions", None)
    if not draft.json.get("extensionsUsed"):
        draft.json.pop("extensionsUsed", None)
    draft.json.pop("animations", None)


def _look(body: Body, remarks: list[str]) -> None:
    """Adds remarks about what a film will miss."""
    words = " ".join(mesh.name.lower() + " " + mesh.material.name.lower() for mesh in body.meshes)
    if not {"leftEye", "rightEye"} <= set(body.joint_index):
        remarks.append("It has no eye joints: looks come from its eyeLook shapes, and eyes without them stay still.")
    if not any(word in words for word in ("teeth", "tooth", "mouth", "dent")):
        remarks.append("No teeth were found by name; an open mouth may look empty.")
    triangles = sum(len(mesh.triangles) for mesh in body.meshes)
    if triangles > 250_000:
        remarks.append(f"It has {triangles} triangles; below 250000 it draws faster.")
