"""A voice that is speaking now becomes Speech while it speaks, an eighth of a second behind it."""

from collections.abc import Iterable, Iterator

import av
import numpy as np
import numpy.typing as npt

from understudy.base.audio import Audio, Samples
from understudy.base.errors import BadInput
from understudy.hub.speech import PROSODY_CHANNELS, PROSODY_RATE_HZ, Speech
from understudy.hub.track import Track
from understudy.voice import level
from understudy.voice.decoding import Path, as_phones
from understudy.voice.ear import FRAME_S, LOOK_AHEAD_S, RATE_HZ, Ear
from understudy.voice.world import FRAME_S as F0_FRAME_S
from understudy.voice.world import track_f0

OUT_HZ = 24_000
LAG_FRAMES = 0
"""For how long a phone may still be taken back."""
BEHIND_S = LOOK_AHEAD_S + LAG_FRAMES * FRAME_S
"""How much of the sound after a moment is needed to tell what is said at it."""
PITCH_S, PITCH_HZ = 0.2, 12_000
"""How much sound up to a moment its pitch is read from, and at what rate."""


def overhear(sound: Iterable[Audio]) -> Iterator[Speech]:
    """Yields a stream of sound as Speech, in order and without gaps, each piece as soon as its phones are known.

    sound: pieces of any length, all of one rate from 8 to 192 kHz; as many pieces come out as have something to tell.
    Together they are as long as the sound, to 10 ms. Raises BadInput for a rate that changes or cannot be used.
    """
    listener = _Listener()
    for piece in sound:
        yield from listener.hear(piece)
    yield from listener.end()


class _Listener:
    """What is kept of the stream: sound whose phones are not known, and a little before it for its pitch."""

    def __init__(self) -> None:
        self._ear, self._path = Ear(), Path()
        self._rate_hz = 0
        self._to_ear = av.AudioResampler(format="fltp", layout="mono", rate=RATE_HZ)
        self._to_out = av.AudioResampler(format="fltp", layout="mono", rate=OUT_HZ)
        self._to_pitch = av.AudioResampler(format="fltp", layout="mono", rate=PITCH_HZ)
        self._held = np.zeros(0, np.float32)
        self._deep = np.zeros(0, np.float32)
        self._told_frames = 0

    def hear(self, piece: Audio) -> Iterator[Speech]:
        self._rate_hz = self._rate_hz or piece.rate_hz
        if piece.rate_hz != self._rate_hz or not 8_000 <= piece.rate_hz <= 192_000:
            raise BadInput(f"A stream at {piece.rate_hz} Hz cannot be followed; keep to one rate from 8 to 192 kHz.")
        if len(piece.samples):
            frame = av.AudioFrame.from_ndarray(piece.samples[None], format="fltp", layout="mono")
            frame.sample_rate = piece.rate_hz
            self._held = np.concatenate([self._held, *_arrays(self._to_out.resample(frame))])
            self._deep = np.concatenate([self._deep, *_arrays(self._to_pitch.resample(frame))])
            self._path.push(self._ear.push(np.concatenate([*_arrays(self._to_ear.resample(frame)), _NOTHING])))
            yield from self._tell(self._path.told(LAG_FRAMES))

    def end(self) -> Iterator[Speech]:
        if not self._rate_hz:
            return
        self._held = np.concatenate([self._held, *_arrays(self._to_out.resample(None))])
        self._deep = np.concatenate([self._deep, *_arrays(self._to_pitch.resample(None))])
        self._path.push(self._ear.push(np.concatenate([*_arrays(self._to_ear.resample(None)), _NOTHING]), last=True))
        owed = int(np.ceil(len(self._held) / OUT_HZ / FRAME_S - 1e-9))
        self._held = np.pad(self._held, (0, round(owed * FRAME_S * OUT_HZ) - len(self._held)))
        yield from self._tell(self._path.end()[:owed])

    def _tell(self, columns: npt.NDArray[np.int64]) -> Iterator[Speech]:
        count = round(len(columns) * FRAME_S * OUT_HZ)
        if not count:
            return
        samples, self._held = self._held[:count], self._held[count:]
        frames = len(columns)
        loud_db = level.loudness_curve(samples, OUT_HZ, PROSODY_RATE_HZ, frames)
        prosody = np.column_stack([self._pitch(frames), loud_db]).astype(np.float32)
        track = Track("prosody", PROSODY_CHANNELS, PROSODY_RATE_HZ, prosody)
        yield Speech(Audio(samples, OUT_HZ), as_phones(columns), (), track, None, "stream", "heard")

    def _pitch(self, frames: int) -> npt.NDArray[np.float64]:
        """Returns the F0 (Hz, 0 unvoiced) of the next so many prosody frames; what lies long before them is let go."""
        step = round(PITCH_HZ / PROSODY_RATE_HZ)
        end = (self._told_frames + frames) * step
        heard = self._deep[max(0, end - round(PITCH_S * PITCH_HZ)) : end]
        self._told_frames += frames
        if len(self._deep) > 2 * PITCH_HZ:
            gone = (self._told_frames - 100) * step
            self._deep, self._told_frames = self._deep[gone:], 100
        if len(heard) < 0.1 * PITCH_HZ or float(np.abs(heard).max()) < 1e-3:
            return np.zeros(frames)
        fine = track_f0(Audio(heard, PITCH_HZ), last=round(frames / PROSODY_RATE_HZ / F0_FRAME_S) + 2)
        back_s = (np.arange(frames, 0, -1) - 0.5) / PROSODY_RATE_HZ
        places = np.rint((len(heard) / PITCH_HZ - back_s) / F0_FRAME_S).astype(int)
        return np.asarray(fine[np.clip(places, 0, len(fine) - 1)])


def _arrays(frames: "list[av.AudioFrame]") -> list[Samples]:
    return [np.asarray(frame.to_ndarray()[0], np.float32) for frame in frames]


_NOTHING = np.zeros(0, np.float32)
