"""The sections of the benchmark in order, and its table."""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from understudy.base.errors import BadInput, UnknownName
from understudy.hub.scores import Score
from understudy.judge.chance import unmeasured
from understudy.production.bench import clips as filmed_talkers
from understudy.production.bench.controls import controls
from understudy.production.bench.cost import cost
from understudy.production.bench.film import clapped, filmed
from understudy.production.bench.laws import laws
from understudy.production.bench.mouths import closings, following, lips_of, real_talkers
from understudy.production.bench.robust import long_sound, robust
from understudy.production.bench.speech import effort, feelings, hygiene, shaping, takes_of, times
from understudy.production.bench.subject import Subject

ABOUT = "development clips of GRID"


@dataclass(frozen=True)
class BenchOptions:
    """How the benchmark is run; the shell takes its defaults and help from here."""

    media: Path | None = None
    """A folder with grid/*.mpg and livelink/*.csv."""
    news: Path | None = None
    """Films of news speakers with a tracked CSV beside each (row L2)."""
    minutes: float = 10.0
    """Simulated minutes of each state for the laws of eyes, lids and head, and the length of the long recording."""
    utterances: int = 12
    """Sentences with known phone times."""
    tracker: Path | None = None
    """The script that tracks lips in films, benchmarks/facebench/track.py of the repository."""


Section = Callable[[Subject, BenchOptions], Iterator[Score]]


def _clips(subject: Subject, options: BenchOptions) -> Iterator[Score]:
    found = filmed_talkers.grid_clips(options.media)
    if not found:
        yield unmeasured("L1 r in step", "filmed talkers in grid/ at --media")
    else:
        for with_text in (True, False):
            what = f", {ABOUT}"
            yield from following(lips_of(subject), found, with_text=with_text, what=what)
        yield from real_talkers(found)
    news = filmed_talkers.tracked_clips(options.news)
    if news:
        rows = following(lips_of(subject), news, with_text=False, row="L2")
        yield from (row for row in rows if "best" in row.name)
    else:
        yield unmeasured("L2 r at the best lag, news clips", "films with tracked lips at --news")
    yield unmeasured("L3 VOCASET pair", "VOCASET, whose licence lets nobody pass it on")


def _lips(subject: Subject, options: BenchOptions) -> Iterator[Score]:
    said = filmed_talkers.exact_utterances(options.utterances, subject.actor)
    for with_text in (True, False):
        yield from closings(lips_of(subject), said, with_text=with_text)


def _speech(subject: Subject, options: BenchOptions) -> Iterator[Score]:
    said = filmed_talkers.exact_utterances(options.utterances, subject.actor)
    takes = takes_of(subject, said)
    yield from shaping(subject, takes)
    yield from times(takes, said)
    yield unmeasured("T1 phone times, emuR", "the hand-labelled emuR corpus")
    yield unmeasured("E1 feeling of a voice, EMO-DB", "EMO-DB, and a reader of feeling from sound")
    yield from hygiene(takes, options.media)


def _controls(subject: Subject, options: BenchOptions) -> Iterator[Score]:
    said = filmed_talkers.exact_utterances(options.utterances, subject.actor)
    yield from controls(lips_of(subject), filmed_talkers.grid_clips(options.media), said)


def _feelings(subject: Subject, options: BenchOptions) -> Iterator[Score]:
    said = filmed_talkers.exact_utterances(min(12, options.utterances), subject.actor)
    yield from feelings(subject, said, filmed_talkers.grid_clips(options.media))


def _film(subject: Subject, options: BenchOptions) -> Iterator[Score]:
    yield from clapped(subject)
    yield from filmed(subject, filmed_talkers.grid_clips(options.media), options.tracker)


def _robust(subject: Subject, options: BenchOptions) -> Iterator[Score]:
    yield from robust(subject)


def _long(subject: Subject, options: BenchOptions) -> Iterator[Score]:
    yield long_sound(subject, options.minutes)


SECTIONS: Mapping[str, Section] = {
    "laws": lambda subject, options: laws(subject, minutes=options.minutes),
    "clips": _clips,
    "lips": _lips,
    "speech": _speech,
    "effort": lambda subject, options: iter(effort(subject)),
    "feelings": _feelings,
    "controls": _controls,
    "film": _film,
    "cost": lambda subject, options: cost(subject),
    "robust": _robust,
    "long": _long,
}
"""Section -> what measures it, in the order of the table."""


@dataclass
class Results:
    """Rows by section, and the command that measured each; kept as JSON beside the table."""

    rows: dict[str, list[Score]] = field(default_factory=dict)
    commands: dict[str, str] = field(default_factory=dict)
    title: str = "FaceBench"
    explained: str = "docs/judging.md"

    @staticmethod
    def read(path: Path) -> "Results":
        """Returns what an earlier run left, nothing when there is no file."""
        if not path.is_file():
            return Results()
        try:
            known = json.loads(path.read_text("utf-8"))
            rows = {name: [_score(row) for row in rows] for name, rows in known["rows"].items()}
            return Results(rows, known["commands"])
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput(f"{path} does not hold results of the benchmark ({error}); give another name.") from None

    def write(self, table: Path) -> None:
        """Writes the table, and beside it the figures as JSON."""
        facts = {name: [_facts(row) for row in rows] for name, rows in self.rows.items()}
        text = json.dumps({"rows": facts, "commands": self.commands}, indent=1)
        table.with_suffix(".json").write_text(text + "\n", "utf-8")
        table.write_text(self.markdown(), "utf-8")

    def markdown(self) -> str:
        """Returns the table."""
        out = [
            f"# {self.title}, measured",
            "",
            f"Written by the command under each heading; how to read it: {self.explained}.",
        ]
        for name in [*SECTIONS, *(n for n in self.rows if n not in SECTIONS)]:
            if name not in self.rows:
                continue
            out += ["", f"## {name}", "", f"`{self.commands[name]}`", ""]
            out += ["| row | value | 95 % | n | target | | |", "|---|---|---|---|---|---|---|"]
            out += [_line(row) for row in self.rows[name]]
        return "\n".join(out) + "\n"


def chosen(names: str) -> list[str]:
    """Returns the sections of a list such as 'laws,lips', all of them for ''. Raises UnknownName."""
    wanted = [name.strip() for name in names.split(",") if name.strip()] or list(SECTIONS)
    for name in wanted:
        if name not in SECTIONS:
            raise UnknownName("section", name, list(SECTIONS))
    return wanted


def figure(row: Score) -> str:
    """Returns a value with its unit, '-' when it was not measured."""
    return (
        "-"
        if math.isnan(row.value)
        else f"{row.value:.3g} {row.unit}".strip()
        if abs(row.value) < 1000
        else f"{row.value:.0f} {row.unit}"
    )


def verdict(row: Score) -> str:
    """Returns pass, FAIL or '' when there is nothing to meet."""
    return {None: "", True: "pass", False: "FAIL"}[row.passed]


def _line(row: Score) -> str:
    within = "" if math.isnan(row.low) else f"{row.low:.3g} .. {row.high:.3g}"
    count = str(row.n) if row.n else ""
    cells = (row.name, figure(row), within, count, row.target, verdict(row), row.how)
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def _facts(row: Score) -> dict[str, object]:
    return {k: None if isinstance(v, float) and math.isnan(v) else v for k, v in asdict(row).items()}


def _score(facts: dict[str, object]) -> Score:
    numbers = {"value", "low", "high"}
    return Score(**{k: float("nan") if v is None and k in numbers else v for k, v in facts.items()})  # type: ignore[arg-type]
