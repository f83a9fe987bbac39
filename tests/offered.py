"""What contacts of a text are compared by in tests."""

from __future__ import annotations

from pipelines.blocks import blocks_of_text
from pipelines.contacts import find_contacts


def units(text: str) -> list[tuple[str | None, str | None, tuple[str, ...]]]:
    """Organization, department and phones of every contact of a plain text."""
    return [
        (found.organization, found.department, found.phones) for found in find_contacts(blocks_of_text(text))
    ]


def people(text: str) -> list[tuple[str | None, str | None, str | None, str | None, tuple[str, ...]]]:
    """Organization, department, person, rank and phones of every contact of a plain text."""
    return [
        (found.organization, found.department, found.person, found.rank, found.phones)
        for found in find_contacts(blocks_of_text(text))
    ]


#: A block of those responsible, one cell a line.
RESPONSIBLE = """담당 부서
문화체육관광부
책임자
과  장
홍가람
(044-203-9851)
<총괄>
가나관광과
담당자
사무관
김나래
(044-203-9852)
<공동>
전국가나협의회
책임자
국  장
이다온
(02-786-9602)"""
