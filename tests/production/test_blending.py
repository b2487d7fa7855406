"""Two takes of the same words are mixed phone by phone."""

from dataclasses import replace

import numpy as np
import pytest

from understudy import judge
from understudy.base.audio import Audio
from understudy.base.channels import FACE, HEAD, SHAPE_INDEX
from understudy.base.errors import BadInput
from understudy.base.stretching import stretched
from understudy.hub.matching import match
from understudy.hub.performance import Performance
from understudy.production.act import act
from understudy.production.blending import blend
from understudy.production.directing import direct


@pytest.fixture(scope="module")
def other(take: Performance) -> Performance:
    return direct(take, "less angry, slower").take


def test_a_take_blended_with_itself_is_itself(take: Performance) -> None:
    same = blend(take, take)
    for name in take.tracks:
        assert np.abs(same.tracks[name].values - take.tracks[name].values).max() < 1e-3, name


def test_phones_of_both_are_laid_on_each_other(take: Performance, other: Performance) -> None:
    matching = match(take, other)
    assert matching.share == 1.0
    words = [[e for e in t.events if e.kind == "word"] for t in (take, other)]
    starts = matching.to_second([w.start_s for w in words[0]])
    assert starts == pytest.approx([w.start_s for w in words[1]], abs=0.03)


@pytest.mark.parametrize("sound", ["first", "second", "retimed"])
def test_a_blend_lies_between_and_closes_its_lips(take: Performance, other: Performance, sound: str) -> None:
    mixed = blend(take, other, weights=(0.3, 0.7), sound=sound)
    length = {"first": take.duration_s, "second": other.duration_s}
    wanted = length.get(sound, 0.3 * take.duration_s + 0.7 * other.duration_s)
    assert mixed.duration_s == pytest.approx(wanted, abs=0.02)
    assert mixed.tracks[FACE].duration_s == pytest.approx(mixed.duration_s, abs=0.02)
    assert judge.closures(mixed)["p_b_m_closed"].value == 100.0
    brows = [t.tracks[FACE].column("browDownLeft")[:120].mean() for t in (take, mixed, other)]
    assert brows[2] < brows[1] < brows[0]
    if sound in length:
        heard = {"first": take, "second": other}[sound]
        assert np.array_equal(mixed.sound.samples, heard.sound.samples)


def test_rotations_are_mixed_as_rotations(take: Performance) -> None:
    head = take.tracks[HEAD]
    left, right = head.values.copy(), head.values.copy()
    left[:, :3], right[:, :3] = [0.0, 1.2, 0.0], [0.9, 0.0, 0.0]
    one = replace(take, tracks={**take.tracks, HEAD: replace(head, values=left)})
    two = replace(take, tracks={**take.tracks, HEAD: replace(head, values=right)})
    found = blend(one, two).tracks[HEAD].values[60, :3]
    from understudy.base.rotation import matrix_from_pitch_yaw_roll as turned

    def angle(a: np.ndarray, b: np.ndarray) -> float:
        return float(np.arccos(np.clip((np.trace(turned(*a).T @ turned(*b)) - 1) / 2, -1, 1)))

    ends = angle(left[60, :3], right[60, :3])
    assert angle(left[60, :3], found) == pytest.approx(ends / 2, abs=1e-3)
    assert angle(found, right[60, :3]) == pytest.approx(ends / 2, abs=1e-3)


def test_a_blink_is_whole_or_not_there(take: Performance, other: Performance) -> None:
    mixed = blend(take, other, weights=(0.8, 0.2))
    blinks = [e for e in mixed.events if e.kind == "blink" and e.value > 0.9]
    lid = mixed.tracks[FACE].values[:, SHAPE_INDEX["eyeBlinkLeft"]]
    for blink in blinks:
        assert lid[round(blink.start_s * 60) : round(blink.end_s * 60) + 2].max() > 0.8
    assert [e.value for e in mixed.events if e.kind == "blink"] == [e.value for e in take.events if e.kind == "blink"]


def test_takes_of_different_words_are_refused_or_blended_where_they_agree(take: Performance) -> None:
    shorter = act("EMI: (sad) Maybe you believe me.")["EMI"]
    with pytest.raises(BadInput, match="different words"):
        blend(take, shorter)
    mixed = blend(take, shorter, common=True)
    early = slice(0, round(next(e for e in take.events if e.name.lower() == "maybe").start_s * 60) - 5)
    assert np.abs(mixed.tracks[HEAD].values[early] - take.tracks[HEAD].values[early]).max() < 1e-5
    with pytest.raises(BadInput, match="share no words"):
        blend(take, act("EMI: Good.")["EMI"])
    with pytest.raises(BadInput, match="Weights"):
        blend(take, take, weights=(0.0, 0.0))


def test_sound_on_another_clock_keeps_its_pitch_and_takes_its_time() -> None:
    rate = 24_000
    tone = Audio((0.5 * np.sin(2 * np.pi * 200 * np.arange(rate) / rate)).astype(np.float32), rate)
    slow = stretched(tone, [0.0, 1.0], [0.0, 1.3])
    assert slow.duration_s == pytest.approx(1.3, abs=1e-3)
    spectrum = np.abs(np.fft.rfft(slow.samples[3000:27000] * np.hanning(24000)))
    assert spectrum.argmax() == pytest.approx(200, abs=1)
    assert spectrum[190:211].sum() > 0.9 * spectrum.sum()
