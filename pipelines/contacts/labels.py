"""The labels of blocks of those responsible, and how cells are compared with them."""

from __future__ import annotations

import re

UNIT_LABELS = {"담당부서", "담당과", "담당부처", "소관부서", "주관부서", "담당기관", "담당실국", "담당"}
UNIT_LABELS |= {"부서", "부서명", "소속", "작성과", "작성부서", "배포부서", "자료문의"}
#: Labels of a unit that say what its part is.
PART_LABELS = {"총괄부서", "총괄기관", "공동부서", "협조부서", "협조기관", "협업부서"}
UNIT_LABELS |= PART_LABELS
CHIEF_LABELS = {"책임자", "담당과장", "담당국장", "담당팀장", "부서장", "총괄책임자"}
CLERK_LABELS = {"담당자", "관리자", "실무자", "실무담당자", "담당사무관", "실무책임자"}
NUMBER_LABELS = {"연락처", "전화", "전화번호", "대표전화", "TEL", "이메일", "전자우편", "E-mail"}
NUMBER_LABELS |= {"성명", "직급", "직위", "직책"}  # say nothing of whose the row is either
LABELS = UNIT_LABELS | CHIEF_LABELS | CLERK_LABELS | NUMBER_LABELS
#: Labels that open a block where they stand alone on a line.
OPENING = {"담당부서", "담당과", "담당부처", "담당", "책임자", "담당과장"} | PART_LABELS
ROW_OPENING = {"작성과", "작성부서", "배포부서", "자료문의"}
LABEL_WORD = re.compile(r"(담\s?당\s?부\s?서|책\s?임\s?자|담\s{0,2}당\s{0,2}자|담당\s?과장|담당과(?!장))")
MARK_CELL = re.compile(r"[<(\[〈]?\s?(총괄|공동|협조|주관|협업)(?:\s?부처|\s?기관)?\s?[>)\]〉]?")


def squeezed(text: str) -> str:
    """Take out white space, and the signs around a label."""
    return "".join(text.split()).strip(":*※□○ㅇ-代[]【】")
