"""Recipe -> actor: the stages of casting, in order."""

import importlib.metadata
from dataclasses import dataclass

import numpy as np

from understudy.casting import beard, hair, hairline, lids, lips, materials, skin, wardrobe, worn, wrinkles
from understudy.casting.anatomy import Anatomy, Eye, measure
from understudy.casting.atlas import open_context
from understudy.casting.body import Body, make_body
from understudy.casting.features import make_features
from understudy.casting.glb import Figure, write_glb
from understudy.casting.mesh import Floats, Ints, triangulate
from understudy.casting.recipe import Recipe
from understudy.casting.scalp import make_scalp
from understudy.casting.skeleton import joint_weights, make_skeleton, relax
from understudy.casting.surface import Surface, make_surface


@dataclass
class Cast:
    """An actor's body half made: what the stages hand on."""

    recipe: Recipe
    body: Body
    known: Anatomy
    joints: Floats
    surface: Surface
    """the skin that is shipped"""
    fine: Surface
    """the skin that is painted, one level finer"""
    contact: lips.Lips


def build_body(recipe: Recipe) -> bytes:
    """Makes body.glb. The same recipe, packages and machine give the same bytes."""
    cast = _sculpt(recipe)
    rng = np.random.default_rng(recipe.seed)
    features = make_features(recipe, cast.body, cast.joints, cast.surface, cast.known.eyes, _lower_lip(cast))
    outfit = wardrobe.dress(cast.body, cast.joints, recipe.wardrobe)
    clothes = outfit.whole
    line = hairline.make_hairline(cast.known, cast.body, cast.fine, recipe.hair)
    scalp = make_scalp(cast.body, cast.surface, cast.fine, clothes, line, rng)
    grown = hair.make_hair(scalp, recipe.hair)
    bearded = beard.wear(scalp, cast.body, cast.known, cast.surface, line, recipe)
    blockers = [*features.blockers, (clothes.positions, clothes.triangles)]
    context = open_context()
    maps = skin.paint(
        context, cast.body, cast.known, cast.fine, cast.surface, line, recipe, blockers, features.brow_roots
    )
    looks, textures = materials.make_materials(recipe, maps)
    adorned = worn.adorn(cast.body, cast.known, cast.surface, recipe.glasses, recipe.earrings)
    face = cast.surface.part()
    face.triangles = triangulate(cast.surface.faces[~features.lining])
    face.wrinkles, face.flush = maps.shares, maps.flush
    figure = Figure(
        skeleton=make_skeleton(cast.body, {name: eye.centre for name, eye in cast.known.eyes.items()}),
        parts=[face, *features.balls, *features.parts, *grown.parts, *bearded.parts, *outfit.parts, *adorned.parts],
        attached={part.name: "leftEye" if part.name.endswith("Left") else "rightEye" for part in features.balls},
        materials=[*looks, *adorned.materials],
        textures=textures,
        extras=_extras(cast, features.edges),
        grooms=[*features.grooms, *grown.grooms, *bearded.grooms],
    )
    return write_glb(figure)


def made_with() -> dict[str, str]:
    """Names and versions of what a body is made with."""
    return {name: importlib.metadata.version(name) for name in ("anny", "torch", "numpy", "scipy", "moderngl", "numba")}


def _sculpt(recipe: Recipe) -> Cast:
    """Shape, pose, skin surface, and lids and lips that close."""
    body = make_body(recipe)
    relax(body, recipe.pose)
    known = measure(body)
    joints = joint_weights(body)
    shown = wardrobe.bare_skin(body, recipe.wardrobe)
    surface = make_surface(body, known, joints, levels=1, **shown)
    radius = lids.eye_radius(surface, known.eyes)
    known.eyes.update({name: Eye(eye.centre, radius) for name, eye in known.eyes.items()})
    lids.mend(surface, known.eyes, radius, recipe.eyes)
    lids.settle(surface, recipe.eyes.upper_lid, recipe.eyes.lower_lid)
    contact = lips.mend(surface)
    surface.refresh_normals()
    fine = make_surface(body, known, joints, levels=2, **shown)
    return Cast(recipe, body, known, joints, surface, fine, contact)


def _extras(cast: Cast, incisor_edges: Ints) -> dict[str, dict[str, object]]:
    """The documented extras: lip contact on the skin, radius of the eyes."""
    contact = cast.contact
    radius = round(cast.known.eyes["leftEye"].radius, 6)
    iris = round(cast.recipe.eyes.iris_mm * 1e-3, 6)
    pairs = [{"upper": int(u), "lower": int(v)} for u, v in zip(contact.upper, contact.lower, strict=True)]
    teeth = {"lowerLip": [int(i) for i in _lower_lip(cast)], "teethUpper": [int(i) for i in incisor_edges]}
    return {
        "skin": {"lips": pairs, "lowerLipTeeth": teeth, "wrinkles": list(wrinkles.GROUPS.values())},
        "eyeLeft": {"radius": radius, "irisRadius": iris},
        "eyeRight": {"radius": radius, "irisRadius": iris},
    }


def _lower_lip(cast: Cast) -> Ints:
    """Vertices of the middle of the lower lip that may touch the upper teeth."""
    p = cast.surface.positions
    ids = np.flatnonzero(cast.contact.is_lower & (cast.surface.ring < 4.5) & (np.abs(p[:, 0]) < 0.012))
    return np.asarray(ids[p[ids, 2] > p[cast.contact.lower[0], 2] - 0.008])
