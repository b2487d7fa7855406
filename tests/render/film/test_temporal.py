import numpy as np

from understudy.render.film.temporal import History, Traced

H, W = 60, 80


def traced(colour: np.ndarray, *, motion: tuple[float, float] = (0, 0), away: float = 2.0, was: float = 2.0) -> Traced:
    plane = np.full((H, W), away, np.float32)
    return Traced(
        colour=np.dstack([colour, np.ones((H, W))]).astype(np.float32),
        albedo=np.ones((H, W, 3), np.float32),
        normal=np.zeros((H, W, 3), np.float32),
        motion=np.broadcast_to(np.array(motion, np.float32), (H, W, 2)),
        away_m=plane,
        was_away_m=np.full((H, W), was, np.float32),
        position=np.zeros((H, W, 3), np.float32),
        skin=np.ones((H, W), np.float32),
    )


def blotches(seed: int, sigma: float = 0.05) -> np.ndarray:
    """What is left after denoising few paths: slow unevenness that is another one each picture."""
    from scipy import ndimage

    noise = ndimage.gaussian_filter(np.random.default_rng(seed).standard_normal((H, W, 3)), (4, 4, 0))
    return (noise / noise.std() * sigma).astype(np.float32)


def play(history: History | None, pictures: int = 10) -> np.ndarray:
    """Returns the shown pictures of an even grey surface under changing blotches."""
    shown = []
    for number in range(pictures):
        paths = 0.5 + 0.3 * np.random.default_rng(900 + number).standard_normal((H, W, 3))
        clean = np.asarray(0.5 + blotches(number), np.float32)
        shown.append(clean if history is None else history.settle(clean, traced(paths)))
    return np.stack(shown)


def boiling(shown: np.ndarray) -> float:
    return float(np.abs(np.diff(shown[3:], axis=0)).mean())


def test_blotches_that_change_from_picture_to_picture_settle() -> None:
    assert boiling(play(History(0.8))) < 0.45 * boiling(play(None))


def test_without_a_share_nothing_settles() -> None:
    assert np.isclose(boiling(play(History(0.0))), boiling(play(None)), rtol=1e-3)


def test_light_is_carried_along_the_motion() -> None:
    pattern = np.zeros((H, W, 3), np.float32)
    pattern[:, 30:40] = 1.0
    history = History(0.8)
    for step in range(6):
        now = np.roll(pattern, 2 * step, axis=1)
        kept = history.settle(now, traced(now, motion=(2, 0)))
    assert np.abs(kept - now).mean() < 0.01


def test_what_comes_into_view_takes_nothing_from_what_hid_it() -> None:
    history = History(0.9)
    bright, dark = np.full((H, W, 3), 0.9, np.float32), np.full((H, W, 3), 0.1, np.float32)
    for _ in range(5):
        history.settle(bright, traced(bright, away=1.5, was=1.5))
    shown = history.settle(dark, traced(dark, away=2.0, was=2.0))  # it was half a metre farther away all along
    assert np.allclose(shown, dark, atol=1e-4)


def test_a_lamp_that_goes_out_goes_out_at_once() -> None:
    history = History(0.9)
    bright, dark = np.full((H, W, 3), 0.9, np.float32), np.full((H, W, 3), 0.1, np.float32)
    for _ in range(5):
        history.settle(bright, traced(bright))
    assert np.abs(history.settle(dark, traced(dark)) - dark).max() < 0.03


def test_a_first_picture_is_shown_as_it_is() -> None:
    clean = np.asarray(0.5 + blotches(3), np.float32)
    assert np.array_equal(History(0.8).settle(clean, traced(clean)), clean)


def test_texture_is_not_blurred_by_being_carried() -> None:
    draw = np.random.default_rng(4)
    texture = draw.uniform(0.2, 0.8, (H, W, 3)).astype(np.float32)
    history = History(0.8)
    for step in range(6):
        moved = np.roll(texture, step, axis=1)
        picture = traced(moved * 0.7, motion=(1.0, 0))
        shown = history.settle(
            moved * np.float32(0.7),
            Traced(**{**picture.__dict__, "albedo": moved}),
        )
    assert np.abs(shown - moved * 0.7)[:, 10:].mean() < 0.01
