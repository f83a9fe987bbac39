"""Articles a second that are read anew from their captures, by number of processes; nothing is written.

python benchmarks/reparse.py ARCHIVE [PROCESSES...]     # without one, the archive of the demo
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from crawler.extraction.reextract import reextract


def main(path: Path, processes: list[int]) -> None:
    """Print one line for each number of processes."""
    print(f"{'processes':>9}{'articles':>10}{'changed':>9}{'seconds':>9}{'a second':>10}")
    for workers in processes:
        began = perf_counter()
        chunks = list(reextract(path, workers))
        seconds = perf_counter() - began
        articles = sum(chunk.articles for chunk in chunks)
        changed = sum(len(chunk.rewrites) for chunk in chunks)
        print(f"{workers:>9}{articles:>10,}{changed:>9,}{seconds:>9.1f}{articles / seconds:>10.1f}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]), [int(count) for count in sys.argv[2:]] or [1, 2])
    else:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                [sys.executable, "-m", "briefing", "demo", "--db", f"{folder}/demo.db"], check=True
            )
            main(Path(folder, "demo.db"), [1, 2])
