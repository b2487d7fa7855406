"""What an actor is, is what is drawn and heard of it; a portrait is not."""

from dataclasses import replace

from understudy.hub.actor import Actor
from understudy.hub.avatar import MEMBER


def test_an_actor_without_an_avatar_keeps_the_digest_it_always_had() -> None:
    emi = Actor.open("emi")
    assert not emi.has_avatar
    assert emi.digest == "42d8da205d2fafdf8a794ab676790f6c9c8c8717fb4fce8d5ab24dd7dbd21ccd"


def test_an_avatar_is_part_of_what_an_actor_is() -> None:
    emi = Actor.open("emi")
    one, two = (replace(emi, files={**emi.files, MEMBER: data}) for data in (b"one", b"two"))
    assert len({emi.digest, one.digest, two.digest}) == 3 and one.has_avatar


def test_a_portrait_is_not() -> None:
    emi = Actor.open("emi")
    assert replace(emi, files={**emi.files, "portrait.png": b"another"}).digest == emi.digest
