"""Curves changed by hand are a layer: they can be taken away, and they survive a re-take."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from understudy import judge
from understudy.base.channels import FACE, HEAD, SHAPE_INDEX
from understudy.base.errors import BadInput
from understudy.hub.performance import Event, Performance
from understudy.production import editing
from understudy.production.anchoring import anchored, found_again
from understudy.production.directing import direct

BROW = SHAPE_INDEX["browInnerUp"]
JAW = SHAPE_INDEX["jawOpen"]


def word(take: Performance, name: str) -> Event:
    return next(e for e in take.events if e.kind == "word" and e.name.lower() == name)


def lifted(take: Performance, *, name: str = "believe", by: float = 0.3) -> Performance:
    at = word(take, name)
    return editing.edit(take, "browInnerUp", start_s=at.start_s, end_s=at.end_s, how="add", amount=by)


def change(before: Performance, after: Performance, column: int = BROW) -> np.ndarray:
    return after.tracks[FACE].values[:, column] - before.tracks[FACE].values[:, column]


def test_an_edit_changes_its_channel_in_its_time_and_comes_and_goes_softly(take: Performance) -> None:
    new = lifted(take)
    at = word(take, "believe")
    apart = change(take, new)
    inside = np.flatnonzero(np.abs(apart) > 1e-6) / 60
    assert at.start_s - 0.02 < inside.min() and inside.max() < at.end_s + 0.02
    assert apart.max() == pytest.approx(0.3, abs=0.01)
    assert np.abs(np.diff(apart)).max() < 0.09
    others = [i for i in range(52) if i != BROW]
    assert np.array_equal(new.tracks[FACE].values[:, others], take.tracks[FACE].values[:, others])


def test_an_edit_can_be_taken_away_again_to_the_bit(take: Performance, tmp_path: Path) -> None:
    two = lifted(lifted(take), name="back", by=0.2)
    two.save(tmp_path / "two.take")
    two = Performance.open(tmp_path / "two.take")
    one = editing.without_edit(two, 1)
    assert len(editing.layers(one)) == 1
    none = editing.without_edit(one, 1)
    assert all(np.array_equal(none.tracks[n].values, take.tracks[n].values) for n in take.tracks)


@pytest.mark.parametrize(("how", "amount", "at_most"), [("scale", 0.0, 0.01), ("set", 0.5, 0.51)])
def test_scale_and_set(take: Performance, how: str, amount: float, at_most: float) -> None:
    at = word(take, "did")
    new = editing.edit(take, "browDown", start_s=at.start_s, end_s=at.end_s, how=how, amount=amount)
    middle = round((at.start_s + at.end_s) / 2 * 60)
    for name in ("browDownLeft", "browDownRight"):
        assert at_most - 0.02 < new.tracks[FACE].values[middle, SHAPE_INDEX[name]] <= at_most


def test_an_edit_goes_with_its_word_when_the_take_is_made_slower(take: Performance) -> None:
    edited = lifted(take)
    slow = direct(edited, "much slower in the first line")
    bare = direct(take, "much slower in the first line")
    apart = np.flatnonzero(change(bare.take, slow.take) > 0.15) / 60
    at = word(slow.take, "believe")
    assert at.start_s > word(take, "believe").start_s + 0.1
    assert at.start_s < apart.min() and apart.max() < at.end_s
    # the negative control: an anchor in seconds would have missed
    assert apart.min() > word(take, "believe").end_s - 0.05


def test_edits_of_one_take_can_be_laid_on_another(take: Performance) -> None:
    laid = editing.edited(direct(take, "blink less").take, editing.layers(lifted(take)))
    assert not laid.remarks
    assert change(take, laid.take).max() == pytest.approx(0.3, abs=0.02)


def test_an_edit_of_words_that_are_not_said_is_left_out_and_told(take: Performance, script: Path) -> None:
    from understudy.production.act import act

    other = act("Hello.")["SPEAKER"]
    edits = editing.layers(lifted(take, name="morning"))
    laid = editing.edited(other, edits)
    assert len(laid.remarks) == 1 and not editing.layers(laid.take)


def test_lips_keep_their_contacts_over_an_edit_unless_one_insists(take: Performance) -> None:
    at = word(take, "maybe")
    span = {"start_s": at.start_s - 0.1, "end_s": at.end_s + 0.1}
    open_ = editing.edit(take, "jawOpen", how="add", amount=0.5, **span)
    assert judge.closures(open_)["p_b_m_closed"].value == 100.0
    forced = editing.edit(take, "jawOpen", how="add", amount=0.5, insist=True, **span)
    assert judge.closures(forced)["p_b_m_closed"].value < 100.0


def test_values_stay_within_what_a_channel_can_reach(take: Performance) -> None:
    brow = editing.edit(take, "browInnerUp", start_s=1, end_s=2, how="set", amount=7.0)
    assert brow.tracks[FACE].values.max() <= 1.0
    turned = editing.edit(take, "head.yaw", start_s=1, end_s=2, how="add", amount=editing.amount_of("500deg"))
    assert np.degrees(turned.tracks[HEAD].values[:, 1]).max() < 60


def test_an_animators_file_becomes_a_layer(take: Performance, tmp_path: Path) -> None:
    path = tmp_path / "curves.csv"
    editing.write_curves(take, path, ["browInnerUp", "head.pitch"])
    rows = path.read_text().splitlines()
    at = word(take, "please")
    for k in range(round(at.start_s * 60), round(at.end_s * 60)):
        time, brow, pitch = rows[k + 1].split(",")
        bump = 0.25 * np.sin(np.pi * (k / 60 - at.start_s) / (at.end_s - at.start_s))
        rows[k + 1] = f"{time},{float(brow) + bump:.6f},{pitch}"
    path.write_text("\n".join(rows))
    new = editing.import_curves(take, path)
    assert [edit.channel for edit in editing.layers(new)] == ["browInnerUp"]
    assert change(take, new).max() == pytest.approx(0.25, abs=0.01)
    slow = direct(new, "a longer pause before the last line").take
    late = direct(take, "a longer pause before the last line").take
    assert change(late, slow).max() == pytest.approx(0.25, abs=0.01)
    assert np.argmax(change(late, slow)) - np.argmax(change(take, new)) == pytest.approx(48, abs=2)


@pytest.mark.parametrize(
    ("job", "why"),
    [
        (lambda t: editing.edit(t, "browInner", start_s=0, end_s=1, how="add", amount=1), "channel"),
        (lambda t: editing.edit(t, "jawOpen", start_s=2, end_s=1, how="add", amount=1), "in this order"),
        (lambda t: editing.edit(t, "jawOpen", start_s=2, end_s=999, how="add", amount=1), "lasts"),
        (lambda t: editing.without_edit(t, 3), "no edit 3"),
        (lambda t: editing.amount_of("a lot"), "amount"),
        (lambda t: editing.import_curves(t, Path("none.csv")), "no file of curves"),
    ],
)
def test_edits_that_cannot_be_made(take: Performance, job: Callable[[Performance], object], why: str) -> None:
    with pytest.raises(BadInput, match=why):
        job(take)


def test_a_file_that_is_no_curves_and_one_that_changes_nothing(take: Performance, tmp_path: Path) -> None:
    path = tmp_path / "curves.csv"
    path.write_text("time,browInnerUp\n0.0,x\n")
    with pytest.raises(BadInput, match="not a CSV"):
        editing.import_curves(take, path)
    editing.write_curves(take, path, ["browInnerUp"])
    with pytest.raises(BadInput, match="nothing to keep"):
        editing.import_curves(take, path)


def test_an_anchor_finds_its_moment_in_the_same_take(take: Performance) -> None:
    for time_s in np.linspace(0.1, take.duration_s - 0.1, 23):
        assert found_again(take, anchored(take, float(time_s))) == pytest.approx(time_s, abs=2e-3)
