"""What is kept and how it is asked; ``archive.open(path)`` answers questions from Python.

The names below are the public interface for researchers; modules beneath may change. They are loaded when
first used, because every start of the command line imports this package.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archive.api import Briefings, ContactRow, EditRow, open  # noqa: A004  # archive.open is its name
    from archive.articles.history import Edit, Version
    from archive.completeness.coverage import CoverageRow
    from archive.records import Article, Attachment, Contact, Source
    from archive.search import Hit

_HOMES = {
    "Article": "archive.records",
    "Attachment": "archive.records",
    "Briefings": "archive.api",
    "Contact": "archive.records",
    "ContactRow": "archive.api",
    "CoverageRow": "archive.completeness.coverage",
    "Edit": "archive.articles.history",
    "EditRow": "archive.api",
    "Hit": "archive.search",
    "Source": "archive.records",
    "Version": "archive.articles.history",
    "open": "archive.api",
}

__all__ = [
    "Article",
    "Attachment",
    "Briefings",
    "Contact",
    "ContactRow",
    "CoverageRow",
    "Edit",
    "EditRow",
    "Hit",
    "Source",
    "Version",
    "open",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
