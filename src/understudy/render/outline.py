"""The actor's outline, blurred: where light of the set creeps round it, and what falls on a wall as a shadow."""

from typing import Any

import numpy as np

from understudy.render.programs import Programs

_COARSE = 5
"""The outline is kept this many times coarser than the picture."""
_CREEP = 0.011
"""How far light creeps in from the outline, as a share of the picture's height."""


class Outline:
    """soft: texture of the actor's coverage, blurred by _CREEP; softer: by eight times that."""

    def __init__(self, context: Any, programs: Programs, size_px: tuple[int, int], *, shadow: bool) -> None:
        self._context = context
        width, height = (max(8, n // _COARSE) for n in size_px)
        self._targets = [self._target(width, height) for _ in range(2)]
        self._wide = [self._target(max(4, width // 4), max(4, height // 4)) for _ in range(2)] if shadow else []
        corners = context.buffer(np.array([0, 0, 1, 0, 0, 1, 1, 1], np.float32).tobytes())
        self._cover = context.simple_vertex_array(programs.flat("finish", "cover"), corners, "in_corner")
        self._blur = context.simple_vertex_array(programs.flat("finish", "spread"), corners, "in_corner")
        self._reach = (_CREEP * height / width, _CREEP)

    def _target(self, width: int, height: int) -> tuple[Any, Any]:
        texture = self._context.texture((width, height), 1)
        texture.filter = (self._context.LINEAR, self._context.LINEAR)
        texture.repeat_x = texture.repeat_y = False
        return texture, self._context.framebuffer([texture])

    @property
    def soft(self) -> Any:
        return self._targets[0][0]

    @property
    def softer(self) -> Any:
        return self._wide[0][0]

    def draw(self, actor: Any, rect: tuple[float, float, float, float]) -> None:
        """Makes the outline of a drawn actor; rect: where in the picture it lies, 0..1 from the top left."""
        context = self._context
        context.enable_only(context.NOTHING)
        (_, first), _ = self._targets
        first.use()
        first.clear(0.0, 0.0, 0.0, 0.0)
        actor.use(8)
        self._cover.program["actor"] = 8
        self._cover.program["rect"] = rect
        width, height = self._targets[0][0].size
        self._cover.program["tap"] = 0.25 / width / rect[2], 0.25 / height / rect[3]
        self._cover.render(context.TRIANGLE_STRIP)
        self._spread(self._targets, self._targets[0][0], 1.0)
        if self._wide:
            self._spread(self._wide, self._targets[0][0], 4.0)

    def _spread(self, pair: list[tuple[Any, Any]], source: Any, times: float) -> None:
        program = self._blur.program
        program["rect"], program["source"] = (0.0, 0.0, 1.0, 1.0), 8
        for (_, target), way, texture in ((pair[1], (1, 0), source), (pair[0], (0, 1), pair[1][0])):
            target.use()
            texture.use(8)
            program["reach"] = self._reach[0] * times * way[0], self._reach[1] * times * way[1]
            self._blur.render(self._context.TRIANGLE_STRIP)
