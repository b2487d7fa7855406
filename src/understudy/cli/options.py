"""Options that several commands share, and how their text becomes values."""

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from understudy.base.errors import BadInput, UnknownName

Output = Annotated[Path, typer.Option("-o", "--output", help="Where the result goes.", show_default=False)]
SizeText = Annotated[str, typer.Option("--size", help="Picture size, WIDTHxHEIGHT.")]
FpsValue = Annotated[float, typer.Option("--fps", help="Pictures a second, constant.")]
ShotText = Annotated[
    str, typer.Option("--shot", help="close, medium, wide, or two (both in one picture); without it the edit decides.")
]
PlaceText = Annotated[
    str, typer.Option("--place", help="The set (understudy places), or your own picture, film, .hdr, .glb.")
]
AlphaFlag = Annotated[
    bool, typer.Option("--alpha", help="Nothing behind the actor: .mov (ProRes 4444) or .png with straight alpha.")
]
MoveText = Annotated[str, typer.Option("--move", help="still, push_in, pull_out, drift, orbit or handheld.")]
LookText = Annotated[
    str, typer.Option("--look", help="raster (real time), neural (the same, an actor with an avatar) or film (traced).")
]
QualityText = Annotated[str, typer.Option("--quality", help="draft, good or best.")]
PassesFolder = Annotated[
    Path | None,
    typer.Option(
        "--passes", help="Folder for depth, normals, albedo, mask (EXR) and landmarks (JSON); needs --look film."
    ),
]
SeedValue = Annotated[int, typer.Option("--seed", help="The same seed gives the same film.")]


def size_px(text: str) -> tuple[int, int]:
    """Returns (width, height) of '1280x720'. Raises BadInput."""
    found = re.fullmatch(r"(\d{2,5})[x×](\d{2,5})", text.strip())
    if not found:
        raise BadInput(f"'{text}' is not a picture size; write it as 1280x720.")
    return int(found[1]), int(found[2])


def shot_size(text: str) -> Any:
    """Returns the ShotSize of a word, None for ''. Raises UnknownName."""
    from understudy.hub.frames import ShotSize

    if not text:
        return None
    try:
        return ShotSize(text.lower())
    except ValueError:
        raise UnknownName("shot size", text, [size.value for size in ShotSize]) from None


def camera_move(text: str) -> Any:
    """Returns the Move of a word. Raises UnknownName."""
    from understudy.hub.frames import Move

    try:
        return Move(text.lower().replace("-", "_"))
    except ValueError:
        raise UnknownName("camera move", text, [move.value for move in Move]) from None


def assignments(texts: list[str]) -> dict[str, str]:
    """Returns character -> actor of 'ANNA=emi' and 'emi' (for everyone else, key '')."""
    wanted: dict[str, str] = {}
    for text in texts:
        character, _, actor = text.rpartition("=")
        if not actor or character.strip() in wanted:
            raise BadInput(f"'{text}' does not say who plays whom; write NAME, or CHARACTER=NAME once for each.")
        wanted[character.strip()] = actor.strip()
    return wanted
