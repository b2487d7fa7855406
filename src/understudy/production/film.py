"""A script becomes a film: the whole street, shot by shot, in flat memory."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from itertools import tee
from pathlib import Path
from typing import TYPE_CHECKING

from understudy.base.errors import BadInput, Interrupted
from understudy.hub.actor import Actor
from understudy.hub.frames import Move, Shot, ShotSize
from understudy.hub.performance import Beat, Performance
from understudy.hub.place import Place
from understudy.hub.promptbook import Edit, Facts
from understudy.hub.rights import Grant, Released
from understudy.hub.script import Script
from understudy.production import computing
from understudy.production.assign import assign
from understudy.production.camera import NOTE, noted
from understudy.production.cut import Setup, cut
from understudy.production.editing import edited
from understudy.production.joining import ShotTake, joined
from understudy.production.playing import Playing, run_of
from understudy.production.progress import Listener, Meter
from understudy.production.room import in_room
from understudy.production.sets import carries_alpha, open_set
from understudy.production.subtitles import write_srt

if TYPE_CHECKING:
    from understudy.rights.passes import PassesOut
    from understudy.rights.release import Release


@dataclass(frozen=True)
class FilmOptions:
    """How a film is made; the shells take their defaults and help from here."""

    size_px: tuple[int, int] = (1280, 720)
    """Width and height of the picture, both even."""
    fps: float = 25.0
    """Pictures a second, constant."""
    shot: ShotSize | None = None
    """One shot size throughout; without it the edit decides."""
    place: str = ""
    """One set for every scene; without it the scene headings decide."""
    alpha: bool = False
    """Whether the actor stands on nothing: a .mov (ProRes 4444) with straight alpha."""
    move: Move = Move.STILL
    """What the camera does in every shot."""
    look: str = "raster"
    """The renderer: raster, neural (actors with an avatar), or film (path traced, seconds a picture)."""
    quality: str = "good"
    """draft, good or best."""
    passes: Path | None = None
    """A folder for depth, normals, albedo, mask and landmarks of every picture; the film look has them."""
    seed: int = 0
    """The same script, cast and seed give the same film."""
    take: Path | None = None
    """Where to keep the animation as a .take (one file a character when there are several)."""
    srt: bool = False
    """Whether to write subtitles beside the film."""
    lexicon: Mapping[str, str] = field(default_factory=dict)
    """Written word -> how to say it, for names the voices do not know."""
    edits: tuple[Edit, ...] = ()
    """Curves changed by hand in an earlier take, to be laid on this one."""


def perform(
    script: Script | Path | str,
    to: Path | str,
    *,
    actors: Mapping[str, str] | str = "",
    options: FilmOptions = FilmOptions(),
    listener: Listener | None = None,
) -> Released:
    """Performs a script and releases the film at `to`, labelled, watermarked, signed and in the ledger.

    script: a Script or the path of one (.fountain or plain text). actors: character -> house actor or .actor path, or
    one name for every character not named. Stopping it (KeyboardInterrupt) keeps the finished shots; the same call
    resumes; a film look resumes within a shot. Raises BadInput, Unavailable or NotAllowed with one sentence.
    """
    target = film_path(Path(to))
    check_picture(options.size_px, options.fps)
    alpha = carries_alpha(target, place=options.place, alpha=options.alpha)
    text = script if isinstance(script, Script) else Script.open(script)
    cast = assign(text, {"": actors} if isinstance(actors, str) and actors else dict(actors or {}))
    grants = grants_for(cast.values(), project=text.title or target.stem, script_digest=text.digest)
    setups = cut(text, size=options.shot, place=options.place)
    stages = {setup.place: open_set(setup.place, alpha=alpha) for setup in setups}
    try:
        return _shoot_all(text, target, cast, grants, setups, stages, options, listener)
    except KeyboardInterrupt:
        raise Interrupted("Stopped. Finished shots are kept; the same command goes on from there.") from None


def _shoot_all(
    text: Script,
    target: Path,
    cast: Mapping[str, Actor],
    grants: Mapping[str, Grant],
    setups: Sequence[Setup],
    stages: Mapping[str, Place],
    options: FilmOptions,
    listener: Listener | None,
) -> Released:
    from understudy import rights

    meter = Meter(sum(setup.expected_s for setup in setups), listener)
    watch = computing.Stopwatch()
    spent_before = computing.Computing(0.0, 0.0)
    release = rights.open_release(
        target,
        grants=list(grants.values()),
        size_px=options.size_px,
        fps=options.fps,
        title=text.title or target.stem,
        fingerprint=_fingerprint(text, cast, setups, options, stages),
        alpha=all(place.transparent for place in stages.values()),
    )
    with release:
        for number, setup in enumerate(setups):
            kept, cost = _takes(release, setup), release.work / f"{setup.key}.cost"
            if release.has(setup.key) and all(path.exists() for path in kept.values()):
                meter.keep(Performance.open(kept[setup.character]).duration_s)
                spent_before += computing.saved(cost)
                continue
            shot_watch = computing.Stopwatch()
            taken = _shoot_two if setup.other else _shoot
            for character, take in taken(
                setup, number, cast, grants, stages[setup.place], options, text.language, release, meter
            ).items():
                take.save(kept[character])
            computing.save(cost, shot_watch.so_far())
            planned = sum(s.expected_s for s in setups[number + 1 :])
            meter.settle(meter.film_s + planned)
        takes = [_takes(release, setup) for setup in setups]
        beside = _outputs_beside(target, setups, takes, options)
        released = release.finish(keys=[setup.key for setup in setups], script_digest=text.digest)
    for draft, final in beside:
        draft.replace(final)
    computing.keep(released, spent_before + watch.so_far(), look=options.look, size_px=options.size_px)
    return released


def _takes(release: "Release", setup: Setup) -> dict[str, Path]:
    """Returns character -> where the take of a shot is kept."""
    found = {setup.character: release.work / f"{setup.key}.take"}
    return found | ({setup.other: release.work / f"{setup.key}.other.take"} if setup.other else {})


def _shoot(
    setup: Setup,
    number: int,
    cast: Mapping[str, Actor],
    grants: Mapping[str, Grant],
    place: Place,
    options: FilmOptions,
    language: str,
    release: "Release",
    meter: Meter,
) -> dict[str, Performance]:
    """Plays one shot: voice, face, body and camera pull on each other piece by piece."""
    from understudy import render

    actor = cast[setup.character]
    grant = grants[actor.name]
    seed = options.seed * 100_003 + number
    shot = Shot(setup.size, options.size_px, options.fps, setup.partner, options.move, move_seed=seed)
    made_with = {"seed": str(seed), "shot": setup.key, "place": setup.place, NOTE: noted(shot)}
    facts = Facts(setup.character, language, options.lexicon, fps=options.fps)
    playing = Playing(run_of(setup, seed), actor, facts)
    take = edited(playing.take(playing.beats(), made_with), options.edits).take if options.edits else None
    beats = take.beats() if take is not None else playing.beats()
    kept: list[Beat] = []
    with release.segment(setup.key) as segment:

        def heard(stream: Iterable[Beat]) -> Iterator[Beat]:
            dry, other = tee(stream)
            for beat, roomed in zip(dry, in_room(other, place.acoustics, seed=seed), strict=True):
                segment.write_sound(roomed.sound)
                kept.append(beat)
                yield beat

        shelf = release.shelf(setup.key)
        out = passes_out(options.passes, setup.key, grant, release)
        for frame in render.render(
            heard(beats),
            actor=actor,
            place=place,
            shot=shot,
            grant=grant,
            look=options.look,
            quality=options.quality,
            shelf=shelf,
            passes=out is not None,
        ):
            segment.write(frame)
            if out is not None and frame.passes is not None:
                out.write(frame.index, frame.passes)
            meter.made(1 / options.fps, f"{setup.character}, {setup.size.value} shot")
    shelf.clear()
    if out is not None:
        out.finish()
    return {setup.character: take or playing.take(kept, made_with)}


def _shoot_two(
    setup: Setup,
    number: int,
    cast: Mapping[str, Actor],
    grants: Mapping[str, Grant],
    place: Place,
    options: FilmOptions,
    language: str,
    release: "Release",
    meter: Meter,
) -> dict[str, Performance]:
    """Plays one shot of two, who speak and listen by turns."""
    from understudy.production.two import film_two, mixed, play_two

    seed = options.seed * 100_003 + number
    shot = Shot(setup.size, options.size_px, options.fps, 0.0, options.move, move_seed=seed)
    actors = cast[setup.character], cast[setup.other]
    leave = grants[actors[0].name], grants[actors[1].name]
    if options.passes is not None:
        raise BadInput("A two-shot has no passes; leave out --passes or choose another --shot.")
    kept: list[tuple[Beat, Beat]] = []
    with release.segment(setup.key) as segment:

        def played() -> Iterator[tuple[Beat, Beat]]:
            pairs = play_two(setup, actors, language=language, lexicon=options.lexicon, seed=seed)
            for pair in mixed(pairs, place, seed=seed, write=segment.write_sound):
                kept.append(pair)
                yield pair

        for frame in film_two(
            played(), actors, leave, place=place, shot=shot, look=options.look, quality=options.quality
        ):
            segment.write(frame)
            meter.made(1 / options.fps, f"{setup.character} and {setup.other}, two-shot")
    made_with = {"seed": str(seed), "shot": setup.key, "place": setup.place, NOTE: noted(shot)}
    return {
        name: Performance.from_beats(actor.name, [pair[i] for pair in kept], made_with)
        for i, (name, actor) in enumerate(zip((setup.character, setup.other), actors, strict=True))
    }


def passes_out(folder: Path | None, key: str, grant: Grant, release: "Release") -> "PassesOut | None":
    """Returns where the passes of a shot go, None when none were asked for."""
    from understudy import rights

    if folder is None:
        return None
    return rights.PassesOut(folder / key, grant=grant, title=key, produce_id=release.watermark_id)


def grants_for(actors: Iterable[Actor], *, project: str, script_digest: str) -> dict[str, Grant]:
    """Returns actor name -> Grant, asking rights for each actor once. Raises NotAllowed."""
    from understudy import rights

    once = {actor.name: actor for actor in actors}
    return {name: rights.authorise(actor, project=project, script_digest=script_digest) for name, actor in once.items()}


def check_picture(size_px: tuple[int, int], fps: float) -> None:
    """Raises BadInput unless a film of this size and rate can be made."""
    width, height = size_px
    if width % 2 or height % 2 or not (64 <= width <= 7680 and 64 <= height <= 4320):
        raise BadInput(f"A picture of {width}x{height} cannot be made; give even numbers from 64x64 to 7680x4320.")
    if not 1 <= fps <= 120:
        raise BadInput(f"{fps:g} pictures a second cannot be made; give a number from 1 to 120.")


def film_path(path: Path) -> Path:
    """Returns the path when it can name a film. Raises BadInput."""
    if path.suffix.lower() not in (".mp4", ".mov"):
        raise BadInput(f"{path.name} is not the name of a film; end it in .mp4.")
    return path


def _fingerprint(
    text: Script,
    cast: Mapping[str, Actor],
    setups: Sequence[Setup],
    options: FilmOptions,
    stages: Mapping[str, Place],
) -> str:
    """Returns what must be the same for finished shots to be worth keeping."""
    from understudy import __version__

    facts = (
        __version__,
        text.digest,
        sorted((name, actor.digest) for name, actor in cast.items()),
        [astuple(setup) for setup in setups],
        [(name, repr(place)) for name, place in sorted(stages.items())],
        options.move,
        options.size_px,
        options.fps,
        options.look,
        options.quality,
        options.seed,
        sorted(options.lexicon.items()),
        *options.edits,
    )
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def _outputs_beside(
    target: Path, setups: Sequence[Setup], takes: Sequence[Mapping[str, Path]], options: FilmOptions
) -> list[tuple[Path, Path]]:
    """Writes takes and subtitles as drafts; returns (draft, final) pairs to move once the film is released."""
    if options.take is None and not options.srt:
        return []
    beside: list[tuple[Path, Path]] = []
    opened = [{name: Performance.open(path) for name, path in shot.items()} for shot in takes]
    if options.take is not None:
        by_character: dict[str, list[ShotTake]] = {}
        start = 0
        for setup, played in zip(setups, opened, strict=True):
            shots_of = {name: ShotTake(setup.key, start, performance) for name, performance in played.items()}
            start += shots_of[setup.character].pictures(options.fps)
            for name, shot in shots_of.items():
                by_character.setdefault(name, []).append(shot)
        finals = take_paths(options.take, list(by_character))
        for shots, final in zip(by_character.values(), finals, strict=True):
            draft = final.with_name(final.name + ".draft")
            joined(shots, options.fps).save(draft)
            beside.append((draft, final))
    if options.srt:
        draft = target.with_name(target.stem + ".srt.draft")
        spoken = [(setup.lines, _all_said(played)) for setup, played in zip(setups, opened, strict=True)]
        write_srt(draft, spoken, options.fps)
        beside.append((draft, target.with_suffix(".srt")))
    return beside


def take_paths(path: Path, characters: Sequence[str]) -> list[Path]:
    """Returns where the take of each character of a film goes: the path itself when there is but one."""
    return [path] if len(characters) == 1 else [_for_character(path, character) for character in characters]


def _all_said(played: Mapping[str, Performance]) -> Performance:
    """Returns the first take of a shot with the events of all who are in it."""
    first = next(iter(played.values()))
    return replace(first, events=tuple(event for take in played.values() for event in take.events))


def _for_character(path: Path, character: str) -> Path:
    safe = "".join(c if c.isalnum() else "-" for c in character.lower()).strip("-")
    return path.with_name(f"{path.stem}-{safe}{path.suffix}")
