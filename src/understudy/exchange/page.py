"""One web page with an actor on a set: the body, its light and the viewer in a single file, nothing fetched."""

import base64
import gzip
import html
import json
from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any

import msgspec

from understudy.base.channels import ARKIT_SHAPES, FACE, TRACK_CHANNELS
from understudy.exchange.page_hair import with_grooms
from understudy.exchange.tagged import tagged_glb
from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.glb import read_glb
from understudy.hub.place import Place

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>{title}</title><meta name="description" content="{notice}">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src
'unsafe-inline'; img-src data: blob:; connect-src data: blob:; media-src data:">
<style>
body {{ margin: 0; overflow: hidden; background: #2a2a2c; font: 15px/1.4 system-ui, sans-serif; color: #eee }}
canvas {{ display: block }}
#faces {{ position: fixed; left: 12px; bottom: 12px; display: flex; gap: 6px; flex-wrap: wrap }}
button {{ background: #0008; color: #eee; border: 1px solid #fff5; border-radius: 6px; padding: 6px 12px;
font: inherit }}
button:hover, button:focus {{ background: #fff3 }}
#notice {{ position: fixed; right: 12px; top: 12px; padding: 4px 10px; background: #000a; border-radius: 6px }}
#wait {{ position: fixed; inset: 0; display: grid; place-items: center }}
</style></head><body>
<div id="wait">{name} is coming</div>
<div id="notice">{notice}</div><div id="faces"></div>
<script>window.pageStartedMs = performance.now(); window.UNDERSTUDY = {data};</script>
<script type="module">{viewer}</script>
</body></html>
"""


def page_files(
    actor: Actor,
    place: Place,
    marks: Mapping[str, str],
    *,
    plate: bytes = b"",
    moved: Callable[[bytes], bytes] = lambda glb: glb,
    sound_wav: bytes = b"",
    avatar: bytes = b"",
    setting: Mapping[str, Any] | None = None,
) -> bytes:
    """Returns the page as UTF-8. plate: the set behind the actor as JPEG; without it, its middle colour.

    moved: gives the body an animation, which the page then plays with the sound. avatar, setting: the actor's avatar
    and the light on it, as `render.splat.afar` packs them; the page then shows the look of films too.
    """
    source = read_glb(actor.body_glb, f"The body of {actor.name}")
    glb = with_grooms(moved(tagged_glb(actor, marks, private=True)), source, Body.decode(actor.body_glb), place)
    body = gzip.compress(glb, 9, mtime=0)
    stage = msgspec.to_builtins(place)
    data = {
        "glb": base64.b64encode(body).decode(),
        "place": {key: stage[key] for key in ("lights", "ambience", "grade", "backdrop")},
        "plate": "data:image/jpeg;base64," + base64.b64encode(plate).decode() if plate else "",
        "shapes": list(ARKIT_SHAPES),
        "marks": dict(marks),
        "neural": _neural(avatar, setting) if avatar else None,
        "sound": "data:audio/wav;base64," + base64.b64encode(sound_wav).decode() if sound_wav else "",
    }
    viewer = (resources.files("understudy.exchange") / "web" / "viewer.min.js").read_text("utf-8")
    page = _PAGE.format(
        title=html.escape(f"{actor.record.display_name}: a synthetic actor"),
        notice=html.escape(marks.get("notice", "AI-generated")),
        name=html.escape(actor.record.display_name),
        # a closing tag inside a string would end the script
        data=json.dumps(data).replace("</", "<\\/"),
        viewer=viewer.replace("</script", "<\\/script"),
    )
    return page.encode()


def _neural(avatar: bytes, setting: Mapping[str, Any] | None) -> dict[str, Any]:
    packed = base64.b64encode(gzip.compress(avatar, 9, mtime=0)).decode()
    channels = [f"{FACE}.{c}" if track == FACE else c for track in TRACK_CHANNELS for c in TRACK_CHANNELS[track]]
    return {"avatar": packed, "setting": dict(setting or {}), "channels": channels}
