"""The whole street, timed from outside: computing per second of film, first picture on disk, peak memory, growth.

    .venv/bin/python benchmarks/film.py                                # the demo at 1280x720
    .venv/bin/python benchmarks/film.py --minutes 1 10 --size 640x360  # ten minutes against one: time and memory

Each run is a fresh process in a home of its own, so keys are made too. Figures are wall-clock on whatever else the
machine does; the last line gives ratios.
"""

import argparse
import itertools
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import av

EXAMPLE = Path(__file__).parent.parent / "examples" / "monologue.fountain"
PARAGRAPH = (
    "I kept your letter by the window for five weeks, and every morning I promised myself that I would open it. "
    "Nobody warns you about the quiet part. You move a cup, you fold a blanket, and the whole room remembers.\n\n"
)
WORDS_A_MINUTE = 130


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, nargs="*", default=[], help="film lengths instead of the demo")
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--shot", default="")
    options = parser.parse_args()
    print("command:", " ".join(["benchmarks/film.py", *sys.argv[1:]]), "| cores:", os.cpu_count())
    print(f"{'film s':>8} {'wall s':>8} {'cpu s':>8} {'wall/film':>9} {'first picture s':>15} {'peak MB':>8}")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        scripts = [_script(Path(folder), minutes) for minutes in options.minutes] or [EXAMPLE]
        for script in scripts:
            rows.append(_run(script, Path(folder), options.size, options.shot))
    for small, large in itertools.pairwise(rows):
        print(
            f"film x{large[0] / small[0]:.2f}: wall x{large[1] / small[1]:.2f}, peak memory x{large[5] / small[5]:.2f}"
        )


def _script(folder: Path, minutes: float) -> Path:
    path = folder / f"{minutes:g}.txt"
    path.write_text(PARAGRAPH * max(1, round(minutes * WORDS_A_MINUTE / len(PARAGRAPH.split()))))
    return path


def _run(script: Path, folder: Path, size: str, shot: str) -> tuple[float, ...]:
    target = folder / f"{script.stem}.mp4"
    environment = {**os.environ, "UNDERSTUDY_HOME": str(folder / f"home-{script.stem}")}
    command = [sys.executable, "-m", "understudy.cli.main", "perform", str(script), "-o", str(target), "--size", size]
    command += ["--shot", shot] if shot else []
    began = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    first_s, peak_kb, cpu_s = 0.0, 0, 0.0
    while process.poll() is None:
        if not first_s and _picture_on_disk(folder):
            first_s = time.monotonic() - began
        peak_kb = max(peak_kb, _peak_kb(process.pid))
        cpu_s = max(cpu_s, _cpu_s(process.pid))
        time.sleep(0.05)
    wall_s = time.monotonic() - began
    if process.returncode:
        sys.exit(f"perform failed with {process.returncode}; run it by hand: {' '.join(command)}")
    with av.open(str(target)) as film:
        film_s = float(film.duration) / av.time_base
    row = (film_s, wall_s, cpu_s, wall_s / film_s, first_s, peak_kb / 1024)
    print(f"{row[0]:8.1f} {row[1]:8.1f} {row[2]:8.1f} {row[3]:9.2f} {row[4]:15.1f} {row[5]:8.0f}", flush=True)
    return row


def _picture_on_disk(folder: Path) -> bool:
    """Returns whether the work folder holds the first bytes of an encoded picture."""
    return any(p.stat().st_size > 0 for p in folder.glob(".*.work/**/*") if p.is_file() and "mp4" in p.name + "mkv")


def _peak_kb(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(row.split()[1]) for row in status.splitlines() if row.startswith("VmHWM")), 0)


def _cpu_s(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
