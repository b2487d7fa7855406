"""A second listener for recordings: what pocketsphinx's phone loop hears is added to what the ear believes.

The ear knows synthetic voices and hears the moment exactly; pocketsphinx's acoustic model was learned from hundreds of
people and is slower. They are wrong about different things, so together they are right more often than either. Only
for sounds that are there as a whole: the loop looks far ahead, so a live voice has the ear alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from understudy.base.audio import Audio
from understudy.hub.speech import Phone
from understudy.voice import aligner, ear

WEIGHT = 1.0
"""What a vote counts for, in nats, and half of that for a frame beside the phone's. On voices and people that neither
was trained on 1 to 2 differ little; beyond 1 the lips of the GRID clips are followed less well."""
CLEAR_DB = 16.0
"""Least distance of the 95th from the 5th percentile of level for the loop to have a vote."""
PIECE_S, MARGIN_S = 20.0, 0.5
"""The loop hears this much at a time, so that memory stays flat, and this much around it."""


def hear(audio: Audio) -> tuple[Phone, ...]:
    """Returns what the phone loop hears in a sound of any length, in order: nothing under noise, where it guesses."""
    if _noisy(audio):
        return ()
    heard: list[Phone] = []
    for start, end in pieces(audio.duration_s):
        first = max(0.0, start - MARGIN_S)
        for phone in aligner.hear(audio.cut(first, min(end + MARGIN_S, audio.duration_s))):
            a, b = (min(max(t + first, start), end) for t in (phone.start_s, phone.end_s))
            if b > a:
                heard.append(replace(phone, start_s=a, end_s=b))
    return tuple(heard)


def _noisy(audio: Audio) -> bool:
    """Returns whether loud moments stand out of quiet ones too little for clear speech."""
    step = max(1, audio.rate_hz // 50)
    frames = audio.samples[: len(audio.samples) // step * step].reshape(-1, step).astype(np.float64)
    if not len(frames):
        return True
    quiet, loud = np.percentile(10 * np.log10(np.square(frames).mean(axis=1) + 1e-12), (5, 95))
    return bool(loud - quiet < CLEAR_DB)


def pieces(duration_s: float) -> Iterator[tuple[float, float]]:
    """Yields (start_s, end_s) of pieces that cover a sound."""
    start = 0.0
    while start < duration_s:
        end = min(start + PIECE_S, duration_s)
        yield start, end
        start = end


def seconded(beliefs: ear.Floats, heard: Sequence[Phone]) -> ear.Floats:
    """Returns (frames, 40) log posteriors of the ear and the phone loop together. beliefs: `ear.hear` of the sound."""
    votes = np.zeros_like(beliefs)
    for phone in heard:
        votes[round(phone.start_s / ear.FRAME_S) : round(phone.end_s / ear.FRAME_S), ear.NAMES.index(phone.name)] = 1.0
    beside = np.pad(votes, ((1, 1), (0, 0)))
    votes = np.maximum(votes, 0.5 * np.maximum(beside[:-2], beside[2:]))
    logits = beliefs + WEIGHT * votes
    logits = logits - logits.max(axis=1, keepdims=True)
    return np.asarray(logits - np.log(np.exp(logits).sum(axis=1, keepdims=True)), np.float32)
