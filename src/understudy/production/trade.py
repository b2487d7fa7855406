"""Bodies come in and go out: an avatar becomes an actor of this installation, an actor becomes a file for others."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from understudy.base.channels import ANIMATION_RATE_HZ
from understudy.base.errors import BadInput, NotAllowed, UnknownName
from understudy.hub.actor import Actor, ActorRecord, Identity, Persona
from understudy.hub.avatar import MEMBER
from understudy.hub.cloud import Cloud
from understudy.hub.place import Place
from understudy.hub.rights import Grant, Licence, Released
from understudy.hub.voice import Voice


@dataclass(frozen=True)
class TakenActor:
    """actor: saved and licensed. report: lines about what was found in its file."""

    actor: Actor
    report: tuple[str, ...]


def import_actor(
    source: Path,
    to: Path,
    *,
    name: str = "",
    age: int = 0,
    synthetic: bool = False,
    licensor: str = "",
    tell: Callable[[str], None] = lambda words: None,
) -> TakenActor:
    """Makes an actor of a GLB or VRM. Raises BadInput or NotAllowed before anything is written.

    synthetic: the importer declares that the face is nobody's. licensor: who grants its use; needed when the file
    allows only its author. age: stated age in years.
    """
    from understudy import exchange, rights

    if to.suffix != ".actor":
        raise BadInput(f"{to.name} is not the name of an actor; end it in .actor.")
    taken = exchange.take_in(source)
    for row in taken.rows():
        tell(row)
    if not synthetic:
        raise NotAllowed(
            f"Whether {source.name} shows a real person cannot be seen from the file; if it shows nobody, say so with "
            "--synthetic, and if it does, it cannot be imported, for nothing here can check that person's leave."
        )
    if age < 18:
        raise NotAllowed(f"Only adults perform; say how old {source.name} looks with --age, 18 or more.")
    if taken.only_author and not licensor:
        raise NotAllowed(
            f"The licence in {source.name} lets only its author {taken.author or ''} use it; if that is you, give your "
            "name with --licensor."
        )
    chosen = _word(name or source.stem)
    record = ActorRecord(
        name=chosen,
        display_name=(name or source.stem).strip().title(),
        age=age,
        voice=Voice(),
        persona=Persona(),
        identity=Identity(
            kind="synthetic",
            made_with={"imported": source.name, "sha256": hashlib.sha256(source.read_bytes()).hexdigest()},
        ),
        summary=f"Imported from {source.name}.",
    )
    terms = Licence(
        licence_id="",
        actor_name=chosen,
        actor_digest="",
        licensor=licensor or "this installation",
        terms=f"Declared fully synthetic by {licensor or 'the importer'}. {taken.terms}".strip(),
    )
    actor = Actor(record=record, body_glb=taken.body_glb, licence=terms)
    licence = replace(terms, actor_digest=actor.digest, licence_id=f"{chosen}-{actor.digest[:12]}")
    actor = replace(actor, licence=licence, licence_jws=rights.sign_licence(licence))
    actor.save(to)
    return TakenActor(actor, tuple(taken.rows()))


def export_actor(
    who: str, to: Path, *, look: str = "", place: str = "studio", take: Path | None = None, at_s: float = 0.0
) -> Released:
    """Writes an actor with its marks. Raises NotAllowed, BadInput, MissingExtra.

    .glb, .usdz: the body, to be moved elsewhere. .ply, or .glb with look 'neural': the neural avatar, lit by a place,
    standing still at rest or as in a take at a second of it.
    """
    from understudy import exchange, rights

    actor = Actor.open(who)
    kind = to.suffix.lower()
    if kind not in (".glb", ".usdz", ".ply"):
        raise BadInput(f"{to.name} must end in .glb, .usdz or .ply; choose such a name.")
    if look not in ("", "neural", "mesh"):
        raise UnknownName("way to leave", look, ["mesh", "neural"])
    neural = kind == ".ply" if not look else look == "neural"
    if neural and kind == ".usdz":
        raise BadInput(f"{to.name} cannot hold a neural avatar; end it in .ply or .glb.")
    if not neural and kind == ".ply":
        raise BadInput(f"{to.name} cannot hold a body; end it in .glb or .usdz.")
    if not neural and take is not None:
        raise BadInput(f"A body leaves at rest; to export it moving, write: understudy export {take} -o {to.name}")
    grant = rights.authorise(actor, project=f"export {to.name}", script_digest=actor.digest)
    if neural:
        cloud = _standing(actor, place, take, at_s, grant)
        form = exchange.splat_ply if kind == ".ply" else exchange.splat_glb
        return rights.release_model(
            lambda marks: form(cloud, actor, marks), to, actor=actor, grant=grant, title=to.stem
        )
    return rights.release_model(
        lambda marks: exchange.tagged_glb(actor, marks) if kind == ".glb" else exchange.usdz(actor, marks),
        to,
        actor=actor,
        grant=grant,
        title=to.stem,
    )


def _standing(actor: Actor, place: str, take: Path | None, at_s: float, grant: Grant) -> Cloud:
    """Returns the neural avatar of an actor at rest, or as in a take at a second of it."""
    from understudy.hub.performance import Performance, poses
    from understudy.production.still import instant
    from understudy.render.splat.standing import stand

    beat = instant(None if take is None else Performance.open(take), at_s)
    return stand(actor, Place.open(place), next(poses([beat], ANIMATION_RATE_HZ)), grant)


def actor_page(who: str, to: Path, *, place: str = "studio") -> Released:
    """Writes one .html of the actor on a set, to turn and to move in any browser; with an avatar in film's look too.

    Raises as export_actor.
    """
    from understudy import exchange, rights

    actor = Actor.open(who)
    if to.suffix.lower() != ".html":
        raise BadInput(f"{to.name} must end in .html; choose such a name.")
    stage = Place.open(place)
    grant = rights.authorise(actor, project=f"page {to.name}", script_digest=actor.digest)
    plate = _plate(actor, stage)

    def made(marks: Mapping[str, str]) -> bytes:
        if not actor.has_avatar:
            return exchange.page_files(actor, stage, marks, plate=plate)
        from understudy.hub.body import Body
        from understudy.render.splat.afar import packed, setting
        from understudy.render.splat.owned import avatar_of

        avatar_of(actor)  # of this body, or it says so
        body = Body.decode(actor.body_glb, f"The body of {actor.name}")
        avatar = packed(actor.files[MEMBER], body, marks)
        return exchange.page_files(actor, stage, marks, plate=plate, avatar=avatar, setting=setting(body, stage))

    return rights.release_model(
        made,
        to,
        actor=actor,
        grant=grant,
        title=to.stem,
    )


def _plate(actor: Actor, stage: Place) -> bytes:
    """Returns what stands behind the actor in a medium shot, out of focus, as JPEG."""
    import io

    import numpy as np
    from PIL import Image as Pil

    from understudy.hub.body import Body
    from understudy.hub.frames import Shot
    from understudy.render.backdrop import paint
    from understudy.render.framing import frame_actor
    from understudy.render.tone import display_from_scene

    camera = frame_actor(Body.decode(actor.body_glb, f"The body of {actor.name}"), Shot())
    shown = display_from_scene(paint(stage.backdrop, camera), stage.grade)
    picture = Pil.fromarray(np.asarray(np.rint(shown * 255), np.uint8)).resize((1280, 720), Pil.Resampling.BICUBIC)
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=82)
    return stream.getvalue()


def _word(name: str) -> str:
    word = "".join(c if c.isalnum() else "-" for c in name.lower()).strip("-")
    return word or "guest"
