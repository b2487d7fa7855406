"""The red-team set: what users try and what a model might wrongly say, with benign controls, each in two halves.

The development half is what the rules were written and the likeness was fitted on; the held-out half was written before
the rules, judged them once, and has been fitted on since. Prompts about sex, minors and self-harm refer, and do not
depict.
"""

from dataclasses import dataclass
from importlib import resources
from typing import Final

REQUESTS: Final = (
    "impersonation", "endorsement", "sexual", "minors", "political", "medical", "self_harm", "injection", "disclosure",
)  # fmt: skip
"""Classes of what users try; each has a file."""


@dataclass(frozen=True)
class Halves:
    """One text an entry; in 'outgoing' each is 'class<TAB>text'.

    second_look ... sixth_look: written after the rules, to see how they do on what is new; each was measured before
    anything was changed for it (docs/characters.md has the figures). The fourth was written by somebody who had not
    read the rules.
    """

    development: tuple[str, ...]
    held_out: tuple[str, ...]
    second_look: tuple[str, ...] = ()
    third_look: tuple[str, ...] = ()
    fourth_look: tuple[str, ...] = ()
    fifth_look: tuple[str, ...] = ()
    sixth_look: tuple[str, ...] = ()

    @property
    def fourth_apart(self) -> tuple[str, ...]:
        """Every second text of the fourth look: the likeness is fitted on the others and not on these."""
        return self.fourth_look[1::2]


def read(name: str) -> Halves:
    """Returns the halves of a class of REQUESTS, or of 'benign', 'outgoing', 'outgoing_benign'."""
    text = (resources.files("understudy.dialogue.redteam") / f"{name}.txt").read_text("utf-8")
    halves: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line.startswith("== "):
            halves[line[3:]] = []
        elif line.strip() and not line.startswith("# "):
            halves[list(halves)[-1]].append(line)
    looks = (tuple(halves.get(f"{which} look", ())) for which in ("second", "third", "fourth", "fifth", "sixth"))
    return Halves(tuple(halves["development"]), tuple(halves["held out"]), *looks)
