"""What making an actor costs: processor and wall seconds of each stage of casting, memory, and the size of the body.

    python benchmarks/cast.py [--recipe emi] [--px 2048] [--again]

Needs the extra `cast`. 'processor' sums over threads, which other programs on the machine disturb less than the wall
clock. --again builds twice in one process: the second time nothing is compiled or imported any more.
"""

import argparse
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

import understudy.house
from understudy.casting import assemble, hair, materials, relief, skin, wardrobe
from understudy.casting.recipe import Recipe, read_recipe

STAGES: tuple[tuple[Any, str, str], ...] = (
    (assemble, "_sculpt", "shape and surface"),
    (wardrobe, "dress", "clothes"),
    (hair, "make_hair", "hair"),
    (relief, "seen", "occlusion"),
    (skin, "paint", "skin, with occlusion"),
    (materials, "make_materials", "images"),
    (assemble, "write_glb", "file"),
)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--recipe", default="emi", help="name of a house recipe, or a path")
    parser.add_argument("--px", type=int, default=2048)
    parser.add_argument("--again", action="store_true")
    chosen = parser.parse_args()
    path = Path(chosen.recipe)
    if path.suffix != ".toml":
        path = Path(str(understudy.house.__file__)).parent / "recipes" / f"{chosen.recipe}.toml"
    recipe = msgspec.structs.replace(read_recipe(path), texture_px=chosen.px)
    for _ in range(2 if chosen.again else 1):
        measure(recipe)


def measure(recipe: Recipe) -> None:
    """Builds once and prints a row a stage."""
    spent: dict[str, tuple[float, float]] = {}
    known = [(module, name, getattr(module, name)) for module, name, _ in STAGES]
    for (module, name, words), (_, _, plain) in zip(STAGES, known, strict=True):
        setattr(module, name, timed(plain, words, spent))
    used, begun = time.process_time(), time.perf_counter()
    try:
        body = assemble.build_body(recipe)
    finally:
        for module, name, plain in known:
            setattr(module, name, plain)
    total = time.process_time() - used, time.perf_counter() - begun
    print(f"{recipe.name} at {recipe.texture_px} px\n{'stage':24}{'processor s':>12}{'wall s':>9}")
    for words, (processor, wall) in spent.items():
        print(f"{words:24}{processor:12.1f}{wall:9.1f}")
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'all':24}{total[0]:12.1f}{total[1]:9.1f}   {len(body) / 1e6:.1f} MB body, {memory_mb:.0f} MB memory")


def timed(plain: Callable[..., Any], words: str, spent: dict[str, tuple[float, float]]) -> Callable[..., Any]:
    """The same function, adding its time to `spent`."""

    def run(*arguments: Any, **options: Any) -> Any:
        used, begun = time.process_time(), time.perf_counter()
        try:
            return plain(*arguments, **options)
        finally:
            before = spent.get(words, (0.0, 0.0))
            spent[words] = before[0] + time.process_time() - used, before[1] + time.perf_counter() - begun

    return run


if __name__ == "__main__":
    main()
