"""How well a mind finds, refuses and hurries, without a model server.

    OMP_NUM_THREADS=1 python benchmarks/dialogue.py

Prints: answers found among what Emi rehearsed, on words that her file does not have; the red-team set against the
policy layer, each part of it apart; CPU time to the first line of an answer and of hearing a word.
"""

import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.dialogue.test_retrieval import asked, right

from understudy.dialogue import Mind, read_character
from understudy.dialogue.embedding import embed
from understudy.dialogue.policy import Policy
from understudy.dialogue.policy.plain import plain
from understudy.dialogue.redteam import REQUESTS, read
from understudy.dialogue.retrieval import SURE, Repertoire, prompts_of

PARTS = ("development", "held_out", "second_look", "third_look", "fourth_apart", "fifth_look", "sixth_look")


def retrieval() -> None:
    emi = read_character("emi")
    repertoire = Repertoire(prompts_of(emi))
    print("retrieval            answerable  hit@1  wrong answer  honest 'no'   unanswerable  false answer")
    for half in ("development", "held out"):
        pairs = asked(f"answerable, {half}")
        found = [repertoire.find(text)[0] for text, _ in pairs]
        hit = np.array([right(emi, f, wanted) for f, (_, wanted) in zip(found, pairs, strict=True)])
        given = np.array([f.score >= SURE for f in found])
        unknown = [repertoire.find(text)[0].score >= SURE for (text,) in asked(f"unanswerable, {half}")]
        shares = f"{np.mean(hit & given):6.2f} {np.mean(~hit & given):13.2f} {np.mean(~given):12.2f}"
        print(f"{half:20} {len(pairs):10} {shares} {len(unknown):14} {np.mean(unknown):13.2f}")


def policy() -> None:
    judge = Policy(names=("Emi", "Jonah"))
    names = (*REQUESTS, "benign", "outgoing", "outgoing_benign")
    embed([plain(t.split("\t")[-1]) for name in names for part in PARTS for t in getattr(read(name), part)])
    print(f"\npolicy, passed/of     {'  '.join(f'{part:>12}' for part in PARTS)}")
    for name in names:
        row = []
        for part in PARTS:
            texts = [t.split("\t")[-1] for t in getattr(read(name), part)]
            said = name.startswith("outgoing")
            passed = sum((judge.reply(t) if said else judge.request(t)).allowed for t in texts)
            row.append(f"{passed if 'benign' not in name else len(texts) - passed:>8}/{len(texts):<3}")
        print(f"{name + (' (refused)' if 'benign' in name else ''):22}{'  '.join(row)}")


def speed() -> None:
    mind = Mind(read_character("emi"))
    list(mind.greet())
    texts = [t for half in ("development", "held out") for t, _ in asked(f"answerable, {half}")]
    first, heard = [], []
    for text in texts:
        words = text.split()
        began = time.process_time()
        for k in range(1, len(words) + 1):
            mind.hear(" ".join(words[:k]))
        heard.append((time.process_time() - began) / len(words))
        began = time.process_time()
        answer = mind.answer(text)
        next(answer)
        first.append(time.process_time() - began)
        list(answer)
    for what, values in (("hear, a word", heard), ("answer, first line", first)):
        low, high = np.percentile(values, [50, 95]) * 1e3
        print(f"{what:20} {low:6.1f} ms p50 {high:6.1f} ms p95 of CPU ({len(values)} turns)")


if __name__ == "__main__":
    retrieval()
    policy()
    print()
    speed()
