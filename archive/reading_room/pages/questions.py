"""Prepared research questions on pages of their own, within the limits of any query."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from archive.browse.queries import QUERIES
from archive.reading_room.downloads.lists import list_response
from archive.reading_room.downloads.tables import MOST

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from datasette.utils.asgi import Response

    from archive.browse.queries import ResearchQuery
    from archive.reading_room.request import PageRequest

SHOWN = 100  # rows on a page
_OF_CONTACTS = re.compile(r"\b(?:contacts|contact_points|article_contacts|directory)\b")

KOREAN: dict[str, tuple[str, str]] = {
    "search": ("어떤 주제를 다룬 기사는?", "관련도순으로 찾고, 글에서 찾은 곳을 보입니다."),
    "attention": (
        "한 주제에 대한 관심은 언제 커지고 줄었나?",
        "그 낱말이 든 기사의 달별 건수와, 그달 모든 기사 가운데 차지하는 비율(%)입니다.",
    ),
    "voices": (
        "어느 부처가 언제부터 그 주제를 말하나?",
        "기사가 나온 날을 기준으로 알아본 부처이며, 알아보지 못한 곳은 인쇄된 이름입니다.",
    ),
    "whom_to_ask": ("그 주제는 어디에 물어보나?", "그 주제의 기사가 문의처로 적은 부서입니다."),
    "whose_number": (
        "이 번호는 어느 부서의 것인가?",
        "그 번호를 적은 모든 부서와, 처음과 마지막으로 적은 날입니다.",
    ),
    "moved_numbers": (
        "부서가 바뀐 번호는?",
        "한 번호를 시기마다 다른 부서가 적은 것으로, 조직 개편의 흔적입니다.",
    ),
    "units_of_a_ministry": ("한 부처에는 어떤 부서들이 있었나?", "부서마다 처음과 마지막으로 적힌 날입니다."),
    "output": ("부처마다 얼마나 발표하나?", "부처, 갈래, 해별 기사 수입니다."),
    "denials": ("누가 보도를 얼마나 자주 반박하나?", "‘사실은 이렇습니다’의 부처별, 달별 기사 수입니다."),
    "publication_hours": (
        "무슨 요일 몇 시에 발표하나?",
        "분까지 알려진 기사만 셉니다(파일에서 0은 일요일). 나쁜 소식은 금요일 늦게 나온다고들 합니다.",
    ),
    "most_edited": (
        "발표한 것을 고치는 부처는?",
        "발표한 뒤에 고친 기사의 수와 비율이며, 고친 횟수가 아니라 기사를 셉니다.",
    ),
    "rewritten_headlines": ("제목을 고쳐 쓴 것은?", "앞뒤의 제목을 나란히, 최근 것부터 보입니다."),
    "silent_changes": ("전에는 있었는데 지금은 없는 말은?", "고치면서 본문에서 빠진 말입니다."),
    "deleted": (
        "사이트가 지운 것은 무엇이고, 얼마나 실려 있었나?",
        "발표한 날부터 지워진 것을 확인한 날까지의 날수입니다.",
    ),
    "reissued": ("다른 번호로 다시 올린 것은?", "앞서 올린 기사와 그것을 대신한 기사입니다."),
    "retelling_delay": (
        "보도자료는 얼마나 빨리 옮겨지나?",
        "원문의 부처마다, 원문에서 옮긴 글까지의 날수입니다.",
    ),
    "joint_releases": ("어느 부처들이 함께 발표하나?", "같은 보도자료를 낸 두 부처입니다."),
    "unread_attachments": (
        "글로 읽지 못한 첨부파일과 그 까닭은?",
        "형식과 상태별로, 글을 살핀 연구가 보지 못하는 것입니다.",
    ),
    "gaps": (
        "이 아카이브에서 빠진 곳은?",
        "목록과 맞지 않는 날과 갈래입니다. 건수를 인용할 때 함께 밝히세요.",
    ),
    "provenance": (
        "이 기사의 기록은 무엇에 근거하나?",
        "그 기사를 보인 모든 응답: 때, 주소, 상태, 해시입니다.",
    ),
}
"""Titles and descriptions by name; their English stands with the queries."""

COLUMNS = {
    "after": "고친 뒤",
    "archived": "보관",
    "article_id": "기사 번호",
    "articles": "기사",
    "before": "고치기 전",
    "bytes": "바이트",
    "day": "날짜",
    "days": "날수",
    "denials": "반박",
    "department": "부서",
    "departments": "부서들",
    "edited": "고친 기사",
    "emails": "전자우편",
    "failed": "실패",
    "fetched_at": "받은 때",
    "files": "파일",
    "first": "처음",
    "first_published": "처음 발표",
    "first_seen": "처음",
    "format": "형식",
    "found": "목록",
    "found_gone": "지워진 것을 안 날",
    "hour": "시",
    "kind": "종류",
    "lacking": "빠짐",
    "last": "마지막",
    "last_named": "마지막",
    "last_seen": "마지막",
    "mean_days": "평균 날수",
    "ministry": "부처 이름",
    "month": "달",
    "new_number": "새 번호",
    "number": "번호",
    "old_number": "앞 번호",
    "one": "한 부처",
    "organization": "기관",
    "originals": "원문",
    "other": "다른 부처",
    "percent": "비율(%)",
    "phones": "전화",
    "published": "발표",
    "reason": "까닭",
    "releases": "보도자료",
    "retellings": "옮긴 글",
    "section": "갈래",
    "seen_at": "확인한 때",
    "sha256": "해시(SHA-256)",
    "snippet": "찾은 곳",
    "state": "상태",
    "status": "응답",
    "title": "제목",
    "total": "사이트의 집계",
    "units": "부서 수",
    "url": "원래 주소",
    "version": "판 번호",
    "weekday": "요일",
    "year": "해",
}
"""Headings of the columns of every question, in Korean."""

PARAMETERS = {
    "query": "찾을 말",
    "number": "전화번호",
    "ministry": "부처",
    "words": "그 말",
    "article": "기사의 번호(id)",
}


def offered(*, public: bool) -> list[ResearchQuery]:
    """Return the questions; on a public server without those about contacts."""
    return [one for one in QUERIES if not (public and _OF_CONTACTS.search(one.sql))]


def heading(query: ResearchQuery, language: str) -> tuple[str, str]:
    """Return title and description in a language."""
    korean = KOREAN.get(query.name)
    description = query.description.replace("`", "")
    english = query.title.removeprefix("검색: ")
    return korean if korean and language == "ko" else (english[:1].upper() + english[1:], description)


async def questions(request: PageRequest) -> Response:
    """List the prepared questions."""
    found = [(one.name, *heading(one, request.language)) for one in offered(public=request.site.public)]
    return request.html("questions.html", questions=found)


async def question(request: PageRequest) -> Response:
    """Show the result of one question as a page or a file."""
    name = request.parts["question"]
    query = next((one for one in offered(public=request.site.public) if one.name == name), None)
    if query is None:
        return request.missing()
    wanted = list(dict.fromkeys(re.findall(r":([a-z_]+)", query.sql)))
    values = {parameter: request.args.get(parameter, "")[:300] for parameter in wanted}
    whole = all(values.values())
    if "form" in request.parts:
        if not whole:
            return request.missing()
        headings = {column: COLUMNS[column] for column in await request.read(_columns, query.sql, values)}
        return await list_response(
            request,
            name,
            headings,
            lambda conn: _rows(conn, query.sql, values, MOST),
            urlencode(values),
            f"/queries/{name}",
        )
    title, description = heading(query, request.language)
    columns: list[str] = []
    rows: list[Sequence[Any]] = []
    more = False
    if whole:
        columns = await request.read(_columns, query.sql, values)
        rows, count = await request.read(_rows, query.sql, values, SHOWN)
        more = count is None
    return request.html(
        "question.html",
        name=name,
        title=title,
        description=description,
        sql=query.sql,
        parameters=[(one, request.translate(PARAMETERS.get(one, one)), values[one]) for one in wanted],
        examples=dict(query.example),
        whole=whole,
        columns=columns,
        labels=COLUMNS,
        rows=rows,
        more=more,
        query=urlencode(values),
        shown=SHOWN,
    )


def _columns(conn: sqlite3.Connection, sql: str, values: Mapping[str, str]) -> list[str]:
    cursor = conn.execute(f"SELECT * FROM ({sql}) LIMIT 0", values)  # noqa: S608  # a ready query
    return [column[0] for column in cursor.description]


def _rows(
    conn: sqlite3.Connection, sql: str, values: Mapping[str, str], most: int
) -> tuple[list[Sequence[Any]], int | None]:
    """Read the first rows and their total; None when there are more."""
    cursor = conn.execute(sql, values)
    found: list[Sequence[Any]] = [tuple(row) for row in cursor.fetchmany(most + 1)]
    return found[:most], len(found) if len(found) <= most else None
