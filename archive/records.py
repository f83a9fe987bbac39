"""The records that the packages pass on: one typed class a kind, each field described once.

Times are ISO 8601 with offset (``2026-10-06T07:06:02+09:00``); dates printed by a site are kept raw
beside them. Tuples, not lists: a record never changes after it was made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

KOREA = "korea.kr"
NEWSDAO = "newsdao.kr"

BodySource = Literal["inline", "attachment", "viewer", "lead", "api", "none"]
Precision = Literal["minute", "day"]


@dataclass(frozen=True, slots=True)
class Contact:
    """One unit or person that a text names for enquiries.

    Attributes:
        organization: ministry, agency or company as printed, or inherited within the text; else None.
        department: the rest of the unit path as written.
        role: 책임자, 담당자 or 문의, as printed for the person.
        person: name without rank, inner spaces removed.
        rank: as printed, inner spaces removed (과장, 사무관).
        phones: digits with hyphens, short numbers as they are; extensions expanded.
        faxes: fax numbers in the same form.
        emails: addresses as printed, lower-cased host.
        extensions: numbers with the extension to dial after them, as printed (``305``).
        mark: 총괄, 공동 or 협조 of the row.
        evidence: the snippet of text that says so.
        position: character offset of the evidence in the text it was found in.
        attachment: file id of the attachment that holds it; None for the article's own body.
        owner_by: how it is known whose the numbers are: printed (the name is beside them), grid (in a
            table or block), clause (elsewhere in the sentence), scope (heading, list, lines around), none.
        score: how sure that is, from 0 to 1; with none, how sure that nobody is named.
        organization_key: key of the ministry or agency that it belongs to, at the article's date.
        organization_by: how that is known: printed when the text itself names it, published when it is only
            that of the publishing ministry; None when it is not known.
    """

    organization: str | None = None
    department: str | None = None
    role: str | None = None
    person: str | None = None
    rank: str | None = None
    phones: tuple[str, ...] = ()
    faxes: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    extensions: tuple[tuple[str, str], ...] = ()
    mark: str | None = None
    evidence: str = ""
    position: int = 0
    attachment: str | None = None
    owner_by: str | None = None
    score: float | None = None
    organization_key: str | None = None
    organization_by: Literal["printed", "published"] | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where an article says it comes from.

    Attributes:
        source_title: text of the 출처 link.
        source_url: its URL.
        original_title: headline printed in a provenance line of the body.
        origin_name: 정책브리핑, when named as the origin.
        origin_url: its normalised URL.
        writer: as written after 기사작성.
        licence: the licence statement printed in the body, as written.
    """

    source_title: str | None = None
    source_url: str | None = None
    original_title: str | None = None
    origin_name: str | None = None
    origin_url: str | None = None
    writer: str | None = None
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file that an article links.

    Attributes:
        file_id: the site's id of the file.
        name: from the link text.
        url: absolute download URL.
        format: hwpx, hwp, hml, pdf, jpg, png, zip, xlsx … by magic bytes once fetched, before that by name.
        state: listed, stored, text, encrypted, corrupt, unsupported, too_big, missing, failed.
        detail: why there is no text, or what of it was lost, in one line.
        size: bytes.
        sha256: of the bytes.
        text: the text it holds; None where none could be read.
        twin_of: file id of the attachment that holds the same document in a better format.
        content: the bytes, while on their way to the archive; never part of a row.
    """

    file_id: str
    name: str
    url: str
    format: str | None = None
    state: str = "listed"
    detail: str | None = None
    size: int | None = None
    sha256: str | None = None
    text: str | None = None
    twin_of: str | None = None
    content: bytes | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Image:
    """One picture that a body shows."""

    url: str
    alt: str | None = None
    caption: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """One URL that a body points to."""

    url: str
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """Three faithful forms of one body: sanitised HTML, Markdown, plain text."""

    html: str = ""
    markdown: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class RawArticle:
    """What a page says, before anything is understood; made by page objects.

    Attributes:
        site: korea.kr or newsdao.kr.
        section: press, policy, actually, briefing, statecouncil, speech, visual, reporter; on newsdao.kr
            article.
        native_id: the site's id.
        canonical_url: https URL with the id only.
        title: as printed.
        subtitle: as printed, white space folded.
        published: every date the page gives, the most precise first, as printed.
        organization: ministry or speaker as printed.
        organization_code: the site's code of it (repCode).
        writer: as printed.
        presenter: who gave the briefing.
        body_html: the article's own container, as served; empty for a viewer shell.
        viewer_url: URL of the document viewer that shows the body.
        attachments: files linked, each once.
        kogl_type: 0 to 4 of the licence mark.
        kogl_text: its sentence.
        source_title: text of a 출처 link outside the body (posts).
        source_url: its URL.
        modified_at: when the site last edited it, ISO 8601 in KST; only the Open API tells.
        embargo_at: until when it was not to be published, likewise.
        revision: the site's number of the revision, likewise.
        post: what a Jekyll post says beside its text, as JSON: name, front matter, first and last lines.
        layout: which layout was recognised, e.g. ``korea_kr/detail-2026``.
        parser: page object class and version, e.g. ``PressReleasePage/1``.
    """

    site: str
    section: str
    native_id: str
    canonical_url: str
    title: str
    parser: str
    layout: str
    subtitle: str | None = None
    published: tuple[str, ...] = ()
    organization: str | None = None
    organization_code: str | None = None
    writer: str | None = None
    presenter: str | None = None
    body_html: str = ""
    viewer_url: str | None = None
    attachments: tuple[Attachment, ...] = ()
    kogl_type: int | None = None
    kogl_text: str | None = None
    source_title: str | None = None
    source_url: str | None = None
    modified_at: str | None = None
    embargo_at: str | None = None
    revision: int | None = None
    post: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """What an article means: the row that the archive keeps.

    Attributes (those not in :class:`RawArticle`):
        published_at: ISO 8601 with offset, KST; the bare date where only the day is known; None when no date
            was printed.
        published_precision: minute, or day where only a date (or exact midnight) is known.
        published_raw: the printed form it was read from.
        organization_key: key of the resolved ministry or agency at that date.
        body: three forms of the body.
        body_source: where the body was taken from.
        body_texts: plain text by source, for every source read at this visit; the fingerprint compares
            like with like.
        parser: page object and version, plus the pipelines' version.
    """

    site: str
    section: str
    native_id: str
    canonical_url: str
    title: str
    parser: str
    layout: str
    subtitle: str | None = None
    published_at: str | None = None
    published_precision: Precision = "day"
    published_raw: str | None = None
    organization: str | None = None
    organization_code: str | None = None
    organization_key: str | None = None
    writer: str | None = None
    presenter: str | None = None
    body: Body = Body()
    body_source: BodySource = "none"
    body_texts: tuple[tuple[str, str], ...] = ()
    kogl_type: int | None = None
    kogl_text: str | None = None
    contacts: tuple[Contact, ...] = ()
    source: Source = Source()
    attachments: tuple[Attachment, ...] = ()
    images: tuple[Image, ...] = ()
    links: tuple[Link, ...] = ()
    modified_at: str | None = None
    embargo_at: str | None = None
    revision: int | None = None
    post: str | None = None


@dataclass(frozen=True, slots=True)
class Capture:
    """One fetch: the exact bytes and what came with them.

    Attributes:
        url: the real URL, never a mirror's.
        fetched_at: ISO 8601 with offset.
        status: HTTP status.
        headers: name and value pairs as received.
        content: the entity body as decoded from transfer and content encodings (bytes).
        kind: list, detail, attachment, viewer, sitemap, api.
        layout: the layout recognised, or None.
        method: GET or POST.
        form: the POST body.
        about: canonical URL of the one article that a response showing many was read for, while on its way
            from one archive to another; never part of a row.
    """

    url: str
    fetched_at: str
    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes = field(repr=False)
    kind: str
    layout: str | None = None
    method: str = "GET"
    form: str | None = None
    about: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ListItem:
    """One article as a list page shows it."""

    native_id: str
    title: str
    section: str
    published: str | None = None
    organization: str | None = None
    presenter: str | None = None
    lead: str | None = None
    lead_is_full: bool = False


@dataclass(frozen=True, slots=True)
class ListPage:
    """One list page: its items, and what it says of the whole list."""

    site: str
    section: str
    items: tuple[ListItem, ...]
    total: int | None
    page: int
    last_page: int
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """One section and day as the site listed it.

    Attributes:
        day: YYYY-MM-DD, KST.
        total: the site's own count (총 N건), None when it gives none.
        items: every item found on that day's pages.
        read_whole: whether every page of the list was read and is the page that was requested.
        detail: why not, in one line.
    """

    site: str
    section: str
    day: str
    total: int | None
    items: tuple[ListItem, ...]
    checked_at: str
    read_whole: bool = True
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that failed and is to be tried again.

    Attributes:
        kind: of the way there: dns, connect, tls, timeout, reset, blocked; of the response: http_NNN, empty,
            truncated, too_big, redirects, off_site, robots; of what it says: layout, wrong_page, missing,
            gone_unproven; exceeded: reading it takes more time or memory than allowed; document: a file
            was fetched but could not be read, through no fault of its own or not in time; api: the Open API
            refused; unreadable: a file that was to be imported cannot be read; no_text: the page shows no
            text, and the article stands as its list has it; error: of this program itself.
        detail: one line for a person.
    """

    site: str
    url: str
    kind: str
    detail: str
    seen_at: str
    section: str | None = None
    native_id: str | None = None


@dataclass(frozen=True, slots=True)
class Organization:
    """One ministry or agency over a span of time.

    Attributes:
        key: stable key, e.g. ``moef-2008``.
        code: the site's repCode, None when it has none.
        abbreviations: short names (과기정통부).
        valid_from, valid_to: YYYY-MM-DD, inclusive; None where open.
        successors: keys of what followed it.
    """

    key: str
    name: str
    name_en: str | None = None
    code: str | None = None
    parent: str | None = None
    abbreviations: tuple[str, ...] = ()
    valid_from: str | None = None
    valid_to: str | None = None
    successors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation between two articles: retells, supersedes, joint, repost."""

    kind: str
    article_id: int
    related_id: int
    score: float
    reason: str
