"""Datasette's metadata: titles, descriptions and facets, all from the schema."""

from __future__ import annotations

from functools import cache
from typing import Any

from archive.schema import TABLES, Table
from archive.views import VIEWS

TITLE = "정부 브리핑 아카이브 · Briefing archive"
DESCRIPTION = """<p>korea.kr와 newsdao.kr에 실린 정부 보도자료·정책뉴스·브리핑을,
나중에 고쳐지거나 지워진 것까지 모아 두었습니다.
<a href="{root}/search">검색</a>(관련도순), <a href="{root}/articles">전체 기사</a>(최신순),
<a href="{root}/directory">담당 부서와 연락처</a>, <a href="{root}/edits">발표 후 수정</a>,
<a href="{root}/coverage">수집 현황</a>에서 시작하세요. 검색은 조사와 띄어쓰기를 가리지 않습니다.
따옴표로 묶으면 그 구절 그대로, 빼기(-)를 붙이면 그 낱말을 빼고, OR를 쓰면 둘 중 하나를 찾습니다.
<code>제목:폭염</code>처럼 쓰면 제목에서만, <code>기관:교육부</code>처럼 쓰면 기관에서만 찾습니다.</p>
<p>Korean government press releases, policy news and briefings from korea.kr and newsdao.kr, with every
change that was seen. Begin with <a href="{root}/search">search</a> (best first),
<a href="{root}/articles">all articles</a> (newest first, with facets),
<a href="{root}/directory">the directory</a> of units that answered for something,
<a href="{root}/edits">edits</a> after publication,
or <a href="{root}/coverage">coverage</a>: what is complete. Search finds words inside compounds and with
their particles; quotes ask for a phrase, a minus leaves out, OR gives a choice, 제목: and 기관: look in
titles and ministries.</p>"""
LICENCE = "공공누리 (KOGL): the type stands with each article; photographs are never covered"
LICENCE_URL = "https://www.kogl.or.kr/info/license.do"

SETTINGS = {
    "sql_time_limit_ms": 4000,  # facets and search on a million rows
    "facet_time_limit_ms": 1500,
    "suggest_facets": False,  # suggesting runs one query a column
    "default_facet_size": 6,  # leaves the first rows on the first screen
    "default_page_size": 50,
    "max_returned_rows": 1000,
    "max_csv_mb": 100,
    "num_sql_threads": 3,  # so many queries at a time
    "trace_debug": False,
    "template_debug": False,
}
"""Datasette's settings for an archive, measured at a million articles."""

_HIDDEN = frozenset(
    {"_sqlite_migrations", "article_captures", "bodies", "dictionaries", "settings", "text_hashes"}
)
_INSIDE_SEARCH = ("articles_fts_config", "articles_fts_data", "articles_fts_docsize", "articles_fts_idx")
"""Tables in which FTS5 keeps the index: their keys are bytes, so no page of them can be named."""

_SHOWN: dict[str, dict[str, Any]] = {
    "articles": {
        "facets": ["site", "section", "organization_id", "month"],
        "sort_desc": "published_at",
        "sortable_columns": ["id", "title", "published_at", "organization", "changed_at", "checked_at"],
        "label_column": "title",
        "fts_table": "articles_fts",
        "fts_pk": "id",
    },
    "article_texts": {"fts_table": "articles_fts", "fts_pk": "article_id"},
    "organizations": {"label_column": "name", "sort": "name"},
    "contacts": {"facets": ["organization_id", "role", "owner_by"], "label_column": "department"},
    "attachments": {"facets": ["format", "state"], "label_column": "name"},
    "captures": {"facets": ["kind", "status"], "sort_desc": "fetched_at", "label_column": "url"},
    "versions": {"facets": ["kind"], "sort_desc": "seen_at"},
    "failures": {"facets": ["kind"], "sort_desc": "last_seen_at"},
    "listings": {"facets": ["section", "complete"], "sort_desc": "day"},
    "runs": {"sort_desc": "id", "label_column": "started_at"},
    "coverage": {"facets": ["section", "complete"], "sort_desc": "day"},
    "edits": {"facets": ["kind", "field"], "sort_desc": "seen_at"},
    "article_contacts": {"facets": ["owner_by"], "sort_desc": "published_at"},
    "directory": {"sort_desc": "articles"},
    "retellings": {"sort_desc": "published_at"},
}


@cache
def database_metadata(root: str) -> dict[str, Any]:
    """Return the metadata of the tables, views and columns of one archive, whose pages are under ``root``."""
    hidden = {name: {"hidden": True} for name in _HIDDEN}
    tables = {
        table.name: {
            "title": table.title,
            "description": table.description,
            "columns": {column.name: column.description for column in table.columns},
            "sortable_columns": _sortable(table),
            **hidden.get(table.name, {}),
            **_SHOWN.get(table.name, {}),
        }
        for table in TABLES
    }
    views = {
        view.name: {
            "title": view.title,
            "description": view.description,
            "columns": view.columns,
            **_SHOWN.get(view.name, {}),
        }
        for view in VIEWS
    }
    return {
        "title": TITLE,
        "description_html": DESCRIPTION.format(root=root),
        "license": LICENCE,
        "license_url": LICENCE_URL,
        "source": "정책브리핑 · 뉴스다오",
        "source_url": "https://www.korea.kr",
        "tables": {**hidden, **{name: {"allow": False} for name in _INSIDE_SEARCH}, **tables, **views},
    }


def _sortable(table: Table) -> list[str]:
    """Return the sortable columns; bytes cannot be part of a page token."""
    return [column.name for column in table.columns if not column.declaration.startswith("BLOB")]
