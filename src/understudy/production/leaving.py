"""A take leaves for another tool: as curves, as an actor who moves, as words or as an edit."""

import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from understudy.base.channels import BODY, COMPLEXION, FACE, GAZE, HEAD, TRACK_CHANNELS
from understudy.base.errors import BadInput, MissingExtra
from understudy.hub.actor import Actor
from understudy.hub.departure import Departure, frame_times
from understudy.hub.performance import Performance, Pose
from understudy.hub.rights import Grant, Released
from understudy.hub.script import Script

_LAYERS = ("usd", "usda", "usdc")
"""Layers of USD hold no sound; it lies beside them."""


@dataclass
class _Party:
    """Those who leave together: takes, their actors and grants, and the sounds that already lie beside."""

    takes: tuple[Performance, ...]
    actors: tuple[Actor, ...]
    grants: tuple[Grant, ...]
    sounds: dict[tuple[int, Path], Released] = field(default_factory=dict)


def export_take(
    takes: Sequence[Performance | Path | str] | Performance | Path | str,
    to: Sequence[Path | str] | Path | str,
    *,
    actor: str = "",
    form: str = "",
    rate_hz: float | None = None,
    script: Script | None = None,
    film: str = "",
) -> tuple[Released, ...]:
    """Writes takes as each of the files `to`, in the format of its ending; returns what was released, sounds too.

    takes: one, or those of every character of a film. actor: who plays it, '' = whoever it was made for. form: the name
    of a format, for endings that say too little. rate_hz: frames a second, None = the format's own. script: whose words
    subtitles and markers show. film: name of the film, for an edit. Raises BadInput, NotAllowed, MissingExtra.
    """
    from understudy.exchange.formats.format import format_for

    targets = [Path(name) for name in ([to] if isinstance(to, Path | str) else to)]
    if not targets:
        raise BadInput("Nothing was asked for; say where the take should go with -o take.csv.")
    if rate_hz is not None and not 1.0 <= rate_hz <= 240.0:
        raise BadInput(f"{rate_hz:g} frames a second cannot be written; give a number from 1 to 240.")
    # every name is looked up before anything is written
    forms = {path: None if _is_wav(path, form) else format_for(form or path.suffix.lstrip(".")) for path in targets}
    party = _gathered([takes] if isinstance(takes, Performance | Path | str) else takes, actor, targets[0])
    texts = {line.number: line.text for line in script.dialogue} if script else {}
    released: list[Released] = []
    for path in targets:
        if forms[path] is None:
            released += [r for i in range(len(party.takes)) if (r := _sound(party, i, path, alone=True))]
            continue
        released += _one(party, forms[path], path, rate_hz, texts, film)
    # a sound that lies beside several files was released once
    return tuple({str(r.path): r for r in released}.values())


def require_ready(path: Path) -> None:
    """Raises BadInput or MissingExtra unless the format of a file can be written here, before long work is begun."""
    from importlib.util import find_spec

    from understudy.exchange.formats.format import format_for

    needs = str(format_for(path.suffix.lstrip(".")).card.needs)
    module = {"extra otio": "opentimelineio", "extra usd": "pxr"}.get(needs, "")
    if module and find_spec(module) is None:
        raise MissingExtra(f"Writing {path.suffix}", needs.removeprefix("extra "))


def turns_of(take: Performance, rate_hz: float) -> Mapping[str, npt.NDArray[np.float64]]:
    """Returns joint -> (frames, 4, 4) turn against the rest pose at every frame of `rate_hz`."""
    from understudy.render.posing import joint_turns

    times = frame_times(take, rate_hz)
    sampled = {
        name: take.tracks[name].at(times) if name in take.tracks else np.zeros((len(times), len(channels)), np.float32)
        for name, channels in TRACK_CHANNELS.items()
    }
    posed = [
        joint_turns(
            Pose(
                float(t), sampled[FACE][k], sampled[HEAD][k], sampled[GAZE][k], sampled[BODY][k], sampled[COMPLEXION][k]
            )
        )
        for k, t in enumerate(times)
    ]
    return {name: np.stack([np.asarray(turns[name], np.float64) for turns in posed]) for name in posed[0]}


def _gathered(takes: Sequence[Performance | Path | str], actor: str, first: Path) -> _Party:
    from understudy import rights

    opened = tuple(take if isinstance(take, Performance) else Performance.open(Path(take)) for take in takes)
    if not opened:
        raise BadInput("There is no take to export; name a .take.")
    if actor and len(opened) > 1:
        raise BadInput("Several takes have an actor each; leave --actor out, or export one take.")
    actors = tuple(Actor.open(actor or take.actor_name) for take in opened)
    grants = tuple(
        rights.authorise(who, project=f"export {first.stem}", script_digest=_digest(take))
        for who, take in zip(actors, opened, strict=True)
    )
    return _Party(opened, actors, grants)


def _one(
    party: _Party, form: object, path: Path, rate_hz: float | None, texts: Mapping[int, str], film: str
) -> list[Released]:
    from understudy import rights
    from understudy.exchange.formats.format import TakeFormat

    known: TakeFormat = form  # type: ignore[assignment]
    ending = path.suffix.lstrip(".").lower()
    if not known.many and len(party.takes) > 1:
        raise BadInput(f"{path.name} would hold one take, and {len(party.takes)} are given; export each on its own.")
    rate = rate_hz or known.rate_hz
    inside = known.sound == "inside" and ending not in _LAYERS
    beside = bool(known.sound) and not inside
    sounds = [_sound(party, i, path, alone=False) for i in range(len(party.takes))] if beside else []
    wav = _sealed(party) if inside else b""
    turns = turns_of(party.takes[0], rate) if known.turns else {}

    def make(marks: Mapping[str, str]) -> Mapping[str, bytes]:
        return known.write(
            Departure(
                takes=party.takes,
                actors=party.actors,
                marks=marks,
                rate_hz=rate,
                title=path.stem,
                turns=turns,
                texts=texts,
                sounds=tuple(s.path.name if s else "" for s in sounds),
                sound_wav=wav,
                film=film,
                as_captured=rate_hz is None,
            ),
            ending=ending,
        )

    captured = any("captured" in take.made_with for take in party.takes)
    released = rights.release_motion(
        make,
        path,
        actors=party.actors,
        grants=party.grants,
        title=path.stem,
        carries=known.carries,
        facts={"performance": "captured from a performer" if captured else "synthetic"},
    )
    return [released, *(s for s in sounds if s)]


def _sound(party: _Party, which: int, beside: Path, *, alone: bool) -> Released | None:
    """Releases the sound of a take under the name of the file it belongs to, once; None when it is silent."""
    from understudy import rights

    take, actor = party.takes[which], party.actors[which]
    if not take.sound.samples.any():
        if alone:
            raise BadInput(f"The take of {actor.name} is silent, so there is no {beside.name} to write.")
        return None
    twice = sum(other.name == actor.name for other in party.actors) > 1
    whose = f"{actor.name}-{which + 1}" if twice else actor.name
    name = beside.stem if len(party.takes) == 1 else f"{beside.stem}-{whose}"
    path = beside.with_name(f"{name}.wav")
    if (which, path) not in party.sounds:
        party.sounds[which, path] = rights.release_sound(take.sound, path, grant=party.grants[which], title=name)
    return party.sounds[which, path]


def _sealed(party: _Party) -> bytes:
    """Returns the sound of the one take as a WAV with its marks, b'' when it is silent."""
    from understudy import rights

    take = party.takes[0]
    if not take.sound.samples.any():
        return b""
    with tempfile.TemporaryDirectory(prefix="understudy-sound-") as folder:
        to = Path(folder) / "voice.wav"
        rights.release_sound(take.sound, to, grant=party.grants[0], title=party.actors[0].name)
        return to.read_bytes()


def _is_wav(path: Path, form: str) -> bool:
    return (form or path.suffix.lstrip(".")).lower() == "wav"


def _digest(take: Performance) -> str:
    seal = hashlib.sha256(take.sound.samples.tobytes())
    for name in sorted(take.tracks):
        seal.update(take.tracks[name].values.tobytes())
    return seal.hexdigest()
