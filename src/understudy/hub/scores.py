"""What the judge says: named figures, each with its unit, its target and how it was measured."""

from collections.abc import Iterator
from dataclasses import dataclass

from understudy.base.errors import UnknownName


@dataclass(frozen=True)
class Score:
    """One figure. value: NaN when it could not be measured. passed: None when there is no target to meet.

    target: in words, such as 'within 20 ms of 0'. how: the measure and what to know about it, one sentence.
    low, high: where 95 % of resamplings of what was measured put the value, NaN where nothing was resampled. n: of how
    many things (clips, phones, blinks).
    """

    name: str
    value: float
    unit: str = ""
    target: str = ""
    passed: bool | None = None
    how: str = ""
    low: float = float("nan")
    high: float = float("nan")
    n: int = 0

    def __str__(self) -> str:
        verdict = {None: "", True: "  pass", False: "  FAIL"}[self.passed]
        target = f"  (target {self.target})" if self.target else ""
        return f"{self.name:<22} {self.value:>9.2f} {self.unit}{target}{verdict}"


@dataclass(frozen=True)
class Scores:
    """The figures of one subject, in the order they were measured."""

    subject: str
    scores: tuple[Score, ...] = ()

    @property
    def passed(self) -> bool:
        """Returns True when no figure misses its target."""
        return all(score.passed is not False for score in self.scores)

    def __iter__(self) -> Iterator[Score]:
        return iter(self.scores)

    def __getitem__(self, name: str) -> Score:
        """Returns the figure of that name. Raises UnknownName with the names there are."""
        for score in self.scores:
            if score.name == name:
                return score
        raise UnknownName("score", name, [score.name for score in self.scores])

    def __add__(self, other: "Scores") -> "Scores":
        """Returns both, under this subject."""
        return Scores(self.subject, self.scores + other.scores)

    def __str__(self) -> str:
        return "\n".join([self.subject, *(f"  {score}" for score in self.scores)])
