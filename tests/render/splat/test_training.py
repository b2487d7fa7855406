"""Gradients against differences, and clouds that learn another cloud."""

from dataclasses import replace

import numpy as np
import pytest
from cloud import cloud, emi, pose, view

from understudy.base.errors import BadInput
from understudy.hub.frames import Shot, ShotSize
from understudy.render.splat import backward, stepping, training
from understudy.render.splat.fidelity import fidelity
from understudy.render.splat.lessons import learn
from understudy.render.splat.loss import premultiplied
from understudy.render.splat.pace import Pace
from understudy.render.splat.training import Pupil
from understudy.render.splat.views import View


def unlike(count: int = 3000) -> tuple[object, list[View]]:
    """A cloud, and views of one that differs from it in all that can be learned."""
    first = cloud(count)
    draw = np.random.default_rng(5)

    def bent(values: np.ndarray, much: float) -> np.ndarray:
        return (values * np.exp(much * draw.standard_normal(values.shape))).astype(np.float32)

    other = replace(
        first,
        place_m=(first.place_m + 3e-4 * draw.standard_normal(first.place_m.shape)).astype(np.float32),
        size_m=bent(first.size_m, 0.2),
        transfer=bent(first.transfer, 0.3) * np.float32([0.9, 0.7, 1.1]),
    )
    faces = [
        {},
        {"jawOpen": 0.6},
        {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0},
        {"mouthSmileLeft": 0.8, "mouthSmileRight": 0.8},
    ]
    views = []
    for number in range(16):
        held = ("expression", "view", "light")[number - 13] if number >= 13 else ""
        shot = Shot(ShotSize.CLOSE, (96, 96), turn_rad=(-0.4, 0.0, 0.35)[number % 3])
        views.append(view(other, pose(0.0, **faces[number % 4]), shot, ("studio", "dusk")[number % 2], held))
    return first, views


@pytest.fixture(scope="module")
def school() -> tuple[object, list[View]]:
    return unlike()


@pytest.mark.parametrize(
    ("low", "high", "step", "least"),
    [
        (backward.TURN, backward.SIZE, 5e-3, 0.9),
        (backward.SIZE, backward.OPACITY, 5e-3, 0.97),
        # where it ends moves with it, which is left out
        (backward.OPACITY, backward.TRANSFER, 2e-2, 0.96),
        (backward.TRANSFER, backward.GLOSS, 4e-3, 0.9),
        (backward.GLOSS, backward.SHEEN, 2e-2, 0.97),
        (backward.SHEEN, backward.GAIN, 1e-2, 0.98),
        (backward.GAIN, backward.GAIN + 10, 2e-2, 0.98),
    ],
)
def test_what_is_asked_of_a_gaussian_is_what_differences_say(
    school: tuple[object, list[View]], monkeypatch: pytest.MonkeyPatch, low: int, high: int, step: float, least: float
) -> None:
    first, views = school
    draw = np.random.default_rng(low)
    bent = replace(
        first,  # type: ignore[type-var]
        gain=(0.1 * draw.standard_normal(first.gain.shape)).astype(np.float32),  # type: ignore[attr-defined]
        sheen=(0.1 * draw.standard_normal(first.sheen.shape)).astype(np.float32),  # type: ignore[attr-defined]
    )
    pupil = Pupil(bent, emi(), views[1:2], 0)  # type: ignore[arg-type]
    asked: dict[str, np.ndarray] = {}
    monkeypatch.setattr(stepping, "step", lambda *given: asked.update(wanted=given[3].copy(), inside=given[5].copy()))
    mix = pupil._mix.copy()
    pupil._step(views[1], False, 0.0)
    pupil._mix = mix
    wanted = premultiplied(views[1].pixels).astype(np.float64)

    def loss() -> float:
        off = pupil.show(views[1]).astype(np.float64) - wanted

        def bent_(d: np.ndarray) -> float:
            return float((np.sqrt(d * d + 0.03**2) * (1, 1, 1, 0.5)).sum())

        return 1e-4 * (bent_(off) + 0.6 * (bent_(np.diff(off, axis=0)) + bent_(np.diff(off, axis=1))))

    inside = np.flatnonzero(asked["inside"])
    strength = np.abs(asked["wanted"][:, low:high]).sum(1)
    told, found = [], []
    for i in inside[np.argsort(-strength[inside])[:24:2]]:
        for column in draw.choice(np.arange(low, high), min(3, high - low), replace=False):
            old = pupil.learned[i, column]
            pupil.learned[i, column] = old + step
            up = loss()
            pupil.learned[i, column] = old - step
            found.append((up - loss()) / (2 * step))
            pupil.learned[i, column] = old
            told.append(asked["wanted"][i, column])
    assert np.corrcoef(told, found)[0, 1] > least


def test_a_cloud_learns_another_and_what_it_has_not_seen(school: tuple[object, list[View]]) -> None:
    first, views = school
    held = [v for v in views if v.ask.held]
    pupil = Pupil(first, emi(), [v for v in views if not v.ask.held], 0)  # type: ignore[arg-type]

    def score() -> float:
        return float(np.mean([fidelity(pupil.show(v), premultiplied(v.pixels)).psnr_db for v in held]))

    before = score()
    for step in range(160):
        pupil.step(step / 160)
    assert score() > before + 4.0


def test_useless_gaussians_move_and_none_is_lost(school: tuple[object, list[View]]) -> None:
    first, views = school
    pace = Pace(move_every=20, move_share=0.1)
    pupil = Pupil(first, emi(), views[:12], 0, pace)  # type: ignore[arg-type]
    before = pupil.avatar().carrier.copy()
    for _ in range(21):
        pupil.step(0.1)
    after = pupil.avatar()
    assert after.count == len(before) and np.isfinite(after.place_m).all()
    assert 0 < (after.carrier != before).sum() <= 0.1 * len(before)


def test_training_goes_on_from_what_was_kept(school: tuple[object, list[View]]) -> None:
    first, views = school
    pupil = Pupil(first, emi(), views[:12], 0)  # type: ignore[arg-type]
    for _ in range(5):
        pupil.step(0.0)
    kept = pupil.state(3.5)
    again = Pupil(first, emi(), views[:12], 0)  # type: ignore[arg-type]
    assert again.go_on(kept) == 3.5 and again.tick == 5
    assert np.array_equal(again.show(views[0]), pupil.show(views[0]))
    with pytest.raises(BadInput, match="work folder"):
        again.go_on(kept[:200])


class Shelf:
    """Notes in memory."""

    def __init__(self) -> None:
        self.notes: dict[str, bytes] = {}

    def keep(self, name: str, note: bytes) -> None:
        self.notes[name] = note

    def load(self, name: str) -> bytes | None:
        return self.notes.get(name)


class Clock:
    """A second a look."""

    def __init__(self, breaks_at: int = 10**9, error: type[BaseException] = MemoryError) -> None:
        self.now, self.breaks_at, self.error = 0, breaks_at, error

    def __call__(self) -> float:
        self.now += 1
        if self.now == self.breaks_at:
            raise self.error
        return float(self.now)


@pytest.mark.parametrize("error", [MemoryError, KeyboardInterrupt])
def test_lessons_keep_what_was_learned_when_they_break_off(
    school: tuple[object, list[View]], error: type[BaseException]
) -> None:
    _, views = school
    notes = Shelf()
    about = {"body_sha256": "0", "teacher": "raster", "count": 2000, "notes": notes}
    with pytest.raises(error):
        learn(emi(), views, cpu_s=30, clock=Clock(12, error), **about)  # type: ignore[arg-type]
    assert any(name.startswith("lessons") for name in notes.notes)
    report = learn(emi(), views, cpu_s=30, clock=Clock(), **about)  # type: ignore[arg-type]
    assert set(report.scores) == {"expression", "view", "light", "training"}
    assert report.avatar.record.scores["expression_psnr_db"] > 10
    assert report.steps > 10


def test_so_many_steps_come_to_the_same_however_slow_the_machine_is(school: tuple[object, list[View]]) -> None:
    _, views = school
    about = {"body_sha256": "0", "teacher": "raster", "count": 1500, "cpu_s": 1.0, "steps": 8}
    notes = Shelf()
    with pytest.raises(KeyboardInterrupt):
        learn(emi(), views, clock=Clock(6, KeyboardInterrupt), notes=notes, **about)  # type: ignore[arg-type]
    seen: list[tuple[float, float]] = []
    slow = learn(
        emi(), views, clock=Clock(), notes=notes, told=lambda done, of, word: seen.append((done, of)),
        **about,  # type: ignore[arg-type]
    )  # fmt: skip
    assert slow.steps == 8 and 1 <= seen[0][0] < 8 and seen[0][1] == 8
    one, two = (learn(emi(), views, **about) for _ in range(2))  # type: ignore[arg-type]
    assert one.avatar.encode() == two.avatar.encode() and one.steps == 8


def test_too_few_views_are_refused(school: tuple[object, list[View]]) -> None:
    with pytest.raises(BadInput, match="too few"):
        learn(emi(), school[1][:5], body_sha256="0", teacher="raster", cpu_s=1)


def test_light_stays_plausible_whatever_is_asked(school: tuple[object, list[View]]) -> None:
    first, views = school
    pupil = Pupil(first, emi(), views[:12], 0, Pace(transfer=0.5, smooth_every=2))  # type: ignore[arg-type]
    for _ in range(25):
        pupil.step(0.0)
    transfer = pupil.avatar().transfer
    assert transfer[:, 0].min() >= 0 and transfer[:, 0].max() <= stepping.WHITEST
    assert (np.abs(transfer[:, 1:]) <= 1.75 * transfer[:, :1] + 1e-5).all()
    assert training.PACE.even > 0


def test_a_pupil_sees_what_a_painter_paints(school: tuple[object, list[View]]) -> None:
    from understudy.render.framing import frame_actor
    from understudy.render.splat.painter import Painter

    first, views = school
    ask = views[5].ask
    painter = Painter(first, emi(), ask.place, frame_actor(emi(), ask.shot), ask.shot.size_px)  # type: ignore[arg-type]
    shown = Pupil(first, emi(), views[:1], 0).show(views[5])  # type: ignore[arg-type]
    assert np.abs(painter.paint(ask.pose) - shown).max() < 1e-3
