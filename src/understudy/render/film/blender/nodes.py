"""A few words for building shader nodes."""

from typing import Any

import bpy

Socket = Any


class Nodes:
    """The node tree of one material or world, empty at first."""

    def __init__(self, owner: Any) -> None:
        if owner.node_tree is None or hasattr(owner, "use_nodes"):
            import warnings

            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # needed up to Blender 5, gone in 6
                owner.use_nodes = True
        self.tree = owner.node_tree
        self.tree.nodes.clear()

    def add(self, kind: str, inputs: dict[Any, Any] | None = None, **settings: Any) -> Any:
        """Adds a node; inputs: name or number of a socket -> value or the socket that feeds it."""
        node = self.tree.nodes.new(f"ShaderNode{kind}")
        for name, value in settings.items():
            setattr(node, name, value)
        for name, value in (inputs or {}).items():
            self.feed(node, name, value)
        return node

    def feed(self, node: Any, name: Any, value: Any) -> None:
        """Sets or links one input; an input this Blender does not have is left out."""
        if isinstance(name, str) and name not in node.inputs:
            return
        socket = node.inputs[name]
        if isinstance(value, bpy.types.NodeSocket):
            self.tree.links.new(value, socket)
        elif isinstance(value, bpy.types.Node):
            self.tree.links.new(value.outputs[0], socket)
        else:
            if isinstance(value, list | tuple) and len(value) == 3 and socket.type == "RGBA":
                value = (*value, 1.0)
            socket.default_value = value

    def attribute(self, name: str) -> Any:
        """Returns the node of a mesh attribute; outputs 'Fac', 'Vector', 'Color'."""
        return self.add("Attribute", attribute_name=name)

    def math(self, operation: str, a: Any, b: Any = None, c: Any = None, *, clamp: bool = False) -> Socket:
        inputs = {i: v for i, v in enumerate((a, b, c)) if v is not None}
        return self.add("Math", inputs, operation=operation, use_clamp=clamp).outputs[0]

    def mix(self, share: Any, a: Any, b: Any, blend: str = "MIX") -> Socket:
        """Returns a colour between a and b."""
        node = self.add("Mix", {0: share, 6: a, 7: b}, data_type="RGBA", blend_type=blend)
        return node.outputs[2]

    def range(self, value: Any, low: float, high: float, to: tuple[float, float] = (0.0, 1.0)) -> Socket:
        """Returns value brought from low..high to `to`, smoothly and clamped."""
        inputs = {"Value": value, "From Min": low, "From Max": high, "To Min": to[0], "To Max": to[1]}
        return self.add("MapRange", inputs, interpolation_type="SMOOTHSTEP").outputs[0]

    def separate(self, colour: Any) -> Any:
        """Returns the node whose outputs 0, 1, 2 are red, green, blue."""
        return self.add("SeparateColor", {0: colour})

    def picture(self, image: Any, uv: str = "uv") -> Any:
        where = self.add("UVMap", uv_map=uv)
        return self.add("TexImage", {0: where.outputs[0]}, image=image, extension="REPEAT")

    def shade(self, shader: Any, *, skin: float = 0.0) -> None:
        """Makes `shader` the surface, and hands on how the point moved and whether it is skin (see scene.py)."""
        self.add("OutputMaterial", {"Surface": shader})
        self.add("OutputAOV", {1: skin}, aov_name="skin")
        self.add("OutputAOV", {0: self.attribute("slip").outputs["Vector"]}, aov_name="slip")
