"""Live Link Face: the CSV of Epic's app for ARKit faces, 52 weights and nine angles a row; out and in.

Angles are radians. The app takes them from Unreal's rotator, which is left-handed: a positive yaw turns to the actor's
right and a positive roll lowers the left ear, against `base.channels`; a positive pitch looks down in both. Yaw and
pitch were checked on the eyes of a real capture against its eyeLook weights (correlation .9997 for both).
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from understudy.base.channels import (
    ANIMATION_RATE_HZ,
    ARKIT_SHAPES,
    FACE,
    GAZE,
    GAZE_CHANNELS,
    HEAD,
    HEAD_CHANNELS,
    SHAPE_INDEX,
)
from understudy.base.errors import BadInput
from understudy.exchange.formats.clock import NEAR, on_frames, rate_of, seconds, timecode
from understudy.exchange.names import arkit
from understudy.hub.card import Card
from understudy.hub.departure import CAPTURED, Arrival, Carries, Departure, clean
from understudy.hub.track import Track, Values

Floats = npt.NDArray[np.float64]

_SWAPPED = {"jawLeft": "jawRight", "jawRight": "jawLeft", "mouthLeft": "mouthRight", "mouthRight": "mouthLeft"}
COLUMNS = tuple(_SWAPPED.get(name, name) for name in ARKIT_SHAPES)
"""The 52 in the order of the app's file, which has right before left for the jaw and the mouth."""
ANGLES = (
    ("HeadYaw", HEAD, "head.yaw", -1.0), ("HeadPitch", HEAD, "head.pitch", 1.0), ("HeadRoll", HEAD, "head.roll", -1.0),
    ("LeftEyeYaw", GAZE, "leftEye.yaw", -1.0), ("LeftEyePitch", GAZE, "leftEye.pitch", 1.0), ("LeftEyeRoll", "", "", 1),
    ("RightEyeYaw", GAZE, "rightEye.yaw", -1.0), ("RightEyePitch", GAZE, "rightEye.pitch", 1.0),
    ("RightEyeRoll", "", "", 1),
)  # fmt: skip
"""Column, our track and channel, and the sign between them; eyes do not roll here."""
HEADER = ("Timecode", "BlendShapeCount", *(name[0].upper() + name[1:] for name in COLUMNS), *(a[0] for a in ANGLES))
LOOK_RAD = {"Down": 0.617, "Up": 0.450, "In": 0.627, "Out": 0.580}
"""Turn of an eye at full weight of its eyeLook shape, from the same capture: for files that have weights alone."""
_CLOCKS = {"timecode": "code", "time": "s", "timestamp": "s", "times": "s", "seconds": "s", "timesec": "s"}


class LiveLink:
    """A row a frame: what Unreal, MetaHuman Animator, Blender and MotionBuilder tools read as an ARKit performance."""

    card: ClassVar[Card] = Card("livelink", "Live Link Face CSV: 52 ARKit weights, head and eyes", "own")
    carries: ClassVar[Carries] = Carries.MOTION
    rate_hz: ClassVar[float] = ANIMATION_RATE_HZ
    many: ClassVar[bool] = False
    sound: ClassVar[str] = ""
    turns: ClassVar[bool] = False

    def write(self, departure: Departure, *, ending: str) -> Mapping[str, bytes]:
        """Returns the CSV; of a captured take at its own rate just the rows that were measured."""
        times = departure.times_s
        shapes = departure.face[:, [SHAPE_INDEX[name] for name in COLUMNS]]
        tracks = {HEAD: (HEAD_CHANNELS, departure.values(HEAD)), GAZE: (GAZE_CHANNELS, departure.values(GAZE))}
        turned = np.zeros((len(times), len(ANGLES)))
        for i, (_, track, channel, sign) in enumerate(ANGLES):
            if track:
                turned[:, i] = sign * tracks[track][1][:, tracks[track][0].index(channel)] + 0.0
        out = io.StringIO()
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(HEADER)
        for k in np.flatnonzero(_measured(departure)):
            code = timecode(float(times[k]), departure.rate_hz)
            numbers = [*shapes[k].tolist(), *turned[k].tolist()]
            rows.writerow([code, "61", *(f"{value:.10f}" for value in numbers)])
        return {"": out.getvalue().encode()}

    def read(self, data: bytes, *, where: str, rate_hz: float | None) -> Arrival:
        """Returns the capture on 60 frames a second: measured rows on their nearest frame, straight lines between."""
        table = _table(data, where)
        times_s, remark = _times(table, rate_hz, where)
        rows = on_frames(times_s, table.lines, where)
        frames = int(rows.slots[-1]) + 1
        remarks = [*table.remarks, *remark]
        if len(rows.kept) < len(times_s):
            remarks.append(f"{len(times_s) - len(rows.kept)} rows repeat a time or have no frame left; left out.")
        rate = rate_of(times_s)
        missing = round((times_s[-1] - times_s[0]) * rate) + 1 - len(times_s)
        if missing > 0:
            longest = float(np.diff(times_s).max())
            remarks.append(
                f"{missing} frames were dropped (the longest gap is {longest:.2f} s); filled by straight lines."
            )
        weights, extra = _weights(table, where)
        remarks += extra
        angles, extra = _angles(table, weights, where)
        remarks += extra
        grid = np.arange(frames)

        def filled(values: Floats) -> Values:
            kept = values[rows.kept]
            return np.asarray(np.stack([np.interp(grid, rows.slots, column) for column in kept.T], 1), np.float32)

        measured = np.zeros((frames, 1), np.float32)
        measured[rows.slots] = 1.0
        tracks = {
            FACE: Track(FACE, ARKIT_SHAPES, ANIMATION_RATE_HZ, filled(weights)),
            HEAD: Track(HEAD, HEAD_CHANNELS, ANIMATION_RATE_HZ, filled(angles[HEAD])),
            GAZE: Track(GAZE, GAZE_CHANNELS, ANIMATION_RATE_HZ, filled(angles[GAZE])),
            CAPTURED: Track(CAPTURED, ("row",), ANIMATION_RATE_HZ, measured),
        }
        made_with = {"captured": where, "captured_rows": str(len(rows.kept)), "captured_rate_hz": f"{rate:.3f}"}
        return Arrival(tracks, frames / ANIMATION_RATE_HZ, made_with=made_with, remarks=tuple(remarks))


@dataclass(frozen=True, eq=False)
class _Table:
    """names: column -> its place, in lower case without punctuation. cells: text of each row. lines: in the file."""

    header: tuple[str, ...]
    names: Mapping[str, int]
    cells: Sequence[Sequence[str]]
    lines: Sequence[int]
    remarks: tuple[str, ...]

    def numbers(self, place: int, where: str) -> Floats:
        """Returns a column. Raises BadInput with the line of what is no finite number."""
        out = np.zeros(len(self.cells))
        for row, cells in enumerate(self.cells):
            try:
                out[row] = float(cells[place])
            except ValueError:
                out[row] = np.nan
            if not np.isfinite(out[row]):
                raise BadInput(
                    f"Line {self.lines[row]} of {where} has '{cells[place]}' under {self.header[place]}, which is no "
                    "number; mend that row or take it out."
                )
        return out


def _measured(departure: Departure) -> npt.NDArray[np.bool_]:
    """Returns which frames are written: all, or at the take's own rate those that a capture measured."""
    frames = len(departure.times_s)
    track = departure.take.tracks.get(CAPTURED)
    if track is None or departure.rate_hz != track.rate_hz or not departure.as_captured:
        return np.ones(frames, bool)
    kept = np.zeros(frames, bool)
    kept[: len(track.values)] = track.values[:frames, 0] > 0.5
    return kept


def _table(data: bytes, where: str) -> _Table:
    text = data.decode("utf-8-sig", "replace")
    if "\0" in text or "\ufffd" in text[:2000]:
        raise BadInput(f"{where} is not a CSV of text; give the .csv that Live Link Face writes beside the film.")
    first = text.lstrip().split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    parsed = list(csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")), delimiter=separator))
    rows = [(number, row) for number, row in enumerate(parsed, 1) if any(cell.strip() for cell in row)]
    if not rows:
        raise BadInput(f"{where} is empty; give a capture with at least one row.")
    header = tuple(cell.strip() for cell in rows[0][1])
    names = {"".join(c for c in name.lower() if c.isalnum()): i for i, name in enumerate(header)}
    if not any(arkit(name) for name in header):
        raise BadInput(
            f"{where} has no column named after a shape of ARKit (its first is '{header[0][:40]}'); "
            "give a CSV with a header such as Live Link Face writes."
        )
    shapes = [i for i, name in enumerate(header) if arkit(name)]
    cells, lines, remarks, lost = [], [], [], 0
    for place, (line, row) in enumerate(rows[1:], 1):
        if len(row) == len(header) + 1 and not row[-1].strip():
            row = row[:-1]  # a separator at the end of every line
        if len(row) != len(header):
            if place == len(rows) - 1:
                remarks.append(f"The last row (line {line}) is cut off; left out.")
                continue
            raise BadInput(
                f"Line {line} of {where} has {len(row)} cells, and the header has {len(header)}; export it again."
            )
        if not any(row[i].strip() for i in shapes):
            lost += 1  # the app leaves a row empty while it sees no face
            continue
        cells.append(row)
        lines.append(line)
    if lost:
        remarks.append(f"{lost} rows have no face in them; filled by straight lines.")
    if not cells:
        raise BadInput(f"{where} has a header and no rows; give a capture with at least one row.")
    return _Table(header, names, cells, lines, tuple(remarks))


def _times(table: _Table, rate_hz: float | None, where: str) -> tuple[Floats, list[str]]:
    clock = next((name for name in _CLOCKS if name in table.names), "")
    if not clock:
        rate = rate_hz or ANIMATION_RATE_HZ
        remark = [] if rate_hz else [f"There is no column of times; taken as {rate:g} rows a second (say --fps)."]
        return np.arange(len(table.cells)) / rate, remark
    place = table.names[clock]
    if _CLOCKS[clock] == "code":
        times = seconds([row[place] for row in table.cells], table.lines, where)
    else:
        times = table.numbers(place, where)
    if rate_hz is None:
        return times, []
    found = rate_of(times)
    if abs(found / rate_hz - 1) > NEAR:
        raise BadInput(f"The times in {where} say {found:.2f} rows a second, not {rate_hz:g}; leave --fps out.")
    # stretched by the nominal rate, so that 29.97 counted as 30 keeps its length
    return times * (round(found) / rate_hz if len(times) > 1 else 1.0), []


def _weights(table: _Table, where: str) -> tuple[Floats, list[str]]:
    raw = np.zeros((len(table.cells), len(ARKIT_SHAPES)))
    found = {}
    for place, name in enumerate(table.header):
        shape = arkit(name)
        if shape and shape not in found:
            found[shape] = place
            raw[:, SHAPE_INDEX[shape]] = table.numbers(place, where)
    remarks = []
    missing = [shape for shape in ARKIT_SHAPES if shape not in found]
    if missing:
        more = f" and {len(missing) - 6} more" if len(missing) > 6 else ""
        remarks.append(f"{len(missing)} of 52 shapes have no column and stay 0: {', '.join(missing[:6])}{more}.")
    if raw.max() > 2.0:
        raise BadInput(
            f"{where} has weights up to {raw.max():.0f}, and a weight goes from 0 to 1; divide them (by 100?) first."
        )
    outside = int(((raw < 0) | (raw > 1)).sum())
    if outside:
        remarks.append(f"{outside} weights lay outside 0..1 (from {raw.min():.4f} to {raw.max():.4f}); held to it.")
    held = np.clip(raw, 0, 1)
    over = held[:, SHAPE_INDEX["mouthClose"]] - held[:, SHAPE_INDEX["jawOpen"]]
    if (over > 1e-6).any():
        share = 100 * float((over > 1e-6).mean())
        remarks.append(f"mouthClose is above jawOpen in {share:.1f} % of the rows, by {over.max():.3f} at most; kept.")
    return np.asarray(clean(held.astype(np.float32), captured=True), np.float64), remarks


def _angles(table: _Table, weights: Floats, where: str) -> tuple[dict[str, Floats], list[str]]:
    out = {HEAD: np.zeros((len(weights), len(HEAD_CHANNELS))), GAZE: np.zeros((len(weights), len(GAZE_CHANNELS)))}
    channels = {HEAD: HEAD_CHANNELS, GAZE: GAZE_CHANNELS}
    for column, track, channel, sign in ANGLES:
        if track and column.lower() in table.names:
            values = table.numbers(table.names[column.lower()], where)
            out[track][:, channels[track].index(channel)] = sign * values
    looks = _looks(weights)
    if not out[GAZE].any() and looks.any():
        return out | {GAZE: looks}, ["The eyes have no angles; they are taken from the eyeLook weights."]
    remarks = []
    for channel in ("leftEye.yaw", "rightEye.yaw"):
        place = GAZE_CHANNELS.index(channel)
        said, shown = out[GAZE][:, place], looks[:, place]
        if said.std() > 0.02 and shown.std() > 0.02 and float(np.corrcoef(said, shown)[0, 1]) < -0.5:
            remarks.append(f"{channel} turns against its eyeLook weights: a mirrored capture? Import it with --mirror.")
    if not out[HEAD][:, :3].any():
        remarks.append("The head does not turn in this capture.")
    return out, remarks


def _looks(weights: Floats) -> Floats:
    """Returns (frames, 4) eye angles that the eyeLook weights stand for."""
    out = np.zeros((len(weights), len(GAZE_CHANNELS)))
    for side, inwards in (("left", -1.0), ("right", 1.0)):
        look = {way: weights[:, SHAPE_INDEX[f"eyeLook{way}{side.title()}"]] * full for way, full in LOOK_RAD.items()}
        out[:, GAZE_CHANNELS.index(f"{side}Eye.pitch")] = look["Down"] - look["Up"]
        out[:, GAZE_CHANNELS.index(f"{side}Eye.yaw")] = inwards * (look["In"] - look["Out"])
    return out
