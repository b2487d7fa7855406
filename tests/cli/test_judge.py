"""`understudy judge` prints the table, says what a row lacks, and refuses in one sentence."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest


@pytest.fixture
def grey_film(tmp_path: Path) -> Path:
    """A second of film in which nothing is to be seen but a moving bar."""
    path = tmp_path / "bar.mp4"
    with av.open(str(path), "w") as container:
        video = container.add_stream("mpeg4", rate=25, options={"qscale": "3"})
        video.width, video.height, video.pix_fmt = 160, 90, "yuv420p"
        for i in range(25):
            picture = np.full((90, 160), 120, np.uint8)
            picture[:, 4 * i : 4 * i + 20] = 60
            container.mux(video.encode(av.VideoFrame.from_ndarray(picture, format="gray").reformat(format="yuv420p")))
        container.mux(video.encode(None))
    return path


def test_rows_that_cannot_be_measured_say_what_they_lack(
    understudy: Callable[..., Any], grey_film: Path, tmp_path: Path
) -> None:
    ran = understudy("judge", grey_film, "--network", "sitting", "--json", tmp_path / "out.json")
    assert "identity kept" in ran.out and "--against" in ran.out
    facts = json.loads((tmp_path / "out.json").read_text())
    assert [row["name"] for row in facts["table"]] == ["identity", "consistency", "frechet", "computing"]
    assert facts["table"][0]["value"] is None and facts["table"][0]["passed"] is None
    assert any(score["name"] == "uneven" and score["passed"] for score in facts["scores"])


def test_a_film_is_no_distance_from_itself(understudy: Callable[..., Any], grey_film: Path) -> None:
    ran = understudy("judge", grey_film, "--against", grey_film, "--network", "sitting")
    assert "0.000      not judged" in ran.out and "not comparable with published FID" in ran.out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("gone.mp4",), "no film at gone.mp4"),
        (("identity", "emi"), "at least two"),
        (("a.mp4", "b.mp4"), "one film at a time"),
    ],
)
def test_what_cannot_be_judged_is_refused(
    understudy: Callable[..., Any], arguments: tuple[str, ...], sentence: str
) -> None:
    ran = understudy("judge", *arguments)
    assert ran.code == 2 and sentence in ran.err and len(ran.err.splitlines()) == 1


def test_a_take_without_its_film_asks_for_render(understudy: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "a.take").write_bytes(b"")
    assert "--render" in understudy("judge", tmp_path / "a.take").err


def test_missing_inception_weights_are_named(understudy: Callable[..., Any], grey_film: Path) -> None:
    ran = understudy("judge", grey_film, "--against", grey_film, "--inception", "gone.pth", "--network", "sitting")
    assert "no weights at gone.pth" in ran.out + ran.err
