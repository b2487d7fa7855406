import base64
import datetime
import json
from dataclasses import replace
from pathlib import Path

import pytest

from understudy.base.errors import NotAllowed
from understudy.hub.actor import Actor, house_actors
from understudy.hub.rights import ApprovalLevel, Grant, Purpose
from understudy.rights import Ledger, authorise, open_release, pin_house, pinned, sign_licence, trust_licensor
from understudy.rights.granting import require_genuine
from understudy.rights.keys import installation_key, public_text
from understudy.testing.grants import grant_for, walk_on


def refused(actor: Actor, match: str, purpose: Purpose = Purpose.SCRIPTED) -> dict[str, object]:
    """Asserts a refusal and returns the event the ledger has of it."""
    with pytest.raises(NotAllowed, match=match) as caught:
        authorise(actor, purpose=purpose, project="p", script_digest="")
    assert str(caught.value).count(". ") == 0, "one sentence"
    checkpoint = Ledger().checkpoint()
    assert checkpoint is not None
    entry = Ledger().entry(checkpoint.size - 1)
    assert entry is not None and entry.event["decision"] == "deny"
    return entry.event


def test_the_house_pins_match_the_files_that_ship(tmp_path: Path) -> None:
    assert house_actors(), "no house actor ships"
    assert pin_house(tmp_path / "house.json") == pinned(), "run: python -m understudy.rights.house"


@pytest.mark.parametrize("name", house_actors())
def test_the_house_cast_may_perform(name: str) -> None:
    actor = Actor.open(name)
    grant_for(name).require(actor.name, actor.digest)


def test_a_swapped_house_actor_is_refused() -> None:
    emi = Actor.open(house_actors()[0])
    assert refused(replace(emi, body_glb=emi.body_glb + b"\0"), "changed")["rule"] == "house.changed"


def test_a_house_licence_cannot_be_widened() -> None:
    emi = Actor.open(house_actors()[0])
    wider = replace(emi.licence, purposes=(*emi.licence.purposes, Purpose.ADVERTISING))
    refused(replace(emi, licence=wider), "changed", Purpose.ADVERTISING)


def test_an_actor_made_here_may_perform_and_the_ledger_knows() -> None:
    grant = authorise(walk_on(), project="A secret project", script_digest="ab")
    entries = Ledger().find(f"grant:{__import__('hashlib').sha256(grant.token.encode()).hexdigest()}")
    assert len(entries) == 1 and Ledger().proves(entries[0])
    assert entries[0].event["decision"] == "allow"
    assert b"secret" not in entries[0].body


def test_an_actor_without_a_licence_is_refused() -> None:
    assert refused(replace(walk_on(), licence_jws=""), "no signed licence")["rule"] == "licence.missing"


def test_a_licence_changed_after_signing_is_refused() -> None:
    actor = walk_on()
    wider = replace(actor.licence, purposes=tuple(Purpose))
    assert refused(replace(actor, licence=wider), "not the one that was signed")["rule"] == "licence.changed"


def test_a_licence_for_another_body_is_refused() -> None:
    assert refused(replace(walk_on(), body_glb=b"other"), "another actor")["rule"] == "licence.actor"


def test_a_stranger_must_be_trusted_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNDERSTUDY_HOME", str(tmp_path / "agency"))
    actor, public = walk_on("guest"), public_text(installation_key())
    monkeypatch.setenv("UNDERSTUDY_HOME", str(tmp_path / "studio"))
    assert refused(actor, "does not trust")["rule"] == "licence.signature"
    trust_licensor(public, "agency")
    assert grant_for(actor).actor_name == "guest"


@pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "HS256"}, {"alg": "Ed25519", "jwk": {}}])
def test_a_token_cannot_choose_its_own_algorithm_or_key(header: dict[str, object]) -> None:
    actor = walk_on()
    kid = json.loads(base64.urlsafe_b64decode(actor.licence_jws.split(".")[0] + "=="))["kid"]
    head = base64.urlsafe_b64encode(json.dumps({**header, "kid": kid}).encode()).rstrip(b"=").decode()
    token = ".".join([head, *actor.licence_jws.split(".")[1:]])
    refused(replace(actor, licence_jws=token), "does not trust|does not fit")


@pytest.mark.parametrize("token", ["", "a.b.c", "....", "\u2603.x.y"])
def test_a_malformed_token_is_a_refusal_and_no_crash(token: str) -> None:
    refused(replace(walk_on(), licence_jws=token), "licence")


def test_minors_do_not_perform() -> None:
    assert refused(walk_on(age=17), "adults")["rule"] == "age.adult"
    assert grant_for(walk_on(age=18))


@pytest.mark.parametrize("kind", ["employment_based", "independently_created", "voice_only", "post_mortem"])
def test_replicas_of_real_people_are_refused(kind: str) -> None:
    assert refused(walk_on(kind=kind), "real person")["rule"] == "replica.kind"


def test_a_licence_ends_after_its_last_day() -> None:
    today = datetime.datetime.now(datetime.UTC).date()
    assert grant_for(walk_on(ends_on=today.isoformat()))
    yesterday = (today - datetime.timedelta(days=1)).isoformat()
    assert refused(walk_on(ends_on=yesterday), yesterday)["rule"] == "licence.ended"
    assert refused(walk_on(ends_on="next year"), "no date")["rule"] == "licence.date"


def test_a_purpose_that_is_not_named_is_refused() -> None:
    assert refused(walk_on(), "not advertising", Purpose.ADVERTISING)["rule"] == "licence.purpose"
    assert authorise(walk_on(purposes=[Purpose.ADVERTISING]), purpose=Purpose.ADVERTISING, project="", script_digest="")


def test_a_synthetic_actor_cannot_claim_a_persons_approval() -> None:
    actor = walk_on()
    licence = replace(actor.licence, approval=ApprovalLevel.PERSON_APPROVED_FINAL)
    claimed = replace(actor, licence=licence, licence_jws=sign_licence(licence))
    assert refused(claimed, "nobody gave")["rule"] == "licence.approval"


def test_a_changed_grant_does_not_exist(grant: Grant) -> None:
    with pytest.raises(NotAllowed, match="changed"):
        replace(grant, purpose=Purpose.ADVERTISING)
    with pytest.raises(NotAllowed, match="changed"):
        replace(grant, actor_digest="0" * 64)
    with pytest.raises(NotAllowed, match="not genuine"):
        replace(grant, token=grant.token[:-4] + "AAAA")


def test_a_grant_forced_in_memory_is_caught_at_release(grant: Grant, tmp_path: Path) -> None:
    object.__setattr__(grant, "licence_id", "another")
    with pytest.raises(NotAllowed, match="changed"):
        open_release(tmp_path / "a.mp4", grants=[grant], size_px=(64, 64), fps=25, title="", fingerprint="")


def test_a_grant_of_another_key_is_refused_at_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UNDERSTUDY_HOME", str(tmp_path / "elsewhere"))
        foreign = grant_for(walk_on())
    with pytest.raises(NotAllowed, match="not given by this installation"):
        open_release(tmp_path / "a.mp4", grants=[foreign], size_px=(64, 64), fps=25, title="", fingerprint="")
    assert list(tmp_path.glob("*a.mp4*")) == []


def test_nothing_is_released_without_a_grant(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        open_release(tmp_path / "a.mp4", grants=[], size_px=(64, 64), fps=25, title="", fingerprint="")
    with pytest.raises(NotAllowed):
        require_genuine([])
