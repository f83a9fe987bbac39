"""Captures: the exact bytes of every page and file, kept once each and packed small.

Pages of one layout share nine tenths of their bytes, so each is packed with zstd against a sample page of
its layout (measured: 2 to 5 KB a page of 65 to 95 KB; a raw page serves as well as a trained dictionary).
The first page of a layout becomes its dictionary; a redesign of the site shows as growing packed pages and
makes a new one, the old kept for what was packed with it. Files lie in the folder beside the archive
(:mod:`archive.captures.files`).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import deque
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import zstandard

from archive.articles.lifecycle import drop_capture
from archive.captures.files import load_file, store_file
from archive.errors import ArchiveError, Damaged
from archive.records import Capture

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable
    from pathlib import Path

LEVEL = 9
SMALLEST = 4096  # bytes; a shorter page gains others too little to pay for itself as a dictionary
WINDOW = 32  # pages over which the median packed size is taken
AGED = 2.0  # times its first median packed size at which a dictionary has aged
NOT_KEPT = frozenset({"hash", "redacted"})  # codecs of bodies whose bytes are not held
REPEATED_KINDS = frozenset({"list", "sitemap"})  # kinds that every run reads again
FILE_KINDS = frozenset({"attachment"})
LISTS = frozenset({"list", "api"})  # kinds that show many articles
TAKEN_OUT = """
SELECT 1 FROM redactions r JOIN articles a USING (site, section, native_id)
WHERE EXISTS (SELECT 1 FROM article_urls u WHERE u.article_id = a.id AND u.url = :url)
  OR EXISTS (SELECT 1 FROM attachments f WHERE f.article_id = a.id AND f.url = :url)
"""


class Dictionary:
    """One zstd dictionary, loaded once for packing and unpacking.

    The library crashes when one dictionary object is prepared twice, so each object is made here only.
    """

    def __init__(self, row_id: int, content: bytes, packed_size: int, recent: Iterable[int]) -> None:
        self.id = row_id
        self.packed_size = packed_size
        self.recent = deque(recent, maxlen=WINDOW)
        data = zstandard.ZstdCompressionDict(content, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
        self.compressor = zstandard.ZstdCompressor(level=LEVEL, dict_data=data)
        self.decompressor = zstandard.ZstdDecompressor(dict_data=data)


class Captures:
    """Read and write the captures of one archive.

    Args:
        conn: the archive's connection; writing needs an open transaction.
        folder: the folder of files.
        keep_files: whether bytes of attachments are kept, or their hash alone.
    """

    def __init__(self, conn: sqlite3.Connection, folder: Path, *, keep_files: bool = True) -> None:
        self._conn = conn
        self._folder = folder
        self._keep_files = keep_files
        self._dictionaries: dict[str, Dictionary] = {}  # by sha256: a row number may be given twice
        self._plain = zstandard.ZstdCompressor(level=LEVEL)

    def write(
        self, capture: Capture, run_id: int | None, *, hash_only: bool = False, replace_earlier: bool = True
    ) -> int:
        """Store one capture and return its row number; a body that is stored already is not stored twice.

        Of a page that shows a redacted article only the hash is kept, wherever it comes from.

        Args:
            capture: the fetch.
            run_id: the run that made it.
            hash_only: of a body not held yet, keep the hash alone.
            replace_earlier: drop earlier fetches of a list that nothing refers to.
        """
        sha256 = hashlib.sha256(capture.content).hexdigest()
        taken_out = self._is_taken_out(capture)
        hash_only = hash_only or taken_out
        kept = self._conn.execute("SELECT codec FROM bodies WHERE sha256 = ?", (sha256,)).fetchone()
        if kept is None and hash_only:
            self._insert_body(sha256, len(capture.content), "hash", None, None)
        elif not hash_only and (kept is None or kept["codec"] == "hash" or self._is_damaged(sha256)):
            self._write_body(capture, sha256)
        cursor = self._conn.execute(
            "INSERT INTO captures (run_id, kind, url, method, form, status, headers, fetched_at, layout,"
            " body_sha256) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                run_id,
                capture.kind,
                capture.url,
                capture.method,
                capture.form,
                capture.status,
                json.dumps(() if taken_out else capture.headers, ensure_ascii=False),
                capture.fetched_at,
                capture.layout,
                sha256,
            ),
        )
        row_id = int(cursor.lastrowid or 0)
        if capture.kind in REPEATED_KINDS and replace_earlier:
            self._drop_earlier(capture, row_id, run_id)
        return row_id

    def restore(self, content: bytes, *, dry_run: bool = False) -> bool:
        """Store the bytes of a capture whose bytes are missing or damaged; return whether that is so.

        They are declined where no capture has them, or where a redaction removed them.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        held = self._conn.execute("SELECT codec FROM bodies WHERE sha256 = ?", (sha256,)).fetchone()
        row = self._conn.execute(
            "SELECT url, kind, layout, fetched_at FROM captures WHERE body_sha256 = ?", (sha256,)
        ).fetchone()
        if held is None or row is None:
            return False
        capture = Capture(**dict(row), status=200, headers=(), content=content)
        lost = held["codec"] == "hash" or (held["codec"] != "redacted" and self._is_damaged(sha256))
        if not lost or self._is_taken_out(capture):
            return False
        if not dry_run:
            self._write_body(capture, sha256)
        return True

    def _is_damaged(self, sha256: str) -> bool:
        """Return whether bytes that should be held are damaged or missing, so that they are stored again."""
        try:
            self.body(sha256)
        except Damaged:
            return True
        except ArchiveError:
            return False  # redacted: not kept on purpose
        return False

    def _is_taken_out(self, capture: Capture) -> bool:
        """Return whether a capture shows a redacted article, or lists one."""
        if capture.kind in LISTS:
            gone = self._conn.execute("SELECT native_id FROM redactions")
            return any(shows(capture.content, native_id) for (native_id,) in gone)
        return self._conn.execute(TAKEN_OUT, {"url": capture.url}).fetchone() is not None

    def _drop_earlier(self, capture: Capture, row_id: int, run_id: int | None) -> None:
        """Keep of a repeated list only the latest capture and those that articles were read from."""
        earlier = self._conn.execute(
            "SELECT id FROM captures WHERE url = ? AND form IS ? AND kind = ? AND id < ? AND run_id IS NOT ?",
            (capture.url, capture.form, capture.kind, row_id, run_id),
        )
        for (old_id,) in earlier.fetchall():
            drop_capture(self._conn, old_id)

    def find(self, url: str, content: bytes) -> int | None:
        """Return the row number of the first fetch of these bytes from a URL; None where there is none."""
        sha256 = hashlib.sha256(content).hexdigest()
        row = self._conn.execute(
            "SELECT min(id) FROM captures WHERE url = ? AND body_sha256 = ?", (url, sha256)
        ).fetchone()
        return None if row[0] is None or self._is_lost(sha256) else int(row[0])

    def _is_lost(self, sha256: str) -> bool:
        """Return whether the bytes that an article was read from are damaged, or were dropped as damaged."""
        dropped = self._conn.execute(
            "SELECT 1 FROM bodies b JOIN captures c ON c.body_sha256 = b.sha256"
            " JOIN articles a ON a.capture_id = c.id WHERE b.sha256 = ? AND b.codec = 'hash'"
            " AND a.state <> 'redacted'",
            (sha256,),
        ).fetchone()
        return dropped is not None or self._is_damaged(sha256)

    def read(self, capture_id: int) -> Capture:
        """Return one capture, byte for byte.

        Raises:
            ArchiveError: there is no such capture, or its bytes are not kept.
        """
        row = self._conn.execute("SELECT * FROM captures WHERE id = ?", (capture_id,)).fetchone()
        if row is None:
            raise ArchiveError(f"capture {capture_id} is not in the archive")
        return Capture(
            url=row["url"],
            fetched_at=row["fetched_at"],
            status=row["status"],
            headers=self.headers(row),
            content=self.body(row["body_sha256"]),
            kind=row["kind"],
            layout=row["layout"],
            method=row["method"],
            form=row["form"],
        )

    @staticmethod
    def headers(row: sqlite3.Row) -> tuple[tuple[str, str], ...]:
        """Read the headers of one row of captures; raises ArchiveError when they are damaged."""
        try:
            return tuple((name, value) for name, value in json.loads(row["headers"]))
        except (ValueError, TypeError) as error:
            raise ArchiveError(f"the headers of capture {row['id']} are damaged: {error}") from error

    def body(self, sha256: str) -> bytes:
        """Return the exact bytes of one body.

        Raises:
            Damaged: they are missing or do not have their hash.
            ArchiveError: they are not kept.
        """
        row = self._conn.execute(
            "SELECT size, codec, dictionary_id, content FROM bodies WHERE sha256 = ?", (sha256,)
        ).fetchone()
        if row is None or row["codec"] in NOT_KEPT:
            raise ArchiveError(f"body {sha256} is not kept")
        if row["codec"] == "file":
            return load_file(self._folder, sha256)
        try:
            unpacker = (
                self._dictionary(row["dictionary_id"]).decompressor
                if row["dictionary_id"]
                else zstandard.ZstdDecompressor()
            )
            content = unpacker.decompress(row["content"] or b"", max_output_size=row["size"])
        except zstandard.ZstdError as error:
            raise Damaged(f"body {sha256} is damaged: {error}") from error
        if len(content) != row["size"] or hashlib.sha256(content).hexdigest() != sha256:
            raise Damaged(f"body {sha256} does not have that hash")
        return content

    def replace_dictionaries(self, bodies: Collection[str]) -> None:
        """Replace dictionaries made of these pages: what was packed with one is packed with another."""
        for sha256 in bodies:
            old = self._conn.execute(
                "SELECT id, layout, trained_at FROM dictionaries WHERE sha256 = ?", (sha256,)
            ).fetchone()
            if old is None:
                continue
            users = self._conn.execute(
                "SELECT sha256 FROM bodies WHERE dictionary_id = ? ORDER BY size DESC", (old["id"],)
            ).fetchall()
            sample = next((user for (user,) in users if user not in bodies), None)
            new = (
                self.make_dictionary(old["layout"], self.body(sample), sample, old["trained_at"])
                if sample
                else None
            )
            packer = self._dictionary(new).compressor if new else self._plain
            for (user,) in users:
                self._conn.execute(
                    "UPDATE bodies SET content = ?, dictionary_id = ? WHERE sha256 = ?",
                    (packer.compress(self.body(user)), new, user),
                )
            self._conn.execute("DELETE FROM dictionaries WHERE id = ?", (old["id"],))

    def _write_body(self, capture: Capture, sha256: str) -> None:
        if capture.kind in FILE_KINDS:
            if self._keep_files:
                store_file(self._folder, capture.content)
            codec = "file" if self._keep_files else "hash"
            self._insert_body(sha256, len(capture.content), codec, None, None)
            return
        layout = capture.layout or f"{urlsplit(capture.url).hostname} {capture.kind}"
        dictionary = self._newest_of(layout)
        packer = dictionary.compressor if dictionary else self._plain
        packed = packer.compress(capture.content)
        self._insert_body(sha256, len(capture.content), "zstd", dictionary.id if dictionary else None, packed)
        aged = dictionary is None or self._has_aged(dictionary, len(packed))
        if aged and len(capture.content) >= SMALLEST:
            self.make_dictionary(layout, capture.content, sha256, capture.fetched_at)

    def _insert_body(
        self, sha256: str, size: int, codec: str, dictionary_id: int | None, content: bytes | None
    ) -> None:
        self._conn.execute(
            "INSERT INTO bodies (sha256, size, codec, dictionary_id, content) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (sha256) DO UPDATE SET size = excluded.size, codec = excluded.codec,"
            " content = excluded.content, dictionary_id = excluded.dictionary_id",
            (sha256, size, codec, dictionary_id, content),
        )

    def _newest_of(self, layout: str) -> Dictionary | None:
        newest = self._conn.execute(
            "SELECT max(id) FROM dictionaries WHERE layout = ?", (layout,)
        ).fetchone()[0]
        try:
            return self._dictionary(newest) if newest else None
        except Damaged:
            return None  # a page that comes now becomes the dictionary of its layout

    def is_sound(self, dictionary_id: int) -> bool:
        """Return whether a dictionary has the hash of the page that it was made of."""
        try:
            self._dictionary(dictionary_id)
        except Damaged:
            return False
        return True

    def _dictionary(self, row_id: int) -> Dictionary:
        row = self._conn.execute("SELECT sha256 FROM dictionaries WHERE id = ?", (row_id,)).fetchone()
        if row is None:
            raise Damaged(f"dictionary {row_id} is not in the archive")
        made_of = str(row["sha256"])
        if made_of not in self._dictionaries:
            content, packed_size = self._conn.execute(
                "SELECT content, packed_size FROM dictionaries WHERE id = ?", (row_id,)
            ).fetchone()
            recent = self._conn.execute(
                "SELECT length(content) FROM bodies WHERE dictionary_id = ? ORDER BY rowid DESC LIMIT ?",
                (row_id, WINDOW),
            )
            page = self._page_of_dictionary(row_id, content, made_of)
            self._dictionaries[made_of] = Dictionary(row_id, page, packed_size, (size for (size,) in recent))
        return self._dictionaries[made_of]

    @staticmethod
    def _page_of_dictionary(row_id: int, packed: bytes, sha256: str) -> bytes:
        try:
            page = zstandard.ZstdDecompressor().decompress(packed)
        except zstandard.ZstdError as error:
            raise Damaged(f"dictionary {row_id} is damaged: {error}") from error
        if hashlib.sha256(page).hexdigest() != sha256:
            raise Damaged(f"dictionary {row_id} does not have the hash of its page")
        return page

    def _has_aged(self, dictionary: Dictionary, packed_size: int) -> bool:
        """Return whether packed pages have grown: the median size against that of the first full window."""
        dictionary.recent.append(packed_size)
        if len(dictionary.recent) < WINDOW:
            return False
        median = sorted(dictionary.recent)[WINDOW // 2]  # one long page says nothing of the layout
        if dictionary.packed_size:
            return median > AGED * dictionary.packed_size
        dictionary.packed_size = median
        self._conn.execute("UPDATE dictionaries SET packed_size = ? WHERE id = ?", (median, dictionary.id))
        return False

    def make_dictionary(self, layout: str, content: bytes, sha256: str, now: str) -> int:
        """Make a page the newest dictionary of its layout, unless it is one already."""
        self._conn.execute(
            "INSERT INTO dictionaries (layout, trained_at, packed_size, sha256, content)"
            " VALUES (?, ?, 0, ?, ?) ON CONFLICT (sha256) DO UPDATE SET content = excluded.content",
            (layout, now, sha256, self._plain.compress(content)),
        )
        row = self._conn.execute("SELECT id FROM dictionaries WHERE sha256 = ?", (sha256,)).fetchone()
        return int(row["id"])


def shows(content: bytes, native_id: str) -> bool:
    """Return whether the bytes of a list name an article, by the site's own id."""
    return re.search(rb"(?<!\d)" + re.escape(native_id.encode()) + rb"(?!\d)", content) is not None
