"""Import a WARC file: record its captures and replay the visits, each with its own time.

An article's page is followed by the files fetched in the same visit; the list that showed it comes before. So
importing a WARC export of an archive restores its articles, versions, lists, failures and tombstones, and any
other crawl of the two sites can be imported from its pages alone. Changes of known articles are judged as in
a crawl. A damaged or unreadable record is reported and skipped; the rest is imported.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import IO, TYPE_CHECKING, NamedTuple

from archive.articles.compare import fingerprint, text_hashes
from archive.articles.lifecycle import find, note_edit
from archive.captures.lookup import find_same
from archive.changes.rounds import Round, came_with
from archive.changes.settlement import settle
from archive.errors import BriefingError, InputError, MachineError, SandboxError, UnknownLayout
from archive.export.sidecar import Rows, write_rows
from archive.export.warc import BESIDE
from archive.export.warc_reading import State, read
from archive.export.warc_records import Damaged
from archive.records import KOREA, NEWSDAO, Capture, Failure
from archive.store import Store
from crawler.extraction.from_captures import Reextractor, is_post, post_name
from crawler.extraction.from_file import extract
from crawler.extraction.from_statements import apply
from crawler.extraction.observing import (
    file_read,
    missing_file,
    mistaken_file,
    page_of_capture,
    unfinished,
)
from crawler.extraction.warc_visit import Visit
from crawler.pages import list_page_of
from crawler.pages.korea.articles import absence
from crawler.pages.korea.open_api import read_answer
from crawler.revisit_policy import is_listed_otherwise
from crawler.sites.urls import Identity, identify, is_open_api, section_of_list
from pipelines.bounded import build_article
from pipelines.dates import read_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from archive.database import Archive
    from archive.records import Article, Attachment, ListItem
    from pipelines.attachments import Document
    from pipelines.observation import ReadFile

logger = logging.getLogger(__name__)

SHOWN = 200  # the status of a page that shows an article
OWN = frozenset({"inline", "api"})  # body sources that need no file beside the page


class Imported(NamedTuple):
    """The outcome of importing one article or record.

    Attributes:
        outcome: new, unchanged, edited, upgraded, restored, gone, superseded; listed for a list, a statement,
            or a page that shows no article; failed for what was left out, pending for a change to be judged
            at the end of the round, held for changes that are held back as implausible.
        note: what was repaired, or what was left out and why, in one line.
        articles: number of articles concerned.
    """

    outcome: str
    note: str | None = None
    articles: int = 1


class WarcImport:
    """Replays WARC files into an archive that this process has locked.

    Args:
        archive: opened for writing.
        read_file: reads the bytes of an attachment by its name, within bounds.
        run_id: the run that is recorded with everything written.
        together: the round of the visits, which the caller judges at its end; without one, changes become
            versions at once.
    """

    def __init__(
        self,
        archive: Archive,
        read_file: Callable[[bytes, str], Document],
        run_id: int | None = None,
        together: Round | None = None,
    ) -> None:
        self._time = ""
        self._judges = together is not None
        self._store = Store(
            archive, now=lambda: self._time, run_id=run_id, holds=self._judges, together=together
        )
        self._reread = Reextractor(archive, read_file)
        self._read_file = read_file
        self._conn = archive.conn
        self._listed: dict[Identity, tuple[ListItem, int]] = {}
        self._visit: Visit | None = None
        self._offset = 0
        self._passes_over = False

    def run(self, stream: IO[bytes]) -> Iterator[Imported]:
        """Import one file and yield the outcome of each visit; raises InputError if it is no WARC file.

        Captures that the archive has already are skipped, so importing the same file again changes nothing.
        """
        for offset, item in read(stream):
            if isinstance(item, Damaged):
                if self._visit:
                    self._visit.is_damaged = True
                yield _left_out(item.url, offset, item.detail)
                continue
            if not isinstance(item, Capture) or not self._is_beside(item):
                yield from self._finish()
            self._offset = offset
            try:
                with self._store.archive.savepoint("the record"):
                    imported = list(self._import_item(item))
            except InputError as error:
                imported = [_left_out(getattr(item, "url", None), offset, str(error))]
            yield from imported
        yield from self._finish()

    def _import_item(self, item: Capture | State | Rows) -> Iterator[Imported]:
        if isinstance(item, State):
            if apply(self._store.archive, item):
                yield Imported(item.kind)
        elif isinstance(item, Rows):
            write_rows(self._conn, item)
            yield Imported("listed")
        else:
            yield from self._import_capture(item)

    def _import_capture(self, capture: Capture) -> Iterator[Imported]:
        identity, is_stated = identify(capture.about or capture.url), capture.kind != "import"
        if capture.kind == "import" and not is_post(capture):
            capture = replace(capture, kind=_kind_of(capture.url, identity))
        if not self._is_beside(capture):
            self._passes_over = identity is not None and self._store.is_redacted(*identity)
        if self._passes_over:  # the article is redacted in this archive
            return
        self._time = capture.fetched_at
        capture_id = find_same(self._conn, capture)
        is_new = capture_id is None
        if capture_id is None:
            capture_id = self._store.record_capture(capture)
        if capture.kind == "list":
            self._note_list(capture, capture_id)
            yield Imported("listed")
        elif self._visit and self._is_beside(capture):
            role = capture.kind if capture.kind in BESIDE else "attachment"
            self._visit.beside.append((role, capture_id, capture))
        elif capture.kind == "api" and capture.status == SHOWN:
            yield from self._answer(capture, capture_id, identity, is_new=is_new)
        elif is_post(capture):
            yield self._post(capture, capture_id) if is_new else Imported("unchanged")
        elif identity and capture.kind == "detail" and capture.status == SHOWN:
            if is_new:
                self._visit = Visit(identity, capture_id, capture, offset=self._offset, is_stated=is_stated)
            else:
                self._note_known(identity)
                yield Imported("unchanged")

    def _note_known(self, identity: Identity) -> None:
        """Record in the round that a known article was visited."""
        if row := find(self._conn, *identity):
            self._store.round.visited.add(row["id"])

    def _is_beside(self, capture: Capture) -> bool:
        """Return whether a capture belongs to the page before it: a file, a viewer page, or an error instead.

        A response that is not the requested file is exported as a page with the URL of the file.
        """
        if capture.kind in BESIDE or self._visit is None or capture.kind != "detail":
            return capture.kind in BESIDE
        try:
            files = self._visit.read().attachments
        except BriefingError:  # reported when the visit is finished
            return False
        return any(file.url == capture.url for file in files)

    def _note_list(self, capture: Capture, capture_id: int) -> None:
        """Keep the list item of each article until it is visited."""
        try:
            page = list_page_of(page_of_capture(capture)).listing()
        except BriefingError:
            return
        for item in page.items:
            identity = Identity(page.site, page.section, item.native_id)
            self._listed[identity] = (item, capture_id)
            day = (read_date([item.published])[0] or "")[:10] if item.published else ""
            shown = {"title": item.title, "organization": item.organization or "", "day": day}
            self._store.round.listed[identity] = {name: value for name, value in shown.items() if value}

    def _post(self, capture: Capture, capture_id: int) -> Imported:
        try:
            article = extract(post_name(capture), capture.content)
            return Imported(self._store.record_article(article, capture_id).outcome)
        except MachineError:
            raise
        except BriefingError as error:
            return _left_out(capture.url, self._offset, str(error))

    def _answer(
        self, capture: Capture, capture_id: int, about: Identity | None, *, is_new: bool
    ) -> Iterator[Imported]:
        """Import the article an Open API response was requested for; without one, all unknown articles."""
        if not is_new:
            yield Imported("unchanged")
            return
        try:
            items = read_answer(capture.content).items
        except BriefingError as error:
            yield _left_out(capture.url, self._offset, str(error))
            return
        for item in items:
            raw = item.article
            identity = Identity(raw.site, raw.section, raw.native_id)
            note_edit(self._conn, raw)
            if identity == about or (capture.about is None and find(self._conn, *identity) is None):
                yield from self._finish()
                self._visit = Visit(identity, capture_id, capture, offset=self._offset, raw=raw)

    def _finish(self) -> Iterator[Imported]:
        """Store the current visit; if it shows an article in a second state, end the round first."""
        visit, self._visit = self._visit, None
        if visit is None:
            return
        self._time = visit.capture.fetched_at
        try:
            with self._store.archive.savepoint("the record"):
                article, captures = self._built(visit)
            if article is None:
                yield Imported("listed")
                return
            state = fingerprint(article, text_hashes(article))
            if self._judges and self._store.round.shows_another(visit.identity, state):
                yield from self._judge()
                self._store.round.shows_another(visit.identity, state)
            with self._store.archive.savepoint("the record"):
                outcome = self._stored(visit, article, captures)
            yield Imported(outcome)
        except (InputError, SandboxError) as error:
            yield self._failed(visit, error)

    def _built(self, visit: Visit) -> tuple[Article | None, list[tuple[str, int]]]:
        """Return the article of a visit and the captures it was read from.

        None for a page that says that there is no article, and for one that the exporting archive kept
        without an article.
        """
        raw, page = visit.read(), visit.capture
        if raw.layout.startswith("generic"):
            if visit.is_stated or absence(page.status, page.url, page.content):
                return None, []
            raise UnknownLayout("the page is in no known layout")
        listed, list_id = self._listed.get(visit.identity, (None, None))
        article = build_article(visit.observe(listed, lambda file: self._file(visit, file)))
        if visit.is_damaged and article.body_source not in OWN:
            raise InputError("its text is in a file whose record may be among those left out")
        captures = [(role, row) for role, row, _ in visit.beside]
        return article, captures + ([("list", list_id)] if list_id else [])

    def _stored(self, visit: Visit, article: Article, captures: list[tuple[str, int]]) -> str:
        """Store the article of a visit unless the archive has a newer state of it."""
        listed, _ = self._listed.pop(visit.identity, (None, None))
        known = find(self._conn, *visit.identity)
        if known and known["changed_at"] > self._time:
            return "unchanged"
        saved = self._store.record_article(
            article,
            visit.capture_id,
            urls=() if visit.capture.kind == "api" else (visit.capture.url,),
            captures=captures,
            baseline=self._reread,
            hinted=self._is_hinted(visit.identity, listed),
            is_judged=visit.is_stated and came_with(self._conn, visit.identity, self._store.run_id),
        )
        return saved.outcome

    def _judge(self) -> Iterator[Imported]:
        """End a round: judge its changes."""
        for site in (KOREA, NEWSDAO):
            settled = settle(self._store, site, self._time, baseline=self._reread)
            yield from (Imported(outcome, None, count) for outcome, count in settled.outcomes.items())
            if settled.detail:
                yield Imported("held", settled.detail, settled.held)
        self._store.round.begin(self._conn)

    def _is_hinted(self, identity: Identity, listed: ListItem | None) -> bool:
        """Return whether the list already showed that a known article has changed."""
        held = self._store.held(*identity) if listed else None
        return held is not None and listed is not None and is_listed_otherwise(held, listed, held.title)

    def _failed(self, visit: Visit, error: BriefingError) -> Imported:
        """Record the failure of a visit and return its outcome."""
        url = visit.capture.url
        self._fail(visit.identity, url, "layout", str(error)[:500])
        return _left_out(url, visit.offset, str(error))

    def _file(self, visit: Visit, attachment: Attachment) -> ReadFile:
        """Read a file from the WARC's bytes, else from those in the archive."""
        capture = visit.file_at(attachment.url)
        if capture is None:
            row = find(self._conn, *visit.identity)
            return self._reread.file(row["id"], attachment) if row else (attachment, ())
        if missing := missing_file(attachment, capture):
            return missing, ()
        document = self._read_file(capture.content, attachment.name)
        if mistaken := mistaken_file(attachment, capture.content, document):
            return mistaken, ()
        if reason := unfinished(document):
            self._fail(visit.identity, attachment.url, "document", reason)
            logger.warning("%s: %s", attachment.url, reason)
        return file_read(replace(attachment, content=capture.content), capture.content, document)

    def _fail(self, identity: Identity, url: str, kind: str, detail: str) -> None:
        """Record a failure, so that the next visit tries again."""
        site, section, native_id = identity
        self._store.record_failure(Failure(site, url, kind, detail, self._time, section, native_id))


def _left_out(url: str | None, offset: int, reason: str) -> Imported:
    """Return the outcome of a record that is left out, which names the record, its offset, and the reason."""
    where = f"{url} (byte {offset:,})" if url else f"the record at byte {offset:,}"
    return Imported("failed", f"left out {where}: {reason}")


def _kind_of(url: str, identity: Identity | None) -> str:
    """Return the kind of a capture of a foreign WARC file, by its URL."""
    if identity:
        return "detail"
    if is_open_api(url):
        return "api"
    return "list" if section_of_list(url) else "import"
