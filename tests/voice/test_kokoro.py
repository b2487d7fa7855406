from dataclasses import replace

import numpy as np
import pytest

from understudy.base.errors import BadInput, Unavailable, UnknownName
from understudy.hub.actor import Actor, house_recipes
from understudy.hub.script import Direction, Line
from understudy.hub.speech import Speech
from understudy.hub.voice import Voice
from understudy.voice import choose, speak
from understudy.voice.clause import Clause
from understudy.voice.kokoro import Kokoro, model, styles
from understudy.voice.kokoro.letters import spelled
from understudy.voice.kokoro.symbols import NUMBERS, groups
from understudy.voice.text import read
from understudy.voice.world import track_f0

TEXT = "Yes, I know."


@pytest.fixture(autouse=True)
def heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UNDERSTUDY_KOKORO")
    if why := model.missing():
        pytest.skip(why)


@pytest.fixture(scope="module")
def clause() -> Clause:
    return read("I know.")[0]


def symbols(text: str, language: str) -> str:
    return "".join(group.symbols for c in read(text, language=language) for group in groups(c, language))


def test_english_is_written_as_kokoro_was_taught() -> None:
    assert symbols("A little water, please.", "en-US") == "ɐ lˈɪɾᵊl wˈɔɾəɹ,plˈiz."
    assert symbols("The party of the apple.", "en-GB") == "ðə pˈɑːti əv ði ˈapᵊl."
    assert symbols("I was on my way to it!", "en-US") == "ˌI wʌz ˌɔn mˌI wˈA tʊ ɪt!".replace("ˌɔn", "ˌɑn")


def test_other_languages_are_spelled_with_their_stress() -> None:
    assert symbols("La tormenta se acerca.", "es-ES") == "la toɾmˈenta se aθˈeɾka."
    assert symbols("La ragazza perché.", "it-IT") == "la raɡˈaʦa perkˈe."
    assert symbols("Demain la tempête.", "fr-FR") == "dəmˈɛ̃ la tɑ̃pˈɛt."
    assert [phone for _, phone, _ in spelled("chico", "es")] == ["CH", "IY", "K", "OW"]
    for word in ("xyz", "ßß", "garçon", "pingüino", "l'eau"):
        for language in ("es", "fr", "it"):
            assert all(s in NUMBERS for sound in spelled(word, language) for s in sound[0])


def test_every_house_actor_has_a_voice_of_their_own_and_a_small_one_to_fall_back_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert set(house_recipes()) <= set(styles.voices())
    voice = Actor.open("jonah").record.voice
    assert choose(voice).label == "kokoro/jonah"
    assert choose(voice, "it-IT").label == "kokoro/it-man"
    assert choose(voice).designed(voice) == voice
    monkeypatch.setenv("UNDERSTUDY_KOKORO", "off")
    small = choose(voice)
    assert small.label == "pico/en-US"
    assert (small.designed(voice).pitch_st, small.designed(voice).tract) == (-6.5, 1.15)
    with pytest.raises(BadInput, match="pitch_st"):
        choose(Voice(engines=("pico/en-US@deep",)))


def test_no_two_designed_voices_are_the_same_and_none_is_a_published_one() -> None:
    rows = [styles.style(name, 40) for name in styles.voices()]
    near = [np.linalg.norm(a[:128] - b[:128]) for i, a in enumerate(rows) for b in rows[:i]]
    assert min(near) > 0.1
    with pytest.raises(UnknownName):
        styles.style("air", 40)


def test_a_plan_that_is_performed_comes_out_with_its_times_and_its_pitch(clause: Clause) -> None:
    engine = Kokoro()
    plan = engine.plan(clause, "emi")
    assert plan.phones[-1].end_s == plan.duration_s
    assert [w.phones[0].name for w in plan.words()] == ["AY", "N"]
    longer = tuple(replace(p, start_s=p.start_s * 1.4, end_s=p.end_s * 1.4) for p in plan.phones)
    places = np.arange(round(longer[-1].end_s / 0.005)) / 1.4
    level = np.where(np.interp(places, np.arange(len(plan.f0_hz)), plan.f0_hz) > 0, 250.0, 0.0)
    energy = np.interp(places, np.arange(len(plan.energy_db)), plan.energy_db)
    said = engine.perform(clause, "emi", replace(plan, phones=longer, f0_hz=level, energy_db=energy))
    assert said.audio.duration_s == pytest.approx(1.4 * plan.duration_s, abs=0.026)
    f0 = track_f0(said.audio)
    assert np.median(f0[f0 > 0]) == pytest.approx(250.0, rel=0.03)
    again = engine.perform(clause, "emi", replace(plan, phones=longer, f0_hz=level, energy_db=energy))
    assert np.array_equal(said.audio.samples, again.audio.samples)
    with pytest.raises(BadInput, match="score"):
        engine.perform(read("Other words.")[0], "emi", plan)


def test_a_line_is_spoken_by_the_neural_voice_and_directed_from_inside() -> None:
    def made(direction: Direction) -> Speech:
        return Speech.join(speak(Line(TEXT, direction=direction), Voice(engines=("kokoro/emi",))))

    plain, angry = made(Direction()), made(Direction(emotions={"anger": 1.0}))
    assert plain.engine == "kokoro/emi"
    assert plain.phones[0].start_s == 0.0
    assert plain.phones[-1].end_s == pytest.approx(plain.duration_s)
    pitches = [float(np.median(f[f > 0])) for s in (plain, angry) if (f := s.prosody.column("f0_hz")) is not None]
    assert 12 * np.log2(pitches[1] / pitches[0]) > 3.0


def test_the_wrong_weights_are_refused(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    wrong = tmp_path / "kokoro.onnx"
    wrong.write_bytes(b"not it")
    monkeypatch.setenv("UNDERSTUDY_KOKORO", str(wrong))
    with pytest.raises(Unavailable, match="SHA-256"):
        model._assembled()
    monkeypatch.setenv("UNDERSTUDY_CACHE", str(tmp_path / "empty"))
    monkeypatch.setenv("UNDERSTUDY_KOKORO", str(tmp_path / "none"))
    assert "no file" in model.missing()
