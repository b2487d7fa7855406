"""What is asked for is looked at before anybody goes on air."""

import sys

import pytest

from understudy.base.errors import BadInput, MissingExtra, Unavailable, UnknownName
from understudy.live.opening import Wishes, open_stage
from understudy.rights import Ledger


def on_air() -> int:
    checkpoint = Ledger().checkpoint()
    return 0 if checkpoint is None else checkpoint.size


def test_without_the_packages_of_a_talk_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "starlette.applications", None)
    monkeypatch.delitem(sys.modules, "understudy.live.server", raising=False)
    with pytest.raises(MissingExtra, match=r"understudy\[live\]"):
        open_stage(Wishes())


@pytest.mark.parametrize(
    ("wishes", "error"),
    [
        (Wishes(place="the moon"), UnknownName),
        (Wishes(recogniser="nobody"), UnknownName),
        (Wishes(llm="nonsense"), BadInput),
        (Wishes(look="film"), UnknownName),
        (Wishes(look="neural"), BadInput),
        (Wishes(voice="pico/xx-XX"), Unavailable),
        (Wishes(broadcast="http://host/app/key"), BadInput),
        (Wishes(turns="now"), UnknownName),
    ],
    ids=["place", "recogniser", "model", "look", "avatar", "voice", "broadcast", "turns"],
)
def test_a_wish_that_cannot_be_met_leaves_no_trace_in_the_ledger(wishes: Wishes, error: type[Exception]) -> None:
    before = on_air()
    with pytest.raises(error):
        open_stage(wishes)
    assert on_air() == before
