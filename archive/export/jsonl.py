"""Export as JSON Lines: one article a line, its parts inside."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from archive.export.rows import articles

if TYPE_CHECKING:
    from pathlib import Path

    from archive.export.rows import Selection
    from archive.integrity.parallel import Moment


def write(now: Moment, folder: Path, selection: Selection) -> int:
    """Write ``articles.jsonl`` into a folder and return the number of articles."""
    count = 0
    with (folder / "articles.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        for count, article in enumerate(articles(now, selection), 1):  # noqa: B007
            file.write(json.dumps(article, ensure_ascii=False) + "\n")
    return count
