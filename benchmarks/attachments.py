"""Measure the readers of attachments against the best other library of each format, in one run.

Every reader has a process of its own for each format. Printed for each: files read, files and megabytes a
second of processor time, median and longest file, peak memory of its process and what of that it has after
the first file, and how complete its texts are. Complete is what at least two of three voices say: our reader,
the peer, and our reading of the same document in its other format. A text is judged by the share that it has
of their letters and digits (is anything missing?) and of their 4-grams (is the order the same? in a ruled PDF
table it may not be: cells run down where the HWPX has rows).

    python benchmarks/attachments.py FOLDER...
    python benchmarks/attachments.py FOLDER... --peers PYTHON    # the one that has python-hwpx and pypdf
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import statistics
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

FORMATS = ("hwpx", "hwp", "pdf")
PEERS = {"hwpx": "python-hwpx", "hwp": "python-hwpx", "pdf": "pypdf"}
BARE = {"pdf": "pypdfium2"}  # the library that our reader uses, without paragraphs and tables: a bound
COMPLETE = 0.995  # of the agreed letters


@dataclass(frozen=True)
class Reading:
    """What one reader made of one file."""

    path: Path
    seconds: float
    text: str | None


@dataclass(frozen=True)
class Run:
    """One reader over all files of one format."""

    readings: dict[Path, Reading]
    peak: int  # kilobytes, of the whole process
    idle: int  # kilobytes, after the first file was read once, libraries and all


def ours(path: Path) -> str | None:
    """Read in this process."""
    from pipelines.attachments import read_document

    return read_document(path.read_bytes(), path.name).text or None


def python_hwpx(path: Path) -> str | None:
    """Read with python-hwpx."""
    from hwpx import HwpxDocument

    return str(HwpxDocument.open(path).text.plain())


def pypdf(path: Path) -> str | None:
    """Read with pypdf."""
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def pypdfium2(path: Path) -> str | None:
    """Read with pypdfium2 alone."""
    import pypdfium2

    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path))


READERS: dict[str, Callable[[Path], str | None]] = {
    "ours": ours,
    "python-hwpx": python_hwpx,
    "pypdf": pypdf,
    "pypdfium2": pypdfium2,
}


def child(reader: str) -> None:
    """Read the files named on standard input; write one JSON object a line."""
    read = READERS[reader]
    first = True
    for line in sys.stdin:
        path = Path(line.rstrip("\n"))
        if first:  # libraries are imported before the clock runs
            _try(read, path)
            print(json.dumps({"idle": peak()}))
            first = False
        start = time.process_time()
        text = _try(read, path)
        print(json.dumps({"path": str(path), "seconds": time.process_time() - start, "text": text}))
    print(json.dumps({"peak": peak()}))


def peak() -> int:
    """Return the most memory that this process has held (kilobytes); rusage would count the parent's too."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(re.findall(r"VmHWM:\s*(\d+) kB", status.read_text())[0])


def _try(read: Callable[[Path], str | None], path: Path) -> str | None:
    try:
        return read(path)
    except ImportError:
        raise
    except Exception as error:  # noqa: BLE001 - a peer that fails on a file has not read it
        print(f"{path.name}: {type(error).__name__}: {error}", file=sys.stderr)
        return None


def run(python: str, reader: str, paths: Sequence[Path]) -> Run | None:
    """Read all files with one reader in one process; None when it cannot be imported."""
    done = subprocess.run(
        [python, "-W", "ignore", __file__, "--child", reader],
        input="\n".join(map(str, paths)),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        print(f"{reader}: skipped: {done.stderr.strip().splitlines()[-1]}")
        return None
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    readings = {
        Path(answer["path"]): Reading(Path(answer["path"]), answer["seconds"], answer["text"])
        for answer in answers[1:-1]
    }
    return Run(readings, answers[-1]["peak"], answers[0]["idle"])


def caged(paths: Sequence[Path]) -> float:
    """Read all files through the worker; give files a second of processor time, both processes together."""
    from pipelines.attachments.worker import Reader

    def spent() -> float:
        usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return sum(usage.ru_utime + usage.ru_stime for usage in usages)

    start = spent()
    with Reader() as reader:
        for path in paths:
            reader.read(path.read_bytes(), path.name)
    return len(paths) / (spent() - start)


def collect(folders: Iterable[Path]) -> dict[str, list[Path]]:
    """Sort the readable files by what their bytes are; a file that lies in two folders counts once."""
    from pipelines.attachments import read_document

    found: dict[str, list[Path]] = {kind: [] for kind in FORMATS}
    seen: set[bytes] = set()
    for path in sorted(path for folder in folders for path in folder.iterdir() if path.is_file()):
        content = path.read_bytes()
        if content in seen:
            continue
        seen.add(content)
        document = read_document(content, path.name)
        if document.format in FORMATS and document.state not in {"encrypted", "unsupported"}:
            found[document.format].append(path)
    return found


def grams(text: str | None, length: int) -> Counter[str]:
    """Count the runs of some letters and digits."""
    letters = re.sub(r"[\W_]", "", text or "")
    return Counter(letters[place : place + length] for place in range(len(letters) - length + 1))


def agreed(voices: Sequence[Counter[str]]) -> Counter[str]:
    """Return what at least two readers agree on, as often as two of them have it."""
    total: Counter[str] = Counter()
    for place, one in enumerate(voices):
        for other in voices[:place]:
            total |= one & other
    return total


def shares(
    run_: Run, other: Run | None, twins: Mapping[str, Sequence[str | None]], length: int
) -> list[float]:
    """Return for each file how much a reader has of what at least two readers agree on."""
    found = []
    for path, reading in run_.readings.items():
        mine = grams(reading.text, length)
        texts = [*([other.readings[path].text] if other else []), *twins.get(path.stem, ())]
        reference = agreed([mine, *(grams(text, length) for text in texts)])
        if reference:
            found.append((mine & reference).total() / reference.total())
    return found


def report(kind: str, reader: str, run_: Run, letters: Sequence[float], runs: Sequence[float]) -> str:
    """Write one row of the table."""
    seconds = sorted(reading.seconds for reading in run_.readings.values())
    size = sum(path.stat().st_size for path in run_.readings) / 1e6
    read = sum(1 for reading in run_.readings.values() if reading.text)
    complete = sum(share >= COMPLETE for share in letters) / max(1, len(letters))
    return (
        f"{kind:5} {reader:12} {read:4}/{len(seconds):<4} {len(seconds) / sum(seconds):8.1f}"
        f" {size / sum(seconds):7.1f} {statistics.median(seconds) * 1e3:7.1f} {seconds[-1] * 1e3:8.0f}"
        f" {run_.peak / 1024:7.0f} {run_.idle / 1024:6.0f} {complete:9.1%} {min(letters, default=0):7.3f}"
        f" {statistics.fmean(runs or [0]):8.4f} {min(runs, default=0):7.3f}"
    )


def main() -> None:
    """Run all readers and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument(
        "--peers", default=sys.executable, metavar="PYTHON", help="interpreter with the peers"
    )
    parser.add_argument("--child", choices=READERS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child)
        return
    if not options.folders:
        parser.error("name a folder of attachments")
    files = collect(options.folders)
    mine = {kind: run(sys.executable, "ours", files[kind]) for kind in FORMATS}
    theirs = {kind: run(options.peers, PEERS[kind], files[kind]) for kind in FORMATS}
    bare = {kind: run(sys.executable, reader, files[kind]) for kind, reader in BARE.items()}
    print(
        "kind  reader       read      files/s    MB/s  median  longest    peak  first  complete   worst"
        "  4-grams   worst\n"
        "                             (one core)            ms       ms      MB     MB   letters"
        "             mean"
    )
    for kind in FORMATS:
        own, peer = mine[kind], theirs[kind]
        if own is None or not files[kind]:
            continue
        twins: dict[str, list[str | None]] = {}
        for other in FORMATS:
            other_run = mine[other]
            if (other == "pdf") != (kind == "pdf") and other_run is not None:
                for path, reading in other_run.readings.items():
                    twins.setdefault(path.stem, []).append(reading.text)
        print(report(kind, "ours", own, shares(own, peer, twins, 1), shares(own, peer, twins, 4)))
        if peer is not None:
            print(report(kind, PEERS[kind], peer, shares(peer, own, twins, 1), shares(peer, own, twins, 4)))
        if (bound := bare.get(kind)) is not None:
            print(report(kind, BARE[kind], bound, shares(bound, own, twins, 1), shares(bound, own, twins, 4)))
        print(f"{kind:5} ours, caged            {caged(files[kind]):8.1f}   (its start included)")


if __name__ == "__main__":
    main()
