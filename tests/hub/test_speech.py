import numpy as np

from understudy.base.audio import Audio
from understudy.hub.speech import PROSODY_CHANNELS, Phone, Speech, Word
from understudy.hub.track import Track


def test_joined_pieces_keep_their_times() -> None:
    a, b = Speech.silence(0.5, 24000), Speech.silence(0.25, 24000)
    whole = Speech.join([a, b])
    assert whole.duration_s == 0.75
    assert whole.phones == (Phone("SIL", 0.0, 0.5), Phone("SIL", 0.5, 0.75))
    assert len(whole.prosody.values) == 75


def spoken(phones: list[Phone], words: list[Word]) -> Speech:
    samples = np.random.default_rng(0).normal(0, 0.1, round(phones[-1].end_s * 24000)).astype(np.float32)
    prosody = np.zeros((round(phones[-1].end_s * 100), 2), np.float32)
    prosody[:, 0] = np.arange(len(prosody))
    return Speech(
        Audio(samples, 24000), tuple(phones), tuple(words), Track("prosody", PROSODY_CHANNELS, 100.0, prosody)
    )


def test_a_long_speech_is_cut_in_its_silences_and_joins_to_itself() -> None:
    phones, words, clock = [], [], 0.0
    for i in range(40):
        words.append(Word(f"w{i}", clock, clock + 0.6))
        phones += [Phone("AA", clock, clock + 0.3), Phone("M", clock + 0.3, clock + 0.6)]
        pause = 0.5 if i % 7 == 6 else 0.05
        phones.append(Phone("SIL", clock + 0.6, clock + 0.6 + pause))
        clock += 0.6 + pause
    whole = spoken(phones, words)
    pieces = list(whole.pieces(8.0))
    assert len(pieces) > 2 and max(p.duration_s for p in pieces) <= 8.0
    assert all(p.phones[-1].name == "SIL" for p in pieces)
    joined = Speech.join(pieces)
    assert np.array_equal(joined.audio.samples, whole.audio.samples)
    assert np.array_equal(joined.prosody.values, whole.prosody.values)
    assert [w.text for w in joined.words] == [w.text for w in whole.words]
    assert np.allclose([w.start_s for w in joined.words], [w.start_s for w in whole.words])


def test_speech_without_a_pause_is_cut_between_words() -> None:
    words = [Word("la", 0.4 * i, 0.4 * (i + 1)) for i in range(50)]
    phones = [Phone(n, w.start_s + d, w.start_s + d + 0.2) for w in words for n, d in (("L", 0.0), ("AA", 0.2))]
    for piece in spoken(phones, words).pieces(5.0):
        assert piece.phones[0].name == "L" and piece.duration_s <= 5.0
