"""Fits `dialogue/policy/classes.npz`: multinomial logistic regression on sentence vectors of the red-team set.

    python training/policy_classes.py

It reads the development and the held-out half (what a law on the development half alone does on the held-out half is
printed by --halves), every second text of the fourth look, and never the rest of the looks, which judge it. Harmless
texts are the benign controls, what the house characters expect to be asked and what they say, whole and clause by
clause, as it is judged. What she says is also fitted on what she is asked, where that is no question about herself and
no crisis.
"""

import sys
from pathlib import Path

import numpy as np

from understudy.dialogue.clauses import Clauses
from understudy.dialogue.embedding import embed
from understudy.dialogue.policy.plain import plain
from understudy.dialogue.redteam import REQUESTS, read
from understudy.hub.character import house_characters, read_character

OUT = Path(__file__).parent.parent / "src/understudy/dialogue/policy/classes.npz"
MORE = Path(__file__).parent / "policy_more.txt"
DECAY = 3e-4
STEPS = 800


def seen(name: str) -> list[str]:
    halves = read(name)
    fourth = halves.fourth_look[::2]
    return [*halves.development, *(() if "--halves" in sys.argv else (*halves.held_out, *fourth))]


def asked() -> dict[str, list[str]]:
    classes = {name: [*seen(name), *more("asked", name)] for name in REQUESTS}
    prompts = [p for name in house_characters() for entry in read_character(name).rehearsed for p in entry.prompts]
    return {"benign": [*seen("benign"), *prompts, *more("asked", "benign")], **classes}


def said() -> dict[str, list[str]]:
    classes: dict[str, list[str]] = {"benign": [*seen("outgoing_benign"), *seen("benign"), *more("said", "benign")]}
    for name in house_characters():
        character = read_character(name)
        spoken = [text for options in character.says.values() for text in options]
        spoken += [text for entry in character.rehearsed for text in (*entry.says, *entry.because, *entry.means)]
        spoken += [fact.says for fact in character.facts]
        classes["benign"] += [text.split("] ")[-1] for text in spoken]
        for text in spoken:
            clauses = Clauses()
            lines = [line.text for line in (*clauses.feed(text), *clauses.finish())]
            classes["benign"] += lines if len(lines) > 1 else []
    for line in seen("outgoing"):
        kind, text = line.split("\t")
        classes.setdefault(kind, []).append(text)
    for kind in ("impersonation", "endorsement", "sexual", "minors", "political", "medical", "injection"):
        classes[kind] += seen(kind)
    for kind in classes:
        classes[kind] += more("said", kind) if kind != "benign" else []
    return classes


def more(law: str, kind: str) -> list[str]:
    """Further examples that are in neither half: 'law kind<TAB>text'."""
    lines = MORE.read_text("utf-8").splitlines() if MORE.is_file() else []
    return [line.split("\t")[1] for line in lines if line.startswith(f"{law} {kind}\t")]


def fit(classes: dict[str, list[str]]) -> tuple[np.ndarray, np.ndarray]:
    texts = [plain(text) for options in classes.values() for text in options]
    x = embed(texts).astype(np.float64)
    y = np.array([k for k, options in enumerate(classes.values()) for _ in options])
    target = np.eye(len(classes))[y]
    weights, bias = np.zeros((len(classes), x.shape[1])), np.zeros(len(classes))
    state = [(p, np.zeros_like(p), np.zeros_like(p)) for p in (weights, bias)]
    for step in range(1, STEPS + 1):
        scores = x @ weights.T + bias
        p = np.exp(scores - scores.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        error = (p - target) / len(y)
        for (value, first, second), slope in zip(state, (error.T @ x + DECAY * weights, error.sum(0)), strict=True):
            first += 0.1 * (slope - first)
            second += 0.01 * (slope * slope - second)
            value -= 0.05 * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
    return weights.astype(np.float32), bias.astype(np.float32)


def main() -> None:
    held: dict[str, np.ndarray] = {}
    for law, classes in (("asked", asked()), ("said", said())):
        weights, bias = fit(classes)
        held |= {f"{law}_names": np.array(list(classes)), f"{law}_weights": weights.astype(np.float16),
                 f"{law}_bias": bias}  # fmt: skip
        print(law, {kind: len(texts) for kind, texts in classes.items()})
    np.savez(OUT, **held)
    print(f"{OUT} {OUT.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
