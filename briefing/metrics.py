"""``briefing status --prometheus FILE``: the state of an archive for node_exporter's textfile collector."""

from __future__ import annotations

import importlib
import shutil
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.errors import Unreadable, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

Samples = list[tuple[tuple[str, ...], float]]


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
        gauge = prometheus.Gauge(name, meaning, labels, registry=registry)
        for values, value in samples:
            (gauge.labels(*values) if values else gauge).set(value)
    try:
        prometheus.write_to_textfile(str(file), registry)
    except OSError as error:  # which names a temporary file
        raise Unreadable(f"{file}: {error.strerror}") from error


def _families(report: dict[str, Any]) -> Iterator[tuple[str, str, tuple[str, ...], Samples]]:
    """Name every metric, with what it means, its labels and its samples."""
    run = report["last_crawl"]
    if run and run["ended_at"]:
        began, ended = (datetime.fromisoformat(run[when]).timestamp() for when in ("started_at", "ended_at"))
        yield "briefing_last_crawl_end_timestamp_seconds", "When the last crawl ended.", (), [((), ended)]
        yield (
            "briefing_last_crawl_duration_seconds",
            "How long the last crawl took.",
            (),
            [((), ended - began)],
        )
        yield "briefing_last_crawl_exit_code", "Exit code of the last crawl.", (), [((), run["exit_code"])]
        counts: Samples = [
            ((kind,), run[f"articles_{kind}"]) for kind in ("new", "changed", "gone")
        ]  # fmt: skip
        yield (
            "briefing_last_crawl_articles",
            "Articles of the last crawl by what became of them.",
            ("kind",),
            counts,
        )
        yield "briefing_last_crawl_requests", "Requests of the last crawl.", (), [((), run["requests"])]
    articles: Samples = [
        ((row["site"], row["section"], row["state"]), row["articles"]) for row in report["articles"]
    ]
    yield "briefing_articles", "Articles held.", ("site", "section", "state"), articles
    open_failures: Samples = [((row["site"], row["kind"]), row["open"]) for row in report["failures"]]
    yield "briefing_open_failures", "Failures that stand open.", ("site", "kind"), open_failures
    gaps = sum(not day["complete"] for day in report["coverage"])
    yield "briefing_incomplete_days", "Days of a section that are not complete.", (), [((), gaps)]
    codes = [problem["code"] for problem in report["problems"]]
    yield "briefing_problems", "Problems, by the exit code that each calls for.", ("code",), [
        ((str(code),), codes.count(code)) for code in (1, 2, 3)
    ]  # fmt: skip
    if report["sizes"]:
        yield "briefing_archive_bytes", "Bytes of the archive file by part.", ("part",), [
            ((part,), size) for part, size in report["sizes"].items()
        ]  # fmt: skip
    free = shutil.disk_usage(Path(report["archive"]).absolute().parent).free
    yield "briefing_disk_free_bytes", "Bytes free where the archive lies.", (), [((), free)]
