"""Learns how English spelling sounds, and says how well.

    python benchmarks/voice_spelling.py            # prints word and phone accuracy on 2000 words it has not seen
    python benchmarks/voice_spelling.py --write    # learns from all words and writes src/understudy/voice/data

The words are those of pocketsphinx's CMU dictionary. Letters and phones are aligned by hard expectation-maximisation
(a letter gives none, one or two phones), then for each letter the shortest context that decides its phones is kept.
The stress table needs libflite (its lexicon is the CMU dictionary with stress): it lists the common words whose
primary stress is not on their first syllable.
"""

import collections
import ctypes
import math
import random
import sys
from pathlib import Path

import pocketsphinx

from understudy.base.channels import VOWELS
from understudy.voice import spelling

DATA = Path(spelling.__file__).parent / "data"
Pairs = list[tuple[str, tuple[str, ...]]]


def dictionary() -> Pairs:
    path = Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict"))
    rows = (line.split() for line in path.read_text("utf8").splitlines())
    return [(w, tuple(p)) for w, *p in rows if w.isascii() and w.isalpha()]


def align(pairs: Pairs, rounds: int = 4) -> list[list[tuple[str, ...]]]:
    """Returns for each word the phones of each letter."""
    cost: dict[tuple[str, tuple[str, ...]], float] = {}
    found: list[list[tuple[str, ...]]] = []
    for number in range(rounds):
        use = pairs if number == rounds - 1 else pairs[:: max(1, len(pairs) // 25000)]
        found = [viterbi(w, p, cost) for w, p in use]
        seen = collections.Counter(
            (c, g) for (w, _), gs in zip(use, found, strict=True) for c, g in zip(w, gs, strict=True)
        )
        of_letter: collections.Counter[str] = collections.Counter()
        for (c, _), n in seen.items():
            of_letter[c] += n
        cost = {k: -math.log(n / of_letter[k[0]]) for k, n in seen.items()}
    return found


def first_cost(letter: str, group: tuple[str, ...]) -> float:
    if not group:
        return 2.5
    vowel = letter in "aeiouy"
    like = sum(1.0 if (p in VOWELS) == vowel else 3.0 for p in group)
    same = any(p[0].lower() == letter for p in group)
    return like + (len(group) - 1) * 3.0 - (0.8 if same else 0.0)


def viterbi(
    word: str, phones: tuple[str, ...], cost: dict[tuple[str, tuple[str, ...]], float]
) -> list[tuple[str, ...]]:
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for c in word:
        row: dict[int, tuple[float, int]] = {}
        for j, (so_far, _) in best[-1].items():
            for n in (0, 1, 2):
                if j + n > len(phones):
                    break
                group = phones[j : j + n]
                price = so_far + (cost.get((c, group), 12.0) if cost else first_cost(c, group))
                if j + n not in row or price < row[j + n][0]:
                    row[j + n] = (price, n)
        best.append(row)
    groups: list[tuple[str, ...]] = []
    j = len(phones)
    if j not in best[-1]:
        return [()] * len(word)
    for row in reversed(best[1:]):
        n = row[j][1]
        groups.append(phones[j - n : j])
        j -= n
    return groups[::-1]


def learn(pairs: Pairs, at_least: int = 3) -> dict[str, str]:
    """Returns context -> phones, only where a narrower context would decide otherwise."""
    groups = align(pairs)
    counts: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for (word, phones), gs in zip(pairs, groups, strict=True):
        if phones and not any(gs):
            continue
        for i, g in enumerate(gs):
            for key in spelling.contexts(word, i):
                counts[key]["_".join(g) or "-"] += 1
    table: dict[str, str] = {}
    for left, right in reversed(spelling.CONTEXTS):
        for key, seen in counts.items():
            here = key.index("<"), len(key) - key.index(">") - 1
            if here != (left, right):
                continue
            value, n = seen.most_common(1)[0]
            if n >= (at_least if left + right > 1 else 1) and value != narrower(table, key, left, right):
                table[key] = value
    return table


def narrower(table: dict[str, str], key: str, left: int, right: int) -> str:
    before, after, letter = key[: key.index("<")], key[key.index(">") + 1 :], key[key.index("<") + 1]
    for a, b in spelling.CONTEXTS[spelling.CONTEXTS.index((left, right)) + 1 :]:
        if a <= left and b <= right:
            found = table.get(f"{before[left - a :]}<{letter}>{after[:b]}")
            if found is not None:
                return found
    return ""


def score(pairs: Pairs) -> tuple[float, float]:
    """Returns (words right, phones wrong) ignoring stress."""
    right = wrong = total = 0
    for word, phones in pairs:
        said = [p.rstrip("012") for p in spelling.spell(word)]
        row = list(range(len(said) + 1))
        for i, p in enumerate(phones, 1):
            row, old = [i], row
            for j, q in enumerate(said, 1):
                row.append(min(old[j] + 1, row[-1] + 1, old[j - 1] + (p != q)))
        right += row[-1] == 0
        wrong += row[-1]
        total += len(phones)
    return right / len(pairs), wrong / total


def stresses(pairs: Pairs) -> dict[str, list[str]]:
    """Returns stress pattern -> common words that do not follow the rule '1 on the first vowel, 0 after'."""
    look = flite_lookup()
    logmath = pocketsphinx.LogMath()
    model = pocketsphinx.NGramModel(pocketsphinx.Config(), logmath, pocketsphinx.get_model_path("en-us/en-us.lm.bin"))
    unseen = model.prob(["qqqqqqqq"])
    table: dict[str, list[str]] = collections.defaultdict(list)
    for word, phones in pairs:
        count = sum(p in VOWELS for p in phones)
        if count < 2 or model.prob([word]) <= unseen:
            continue
        said = [p for p in look(word) if p[-1].isdigit()]
        pattern = "".join(p[-1] for p in said)
        if len(pattern) == count and "1" in pattern and pattern != "1" + "0" * (count - 1):
            table[pattern].append(word)
    return table


def flite_lookup() -> "collections.abc.Callable[[str], list[str]]":
    libs = [ctypes.CDLL(f"lib{n}.so.1", ctypes.RTLD_GLOBAL) for n in ("flite", "flite_usenglish", "flite_cmulex")]
    flite = libs[0]
    flite.flite_init()
    libs[2].cmu_lex_init.restype = ctypes.c_void_p
    lexicon = libs[2].cmu_lex_init()
    pointer = ctypes.c_void_p
    flite.lex_lookup.restype, flite.lex_lookup.argtypes = pointer, [pointer, ctypes.c_char_p, ctypes.c_char_p, pointer]
    for name, result in (("val_car", pointer), ("val_cdr", pointer), ("val_string", ctypes.c_char_p)):
        getattr(flite, name).restype, getattr(flite, name).argtypes = result, [pointer]

    def look(word: str) -> list[str]:
        node, out = flite.lex_lookup(lexicon, word.encode(), None, None), []
        while node:
            out.append(flite.val_string(flite.val_car(node)).decode())
            node = flite.val_cdr(node)
        return out

    return look


def main() -> None:
    pairs = dictionary()
    random.Random(7).shuffle(pairs)
    if "--write" in sys.argv:
        table = learn(pairs)
        lines = [
            "; left<letter>right = phones; made by benchmarks/voice_spelling.py --write from the CMU dictionary (BSD)"
        ]
        lines += [f"{key} = {value}" for key, value in sorted(table.items())]
        (DATA / "letters.txt").write_text("\n".join(lines) + "\n", "ascii")
        found = stresses(pairs)
        rows = ["; stress pattern: common words that bear it; made by benchmarks/voice_spelling.py --write"]
        rows += [f"{pattern}: {' '.join(sorted(words))}" for pattern, words in sorted(found.items())]
        (DATA / "stress.txt").write_text("\n".join(rows) + "\n", "ascii")
        print(len(table), "contexts,", sum(map(len, found.values())), "words in the stress table")
        return
    table = learn(pairs[2000:])
    spelling._table = lambda: {k: tuple(v.split("_")) if v != "-" else () for k, v in table.items()}
    words, phones = score(pairs[:2000])
    print(
        "python benchmarks/voice_spelling.py\n"
        f"unseen words right {words:.1%}, phone errors {phones:.1%}, contexts {len(table)}"
    )


if __name__ == "__main__":
    main()
