"""A script becomes takes, one a character: voice, face, gaze, head and body, and no picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from understudy.base.errors import BadInput
from understudy.hub.performance import Performance
from understudy.hub.promptbook import Edit, Facts
from understudy.hub.script import Script
from understudy.production.assign import assign
from understudy.production.cut import cut
from understudy.production.editing import edited
from understudy.production.joining import ShotTake, joined
from understudy.production.playing import Playing, run_of


@dataclass(frozen=True)
class ActOptions:
    """How a script is played; the shells take their defaults and help from here."""

    fps: float = 25.0
    """Shots last whole pictures of this rate, as those of the film would."""
    seed: int = 0
    """The same script, cast and seed give the same takes."""
    engine: str = ""
    """Engine or engine/voice to insist on."""
    lexicon: Mapping[str, str] = field(default_factory=dict)
    """Written word -> how to say it."""
    edits: tuple[Edit, ...] = ()
    """Curves changed by hand in an earlier take, to be laid on these."""


def act(
    script: Script | Path | str, *, actors: Mapping[str, str] | str = "", options: ActOptions = ActOptions()
) -> dict[str, Performance]:
    """Returns character -> take of a script. actors: as in `perform`. Raises BadInput."""
    text = script if isinstance(script, Script) else Script.open(script)
    cast = assign(text, {"": actors} if isinstance(actors, str) and actors else dict(actors or {}))
    shots: dict[str, list[ShotTake]] = {}
    pictures = 0
    for number, setup in enumerate(cut(text)):
        seed = options.seed * 100_003 + number
        actor = cast[setup.character]
        facts = Facts(setup.character, text.language, options.lexicon, options.engine, fps=options.fps)
        playing = Playing(run_of(setup, seed), actor, facts)
        made_with = {"seed": str(seed), "shot": setup.key, "place": setup.place}
        shot = ShotTake(setup.key, pictures, playing.take(playing.beats(), made_with))
        pictures += shot.pictures(options.fps)
        shots.setdefault(setup.character, []).append(shot)
    takes = {character: joined(found, options.fps) for character, found in shots.items()}
    return {character: edited(take, options.edits).take for character, take in takes.items()}


def paths_of(takes: Mapping[str, Performance], to: Path) -> dict[str, Path]:
    """Returns character -> where its take goes: `to`, or one file a character beside it. Raises BadInput."""
    if to.suffix != ".take":
        raise BadInput(f"{to.name} is not the name of a take; end it in .take.")
    if len(takes) == 1:
        return {character: to for character in takes}
    return {c: to.with_name(f"{to.stem}-{_safe(c)}{to.suffix}") for c in takes}


def save(takes: Mapping[str, Performance], to: Path) -> Sequence[Path]:
    """Writes takes and returns their paths in order."""
    paths = paths_of(takes, to)
    for character, take in takes.items():
        take.save(paths[character])
    return list(paths.values())


def _safe(character: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in character.lower()).strip("-")
