"""An avatar is put into its actor only where its licence can be signed again."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from understudy.base.errors import BadInput, NotAllowed
from understudy.hub.actor import Actor
from understudy.hub.avatar import MEMBER, Avatar
from understudy.production.avatar import fitted
from understudy.rights import authorise, licensed_here
from understudy.testing.avatars import sown
from understudy.testing.grants import walk_on


@pytest.fixture(scope="module")
def avatar() -> Avatar:
    return sown(Actor.open("emi").body_glb)


def of_body(avatar: Avatar, body_glb: bytes) -> Avatar:
    return replace(avatar, record=replace(avatar.record, body_sha256=hashlib.sha256(body_glb).hexdigest()))


def test_a_house_actor_with_an_avatar_works_under_a_licence_of_this_machine(avatar: Avatar, tmp_path: Path) -> None:
    emi = Actor.open("emi")
    made = fitted(emi, avatar)
    made.save(tmp_path / "emi.actor")
    again = Actor.open(tmp_path / "emi.actor")
    assert again.has_avatar and Avatar.decode(again.files[MEMBER]).count == avatar.count
    assert authorise(again, project="p", script_digest="").actor_digest == again.digest != emi.digest
    assert licensed_here(again) and again.licence.licensor == "this installation"
    before, after = (replace(a.licence, actor_digest="", licence_id="", licensor="") for a in (emi, again))
    assert before == after


def test_an_avatar_swapped_in_the_file_is_not_licensed(avatar: Avatar) -> None:
    made = fitted(Actor.open("emi"), avatar)
    other = avatar.picked(avatar.opacity > 0.75)
    swapped = replace(made, files={**made.files, MEMBER: other.encode()})
    with pytest.raises(NotAllowed, match="license it again"):
        authorise(swapped, project="p", script_digest="")
    with pytest.raises(NotAllowed, match="license it again"):
        fitted(swapped, avatar)


def test_an_avatar_added_to_a_house_actor_by_hand_is_a_changed_actor(avatar: Avatar) -> None:
    emi = Actor.open("emi")
    with pytest.raises(NotAllowed, match="was changed"):
        authorise(replace(emi, files={**emi.files, MEMBER: avatar.encode()}), project="p", script_digest="")


def test_a_newer_avatar_takes_the_place_of_the_older(avatar: Avatar) -> None:
    made = fitted(Actor.open("emi"), avatar)
    newer = fitted(made, avatar.picked(avatar.opacity > 0.75))
    assert newer.digest != made.digest
    assert Avatar.decode(newer.files[MEMBER]).count < avatar.count
    assert authorise(newer, project="p", script_digest="")


def test_an_actor_of_somebody_elses_is_refused(avatar: Avatar) -> None:
    theirs = replace(walk_on("theirs"), licence_jws="")
    with pytest.raises(NotAllowed, match="licensed by somebody else"):
        fitted(theirs, of_body(avatar, theirs.body_glb))


def test_an_actor_who_may_not_work_is_refused(avatar: Avatar) -> None:
    ended = walk_on("ended", ends_on="2020-01-01")
    with pytest.raises(NotAllowed, match="ended on"):
        fitted(ended, of_body(avatar, ended.body_glb))


def test_an_avatar_of_another_body_is_refused(avatar: Avatar) -> None:
    with pytest.raises(BadInput, match="another body"):
        fitted(walk_on("other"), avatar)


def test_an_avatar_from_a_file_is_put_in_and_other_files_are_refused(tmp_path: Path) -> None:
    from understudy.base.errors import UnknownName
    from understudy.production.avatar import fit, house_avatars
    from understudy.testing.avatars import sown

    file = tmp_path / "emi.splats"
    file.write_bytes(sown(Actor.open("emi").body_glb, 1500).encode())
    made = fit("emi", tmp_path / "emi.actor", avatar=file)
    assert Actor.open(tmp_path / "emi.actor").digest == made.digest
    with pytest.raises(BadInput, match="another body"):
        fit("jonah", tmp_path / "b.actor", avatar=file)
    with pytest.raises(BadInput, match="no avatar at"):
        fit("emi", tmp_path / "b.actor", avatar=tmp_path / "none.splats")
    with pytest.raises(UnknownName):
        fit(walk_on("nobody"), tmp_path / "b.actor")
    with pytest.raises(BadInput, match=r"\.actor"):
        fit("emi", tmp_path / "b.glb", avatar=file)
    assert not (tmp_path / "b.actor").exists() and "nobody" not in house_avatars()


def test_the_avatars_of_the_house_fit_their_bodies_and_are_small(tmp_path: Path) -> None:
    from understudy.production.avatar import fit, house_avatars

    assert "emi" in house_avatars()
    for name in house_avatars():
        made = fit(name, tmp_path / f"{name}.actor")
        avatar = Avatar.decode(made.files[MEMBER])
        assert len(made.files[MEMBER]) < 3_000_000
        assert avatar.record.teacher == "film" and avatar.record.scores["view_psnr_db"] > 25
