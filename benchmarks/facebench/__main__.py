"""The whole benchmark from the repository: `understudy facebench`, and the peers beside it.

    npm install --prefix benchmarks/peers
    export UNDERSTUDY_FACEMESH=/path/to/python      # one with mediapipe==0.10.14, for rows of finished films
    python benchmarks/facebench --media MEDIA       # all; or: python benchmarks/facebench peers,clips --media MEDIA

It keeps the table in benchmarks/facebench/RESULTS.md, section by section.
"""

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from peers import peers  # noqa: E402

from understudy.cli.facebench import run  # noqa: E402
from understudy.production.bench.subject import subject  # noqa: E402
from understudy.production.bench.table import SECTIONS, BenchOptions  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known = {**SECTIONS, "peers": peers}
    parser.add_argument("sections", nargs="?", default=",".join(known), help=",".join(known))
    parser.add_argument("--media", type=Path)
    parser.add_argument("--news", type=Path)
    parser.add_argument("--actor", default="emi")
    parser.add_argument("--subject", default="")
    parser.add_argument("--minutes", type=float, default=BenchOptions.minutes)
    parser.add_argument("--utterances", type=int, default=BenchOptions.utterances)
    given = parser.parse_args()
    options = BenchOptions(given.media, given.news, given.minutes, given.utterances, HERE / "track.py")
    wanted = {name: known[name] for name in given.sections.split(",")}
    passed = run(subject(given.subject, given.actor), options, wanted, HERE / "RESULTS.md")
    sys.exit(0 if passed else 1)


if __name__ == "__main__":
    main()
