"""Re-extraction: store what today's parser reads in the captures held. It changes fields, never versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.articles.compare import compare, differing_fields, is_degraded
from archive.articles.load import load_known
from archive.articles.write import update_article, write_parts
from archive.search import index_article, unindex_article

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from archive.records import Article

    Baseline = Callable[[int], Article | None]
    """Re-extracts a stored article by its number; None where it cannot."""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """What re-extraction would change in one article.

    Attributes:
        old: the article as stored.
        new: the article as it would be.
        fields: names of the fields that differ; text_hashes when only what texts are compared by does.
    """

    article_id: int
    old: Article
    new: Article
    hashes: dict[str, str]
    fields: tuple[str, ...]


def identity(article: Article) -> tuple[str, str, str]:
    """Return site, section and native id of a record's article."""
    return article.site, article.section, article.native_id


def plan(conn: sqlite3.Connection, article_id: int, seen: Article) -> Rewrite | None:
    """Compare a re-extracted article with its rows; None when nothing would change.

    A page whose layout is no longer recognised overwrites nothing that a recognised one gave; a page of
    another article changes nothing.
    """
    known = load_known(conn, article_id)
    if identity(seen) != identity(known.article):
        return None
    if is_degraded(seen) and not is_degraded(known.article):
        return None
    result = compare(known, seen)
    fields = list(differing_fields(known.article, result.article))
    if result.hashes != known.hashes:
        fields.append("text_hashes")
    if not fields:
        return None
    return Rewrite(article_id, known.article, result.article, result.hashes, tuple(fields))


def write(conn: sqlite3.Connection, article_id: int, old: Article | None, new: Article, now: str) -> None:
    """Write the rows of an article where they differ, and its entry in the search index."""
    reindex = old is None or _indexed(old) != _indexed(new)
    if old is not None:
        if reindex:
            unindex_article(conn, article_id)
        update_article(conn, article_id, old, new)
    write_parts(conn, article_id, old, new, now)
    if reindex:
        index_article(conn, article_id)


def _indexed(article: Article) -> tuple[object, ...]:
    """Return the texts that the search index holds of an article."""
    names = (article.title, article.subtitle, article.organization, article.organization_key)
    return (*names, article.body.text, article.attachments)
