"""What the actor is made of, as Cycles materials.

Skin scatters by random walk (Chiang, Kutz & Burley, "Practical and Controllable Subsurface Scattering for Production
Path Tracing", SIGGRAPH 2016) under two lobes of shine; hair is the near-field model of Chiang, Bitterli, Tappan &
Burley, "A Practical and Controllable Hair and Fur Model for Production Path Tracing" (2016).
"""

from collections.abc import Callable
from typing import Any

import bpy
import numpy as np

from .nodes import Nodes
from .wire import Message

_GATHERED = 1.5
"""How much brighter an iris is under its cornea than it would be bare."""
_GLINT, _GLINT_RAD = 1.4, (0.09, 0.2)
"""Strength of the images of lamps in an eye, and how large they are: half the angle across."""
_MIRRORS = ("cornea", "wet")
"""Kinds that know where the lamps are."""
_LOST = 1.05
"""What skin is painted paler by, for light that has turned too often inside it to be followed."""


class Palette:
    """Makes each material once. Some of their numbers change from frame to frame: `set`."""

    def __init__(self, images: Message, suns: list[Message]) -> None:
        self._suns = suns
        self._images = {name: _image(name, **wanted) for name, wanted in images.items()}
        self._made: dict[str, Any] = {}
        self._wanted: dict[str, Message] = {}
        self._dials: dict[str, dict[str, Any]] = {}

    def material(self, wanted: Message) -> Any:
        """Returns the material of a description: 'name', 'kind' and what that kind reads."""
        name = wanted["name"]
        if name not in self._made:
            made = bpy.data.materials.new(name)
            made.cycles.emission_sampling = "NONE"
            self._made[name], self._wanted[name] = made, wanted
            self._paint(name)
        return self._made[name]

    def relight(self, suns: list[Message]) -> None:
        """Paints anew what shows the images of lamps, now those of `suns`."""
        self._suns = suns
        for name, wanted in self._wanted.items():
            if wanted["kind"] in _MIRRORS:
                self._paint(name)

    def _paint(self, name: str) -> None:
        wanted = self._wanted[name]
        paint: Callable[..., None] = getattr(self, f"_{wanted['kind']}")
        self._dials[name] = {}
        paint(Nodes(self._made[name]), wanted)

    def set(self, name: str, values: Message) -> None:
        """Turns dials of a material: dial name -> number."""
        for dial, value in values.items():
            self._dials[name][dial].outputs[0].default_value = float(value)

    def _dial(self, nodes: Nodes, wanted: Message, dial: str) -> Any:
        node = nodes.add("Value")
        node.outputs[0].default_value = 0.0
        self._dials[wanted["name"]][dial] = node
        return node.outputs[0]

    def _picture(self, nodes: Nodes, wanted: Message, slot: str) -> Any:
        name = wanted.get(slot)
        return None if name is None else nodes.picture(self._images[name]).outputs[0]

    def _skin(self, nodes: Nodes, wanted: Message) -> None:
        colour = self._picture(nodes, wanted, "albedo") or wanted["base"]
        orm = self._picture(nodes, wanted, "orm")
        masks = self._picture(nodes, wanted, "masks")
        parts = nodes.separate(orm).outputs if orm else None
        occlusion = parts[0] if parts else 1.0
        rough = nodes.math("MULTIPLY", parts[1], wanted["roughness"]) if parts else wanted["roughness"]
        zones = nodes.separate(masks).outputs if masks else None
        through, wet = (zones[1], zones[2]) if zones else (0.0, 0.0)
        wet = nodes.math("ADD", wet, nodes.math("MULTIPLY", nodes.attribute("wet").outputs["Fac"], 1.0), clamp=True)
        # blood takes green, then blue, and shows less under melanin (as in the raster look)
        blood = nodes.attribute("flush").outputs["Fac"]
        seen = nodes.math("MULTIPLY", nodes.separate(colour).outputs[1], 2.4) if orm else 1.0
        much = nodes.math("MULTIPLY", blood, nodes.math("MINIMUM", nodes.math("MAXIMUM", seen, 0.3), 1.0))
        left = [nodes.math("POWER", 2.0, nodes.math("MULTIPLY", much, share)) for share in (-0.30, -0.85, -0.62)]
        left = [nodes.math("MULTIPLY", value, _LOST) for value in left]
        colour = nodes.mix(1.0, colour, nodes.add("CombineColor", dict(enumerate(left))), "MULTIPLY")
        colour = nodes.mix(nodes.attribute("rooted").outputs["Fac"], colour, wanted["rooted"], "DARKEN")
        radius = nodes.math("MULTIPLY_ADD", through, wanted["deeper_m"], wanted["depth_m"])
        rough = nodes.math("MULTIPLY", rough, nodes.math("MULTIPLY_ADD", wet, -0.5, 1.0))
        cavity = nodes.math("POWER", occlusion, 1.5) if orm else 1.0
        shader = nodes.add(
            "BsdfPrincipled",
            {
                "Base Color": colour,
                "Roughness": rough,
                "IOR": 1.40,
                "Specular IOR Level": nodes.math("MULTIPLY", cavity, 0.44),
                "Subsurface Weight": 1.0,
                "Subsurface Radius": (1.0, 0.34, 0.17),
                "Subsurface Scale": radius,
                "Subsurface IOR": 1.4,
                "Subsurface Anisotropy": 0.0,
                "Coat Weight": nodes.math("MULTIPLY_ADD", wet, 0.3, nodes.math("MULTIPLY", cavity, 0.08), clamp=True),
                "Coat Roughness": nodes.math("MAXIMUM", nodes.math("MULTIPLY", rough, 0.58), 0.2),
                "Coat IOR": 1.40,
                "Normal": self._relief(nodes, wanted),
            },
            subsurface_method=wanted["scatter"],
        )
        nodes.shade(shader.outputs[0], skin=1.0)

    def _relief(self, nodes: Nodes, wanted: Message) -> Any:
        """Returns the normal of the relief map, with wrinkles laid over it where the face is drawn together, and with
        the finest furrows where the picture is close enough to show them.
        """
        fine = self._picture(nodes, wanted, "normal")
        if fine is None:
            return nodes.add("NewGeometry").outputs["Normal"]
        parts = nodes.separate(fine).outputs
        slopes = [parts[0], parts[1]]
        deep = self._picture(nodes, wanted, "wrinkle")
        if deep is not None:
            much = nodes.attribute("wrinkled").outputs["Fac"]
            folds = nodes.separate(deep).outputs
            slopes = [_leaning(nodes, slopes[i], folds[i], much) for i in range(2)]
        if "furrows" in wanted:
            where = nodes.add(
                "VectorMath", {0: nodes.add("UVMap", uv_map="uv"), 1: (58.0, 58.0, 58.0)}, operation="MULTIPLY"
            )
            tile = nodes.add("TexImage", {0: where.outputs[0]}, image=self._images[wanted["furrows"]])
            lines = nodes.separate(tile.outputs[0]).outputs
            slopes = [_leaning(nodes, slopes[i], lines[i], 0.13) for i in range(2)]
        leaning = nodes.add("CombineColor", {0: slopes[0], 1: slopes[1], 2: parts[2]})
        return nodes.add("NormalMap", {"Strength": wanted["bump"], "Color": leaning.outputs[0]}, uv_map="uv").outputs[0]

    def _ball(self, nodes: Nodes, wanted: Message) -> None:
        """The eyeball under its cornea: a white that light enters, and an iris with relief, joined at the limbus."""
        rho = nodes.attribute("rho").outputs["Fac"]
        edge = wanted["iris_m"]
        white = nodes.range(rho, edge - 0.0004, edge + 0.0003)
        # the dark ring where the iris ends lies under the edge of the white and is never sharp
        ring = nodes.math(
            "MULTIPLY", nodes.range(rho, edge - 0.0011, edge - 0.0001), nodes.range(rho, edge + 0.0011, edge)
        )
        colour = self._picture(nodes, wanted, "albedo") or (0.75, 0.72, 0.69)
        colour = nodes.mix(nodes.math("MULTIPLY", ring, 0.45), colour, (0.05, 0.045, 0.045))
        light = nodes.add("RGBToBW", {0: colour})
        # the cornea gathers light on the iris, which caustics would bring at a price
        colour = nodes.mix(white, nodes.add("Gamma", {0: colour, 1: 1.15}).outputs[0], colour)
        gathered = nodes.math("MULTIPLY_ADD", white, 1 - _GATHERED, _GATHERED)
        colour = nodes.mix(1.0, colour, nodes.add("CombineColor", dict.fromkeys(range(3), gathered)), "MULTIPLY")
        relief = nodes.math("MULTIPLY_ADD", white, -0.55, 0.6)
        bump = nodes.add("Bump", {"Strength": relief, "Distance": 0.0002, "Height": light.outputs[0]})
        shader = nodes.add(
            "BsdfPrincipled",
            {
                "Base Color": colour,
                "Roughness": 0.45,
                "Specular IOR Level": 0.12,
                "Subsurface Weight": nodes.math("MULTIPLY", white, 0.55),
                "Subsurface Radius": (1.0, 0.5, 0.38),
                "Subsurface Scale": 0.0014,
                "Normal": bump.outputs[0],
            },
            subsurface_method="BURLEY",
        )
        nodes.shade(shader.outputs[0])

    def _cornea(self, nodes: Nodes, wanted: Message) -> None:
        """The wet outside of the eye: over the iris it bends what is seen, over the white it only mirrors."""
        rho = nodes.attribute("rho").outputs["Fac"]
        white = nodes.range(rho, wanted["iris_m"] - 0.0002, wanted["iris_m"] + 0.0008)
        noise = nodes.add("TexNoise", {"Vector": nodes.attribute("local").outputs["Vector"], "Scale": 420.0})
        uneven = nodes.math("MULTIPLY", white, 0.06)
        bump = nodes.add("Bump", {"Strength": uneven, "Distance": 0.0003, "Height": noise.outputs[0]})
        # the cornea is steeper than its mesh: its mirror images are small and stand near the pupil
        steep = nodes.attribute("steep").outputs["Vector"]
        bent = nodes.add("Mix", {0: white, 4: steep, 5: bump.outputs[0]}, data_type="VECTOR").outputs[1]
        facing = nodes.add("VectorMath", {0: bent}, operation="NORMALIZE").outputs[0]
        # lamps apart (see _glints), what the eye mirrors would lie grey over the iris
        lifted = nodes.mix(white, (0.5, 0.5, 0.5), (0.9, 0.9, 0.9))
        rough = nodes.math("MULTIPLY_ADD", white, 0.09, 0.012)
        mirror = nodes.add("BsdfGlossy", {"Color": lifted, "Roughness": rough, "Normal": facing})
        fresnel = nodes.add("Fresnel", {"IOR": 1.376, "Normal": facing})
        through = nodes.add("BsdfRefraction", {"Color": (1, 1, 1), "Roughness": 0.0, "IOR": 1.336})
        straight = nodes.add("BsdfTransparent")
        inside = nodes.add("MixShader", {0: white, 1: through, 2: straight})
        glass = nodes.add("MixShader", {0: fresnel, 1: inside, 2: mirror})
        rays = nodes.add("LightPath")
        unseen = nodes.math("MAXIMUM", rays.outputs["Is Shadow Ray"], rays.outputs["Is Diffuse Ray"])
        clear = nodes.add("MixShader", {0: unseen, 1: glass, 2: nodes.add("BsdfTransparent")})
        glints = self._glints(nodes, facing, fresnel, rays.outputs["Is Camera Ray"])
        nodes.shade(nodes.add("AddShader", {0: clear, 1: glints}).outputs[0])

    def _glints(self, nodes: Nodes, facing: Any, fresnel: Any, seen: Any) -> Any:
        """Returns the mirror images of the lamps in something wet, as light of its own. fresnel: share mirrored.

        One path in forty would be mirrored and few of those meet a lamp: traced, an image is a handful of dots. A large
        lamp is shown as a photographer's, smaller and as much brighter. A lamp behind the actor has no image.
        """
        geometry = nodes.add("NewGeometry").outputs
        there = nodes.add("VectorMath", {0: geometry["Incoming"], 1: (-1.0, -1.0, -1.0)}, operation="MULTIPLY")
        mirrored = nodes.add("VectorMath", {0: there, 1: facing}, operation="REFLECT")
        total: Any = (0.0, 0.0, 0.0)
        for sun in self._suns:
            towards = [float(row[2]) for row in sun["matrix"][:3]]
            if towards[1] > -0.1:
                continue
            half = float(np.clip(sun["angle_rad"] / 2, *_GLINT_RAD))
            near = nodes.add("VectorMath", {0: mirrored, 1: tuple(towards)}, operation="DOT_PRODUCT").outputs["Value"]
            inside = nodes.range(near, float(np.cos(half * 1.15)), float(np.cos(half * 0.85)))
            light = [float(c) / (np.pi * np.sin(half) ** 2) for c in sun["colour"]]
            image = nodes.add("VectorMath", {0: tuple(light), "Scale": inside}, operation="SCALE")
            total = nodes.add("VectorMath", {0: total, 1: image}, operation="ADD")
        strength = nodes.math("MULTIPLY", nodes.math("MULTIPLY", fresnel, _GLINT), seen)
        return nodes.add("Emission", {"Color": total, "Strength": strength})

    def _wet(self, nodes: Nodes, wanted: Message) -> None:
        """A film of tears: clear, and mirrors by Fresnel alone."""
        steep = nodes.attribute("steep").outputs["Vector"]
        facing = nodes.add("VectorMath", {0: steep}, operation="NORMALIZE").outputs[0]
        mirror = nodes.add("BsdfGlossy", {"Color": (1, 1, 1), "Roughness": 0.06, "Normal": facing})
        clear = nodes.add("BsdfTransparent", {0: (0.99, 0.985, 0.98)})
        fresnel = nodes.add("Fresnel", {"IOR": 1.36, "Normal": facing})
        seen = nodes.add("LightPath").outputs["Is Camera Ray"]
        share = nodes.math("MULTIPLY", fresnel, nodes.attribute("flow").outputs["Fac"])
        film = nodes.add("MixShader", {0: nodes.math("MULTIPLY", share, seen), 1: clear, 2: mirror})
        glints = self._glints(nodes, facing, share, seen)
        nodes.shade(nodes.add("AddShader", {0: film, 1: glints}).outputs[0])

    def _mouth(self, nodes: Nodes, wanted: Message) -> None:
        """Teeth, gums, tongue: wet, and lit through."""
        colour = self._coloured(nodes, wanted)
        shader = nodes.add(
            "BsdfPrincipled",
            {
                "Base Color": colour,
                "Roughness": max(0.12, wanted["roughness"]),
                "IOR": 1.45,
                "Subsurface Weight": 0.35,
                "Subsurface Radius": (1.0, 0.75, 0.65),
                "Subsurface Scale": 0.0006,
                "Coat Weight": 0.6,
                "Coat Roughness": 0.12,
                "Coat IOR": 1.34,
                "Normal": self._relief(nodes, wanted),
            },
            subsurface_method=wanted["scatter"],
        )
        nodes.shade(shader.outputs[0])

    def _cloth(self, nodes: Nodes, wanted: Message) -> None:
        colour = self._coloured(nodes, wanted)
        shader = nodes.add(
            "BsdfPrincipled",
            {
                "Base Color": colour,
                "Roughness": wanted["roughness"],
                "Specular IOR Level": 0.15 + 0.45 * wanted["gloss"],
                "Sheen Weight": wanted["sheen"],
                "Sheen Roughness": 0.4,
                "Sheen Tint": nodes.mix(0.15, colour, (1, 1, 1)),
                "Normal": self._relief(nodes, wanted),
            },
        )
        nodes.shade(shader.outputs[0])

    def _plain(self, nodes: Nodes, wanted: Message) -> None:
        values: dict[str, Any] = {
            "Base Color": self._coloured(nodes, wanted),
            "Roughness": wanted["roughness"],
            "Metallic": wanted["metallic"],
            "Normal": self._relief(nodes, wanted),
        }
        surface = nodes.add("BsdfPrincipled", values).outputs[0]
        if wanted["alpha"] == "BLEND" and wanted["opacity"] < 0.999:
            # glass: clear where it is seen through, mirrors at a slant
            clear = nodes.add("BsdfTransparent", {0: tuple(1 - wanted["opacity"] * (1 - c) for c in wanted["base"])})
            mirror = nodes.add("BsdfGlossy", {"Roughness": wanted["roughness"]})
            # seen from its back the index would turn over and a slanting pane mirror everything; and it shades nothing
            back = nodes.add("NewGeometry").outputs["Backfacing"]
            index = nodes.math("POWER", 1.5, nodes.math("MULTIPLY_ADD", back, -2.0, 1.0))
            rays = nodes.add("LightPath")
            unseen = nodes.math("MAXIMUM", rays.outputs["Is Shadow Ray"], rays.outputs["Is Diffuse Ray"])
            share = nodes.math("MULTIPLY", nodes.add("Fresnel", {"IOR": index}), nodes.math("SUBTRACT", 1.0, unseen))
            surface = nodes.add("MixShader", {0: share, 1: clear, 2: mirror}).outputs[0]
        nodes.shade(surface)

    def _card(self, nodes: Nodes, wanted: Message) -> None:
        """Hair painted on cards, for bodies that have no strands."""
        picture = nodes.picture(self._images[wanted["albedo"]])
        tone = nodes.separate(picture.outputs[0]).outputs[1]
        bright = nodes.math("MULTIPLY_ADD", tone, 0.85, 0.5)
        grey = nodes.add("CombineColor", {0: bright, 1: bright, 2: bright})
        colour = nodes.mix(1.0, grey, wanted["base"], "MULTIPLY")
        hair = nodes.add("BsdfPrincipled", {"Base Color": colour, "Roughness": wanted["roughness"]})
        clear = nodes.add("BsdfTransparent")
        nodes.shade(nodes.add("MixShader", {0: picture.outputs[1], 1: clear, 2: hair}).outputs[0])

    def _hair(self, nodes: Nodes, wanted: Message) -> None:
        tint = nodes.attribute("tint").outputs["Color"]
        # what hair mirrors is white, and the more of that the less of its colour is left
        colour = nodes.add("HueSaturation", {"Saturation": 1.08, "Color": tint}).outputs[0]
        shader = nodes.add(
            "BsdfHairPrincipled",
            {
                "Color": colour,
                "Roughness": wanted["roughness"],
                "Radial Roughness": wanted["radial_roughness"],
                "Coat": wanted["coat"],
                "IOR": wanted["ior"],
                "Offset": 0.0349,
                "Random Roughness": 0.15,
            },
            model="CHIANG",
            parametrization="COLOR",
        )
        nodes.shade(shader.outputs[0])

    def _coloured(self, nodes: Nodes, wanted: Message) -> Any:
        """Returns base colour x picture x colour of the vertices, whichever there are."""
        colour: Any = tuple(wanted["base"])
        picture = self._picture(nodes, wanted, "albedo")
        if picture is not None:
            colour = nodes.mix(1.0, picture, colour, "MULTIPLY")
        if wanted.get("painted"):
            colour = nodes.mix(1.0, nodes.attribute("colour").outputs["Color"], colour, "MULTIPLY")
        return colour


def _leaning(nodes: Nodes, slope: Any, more: Any, much: Any) -> Any:
    """Returns a slope stored about 0.5 with a share of another one added."""
    return nodes.math("ADD", slope, nodes.math("MULTIPLY", nodes.math("SUBTRACT", more, 0.5), much))


def _image(name: str, pixels: Any, colour: bool) -> Any:
    height, width, channels = pixels.shape
    image = bpy.data.images.new(name, width, height, alpha=channels == 4, is_data=not colour)
    if colour:
        image.colorspace_settings.name = "sRGB"
    image.alpha_mode = "CHANNEL_PACKED" if channels == 4 else "NONE"
    full = np.ones((height, width, 4), np.float32)
    full[..., :channels] = pixels.astype(np.float32) / 255.0
    image.pixels.foreach_set(np.ascontiguousarray(full[::-1]).ravel())
    return image
