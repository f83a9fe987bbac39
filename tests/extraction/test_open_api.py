"""The Open API: whole answers, broken ones, and errors in every form it gives them."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import BriefingError, UnknownLayout, Unreachable, UsageError
from archive.records import Attachment
from crawler.pages.korea.open_api import POLICY, PRESS, read_answer, request_url, windows

if TYPE_CHECKING:
    from pathlib import Path

FIRST = """<NewsItem><NewsItemId>148900001</NewsItemId><ContentsStatus>U</ContentsStatus>
<ModifyId>7</ModifyId><ModifyDate>03/12/2026 15:20:11</ModifyDate>
<ApproveDate>03/12/2026 09:30:00</ApproveDate><EmbargoDate></EmbargoDate>
<GroupingCode>policy</GroupingCode><Title><![CDATA[봄꽃 길 <걷기> 여행 &amp; 축제]]></Title>
<SubTitle1><![CDATA['꽃길 지도' 공개<br>전국 40곳]]></SubTitle1>
<SubTitle2>예약은 누리집에서</SubTitle2><SubTitle3></SubTitle3>
<ContentsType>H</ContentsType><DataContents><![CDATA[<p>첫 문단</p><p>둘째<br>문단</p>]]></DataContents>
<MinisterCode>문화체육관광부</MinisterCode>
<OriginalUrl>https://www.korea.kr/news/policyNewsView.do?newsId=148900001&amp;call_from=openData</OriginalUrl>
<KoglType>1</KoglType></NewsItem>"""
SECOND = """<NewsItem><NewsItemId>148900002</NewsItemId><ApproveDate>03/13/2026 00:00:00</ApproveDate>
<GroupingCode>policy</GroupingCode><Title>내일의 소식</Title>
<DataContents><![CDATA[<p>본문</p>]]></DataContents>
<MinisterCode>환경부</MinisterCode></NewsItem>"""


def answer(*items: str, total: int | None = None) -> bytes:
    count = f"<totalCount>{total}</totalCount>" if total is not None else ""
    head = "<header><resultCode>0</resultCode><resultMsg>NORMAL_SERVICE</resultMsg></header>"
    body = f"<response>{head}<body>{''.join(items)}{count}</body></response>"
    return f"<?xml version='1.0' encoding='UTF-8'?>{body}".encode()


def test_an_item_says_what_a_page_would_say() -> None:
    found = read_answer(answer(FIRST, total=1))
    article = found.items[0].article
    assert (found.total, found.damaged) == (1, False)
    assert (article.site, article.section, article.native_id) == ("korea.kr", "policy", "148900001")
    assert article.canonical_url == "https://www.korea.kr/news/policyNewsView.do?newsId=148900001"
    assert article.title == "봄꽃 길 <걷기> 여행 & 축제"
    assert article.subtitle == "'꽃길 지도' 공개 전국 40곳 예약은 누리집에서"
    assert article.published == ("03/12/2026 09:30:00",)
    assert article.organization == "문화체육관광부"
    assert article.body_html == "<p>첫 문단</p><p>둘째<br>문단</p>"
    assert article.kogl_type == 1


def test_an_item_says_what_no_page_says() -> None:
    item = read_answer(answer(FIRST)).items[0]
    assert (item.modify_id, item.modified_at) == (7, "2026-03-12T15:20:11+09:00")
    assert (item.approved_at, item.embargo_at) == ("2026-03-12T09:30:00+09:00", None)
    assert (item.grouping, item.status) == ("policy", "U")


def test_plain_text_becomes_paragraphs() -> None:
    plain = FIRST.replace("<ContentsType>H", "<ContentsType>T").replace("<p>첫 문단</p>", "A < B\n\n")
    body = read_answer(answer(plain)).items[0].article.body_html
    assert body.startswith("<p>A &lt; B</p><p>&lt;p&gt;둘째")


def test_files_are_paired_by_their_order() -> None:
    files = "".join(
        f"<FileName>{name}</FileName><FileUrl>https://www.korea.kr/common/download.do?fileId={file_id}&amp;tblKey=GMN</FileUrl>"
        for name, file_id in (("봄꽃.hwpx", "11"), ("봄꽃.pdf", "12"), ("봄꽃.pdf", "12"))
    )
    press = FIRST.replace("policy</Gr", "brief</Gr").replace("news/policyNews", "briefing/pressRelease")
    article = read_answer(answer(press.replace("</NewsItem>", f"{files}</NewsItem>"))).items[0].article
    link = "https://www.korea.kr/common/download.do?fileId={}&tblKey=GMN"
    assert article.section == "press"
    assert article.attachments == (
        Attachment("11", "봄꽃.hwpx", link.format("11")),
        Attachment("12", "봄꽃.pdf", link.format("12")),
    )


def test_the_id_may_stand_in_the_address_only() -> None:
    bare = FIRST.replace("<NewsItemId>148900001</NewsItemId>", "")
    assert read_answer(answer(bare)).items[0].article.native_id == "148900001"


def test_items_of_unknown_sections_are_left_out() -> None:
    video = FIRST.replace("policy</Gr", "media</Gr").replace("news/policyNewsView", "multi/mediaNewsView")
    assert [item.article.native_id for item in read_answer(answer(video, SECOND)).items] == ["148900002"]


def test_json_is_read_as_xml_is() -> None:
    item = {
        "NewsItemId": "148900001",
        "ModifyId": 7,
        "ApproveDate": "03/12/2026 09:30:00",
        "GroupingCode": "policy",
        "Title": "봄꽃 길",
        "DataContents": "<p>첫 문단</p>",
        "KoglType": None,
    }
    header = {"resultCode": "0", "resultMsg": "NORMAL_SERVICE"}
    content = json.dumps({"header": header, "body": {"NewsItem": [item], "totalCount": 1}}).encode()
    found = read_answer(content)
    assert (found.total, found.items[0].modify_id, found.items[0].article.kogl_type) == (1, 7, None)
    assert found.items[0].article.title == "봄꽃 길"


def test_the_next_midnight_does_not_leak_in() -> None:
    found = read_answer(answer(FIRST, SECOND)).within(date(2026, 3, 10), date(2026, 3, 12))
    assert [item.article.native_id for item in found.items] == ["148900001"]


def test_an_answer_cut_short_gives_its_whole_items_and_says_so() -> None:
    found = read_answer(answer(FIRST, SECOND)[:-120])
    assert found.damaged
    assert [item.article.native_id for item in found.items] == ["148900001"]


def test_an_item_that_is_not_well_formed_is_mended() -> None:
    broken = SECOND.replace("내일의 소식", "연구 & 개발 R&D")
    found = read_answer(answer(FIRST, broken))
    assert found.damaged
    assert [item.article.native_id for item in found.items] == ["148900001", "148900002"]


def test_characters_that_xml_forbids_are_dropped() -> None:
    found = read_answer(answer(SECOND.replace("내일의", "내일\x0b의")))
    assert not found.damaged
    assert found.items[0].article.title == "내일의 소식"


def test_an_empty_answer_is_no_error() -> None:
    assert read_answer(answer(total=0)).items == ()


def service_error(code: str, message: str) -> bytes:
    header = f"<header><resultCode>{code}</resultCode><resultMsg>{message}</resultMsg></header>"
    return f"<response>{header}<body></body></response>".encode()


def gateway_error(code: str, message: str) -> bytes:
    header = f"<errMsg>SERVICE ERROR</errMsg><returnAuthMsg>{message}</returnAuthMsg>"
    head = f"<cmmMsgHeader>{header}<returnReasonCode>{code}</returnReasonCode></cmmMsgHeader>"
    return f"<OpenAPI_ServiceResponse>{head}</OpenAPI_ServiceResponse>".encode()


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        (service_error("98", "THREE_DAYS_OVER_ERROR"), UsageError, "98 THREE_DAYS"),
        (service_error("99", "UNKNOWN_ERROR"), Unreachable, "99 UNKNOWN"),
        (gateway_error("30", "SERVICE_KEY_IS_NOT_REGISTERED_ERROR"), UsageError, "30 SERVICE_KEY"),
        (gateway_error("22", "LIMITED_NUMBER_EXCEEDS_ERROR"), Unreachable, "22 LIMITED"),
        (b'{"header": {"resultCode": "98", "resultMsg": "THREE_DAYS_OVER_ERROR"}}', UsageError, "98"),
        (b"SERVICE_KEY_IS_NULL", UsageError, "SERVICE_KEY_IS_NULL"),
        (b"API rate limit exceeded\r\n", Unreachable, "rate limit"),
        (b"", Unreachable, "nothing"),
        (b"<!DOCTYPE html><html><body>...</body></html>", UnknownLayout, "web page"),
        (b"<rss></rss>", UnknownLayout, "no answer"),
        (b"{}", UnknownLayout, "no answer"),
        (b"[1, 2]", UnknownLayout, "no answer"),
        (b"\xff\xfe\x00", UnknownLayout, "no answer"),
    ],
)
def test_an_error_is_raised_as_what_it_means(content: bytes, error: type[BriefingError], said: str) -> None:
    with pytest.raises(error, match=said) as raised:
        read_answer(content)
    assert "\n" not in str(raised.value)


@given(st.binary(max_size=300) | st.binary(max_size=60).map(lambda noise: answer(FIRST)[:700] + noise))
def test_any_bytes_are_an_answer_or_a_known_error(content: bytes) -> None:
    try:
        found = read_answer(content)
    except BriefingError:
        return
    assert all(item.article.native_id for item in found.items)


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("geheim", encoding="utf-8")
    doctype = f'<!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    item = SECOND.replace("내일의 소식", "&x;").encode()
    content = (
        doctype.encode() + b"<response><header><resultCode>0</resultCode></header>" + item + b"</response>"
    )
    assert "geheim" not in read_answer(content).items[0].article.title


def test_windows_cover_every_day_once() -> None:
    assert windows(date(2026, 2, 27), date(2026, 3, 5)) == (
        (date(2026, 2, 27), date(2026, 3, 1)),
        (date(2026, 3, 2), date(2026, 3, 4)),
        (date(2026, 3, 5), date(2026, 3, 5)),
    )


def test_windows_need_an_end_after_the_beginning() -> None:
    with pytest.raises(UsageError, match="lies before"):
        windows(date(2026, 3, 2), date(2026, 3, 1))


@pytest.mark.parametrize("key", ["ab+c/d==", "ab%2Bc%2Fd%3D%3D"])
def test_a_key_is_encoded_once_however_it_was_issued(key: str) -> None:
    query = parse_qs(urlsplit(request_url(POLICY, date(2026, 3, 1), date(2026, 3, 3), key)).query)
    assert query == {"serviceKey": ["ab+c/d=="], "startDate": ["20260301"], "endDate": ["20260303"]}


def test_press_releases_are_asked_of_their_own_service() -> None:
    assert request_url(PRESS, date(2026, 3, 1), date(2026, 3, 1), "k").startswith(f"{PRESS}?serviceKey=k&")


SAMPLES = [
    ("openapi_v2_policyNewsList2_shape_20261005.xml", "policy", "148972963"),
    ("openapi_v2_visual_item_20260804.xml", "visual", "148969392"),
    ("openapi_v2_item_20260806.json", "policy", "148969565"),
    ("openapi_v1_pressRelease_shape_COMPOSED.xml", "press", "156762702"),
]


@pytest.mark.parametrize(("name", "section", "native_id"), SAMPLES)
def test_answers_seen_are_read(shared: Path, name: str, section: str, native_id: str) -> None:
    found = read_answer((shared / "samples" / "korea_kr" / name).read_bytes())
    assert [(item.article.section, item.article.native_id) for item in found.items] == [(section, native_id)]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("openapi_error_98_three_days.xml", UsageError),
        ("openapi_error_gateway_30.xml", UsageError),
        ("openapi_error_gateway_22_quota.xml", Unreachable),
    ],
)
def test_errors_seen_are_understood(shared: Path, name: str, error: type[BriefingError]) -> None:
    with pytest.raises(error):
        read_answer((shared / "samples" / "korea_kr" / name).read_bytes())
