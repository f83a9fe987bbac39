"""``briefing status --prometheus FILE``: the state of an archive for node_exporter's textfile collector."""

from __future__ import annotations

import importlib
import shutil
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from archive.errors import Unreadable, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

Samples: TypeAlias = "Sequence[tuple[tuple[str, ...], float]]"

WHEN = ("started_at", "ended_at")


def write_metrics(report: dict[str, Any], file: Path) -> None:
    """Write the report of ``status`` as metrics, whole or not at all.

    Args:
        report: what ``status --json`` prints.
        file: ends in ``.prom``, in the folder that the collector reads.

    Raises:
        UsageError: the collector would not read the file, or the extra ``monitor`` is not installed.
        Unreadable: the file cannot be written.
    """
    if file.suffix != ".prom":
        raise UsageError(f"--prometheus: {file}: the collector reads only files that end in .prom")
    try:
        prometheus = importlib.import_module("prometheus_client")
    except ImportError as error:
        raise UsageError(
            "--prometheus needs prometheus-client: pip install 'briefing-archive[monitor]'"
        ) from error
    registry = prometheus.CollectorRegistry()
    for name, meaning, labels, samples in _families(report):
        if not samples:
            continue
        gauge = prometheus.Gauge(f"briefing_{name}", meaning, labels, registry=registry)
        for values, value in samples:
            (gauge.labels(*values) if values else gauge).set(value)
    try:
        prometheus.write_to_textfile(str(file), registry)
    except OSError as error:  # which names a temporary file
        raise Unreadable(f"{file}: {error.strerror}") from error


def _families(report: dict[str, Any]) -> list[tuple[str, str, tuple[str, ...], Samples]]:
    """List every metric: its name, its meaning, its labels and its samples; none before the first crawl."""
    run = report["last_crawl"] if report["last_crawl"] and report["last_crawl"]["ended_at"] else None
    began, ended = (datetime.fromisoformat(run[when]).timestamp() if run else None for when in WHEN)
    gaps = sum(not day["complete"] for day in report["coverage"])
    codes = Counter(str(problem["code"]) for problem in report["problems"])
    free = shutil.disk_usage(Path(report["archive"]).absolute().parent).free
    kinds = [((kind,), run[f"articles_{kind}"]) for kind in ("new", "changed", "gone")] if run else []
    articles = [((row["site"], row["section"], row["state"]), row["articles"]) for row in report["articles"]]
    failures = [((row["site"], row["kind"]), row["open"]) for row in report["failures"]]
    problems = [((code,), codes[code]) for code in ("1", "2", "3")]
    sizes = [((part,), size) for part, size in (report["sizes"] or {}).items()]
    return [
        ("last_crawl_end_timestamp_seconds", "When the last crawl ended.", (), _one(ended)),
        (
            "last_crawl_duration_seconds",
            "How long the last crawl took.",
            (),
            _one(ended - began if ended and began else None),
        ),
        ("last_crawl_exit_code", "Exit code of the last crawl.", (), _one(run and run["exit_code"])),
        ("last_crawl_articles", "Articles of the last crawl by what became of them.", ("kind",), kinds),
        ("last_crawl_requests", "Requests of the last crawl.", (), _one(run and run["requests"])),
        ("articles", "Articles held.", ("site", "section", "state"), articles),
        ("open_failures", "Failures that stand open.", ("site", "kind"), failures),
        ("incomplete_days", "Days of a section that are not complete.", (), _one(gaps)),
        ("problems", "Problems, by the exit code that each calls for.", ("code",), problems),
        ("archive_bytes", "Bytes of the archive file by part.", ("part",), sizes),
        ("disk_free_bytes", "Bytes free where the archive lies.", (), _one(free)),
    ]


def _one(value: float | None) -> Samples:
    return [] if value is None else [((), value)]
