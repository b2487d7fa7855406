"""Glasses, earrings and clothes on heads and bodies that differ; needs the extra `cast`."""

from functools import cache

import numpy as np
import pytest

pytest.importorskip("anny")
pytest.importorskip("numba")

from understudy.base.channels import JOINTS
from understudy.casting.assemble import Cast, _sculpt
from understudy.casting.earrings import find_lobe, make_earrings
from understudy.casting.glasses import CLEAR_M, STYLES, make_glasses
from understudy.casting.headform import Headform, measure_head
from understudy.casting.recipe import Earrings, Glasses, Wardrobe, parse_recipe
from understudy.casting.shell import find_landmarks
from understudy.casting.wardrobe import bare_skin, dress
from understudy.casting.worn import adorn

pytestmark = pytest.mark.cast

PEOPLE: dict[str, str] = {
    "slim woman": "gender = 1.0\nweight = 0.15\nheight = 0.7\nafrican = 0.9\nasian = 0.05\ncaucasian = 0.05",
    "heavy man": "gender = 0.0\nweight = 0.9\nmuscle = 0.7\nage = 0.85\nafrican = 0.1\nasian = 0.1\ncaucasian = 0.8",
}


@cache
def cast_of(who: str) -> Cast:
    return _sculpt(parse_recipe(f'name = "x"\ndisplay_name = "X"\n[phenotype]\n{PEOPLE[who]}\n'))


@cache
def head_of(who: str) -> Headform:
    cast = cast_of(who)
    return measure_head(cast.body, cast.known, cast.surface)


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("style", STYLES)
def test_glasses_sit_on_the_nose_and_touch_nothing_else(who: str, style: str) -> None:
    head = head_of(who)
    worn = make_glasses(head, Glasses(style=style))
    pads = head.height(worn.pads)[0]
    assert pads.min() > -0.0003 and pads.max() < 0.0012, "bridge"
    beside = np.abs(worn.front[:, 0]) > 0.0125
    skin = head.front_z(worn.front[:, :2])
    assert (worn.front[:, 2] - skin)[beside & (skin > 0)].min() > CLEAR_M, "brows and cheeks, in any expression"
    straight = worn.temples[:, 4:28].reshape(-1, 3)
    assert head.height(straight)[0].min() > 0.0008, "temples"
    assert np.abs(straight[:, 0]).max() < head.half_m + 0.02
    lens = next(part for part in worn.parts if part.name == "glassesLens")
    away = lens.positions[:, 2].max() - head.pupils["left"][2]
    assert 0.012 < away < 0.030, "off the lashes, and not on the tip of the nose"


def test_glasses_that_are_pushed_back_are_found_out() -> None:
    """The measure of the test above fails where it must."""
    head = head_of("slim woman")
    front = make_glasses(head, Glasses(style="round")).front - np.array([0.0, 0.0, 0.012])
    skin = head.front_z(front[:, :2])
    assert (front[:, 2] - skin)[(skin > 0) & (np.abs(front[:, 0]) > 0.0125)].min() < CLEAR_M


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("style", ["stud", "hoop", "drop"])
def test_earrings_hang_in_the_lobes(who: str, style: str) -> None:
    head = head_of(who)
    metal = make_earrings(head, Earrings(style=style))[0].positions
    for side, sign in (("left", 1.0), ("right", -1.0)):
        lobe = find_lobe(head, side)
        ear = head.ears[side]
        assert lobe.place[1] - ear[:, 1].min() < 0.008, "in the lowest part of the ear"
        mine = metal[metal[:, 0] * sign > 0]
        assert np.linalg.norm(mine - lobe.place, axis=1).min() < 0.004


def test_what_hangs_on_the_head_goes_with_the_head_alone() -> None:
    cast = cast_of("slim woman")
    worn = adorn(cast.body, cast.known, cast.surface, Glasses(style="cat"), Earrings(style="drop"))
    assert [p.name for p in worn.parts] == ["glassesFrame", "glassesLens", "earrings", "earringStones"]
    for part in worn.parts:
        assert part.joints is not None and (part.joints[:, JOINTS.index("head")] == 1).all()
    assert {p.material for p in worn.parts} == {m.name for m in worn.materials}
    nothing = adorn(cast.body, cast.known, cast.surface, Glasses(), Earrings())
    assert not nothing.parts and not nothing.materials


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("garment", ["crew", "tee", "shirt", "turtleneck"])
def test_garments_cover_the_trunk_and_leave_the_neck_free(who: str, garment: str) -> None:
    cast = cast_of(who)
    look = Wardrobe(garment=garment)
    outfit = dress(cast.body, cast.joints, look)
    whole = outfit.whole
    assert np.isfinite(whole.positions).all() and np.isfinite(whole.normals).all()
    marks = find_landmarks(cast.body)
    skin = cast.body.positions[np.unique(cast.body.groups["body"].faces)]
    # skin of the chest and back, well under the neckline, lies inside the cloth in front of and behind it
    deep = (skin[:, 1] < marks.notch[1] - 0.12) & (skin[:, 1] > marks.hips_m + 0.05) & (np.abs(skin[:, 0]) < 0.05)
    cloth = outfit.parts[0].positions
    near = np.abs(cloth[:, 0]) < 0.05
    for sign in (1.0, -1.0):
        chosen = skin[deep & (skin[:, 2] * sign > np.median(skin[deep, 2]) * sign)]
        for point in chosen[:: max(1, len(chosen) // 40)]:
            row = cloth[near & (np.abs(cloth[:, 1] - point[1]) < 0.012)]
            assert (row[:, 2] * sign).max() > point[2] * sign, "skin shows through"
    assert bare_skin(cast.body, look)["bare_arms"] == (garment == "tee")
