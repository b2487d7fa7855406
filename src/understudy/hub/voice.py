"""How an actor sounds: plain numbers that any engine can be bent to."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Voice:
    """The design of a voice.

    engines: preferred back-ends with the base voice of each, best first, as 'engine/voice' ('kokoro/emi'); the first
    that works on this machine and speaks the language is used; 'pico/en-US@-6.5,1.15' gives a base that needs other
    numbers than the rest its own pitch_st and tract. pitch_st: semitones on the base voice. pitch_range:
    factor on F0 excursions. tract: vocal-tract length factor (> 1 = longer, lower formants). tilt_db: spectral tilt in
    dB per octave above 1 kHz, -3..3. breath: 0..1 aperiodic energy. pace: factor on the base rate.
    """

    engines: tuple[str, ...] = ("kokoro/emi", "pico/en-US")
    pitch_st: float = 0.0
    pitch_range: float = 1.0
    tract: float = 1.0
    tilt_db: float = 0.0
    breath: float = 0.0
    pace: float = 1.0
