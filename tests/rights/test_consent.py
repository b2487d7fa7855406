"""A voice matched to a person's: what lets an actor speak with it, and everything that does not."""

import base64
import datetime
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from understudy.base.errors import BadInput, NotAllowed
from understudy.hub.actor import Actor, ActorRecord, Identity
from understudy.hub.likeness import CONSENT_MEMBER, MATCH_MEMBER, Likeness
from understudy.hub.rights import ApprovalLevel, Consent, Licence, Purpose
from understudy.hub.voice import Match, Voice
from understudy.rights import (
    Ledger,
    authorise,
    consent_named,
    may_match,
    new_signer,
    read_signer,
    release_sound,
    seal_match,
    sign_consent,
    sign_licence,
    trust_licensor,
    verify,
    voice_licence,
    withdraw,
    write_consent,
)
from understudy.rights.granting import require_genuine
from understudy.rights.keys import installation_key, public_text
from understudy.testing.grants import walk_on

SAMPLE = "ab" * 32
TODAY = datetime.datetime.now(datetime.UTC).date()
MIX = Voice(engines=("kokoro/emi*0.600+mei*0.400",), pitch_st=1.0)
Edit = Callable[[Consent], Consent]


@pytest.fixture(scope="module")
def key(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The key file of Ann, whom this installation trusts. Ann is nobody."""
    path = tmp_path_factory.mktemp("ann") / "ann.pem"
    trust_licensor(new_signer(path), "ann")
    return path


def consent_of(key: Path, edit: Edit = lambda consent: consent) -> str:
    days = {"begins_on": TODAY.isoformat(), "ends_on": (TODAY + datetime.timedelta(30)).isoformat()}
    plain = write_consent(
        person="Ann Nobody", sample_sha256=SAMPLE, purposes=(Purpose.SCRIPTED,), uses="the film Rain", **days
    )
    return sign_consent(edit(plain), read_signer(key))


def likeness_of(token: str) -> Likeness:
    return seal_match(replace(MIX, match=Match(consent_named(token), SAMPLE, 0.7)), token)


def speaking(likeness: Likeness, *, voice: Voice | None = None, **terms: object) -> Actor:
    """Returns an actor with that voice, licensed here. terms: what its licence says otherwise than it should."""
    base = walk_on("walker").licence
    licence = replace(voice_licence(base, likeness), **terms)
    record = ActorRecord("walker", "Walker", 30, voice=voice or likeness.voice, identity=Identity())
    bare = Actor(record, b"glTF", licence, files=likeness.members())
    return resigned(bare)


def resigned(actor: Actor) -> Actor:
    licence = replace(actor.licence, actor_digest=actor.digest)
    return replace(actor, licence=licence, licence_jws=sign_licence(licence))


def refused(actor: Actor, match: str, purpose: Purpose = Purpose.SCRIPTED) -> dict[str, object]:
    with pytest.raises(NotAllowed, match=match):
        authorise(actor, purpose=purpose, project="p", script_digest="")
    checkpoint = Ledger().checkpoint()
    assert checkpoint is not None
    entry = Ledger().entry(checkpoint.size - 1)
    assert entry is not None and entry.event["decision"] == "deny"
    return entry.event


def test_a_person_who_signed_lets_an_actor_speak_and_every_mark_says_so(key: Path, tmp_path: Path) -> None:
    import numpy as np

    from understudy.base.audio import Audio

    token = consent_of(key)
    actor = speaking(likeness_of(token))
    grant = authorise(actor, project="rain", script_digest="")
    assert grant.approval is ApprovalLevel.PERSON_APPROVED_USE
    found = [entry.event for entry in Ledger().find(f"consent:{consent_named(token)}")]
    assert [event["kind"] for event in found[::-1]] == ["consent.verified", "voice.matched"]
    assert not any(b"Ann" in entry.body for entry in Ledger().find(f"consent:{consent_named(token)}"))
    sound = Audio(np.random.default_rng(0).normal(0, 0.1, 8000).astype(np.float32), 16_000)
    released = release_sound(sound, tmp_path / "a.wav", grant=grant, title="a")
    assert verify(released.path).approval == ("person approved the use",)


def test_the_file_of_an_actor_keeps_its_consent(key: Path, tmp_path: Path) -> None:
    actor = speaking(likeness_of(consent_of(key)))
    actor.save(tmp_path / "walker.actor")
    assert authorise(Actor.open(tmp_path / "walker.actor"), project="p", script_digest="")


@pytest.mark.parametrize("member", [CONSENT_MEMBER, MATCH_MEMBER])
def test_an_actor_that_lost_its_consent_is_refused(key: Path, member: str) -> None:
    actor = speaking(likeness_of(consent_of(key)))
    files = {name: data for name, data in actor.files.items() if name != member}
    assert refused(replace(actor, files=files), "consent|match")["rule"] == "voice.consent"


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (lambda c: replace(c, covers=("face",)), "not the voice"),
        (lambda c: replace(c, covers=()), "covers nothing"),
        (lambda c: replace(c, sample_sha256="cd" * 32), "another recording"),
        (lambda c: replace(c, ends_on=(TODAY - datetime.timedelta(1)).isoformat(), begins_on="2020-01-01"), "ended"),
        (lambda c: replace(c, begins_on=(TODAY + datetime.timedelta(1)).isoformat()), "begins on"),
        (lambda c: replace(c, ends_on=""), "no end"),
        (lambda c: replace(c, ends_on=(TODAY + datetime.timedelta(4000)).isoformat()), "10 years"),
        (lambda c: replace(c, adult=False), "adults"),
        (lambda c: replace(c, person=""), "no person"),
        (lambda c: replace(c, purposes=()), "no use"),
    ],
)
def test_a_consent_that_does_not_fit_lets_nothing_be_matched(key: Path, edit: Edit, why: str) -> None:
    token = consent_of(key, edit)
    with pytest.raises(NotAllowed, match=why):
        may_match(token, SAMPLE)


def test_nothing_is_matched_without_a_consent(key: Path) -> None:
    for token in ("", "a.b.c", "no token", sign_licence(walk_on().licence)):
        with pytest.raises(NotAllowed):
            may_match(token, SAMPLE)


def test_a_consent_for_another_recording_lets_nothing_be_matched(key: Path) -> None:
    token = consent_of(key)
    assert may_match(token, SAMPLE)
    with pytest.raises(NotAllowed, match="another recording"):
        may_match(token, "cd" * 32)


def test_a_stranger_and_this_installation_cannot_sign_for_a_person(key: Path, tmp_path: Path) -> None:
    stranger = tmp_path / "stranger.pem"
    new_signer(stranger)
    with pytest.raises(NotAllowed, match="does not trust"):
        may_match(consent_of(stranger), SAMPLE)
    own = installation_key()
    trust_licensor(public_text(own), "ourselves")
    token = sign_consent(
        write_consent(
            person="Ann", sample_sha256=SAMPLE, purposes=(Purpose.SCRIPTED,), uses="u", ends_on=TODAY.isoformat()
        ),
        own,
    )
    with pytest.raises(NotAllowed, match="does not trust"):
        may_match(token, SAMPLE)


def test_a_consent_changed_after_signing_is_refused(key: Path) -> None:
    head, body, signature = consent_of(key).split(".")
    terms = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    terms["purposes"].append("advertising")
    forged = base64.urlsafe_b64encode(json.dumps(terms).encode()).rstrip(b"=").decode()
    with pytest.raises(NotAllowed, match="changed after signing"):
        may_match(f"{head}.{forged}.{signature}", SAMPLE)


def test_a_use_the_person_did_not_name_is_refused(key: Path) -> None:
    likeness = likeness_of(consent_of(key))
    assert voice_licence(walk_on().licence, likeness).purposes == (Purpose.SCRIPTED,)
    wider = speaking(likeness, purposes=tuple(Purpose))
    assert authorise(wider, project="p", script_digest="")
    assert refused(wider, "not advertising", Purpose.ADVERTISING)["rule"] == "voice.purpose"


def test_a_licence_cannot_drop_what_the_person_forbids_or_hide_the_person(key: Path) -> None:
    likeness = likeness_of(consent_of(key))
    assert refused(speaking(likeness, prohibitions=()), "drops")["rule"] == "voice.prohibitions"
    for hidden in ({"kind": "synthetic"}, {"approval": ApprovalLevel.FULLY_SYNTHETIC}):
        assert refused(speaking(likeness, **hidden), "hides")["rule"] == "voice.licence"


def test_a_mixture_that_says_nothing_of_its_person_is_refused(key: Path) -> None:
    likeness = likeness_of(consent_of(key))
    quiet = speaking(likeness, voice=MIX)
    assert refused(quiet, "names no person")["rule"] == "voice.consent"
    synthetic = walk_on("quiet")
    record = replace(synthetic.record, voice=MIX)
    assert refused(resigned(replace(synthetic, record=record)), "hides")["rule"] == "voice.licence"


@pytest.mark.parametrize(
    "edit",
    [
        lambda v: replace(v, engines=("kokoro/emi*0.500+mei*0.500",)),
        lambda v: replace(v, pitch_st=3.0),
        lambda v: replace(v, match=replace(v.match, similarity=0.99)),
    ],
)
def test_a_voice_changed_after_it_was_matched_is_refused(key: Path, edit: Callable[[Voice], Voice]) -> None:
    likeness = likeness_of(consent_of(key))
    assert refused(speaking(likeness, voice=edit(likeness.voice)), "not the one that was matched")


def test_the_consent_of_another_voice_does_not_help(key: Path) -> None:
    mine, other = likeness_of(consent_of(key)), likeness_of(consent_of(key))
    actor = speaking(mine)
    assert refused(replace(actor, files=other.members()), "another consent")["rule"] == "voice.consent"


def test_what_was_tampered_with_in_the_file_is_refused(key: Path) -> None:
    actor = speaking(likeness_of(consent_of(key)))
    louder = replace(actor, record=replace(actor.record, voice=Voice()))
    refused(louder, "another actor or an earlier version")


def test_a_withdrawn_consent_stops_new_work_and_work_that_is_under_way(key: Path) -> None:
    token = consent_of(key)
    actor = speaking(likeness_of(token))
    grant = authorise(actor, project="p", script_digest="")
    require_genuine([grant])
    withdraw(consent_named(token))
    refused(actor, "withdrew")
    with pytest.raises(NotAllowed, match="withdrew"):
        require_genuine([grant])


def test_a_grant_ends_with_the_consent(key: Path) -> None:
    likeness = likeness_of(consent_of(key))
    grant = authorise(speaking(likeness, ends_on=""), project="p", script_digest="")
    from understudy.rights.granting import grant_digest

    (entry,) = Ledger().find(f"grant:{grant_digest(grant)}")
    assert entry.event["ends_on"] == (TODAY + datetime.timedelta(30)).isoformat()
    assert str(entry.event["consent_id"]).startswith("consent-")


def test_a_real_face_is_refused_with_any_consent(key: Path) -> None:
    actor = speaking(likeness_of(consent_of(key)))
    record = replace(actor.record, identity=Identity(kind="independently_created"))
    assert refused(resigned(replace(actor, record=record)), "real person")["rule"] == "replica.kind"


def test_a_key_is_never_written_over_and_a_consent_needs_a_day(key: Path) -> None:
    with pytest.raises(BadInput, match="never written over"):
        new_signer(key)
    for day in ("", "soon", "2001-01-01", (TODAY + datetime.timedelta(5000)).isoformat()):
        with pytest.raises(BadInput):
            write_consent(person="A", sample_sha256=SAMPLE, purposes=(Purpose.SCRIPTED,), uses="u", ends_on=day)


def test_licences_of_the_house_are_as_they_were() -> None:
    assert Licence("a", "b", "c", "d").kind == "synthetic"
    assert not Voice().matched and MIX.matched
