"""A Direction as numbers for the voice.

EMOTIONS holds what each emotion does at full weight. Signs follow Juslin & Laukka 2003 (Psychological Bulletin 129:
speech rate, intensity, F0 level and range, high-frequency energy for anger, fear, happiness, sadness, tenderness),
Banse & Scherer 1996 (disgust, contempt) and Cheang & Pell 2008 (sarcasm: lower, narrower, slower). The F0 shifts are
those measured on EMO-DB (535 acted utterances, each against the speaker's neutral: anger +9.4 semitones, joy +8.7, fear
+6.4, disgust +3.4, sadness -1.7) times 0.35: full acted shifts leave the range in which a concatenated or parametric
voice still sounds like a person. Tilt stays within +-2.5 dB an octave, where a recogniser loses no words.
"""

from dataclasses import dataclass, fields, replace

from understudy.base.channels import EMOTIONS as EMOTION_NAMES
from understudy.hub.script import Direction
from understudy.hub.voice import Voice


@dataclass(frozen=True)
class Delivery:
    """How a clause is played, all effects summed.

    pitch_st, final_st (added at the end of the last accent), accent_st (height of accents above the engine's own): in
    semitones. spread: factor on F0 excursions. pace: factor on speed; rest: factor on pauses. tilt_db: per octave.
    breath: 0..1. loudness_db. tremor_st: depth of a 6 Hz tremor. whisper: 0..1. tract: factor on the length of the
    vocal tract.
    """

    pitch_st: float = 0.0
    spread: float = 1.0
    pace: float = 1.0
    rest: float = 1.0
    tilt_db: float = 0.0
    breath: float = 0.0
    loudness_db: float = 0.0
    accent_st: float = 0.0
    final_st: float = 0.0
    tremor_st: float = 0.0
    whisper: float = 0.0
    tract: float = 1.0

    def plus(self, other: "Delivery", weight: float) -> "Delivery":
        """Returns this with `weight` of another: factors multiply as powers, the rest adds."""
        mixed = {}
        for field in fields(self):
            mine, more = getattr(self, field.name), getattr(other, field.name)
            mixed[field.name] = mine * more**weight if field.name in FACTORS else mine + weight * more
        return Delivery(**mixed)


FACTORS = frozenset(["spread", "pace", "rest", "tract"])

EMOTIONS = {
    "joy": Delivery(
        pitch_st=3.0, spread=1.35, pace=1.06, rest=0.85, tilt_db=1.0, loudness_db=2.0, accent_st=0.8, tract=0.98
    ),
    "sadness": Delivery(
        pitch_st=-0.9,
        spread=0.62,
        pace=0.84,
        rest=1.4,
        tilt_db=-1.5,
        breath=0.25,
        loudness_db=-6.0,
        final_st=-0.8,
        tract=1.01,
    ),
    "anger": Delivery(
        pitch_st=3.2, spread=1.3, pace=1.06, rest=0.75, tilt_db=2.2, loudness_db=5.0, accent_st=1.4, final_st=-1.5
    ),
    "fear": Delivery(
        pitch_st=2.3, spread=0.9, pace=1.13, rest=1.1, tilt_db=0.0, breath=0.3, loudness_db=-2.0, tremor_st=0.35
    ),
    "disgust": Delivery(
        pitch_st=1.2, spread=1.05, pace=0.9, rest=1.15, tilt_db=0.3, loudness_db=0.0, accent_st=0.6, final_st=-1.0
    ),
    "surprise": Delivery(pitch_st=3.3, spread=1.6, pace=1.0, tilt_db=0.8, loudness_db=2.0, accent_st=1.2, final_st=1.5),
    "contempt": Delivery(pitch_st=-0.8, spread=0.8, pace=0.9, rest=1.1, tilt_db=-0.3, loudness_db=-1.0, final_st=-1.0),
    "tenderness": Delivery(
        pitch_st=-0.6, spread=0.85, pace=0.9, rest=1.15, tilt_db=-1.3, breath=0.25, loudness_db=-5.0
    ),
}
"""Emotion -> what it does at weight 1."""

INTENSE = Delivery(pitch_st=0.8, spread=1.22, pace=1.07, rest=0.85, tilt_db=1.0, loudness_db=3.5, accent_st=0.6)
"""Energy 1; energy -1 is its opposite."""
SARCASTIC = Delivery(pitch_st=-1.0, spread=0.75, pace=0.86, tilt_db=-0.2, accent_st=1.4, final_st=-0.6)
CONFIDENT = Delivery(pitch_st=-0.5, spread=1.08, pace=1.02, rest=0.95, tilt_db=0.4, loudness_db=1.5, final_st=-1.2)
"""Confidence 1 (Jiang & Pell 2017: lower, louder, falling); -1, unsure, is its opposite: higher, softer, rising."""

PITCH_ST = 7.0
LOUDNESS_DB = (-14.0, 8.0)
PACE = (0.5, 2.0)


def deliver(direction: Direction, voice: Voice, *, reach: float = 1.0) -> Delivery:
    """Returns what a direction asks of a voice, design and emotions together, within what stays natural.

    reach: factor on what feelings do to the melody.
    """
    total = sum(max(0.0, w) for w in direction.emotions.values())
    played = Delivery(
        pitch_st=voice.pitch_st + direction.pitch_st,
        spread=voice.pitch_range,
        pace=voice.pace * direction.pace,
        rest=1.0 / max(0.3, direction.pace),
        tilt_db=voice.tilt_db,
        breath=voice.breath,
        loudness_db=direction.loudness_db,
        whisper=min(1.0, max(0.0, direction.whisper)),
        tract=voice.tract,
    )
    for name in EMOTION_NAMES:
        weight = max(0.0, direction.emotions.get(name, 0.0)) / max(1.0, total)
        played = played.plus(_reaching(EMOTIONS[name], reach), weight)
    played = played.plus(INTENSE, min(1.0, max(-1.0, direction.energy)))
    played = played.plus(SARCASTIC, min(1.0, max(0.0, direction.sarcasm)))
    played = played.plus(CONFIDENT, min(1.0, max(-1.0, direction.confidence)))
    return _within(played, voice)


def _reaching(felt: Delivery, reach: float) -> Delivery:
    """Returns a feeling with `reach` times its melody: height, accents and endings; range goes a third as far, which is
    how actors' own range grows with their height."""
    return replace(
        felt,
        pitch_st=felt.pitch_st * reach,
        spread=felt.spread ** (1 + (reach - 1) / 3),
        accent_st=felt.accent_st * reach,
        final_st=felt.final_st * reach,
    )


def _within(played: Delivery, voice: Voice) -> Delivery:
    values = {field.name: getattr(played, field.name) for field in fields(played)}
    values["pitch_st"] = _clip(played.pitch_st, voice.pitch_st - PITCH_ST, voice.pitch_st + PITCH_ST)
    values["loudness_db"] = _clip(played.loudness_db, *LOUDNESS_DB)
    values["pace"] = _clip(played.pace, *PACE)
    values["spread"] = _clip(played.spread, 0.2, 2.2)
    values["tilt_db"] = _clip(played.tilt_db, -3.0, 3.0)
    values["breath"] = _clip(played.breath, 0.0, 0.8)
    values["tract"] = _clip(played.tract, 0.75, 1.3)
    values["tremor_st"] = max(0.0, played.tremor_st)
    return Delivery(**values)


def _clip(value: float, low: float, high: float) -> float:
    return min(high, max(low, value))
