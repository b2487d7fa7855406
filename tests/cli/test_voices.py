"""`consent` and `voice match`: what they refuse, they refuse in one sentence, and leave nothing behind."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile


@pytest.fixture
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A recording of nobody: noise, which no consent makes a voice of."""
    monkeypatch.setenv("UNDERSTUDY_HOME", str(tmp_path / "home"))
    path = tmp_path / "sample.wav"
    soundfile.write(path, np.random.default_rng(0).normal(0, 0.1, 16_000 * 7).astype(np.float32), 16_000)
    return path


def refusal(ran: Any) -> str:
    assert ran.code == 2, ran.err
    last = ran.err.strip().splitlines()[-1]
    assert last.startswith("understudy: ") and "Traceback" not in ran.err
    return str(last)


def signed(understudy: Callable[..., Any], sample: Path, folder: Path) -> tuple[Path, Any]:
    """Returns a consent of Ann, who is nobody, and what making her key said."""
    made = understudy("consent", "key", folder / "ann.pem")
    ran = understudy(
        "consent", "sign", sample, "--person", "Ann", "--use", "scripted", "--for", "the film Rain",
        "--until", _in_a_year(), "--key", folder / "ann.pem", "--i-agree", "-o", folder / "ann.jws",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    return folder / "ann.jws", made


def _in_a_year() -> str:
    return (datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(365)).isoformat()


def test_nothing_is_matched_without_a_consent_that_counts(
    understudy: Callable[..., Any], sample: Path, tmp_path: Path
) -> None:
    to = tmp_path / "ann.voice"
    assert "signed consent" in refusal(understudy("voice", "match", sample, "-o", to))
    consent, made = signed(understudy, sample, tmp_path)
    assert "does not trust" in refusal(understudy("voice", "match", sample, "--consent", consent, "-o", to))
    trust = made.out.strip().splitlines()[-1].split()
    assert understudy(*trust[1:]).code == 0
    other = tmp_path / "other.wav"
    other.write_bytes(sample.read_bytes() + b"\0")
    assert "another recording" in refusal(understudy("voice", "match", other, "--consent", consent, "-o", to))
    # the consent holds now, and what is heard is noise on a machine without the neural voice
    assert "neural voice" in refusal(understudy("voice", "match", sample, "--consent", consent, "-o", to))
    assert understudy("consent", "withdraw", consent).code == 0
    assert "withdrew" in refusal(understudy("voice", "match", sample, "--consent", consent, "-o", to))
    assert not to.exists() and not list(tmp_path.glob("*.part"))


def test_a_consent_is_signed_only_after_it_was_read(
    understudy: Callable[..., Any], sample: Path, tmp_path: Path
) -> None:
    understudy("consent", "key", tmp_path / "ann.pem")
    ran = understudy(
        "consent", "sign", sample, "--person", "Ann", "--use", "scripted", "--for", "the film Rain",
        "--until", _in_a_year(), "--key", tmp_path / "ann.pem", "-o", tmp_path / "ann.jws",
    )  # fmt: skip
    assert "--i-agree" in refusal(ran)
    assert "I, Ann, am 18 or over" in ran.out and "the film Rain" in ran.out
    assert not (tmp_path / "ann.jws").exists()
    assert (tmp_path / "ann.pem").stat().st_mode & 0o077 == 0


def test_a_key_that_begins_like_an_option_is_trusted_as_told(
    understudy: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from understudy import rights

    monkeypatch.setattr(rights, "new_signer", lambda _path: "-T4Sl6ABzQHnT78WCS_N7gohfmROzPetLfOjSpbvsmc")
    told = understudy("consent", "key", tmp_path / "ann.pem").out.strip().splitlines()[-1].split()[1:]
    assert told[-2:] == ["--", "-T4Sl6ABzQHnT78WCS_N7gohfmROzPetLfOjSpbvsmc"]
    assert understudy(*told).code == 0


def test_a_mixture_cannot_be_named_on_the_command_line(understudy: Callable[..., Any], tmp_path: Path) -> None:
    ran = understudy("voice", "Hello.", "--engine", "kokoro/emi*0.5+mei*0.5", "-o", tmp_path / "a.wav")
    assert "mixture" in refusal(ran)
    assert list(tmp_path.glob("*.wav")) == []


def test_a_voice_is_given_only_by_its_file(understudy: Callable[..., Any], tmp_path: Path) -> None:
    for name, words in (("a.actor", "no voice file"), ("a.x", "end it in .actor")):
        ran = understudy("voice", "give", tmp_path / "no.voice", "emi", "-o", tmp_path / name)
        assert words in refusal(ran)
