"""A face made from a person's video: what lets an actor show it, and everything that does not. Ann is nobody."""

import datetime
import json
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from understudy.base.errors import BadInput, NotAllowed
from understudy.hub.actor import Actor, ActorRecord, Identity
from understudy.hub.avatar import MEMBER as AVATAR
from understudy.hub.avatar import taught_by
from understudy.hub.glb import consent_of as consent_in_body
from understudy.hub.portrayal import FACE_CONSENT_MEMBER, FACE_KIND, FACE_MEMBER, Portrayal
from understudy.hub.rights import ApprovalLevel, Consent, Purpose
from understudy.hub.voice import Match, Voice
from understudy.rights import (
    Ledger,
    authorise,
    consent_named,
    face_licence,
    may_match,
    may_portray,
    new_signer,
    read_signer,
    seal_face,
    seal_match,
    sign_consent,
    sign_licence,
    trust_licensor,
    voice_licence,
    withdraw,
    write_consent,
)
from understudy.rights.granting import require_genuine
from understudy.testing.grants import walk_on

VIDEO = "ab" * 32
TODAY = datetime.datetime.now(datetime.UTC).date()
Edit = Callable[[Consent], Consent]


def learned(teacher: str = "video") -> bytes:
    """The beginning of an avatar, as far as the rules read it."""
    head = json.dumps({"avatar": {"teacher": teacher}}).encode() + b"\n"
    return b"USPL" + struct.pack("<I", len(head)) + zlib.compress(head)


@pytest.fixture(scope="module")
def key(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ann") / "ann.pem"
    trust_licensor(new_signer(path), "ann")
    return path


def consent_of(key: Path, edit: Edit = lambda consent: consent, covers: tuple[str, ...] = ("face",)) -> str:
    plain = write_consent(
        person="Ann Nobody", sample_sha256=VIDEO, purposes=(Purpose.SCRIPTED,), uses="the film Rain", covers=covers,
        begins_on=TODAY.isoformat(), ends_on=(TODAY + datetime.timedelta(30)).isoformat(),
    )  # fmt: skip
    return sign_consent(edit(plain), read_signer(key))


def bare(token: str, **record: object) -> Actor:
    identity = Identity(kind=FACE_KIND, portrayal=Portrayal(consent_named(token), VIDEO))
    about = ActorRecord("ann", "Ann", 30, identity=identity)
    return Actor(replace(about, **record), b"glTF", walk_on("base").licence, files={AVATAR: learned()})


def resigned(actor: Actor, **terms: object) -> Actor:
    licence = replace(actor.licence, actor_name=actor.name, actor_digest=actor.digest, **terms)
    return replace(actor, licence=licence, licence_jws=sign_licence(licence))


def showing(token: str, **terms: object) -> Actor:
    """Returns an actor with Ann's face, licensed here. terms: what its licence says otherwise than it should."""
    sealed = seal_face(bare(token), token)
    return resigned(replace(sealed, licence=face_licence(sealed.licence, sealed)), **terms)


def refused(actor: Actor, match: str, purpose: Purpose = Purpose.SCRIPTED) -> str:
    with pytest.raises(NotAllowed, match=match):
        authorise(actor, purpose=purpose, project="p", script_digest="")
    checkpoint = Ledger().checkpoint()
    assert checkpoint is not None
    entry = Ledger().entry(checkpoint.size - 1)
    assert entry is not None and entry.event["decision"] == "deny"
    return str(entry.event["rule"])


def test_a_person_who_signed_lets_an_actor_have_their_face(key: Path) -> None:
    token = consent_of(key)
    actor = showing(token)
    terms = actor.licence
    assert (terms.kind, terms.approval) == (FACE_KIND, ApprovalLevel.PERSON_APPROVED_USE)
    assert terms.purposes == (Purpose.SCRIPTED,) and terms.ends_on == (TODAY + datetime.timedelta(30)).isoformat()
    grant = authorise(actor, project="rain", script_digest="")
    assert grant.approval is ApprovalLevel.PERSON_APPROVED_USE
    entries = Ledger().find(f"consent:{consent_named(token)}")
    assert [e.event["kind"] for e in entries[::-1]] == ["consent.verified", "face.portrayed"]
    assert not any(b"Ann" in e.body for e in entries)


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (lambda c: replace(c, covers=("voice",)), "not the face"),
        (lambda c: replace(c, covers=()), "covers nothing"),
        (lambda c: replace(c, sample_sha256="cd" * 32), "another video"),
        (lambda c: replace(c, ends_on=(TODAY - datetime.timedelta(1)).isoformat(), begins_on="2020-01-01"), "ended"),
        (lambda c: replace(c, ends_on=""), "no end"),
        (lambda c: replace(c, adult=False), "adults"),
        (lambda c: replace(c, purposes=()), "no use"),
    ],
)
def test_a_consent_that_does_not_fit_lets_nobody_be_portrayed(key: Path, edit: Edit, why: str) -> None:
    with pytest.raises(NotAllowed, match=why):
        may_portray(consent_of(key, edit), VIDEO)


def test_without_a_consent_or_with_a_strangers_nobody_is_portrayed(key: Path, tmp_path: Path) -> None:
    new_signer(tmp_path / "stranger.pem")
    for token in ("", "no token", sign_licence(walk_on().licence), consent_of(tmp_path / "stranger.pem")):
        with pytest.raises(NotAllowed):
            may_portray(token, VIDEO)


def test_a_consent_for_the_face_is_none_for_the_voice(key: Path) -> None:
    with pytest.raises(NotAllowed, match="not the voice"):
        may_match(consent_of(key), VIDEO)
    both = consent_of(key, covers=("voice", "face"))
    assert may_match(both, VIDEO).covers == may_portray(both, VIDEO).covers == ("voice", "face")
    with pytest.raises(BadInput, match="covers voice or face"):
        consent_of(key, covers=("hands",))


def test_what_is_read_before_signing_says_which_part(key: Path) -> None:
    days = {"purposes": (Purpose.SCRIPTED,), "uses": "u", "ends_on": TODAY.isoformat(), "sample_sha256": VIDEO}
    face = write_consent(person="A", covers=("face",), **days).text
    both = write_consent(person="A", covers=("voice", "face"), **days).text
    assert "given my face" in face and "one video" in face and "voice" not in face
    assert "matched to mine and a synthetic actor to be given my face" in both


@pytest.mark.parametrize("member", [FACE_CONSENT_MEMBER, FACE_MEMBER])
def test_an_actor_that_lost_a_signature_is_refused(key: Path, member: str) -> None:
    actor = showing(consent_of(key))
    files = {name: data for name, data in actor.files.items() if name != member}
    assert refused(replace(actor, files=files), "consent|portrayal") in ("replica.kind", "face.consent")


def test_a_face_cannot_be_hidden_by_its_licence_or_its_identity(key: Path) -> None:
    token = consent_of(key)
    for hidden in ({"kind": "synthetic"}, {"kind": "voice_only"}, {"approval": ApprovalLevel.FULLY_SYNTHETIC}):
        assert refused(showing(token, **hidden), "hides") == "face.licence"
    actor = showing(token)
    for identity in (Identity(), replace(actor.record.identity, kind="synthetic")):
        told = replace(actor, record=replace(actor.record, identity=identity))
        assert refused(resigned(told), "hides") == "face.licence"
    # an avatar that was learned from a video, in an actor that says of nobody that it is theirs
    stripped = walk_on("quiet")
    terms = {"kind": "synthetic", "approval": ApprovalLevel.FULLY_SYNTHETIC}
    refused(resigned(replace(stripped, files={AVATAR: learned()}), **terms), "hides")
    refused(resigned(replace(stripped, files={AVATAR: b"USPLdamaged"}), **terms), "hides")
    assert authorise(resigned(replace(stripped, files={AVATAR: learned("film")})), project="p", script_digest="")
    assert (taught_by(learned("raster")), taught_by(b"")) == ("raster", "video")


def test_a_face_that_names_nobody_is_refused(key: Path) -> None:
    actor = showing(consent_of(key))
    silent = replace(actor, record=replace(actor.record, identity=Identity(kind=FACE_KIND)))
    assert refused(resigned(silent), "names no person") == "face.consent"


def test_a_body_or_an_avatar_changed_after_it_was_made_is_refused(key: Path) -> None:
    actor = showing(consent_of(key))
    other = replace(actor, files={**actor.files, AVATAR: learned() + b"\0"})
    for changed in (
        other,
        replace(actor, body_glb=b"glTF2"),
        replace(actor, files={**actor.files, AVATAR: learned("film")}),
    ):
        refused(changed, "another actor or an earlier version")
        assert refused(resigned(changed), "not the one that was made") == "face.consent"


def test_a_body_with_a_persons_face_names_their_consent_and_nothing_else_takes_it_in() -> None:
    from understudy.casting.groom import packed_groom
    from understudy.hub.glb_change import Change, changed

    plain = Actor.open("emi").body_glb
    shaped = changed(plain, Change(of_person="urn:consent:ann"), packed_groom)
    assert consent_in_body(shaped) == "urn:consent:ann" and consent_in_body(plain) == ""
    assert consent_in_body(shaped[:40]) == "unreadable"
    from understudy.exchange import tagged_glb

    assert consent_in_body(tagged_glb(walk_on("gone", body_glb=shaped), {"notice": "AI"})) == "urn:consent:ann"
    # the avatar is taken out, and the actor says that the face is nobody's
    borrowed = walk_on("borrowed", body_glb=shaped)
    assert borrowed.shows_person and not walk_on("own", body_glb=plain).shows_person
    with pytest.raises(NotAllowed, match=r"person|consent"):
        authorise(borrowed, project="p", script_digest="")


def test_the_consent_of_another_video_does_not_help(key: Path) -> None:
    mine, other = showing(consent_of(key)), showing(consent_of(key))
    members = {name: other.files[name] for name in (FACE_CONSENT_MEMBER, FACE_MEMBER)}
    assert refused(replace(mine, files={**mine.files, **members}), "another consent") == "face.consent"


def test_a_use_the_person_did_not_name_is_refused(key: Path) -> None:
    wider = showing(consent_of(key), purposes=tuple(Purpose))
    assert refused(wider, "not live_conversation", Purpose.LIVE_CONVERSATION) == "face.purpose"
    assert refused(showing(consent_of(key), prohibitions=()), "drops") == "face.prohibitions"


def test_a_withdrawn_consent_stops_new_work_and_what_is_under_way(key: Path) -> None:
    token = consent_of(key)
    actor = showing(token)
    grant = authorise(actor, project="p", script_digest="")
    require_genuine([grant])
    withdraw(consent_named(token))
    assert refused(actor, "withdrew") == "face.consent"
    with pytest.raises(NotAllowed, match="withdrew"):
        require_genuine([grant])
    with pytest.raises(NotAllowed, match="withdrew"):
        seal_face(bare(token), token)


def test_a_face_and_a_voice_need_both_leaves_and_either_can_be_withdrawn(key: Path) -> None:
    for gone in (0, 1):
        face, voice = consent_of(key), consent_of(key, covers=("voice",))
        match = Match(consent_named(voice), VIDEO, 0.7)
        likeness = seal_match(Voice(engines=("kokoro/emi*0.600+mei*0.400",), match=match), voice)
        sealed = seal_face(bare(face, voice=likeness.voice), face)
        both = replace(sealed, files={**sealed.files, **likeness.members()})
        terms = voice_licence(face_licence(both.licence, both), likeness)
        assert terms.kind == FACE_KIND
        actor = resigned(replace(both, licence=terms))
        grant = authorise(actor, project="p", script_digest="")
        withdraw(consent_named((face, voice)[gone]))
        assert refused(actor, "withdrew") == ("face.consent", "voice.consent")[gone]
        with pytest.raises(NotAllowed, match="withdrew"):
            require_genuine([grant])
