import sqlite3
from pathlib import Path

import av
import numpy as np
import pytest
from rights_stage import SIZE, encoded, encypher, film, flip_byte, frames, picture, remuxed

from understudy.base.audio import Audio
from understudy.base.errors import BadInput
from understudy.base.image import Image
from understudy.hub.rights import Grant, Released
from understudy.rights import Ledger, Report, Verdict, release_sound, release_still, verify
from understudy.rights.ledger import now
from understudy.rights.manifest import sign_file
from understudy.testing.grants import grant_for, walk_on


def signed_again(given: Path, to: Path, watermark: str, grant: Grant) -> Path:
    """Signs any MP4 with this installation's key, as a thief of the key would."""
    sign_file(
        given,
        to,
        media_type="video/mp4",
        title="",
        when=now(),
        watermark=watermark,
        grants=[grant],
        origin=Ledger().origin,
    )
    return to


def unmarked_film(to: Path) -> Path:
    with av.open(str(to), "w") as out:
        stream = out.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        for frame in frames(12):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(frame.image.pixels, "rgb24")))
        out.mux(stream.encode())
    return to


def test_a_released_film_is_genuine(released: Released) -> None:
    report = verify(released.path)
    assert report.verdict is Verdict.GENUINE and report.exit_code == 0, report.findings
    assert report.matrix == "trusted x found"
    assert report.watermark_id == report.soft_binding == released.watermark_id
    assert report.ai_tag and report.digital_source_type.endswith("/trainedAlgorithmicMedia")
    assert report.ledger is not None
    assert (report.ledger.index, report.ledger.proven, report.ledger.same_file) == (released.ledger_index, True, True)
    assert report.approval == ("fully synthetic",)


@pytest.mark.parametrize("name", ["a.png", "a.jpg"])
def test_a_released_still_is_genuine(tmp_path: Path, grant: Grant, name: str) -> None:
    report = verify(release_still(Image(picture(*SIZE)), tmp_path / name, grant=grant, title="").path)
    assert (report.verdict, report.matrix) == (Verdict.GENUINE, "trusted x found"), report.findings


def test_released_sound_is_genuine_and_says_that_it_has_no_watermark(tmp_path: Path, grant: Grant) -> None:
    report = verify(release_sound(Audio.silence(1, 16000), tmp_path / "a.wav", grant=grant, title="").path)
    assert (report.verdict, report.watermark) == (Verdict.GENUINE, "not used")
    assert any("no watermark" in finding for finding in report.findings)


@pytest.mark.parametrize("place", [0.6, 0.8, 0.95])
def test_one_flipped_bit_is_found_by_both_verifiers(released: Released, tmp_path: Path, place: float) -> None:
    broken = flip_byte(released.path, tmp_path / "broken.mp4", place)
    report = verify(broken)
    assert (report.verdict, report.credentials, report.exit_code) == (Verdict.ALTERED, "invalid", 1)
    assert "assertion.bmffHash.mismatch" in report.problems
    assert encypher(broken)["validation_state"] == "Invalid"


def test_a_remux_strips_credentials_and_the_watermark_brings_them_back(released: Released, tmp_path: Path) -> None:
    report = verify(remuxed(released.path, tmp_path / "copy.mp4"))
    assert (report.verdict, report.matrix, report.exit_code) == (Verdict.STRIPPED, "none x found", 1)
    assert report.watermark_id == released.watermark_id
    assert report.ledger is not None and report.ledger.found_by == "watermark" and report.ledger.proven
    assert report.ledger.index == released.ledger_index and not report.ledger.same_file
    assert f"entry {released.ledger_index}" in report.findings[0]


def test_a_mirrored_and_compressed_copy_is_still_ours(released: Released, tmp_path: Path) -> None:
    with av.open(str(released.path)) as given:
        mirrored = [np.ascontiguousarray(f.to_ndarray(format="rgb24")[:, ::-1]) for f in given.decode(video=0)]
    shown = encoded([av.VideoFrame.from_ndarray(pixels, "rgb24") for pixels in mirrored], crf=23)
    to = tmp_path / "mirrored.mp4"
    with av.open(str(to), "w") as out:
        stream = out.add_stream("libx264", rate=25, options={"crf": "18"})
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        for i, frame in enumerate(shown):
            frame.pts = i
            frame.time_base = stream.codec_context.time_base or frame.time_base
            frame.pict_type = 0
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    report = verify(to)
    assert (report.verdict, report.watermark_flipped) == (Verdict.STRIPPED, True), report


def test_other_peoples_films_have_no_marks(tmp_path: Path) -> None:
    report = verify(unmarked_film(tmp_path / "a.mp4"))
    assert (report.verdict, report.matrix, report.exit_code) == (Verdict.UNMARKED, "none x absent", 1)
    assert report.ledger is None and not report.ai_tag


def test_a_watermark_carried_to_another_picture_is_a_contradiction(tmp_path: Path, grant: Grant) -> None:
    """A thief of the watermark key marks his own picture with an id of ours."""
    from understudy.rights.still import marked

    ours = release_still(Image(picture(*SIZE)), tmp_path / "ours.png", grant=grant, title="")
    from PIL import Image as Pil

    theirs = np.ascontiguousarray(picture(*SIZE).transpose(1, 0, 2)[::-1])
    Pil.fromarray(marked(theirs, ours.watermark_id, flat=False)).save(tmp_path / "theirs.png")
    report = verify(tmp_path / "theirs.png")
    assert (report.verdict, report.matrix) == (Verdict.CONTRADICTION, "none x found")
    assert "not the released one" in report.findings[0]


def test_our_film_under_a_strangers_credentials_is_a_contradiction(
    released: Released, tmp_path: Path, grant: Grant
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UNDERSTUDY_HOME", str(tmp_path / "stranger"))
        theirs = signed_again(remuxed(released.path, tmp_path / "copy.mp4"), tmp_path / "theirs.mp4", "", grant)
    report = verify(theirs)
    assert (report.verdict, report.matrix) == (Verdict.CONTRADICTION, "valid x found")
    assert "stranger signed" in report.findings[0]


def test_a_film_of_another_installation_is_never_green(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UNDERSTUDY_HOME", str(tmp_path / "elsewhere"))
        out = film(tmp_path / "film.mp4", grant_for(walk_on()), shots=(14,))
        assert verify(out.path).verdict is Verdict.GENUINE
    report = verify(out.path)
    assert (report.verdict, report.matrix) == (Verdict.UNKNOWN_SIGNER, "valid x absent")
    assert "anyone can make" in report.signer_meaning
    assert "signingCredential.untrusted" in report.problems


def test_a_machine_without_keys_can_check_credentials_and_makes_none(released: Released, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UNDERSTUDY_HOME", str(tmp_path / "viewer"))
        report = verify(released.path)
    assert (report.verdict, report.matrix) == (Verdict.UNKNOWN_SIGNER, "valid x unreadable here")
    assert not (tmp_path / "viewer").exists()


def test_signing_an_unmarked_film_with_our_key_is_a_contradiction(tmp_path: Path, grant: Grant) -> None:
    plain = unmarked_film(tmp_path / "a.mp4")
    for watermark in ("", "0123456789ab"):
        report = verify(signed_again(plain, tmp_path / f"b{watermark}.mp4", watermark, grant))
        assert (report.verdict, report.matrix) == (Verdict.CONTRADICTION, "trusted x absent")
        assert "ledger holds no such release" in report.findings[0]


def test_credentials_that_bind_another_watermark_are_a_contradiction(
    released: Released, tmp_path: Path, grant: Grant
) -> None:
    wrong = signed_again(remuxed(released.path, tmp_path / "c.mp4"), tmp_path / "d.mp4", "0123456789ab", grant)
    assert verify(wrong).verdict is Verdict.CONTRADICTION


def test_a_ledger_rewritten_by_its_owner_proves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNDERSTUDY_HOME", str(tmp_path / "own"))
    out = release_still(Image(picture(*SIZE)), tmp_path / "a.png", grant=grant_for(walk_on()), title="")
    entry = Ledger().entry(out.ledger_index)
    assert entry is not None
    with sqlite3.connect(Ledger().path) as db:
        db.execute("DROP TRIGGER leaves_UPDATE")
        body = entry.body.replace(b'"still"', b'"other"')
        db.execute("UPDATE leaves SET body = ? WHERE leaf = ?", (body, entry.index))
    report = verify(out.path)
    assert report.verdict is Verdict.CONTRADICTION and "tampered" in report.findings[0]


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"#EXTM3U\n#EXTINF:1,\n/etc/hostname\n", b"\0\0\0\x20ftypisom" + b"\0" * 64, b"RIFF\0\0\0\0WAVE"],
    ids=["empty", "text", "playlist", "hollow film", "hollow sound"],
)
def test_what_is_not_media_is_told_so(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(data)
    try:
        report: Report | None = verify(path)
    except BadInput as error:
        assert str(path) in str(error)
        report = None
    assert report is None or report.verdict is Verdict.UNMARKED


def test_a_playlist_named_mp4_reads_no_other_file(released: Released, tmp_path: Path) -> None:
    path = tmp_path / "list.mp4"
    path.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:2.4,\n{released.path}\n#EXT-X-ENDLIST\n")
    with pytest.raises(BadInput, match="is not an MP4"):
        verify(path)


def test_a_picture_bomb_is_not_opened(tmp_path: Path) -> None:
    from PIL import Image as Pil

    Pil.new("1", (12000, 12000)).save(tmp_path / "bomb.png")
    with pytest.warns(Pil.DecompressionBombWarning), pytest.raises(BadInput, match="40 megapixels"):
        verify(tmp_path / "bomb.png")


def test_a_missing_file_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        verify(tmp_path / "nothing.mp4")


def test_no_title_of_any_release_is_in_the_ledger(released: Released) -> None:
    checkpoint = Ledger().checkpoint()
    assert checkpoint is not None
    assert not Ledger().faults()
    for index in range(checkpoint.size):
        entry = Ledger().entry(index)
        assert entry is not None and b"A test" not in entry.body
