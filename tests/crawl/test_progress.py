"""The live line of a crawl on a terminal, and nothing where there is none."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from briefing.progress import Display, duration
from crawler.run.scope import CrawlScope, Job


def shown(terminal: bool) -> str:
    """Return what a display wrote while it watched a job that read 2 of 4 lists and 10 of 40 articles."""
    out = io.StringIO()
    job = Job(CrawlScope(()), *[None] * 4)
    with Display(Console(file=out, force_terminal=terminal, width=120, color_system=None)) as display:
        display.watch(job)
        job.planned = 40
        job.tally.update(new=7, failed=3, days=2, days_due=4)
    return out.getvalue()


def test_a_terminal_shows_how_far_the_crawl_is() -> None:
    line = shown(terminal=True)
    assert "10 of 40 articles" in line
    assert "2 of 4 lists" in line
    assert "left" in line


def test_a_log_file_gets_no_live_line() -> None:
    assert shown(terminal=False).strip() == ""


@pytest.mark.parametrize(("seconds", "written"), [(45, "45 s"), (185, "3 min 5 s"), (7800, "2 h 10 min")])
def test_spans_of_time_are_written_for_a_person(seconds: float, written: str) -> None:
    assert duration(seconds) == written
