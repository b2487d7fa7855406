"""The edit: which lines are one shot, how close the camera stands, and where the partner is.

A shot is a run of lines of one character in one scene, short enough to be kept when work is interrupted. The camera
stays on one side of the line between the speakers (the 180 degree rule): the speakers of a scene take places from
left to right in order of their first line, and each looks towards the one who spoke last or speaks next.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from understudy.hub.frames import ShotSize
from understudy.hub.script import Line, LineKind, Scene, Script

WORDS_PER_SECOND = 2.5
"""150 words a minute, a usual rate of acted speech; used to plan, never to time."""
LONGEST_SHOT_S = 14.0
SHORTEST_SHOT_S = 4.0
LEAD_IN_S = 0.6
LEAD_OUT_S = 0.9
ACTION_S = 0.8
INTIMATE = frozenset(["sob", "cry", "whimper", "crying", "whispering"])
"""Cues that the edit moves in for."""
SOUND_S = 1.6
"""About how long a laugh or a sob takes."""


@dataclass(frozen=True)
class Setup:
    """One shot to be taken: key is its name in the work folder, lines are in order (actions are silent moments)."""

    key: str
    character: str
    scene: int
    place: str
    size: ShotSize
    partner: float
    lines: tuple[Line, ...]
    other: str = ""
    """Who stands at the right of a two-shot; '' in a shot of one."""
    lead_in_s: float = 0.0
    lead_out_s: float = 0.0

    @property
    def expected_s(self) -> float:
        return self.lead_in_s + self.lead_out_s + sum(expected_s(line) for line in self.lines)


def expected_s(line: Line) -> float:
    """Returns about how long a line takes to play."""
    if line.kind is LineKind.ACTION:
        return ACTION_S
    d = line.direction
    sounds = sum(cue.duration_s or SOUND_S for cue in line.cues if cue.until_word is None)
    spoken = len(line.text.split()) / WORDS_PER_SECOND / max(0.3, d.pace)
    return spoken + sounds + d.pause_before_s + d.pause_after_s + 0.35


def cut(script: Script, *, size: ShotSize | None = None, place: str = "", default_place: str = "studio") -> list[Setup]:
    """Returns the shots of a script in order.

    size: one size for every shot, None lets the edit move in for what is whispered, sad or final. 'two' takes a scene
    of two in one shot of both, and scenes of one or of many in wide shots. place: one set for all scenes, '' follows
    the scene headings.
    """
    setups: list[Setup] = []
    for number, scene in enumerate(script.scenes):
        where = place or scene.place or default_place
        seats = _seats(scene)
        if size is ShotSize.TWO and len(seats) == 2:
            left, right = seats
            key = f"shot-{len(setups) + 1:04d}"
            setups.append(Setup(key, left, number, where, size, 0.0, scene.lines, right))
            continue
        single = ShotSize.WIDE if size is ShotSize.TWO else size
        for run in _runs(scene.lines):
            speaker = next(line.character for line in run if line.kind is LineKind.DIALOGUE)
            previous = setups[-1] if setups and setups[-1].scene == number else None
            setups.append(
                Setup(
                    key=f"shot-{len(setups) + 1:04d}",
                    character=speaker,
                    scene=number,
                    place=where,
                    size=single or _size(run, previous, speaker),
                    partner=_partner(speaker, seats),
                    lines=tuple(run),
                )
            )
    return [_with_air(setup, setups, i) for i, setup in enumerate(setups)]


def _seats(scene: Scene) -> dict[str, float]:
    """Returns speaker -> place from -1 (left of picture) to 1 (right); one speaker alone stands at 0."""
    names = list(dict.fromkeys(line.character for line in scene.lines if line.kind is LineKind.DIALOGUE))
    if len(names) < 2:
        return dict.fromkeys(names, 0.0)
    return {name: -1 + 2 * i / (len(names) - 1) for i, name in enumerate(names)}


def _partner(speaker: str, seats: dict[str, float]) -> float:
    """Returns where the others are, seen by the camera: -1 left .. 1 right; 0 = alone, so the lens."""
    others = [seat for name, seat in seats.items() if name != speaker]
    if not others:
        return 0.0
    return 1.0 if sum(others) / len(others) > seats[speaker] else -1.0


def _runs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yields runs of lines with one speaker each; an action belongs to the run before it."""
    run: list[Line] = []
    length = 0.0
    for line in lines:
        takes_s = expected_s(line)
        speakers = {r.character for r in run if r.kind is LineKind.DIALOGUE}
        new_speaker = line.kind is LineKind.DIALOGUE and bool(speakers) and line.character not in speakers
        too_long = line.kind is LineKind.DIALOGUE and bool(speakers) and length + takes_s > LONGEST_SHOT_S
        if new_speaker or (too_long and length >= SHORTEST_SHOT_S):
            yield run
            run, length = [], 0.0
        run.append(line)
        length += takes_s
    if any(r.kind is LineKind.DIALOGUE for r in run):
        yield run


def _size(run: Sequence[Line], previous: Setup | None, speaker: str) -> ShotSize:
    """Moves in for what is intimate; two shots of one speaker in a row differ in size, so that the cut reads as one."""
    intimate = any(
        line.direction.whisper > 0.3
        or line.direction.energy < -0.3
        or any(cue.name in INTIMATE for cue in line.cues)
        or max((line.direction.emotions.get(e, 0.0) for e in ("sadness", "fear", "tenderness")), default=0.0) > 0.4
        for line in run
    )
    size = ShotSize.CLOSE if intimate else ShotSize.MEDIUM
    if previous is None and not intimate:
        return ShotSize.MEDIUM
    if previous is not None and previous.character == speaker and previous.size is size:
        return ShotSize.MEDIUM if size is ShotSize.CLOSE else ShotSize.CLOSE
    return size


def _with_air(setup: Setup, setups: Sequence[Setup], index: int) -> Setup:
    """Gives scenes a breath before the first word and after the last."""
    first = index == 0 or setups[index - 1].scene != setup.scene
    last = index + 1 == len(setups) or setups[index + 1].scene != setup.scene
    return replace(setup, lead_in_s=LEAD_IN_S if first else 0.12, lead_out_s=LEAD_OUT_S if last else 0.2)
