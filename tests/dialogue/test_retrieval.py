"""What she finds in what she rehearsed, measured on words her file does not have."""

from pathlib import Path

import numpy as np
import pytest

from understudy.dialogue.retrieval import SURE, Found, Repertoire, prompts_of
from understudy.hub.character import Character

LEAST_HIT, MOST_WRONG, MOST_FALSE = 0.8, 0.12, 0.06


def asked(kind: str) -> list[list[str]]:
    sections: dict[str, list[list[str]]] = {}
    for line in (Path(__file__).parent / "asked_of_emi.txt").read_text("utf-8").splitlines():
        if line.startswith("== "):
            sections[line[3:]] = []
        elif line and not line.startswith("# "):
            sections[list(sections)[-1]].append(line.split("\t"))
    return sections[kind]


@pytest.fixture(scope="module")
def repertoire(emi: Character) -> Repertoire:
    return Repertoire(prompts_of(emi))


def right(emi: Character, found: Found, wanted: str) -> bool:
    if wanted.startswith("fact: "):
        index = found.index - len(emi.rehearsed)
        return index >= 0 and emi.facts[index].about.startswith(wanted[6:])
    return found.index < len(emi.rehearsed) and wanted in emi.rehearsed[found.index].prompts


@pytest.mark.parametrize("half", ["development", "held out"])
def test_paraphrases_reach_what_was_rehearsed(emi: Character, repertoire: Repertoire, half: str) -> None:
    pairs = asked(f"answerable, {half}")
    found = [repertoire.find(text)[0] for text, _ in pairs]
    hits = [right(emi, f, wanted) for f, (_, wanted) in zip(found, pairs, strict=True)]
    given = [f.score >= SURE for f in found]
    assert np.mean(np.logical_and(hits, given)) >= LEAST_HIT
    assert np.mean(np.logical_and(np.logical_not(hits), given)) <= MOST_WRONG


@pytest.mark.parametrize("half", ["development", "held out"])
def test_what_she_cannot_know_is_not_answered(repertoire: Repertoire, half: str) -> None:
    questions = asked(f"unanswerable, {half}")
    assert np.mean([repertoire.find(text)[0].score >= SURE for (text,) in questions]) <= MOST_FALSE


def test_nothing_is_found_in_nothing() -> None:
    assert Repertoire([]).find("hello") == []
    assert Repertoire([["hello"]]).find("  ") == []
