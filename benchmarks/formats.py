"""How large and how quick every format of a take is, and how near a capture comes back: python benchmarks/formats.py.

With the path of a Live Link Face CSV as argument it measures that capture's round trip as well.
"""

import csv
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("UNDERSTUDY_HOME", tempfile.mkdtemp())

from understudy import body, face
from understudy.hub.actor import Actor
from understudy.hub.performance import Performance
from understudy.production.arriving import import_take
from understudy.production.leaving import export_take
from understudy.testing.speech import SENTENCES, spoken

FORMATS = ("csv", "glb", "usdz", "usdc", "bvh", "wav", "srt", "vtt", "otio", "json", "jsonl")


def acted() -> Performance:
    persona = Actor.open("emi").record.persona
    said = [spoken(phones, number=i) for i, phones in enumerate([*SENTENCES.values()] * 2)]
    beats = body.move(face.animate(iter(said), persona=persona, seed=1, partner=0.0), persona=persona, seed=1)
    return Performance.from_beats("emi", beats, {"seed": "1"})


def main() -> None:
    take = acted()
    export_take(take, Path(tempfile.mkdtemp()) / "warm.csv")
    print(f"A take of {take.duration_s:.1f} s at 60 frames a second, Emi; CPU seconds with release and ledger")
    print(f"{'format':8}{'bytes':>12}{'CPU s':>8}")
    for ending in FORMATS:
        folder = Path(tempfile.mkdtemp())
        before = time.process_time()
        released = export_take(take, folder / f"take.{ending}")
        spent = time.process_time() - before
        main_file = next(r.path for r in released if r.path.suffix == f".{ending}")
        print(f"{ending:8}{main_file.stat().st_size:>12,}{spent:>8.2f}")
    body_alone = Path(tempfile.mkdtemp()) / "emi.glb"
    from understudy.production.trade import export_actor

    export_actor("emi", body_alone)
    print(f"the body of Emi alone, as glb: {body_alone.stat().st_size:,} bytes")
    for source in sys.argv[1:]:
        capture(Path(source))


def capture(source: Path) -> None:
    """Prints how far each column of a capture is from itself after it was imported and exported."""
    folder = Path(tempfile.mkdtemp())
    before = time.process_time()
    got = import_take(source, body=False)
    got.take.save(folder / "x.take")
    export_take(folder / "x.take", folder / "out.csv")
    spent = time.process_time() - before
    a, b = (list(csv.reader(path.open(encoding="utf-8-sig"))) for path in (source, folder / "out.csv"))
    kept = [i for i, name in enumerate(a[0]) if i > 1 and not name.endswith("EyeRoll")]
    worst, over = 0.0, 0
    for before_row, after_row in zip(a[1:], b[1:], strict=True):
        for i in kept:
            value = float(before_row[i])
            if i < 54 and not 0 <= value <= 1:
                over += 1
                value = min(1.0, max(0.0, value))
            worst = max(worst, abs(value - float(after_row[i])))
    print(f"{source.name}: {len(a) - 1} rows in, {len(b) - 1} out, header {'the same' if a[0] == b[0] else 'differs'}")
    print(f"  farthest value {worst:.2e} (eye rolls left out, {over} weights outside 0..1 held), {spent:.1f} CPU s")
    for remark in got.remarks:
        print(f"  {remark}")


if __name__ == "__main__":
    main()
