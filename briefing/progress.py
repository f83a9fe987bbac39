"""What a crawl shows while it runs: a live line on a terminal, nothing under cron."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from rich.console import Console
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from crawler.run.scope import Job

SHOWN = ("new", "edited", "upgraded", "restored", "gone", "unchanged", "failed")


class Display:
    """A live line: articles done of those found due, rate, time left. Use as a context manager."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._job: Job | None = None
        self._began = monotonic()
        self._live: Live | None = None

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live = Live(
                console=self._console, get_renderable=self.render, refresh_per_second=4, transient=True
            )
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def watch(self, job: Job) -> None:
        """Show this job from now on."""
        self._job, self._began = job, monotonic()

    @property
    def seconds(self) -> float:
        """Seconds since the job began."""
        return monotonic() - self._began

    def render(self) -> Table:
        """Draw the line."""
        table = Table.grid(padding=(0, 2))
        job = self._job
        if job is None:
            return table
        done = sum(job.tally[outcome] for outcome in SHOWN)
        rate = done / self.seconds if self.seconds else 0.0
        table.add_row(
            ProgressBar(total=max(job.planned, 1), completed=done, width=30),
            f"{done:,} of {job.planned:,} articles",
            f"{rate:.1f}/s",
            self._left(job, done),
            f"{job.tally['days']:,} of {job.tally['days_due']:,} lists",
        )
        return table

    def _left(self, job: Job, done: int) -> str:
        """Say how long it will take at this pace: by lists while there are more to read, then by articles."""
        days, due = job.tally["days"], job.tally["days_due"]
        part = days / due if days and due > days else done / job.planned if done else 0.0
        return f"{duration(self.seconds / part - self.seconds)} left" if 0 < part < 1 else ""


def duration(seconds: float) -> str:
    """Write a span of time for a person: 45 s, 3 min 5 s, 2 h 10 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600:,} h {whole % 3600 // 60} min"
