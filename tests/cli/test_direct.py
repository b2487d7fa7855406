"""The commands of direction: what they print, and one sentence with exit code 2 for what cannot be."""

from collections.abc import Callable
from pathlib import Path

import pytest

from understudy.hub.performance import Performance

Understudy = Callable[..., object]


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from understudy.production.act import act

    path = tmp_path_factory.mktemp("takes") / "one.take"
    act("EMI: (angry) I never did.")["EMI"].save(path)
    return path


def test_a_script_is_played_directed_edited_compared_and_blended(understudy: Understudy, tmp_path: Path) -> None:
    script = tmp_path / "scene.txt"
    script.write_text("EMI: (angry) I never did.")
    one, two, three, four = (tmp_path / f"{n}.take" for n in ("one", "two", "three", "four"))
    assert understudy("act", script, "-o", one).code == 0  # type: ignore[attr-defined]
    ran = understudy("direct", one, "--note", "less angry, florbish", "-o", two)
    assert "understood  less angry: throughout" in ran.out and "florbish" in ran.err  # type: ignore[attr-defined]
    ran = understudy(
        "edit", two, "--channel", "browDown", "--from", "0.8", "--to", "1.2", "--scale", "0.2", "-o", three
    )
    assert ran.code == 0 and "browDown scale 0.2" in ran.out  # type: ignore[attr-defined]
    assert "browDown" in understudy("edit", three, "--list").out  # type: ignore[attr-defined]
    ran = understudy("diff", one, three, "-o", tmp_path / "both.png")
    assert "less anger" in ran.out and (tmp_path / "both.png").exists()  # type: ignore[attr-defined]
    ran = understudy("blend", one, two, "--weights", "0.3", "0.7", "-o", four)
    assert ran.code == 0 and Performance.open(four).duration_s > 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("command", "word"),
    [
        (("direct", "{take}", "--note", "florbish", "-o", "{new}"), "florbish"),
        (("direct", "{none}", "--note", "slower", "-o", "{new}"), "none.take"),
        (("direct", "{take}", "--note", "slower", "-o", "{txt}"), "new.txt"),
        (("direct", "{take}", "--note", "slower", "--edits", "{take}", "-o", "{new}"), "no edits"),
        (("edit", "{take}", "--add", "0.3", "-o", "{new}"), "channel"),
        (("edit", "{take}", "-o", "{new}"), "one thing"),
        (("edit", "{take}", "--channel", "nose", "--from", "0", "--to", "1", "--add", "1", "-o", "{new}"), "nose"),
        (
            ("edit", "{take}", "--channel", "jawOpen", "--from", "0", "--to", "1", "--add", "x", "-o", "{new}"),
            "not an amount",
        ),
        (("edit", "{take}", "--remove", "4", "-o", "{new}"), "no edit 4"),
        (("blend", "{take}", "{take}", "--sound", "third", "-o", "{new}"), "third"),
        (("diff", "{take}", "{take}", "-o", "{txt}"), "new.txt"),
        (("sheet", "{take}", "-o", "{txt}"), "new.txt"),
        (("takes", "{none}", "-o", "{folder}"), "none.take"),
        (("takes", "{take}", "-o", "{txt}"), "folder"),
        (("act", "{take}", "-o", "{txt}"), "new.txt"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    understudy: Understudy, take: Path, tmp_path: Path, command: tuple[str, ...], word: str
) -> None:
    names = {
        "take": take, "none": tmp_path / "none.take", "new": tmp_path / "new.take", "txt": tmp_path / "new.txt",
        "folder": tmp_path / "takes",
    }  # fmt: skip
    ran = understudy(*(part.format(**names) for part in command))
    assert ran.code == 2, ran.err  # type: ignore[attr-defined]
    assert word in ran.err.strip().splitlines()[-1]  # type: ignore[attr-defined]
    assert list(tmp_path.iterdir()) == []
