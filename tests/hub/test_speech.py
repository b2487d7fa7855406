from understudy.hub.speech import Phone, Speech


def test_joined_pieces_keep_their_times() -> None:
    a, b = Speech.silence(0.5, 24000), Speech.silence(0.25, 24000)
    whole = Speech.join([a, b])
    assert whole.duration_s == 0.75
    assert whole.phones == (Phone("SIL", 0.0, 0.5), Phone("SIL", 0.5, 0.75))
    assert len(whole.prosody.values) == 75
