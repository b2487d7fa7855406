"""`avatar train` as a whole, small; and what it refuses."""

from pathlib import Path

import numpy as np
import pytest

from understudy.base.errors import BadInput, Interrupted, UnknownName
from understudy.hub.actor import Actor
from understudy.hub.avatar import MEMBER, Avatar
from understudy.hub.rights import Purpose
from understudy.production.progress import Progress
from understudy.production.sitting import SittingOptions, house_poses, sit
from understudy.rights import authorise, decide

SMALL = SittingOptions("raster", views=18, steps=12, size_px=48, count=1200)


def test_an_actor_sits_stops_goes_on_and_may_perform(tmp_path: Path) -> None:
    to = tmp_path / "emi.actor"

    def stop(progress: Progress) -> None:
        if progress.film_s >= 4:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted, match="goes on"):
        sit("emi", to, options=SMALL, listener=stop)
    assert not to.exists()
    assert len(list((tmp_path / ".emi.actor.work").glob("views*"))) >= 3
    seen: list[Progress] = []
    done = sit("emi", to, options=SMALL, listener=seen.append)
    assert seen[0].film_s == 1 and seen[-1].note.startswith("learning")
    assert not (tmp_path / ".emi.actor.work").exists()
    assert set(done.scores) == {"expression", "view", "light", "training"}
    trained = Actor.open(to)
    avatar = Avatar.decode(trained.files[MEMBER])
    assert avatar.record.teacher == "raster" and avatar.record.scores["training_psnr_db"] > 8
    assert done.steps == 12
    assert done.frechet is not None and done.frechet[0] > 0 and "bank" in done.features
    assert avatar.record.scores["frechet_bank"] == round(done.frechet[0], 3)
    assert trained.digest != Actor.open("emi").digest
    assert authorise(trained, project="film", script_digest="").actor_digest == trained.digest


def test_a_swapped_avatar_is_not_covered_by_the_licence(tmp_path: Path) -> None:
    import datetime
    from dataclasses import replace

    emi = Actor.open("emi")
    swapped = replace(emi, files={**emi.files, MEMBER: b"somebody else"})
    assert not decide(swapped, Purpose.SCRIPTED, datetime.date.today()).allowed


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        (SittingOptions("raster", views=5), BadInput, "too few"),
        (SittingOptions("oil", views=18), UnknownName, "oil"),
        (SittingOptions("raster", minutes=0.0), BadInput, "needs time"),
        (SittingOptions("raster", steps=-1), BadInput, "needs time"),
        (SittingOptions("raster", count=10), BadInput, "1000 Gaussians"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(
    tmp_path: Path, options: SittingOptions, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        sit("emi", tmp_path / "a.actor", options=options)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(BadInput, match=r"\.actor"):
        sit("emi", tmp_path / "a.mp4", options=SMALL)


def test_the_poses_of_the_house_reach_far() -> None:
    found = house_poses()
    faces = np.stack([pose.face for pose in found])
    assert len(found) >= 200 and (faces.max(0) > 0.3).sum() > 25
