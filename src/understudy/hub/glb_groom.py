"""The grooms of a body.glb (`extras.understudy.grooms`): strands back from 16-bit numbers, checked on the way."""

from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.hub.glb import MAX_ELEMENTS, Glb, Json
from understudy.hub.groom import Groom

_MAX_GROOMS = 16
_MAX_CHILDREN = 400_000


def grooms_from(glb: Glb, skin_vertices: int) -> tuple[Groom, ...]:
    """Returns the grooms of a file, () without any; raises BadInput when one is damaged or leaves the skin."""
    own = glb.json.get("extras", {})
    entries = own.get("understudy", {}).get("grooms", []) if isinstance(own, dict) else []
    if len(entries) > _MAX_GROOMS:
        raise glb.damaged(f"it has {len(entries)} grooms")
    return tuple(_groom(glb, entry, skin_vertices) for entry in entries)


def _groom(glb: Glb, entry: Json, skin_vertices: int) -> Groom:
    name, count, per = str(entry["name"]), int(entry["count"]), int(entry["per"])
    children = int(entry.get("children", 0))
    if count < 0 or per < 2 or count * per > MAX_ELEMENTS or not 0 <= children <= _MAX_CHILDREN:
        raise glb.damaged(f"its groom '{name}' has {count} strands of {per} points and {children} children")

    def stored(key: str, kind: str, width: int) -> npt.NDArray[Any]:
        data, dtype = glb.view(entry[key])[0], np.dtype(kind)
        if len(data) < count * width * dtype.itemsize:
            raise glb.damaged(f"the {key} of its groom '{name}' are cut short")
        return np.frombuffer(data, dtype, count * width).reshape(count, width)

    numbers = [float(entry[key]) for key in ("extent", "width", "taper", "grey", "spread", "frizz", "curl")]
    centre = np.asarray(entry["centre"], np.float64)
    colour = [float(x) for x in entry["colour"]]
    if centre.shape != (3,) or len(colour) != 3 or not np.isfinite([*numbers, *centre, *colour]).all():
        raise glb.damaged(f"its groom '{name}' stands at infinity")
    corners = stored("root", "<u4", 3).astype(np.int64)
    if count and int(corners.max()) >= skin_vertices:
        raise glb.damaged(f"its groom '{name}' roots outside the skin")
    two = stored("bary", "<u2", 2).astype(np.float32) / 65535
    points = stored("points", "<i2", per * 3).reshape(count, per, 3).astype(np.float32) / 32767
    extent, width, taper, grey, spread, frizz, curl = numbers
    return Groom(
        name=name,
        points=(points * np.float32(extent) + centre.astype(np.float32)).astype(np.float32),
        corners=corners.astype(np.int32),
        bary=np.hstack([two, np.maximum(1 - two.sum(1, keepdims=True), 0)]).astype(np.float32),
        lock=stored("lock", "<u4", 1)[:, 0].astype(np.int32),
        tone=(stored("tone", "u1", 1)[:, 0] / 255).astype(np.float32),
        width_m=width,
        taper=taper,
        colour=(colour[0], colour[1], colour[2]),
        grey=grey,
        children=children,
        spread_m=spread,
        frizz_m=frizz,
        curl=curl,
        seed=int(entry.get("seed", 0)),
    )
