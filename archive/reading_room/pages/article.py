"""The page of one article: its text, contacts, files, versions and citation."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import nh3
from markupsafe import Markup

from archive.reading_room.pages.changes import versions_of
from archive.reading_room.rendering.render import translate
from archive.text.pictures import linked_pictures

if TYPE_CHECKING:
    import sqlite3

    from archive.reading_room.pages.changes import VersionChange

_ARTICLE = """SELECT a.*, t.body_html, t.body_text, o.key AS ministry_key, o.name AS ministry_name,
    s.site AS new_site, s.section AS new_section, s.native_id AS new_native_id, s.title AS new_title,
    c.url AS capture_url, c.status AS capture_status, c.fetched_at AS captured_at, c.body_sha256
FROM articles a LEFT JOIN article_texts t ON t.article_id = a.id
LEFT JOIN organizations o ON o.id = a.organization_id
LEFT JOIN articles s ON s.id = a.superseded_by_id
LEFT JOIN captures c ON c.id = a.capture_id
WHERE """

_FILES = """SELECT id, file_id, name, url, format, size, state, detail, sha256,
    coalesce(text, '') <> '' OR text_in IS NOT NULL AS readable
FROM attachments WHERE article_id = ? AND removed_at IS NULL ORDER BY position"""

_CONTACTS = """SELECT c.id, coalesce(o.name, c.organization) AS organization, c.organization_by, c.department,
    c.role, c.person, c.rank, c.evidence, c.owner_by, c.owner_score, f.name AS file
FROM contacts c LEFT JOIN organizations o ON o.id = c.organization_id
LEFT JOIN attachments f ON f.id = c.attachment_id WHERE c.article_id = ? ORDER BY c.position"""

_POINTS = """SELECT p.contact_id, p.kind, p.printed, p.e164 FROM contact_points p
JOIN contacts c ON c.id = p.contact_id WHERE c.article_id = ? ORDER BY p.id"""

_SOURCES = "SELECT relation, name, url, title FROM sources WHERE article_id = ? ORDER BY id"

_RELATED = """SELECT r.kind, a.id = :id AS outgoing, b.id, b.site, b.section, b.native_id, b.title,
    b.published_at, b.organization, r.reason
FROM relations r JOIN articles a ON a.id = r.article_id
JOIN articles b ON b.id = iif(a.id = :id, r.related_id, r.article_id)
WHERE (r.article_id = :id OR r.related_id = :id) AND b.state <> 'redacted'
ORDER BY r.kind, r.score DESC, b.id LIMIT 50"""

_CAPTURES = """SELECT id, kind, url, status, fetched_at, body_sha256 FROM captures
WHERE kind IN ('detail', 'import', 'api') AND id IN (
  SELECT capture_id FROM article_captures WHERE article_id = :id AND role = 'detail'
  UNION SELECT capture_id FROM versions WHERE article_id = :id UNION SELECT :capture)
ORDER BY fetched_at DESC LIMIT 50"""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that the page of an article shows, as of one moment.

    Attributes:
        article: its row, with ministry, capture and the article that replaced it.
        body: its HTML, sanitised.
        sources: what the article itself names as its source, original, origin, writer or licence.
        contacts: each with lists ``phones``, ``faxes`` and ``emails`` of (printed, E.164 or None).
        related: articles that it retells, that retell it, that it was released jointly with.
        captures: what was served under its URL, the newest first.
    """

    article: dict[str, Any]
    body: Markup
    contacts: tuple[dict[str, Any], ...]
    files: tuple[dict[str, Any], ...]
    sources: tuple[dict[str, Any], ...]
    related: tuple[dict[str, Any], ...]
    captures: tuple[dict[str, Any], ...]
    versions: tuple[VersionChange, ...]

    @property
    def path(self) -> str:
        """Its permanent path."""
        return "/a/{site}/{section}/{native_id}".format(**self.article)


def reading(conn: sqlite3.Connection, site: str, section: str, native_id: str) -> Reading | None:
    """Read what the page of an article shows; None when there is no such article, or it is redacted."""
    found = _read(conn, "a.site = ? AND a.section = ? AND a.native_id = ?", (site, section, native_id))
    return found if found and found.article["state"] != "redacted" else None


def reading_of_row(conn: sqlite3.Connection, article_id: int | str) -> Reading | None:
    """Read an article by its row number; of a redacted one, what remains."""
    return _read(conn, "a.id = ?", (article_id,))


def _read(conn: sqlite3.Connection, condition: str, values: tuple[int | str, ...]) -> Reading | None:
    conn.execute("BEGIN")  # so that a crawl's commit between two queries cannot mix two versions
    try:
        found = _rows(conn, _ARTICLE + condition, values)
        if not found:
            return None
        (article,) = found
        key = {"id": article["id"], "capture": article["capture_id"]}
        return Reading(
            article,
            _readable(article.pop("body_html") or "", article["title"]),
            _contacts(conn, article["id"]),
            tuple(_rows(conn, _FILES, (article["id"],))),
            tuple(_rows(conn, _SOURCES, (article["id"],))),
            tuple(_rows(conn, _RELATED, key)),
            tuple(_rows(conn, _CAPTURES, key)),
            versions_of(conn, article["id"]),
        )
    finally:
        conn.rollback()


def is_redacted(conn: sqlite3.Connection, site: str, section: str, native_id: str) -> bool:
    """Return whether an article was removed from the archive on request."""
    row = conn.execute(
        "SELECT 1 FROM articles WHERE site = ? AND section = ? AND native_id = ? AND state = 'redacted'",
        (site, section, native_id),
    ).fetchone()
    return row is not None


def file_text(conn: sqlite3.Connection, article_id: int, file_id: str) -> dict[str, Any] | None:
    """Read the text of one attachment; None when the article has no such file."""
    rows = _rows(
        conn,
        "SELECT f.name, f.format, f.size, f.sha256, f.state, f.detail, t.text FROM attachments f"
        " JOIN attachment_texts t ON t.attachment_id = f.id"
        " WHERE f.article_id = ? AND f.file_id = ? AND f.removed_at IS NULL",
        (article_id, file_id),
    )
    return rows[0] if rows else None


_HEADING = re.compile(r"<(/?)h([1-6])\b")
_FIRST = re.compile(r"<(p|h[1-6])>(.{0,1000}?)</\1>", re.S)
_TAGS = nh3.ALLOWED_TAGS - {"img", "map", "area"}


def _readable(html: str, title: str) -> Markup:
    """Sanitise a body again (an archive from elsewhere may contain anything) and fit it into the page.

    Headings are lowered by two levels, tables scroll by themselves, a repeated title at the beginning is
    dropped, pictures become links, and nothing is loaded.
    """
    cleaned = nh3.clean(linked_pictures(nh3.clean(html)), tags=_TAGS).lstrip()
    first = _FIRST.match(cleaned)
    if first and _folded(nh3.clean_text(title)) == _folded(nh3.clean(first[2], tags=set())):
        cleaned = cleaned[first.end() :]
    lowered = _HEADING.sub(lambda tag: f"<{tag[1]}h{min(int(tag[2]) + 2, 6)}", cleaned)
    framed = re.sub(
        r"<table\b", '<div class="wide" role="region" tabindex="0" aria-label="표"><table', lowered
    )
    return Markup(framed.replace("</table>", "</table></div>"))  # noqa: S704  # cleaned above


def _folded(html: str) -> str:
    return re.sub(r"&#?\w+;|\W", "", html)


def _contacts(conn: sqlite3.Connection, article_id: int) -> tuple[dict[str, Any], ...]:
    contacts = {
        row["id"]: row | {"phones": [], "faxes": [], "emails": []}
        for row in _rows(conn, _CONTACTS, (article_id,))
    }
    lists = {"phone": "phones", "fax": "faxes", "email": "emails"}
    for contact_id, kind, printed, e164 in conn.execute(_POINTS, (article_id,)):
        contacts[contact_id][lists[kind]].append((printed, e164))
    return tuple(contacts.values())


def _rows(conn: sqlite3.Connection, query: str, values: Any) -> list[dict[str, Any]]:
    cursor = conn.execute(query, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


CITATION = "{author}, 「{title}」, {day}, {url}. 보관본 {version}판: {archived}"


def citation(reading: Reading, url: str, kind: str, language: str = "ko") -> str:
    """Return the citation of an article as text, ``bibtex`` or ``csl`` (JSON).

    Args:
        reading: the article.
        url: its permanent URL in this archive.
        kind: text, bibtex or csl.
        language: of the text.
    """
    article = reading.article
    author = article["organization"] or article["writer"] or article["site"]
    day = (article["published_at"] or "")[:10]
    version = article["version"]
    if kind == "bibtex":
        fields = {
            "author": f"{{{_tex(author)}}}",  # a corporate author, not first and last names
            "title": _tex(article["title"]),
            "year": day[:4],
            "date": day,
            "url": article["url"],
            "urldate": article["checked_at"][:10],
            "note": f"Archived version {version}: {url}",
        }
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
        return f"@misc{{{article['section']}{article['native_id']},\n{lines}}}\n"
    if kind == "csl":
        parts = [int(part) for part in day.split("-")] if day else []
        record = {
            "id": f"{article['site']}/{article['section']}/{article['native_id']}",
            "type": "webpage",
            "author": [{"literal": author}],
            "title": article["title"],
            "container-title": article["site"],
            "publisher": author,
            "language": "ko",
            "issued": {"date-parts": [parts]} if parts else None,
            "accessed": {"date-parts": [[int(part) for part in article["checked_at"][:10].split("-")]]},
            "URL": article["url"],
            "archive": "정부 브리핑 아카이브",
            "archive_location": url,
            "version": str(version),
        }
        return json.dumps([{k: v for k, v in record.items() if v}], ensure_ascii=False, indent=1)
    sentence = translate(
        language,
        CITATION,
        author=author,
        title=article["title"],
        day=day,
        url=article["url"],
        version=version,
        archived=url,
    )
    return sentence.replace(", ,", ",")


_TEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


def _tex(text: str) -> str:
    """Escape a text for TeX."""
    return "".join(_TEX.get(one) or (f"\\{one}" if one in "&%$#_{}" else one) for one in text)
