"""Whether a recogniser understands the words.

The recogniser is pocketsphinx with its own US English model. It is weak (28 to 39 % of words wrong on clean human
speech), so its figure compares voices and versions; it does not say how well people understand.
"""

import re
from collections.abc import Sequence

import numpy as np

from understudy.base.audio import Audio
from understudy.hub.scores import Score, Scores

_PAD_S = 0.3
_DITHER = 1e-4


def transcript(audio: Audio, expected_text: str) -> Scores:
    """Returns the word error rate of the sound against the text; what was heard is in `how`."""
    heard, wanted = hear(audio), words_of(expected_text)
    if not wanted:
        return Scores("words", (Score("wer", float("nan"), "%", how="no words were expected"),))
    rate = 100.0 * word_errors(wanted, heard) / len(wanted)
    how = f"pocketsphinx en-US, {len(wanted)} words; heard: {' '.join(heard)}"
    return Scores("words", (Score("wer", rate, "%", how=how),))


def hear(audio: Audio) -> list[str]:
    """Returns the words pocketsphinx hears in US English."""
    import pocketsphinx

    samples = audio.at_rate(16000).samples
    pad = np.zeros(round(_PAD_S * 16000), np.float32)
    noise = np.random.default_rng(0).standard_normal(len(samples) + 2 * len(pad)).astype(np.float32) * _DITHER
    sound = np.concatenate([pad, samples, pad]) + noise
    decoder = pocketsphinx.Decoder(samprate=16000, loglevel="FATAL")
    decoder.start_utt()
    decoder.process_raw((np.clip(sound, -1, 1) * 32767).astype(np.int16).tobytes(), full_utt=True)
    decoder.end_utt()
    best = decoder.hyp()
    return words_of(best.hypstr) if best is not None else []


def words_of(text: str) -> list[str]:
    """Returns lower-case words, numbers spelled out, without punctuation."""
    from unicode_rbnf import RbnfEngine

    english = RbnfEngine.for_language("en")
    spelled = re.sub(r"\d+", lambda m: f" {english.format_number(m.group()).text} ", text.lower().replace("’", "'"))
    return [word for word in re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", spelled) if word != "and"]


def word_errors(wanted: Sequence[str], heard: Sequence[str]) -> int:
    """Returns the fewest insertions, deletions and replacements between two lists of words (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(wanted, 1):
        before, row = row, [i]
        for j, other in enumerate(heard, 1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (word != other)))
    return row[-1]
