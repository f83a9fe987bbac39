"""Captures of one archive as captures of another: each fetch once, its bytes checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.captures.store import REPEATED_KINDS, Captures
from archive.errors import ArchiveError, Damaged, Unreadable
from archive.records import Capture

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from archive.database import Archive
    from archive.join.rows import Rows
    from archive.store import Store

SAME = """
SELECT id FROM captures WHERE url = ? AND form IS ? AND fetched_at = ? AND kind = ? AND body_sha256 = ?
"""
LISTS = f"""
SELECT id FROM captures WHERE kind IN ({", ".join(f"'{kind}'" for kind in sorted(REPEATED_KINDS))}, 'api')
ORDER BY id
"""  # noqa: S608  # words of ours


class JoinedCaptures:
    """Copies captures from another archive as they are needed.

    Attributes:
        damaged: captures whose bytes were damaged; of these the hash alone was taken over.
    """

    def __init__(self, store: Store, shard: Archive, rows: Rows, complain: Callable[[str], None]) -> None:
        self.damaged = 0
        self._store = store
        self._there = Captures(shard.conn, shard.files)
        self._rows = rows
        self._complain = complain

    def number(self, capture_id: int | None) -> int | None:
        """Return the number here of a capture there, taking it over where it is not held."""
        if capture_id is None:
            return None
        known = self._rows.number("captures", capture_id)
        if known is not None and self._is_held(known):
            return known
        row = self._rows.there.execute("SELECT * FROM captures WHERE id = ?", (capture_id,)).fetchone()
        if row is None:
            raise ArchiveError(f"capture {capture_id} is not there")
        held = self._rows.here.execute(
            SAME, (row["url"], row["form"], row["fetched_at"], row["kind"], row["body_sha256"])
        ).fetchone()
        content = self._content(capture_id, row["body_sha256"])
        if held is not None:
            number = int(held["id"])
            if content is not None:
                self._store.captures.restore(content)
        else:
            number = self._write(row, content)
        self._rows.note("captures", capture_id, number)
        return number

    def join_lists(self) -> None:
        """Take over the lists that no article was read from, where none as late is held."""
        for (capture_id,) in self._rows.there.execute(LISTS).fetchall():
            row = self._rows.there.execute("SELECT * FROM captures WHERE id = ?", (capture_id,)).fetchone()
            later = self._rows.here.execute(
                "SELECT 1 FROM captures WHERE url = ? AND form IS ? AND kind = ? AND fetched_at >= ?",
                (row["url"], row["form"], row["kind"], row["fetched_at"]),
            ).fetchone()
            if later is None:
                self.number(capture_id)

    def _is_held(self, number: int) -> bool:
        """Return whether a capture taken over still stands: its article may have been rolled back."""
        query = "SELECT 1 FROM captures WHERE id = ?"
        return self._rows.here.execute(query, (number,)).fetchone() is not None

    def _content(self, capture_id: int, sha256: str) -> bytes | None:
        """Read bytes there, checked; None where only their hash is kept or they are damaged."""
        try:
            return self._there.body(sha256)
        except (Damaged, Unreadable) as error:
            self.damaged += 1
            self._complain(f"capture {capture_id}: {error}; its hash alone is taken over")
        except ArchiveError:
            pass  # not kept there either
        return None

    def _write(self, row: sqlite3.Row, content: bytes | None) -> int:
        run_id = self._rows.number("runs", row["run_id"])
        if content is None:
            size = self._rows.there.execute(
                "SELECT size, codec FROM bodies WHERE sha256 = ?", (row["body_sha256"],)
            ).fetchone()
            if size is None:
                raise ArchiveError(f"body {row['body_sha256']} is not there")
            codec = "redacted" if size["codec"] == "redacted" else "hash"
            self._rows.here.execute(
                "INSERT OR IGNORE INTO bodies (sha256, size, codec) VALUES (?, ?, ?)",
                (row["body_sha256"], size["size"], codec),
            )
            return self._rows.copy("captures", row)
        capture = Capture(
            url=row["url"],
            fetched_at=row["fetched_at"],
            status=row["status"],
            headers=self._there.headers(row),
            content=content,
            kind=row["kind"],
            layout=row["layout"],
            method=row["method"],
            form=row["form"],
        )
        return self._store.captures.write(capture, run_id, replace_earlier=False)
