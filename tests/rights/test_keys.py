import os
import subprocess
import sys
from pathlib import Path

import pytest

from understudy.base.errors import BadInput, Unavailable
from understudy.rights import keys

_SHOW = (
    "from understudy.rights import keys; import hashlib;"
    "print(keys.public_text(keys.installation_key()), hashlib.sha256(keys.watermark_key()).hexdigest(),"
    "hashlib.sha256(keys.claim_signer().chain_pem.encode()).hexdigest())"
)


def test_processes_that_start_together_get_the_same_keys(fresh_home: Path) -> None:
    started = [subprocess.Popen([sys.executable, "-c", _SHOW], stdout=subprocess.PIPE, text=True) for _ in range(4)]
    shown = {process.communicate()[0] for process in started}
    assert len(shown) == 1 and shown.pop().count(" ") == 2
    assert sorted(p.name for p in (fresh_home / "keys").iterdir()) == [
        "authority.pem",
        "installation.pem",
        "signer.pem",
        "watermark.key",
    ]


def test_keys_are_for_their_user_alone(fresh_home: Path) -> None:
    keys.claim_signer(), keys.watermark_key(), keys.installation_key()
    for path in (fresh_home / "keys").iterdir():
        assert path.stat().st_mode & 0o777 == 0o600, path.name
    assert (fresh_home / "keys").stat().st_mode & 0o777 == 0o700


def test_two_installations_share_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    for name in ("one", "other"):
        monkeypatch.setenv("UNDERSTUDY_HOME", str(tmp_path / name))
        seen.append((keys.watermark_key(), keys.public_text(keys.installation_key()), keys.derived("x")))
    assert all(a != b for a, b in zip(*seen, strict=True))


def test_a_damaged_key_file_says_so(fresh_home: Path) -> None:
    keys.claim_signer()
    path = fresh_home / "keys" / "signer.pem"
    path.write_bytes(path.read_bytes().split(b"-----BEGIN CERTIFICATE")[0])
    with pytest.raises(Unavailable, match="damaged"):
        keys.claim_signer()


def test_a_home_that_cannot_be_made_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("UNDERSTUDY_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(Unavailable, match="UNDERSTUDY_HOME"):
        keys.watermark_key()


def test_a_licensor_needs_a_real_key(fresh_home: Path) -> None:
    with pytest.raises(BadInput):
        keys.trust_licensor("not a key", "agency")
    with pytest.raises(BadInput):
        keys.trust_licensor(keys.public_text(keys.installation_key()), "../../etc/passwd")
    assert not os.path.exists(fresh_home / "trust")  # noqa: PTH110
