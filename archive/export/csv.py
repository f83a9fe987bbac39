"""Export as CSV: one file of articles, and one of each kind of part, joined by ``article_id``."""

from __future__ import annotations

import csv
import json
from contextlib import ExitStack
from typing import TYPE_CHECKING

from archive.export.rows import ARTICLE_COLUMNS, articles, parts_of

if TYPE_CHECKING:
    from pathlib import Path

    from archive.export.rows import Selection
    from archive.integrity.parallel import Moment

# A spreadsheet runs a cell that begins so as a formula; a leading apostrophe makes it text. A cell
# that begins so after apostrophes gets one more: taking one off gives every cell back.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write(now: Moment, folder: Path, selection: Selection) -> int:
    """Write ``articles.csv``, ``attachments.csv``, … into a folder and return the number of articles."""
    parts = parts_of(selection)
    count = 0
    with ExitStack() as stack:

        def table(name: str, columns: tuple[str, ...]) -> csv.DictWriter[str]:
            file = stack.enter_context((folder / f"{name}.csv").open("w", encoding="utf-8", newline=""))
            writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
            return writer

        main = table("articles", ARTICLE_COLUMNS)
        others = {name: table(name, ("article_id", *columns)) for name, (columns, _) in parts.items()}
        for count, article in enumerate(articles(now, selection), 1):  # noqa: B007
            main.writerow({name: safe(article[name]) for name in ARTICLE_COLUMNS})
            for name, writer in others.items():
                for row in article[name]:
                    values = {column: safe(value) for column, value in row.items()}
                    writer.writerow({"article_id": article["id"], **values})
    return count


def safe(value: object) -> object:
    """Return a cell that no spreadsheet takes for a formula; lists and objects become JSON."""
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.lstrip("'").startswith(_FORMULA):
        return "'" + value
    return value
