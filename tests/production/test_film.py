"""The whole street, end to end: a two-hander is stopped in its second shot, taken up again, released and judged."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np
import pytest
import remuxing

from understudy import judge, rights
from understudy.base.audio import read_sound
from understudy.base.channels import FACE
from understudy.base.errors import Interrupted
from understudy.hub.frames import ShotSize
from understudy.hub.performance import Performance
from understudy.hub.rights import Released
from understudy.production.film import FilmOptions, perform
from understudy.production.progress import Progress

SCRIPT = """Title: Two

INT. ROOM - DAY

EMI
Far away, my mother may have a bottle of good wine. Nobody opens it. How could I ask?

JONAH
Maybe I do.
"""
FPS = 25


@dataclass
class Made:
    """A film, and what was seen while it was made: stopped in the second shot, then resumed."""

    film: Path
    released: Released
    stopped: list[Progress]
    resumed: list[Progress]
    work_when_stopped: list[str]
    kept_when_stopped: dict[str, str]
    kept_when_resumed: dict[str, str]
    finals_seen_early: list[str] = field(default_factory=list)

    @property
    def take(self) -> Performance:
        return Performance.open(self.film.with_name("film-emi.take"))


def digests(work: Path) -> dict[str, str]:
    """Returns the digest and the age of every finished piece of picture."""
    found = [path for path in work.glob("*.mp4") if ".part." not in path.name]
    return {p.name: f"{hashlib.sha256(p.read_bytes()).hexdigest()} {p.stat().st_mtime_ns}" for p in found}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("film")
    script, film = folder / "two.fountain", folder / "film.mp4"
    script.write_text(SCRIPT)
    options = FilmOptions(size_px=(384, 216), fps=FPS, shot=ShotSize.CLOSE, take=folder / "film.take", srt=True)
    work = folder / ".film.mp4.work"
    finals = (film, folder / "film.srt", folder / "film-emi.take", folder / "film-jonah.take")
    early: list[str] = []
    stopped: list[Progress] = []
    resumed: list[Progress] = []
    kept: dict[str, str] = {}

    def stop(progress: Progress) -> None:
        stopped.append(progress)
        early.extend(path.name for path in finals if path.exists())
        if sum(p.note.startswith("JONAH") for p in stopped) == 10:
            raise KeyboardInterrupt

    def go_on(progress: Progress) -> None:
        resumed.append(progress)
        early.extend(path.name for path in finals if path.exists())
        if not kept:
            kept.update(digests(work))

    with pytest.raises(Interrupted, match="same command goes on"):
        perform(script, film, options=options, listener=stop)
    early.extend(path.name for path in finals if path.exists())
    names, finished = sorted(path.name for path in work.iterdir()), digests(work)
    released = perform(script, film, options=options, listener=go_on)
    return Made(film, released, stopped, resumed, names, finished, kept, early)


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the same film, made in one go at another size."""
    folder = tmp_path_factory.mktemp("again")
    (folder / "two.fountain").write_text(SCRIPT)
    options = FilmOptions(size_px=(64, 64), fps=FPS, shot=ShotSize.CLOSE, take=folder / "film.take")
    perform(folder / "two.fountain", folder / "film.mp4", options=options)
    return folder


def times_of(film: Path) -> list[float]:
    with av.open(str(film)) as container:
        return [float(frame.time) for frame in container.decode(video=0)]


def test_nothing_has_its_final_name_before_it_is_released(made: Made) -> None:
    assert made.finals_seen_early == []
    assert {path.name for path in made.film.parent.iterdir()} == {
        "two.fountain", "film.mp4", "film.srt", "film-emi.take", "film-jonah.take",
    }  # fmt: skip


def test_stopping_keeps_the_finished_shot_only(made: Made) -> None:
    assert len(made.kept_when_stopped) == 1
    assert "shot-0001.take" in made.work_when_stopped and "shot-0002.take" not in made.work_when_stopped
    assert not [name for name in made.work_when_stopped if ".part" in name]


def test_resuming_does_not_make_the_finished_shot_again(made: Made) -> None:
    assert made.kept_when_resumed == made.kept_when_stopped
    assert made.resumed[0].film_s > 3 and "kept" in made.resumed[0].note
    assert all(progress.note.startswith("JONAH") for progress in made.resumed[1:])


def test_a_resumed_film_is_as_long_as_one_made_in_one_go(made: Made, again: Path) -> None:
    assert len(times_of(made.film)) == len(times_of(again / "film.mp4"))


@pytest.mark.parametrize("who", ["emi", "jonah"])
def test_the_same_seed_gives_the_same_take(made: Made, again: Path, who: str) -> None:
    name = f"film-{who}.take"
    assert made.film.with_name(name).read_bytes() == (again / name).read_bytes()


def test_the_film_is_genuine(made: Made) -> None:
    report = rights.verify(made.film)
    assert report.verdict == "genuine" and report.exit_code == 0, report.findings
    assert made.released.path == made.film


@pytest.mark.parametrize(
    ("change", "verdict"), [(remuxing.copied, "credentials stripped"), (remuxing.flipped, "altered")]
)
def test_a_stripped_or_altered_film_is_not(
    made: Made, tmp_path: Path, change: Callable[[Path, Path], Path], verdict: str
) -> None:
    report = rights.verify(change(made.film, tmp_path / "other.mp4"))
    assert report.verdict == verdict and report.exit_code == 1, report.findings


def test_pictures_come_evenly_and_sound_and_takes_end_with_them(made: Made) -> None:
    times = np.array(times_of(made.film))
    assert times == pytest.approx(np.arange(len(times)) / FPS, abs=1e-6)
    assert read_sound(made.film).duration_s == pytest.approx(len(times) / FPS, abs=0.03)
    takes = [Performance.open(made.film.with_name(f"film-{who}.take")) for who in ("emi", "jonah")]
    assert sum(take.duration_s for take in takes) == pytest.approx(len(times) / FPS, abs=1e-3)


def test_the_pictures_are_sound(made: Made) -> None:
    scores = judge.timing(made.film)
    assert scores.passed, [score for score in scores.scores if score.passed is False]


def test_the_voice_is_heard(made: Made) -> None:
    samples = read_sound(made.film).samples
    rms_db = 20 * np.log10(np.sqrt(np.mean(samples.astype(float) ** 2)))
    assert -35 < rms_db < -10
    assert np.abs(samples).max() < 0.999


@pytest.mark.parametrize("who", ["emi", "jonah"])
def test_every_weight_of_a_take_is_a_share_and_the_mouth_moves(made: Made, who: str) -> None:
    face = Performance.open(made.film.with_name(f"film-{who}.take")).tracks[FACE]
    assert face.values.shape[1] == 52 and np.isfinite(face.values).all()
    assert face.values.min() >= 0 and face.values.max() <= 1
    assert face.column("jawOpen").std() > 0.02


def test_subtitles_lie_within_the_film_and_on_the_voice(made: Made) -> None:
    text = made.film.with_suffix(".srt").read_text()
    spans = [
        [int(h) * 3600 + int(m) * 60 + int(s) + int(ms) / 1000 for h, m, s, ms in (re.findall(r"\d+", t) for t in row)]
        for row in re.findall(r"([\d:,]+) --> ([\d:,]+)", text)
    ]
    end_s = len(times_of(made.film)) / FPS
    assert len(spans) == 2 and 0 <= spans[0][0] < spans[0][1] <= spans[1][0] < spans[1][1] <= end_s
    sound = read_sound(made.film)
    power = [float(np.mean(sound.cut(*span).samples.astype(float) ** 2)) for span in spans]
    between = float(np.mean(sound.cut(spans[0][1] + 0.05, spans[1][0] - 0.01).samples.astype(float) ** 2))
    assert "Maybe I do." in text and min(power) > 30 * between


def test_the_partners_look_at_each_other_across_the_cut(made: Made) -> None:
    """Each actor stands away from the side they look to, so the faces lie on opposite sides of the middle."""
    second = Performance.open(made.film.with_name("film-jonah.take"))
    first = round(next(event.value for event in second.events if event.kind == "shot") * FPS)
    with av.open(str(made.film)) as container:
        pictures = [frame.to_ndarray(format="rgb24").astype(int) for frame in container.decode(video=0)]
    emi, jonah = (_skin_centre(pictures[:first]), _skin_centre(pictures[first:]))
    assert emi < 0.46 and jonah > 0.54, (emi, jonah)


def _skin_centre(pictures: list[np.ndarray]) -> float:
    """Returns where across the picture (0 left .. 1 right) the skin lies, by its colour."""
    mean = np.mean(pictures, axis=0)
    red, green, blue = np.moveaxis(mean, 2, 0)
    skin = (red > green + 15) & (green > blue) & (red > 90)
    assert skin.mean() > 0.03
    return float(np.argwhere(skin)[:, 1].mean() / mean.shape[1])


def test_lips_and_voice_are_together(made: Made) -> None:
    scores = judge.sync(made.film, made.take)
    assert abs(scores["offset"].value) <= 20 and scores.passed, scores


@pytest.mark.parametrize("by_s", [-0.12, 0.06])
def test_a_film_whose_sound_was_moved_is_found_out(made: Made, tmp_path: Path, by_s: float) -> None:
    scores = judge.sync(remuxing.with_sound(made.film, tmp_path / "late.mp4", remuxing.late(by_s)), made.take)
    assert scores["offset"].value == pytest.approx(1000 * by_s, abs=20) and not scores.passed


def test_a_film_whose_sound_was_shuffled_is_found_out(made: Made, tmp_path: Path) -> None:
    scores = judge.sync(remuxing.with_sound(made.film, tmp_path / "shuffled.mp4", remuxing.shuffled), made.take)
    assert not scores.passed and np.isnan(scores["sound_lag"].value)
