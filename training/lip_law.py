"""Learns the law of the lips (src/understudy/face/law.json) from tracked lip curves of talking people.

    python training/lip_curves.py talker.mpg:"what is said" ... -o training/lip_curves.json   # MediaPipe, its own venv
    python training/lip_law.py training/lip_curves.json src/understudy/face/law.json          # needs torch; a minute

What is learned: for each phone, what its target adds to the gap of the inner lips and how strongly it insists on it;
how early lips move; how they part for the breath before speech. Each number starts from the tables written by hand and
is held near them (`HELD`), each phone near its class, so that a few seconds of speech suffice. Loss: one minus the
correlation of the gap with the measured lip curve, as in the benchmark.

The score written beside the law is leave-one-talker-out: fitted on the others, measured on the one left out. The law
that ships is fitted on all, so the curves it was fitted on are no test of it.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from understudy.base.channels import PHONES
from understudy.face.articulation import GAP, READY, READY_GAP, Pull, pulls
from understudy.face.law import UNLEARNED
from understudy.face.visemes import COLUMN
from understudy.hub.speech import Phone

NAMES = (*PHONES, "SIL", READY)
CLASSES = (
    "P B M", "F V", "T D N L", "TH DH", "S Z", "SH ZH CH JH", "K G NG HH", "R ER", "W UW UH OW AO OY", "IY IH Y",
    "EH EY AE", "AA AY AW AH", "SIL", READY,
)  # fmt: skip
CLASS = [next(i for i, names in enumerate(CLASSES) if name in names.split()) for name in NAMES]
HELD = 0.015
"""Weight of staying near the hand-written tables; .003 to .03 score within .02 of each other."""
GAP_STEP, INSIST_STEP, OWN = 0.12, 0.5, 0.6
"""One unit of a class: in the gap, in the log of insistence; and what a phone moves by itself against its class."""
NOT_MOVED = {"P", "B", "M", "F", "V", "SIL"}
"""Their gap is the affair of `contact`, and a mouth at rest is shut."""
JAW = COLUMN["jawOpen"]


class Talker:
    """One clip: its pulls as columns, and the lip curve on a 20 ms grid, standardised."""

    def __init__(self, clip: dict[str, object]) -> None:
        phones = tuple(Phone(n, a, b, s) for n, a, b, s in clip["phones"])  # type: ignore[attr-defined]
        made = pulls(phones, UNLEARNED)
        self.name = str(clip["name"])
        self.grid = torch.arange(0.0, float(clip["t"][-1]) - 0.05, 0.02, dtype=torch.double)  # type: ignore[index]
        real = np.interp(self.grid.numpy(), clip["t"], clip["gap"])  # type: ignore[arg-type]
        self.real = torch.tensor((real - real.mean()) / real.std())
        self.which = torch.tensor([NAMES.index(p.name) for p in made])
        column = lambda of: torch.tensor([float(of(p)) for p in made], dtype=torch.double)  # noqa: E731
        self.centre, self.hold = column(lambda p: p.centre_s), column(lambda p: p.hold_s)
        self.rise, self.fall = column(lambda p: p.rise_s[JAW]), column(lambda p: p.fall_s[JAW])
        self.strength, self.gap = column(lambda p: p.strength[JAW]), column(_gap)
        self.ready, self.still = column(lambda p: p.name == READY), column(lambda p: p.name in (READY, "SIL"))
        self.first_s = self.centre + UNLEARNED.ready_ahead_s


def _gap(pull: Pull) -> float:
    return float(pull.target @ GAP)


class LawNet(nn.Module):
    """Every learned number, 0 where the hand-written tables are right."""

    def __init__(self) -> None:
        super().__init__()
        sizes = {"gap_class": len(CLASSES), "gap": len(NAMES), "insist_class": len(CLASSES), "insist": len(NAMES),
                 "slope": 1, "early": 1, "ahead": 1, "hold": 1, "rise": 1}  # fmt: skip
        self.learned = nn.ParameterDict({k: nn.Parameter(torch.zeros(n, dtype=torch.double)) for k, n in sizes.items()})
        self.register_buffer("class_of", torch.tensor(CLASS))
        self.register_buffer("moved", torch.tensor([float(n not in NOT_MOVED) for n in NAMES], dtype=torch.double))

    def gaps(self) -> Tensor:
        return GAP_STEP * (self.learned["gap_class"][self.class_of] + OWN * self.learned["gap"]) * self.moved

    def insistence(self) -> Tensor:
        return torch.exp(INSIST_STEP * (self.learned["insist_class"][self.class_of] + OWN * self.learned["insist"]))

    def times(self) -> dict[str, Tensor]:
        p = self.learned
        return {
            "slope": torch.exp(0.4 * p["slope"]), "early_s": -0.02 * p["early"],
            "ready_ahead_s": UNLEARNED.ready_ahead_s * torch.exp(0.4 * p["ahead"]),
            "ready_hold_s": UNLEARNED.ready_hold_s * torch.exp(0.4 * p["hold"]),
            "ready_rise_s": UNLEARNED.ready_rise_s * torch.exp(0.5 * p["rise"]),
        }  # fmt: skip

    def forward(self, talker: Talker) -> Tensor:
        t = self.times()
        ready, still = talker.ready > 0, talker.still > 0
        centre = torch.where(
            ready, talker.first_s - t["ready_ahead_s"], talker.centre - t["early_s"] * (1 - talker.still)
        )
        hold = torch.where(ready, t["ready_hold_s"], talker.hold)
        rise = torch.where(ready, t["ready_rise_s"], torch.where(still, talker.rise, talker.rise * t["slope"]))
        gap = talker.gap + self.gaps()[talker.which]
        away = talker.grid[:, None] - centre
        outside = torch.relu(away.abs() - hold) / torch.where(away < 0, rise, talker.fall)
        weight = torch.exp(-(outside**2)) * talker.strength * self.insistence()[talker.which]
        return (weight * gap).sum(1) / (weight.sum(1) + 1e-4)

    def bend(self) -> Tensor:
        """Returns how far the law stands from the tables."""
        return sum((p**2).sum() for p in self.learned.values())  # type: ignore[return-value]


def correlation(a: Tensor, b: Tensor) -> Tensor:
    """Returns Pearson's r."""
    a, b = a - a.mean(), b - b.mean()
    return (a * b).sum() / (a.norm() * b.norm() + 1e-9)


def fit(talkers: list[Talker], steps: int = 200) -> LawNet:
    """Returns the law fitted to talkers."""
    net = LawNet()
    optimiser = torch.optim.Adam(net.parameters(), 0.05)
    for _ in range(steps):
        optimiser.zero_grad()
        loss = sum(1 - correlation(net(t), t.real) for t in talkers) / len(talkers) + HELD * net.bend()
        loss.backward()
        optimiser.step()
    return net


def as_law(net: LawNet) -> dict[str, object]:
    """Returns the numbers of `face.law.Law`."""
    gaps, insistence = net.gaps().tolist(), net.insistence().tolist()
    times = {name: round(float(value), 4) for name, value in net.times().items()}
    ready = READY_GAP + gaps[NAMES.index(READY)]
    return {
        "gaps": {n: round(g, 4) for n, g in zip(NAMES, gaps, strict=True) if n != READY and abs(g) > 5e-4},
        "insistence": {n: round(i, 4) for n, i in zip(NAMES, insistence, strict=True)},
        "ready": round(ready, 4),
        **times,
    }


def main() -> None:
    """Scores the law by leaving each talker out, fits it on all and writes it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("curves", type=Path)
    parser.add_argument("law", type=Path)
    options = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(1)
    curves = json.loads(options.curves.read_text("utf-8"))
    talkers = [Talker(clip) for clip in curves["clips"]]
    print("$ python training/lip_law.py", *sys.argv[1:])
    with torch.no_grad():
        before = [float(correlation(LawNet()(t), t.real)) for t in talkers]
    left_out = []
    for i, talker in enumerate(talkers):
        net = fit(talkers[:i] + talkers[i + 1 :])
        with torch.no_grad():
            left_out.append(float(correlation(net(talker), talker.real)))
        print(f"{talker.name:10s} by hand {before[i]:.2f}   left out {left_out[i]:.2f}", flush=True)
    print(f"mean       by hand {np.mean(before):.3f}  left out {np.mean(left_out):.3f}")
    net = fit(talkers)
    score = {
        "by_hand_r": round(float(np.mean(before)), 3),
        "leave_one_talker_out_r": round(float(np.mean(left_out)), 3),
    }
    facts = {"made_by": "training/lip_law.py", "data": curves["source"], "licence": curves["licence"], "score": score}
    options.law.write_text(json.dumps({**facts, "law": as_law(net)}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
