"""A film that was just made is held against its take, its price and another film of it."""

import json
import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from understudy import Performance, shoot
from understudy.base.audio import Audio
from understudy.base.channels import ANIMATION_RATE_HZ, HEAD, TRACK_CHANNELS
from understudy.base.errors import BadInput
from understudy.hub.frames import Move, Shot, ShotSize
from understudy.hub.performance import Event
from understudy.hub.track import Track
from understudy.production import computing
from understudy.production.camera import NOTE, cameras, noted
from understudy.production.film import FilmOptions
from understudy.production.judging import ROWS, JudgeOptions, likeness, preview, table


def take(seconds: float = 1.0) -> Performance:
    count = round(seconds * ANIMATION_RATE_HZ)
    tracks = {
        n: Track(n, c, ANIMATION_RATE_HZ, np.zeros((count, len(c)), np.float32)) for n, c in TRACK_CHANNELS.items()
    }
    tracks[HEAD].values[:, 1] = 0.1 * np.sin(np.arange(count) / 12)
    return Performance("emi", Audio.silence(seconds, 24000), tracks)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "turn.mp4"
    shoot(take(), path, options=FilmOptions(size_px=(320, 180), shot=ShotSize.CLOSE))
    take().save(path.with_suffix(".take"))
    return path


def test_the_four_rows_are_measured(film: Path) -> None:
    scores = table(film, take=take(), against=film, options=JudgeOptions(network="sitting"))
    assert [scores[name].name for name in ROWS] == list(ROWS)
    assert scores["identity"].passed and scores["consistency"].passed
    assert scores["frechet"].value == pytest.approx(0, abs=1e-6)
    assert 0 < scores["computing"].value < 60 and scores["computing_cpu"].value > 0


def test_a_film_remembers_its_camera_and_a_wrong_one_fails(film: Path, tmp_path: Path) -> None:
    stranger = tmp_path / "copy.mp4"
    stranger.write_bytes(film.read_bytes() + b"\0\0\0\x08free")
    right, wrong = (table(path, take=take(), options=JudgeOptions(network="sitting")) for path in (film, stranger))
    assert right["consistency"].passed and wrong["consistency"].passed is not True
    assert math.isnan(wrong["computing"].value) and "not made by this installation" in wrong["computing"].how


def test_without_a_take_each_row_says_what_it_needs(film: Path) -> None:
    scores = table(film, options=JudgeOptions(network="sitting"))
    for name in ("frechet", "identity", "consistency"):
        assert math.isfinite(scores[name].value) or scores[name].how


def test_films_and_actors_are_compared_by_face(film: Path) -> None:
    names, alike, network = likeness([str(film), "emi", "jonah"], options=JudgeOptions(network="sitting"))
    assert names == ["turn.mp4", "emi", "jonah"] and network.startswith("sitting")
    assert alike[0, 1] > 0.97 > alike[0, 2]
    with pytest.raises(BadInput, match="no picture"):
        likeness(["gone.png", "emi"], options=JudgeOptions(network="sitting"))


def test_a_cut_take_is_not_filmed_by_one_camera(tmp_path: Path) -> None:
    shots = tuple(Event("shot", f"shot-{i}", i, i + 1, i) for i in (0, 1))
    with pytest.raises(BadInput, match="several shots"):
        preview(replace(take(2.0), events=shots), tmp_path / "a.mp4", actor="", look="raster", options=FilmOptions())


def test_a_shot_is_noted_without_what_belongs_to_the_film() -> None:
    shot = Shot(ShotSize.WIDE, (640, 360), 50.0, partner=-1.0, move=Move.DRIFT)
    assert noted(shot) == noted(replace(shot, size_px=(320, 180), fps=25.0))
    assert "partner" in json.loads(noted(shot))
    noting = replace(take(), made_with={NOTE: noted(shot)})
    found = cameras(noting, size_px=(320, 180), fps=25.0, otherwise=Shot())
    assert found == {"": replace(shot, size_px=(320, 180), fps=25.0)}


def test_an_unknown_camera_is_the_one_that_was_given() -> None:
    other = Shot(ShotSize.CLOSE, (1280, 720), 25.0)
    assert cameras(take(), size_px=(1280, 720), fps=25.0, otherwise=other) == {"": other}


def test_a_stopwatch_counts_the_work_of_the_processor() -> None:
    watch = computing.Stopwatch()
    np.linalg.svd(np.random.default_rng(0).normal(size=(500, 500)))
    spent = watch.so_far()
    assert spent.cpu_s > 0 and spent.wall_s > 0
    both = spent + spent
    assert both.cpu_s == pytest.approx(2 * spent.cpu_s)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells of running children")
def test_a_stopwatch_counts_a_child_that_still_runs() -> None:
    watch = computing.Stopwatch()
    code = "sum(i * i for i in range(3_000_000)); print('done', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None and child.stdout.readline() == b"done\n"
        running = watch.so_far().cpu_s
        child.communicate(b"\n")
    assert 0.05 < running <= watch.so_far().cpu_s + 0.05


def test_the_price_of_a_shot_survives_an_interruption(tmp_path: Path) -> None:
    computing.save(tmp_path / "a.cost", computing.Computing(3.0, 2.0))
    assert computing.saved(tmp_path / "a.cost") == computing.Computing(3.0, 2.0)
    assert computing.saved(tmp_path / "gone.cost") == computing.Computing(0.0, 0.0)
