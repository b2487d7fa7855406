"""Takes side by side: one marked picture of moments of each, or a page of short marked clips with their scores."""

import base64
import html
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from understudy.base.errors import BadInput
from understudy.base.image import Image, Pixels
from understudy.hub.actor import Actor
from understudy.hub.frames import Shot, ShotSize
from understudy.hub.performance import Performance
from understudy.hub.rights import Grant, Released
from understudy.production.anchoring import anchored, found_again
from understudy.production.film import FilmOptions, grants_for
from understudy.production.sets import open_set
from understudy.production.shoot import shoot

Tell = Callable[[str], None]

TILE_PX = (270, 320)
LABEL_PX = 250
BAND = 0.105
"""Height of a band free of faces, against the short side: the label every picture carries lies there."""
PAPER, INK, FAINT = (24, 24, 26), (235, 235, 235), (150, 150, 156)


@dataclass(frozen=True)
class SheetOptions:
    """How a sheet is made; the shells take their defaults and help from here."""

    moments: int = 4
    """How many moments of each take a picture shows."""
    place: str = "studio"
    """The set."""
    shot: ShotSize = ShotSize.CLOSE
    """How near the camera is."""
    size_px: tuple[int, int] = (480, 360)
    """Of the clips on a page."""
    fps: float = 25.0
    """Of the clips on a page."""
    look: str = "raster"
    """The renderer of pictures and clips."""
    actor: str = ""
    """Who plays all of them; without it, whoever each was made for."""


PLAIN = SheetOptions()


def silent(words: str) -> None:
    """Tells nobody."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """path: the sheet. released: what left the building for it: the picture, or each clip of the page in order."""

    path: Path
    released: tuple[Released, ...]


def sheet(
    takes: Sequence[tuple[str, Performance]],
    to: Path,
    *,
    options: SheetOptions = PLAIN,
    tell: Tell = lambda words: None,
) -> Sheet:
    """Makes a sheet of takes, each with its name: .png or .jpg is one picture, .html a page of clips.

    Every picture and clip on it carries all marks. Raises BadInput for a name that is neither, NotAllowed, Unavailable.
    """
    if not takes:
        raise BadInput("A sheet needs at least one take; name their files.")
    ending = to.suffix.lower()
    if ending in (".png", ".jpg", ".jpeg"):
        return _picture(takes, to, options, tell)
    if ending == ".html":
        return _page(takes, to, options, tell)
    raise BadInput(f"{to.name} is not the name of a sheet; end it in .html, .png or .jpg.")


def facts_of(take: Performance, first: Performance | None) -> list[tuple[str, str]]:
    """Returns what stands beside a take: (name, value) rows, measured."""
    from understudy import judge

    rows = [("length", f"{take.duration_s:.1f} s")]
    if first is not None and first is not take:
        rows.append(("distance to the first", f"{judge.distance(first, take)['whole'].value:.2f} steps"))
    figures = {row.name: row for row in judge.compare(take, take)}
    for name, digits in (("words a minute spoken", 0), ("pitch, median", 0), ("level", 1), ("blinks", 0),
                         ("eyes on the partner", 0), ("head, speed", 1)):  # fmt: skip
        if name in figures:
            rows.append((name, f"{figures[name].first:.{digits}f} {figures[name].unit}"))
    if any(event.kind == "phone" for event in take.events):
        rows.append(("/p b m/ closed", f"{judge.closures(take)['p_b_m_closed'].value:.0f} %"))
    return rows


def story_of(take: Performance) -> list[str]:
    """Returns what is known of a take in words: its reading, its notes, its edits."""
    out = [take.made_with["reading"]] if "reading" in take.made_with else []
    if "blend" in take.made_with:
        out.append(f"blend of {take.made_with['blend']}")
    if take.book is not None:
        out += [f"note: {note.words}" for note in take.book.facts.notes]
        out += [f"{len(take.book.facts.edits)} edits by hand"] if take.book.facts.edits else []
    return out


def _cast(take: Performance, options: SheetOptions) -> Actor:
    return Actor.open(options.actor or take.actor_name)


def _grants(
    takes: Sequence[tuple[str, Performance]], to: Path, options: SheetOptions
) -> tuple[dict[str, Actor], dict[str, Grant]]:
    actors = {take.actor_name: _cast(take, options) for _, take in takes}
    digest = next(iter(actors.values())).digest
    granted = grants_for(actors.values(), project=to.stem, script_digest=digest)
    return actors, {name: granted[actor.name] for name, actor in actors.items()}


def _picture(takes: Sequence[tuple[str, Performance]], to: Path, options: SheetOptions, tell: Tell) -> Sheet:
    from understudy import rights

    actors, grants = _grants(takes, to, options)
    first = takes[0][1]
    times = _moments(first, options.moments)
    rows = []
    for name, take in takes:
        tell(name)
        tiles = [_label(name, take, first)]
        for time_s in _same_moments(first, take, times):
            tiles.append(_still(take, time_s, actors[take.actor_name], grants[take.actor_name], options))
        rows.append(np.concatenate(tiles, axis=1))
    height = round(BAND * min(rows[0].shape[1], 1.1 * sum(len(row) for row in rows)))
    band = np.full((height, rows[0].shape[1], 3), PAPER, np.uint8)
    whole = np.concatenate([band, *rows], axis=0)
    whole = whole[: whole.shape[0] // 2 * 2, : whole.shape[1] // 2 * 2]
    released = rights.release_still(
        Image(whole), to, grant=list({g.actor_name: g for g in grants.values()}.values()), title=to.stem
    )
    return Sheet(to, (released,))


def _moments(take: Performance, count: int) -> list[float]:
    """Returns moments worth seeing: in the middle of the strongest words, spread over the take."""
    words = [e for e in take.events if e.kind == "word"]
    edges = np.linspace(0, take.duration_s, count + 1)
    out = []
    for a, b in pairwise(edges):
        inside = [w for w in words if a <= (w.start_s + w.end_s) / 2 < b]
        best = max(inside, key=lambda w: (w.value, w.start_s), default=None)
        out.append(float((a + b) / 2) if best is None else (best.start_s + best.end_s) / 2)
    return out


def _same_moments(first: Performance, take: Performance, times: Sequence[float]) -> list[float]:
    """Returns the same moments of another take: at the same words where they are said, else as far in."""
    out = []
    for time_s in times:
        there = found_again(take, anchored(first, time_s))
        out.append(time_s / first.duration_s * take.duration_s if there is None else there)
    return out


def _still(take: Performance, time_s: float, actor: Actor, grant: Grant, options: SheetOptions) -> Pixels:
    from understudy import render
    from understudy.production.still import _moment

    shot = Shot(options.shot, TILE_PX, 60.0)
    beat = _moment(take, min(max(time_s, 0.0), take.duration_s))
    frames = render.render(
        [beat], actor=actor, place=open_set(options.place), shot=shot, grant=grant, look=options.look, quality="good"
    )
    return np.asarray(next(iter(frames)).image.pixels[:, :, :3])


def _label(name: str, take: Performance, first: Performance) -> Pixels:
    from PIL import Image as Pil
    from PIL import ImageDraw, ImageFont

    page = Pil.new("RGB", (LABEL_PX, TILE_PX[1]), PAPER)
    pen, at = ImageDraw.Draw(page), 14
    for text, size, colour in _lines(name, take, first):
        font = ImageFont.load_default(size)
        for row in _wrapped(pen, text, font):
            pen.text((14, at), row, fill=colour, font=font)
            at += round(size * 1.35)
        at += 3
    return np.asarray(page, np.uint8)


def _lines(name: str, take: Performance, first: Performance) -> list[tuple[str, int, tuple[int, int, int]]]:
    out = [(name, 17, INK)]
    out += [(words, 13, INK) for words in story_of(take)]
    return out + [(f"{what}: {value}", 12, FAINT) for what, value in facts_of(take, first)]


def _wrapped(pen: Any, text: str, font: Any) -> list[str]:
    rows = [""]
    for word in text.split():
        longer = f"{rows[-1]} {word}".strip()
        if pen.textlength(longer, font=font) > LABEL_PX - 28 and rows[-1]:
            rows.append(word)
        else:
            rows[-1] = longer
    return rows


# ---- the page --------------------------------------------------------------------------------------------------------


def _page(takes: Sequence[tuple[str, Performance]], to: Path, options: SheetOptions, tell: Tell) -> Sheet:
    first = takes[0][1]
    cards, released = [], []
    with tempfile.TemporaryDirectory() as scratch:
        for number, (name, take) in enumerate(takes, 1):
            tell(name)
            film = FilmOptions(
                size_px=options.size_px, fps=options.fps, shot=options.shot, place=options.place, look=options.look
            )
            clip = shoot(take, Path(scratch) / f"take-{number}.mp4", actor=options.actor, options=film)
            released.append(clip)
            cards.append(_card(name, take, first, clip))
    who = sorted({_cast(take, options).record.display_name for _, take in takes})
    notice = f"AI-generated: {' and '.join(who)} {'is a synthetic actor' if len(who) == 1 else 'are synthetic actors'}."
    page = _PAGE.replace("{{title}}", html.escape(to.stem)).replace("{{notice}}", html.escape(notice))
    to.write_text(page.replace("{{cards}}", "\n".join(cards)), encoding="utf-8")
    return Sheet(to, tuple(released))


def _card(name: str, take: Performance, first: Performance, clip: Released) -> str:
    film = base64.b64encode(clip.path.read_bytes()).decode()
    rows = "".join(
        f"<tr><th>{html.escape(what)}</th><td>{html.escape(value)}</td></tr>" for what, value in facts_of(take, first)
    )
    story = "".join(f"<p>{html.escape(words)}</p>" for words in story_of(take))
    mark = f"ledger entry {clip.ledger_index}, sha256 {clip.sha256[:16]}"
    return (
        f'<section><h2>{html.escape(name)}</h2><video controls loop preload="auto" '
        f'src="data:video/mp4;base64,{film}"></video>{story}<table>{rows}</table><small>{mark}</small></section>'
    )


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{title}}</title>
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; media-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<style>
body{margin:0;padding:24px;background:#18181a;color:#ebebeb;font:15px/1.45 system-ui,sans-serif}
header{display:flex;gap:16px;align-items:baseline;flex-wrap:wrap;margin-bottom:20px}
h1{font-size:20px;margin:0}header p{margin:0;color:#9a9aa2}
button{font:inherit;color:inherit;background:#2c2c31;border:1px solid #46464d;border-radius:6px;padding:6px 14px}
main{display:grid;gap:20px;grid-template-columns:repeat(auto-fit,minmax(320px,1fr))}
section{background:#222226;border-radius:10px;padding:14px;max-width:560px}
h2{font-size:16px;margin:0 0 10px}video{width:100%;border-radius:6px;display:block;background:#000}
p{margin:8px 0 0}table{margin-top:10px;border-collapse:collapse;width:100%;font-size:13px}
th{text-align:left;font-weight:400;color:#9a9aa2;padding:2px 0}td{text-align:right}
small{color:#77777f;display:block;margin-top:8px}
</style></head><body>
<header><h1>{{title}}</h1><button id="all">Play all together</button><p>{{notice}} Every clip is marked and signed.</p>
</header><main>
{{cards}}
</main><script>
const films = [...document.querySelectorAll("video")];
document.getElementById("all").onclick = () => {
  films.forEach((film, k) => { film.currentTime = 0; film.muted = k > 0; film.play(); });
};
films.forEach(film => film.addEventListener("volumechange", () => {
  if (!film.muted) films.forEach(other => { if (other !== film) other.muted = true; });
}));
</script></body></html>
"""
