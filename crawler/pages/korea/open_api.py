"""The Open API (data.go.kr, agency 1371000), a second source for korea.kr: responses in, records out.

Two services of one shape: policy news v2 (alive 2026-10-05) and press releases v1 (last seen 2026-05).
A response covers at most three days, has no pages, and carries what the pages hide: a revision number and the
moment of the last edit. Its XML is sometimes malformed or cut; whole items are read out of it all the same.

Nothing here fetches. A spider asks ``request_url(service, *window, key)`` for each of ``windows(since,
until)``, reads the bytes with ``read_answer`` and keeps ``answer.within(*window)``; a window whose answer is
``damaged`` is to be requested again day by day.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from html import escape, unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlencode

from lxml import etree

from archive.errors import UnknownLayout, Unreachable, UsageError, reading
from archive.korean_time import KST
from archive.records import KOREA, Attachment, RawArticle
from archive.text.normalize import one_line
from crawler.sites.urls import canonical_url, host_of, identify, parameter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

POLICY = "https://apis.data.go.kr/1371000/policyNewsService2/policyNewsList2"
PRESS = "https://apis.data.go.kr/1371000/pressReleaseService/pressReleaseList"

DAYS = 3  # a longer window is answered with 98 THREE_DAYS_OVER_ERROR

_SECTION_OF_GROUP = {"policy": "policy", "brief": "press", "visual": "visual"}
_OUR_FAULT = frozenset(("11", "12", "20", "30", "31", "97", "98"))  # parameters, key; 22 is the day's quota
_KEY_TROUBLE = re.compile(r"KEY|NO_OPENAPI|UNREGISTERED|UNAUTHORI|FORBIDDEN", re.IGNORECASE)
_ITEM = re.compile(rb"<NewsItem[\s>]")
_ITEM_END = b"</NewsItem>"
_DIGITS = re.compile(r"[0-9]{1,18}")
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>")
_FORBIDDEN = bytes(code for code in range(0x20) if code not in b"\t\n\r")  # in XML 1.0
_STAMP = "%m/%d/%Y %H:%M:%S"

Fields = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class ApiItem:
    """One article as the Open API gives it.

    Attributes:
        article: what it says, as a page object would give it; ``published`` is ApproveDate as printed.
        approved_at: ApproveDate, ISO 8601 in KST; the date by which windows are cut.
        modify_id: number of the revision; raised by every edit.
        modified_at: ModifyDate, ISO 8601 in KST.
        embargo_at: EmbargoDate, ISO 8601 in KST; may be later than the approval.
        grouping: GroupingCode as given (policy, brief, visual …).
        status: ContentsStatus as given: I inserted, U updated.
    """

    article: RawArticle
    approved_at: str | None
    modify_id: int | None = None
    modified_at: str | None = None
    embargo_at: str | None = None
    grouping: str | None = None
    status: str | None = None


@dataclass(frozen=True, slots=True)
class ApiAnswer:
    """One response.

    Attributes:
        items: the articles, in its order.
        total: totalCount, where given.
        damaged: whether the XML was malformed or cut, so that items may be missing.
    """

    items: tuple[ApiItem, ...]
    total: int | None = None
    damaged: bool = False

    def within(self, since: date, until: date) -> ApiAnswer:
        """Drop items from outside the window, such as those of the next midnight (6.6 %, 2020 to 2026)."""
        first, last = since.isoformat(), until.isoformat()
        kept = tuple(item for item in self.items if first <= (item.approved_at or first)[:10] <= last)
        return replace(self, items=kept)


def windows(since: date, until: date) -> tuple[tuple[date, date], ...]:
    """Divide days into windows of three, both ends inclusive, oldest first; raises UsageError for none."""
    if until < since:
        raise UsageError(f"until {until} lies before since {since}")
    starts = (since + timedelta(days) for days in range(0, (until - since).days + 1, DAYS))
    return tuple((start, min(start + timedelta(DAYS - 1), until)) for start in starts)


def request_url(service: str, since: date, until: date, key: str) -> str:
    """Write the URL that asks a service for a window; the key is encoded once, however it was issued."""
    days = {"startDate": f"{since:%Y%m%d}", "endDate": f"{until:%Y%m%d}"}
    return f"{service}?{urlencode({'serviceKey': unquote(key), **days})}"


@reading("the answer of the Open API", UnknownLayout)
def read_answer(content: bytes) -> ApiAnswer:
    """Read a response in XML or JSON.

    Raises:
        UsageError: the service refuses the key or the parameters.
        Unreachable: the quota is used up, or the service fails.
        UnknownLayout: the bytes are no response of this service.
    """
    text = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith((b"{", b"[")):
        return _read_json(text)
    if not text.startswith(b"<"):
        raise _plain_error(text.decode("utf-8", "replace"))
    if re.match(rb"<!doctype html|<html", text, re.IGNORECASE):
        raise UnknownLayout("the Open API answered with a web page")
    return _read_xml(text)


def _read_json(text: bytes) -> ApiAnswer:
    try:
        answer = json.loads(text)
        answer = answer.get("response", answer)
        header, body = answer["header"], answer.get("body") or {}
        found = body.get("NewsItem") or []
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError) as error:
        raise UnknownLayout(f"no answer of the Open API: {error}") from error
    _check(str(header.get("resultCode", "")), str(header.get("resultMsg", "")))
    listed = found if isinstance(found, list) else [found]
    items = [_fields_of_json(item) for item in listed if isinstance(item, dict)]
    return ApiAnswer(tuple(_items(items)), _number(body.get("totalCount")))


def _read_xml(text: bytes) -> ApiAnswer:
    text = text.translate(None, _FORBIDDEN)
    try:
        root = etree.fromstring(text, _parser())
        elements, damaged = list(root.iter("NewsItem")), False
    except etree.XMLSyntaxError:
        # Only what is whole is taken: half a body must never look like an edit.
        root = _mended(text)
        elements = [item for piece in _whole_items(text) if (item := _mended(piece)) is not None]
        damaged = True
    code = _text_of(root, "resultCode", "returnReasonCode")
    if root is None or (code is None and not elements):
        raise UnknownLayout("no answer of the Open API")
    _check(code or "0", _text_of(root, "resultMsg", "returnAuthMsg", "errMsg") or "")
    items = tuple(_items([_fields_of_xml(element) for element in elements]))
    return ApiAnswer(items, _number(_text_of(root, "totalCount")), damaged)


def _parser(*, recover: bool = False) -> etree.XMLParser:
    return etree.XMLParser(recover=recover, resolve_entities=False, no_network=True, encoding="utf-8")


def _mended(text: bytes) -> etree._Element | None:
    try:
        return etree.fromstring(text, _parser(recover=True))
    except etree.XMLSyntaxError:
        return None


def _whole_items(text: bytes) -> Iterator[bytes]:
    for piece in text.split(_ITEM_END)[:-1]:
        begins = [match.start() for match in _ITEM.finditer(piece)]
        if begins:
            yield piece[begins[-1] :] + _ITEM_END


def _text_of(root: etree._Element | None, *tags: str) -> str | None:
    for tag in tags:
        element = root.find(f".//{tag}") if root is not None else None
        if element is not None:
            return (element.text or "").strip()
    return None


def _check(code: str, message: str) -> None:
    """Raise the error of an error envelope; codes 0 and 00 mean success."""
    if code.strip("0") == "":
        return
    said = f"the Open API answered {code} {message}".strip()
    raise UsageError(said) if code in _OUR_FAULT else Unreachable(said)


def _plain_error(text: str) -> UsageError | Unreachable | UnknownLayout:
    """Make an error of a response in plain words (SERVICE_KEY_IS_NULL, NO_OPENAPI_SERVICE_ERROR, quota)."""
    line = one_line(text)[:120]
    if not line:
        return Unreachable("the Open API answered with nothing")
    if not line.isascii() or not re.search(r"[A-Za-z]{3}", line):
        return UnknownLayout("no answer of the Open API")
    said = f"the Open API answered: {line}"
    return UsageError(said) if _KEY_TROUBLE.search(line) else Unreachable(said)


def _fields_of_xml(element: etree._Element) -> Fields:
    fields: Fields = {}
    for child in element.iterchildren(tag=etree.Element):
        fields.setdefault(str(child.tag), []).append("".join(map(str, child.itertext())))
    return fields


def _fields_of_json(item: Mapping[str, Any]) -> Fields:
    return {
        name: [str(each) for each in (value if isinstance(value, list) else [value]) if each is not None]
        for name, value in item.items()
    }


def _items(items: Sequence[Fields]) -> Iterator[ApiItem]:
    """Make records of the fields; items of sections that the site's lists do not have are left out."""
    for fields in items:
        one = {name: values[0].strip() for name, values in fields.items() if values}
        address = identify(one.get("OriginalUrl", ""))
        section = address.section if address else _SECTION_OF_GROUP.get(one.get("GroupingCode", ""))
        native_id = one.get("NewsItemId") or (address.native_id if address else "")
        if section and _DIGITS.fullmatch(native_id):
            yield ApiItem(
                article=_article(section, native_id, one, fields),
                approved_at=_moment(one.get("ApproveDate")),
                modify_id=_number(one.get("ModifyId")),
                modified_at=_moment(one.get("ModifyDate")),
                embargo_at=_moment(one.get("EmbargoDate")),
                grouping=one.get("GroupingCode"),
                status=one.get("ContentsStatus"),
            )


def _article(section: str, native_id: str, one: Mapping[str, str], fields: Fields) -> RawArticle:
    subtitles = (_plain(one.get(f"SubTitle{number}", "")) for number in (1, 2, 3))
    body = one.get("DataContents", "")
    return RawArticle(
        site=KOREA,
        section=section,
        native_id=native_id,
        canonical_url=canonical_url(KOREA, section, native_id),
        title=_plain(one.get("Title", "")),
        parser="OpenApi/2",
        layout="open_api/item",
        subtitle=" ".join(filter(None, subtitles)) or None,
        published=tuple(filter(None, (one.get("ApproveDate"),))),
        organization=one.get("MinisterCode") or None,
        body_html=_paragraphs(body) if one.get("ContentsType") == "T" else body,
        attachments=tuple(_attachments(fields)),
        kogl_type=_number(one.get("KoglType")),
        modified_at=_moment(one.get("ModifyDate")),
        embargo_at=_moment(one.get("EmbargoDate")),
        revision=_number(one.get("ModifyId")),
    )


def _attachments(fields: Fields) -> Iterator[Attachment]:
    """Pair names and URLs, which are siblings in one order; each file once."""
    seen: set[str] = set()
    for name, url in zip(fields.get("FileName", ()), fields.get("FileUrl", ()), strict=False):
        file_id = parameter(url.strip(), "fileId") or url.strip()
        if host_of(url.strip()) and file_id not in seen:
            seen.add(file_id)
            yield Attachment(file_id, one_line(name), url.strip())


def _plain(text: str) -> str:
    """Read a title: line breaks are tags there, and entities may be written out."""
    return one_line(unescape(_MARKUP.sub(" ", text)))


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(line.strip())}</p>" for line in text.splitlines() if line.strip())


def _moment(stamp: str | None) -> str | None:
    """Read MM/DD/YYYY HH:MM:SS, which is Korean time."""
    try:
        return datetime.strptime(stamp or "", _STAMP).replace(tzinfo=KST).isoformat()
    except ValueError:
        return None


def _number(text: object) -> int | None:
    found = _DIGITS.fullmatch(str(text).strip())
    return int(found[0]) if found else None
