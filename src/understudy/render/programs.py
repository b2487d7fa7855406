"""Compiles the shaders that lie beside this module."""

from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType
from typing import Any

_SKINNED = ("skin", "hair", "surface", "eye", "cornea", "depth")


class Programs:
    """Programs by fragment shader and defines, compiled when first asked for."""

    def __init__(self, context: Any, constants: Mapping[str, int] = MappingProxyType({})) -> None:
        self._context = context
        self._constants = "".join(f"#define {name} {value}\n" for name, value in constants.items())
        self._folder = resources.files("understudy.render") / "shaders"
        self._made: dict[tuple[str, ...], Any] = {}

    def get(self, fragment: str, *defines: str, early: bool = True) -> Any:
        """Returns a program for skinned meshes: actor.vert with `fragment`.frag. A define is 'NAME' or 'NAME=value'.

        early: depth is tested before shading, which keeps hidden fragments free; not for programs that discard.
        """
        key = (fragment, *defines, str(early))
        if key not in self._made:
            lines = "".join("#define " + d.replace("=", " ") + "\n" for d in defines)
            head = "#version 420\n" + self._constants + lines
            stage = self._text("stage.glsl")
            plain = fragment == "depth"
            tail = "" if plain else self._text("tone.glsl") + self._text("shade.glsl")
            lit = self._text("fibre.glsl") if fragment in ("hair", "strand") else ""
            above = self._text("tone.glsl") + lit if "FIBRE" in defines else ""
            first = "layout(early_fragment_tests) in;\n" if early else ""
            program = self._context.program(
                vertex_shader=head + ("#define PLAIN\n" if plain else "") + stage + above + self._text("actor.vert"),
                fragment_shader=head + first + stage + tail + lit + self._text(f"{fragment}.frag"),
            )
            if "Stage" in program:
                program["Stage"].binding = 0
            self._made[key] = program
        return self._made[key]

    def flat(self, vertex: str, fragment: str, *defines: str) -> Any:
        """Returns a program for rectangles in the picture."""
        key = (vertex, fragment, *defines)
        if key not in self._made:
            head = "#version 330\n" + "".join(f"#define {d}\n" for d in defines)
            self._made[key] = self._context.program(
                vertex_shader=head + self._text(f"{vertex}.vert"), fragment_shader=head + self._text(f"{fragment}.frag")
            )
        return self._made[key]

    def _text(self, name: str) -> str:
        return (self._folder / name).read_text("utf-8")
