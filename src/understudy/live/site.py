"""What a live talk serves over HTTP: the page, its parts, the body of the actor, and the set behind.

Everything is made once, before anybody asks, and is the same for every visitor. The page fetches nothing from anywhere
else, and its policy says so to the browser.
"""

import gzip
import html
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any, Final

import msgspec

from understudy.base.channels import ARKIT_SHAPES
from understudy.base.errors import BadInput, MissingExtra
from understudy.exchange.page_hair import with_grooms
from understudy.exchange.tagged import tagged_glb
from understudy.hub.actor import Actor
from understudy.hub.avatar import MEMBER
from understudy.hub.body import Body
from understudy.hub.frames import Shot, ShotSize
from understudy.hub.glb import read_glb
from understudy.hub.place import Place
from understudy.live.packets import CHANNEL_NAMES
from understudy.render.framing import Camera, frame_actor
from understudy.render.setting import Painted

POLICY: Final = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self' ws: wss: blob:; media-src 'self'; base-uri 'none'; form-action 'none'"
)
"""The Content-Security-Policy of the page: its own parts, its own line, nothing of anybody else's."""
HEADERS: Final = {
    "Content-Security-Policy": POLICY + "; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""What goes with everything that is served."""
SCRIPTS: Final = ("live.min.js", "stage.min.js", "neural.min.js", "line.min.js", "voice.min.js", "ear.min.js")
WIDE_PX, TALL_PX = (1280, 720), (540, 1170)
TALL: Final = 0.62
"""A window narrower than so many heights sees more of the actor below; stage.js knows it too."""
LIFT: Final = -0.035
"""How much higher the eyes are in a tall picture, as a share of its height."""


@dataclass(frozen=True)
class Part:
    """One thing that is served. data: its bytes; gzipped: whether they are packed, as its Content-Encoding says."""

    media_type: str
    data: bytes
    gzipped: bool = False

    @property
    def headers(self) -> dict[str, str]:
        """Returns the headers of HTTP that belong to it."""
        packed = {"Content-Encoding": "gzip"} if self.gzipped else {}
        return {"Content-Type": self.media_type, "Cache-Control": "no-cache", **packed, **HEADERS}


def site(actor: Actor, place: Place, marks: Mapping[str, str]) -> Mapping[str, Part]:
    """Returns path -> what is served there: '/', '/web/...', '/actor.glb', '/plate.jpg', '/plate-tall.jpg', and
    '/avatar.bin' of an actor who has a neural avatar.

    marks: what the body must carry, as the rights stage gives it (`notice` is shown for as long as the page is).
    """
    body = Body.decode(actor.body_glb, f"The body of {actor.name}")
    frame = frame_actor(body, Shot(ShotSize.MEDIUM, WIDE_PX))
    plates = {
        "wide": ("/plate.jpg", plate_jpg(place, frame, WIDE_PX)),
        "tall": ("/plate-tall.jpg", plate_jpg(place, _tall(frame), TALL_PX)),
    }
    hung = {kind: path.removeprefix("/") for kind, (path, data) in plates.items() if data}
    told = given(actor, place, frame, hung)
    avatar, told["neural"], told["lacks"] = neural(actor, body, place, marks)
    parts = {
        "/": Part("text/html; charset=utf-8", page_html(actor, told, marks)),
        "/actor.glb": Part(
            "model/gltf-binary", gzip.compress(actor_glb(actor, place, marks), 6, mtime=0), gzipped=True
        ),
        "/web/live.css": Part("text/css; charset=utf-8", _web("live.css")),
    }
    for name in SCRIPTS:
        packed = gzip.compress(_web(name), 6, mtime=0)
        parts[f"/web/{name}"] = Part("text/javascript; charset=utf-8", packed, gzipped=True)
    parts |= {path: Part("image/jpeg", data) for path, data in plates.values() if data}
    if avatar:
        parts["/avatar.bin"] = Part("application/octet-stream", gzip.compress(avatar, 9, mtime=0), gzipped=True)
    return parts


def neural(
    actor: Actor, body: Body, place: Place, marks: Mapping[str, str]
) -> tuple[bytes, Mapping[str, Any] | None, str]:
    """Returns the avatar as a page reads it and the light on it; or b'', None and a sentence that says what is lacking.

    A page that asks for the neural look then shows the sentence, and the mesh.
    """
    from understudy.render.splat.owned import avatar_of

    try:
        avatar_of(actor)
        from understudy.render.splat.afar import packed, setting
    except BadInput as lacking:
        return b"", None, str(lacking)
    except ImportError:
        return b"", None, str(MissingExtra("The neural look", "neural"))
    return packed(actor.files[MEMBER], body, marks), setting(body, place), ""


def actor_glb(actor: Actor, place: Place, marks: Mapping[str, str]) -> bytes:
    """Returns the body with its marks inside, and with guides of hair that a page grows, lit by the place."""
    source = read_glb(actor.body_glb, f"The body of {actor.name}")
    return with_grooms(tagged_glb(actor, marks, private=True), source, Body.decode(actor.body_glb), place)


def given(actor: Actor, place: Place, frame: Camera, plates: Mapping[str, str]) -> dict[str, Any]:
    """Returns what the page is told before it draws: the light of the place, the lens, the names of all channels."""
    stage = msgspec.to_builtins(place)
    return {
        "name": actor.record.display_name,
        "place": {key: stage[key] for key in ("lights", "ambience", "grade", "backdrop")},
        "plates": dict(plates),
        "frame": {
            "distance_m": frame.distance_m,
            "height_m": frame.height_m,
            "eye_line": frame.shift[1] / frame.height_m + 0.5,
            "lift": LIFT,
        },
        "shapes": list(ARKIT_SHAPES),
        "channels": list(CHANNEL_NAMES),
    }


def page_html(actor: Actor, told: Mapping[str, Any], marks: Mapping[str, str]) -> bytes:
    """Returns the page as UTF-8."""
    fills = {
        "csp": POLICY,
        "name": actor.record.display_name,
        "notice": marks.get("notice", "AI-generated."),
    }
    filled = {key: html.escape(value) for key, value in fills.items()}
    # a closing tag inside a string would end the script
    filled["given"] = json.dumps(told, separators=(",", ":")).replace("</", "<\\/")
    page = _web("page.html").decode()
    return re.sub("@(csp|name|notice|given)@", lambda found: filled[found[1]], page).encode()


def plate_jpg(place: Place, camera: Camera, size_px: tuple[int, int]) -> bytes:
    """Returns the set behind the actor as this camera sees it, b'' for a set without one (transparent, a film)."""
    from PIL import Image

    painted = Painted(place, camera, size_px)
    if painted.plate is None:
        return b""
    out = io.BytesIO()
    Image.fromarray(painted.plate[..., :3]).save(out, "JPEG", quality=90)
    return out.getvalue()


def _tall(frame: Camera) -> Camera:
    """Returns the camera of a tall window: as wide as it needs to be, and the eyes a little higher."""
    width, height = TALL_PX
    height_m = frame.height_m * TALL * height / width
    up = (frame.shift[1] / frame.height_m + LIFT) * height_m
    return replace(frame, height_m=height_m, shift=(0.0, up), aspect=width / height)


def _web(name: str) -> bytes:
    return (resources.files("understudy.live") / "web" / name).read_bytes()


__all__ = ["HEADERS", "POLICY", "Part", "actor_glb", "given", "neural", "page_html", "plate_jpg", "site"]
