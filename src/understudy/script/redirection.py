"""A Direction changed by relative words: more of something, less of it, none of it, or something else instead.

more   emotions w -> 1 - (1 - w)(1 - k s), everything else + k s      s: what the word means at full strength
less   emotions w -> w (1 - k), and of what goes with the feeling as much as the feeling itself was there
pace   a factor: more takes a power k of it, less its inverse

k is 0.2 for 'a bit', 0.45 plain, 0.8 for 'much'.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from understudy.hub.script import Direction
from understudy.script.direction import FASTEST, LIMITS, SLOWEST
from understudy.script.draft import after

A_BIT, PLAIN, MUCH = 0.2, 0.45, 0.8
SHARES = ("whisper", "sarcasm", "tears")
LEAST = 0.03
"""An emotion below this is gone."""


def become(before: Direction, said: Direction) -> Direction:
    """Returns what is played when a director says something new: what it speaks of is replaced, the rest holds."""
    changed = after(before, said)
    if said.flush or said.tears:
        changed = replace(changed, flush=said.flush, tears=said.tears)
    return replace(
        changed, pause_before_s=before.pause_before_s, pause_after_s=before.pause_after_s, events=before.events
    )


def more(before: Direction, sense: Direction, k: float) -> Direction:
    """Returns the direction with more of a sense."""
    emotions = dict(before.emotions)
    for name, weight in sense.emotions.items():
        emotions[name] = 1 - (1 - emotions.get(name, 0.0)) * (1 - k * weight)
    return _moved(before, sense, k, emotions)


def less(before: Direction, sense: Direction, k: float) -> Direction:
    """Returns the direction with less of a sense; unchanged when there is nothing of it to lessen."""
    meant = {**sense.emotions, **{name: getattr(sense, name) for name in SHARES if getattr(sense, name)}}
    if meant:
        now = {**before.emotions, **{name: getattr(before, name) for name in SHARES}}
        share = sum(min(now.get(name, 0.0), w) for name, w in meant.items()) / sum(meant.values())
        if share < LEAST:
            return before
        emotions = {n: w * (1 - k) if n in sense.emotions else w for n, w in before.emotions.items()}
        return _moved(before, _without_shares(sense), -k * share, emotions, shares=(1 - k, sense))
    return _moved(before, _without_shares(sense), -k, dict(before.emotions), shares=(1 - k, sense))


def without(before: Direction, sense: Direction) -> Direction:
    """Returns the direction with nothing of a sense."""
    changed = less(before, sense, 1.0)
    return replace(changed, events=tuple(e for e in changed.events if e not in sense.events))


def sized(before: Direction, factor: float) -> Direction:
    """Returns the direction with all of its feelings scaled: played bigger or smaller."""
    emotions = {n: min(1.0, w * factor) for n, w in before.emotions.items()}
    step = 0.9 * (factor - 1)
    return _clean(
        replace(
            before,
            emotions=emotions,
            energy=before.energy + step,
            sarcasm=min(1.0, before.sarcasm * factor),
            loudness_db=before.loudness_db + 3.0 * (factor - 1),
        )
    )


def _moved(
    before: Direction,
    sense: Direction,
    k: float,
    emotions: Mapping[str, float],
    shares: tuple[float, Direction] | None = None,
) -> Direction:
    values: dict[str, Any] = {name: getattr(before, name) + k * getattr(sense, name) for name in LIMITS}
    for name in SHARES:
        now, asked = getattr(before, name), getattr(sense, name)
        values[name] = max(now, min(1.0, now + k * asked)) if k > 0 else now
        if shares is not None and getattr(shares[1], name):
            values[name] = now * shares[0]
    changed = replace(before, emotions=emotions, pace=before.pace * sense.pace**k, **values)
    return _clean(changed)


def _without_shares(sense: Direction) -> Direction:
    return replace(sense, whisper=0.0, sarcasm=0.0, tears=0.0)


def _clean(direction: Direction) -> Direction:
    """Returns the direction within its ranges, rounded, without what is too little to be played."""
    held_in = {n: round(min(max(getattr(direction, n), -most), most), 3) for n, most in LIMITS.items()}
    shares = {n: round(min(max(getattr(direction, n), 0.0), 1.0), 3) for n in SHARES}
    return replace(
        direction,
        emotions={n: round(w, 3) for n, w in sorted(direction.emotions.items()) if w >= LEAST},
        pace=round(min(max(direction.pace, SLOWEST), FASTEST), 3),
        **held_in,
        **shares,
    )
