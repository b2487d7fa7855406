"""The painter against what its formulas say, pixel by pixel."""

from dataclasses import replace

import numpy as np
from cloud import cloud, emi, place, pose

from understudy.hub.frames import Shot, ShotSize
from understudy.render.framing import frame_actor
from understudy.render.splat import kernels
from understudy.render.splat.arithmetic import exp2_, exp_, log2_
from understudy.render.splat.painter import Painter


def spots(rows: list[list[float]]) -> np.ndarray:
    out = np.zeros((len(rows), kernels.SPOT), np.float32)
    for i, (x, y, a, b, c, o, red) in enumerate(rows):
        far = 2 * np.log(o / kernels.FAINTEST)
        out[i] = x, y, a, b, c, o, red, 0.2, 0.1, far, np.sqrt(far * a / (a * c - b * b))
    return out


def drawn(rows: np.ndarray, columns: int = 3, lines: int = 2) -> np.ndarray:
    picture = np.zeros((lines * kernels.TILE, columns * kernels.TILE, 4), np.float32)
    start, found = kernels.bin_(rows, columns, lines)
    kernels.lay(rows, start, found, columns, lines, picture)
    return picture


def by_hand(rows: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]] + 0.5
    out, through = np.zeros((*shape, 4)), np.ones(shape)
    for s in rows.astype(np.float64):
        dx, dy = x - s[0], y - s[1]
        power = 0.5 * s[2] * dx * dx + s[3] * dx * dy + 0.5 * s[4] * dy * dy
        alpha = np.minimum(s[5] * np.exp(-power), 0.995)
        alpha[2 * power > s[9]] = 0
        out[..., :3] += (through * alpha)[..., None] * s[6:9]
        through *= 1 - alpha
    out[..., 3] = 1 - through
    return out


def test_gaussians_are_laid_front_to_back_as_the_formula_says() -> None:
    draw = np.random.default_rng(3)
    rows = []
    for _ in range(60):
        s1, s2, angle = draw.uniform(0.6, 5), draw.uniform(0.5, 2), draw.uniform(0, 3)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        conic = np.linalg.inv(turn @ np.diag([s1**2, s2**2]) @ turn.T)
        rows.append(
            [
                draw.uniform(-3, 50),
                draw.uniform(-3, 35),
                conic[0, 0],
                conic[0, 1],
                conic[1, 1],
                draw.uniform(0.1, 0.9),
                draw.random(),
            ]
        )
    made = spots(rows)
    off = np.abs(drawn(made) - by_hand(made, (32, 48)))
    # a pixel at the very edge of one may be in or out
    assert np.quantile(off, 0.99) < 1e-4 and off.max() < 1.1 * kernels.FAINTEST


def test_a_thin_one_is_drawn_in_the_last_column_of_a_tile_as_in_any_other() -> None:
    for x in (14.9, 15.3, 15.49, 15.51, 15.8, 16.1):
        rows = spots([[x, 8.0, 9.0, 0.0, 0.02, 0.9, 1.0]])
        assert np.abs(drawn(rows) - by_hand(rows, (32, 48))).max() < 1e-4, x


def test_long_thin_ones_at_every_angle_are_drawn_whole() -> None:
    for angle in np.linspace(0, np.pi, 37):
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        conic = np.linalg.inv(turn @ np.diag([12.0**2, 0.4**2]) @ turn.T)
        rows = spots([[23.3, 15.8, conic[0, 0], conic[0, 1], conic[1, 1], 0.8, 1.0]])
        off = np.abs(drawn(rows) - by_hand(rows, (32, 48)))
        assert np.quantile(off, 0.99) < 2e-4 and off.max() < 1.1 * kernels.FAINTEST, angle


def test_what_is_covered_hides_the_rest_and_pixels_beside_it_in_the_same_tile_do_not() -> None:
    full = [[4.0, 8.0, 0.02, 0.0, 0.02, 0.99, 1.0]] * 20  # the left of the first tile lets nothing through
    behind = [[x, 8.0, 0.5, 0.0, 0.5, 0.9, 0.0] for x in (3.0, 14.0, 20.0)] * 9
    rows = spots(full + behind)
    made, meant = drawn(rows), by_hand(rows, (32, 48))
    # what a pixel has left when its block is done, and its edge
    assert np.abs(made - meant).max() < kernels.FULL + 1e-3
    alone = drawn(spots(full))
    assert np.abs(made - alone)[:, :4].max() < kernels.FULL and np.abs(made - alone)[:16, 17:24].max() > 0.2


def test_the_count_of_spots_in_a_tile_does_not_matter() -> None:
    """They are looked at by sixteens; the last few are not forgotten, and none is drawn twice."""
    one = [8.0, 8.0, 0.3, 0.1, 0.4, 0.06, 1.0]
    for count in (1, 15, 16, 17, 33):
        rows = spots([one] * count)
        assert np.abs(drawn(rows) - by_hand(rows, (32, 48))).max() < 1.1 * kernels.FAINTEST + 1e-3, count
        assert abs(float(drawn(rows)[7, 7, 3] - by_hand(rows, (32, 48))[7, 7, 3])) < 1e-3, count


def test_nothing_of_the_picture_before_stays() -> None:
    body, shot = emi(), Shot(ShotSize.CLOSE, (96, 96))
    near = frame_actor(body, shot)
    aside = replace(near, aside_m=(0.12, 0.05, 0.0))
    used, fresh = (Painter(cloud(), body, place(), near, shot.size_px) for _ in range(2))
    used.paint(pose())
    moved = used.paint(pose(), aside)
    assert np.array_equal(moved, fresh.paint(pose(), aside))
    assert not np.array_equal(moved, Painter(cloud(), body, place(), near, shot.size_px).paint(pose()))


def test_a_wide_thin_one_touches_only_tiles_it_reaches() -> None:
    conic = np.linalg.inv([[60.0, 59.0], [59.0, 60.0]])
    rows = spots([[24.0, 16.0, conic[0, 0], conic[0, 1], conic[1, 1], 0.9, 1.0]])
    start, _ = kernels.bin_(rows, 3, 2)
    touched = np.diff(start)
    shown = by_hand(rows, (32, 48))[..., 3]
    for tile in range(6):
        y, x = divmod(tile, 3)
        if shown[y * 16 : y * 16 + 16, x * 16 : x * 16 + 16].max() > 0.02:
            assert touched[tile] == 1
    assert touched.sum() < 6


def test_one_cloud_is_as_bright_at_every_size_of_picture() -> None:
    means = []
    for size in (64, 128, 256):
        shot = Shot(ShotSize.CLOSE, (size, size))
        body = emi()
        picture = Painter(cloud(), body, place(), frame_actor(body, shot), shot.size_px).paint(pose())
        means.append(picture.mean((0, 1)))
    assert np.abs(np.array(means) / means[-1] - 1).max() < 0.03


def test_a_light_from_the_left_lights_the_left() -> None:
    body, shot = emi(), Shot(ShotSize.CLOSE, (96, 96))
    from understudy.hub.place import Light

    def side(x: float) -> float:
        lit = replace(place(), lights=(Light("key", (x, 0.2, 0.6), (3.0, 3.0, 3.0), 0.2),))
        picture = Painter(cloud(), body, lit, frame_actor(body, shot), shot.size_px).paint(pose())
        face = picture[35:65, 33:63, :3]
        return float(face[:, :15].mean() - face[:, 15:].mean())

    assert side(-1.5) > 0.02 and side(1.5) < -0.02


def test_the_same_pose_gives_the_same_picture() -> None:
    body, shot = emi(), Shot(ShotSize.MEDIUM, (80, 96))
    pictures = []
    for _ in range(2):
        painter = Painter(cloud(), body, place(), frame_actor(body, shot), shot.size_px)
        pictures.append(painter.paint(pose(0.1, jawOpen=0.5)).copy())
    assert np.array_equal(pictures[0], pictures[1])


def test_the_quick_exponential_is_near_the_exact_one() -> None:
    from understudy.render.splat.compiled import quick

    @quick
    def over(x, out):  # type: ignore[no-untyped-def]
        for i in range(len(x)):
            out[i] = exp_(x[i])

    x = np.linspace(-40, 2, 5000).astype(np.float32)
    out = np.zeros_like(x)
    over(x, out)
    assert np.abs(out / np.exp(x.astype(np.float64)) - 1).max() < 2e-4


def test_the_quick_power_of_two_is_near_the_exact_one() -> None:
    from understudy.render.splat.compiled import quick

    @quick
    def over(x, out):  # type: ignore[no-untyped-def]
        for i in range(len(x)):
            out[i] = exp2_(x[i])

    x = np.linspace(400, 600, 5000).astype(np.float32)
    out = np.zeros_like(x)
    over(x, out)
    assert np.abs(out / np.exp2(x.astype(np.float64) - 512) - 1).max() < 2e-4


def test_the_quick_logarithm_is_near_the_exact_one() -> None:
    from understudy.render.splat.compiled import quick

    @quick
    def over(x, out):  # type: ignore[no-untyped-def]
        for i in range(len(x)):
            out[i] = log2_(x[i])

    x = np.geomspace(1e-5, 1e4, 5000).astype(np.float32)
    out = np.zeros_like(x)
    over(x, out)
    assert np.abs(out - np.log2(x.astype(np.float64))).max() < 3e-5
