from understudy.base.channels import ARKIT_SHAPES, BILABIALS, PHONES, ROUNDED, TRACK_CHANNELS, VOWELS


def test_there_are_52_shapes_each_named_once() -> None:
    assert len(ARKIT_SHAPES) == len(set(ARKIT_SHAPES)) == 52


def test_left_and_right_come_in_pairs() -> None:
    lefts = {s.removesuffix("Left") for s in ARKIT_SHAPES if s.endswith("Left")}
    rights = {s.removesuffix("Right") for s in ARKIT_SHAPES if s.endswith("Right")}
    assert lefts == rights


def test_phone_classes_are_phones() -> None:
    assert set(PHONES) > VOWELS | BILABIALS
    assert set(PHONES) > ROUNDED


def test_no_two_tracks_share_a_channel() -> None:
    names = [channel for channels in TRACK_CHANNELS.values() for channel in channels]
    assert len(names) == len(set(names))
