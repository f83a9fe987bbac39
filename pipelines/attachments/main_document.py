"""Which of an article's files is the press release itself, and which are copies of it."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from archive.text.normalize import letters_only

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.records import Attachment

# HWPX has the words and tables as they were written; a PDF only the positions of characters.
PREFERENCE = ("hwpx", "hwp", "hml", "pdf")
UNREAD = frozenset({"listed", "stored"})
APPENDIX = re.compile(
    r"(?:^|[\s\[(<【_.,+-])(?:붙임|별첨|별지|별표|첨부|부록|참고\s?자료|참고(?=\s?\d)|관련\s?자료|사진|그림|포스터|웹자보|"
    r"카드\s?뉴스|인포그래픽|리플릿|질의\s?응답|문답|q\s?&\s?a|서식|양식)(?=[\s\d\])>】_.,+-]|자료|$)",
    re.IGNORECASE,
)
RELEASE = re.compile(r"보도\s?(?:자료|참고|설명|해명|반박)|(?:설명|해명)\s?자료|[조석]간")
NAMED = 85  # of 100: the similarity of a title to the name of its file
# Of 93 pairs of files with one name, 91 had a ratio of 79 to 100, and two, which were other documents, 8 and
# 31; of 600 chance pairs none had more than 24 (press releases of April 2026).
SAME_TEXT = 60


def main_document(files: Sequence[Attachment], title: str = "") -> Attachment | None:
    """Choose the file that is the press release itself; None when all are appendices, pictures or unreadable.

    Args:
        files: an article's files, listed or read; of those read, only files with text count.
        title: the article's title, which the name of the release often repeats.
    """
    able = [
        file
        for file in files
        if _format(file) in PREFERENCE
        and (file.state in UNREAD or (file.state == "text" and file.text != ""))
    ]
    ranked = [(_rank(file.name, title), PREFERENCE.index(_format(file)), file) for file in able]
    rank, _, best = min(ranked, key=lambda entry: entry[:2], default=(3, 0, None))
    return best if rank < 3 else None


def twins(files: Sequence[Attachment]) -> dict[str, str]:
    """Find files of the same document: the file id of each copy, mapped to that of the file to read.

    Names are no proof: 7 of 112 PDFs beside an HWPX of the same name were another document. Two formats of
    one document differ in the order of table cells and boxes; two files of one format must be equal.
    """
    ranked = sorted(
        (
            (PREFERENCE.index(_format(file)), letters_only(file.text or ""), file)
            for file in files
            if _is_read(file)
        ),
        key=lambda entry: entry[0],
    )
    found: dict[str, str] = {}
    for place, (rank, text, file) in enumerate(ranked):
        for other_rank, other, original in ranked[:place]:
            if original.file_id in found:
                continue
            if text == other or (rank != other_rank and fuzz.ratio(text, other) >= SAME_TEXT):
                found[file.file_id] = original.file_id
                break
    return found


def _format(file: Attachment) -> str:
    return file.format or PurePosixPath(file.name).suffix.lower().lstrip(".")


def _is_read(file: Attachment) -> bool:
    return _format(file) in PREFERENCE and bool(letters_only(file.text or ""))


def _rank(name: str, title: str) -> int:
    """Rank a name: 0 repeats the title, 1 calls itself a release, 2 says nothing, 3 is an appendix."""
    stem = PurePosixPath(name).stem
    if APPENDIX.search(stem) and not APPENDIX.search(title):
        return 3
    if title and fuzz.partial_ratio(letters_only(title), letters_only(stem)) >= NAMED:
        return 0
    return 1 if RELEASE.search(stem) else 2
