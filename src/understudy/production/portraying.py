"""A person who signed for it, whose movement in a video is known, becomes an actor; without consent nothing is read.

consent -> pictures, poses -> who is in them -> camera -> coverage -> light -> shape, textures -> lessons -> the actor,
sealed and licensed
"""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from understudy.base.errors import BadInput, Interrupted, NotAllowed, Unavailable
from understudy.hub.actor import Actor, ActorRecord, Identity
from understudy.hub.avatar import MEMBER, VIDEO, Avatar
from understudy.hub.body import Body
from understudy.hub.performance import Performance
from understudy.hub.portrayal import FACE_KIND, Portrayal
from understudy.hub.rights import Consent, Purpose
from understudy.production.footage import Clip, poses_at, read_clip
from understudy.production.progress import Listener, Progress
from understudy.production.sculpting import Sculpted, sculpt
from understudy.production.sitting import CPU_MINUTES, VIEWS
from understudy.production.viewing import Viewed, view_clip

_OF_THE_BASE = ("portrait.png", "recipe.toml", MEMBER)
"""Members that show or make the base actor and not the person."""


@dataclass(frozen=True)
class PortrayalOptions:
    """How an actor is made from a video."""

    shot: str = ""
    """close, medium or wide when the video is framed so; '' finds where the camera stood."""
    place: str = ""
    """The set whose light is on the person; '' guesses it."""
    views: int = VIEWS
    """Most pictures of the video that are used, those held out to measure with included."""
    minutes: float = CPU_MINUTES
    """Minutes of computing for learning."""
    steps: int = 0
    """So many steps of learning in place of minutes; they come to the same on every machine."""
    size_px: int = 512
    """Height at which the video is learned from."""
    count: int = 80_000
    """Gaussians; 80,000 make about 3 MB."""
    seed: int = 1
    shape: bool = True
    """Whether shape and textures become the person's, for all looks; else the neural look alone learns."""


@dataclass(frozen=True)
class Portrayed:
    """What came of it. path: the actor. scores: PSNR in dB and SSIM; 'expression' is of moments held out, 'first' of
    those before anything was learned, 'training' of moments it knew. notes: what was assumed, guessed or left unknown.
    """

    path: Path
    scores: dict[str, tuple[float, float]]
    bytes: int
    steps: int
    consent_id: str
    ends_on: str
    notes: tuple[str, ...]


def portray(
    base: Actor | str,
    video: Path,
    to: Path,
    *,
    take: Path,
    consent: str,
    plate: Path | None = None,
    options: PortrayalOptions = PortrayalOptions(),
    listener: Listener | None = None,
) -> Portrayed:
    """Makes an actor from a video and writes it at `to` (.actor): the body of `base`, the person's look, their terms.

    take: how the person moves in it. consent: their compact JWS, checked before a picture is looked at. plate: picture
    of the empty set. What was learned waits, sealed, beside `to` while work is interrupted; the same call goes on.
    Raises NotAllowed, BadInput, Unavailable, Interrupted; then nothing is written at `to`.
    """
    from understudy import rights
    from understudy.render.splat.lessons import learn

    if to.suffix != ".actor":
        raise BadInput(f"'{to.name}' must end in .actor; choose such a name.")
    if options.minutes <= 0 or options.steps < 0 or options.count < 1000:
        raise BadInput("An avatar needs time and Gaussians; give --minutes above 0 and at least 1000 Gaussians.")
    digest = _digest(video)
    given = rights.may_portray(consent, digest)
    who = base if isinstance(base, Actor) else Actor.open(base)
    grant = rights.authorise(
        who, purpose=_purpose(who, given), project=f"portrayal on {who.name}", script_digest=digest
    )
    performance = Performance.open(take)
    looks = replace(options, minutes=1.0, steps=0)
    about = hashlib.sha256(
        repr((digest, given.consent_id, _moves(performance), looks, _plated(plate))).encode()
    ).hexdigest()
    try:
        clip = read_clip(video, count=options.views, height_px=options.size_px, within_s=performance.duration_s)
        body = Body.decode(who.body_glb, f"The body of {who.name}")
        viewed = view_clip(clip, poses_at(performance, clip), body, plate=plate, shot=options.shot, place=options.place)
        room = rights.open_workroom(to, grant=grant, about=about)

        def told(spent: float, of: float, word: str) -> None:
            if listener is not None:
                listener(
                    Progress(spent, of, None, f"learning {word}" if word.startswith("the ") else f"learning, {word}")
                )

        sculpted = None
        if options.shape:
            sculpted = sculpt(who, body, viewed.views, consent_id=given.consent_id, grant=grant, notes=room, told=told)
        body_glb, views = (sculpted.body_glb, sculpted.views) if sculpted else (who.body_glb, viewed.views)
        report = learn(
            Body.decode(body_glb, "The body of the person"),
            views,
            body_sha256=hashlib.sha256(body_glb).hexdigest(),
            teacher=VIDEO,
            cpu_s=options.minutes * 60,
            steps=options.steps,
            count=options.count,
            seed=options.seed,
            notes=room,
            told=told,
        )
    except KeyboardInterrupt:
        raise Interrupted("Stopped. What was learned is kept; the same command goes on.") from None
    except MemoryError as error:
        raise Unavailable(
            "There is too little memory for this training; what was learned is kept. Close other programs, or give "
            "fewer --views or a smaller --size, and run the same command again."
        ) from error
    made = _licensed(who, body_glb, report.avatar, Portrayal(given.consent_id, digest), consent, to.stem)
    made.save(to)
    room.clear()
    scores = {name: (f.psnr_db, f.ssim) for name, f in report.scores.items()}
    return Portrayed(
        to,
        scores,
        len(made.files[MEMBER]),
        report.steps,
        given.consent_id,
        made.licence.ends_on,
        _notes(viewed, clip, sculpted),
    )


def _licensed(who: Actor, body_glb: bytes, avatar: Avatar, portrayal: Portrayal, consent: str, stem: str) -> Actor:
    """Returns the actor with the person's face, sealed, on the terms that base and consent both allow."""
    from understudy import rights

    name = "".join(c if c.isalnum() else "-" for c in stem.lower()).strip("-") or "guest"
    record = ActorRecord(
        name=name,
        display_name=stem.strip().title(),
        age=who.record.age,
        voice=who.record.voice,
        persona=who.record.persona,
        identity=Identity(kind=FACE_KIND, made_with={"body": who.name}, portrayal=portrayal),
        summary="Made from a video of a person, with their consent.",
    )
    files = {member: data for member, data in who.files.items() if member not in _OF_THE_BASE}
    sealed = rights.seal_face(Actor(record, body_glb, who.licence, files={**files, MEMBER: avatar.encode()}), consent)
    terms = replace(rights.face_licence(who.licence, sealed), actor_name=name, licensor="this installation")
    licence = replace(terms, actor_digest=sealed.digest, licence_id=f"{name}-{sealed.digest[:12]}")
    made = replace(sealed, licence=licence, licence_jws=rights.sign_licence(licence))
    rights.authorise(made, purpose=licence.purposes[0], project=f"portrayal {name}", script_digest=made.digest)
    return made


def _purpose(who: Actor, given: Consent) -> Purpose:
    """Returns a purpose that both the base and the person allow. Raises NotAllowed or BadInput."""
    from understudy import rights

    if who.shows_person:
        raise BadInput(f"{who.name} has a person's face already; start from an actor whose face is nobody's.")
    if not rights.licensed_here(who):
        raise NotAllowed(
            f"{who.name} is licensed by somebody else, who would have to sign for another face; use an actor of yours."
        )
    both = [purpose for purpose in who.licence.purposes if purpose in given.purposes]
    if not both:
        raise NotAllowed(
            f"The consent {given.consent_id} allows {', '.join(given.purposes)} and the licence of {who.name} "
            f"{', '.join(who.licence.purposes) or 'nothing'}; nothing is allowed by both."
        )
    return both[0]


def _notes(viewed: Viewed, clip: Clip, sculpted: Sculpted | None) -> tuple[str, ...]:
    used = f"{len(viewed.views)} of {len(clip.pictures)} pictures used."
    shape = "The shape and the textures stay those of the base actor; only the neural look shows the person."
    if sculpted is not None:
        shape = (
            f"The face was moved by {sculpted.moved_mm:.1f} mm on average and painted; hair and brows keep their form."
        )
    return (used, *viewed.notes, shape)


def _digest(video: Path) -> str:
    if not video.is_file():
        raise BadInput(f"There is no video at {video}; give the file that the consent names.")
    with video.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _plated(plate: Path | None) -> str:
    return hashlib.sha256(plate.read_bytes()).hexdigest() if plate is not None and plate.is_file() else ""


def _moves(performance: Performance) -> str:
    seal = hashlib.sha256()
    for name in sorted(performance.tracks):
        seal.update(name.encode() + np.ascontiguousarray(performance.tracks[name].values).tobytes())
    return seal.hexdigest()
