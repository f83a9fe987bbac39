"""What ``briefing status`` prints for people: what is archived, by section and by day, and what is wrong."""

from __future__ import annotations

import sys
from typing import Any

from rich.box import SIMPLE
from rich.console import Console

from briefing.tables import print_table

SHOWN_DAYS = 14
SHOWN_PROBLEMS = 20
PRINTED_WIDTH = 132  # columns, where there is no terminal to ask


def print_status(report: dict[str, Any], last_crawl: str) -> None:
    """Print the report of an archive."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else PRINTED_WIDTH)
    articles = sum(row["articles"] for row in report["articles"])
    console.print(f"{report['archive']}: {articles:,} articles; last crawl {last_crawl}")
    _print_articles(console, report["articles"])
    if report["coverage"]:
        _print_days(console, report["coverage"])
    if report["sizes"]:
        _print_sizes(console, report["sizes"], articles)
    for problem in report["problems"][:SHOWN_PROBLEMS]:
        console.print(f"! {problem['text']}", soft_wrap=True)
    if len(report["problems"]) > SHOWN_PROBLEMS:
        console.print(f"! and {len(report['problems']) - SHOWN_PROBLEMS} more; --json lists all")


def _print_articles(console: Console, rows: list[dict[str, Any]]) -> None:
    cells = [
        (
            row["site"],
            row["section"],
            row["state"],
            f"{row['articles']:,}",
            (row["newest"] or "")[:10],
            row["checked_at"][:16].replace("T", " "),
        )
        for row in rows
    ]
    headings = ("site", "section", "state", "articles", "newest", "checked")
    print_table(console, headings, cells, box=SIMPLE)


def _print_days(console: Console, days: list[dict[str, Any]]) -> None:
    """Lay out sections across and days down: archived/listed, with a mark where something lacks."""
    sections = sorted({(day["site"], day["section"]) for day in days})
    cells = {(day["site"], day["section"], day["day"]): day for day in days}
    every = sorted({day["day"] for day in days}, reverse=True)
    gaps = {day["day"] for day in days if not day["complete"]}
    shown = [day for number, day in enumerate(every) if number < SHOWN_DAYS or day in gaps][: 3 * SHOWN_DAYS]
    headings = ("day", *(f"{site}\n{section}" for site, section in sections))
    rows = [(day, *(_cell(cells.get((*section, day))) for section in sections)) for day in shown]
    print_table(console, headings, rows, box=SIMPLE, padding=0)


def _cell(day: dict[str, Any] | None) -> str:
    if day is None:
        return ""
    if day["checked_at"] is None:
        return "– !"
    listed = day["found"] if day["total"] is None else day["total"]
    failed = f" ({day['failed']} failed)" if day["failed"] else ""
    return f"{day['archived']}/{listed}{failed}" + ("" if day["complete"] else " !")


def _print_sizes(console: Console, sizes: dict[str, int], articles: int) -> None:
    rows = [
        (part, f"{size:,}", f"{size // articles:,}" if articles else "")
        for part, size in {**sizes, "all": sum(sizes.values())}.items()
    ]
    print_table(console, ("part", "bytes", "bytes an article"), rows, box=SIMPLE)
