"""An actor is given a matched voice; Ann, who signs for it, is nobody."""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from understudy.base.errors import BadInput, NotAllowed
from understudy.hub.actor import Actor
from understudy.hub.likeness import Likeness
from understudy.hub.rights import ApprovalLevel, Purpose
from understudy.hub.voice import Match, Voice
from understudy.production.voicing import give_voice, match_voice
from understudy.rights import (
    authorise,
    new_signer,
    read_signer,
    seal_match,
    sign_consent,
    trust_licensor,
    write_consent,
)
from understudy.testing.grants import walk_on

SAMPLE = "ab" * 32


@pytest.fixture(scope="module")
def likeness(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A `.voice` under a consent for scripted work in the next thirty days."""
    folder = tmp_path_factory.mktemp("voice")
    trust_licensor(new_signer(folder / "ann.pem"), "ann")
    last = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(30)
    consent = write_consent(
        person="Ann", sample_sha256=SAMPLE, purposes=(Purpose.SCRIPTED,), uses="a film", ends_on=last.isoformat()
    )
    voice = Voice(engines=("kokoro/emi*0.600+mei*0.400",), match=Match(consent.consent_id, SAMPLE, 0.7))
    seal_match(voice, sign_consent(consent, read_signer(folder / "ann.pem"))).save(folder / "ann.voice")
    return folder / "ann.voice"


@pytest.fixture(scope="module")
def walker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A walk-on licensed by this installation."""
    path = tmp_path_factory.mktemp("walker") / "walker.actor"
    walk_on("walker").save(path)
    return path


@pytest.fixture(scope="module")
def rain(likeness: Path, walker: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("actor") / "rain.actor"
    give_voice(likeness, str(walker), path)
    return path


def test_the_licence_follows_from_the_actors_own_and_the_consent(rain: Path, walker: Path) -> None:
    actor, before = Actor.open(rain), Actor.open(walker)
    terms = actor.licence
    assert (terms.kind, terms.approval) == ("voice_only", ApprovalLevel.PERSON_APPROVED_USE)
    assert terms.purposes == (Purpose.SCRIPTED,) and terms.ends_on
    assert set(terms.prohibitions) >= set(before.licence.prohibitions)
    assert actor.body_glb == before.body_glb and actor.record.voice.matched
    assert authorise(actor, project="p", script_digest="").approval is ApprovalLevel.PERSON_APPROVED_USE
    for purpose in (Purpose.LIVE_CONVERSATION, Purpose.ADVERTISING):
        with pytest.raises(NotAllowed, match="allows scripted"):
            authorise(actor, purpose=purpose, project="p", script_digest="")


def test_a_voice_is_not_given_twice_nor_to_an_actor_of_somebody_else(
    rain: Path, likeness: Path, tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match="matched voice already"):
        give_voice(likeness, str(rain), tmp_path / "a.actor")
    replace(walk_on(), licence_jws="").save(tmp_path / "changed.actor")
    with pytest.raises(NotAllowed, match="somebody else"):
        give_voice(likeness, str(tmp_path / "changed.actor"), tmp_path / "a.actor")
    assert not (tmp_path / "a.actor").exists()


def test_a_voice_changed_in_its_file_is_not_given(likeness: Path, walker: Path, tmp_path: Path) -> None:
    held = Likeness.open(likeness)
    replace(held, voice=replace(held.voice, pitch_st=2.0)).save(tmp_path / "other.voice")
    with pytest.raises(NotAllowed, match="not the one that was matched"):
        give_voice(tmp_path / "other.voice", str(walker), tmp_path / "a.actor")
    assert not (tmp_path / "a.actor").exists()


def test_nothing_is_heard_before_there_is_leave(tmp_path: Path) -> None:
    sample = tmp_path / "sample.wav"
    sample.write_bytes(b"not even a sound")
    with pytest.raises(NotAllowed, match="signed consent"):
        match_voice(sample, tmp_path / "a.voice", consent="")
    assert not (tmp_path / "a.voice").exists()
