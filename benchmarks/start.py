"""How long `import understudy` and `understudy --help` take, against an empty Python, in one run.

.venv/bin/python benchmarks/start.py
"""

import statistics
import subprocess
import sys
import time

RUNS = 11
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import understudy": [sys.executable, "-c", "import understudy"],
    "from understudy import Actor, Script": [sys.executable, "-c", "from understudy import Actor, Script"],
    "understudy --help": [sys.executable, "-m", "understudy.cli.main", "--help"],
}


def main() -> None:
    base = 0.0
    for name, command in COMMANDS.items():
        times = []
        for _ in range(RUNS):
            began = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            times.append(time.perf_counter() - began)
        median = statistics.median(times)
        base = base or median
        print(
            f"{name:40} median {median * 1000:6.0f} ms  max {max(times) * 1000:6.0f} ms"
            f"  x{median / base:.1f} of an empty Python"
        )


if __name__ == "__main__":
    main()
