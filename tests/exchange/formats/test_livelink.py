"""What Live Link Face writes comes in whole and leaves as it came; what is broken is named with its line."""

import csv
import io

import numpy as np
import pytest
from tests.exchange.formats.takes import HEADER, acted, captured, departing, text

from understudy.base.audio import Audio
from understudy.base.channels import ARKIT_SHAPES, SHAPE_INDEX
from understudy.base.errors import BadInput
from understudy.exchange.formats.livelink import LiveLink
from understudy.exchange.formats.mirror import mirrored
from understudy.hub.departure import CAPTURED, Arrival
from understudy.hub.performance import Performance

COLUMNS = HEADER.split(",")


def arrived(data: bytes, rate_hz: float | None = None) -> Arrival:
    return LiveLink().read(data, where="x.csv", rate_hz=rate_hz)


def numbers(data: bytes) -> np.ndarray:
    rows = list(csv.reader(io.StringIO(data.decode())))
    assert ",".join(rows[0]) == HEADER
    return np.array([[float(cell) for cell in row[2:]] for row in rows[1:]])


def round_trip(data: bytes) -> bytes:
    found = arrived(data)
    sound = Audio.silence(found.duration_s, 24000)
    return LiveLink().write(departing(Performance("emi", sound, found.tracks)), ending="csv")[""]


@pytest.mark.parametrize(
    ("frames", "step", "base", "drift"), [(90, 2.0, 60, -0.00034), (90, 1.0, 60, 0.0), (50, 1.0, 25, 0.0)]
)
def test_a_capture_leaves_as_it_came_to_a_millionth(frames, step, base, drift) -> None:
    came = text(captured(frames, step=step, base=base, drift=drift))
    before, after = numbers(came), numbers(round_trip(came))
    rolls = [i for i, name in enumerate(COLUMNS[2:]) if name.endswith("EyeRoll")]
    kept = [i for i in range(61) if i not in rolls]
    assert after.shape == before.shape
    assert np.abs(after[:, kept] - before[:, kept]).max() < 1e-6
    assert not after[:, rolls].any()


def test_a_wrong_value_is_seen_by_the_round_trip() -> None:
    rows = captured(30)
    after = numbers(round_trip(text(rows)))
    rows[10][20] = "0.123"
    assert np.abs(after - numbers(text(rows)))[:, :52].max() > 1e-3


def test_time_codes_keep_the_time_of_a_capture() -> None:
    rows = captured(61, step=2.0)
    found = arrived(text(rows))
    assert found.duration_s == pytest.approx(2.0, abs=1 / 60 + 1e-6)
    fps25 = arrived(text(captured(51, step=1.0, base=25)))
    assert fps25.duration_s == pytest.approx(2.0, abs=1 / 60 + 1e-6)
    assert fps25.made_with["captured_rate_hz"] == "25.000"


def test_a_capture_over_midnight_goes_on() -> None:
    rows = captured(61)
    for k, row in enumerate(rows):
        whole, frame = divmod(86_399 * 60 + 2 * k, 60)
        row[0] = f"{whole // 3600 % 24:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}:{frame:02d}.000"
    assert arrived(text(rows)).duration_s == pytest.approx(2.0, abs=1 / 60 + 1e-6)


def test_dropped_frames_are_filled_and_told() -> None:
    rows = captured(60)
    whole, holed = arrived(text(rows)), arrived(text(rows[:20] + rows[26:]))
    assert any("6 frames were dropped" in remark for remark in holed.remarks)
    assert not any("dropped" in remark for remark in whole.remarks)
    assert holed.duration_s == whole.duration_s
    assert holed.tracks[CAPTURED].values.sum() == 54
    a, b = (found.tracks["face"].values for found in (whole, holed))
    assert np.abs(a[:39] - b[:39]).max() < 1e-6 and np.abs(a[52:] - b[52:]).max() < 1e-6
    assert np.abs(a[40:51] - b[40:51]).max() > 1e-3


def test_rows_without_a_face_are_filled() -> None:
    rows = captured(30)
    rows[7] = [rows[7][0], "0", *[""] * 61]
    assert any("1 rows have no face" in remark for remark in arrived(text(rows)).remarks)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_line_ends_marks_and_empty_rows_do_not_matter(newline: str, bom: bytes) -> None:
    rows = captured(12)
    plain = arrived(text(rows))
    odd = arrived(bom + text([*rows[:5], [], *rows[5:], ["", ""]], newline=newline))
    assert np.array_equal(plain.tracks["face"].values, odd.tracks["face"].values)


def test_other_spellings_separators_and_clocks_are_read() -> None:
    rows = captured(31)
    names = [c[0].lower() + c[1:] for c in COLUMNS]
    names = [n.replace("Left", "_L").replace("Right", "_R") if n.startswith("eyeBlink") else n for n in names]
    names[0] = "time"
    seconds = [[f"{k / 30:.6f}", *row[1:]] for k, row in enumerate(rows)]
    other = ";".join(names) + "\n" + "\n".join(";".join(row) for row in seconds)
    a, b = arrived(text(rows)), arrived(other.encode())
    assert np.abs(a.tracks["face"].values - b.tracks["face"].values).max() < 1e-6
    assert np.abs(a.tracks["head"].values - b.tracks["head"].values).max() < 1e-6


def test_missing_columns_stay_at_rest_and_are_named() -> None:
    rows = captured(12)
    place = COLUMNS.index("TongueOut")
    cut = [row[:place] for row in rows]
    found = arrived(text(cut, header=",".join(COLUMNS[:place])))
    assert any("tongueOut" in remark for remark in found.remarks)
    assert any("eyeLook" in remark for remark in found.remarks)
    assert not found.tracks["face"].column("tongueOut").any()
    full = arrived(text(rows))
    # angles made from the eyeLook weights are the angles that the app writes
    assert np.abs(found.tracks["gaze"].values - full.tracks["gaze"].values).max() < 1e-3


def test_yaw_and_roll_change_their_sign_and_pitch_does_not() -> None:
    rows = captured(12)
    for row in rows:
        for name, value in (("HeadYaw", "0.2"), ("HeadPitch", "0.1"), ("HeadRoll", "0.05")):
            row[COLUMNS.index(name)] = value
    head = arrived(text(rows)).tracks["head"]
    assert head.column("head.yaw")[0] == pytest.approx(-0.2)
    assert head.column("head.pitch")[0] == pytest.approx(0.1)
    assert head.column("head.roll")[0] == pytest.approx(-0.05)


def test_eyes_turn_where_their_weights_look() -> None:
    found = arrived(text(captured(60)))
    face, gaze = found.tracks["face"], found.tracks["gaze"]
    for side, inwards in (("left", -1), ("right", 1)):
        shown = face.column(f"eyeLookIn{side.title()}") - face.column(f"eyeLookOut{side.title()}")
        assert np.corrcoef(inwards * shown, gaze.column(f"{side}Eye.yaw"))[0, 1] > 0.99
    assert not any("mirrored" in remark for remark in found.remarks)


def test_a_mirrored_capture_is_noticed_and_can_be_turned() -> None:
    rows = captured(60)
    for row in rows:
        for name in ("LeftEyeYaw", "RightEyeYaw"):
            row[COLUMNS.index(name)] = str(-float(row[COLUMNS.index(name)]))
    assert any("mirrored" in remark for remark in arrived(text(rows)).remarks)
    found = arrived(text(captured(20)))
    turned = mirrored(found)
    assert np.array_equal(turned.tracks["face"].column("jawLeft"), found.tracks["face"].column("jawRight"))
    assert np.array_equal(turned.tracks["head"].column("head.yaw"), -found.tracks["head"].column("head.yaw"))
    assert np.array_equal(turned.tracks["gaze"].column("leftEye.yaw"), -found.tracks["gaze"].column("rightEye.yaw"))
    again = mirrored(turned)
    assert all(np.array_equal(again.tracks[n].values, t.values) for n, t in found.tracks.items())


def test_weights_outside_and_lips_tighter_than_the_jaw_are_told() -> None:
    rows = captured(12)
    rows[3][COLUMNS.index("JawOpen")], rows[3][COLUMNS.index("MouthClose")] = "1.004", "0.0"
    rows[4][COLUMNS.index("JawOpen")], rows[4][COLUMNS.index("MouthClose")] = "0.0", "0.2"
    found = arrived(text(rows))
    assert any("1 weights lay outside" in remark for remark in found.remarks)
    assert any("mouthClose is above jawOpen in 8.3 %" in remark for remark in found.remarks)
    assert found.tracks["face"].values.max() <= 1.0


def test_what_we_act_ourselves_is_clean() -> None:
    data = LiveLink().write(departing(acted()), ending="csv")[""]
    values = numbers(data)
    assert values[:, :52].min() >= 0 and values[:, :52].max() <= 1
    close, jaw = COLUMNS.index("MouthClose") - 2, COLUMNS.index("JawOpen") - 2
    assert (values[:, close] <= values[:, jaw] + 1e-9).all()
    take = acted()
    face = take.tracks["face"].values
    for name in ("jawLeft", "mouthRight", "eyeBlinkLeft", "browDownRight"):
        column = COLUMNS.index(name[0].upper() + name[1:]) - 2
        assert np.abs(values[:, column] - face[:, SHAPE_INDEX[name]]).max() < 1e-6
    assert len(values) == len(face) and set(ARKIT_SHAPES) == set(SHAPE_INDEX)


def test_tight_lips_of_a_take_are_held_to_the_jaw_on_the_way_out() -> None:
    from dataclasses import replace

    take = acted()
    track = take.tracks["face"]
    face = track.values.copy()
    face[:, SHAPE_INDEX["mouthClose"]], face[:, SHAPE_INDEX["jawOpen"]] = 0.5, 0.2
    bad = replace(take, tracks={**take.tracks, "face": replace(track, values=face)})
    values = numbers(LiveLink().write(departing(bad), ending="csv")[""])
    assert values[:, COLUMNS.index("MouthClose") - 2].max() == pytest.approx(0.2)


@pytest.mark.parametrize("rate_hz", [24.0, 30.0, 60.0])
def test_any_rate_can_be_asked_for(rate_hz: float) -> None:
    data = LiveLink().write(departing(acted(), rate_hz=rate_hz), ending="csv")[""]
    found = arrived(data)
    assert found.duration_s == pytest.approx(acted().duration_s, abs=1.5 / rate_hz)
    jaw = acted().tracks["face"].at(np.arange(len(numbers(data))) / rate_hz)[:, SHAPE_INDEX["jawOpen"]]
    assert np.abs(numbers(data)[:, COLUMNS.index("JawOpen") - 2] - jaw).max() < 1e-6


def damaged(how: str) -> bytes:
    rows = captured(12)
    jaw = COLUMNS.index("JawOpen")
    if how == "nan":
        rows[4][jaw] = "nan"
    elif how == "angle":
        rows[4][COLUMNS.index("HeadYaw")] = "inf"
    elif how == "word":
        rows[4][jaw] = "open"
    elif how == "short":
        rows[4] = rows[4][:30]
    elif how == "clock":
        rows[4][0] = "yesterday"
    elif how == "backwards":
        rows[4][0] = "13:13:01:00.000"
    elif how == "gap":
        rows[4:] = [["13:59" + row[0][5:], *row[1:]] for row in rows[4:]]
    elif how == "percent":
        rows[4][jaw] = "55.0"
    elif how == "header":
        return b"a,b,c\n1,2,3\n"
    elif how == "empty":
        return b"\xef\xbb\xbf\n\n"
    elif how == "no rows":
        return HEADER.encode() + b"\n"
    elif how == "binary":
        return b"RIFF\0\0\0\0WAVE" * 9
    return text(rows)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("nan", "Line 6 of x.csv has 'nan' under JawOpen"), ("word", "Line 6 .* 'open'"),
        ("short", "Line 6 .* 30 cells"),
        ("angle", "Line 6 of x.csv has 'inf' under HeadYaw"),
        ("clock", "Line 6 .* 'yesterday'"), ("backwards", "line 6 .* earlier"), ("gap", "before line 6"),
        ("percent", "goes from 0 to 1"), ("header", "no column named after a shape"), ("empty", "is empty"),
        ("no rows", "no rows"), ("binary", "not a CSV"),
    ],
)  # fmt: skip
def test_what_is_broken_is_named(how: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        arrived(damaged(how))


def test_a_last_row_that_was_cut_off_is_left_out() -> None:
    whole = text(captured(12))
    found = arrived(whole[: whole.rstrip().rfind(b",") - 40])
    assert any("cut off" in remark for remark in found.remarks)
    assert found.tracks[CAPTURED].values.sum() == 11


def test_a_stated_rate_that_the_times_deny_is_refused_and_ntsc_is_not() -> None:
    rows = text(captured(61))
    with pytest.raises(BadInput, match=r"30\.00 rows a second, not 60"):
        arrived(rows, 60.0)
    assert arrived(rows, 29.97).duration_s == pytest.approx(arrived(rows).duration_s * 30 / 29.97, abs=1 / 59)
    bare = text([row[2:] for row in captured(50)], header=",".join(COLUMNS[2:]))
    assert any("no column of times" in remark for remark in arrived(bare).remarks)
    assert arrived(bare, 25.0).duration_s == pytest.approx(2.0, abs=0.05)
