"""What a crawl shows while it runs: a live line on a terminal, nothing under cron."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType
    from typing import Self

    from rich.console import RenderableType

    from crawler.run.scope import Job

SHOWN = ("new", "edited", "upgraded", "restored", "gone", "unchanged", "failed")


class Display:
    """A live line: articles done of those found due, rate, time left. Use as a context manager."""

    def __init__(self, console: Console | None = None) -> None:
        console = console or Console(stderr=True)
        self._bar = _CrawlProgress(console) if console.is_terminal else None
        self._began = monotonic()

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def watch(self, job: Job) -> None:
        """Show this job from now on."""
        self._began = monotonic()
        if self._bar:
            self._bar.watch(job)

    @property
    def seconds(self) -> float:
        """Seconds since the job began."""
        return monotonic() - self._began


class _CrawlProgress(Progress):
    """A bar that looks at the job whenever it is drawn.

    The time left is reckoned here: what is due becomes known only as lists are read.
    """

    def __init__(self, console: Console) -> None:
        self._job: Job | None = None  # before the base class draws
        self._began = monotonic()
        texts = [TextColumn(f"{{task.fields[{name}]}}") for name in ("articles", "rate", "left", "lists")]
        super().__init__(
            BarColumn(bar_width=30), *texts, console=console, refresh_per_second=4, transient=True
        )

    def watch(self, job: Job) -> None:
        """Show this job from now on."""
        self._job, self._began = job, monotonic()
        self.add_task("crawl", **_fields(job, 0.0))

    def get_renderables(self) -> Iterable[RenderableType]:
        """Bring the bar up to date and draw it."""
        if self._job is not None and self.task_ids:
            seconds = monotonic() - self._began
            self.update(
                self.task_ids[-1],
                total=max(self._job.planned, 1),
                completed=_done(self._job),
                **_fields(self._job, seconds),
            )
        yield from super().get_renderables()


def _done(job: Job) -> int:
    return sum(job.tally[outcome] for outcome in SHOWN)


def _fields(job: Job, seconds: float) -> dict[str, Any]:
    """Write what stands beside the bar."""
    done = _done(job)
    return {
        "articles": f"{done:,} of {job.planned:,} articles",
        "rate": f"{done / seconds if seconds else 0.0:.1f}/s",
        "left": _left(job, done, seconds),
        "lists": f"{job.tally['days']:,} of {job.tally['days_due']:,} lists",
    }


def _left(job: Job, done: int, seconds: float) -> str:
    """Estimate the time left at this pace: by lists while there are more to read, then by articles."""
    days, due = job.tally["days"], job.tally["days_due"]
    part = days / due if days and due > days else done / job.planned if done else 0.0
    return f"{duration(seconds / part - seconds)} left" if 0 < part < 1 else ""


def duration(seconds: float) -> str:
    """Write a span of time for a person: 45 s, 3 min 5 s, 2 h 10 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600:,} h {whole % 3600 // 60} min"
