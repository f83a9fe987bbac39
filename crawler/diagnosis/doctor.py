"""A first contact with both sites: some twenty polite requests, nothing stored in an archive.

Of each site robots.txt; of korea.kr one list and one article a section and one file; of newsdao.kr the
sitemap and two articles. All through the crawl's own downloader.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from archive.errors import BriefingError, UnknownLayout, Unreachable
from archive.records import KOREA, NEWSDAO
from crawler.diagnosis.findings import Finding, article_finding, gate_of, list_finding
from crawler.extraction.observing import mistaken_file
from crawler.http.failures import FetchError
from crawler.http.fetching import run_talks
from crawler.http.responses import refusal_of
from crawler.items import DayList
from crawler.pages.korea.articles import absence
from crawler.providers import as_page
from crawler.settings import FILE_BYTES, FILE_SECONDS
from crawler.sites.sections import SECTIONS
from crawler.sites.sitemaps import read_sitemap
from crawler.sites.urls import KOREA_ROOT, NEWSDAO_ROOT, canonical_url, identify
from crawler.spiders.newsdao import SITEMAP
from pipelines.attachments.worker import Reader

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from scrapy.http import Response

    from archive.records import Attachment
    from crawler.http.fetching import TalkSpider
    from crawler.sites.sections import Section

WINDOW = 30  # days of a list; the rarest section publishes some six articles in them
WINDOW_OF_MIRROR = 3650  # a mirror is of an earlier day, and what it has may be older
ARTICLES = 2  # of newsdao.kr
ASK_TO_WAIT = frozenset({429, 503})  # statuses after which a site is asked for nothing more
CLOCK = 300.0  # seconds by which our clock may differ from a site's


class Examination:
    """Request sample pages of both sites, keep them in a folder, and report what they show.

    Args:
        folder: where the responses are kept, for a bug report.
        today: the last day of the lists requested.
    """

    def __init__(self, folder: Path, today: date) -> None:
        self.folder = folder
        self.today = today
        self.kept = 0
        self._window = timedelta(WINDOW)
        self._busy: dict[str, str] = {}
        self.findings: dict[str, list[Finding]] = {KOREA: [], NEWSDAO: []}

    def run(self, *, mirror: str | None = None, delay: float | None = None) -> None:
        """Examine both sites at the same time."""
        if mirror:
            self._window = timedelta(WINDOW_OF_MIRROR)
        self.folder.mkdir(parents=True, exist_ok=True)
        run_talks({KOREA: self.ask_korea, NEWSDAO: self.ask_newsdao}, mirror=mirror, delay=delay)

    async def ask_korea(self, spider: TalkSpider) -> None:
        """Examine korea.kr."""
        file: Attachment | None = None
        for section in SECTIONS:
            if section.site == KOREA:
                files = await self._section(section, spider)
                file = file or next(iter(files), None)
        if file:
            await self._file(file, spider)
        self._robots(KOREA, KOREA_ROOT, spider)

    async def ask_newsdao(self, spider: TalkSpider) -> None:
        """Examine newsdao.kr."""
        for native_id in await self._sitemap(spider):
            url = canonical_url(NEWSDAO, "article", native_id)
            await self._article(NEWSDAO, f"article {native_id}", url, spider)
        self._robots(NEWSDAO, NEWSDAO_ROOT, spider)

    def _robots(self, site: str, root: str, spider: TalkSpider) -> None:
        """Show what robots.txt says, as the downloader got it, and the site's certificate and clock."""
        found = Finding("robots.txt", f"{root}/robots.txt")
        self.findings[site].insert(0, found)
        response = spider.robots
        if response is None:
            found.trouble = self.findings[site][1].trouble
            return
        self._keep(found, response, spider, "txt")
        if response.status == 200:
            text = response.body.decode("utf-8-sig", "replace")
            delay = re.search(r"(?im)^\s*crawl-delay\s*:\s*(\S+)", text)
            found.says = {"lines": text.count("\n"), "Crawl-delay": delay[1] if delay else None}
        certificate = response.certificate
        found.says["certificate"] = _issuer(certificate) if certificate else "none (http)"
        if (lag := _lag(response)) is not None and abs(lag) > CLOCK:
            found.differs.append(f"the clock of this machine differs from the site's by {lag:.0f} seconds")

    async def _section(self, section: Section, spider: TalkSpider) -> tuple[Attachment, ...]:
        """Examine the list of a section and its newest article; return the article's files."""
        start, end = (self.today - self._window).isoformat(), self.today.isoformat()
        form = DayList(section, end).form(1) | {"startDate": start}
        url = f"{KOREA_ROOT}{section.list_path}?{urlencode(form)}"
        found = Finding(f"list of {section.name}", url, by_default=section.by_default)
        self.findings[KOREA].append(found)
        response = await self._get(found, spider)
        if response is None or not _is_page(found, response):
            return ()
        seen, shown = list_finding(found.what, as_page(response), start, end)
        seen.saved, seen.by_default = found.saved, found.by_default
        _note_gate(seen, response)
        self.findings[KOREA][-1] = seen
        if shown is None or not shown.items:
            return ()
        url = canonical_url(KOREA, section.name, shown.items[0].native_id)
        what = f"article of {section.name}"
        return await self._article(KOREA, what, url, spider, by_default=section.by_default)

    async def _article(
        self, site: str, what: str, url: str, spider: TalkSpider, *, by_default: bool = True
    ) -> tuple[Attachment, ...]:
        found = Finding(what, url, by_default=by_default)
        self.findings[site].append(found)
        response = await self._get(found, spider)
        if response is None or not _is_page(found, response):
            return ()
        if gone := absence(response.status, response.url, response.body):
            found.trouble = f"listed, but its page says: {gone}"
            return ()
        seen, raw = article_finding(what, as_page(response))
        seen.saved, seen.by_default = found.saved, by_default
        _note_gate(seen, response)
        self.findings[site][-1] = seen
        return raw.attachments if raw else ()

    async def _file(self, file: Attachment, spider: TalkSpider) -> None:
        found = Finding(f"file {file.name}", file.url)
        self.findings[KOREA].append(found)
        response = await self._get(found, spider, seconds=FILE_SECONDS, size=FILE_BYTES, name=file.name)
        if response is None:
            return
        with Reader() as reader:
            document = reader.read(response.body, file.name)
        found.recognised = document.state == "text" and not mistaken_file(file, response.body, document)
        found.says = {"format": document.format, "bytes": len(response.body), "state": document.state}
        if not found.recognised:
            found.differs.append(f"the file gives no text: {document.detail or document.state}")

    async def _sitemap(self, spider: TalkSpider) -> list[str]:
        """Examine the sitemap, or the last one of an index; return the newest ids."""
        url, ids = SITEMAP, list[str]()
        for _ in range(2):
            found = Finding("sitemap", url, page_object="Sitemap")
            self.findings[NEWSDAO].append(found)
            response = await self._get(found, spider)
            if response is None or not _is_page(found, response):
                break
            try:
                sitemap = read_sitemap(response.body)
            except BriefingError as error:
                found.recognised = False
                found.differs.append(str(error))
                _note_gate(found, response)
                break
            ids = [known.native_id for entry in sitemap.entries if (known := identify(entry.url))]
            found.recognised = bool(sitemap.is_index or ids)
            found.layout = "sitemapindex" if sitemap.is_index else "urlset"
            found.says = {"total": len(sitemap.entries), "articles": len(ids)}
            if not sitemap.is_whole:
                found.differs.append("the sitemap ends before its end tag")
            if not found.recognised:
                found.differs.append("no URL in it is one of an article as known (newsdao.kr/NUMBER)")
            if not sitemap.is_index or not sitemap.entries:
                break
            url = sitemap.entries[-1].url
        return sorted(set(ids), key=int, reverse=True)[:ARTICLES]

    async def _get(
        self, found: Finding, spider: TalkSpider, name: str = "", **options: Any
    ) -> Response | None:
        """Fetch once what a finding is about, and keep it; None, the reason noted, where there is nothing.

        A site that asks to wait is asked for nothing more.
        """
        site = spider.allowed_domains[0]
        if site in self._busy:
            found.trouble = f"not asked for, as {self._busy[site]}"
            return None
        try:
            response = await spider.get(found.url, retries=0, **options)
        except FetchError as error:
            found.trouble = error.detail
            return None
        suffix = name.rpartition(".")[2] if "." in name else "xml" if found.what == "sitemap" else "html"
        self._keep(found, response, spider, suffix)
        if response.status in ASK_TO_WAIT:
            self._busy[site] = f"the site answered {response.status}"
        return response

    def _keep(self, found: Finding, response: Response, spider: TalkSpider, suffix: str) -> None:
        """Write a response to the folder, under a name that says what it is."""
        self.kept += 1
        stem = re.sub(r"[^\w-]+", "-", found.what.partition(".")[0])[:40].strip("-")
        suffix = suffix if suffix.isascii() and suffix.isalnum() and len(suffix) <= 5 else "bin"
        path = self.folder / f"{spider.allowed_domains[0]}-{self.kept:02}-{stem}.{suffix}"
        path.write_bytes(response.body)
        found.saved = str(path)

    def verdict(self) -> tuple[int, str]:
        """Return the exit code and its sentence."""
        every = [found for findings in self.findings.values() for found in findings]
        asked = [found for found in every if found.by_default]
        if troubled := [found for found in asked if found.trouble]:
            return Unreachable.exit_code, _sentence(troubled, "cannot be had", troubled[0].trouble)
        if unknown := [found for found in asked if found.recognised is False]:
            reason = unknown[0].differs[0] if unknown[0].differs else "its layout is unknown"
            return UnknownLayout.exit_code, _sentence(unknown, "is not recognised", reason)
        if differing := [found for found in asked if found.differs]:
            return 1, _sentence(differing, "is recognised and differs", differing[0].differs[0])
        others = [found.what for found in every if found.trouble or found.recognised is False]
        more = f"; not crawled by default and not recognised: {', '.join(others)}" if others else ""
        return 0, f"both sites are recognised{more}"


def _sentence(found: list[Finding], what: str, reason: str | None) -> str:
    more = f"; {len(found) - 1} more" if len(found) > 1 else ""
    return f"{found[0].what} ({urlsplit(found[0].url).hostname}) {what}: {reason}{more}"


def _is_page(found: Finding, response: Response) -> bool:
    """Return whether a response is a page; note why not."""
    refusal = refusal_of(response)
    if refusal:
        found.trouble = refusal.detail
    return refusal is None


def _note_gate(found: Finding, response: Response) -> None:
    """Note that a page that is not recognised asks for a login or a captcha."""
    if found.recognised is False and (gate := gate_of(response.body)):
        found.trouble = f"{gate} came in its place"


def _lag(response: Response) -> float | None:
    """Return the seconds by which this machine's clock is ahead of the server's; None if not known."""
    try:
        theirs = parsedate_to_datetime((response.headers.get("Date") or b"").decode("latin-1"))
    except ValueError:
        return None
    return (datetime.now(UTC) - theirs).total_seconds() if theirs.tzinfo else None


def _issuer(certificate: Any) -> str:
    issuer = certificate.getIssuer()
    names = [getattr(issuer, name, b"") for name in ("organizationName", "commonName")]
    return "verified, of " + " ".join(name.decode("utf-8", "replace") for name in names if name)
