import numpy as np
import pytest

from understudy.base.errors import BadInput
from understudy.hub.avatar import Avatar, AvatarRecord


def told(draw: np.random.Generator, n: int) -> np.ndarray:
    """Colours, and forms that six numbers each tell."""
    paint = draw.random((n, 1, 3)) * 0.3 + 0.01
    forms = draw.standard_normal((n, 6)) @ draw.standard_normal((6, 15)) * 0.1
    return np.concatenate([paint, forms[:, :, None] * paint], 1).astype(np.float32)


def cloud(n: int = 2500) -> Avatar:
    """Gaussians about a head, of the kind that training makes."""
    draw = np.random.default_rng(1)

    def spread(*shape: int, much: float = 1.0) -> np.ndarray:
        return (much * draw.standard_normal((n, *shape))).astype(np.float32)

    unit = spread(3)
    return Avatar(
        AvatarRecord("0" * 64, ("skin", "clothes"), "film", ("jawOpen",), {"view_psnr_db": 33.0}, {"understudy": "1"}),
        carrier=np.sort(draw.integers(0, 60_000, n)).astype(np.int32),
        place_m=spread(3, much=0.1) + np.float32([0, 1.6, 0]),
        turn=(lambda q: q / np.linalg.norm(q, axis=1, keepdims=True))(spread(4)),
        size_m=np.exp(spread(3, much=0.5) - 7).astype(np.float32),
        opacity=draw.random(n, np.float32),
        loose=draw.random(n, np.float32),
        transfer=told(draw, n),
        gain=spread(10, much=0.2),
        gloss=np.exp(np.c_[spread(much=0.5) - 4, spread(much=0.5) + 3]).astype(np.float32),
        normal=unit / np.linalg.norm(unit, axis=1, keepdims=True),
        sheen=spread(3, much=0.1),
        felt=draw.random(n, np.float32),
        mix=draw.standard_normal((10, 1)).astype(np.float32),
    )


def test_an_avatar_rests_in_small_integers_and_comes_back() -> None:
    avatar = cloud()
    data = avatar.encode()
    back = Avatar.decode(data)
    assert back.record == avatar.record
    assert len(data) < 45 * avatar.count + 12_000
    assert np.array_equal(back.carrier, avatar.carrier)
    assert np.abs(back.place_m - avatar.place_m).max() < 3e-5
    assert np.abs(back.size_m / avatar.size_m - 1).max() < 0.02
    assert np.abs(back.opacity - avatar.opacity).max() < 0.003
    scale = np.abs(avatar.transfer).max()
    assert np.abs(back.transfer - avatar.transfer).mean() < 0.01 * scale


def test_the_same_avatar_gives_the_same_bytes_again() -> None:
    once = Avatar.decode(cloud().encode()).encode()
    assert Avatar.decode(once).carrier.shape == cloud().carrier.shape
    assert cloud().encode() == cloud().encode()


@pytest.mark.parametrize("cut", [0, 3, 9, 200, 5000])
def test_a_damaged_avatar_is_refused_in_one_sentence(cut: int) -> None:
    with pytest.raises(BadInput, match="damaged avatar"):
        Avatar.decode(cloud().encode()[:cut])


def test_other_bytes_and_a_bomb_are_refused() -> None:
    import struct
    import zlib

    for data in (b"USPL" + struct.pack("<I", 1 << 31) + zlib.compress(b"\0" * 1000), b"GIF89a" * 9, b"USPL\0\0\0\0"):
        with pytest.raises(BadInput, match="damaged avatar"):
            Avatar.decode(data)


def test_one_stray_gaussian_does_not_spoil_the_others() -> None:
    avatar = cloud()
    avatar.transfer[7] *= 1e5
    back = Avatar.decode(avatar.encode())
    others = np.arange(avatar.count) != 7
    assert np.abs(back.transfer - avatar.transfer)[others].mean() < 0.01 * np.abs(avatar.transfer[others]).max()
