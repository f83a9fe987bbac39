"""Export as Parquet, one folder a month: for pandas, DuckDB, Spark and Dask."""

from __future__ import annotations

import importlib
import json
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any

from archive.errors import UsageError
from archive.export.rows import ARTICLE_COLUMNS, articles, parts_of

if TYPE_CHECKING:
    from pathlib import Path

    from archive.export.rows import Selection
    from archive.integrity.parallel import Moment

_ROWS = 1000  # of a row group: what is in memory at a time
_INTEGERS = frozenset(
    {"id", "kogl_type", "superseded_by_id", "version", "position", "size", "number", "related_id"}
)
_DECIMALS = frozenset({"score", "owner_score"})
_UNDATED = "__HIVE_DEFAULT_PARTITION__"  # how readers of partitioned folders spell no value


def write(now: Moment, folder: Path, selection: Selection) -> int:
    """Write ``articles/month=YYYY-MM/articles.parquet`` into a folder and return the number of articles.

    Raises:
        UsageError: pyarrow is not installed.
    """
    try:
        pa, parquet = importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise UsageError("parquet needs pyarrow: pip install 'briefing-archive[parquet]'") from error
    schema = _schema(pa, selection)
    count = 0
    by_month = groupby(articles(now, selection), lambda one: (one["published_at"] or _UNDATED)[:7])
    for month, rows in by_month:
        name = month if month[:1].isdigit() else _UNDATED
        path = folder / "articles" / f"month={name}" / "articles.parquet"
        path.parent.mkdir(parents=True)
        with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
            while batch := list(islice(rows, _ROWS)):
                writer.write_table(pa.Table.from_pylist([_flat(row) for row in batch], schema=schema))
                count += len(batch)
    return count


def _schema(pa: Any, selection: Selection) -> Any:
    """Return the type of every column: integers, decimals, text, and lists of records for the parts."""

    def field(name: str) -> Any:
        if name in _DECIMALS:
            return (name, pa.float64())
        return (name, pa.int64() if name in _INTEGERS else pa.string())

    parts = [
        (name, pa.list_(pa.struct([field(column) for column in columns])))
        for name, (columns, _) in parts_of(selection).items()
    ]
    return pa.schema([*(field(name) for name in ARTICLE_COLUMNS), *parts])


def _flat(article: dict[str, Any]) -> dict[str, Any]:
    """Write what has no fixed form, the earlier values of a version, as JSON."""
    for version in article["versions"]:
        for name in ("changed", "earlier"):
            version[name] = json.dumps(version[name], ensure_ascii=False)
    return article
