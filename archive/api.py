"""Ask an archive from Python: open it, search, and iterate over typed records.

Everything here reads; nothing is written and a crawl may go on meanwhile. Times are ISO 8601 with offset,
days ``YYYY-MM-DD``, both Korean time, so that strings compare in the order of time.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from archive.articles.history import history
from archive.articles.load import load_article
from archive.articles.lookup import find_article
from archive.completeness.coverage import CoverageRow
from archive.database import Archive
from archive.errors import UsageError
from archive.search import search

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from types import TracebackType

    from archive.articles.history import Version
    from archive.records import Article
    from archive.search import Hit


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One unit or person to ask, beside the article that names it: a row of the view ``article_contacts``.

    Attributes:
        publisher: ministry that published the article, as printed.
        organization: official name of the contact's ministry where it is known, else as printed.
        organization_by: how the ministry is known: printed or published.
        phones, faxes, emails: numbers and e-mail addresses, separated by ", ".
        evidence: the snippet of text that names the contact.
        state: of the article: live, gone or superseded.
    """

    contact_id: int
    article_id: int
    published_at: str | None
    title: str
    publisher: str | None
    organization: str | None
    organization_by: str | None
    department: str | None
    role: str | None
    person: str | None
    rank: str | None
    phones: str | None
    faxes: str | None
    emails: str | None
    evidence: str
    url: str
    state: str


@dataclass(frozen=True, slots=True)
class EditRow:
    """One field that changed after publication: a row of the view ``edits``.

    Attributes:
        number: of the version that the change made.
        seen_at: when the archive saw it.
        kind: edit, gone, restored or superseded.
        field: the field that changed; None for a deletion, return or re-issue.
        before, after: its values; attachments are a JSON array.
    """

    article_id: int
    number: int
    seen_at: str
    kind: str
    field: str | None
    before: str | None
    after: str | None
    title: str
    organization: str | None
    url: str


Row = TypeVar("Row", ContactRow, EditRow, CoverageRow)


class Briefings:
    """An archive open for questions; use it in a ``with`` block, or call :meth:`close`.

    Attributes:
        conn: the read-only SQLite connection, for questions that no method answers.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.conn: sqlite3.Connection = archive.conn

    def search(self, query: str, *, limit: int = 20, newest_first: bool = False) -> list[Hit]:
        """Find articles by what they say; ``docs/search.md`` describes queries.

        Raises:
            ArchiveError: the index was made by another version of the tokenizer.
        """
        return search(self.conn, query, limit=limit, newest_first=newest_first)

    def article(self, reference: int | str) -> Article:
        """Read one article whole: text, contacts, files, source, links.

        Args:
            reference: its row number, any URL under which it was fetched, or ``site/section/id``.

        Raises:
            UsageError: the archive holds no such article.
        """
        article = load_article(self.conn, find_article(self.conn, str(reference)))
        if article is None:
            raise UsageError(f"no article {reference} in the archive")
        return article

    def versions(self, reference: int | str) -> tuple[Version, ...]:
        """Read every version of an article, oldest first; raises UsageError when it is not held."""
        return history(self.conn, find_article(self.conn, str(reference)))

    def contacts(
        self,
        *,
        organization: str | None = None,
        department: str | None = None,
        person: str | None = None,
        phone: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> Iterator[ContactRow]:
        """Iterate over contacts, newest article first; without arguments over all of them.

        Args:
            organization: official name of the contact's ministry, or its name as printed.
            department: part of the unit's name.
            person: the name.
            phone: a number as printed, with hyphens.
            since: first day of publication.
            until: last day of publication.
        """
        yield from self._rows(
            ContactRow,
            "article_contacts",
            {
                "organization = ?": organization,
                "instr(department, ?)": department,
                "person = ?": person,
                "contact_id IN (SELECT contact_id FROM contact_points WHERE printed = ?)": phone,
                "published_at >= ?": since,
                "substr(published_at, 1, 10) <= ?": until,
            },
            "published_at DESC, contact_id",
        )

    def edits(
        self,
        *,
        organization: str | None = None,
        kind: str | None = None,
        field: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> Iterator[EditRow]:
        """Iterate over what changed after publication, the latest first.

        Args:
            organization: ministry as printed.
            kind: edit, gone, restored or superseded.
            field: title, subtitle, published_at, organization, body or attachments.
            since: first day on which the archive saw it.
            until: last day on which the archive saw it.
        """
        yield from self._rows(
            EditRow,
            "edits",
            {
                "organization = ?": organization,
                "kind = ?": kind,
                "field = ?": field,
                "seen_at >= ?": since,
                "substr(seen_at, 1, 10) <= ?": until,
            },
            "seen_at DESC, article_id, number, field",
        )

    def coverage(
        self,
        *,
        site: str | None = None,
        section: str | None = None,
        since: str | None = None,
        until: str | None = None,
        complete: bool | None = None,
    ) -> Iterator[CoverageRow]:
        """Iterate over the days that were listed, with what the site counts and what is held, oldest first.

        A day that is not among them was never listed, so nothing can be said of it.
        """
        rows = self._rows(
            CoverageRow,
            "coverage",
            {
                "site = ?": site,
                "section = ?": section,
                "day >= ?": since,
                "day <= ?": until,
                "complete = ?": complete,
            },
            "site, section, day",
        )
        yield from (replace(row, complete=bool(row.complete)) for row in rows)

    def _rows(self, kind: type[Row], view: str, conditions: dict[str, Any], order: str) -> Iterator[Row]:
        given = {condition: value for condition, value in conditions.items() if value is not None}
        where = f" WHERE {' AND '.join(given)}" if given else ""
        columns = ", ".join(column.name for column in fields(kind))
        query = f"SELECT {columns} FROM {view}{where} ORDER BY {order}"  # noqa: S608  # names of ours
        for row in self.conn.execute(query, tuple(given.values())):
            yield kind(*row)

    def close(self) -> None:
        """Close the archive."""
        self._archive.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open(path: Path | str) -> Briefings:  # noqa: A001  # archive.open reads like what it does
    """Open an archive for reading.

    Raises:
        Unreadable: the file is missing or may not be read.
        NotAnArchive: it is not an archive of this program.
        NewerSchema: a newer version of this program wrote it.
    """
    return Briefings(Archive.open(Path(path)))
