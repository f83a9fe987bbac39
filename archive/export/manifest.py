"""The manifest of an export: its files with hashes, its licence, how to cite it."""

from __future__ import annotations

import hashlib
import json
from importlib import metadata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from archive.export.rows import Selection

NAME = "manifest.json"

LICENCE = (
    "Texts of korea.kr are works of Korean ministries and agencies under the Korea Open Government"
    " Licence (공공누리, KOGL); the type differs by article (kogl_type; empty where the page states none:"
    " ask the publisher). Photographs and illustrations are not covered. Attribution: 자료출처: 정책브리핑"
    " www.korea.kr. Texts of newsdao.kr are the works of 뉴스다오, whose terms are not known: no licence to"
    " publish them anew is given here."
)
WITHOUT_CONTACTS = (
    "The table of contacts (names, ranks, numbers and addresses of officials) was left out. The texts are as"
    " published, and about one in four prints such names and numbers: mask them (--mask-contacts) before"
    " publishing them anew."
)
MASKED = (
    "The table of contacts was left out, and in all texts telephone and fax numbers, mail addresses and the"
    " names of the persons given for enquiries were masked, as far as their form and the archive's contacts"
    " tell them. Other persons named in the texts, and the pages that the URLs lead to, are as published."
)
WITH_CONTACTS = (
    "Structured contact data of officials is included, as printed in public releases. It is personal data:"
    " use it for research on the releases, not for contacting people or for lists of persons."
)
CAPTURED = (
    "Pages and files are exactly as captured, so they name the officials that they named, whatever was asked"
    " for. Other formats leave the table of contacts out unless asked, and can mask the texts."
)
CSV_NOTE = (
    "A cell that a spreadsheet would run as a formula begins with an apostrophe; take one off when reading."
)


def write_manifest(
    conn: sqlite3.Connection, folder: Path, form: str, selection: Selection, articles: int
) -> dict[str, Any]:
    """Write ``manifest.json`` over all files of a folder and return what it says.

    It holds no time of writing, so that the same articles give the same bytes. ``as_of`` is the last time
    that the archive checked a site.
    """
    (as_of,) = conn.execute("SELECT max(checked_at) FROM articles").fetchone()
    version = metadata.version("briefing-archive")
    manifest = {
        "title": "Korean government briefings: articles of korea.kr and newsdao.kr",
        "made_by": f"briefing-archive {version}",
        "as_of": as_of,
        "format": form,
        "selection": {
            "since": selection.since,
            "until": selection.until,
            "sites": list(selection.sites),
            "sections": list(selection.sections),
            "organizations": _names(conn, selection.organizations),
        },
        "counts": {"articles": articles, **_counts(conn, selection)},
        "contacts": _contacts(form, selection),
        "licence": LICENCE,
        "citation": _citation(articles, selection, as_of, version),
        "files": [_described(folder, path) for path in sorted(folder.rglob("*")) if path.is_file()],
    }
    if form == "csv":
        manifest["note"] = CSV_NOTE
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    (folder / NAME).write_text(text, encoding="utf-8")
    return manifest


def _names(conn: sqlite3.Connection, organizations: tuple[int, ...]) -> list[str]:
    """Name the ministries selected, each once though it stands for several eras."""
    query = "SELECT name FROM organizations WHERE id = ?"
    return list(dict.fromkeys(conn.execute(query, (number,)).fetchone()[0] for number in organizations))


def _contacts(form: str, selection: Selection) -> str:
    if form == "warc":
        return CAPTURED
    if selection.mask_contacts:
        return MASKED
    return WITH_CONTACTS if selection.with_contacts else WITHOUT_CONTACTS


def _counts(conn: sqlite3.Connection, selection: Selection) -> dict[str, dict[str, int]]:
    condition, values = selection.where()
    counts = {}
    for name, column in (("by_section", "a.site || ' ' || a.section"), ("by_state", "a.state")):
        query = f"SELECT {column}, count(*) FROM articles a WHERE {condition} GROUP BY 1 ORDER BY 1"  # noqa: S608
        counts[name] = {key: count for key, count in conn.execute(query, values)}  # noqa: C416  # rows
    return counts


def _citation(articles: int, selection: Selection, as_of: str | None, version: str) -> str:
    span = f"from {selection.since or 'the beginning'} to {selection.until or 'the end'}"
    published = f"published {span}" if selection.since or selection.until else "published at any time"
    state = f"state of {as_of[:10]}" if as_of else "never compared with the sites"
    return (
        f"정책브리핑(korea.kr)·뉴스다오(newsdao.kr) 기사 {articles:,}건, {published},"
        f" as archived by briefing-archive {version}, {state}."
        f" Identify this export by the SHA-256 of its {NAME}."
    )


def _described(folder: Path, path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "path": path.relative_to(folder).as_posix(),
        "bytes": path.stat().st_size,
        "sha256": digest,
    }
