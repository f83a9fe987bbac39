"""Clean bodies: every visible word in order, none glued or split, in all three forms."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from pipelines.blocks import Cell, Paragraph, Table, text_of
from pipelines.clean import blocks_to_body, clean_html

if TYPE_CHECKING:
    from archive.records import Body

BASE = "https://www.korea.kr/briefing/pressReleaseView.do"
RENDERER = MarkdownIt("commonmark", {"html": True}).enable("table")


def letters(text: str) -> str:
    """Keep letters and digits."""
    return "".join(sign for sign in text if sign.isalnum())


def folded(text: str) -> str:
    """Write raised and lowered figures as plain ones, as the search does."""
    return unicodedata.normalize("NFKC", text)


def seen(markup: str) -> str:
    """Return the text of HTML."""
    return html.fragment_fromstring(markup, create_parent="div").xpath("string()") if markup.strip() else ""


def assert_faithful(body: Body) -> None:
    """Check that the three forms hold the same letters and digits in the same order."""
    assert letters(folded(seen(body.html))) == letters(folded(body.text))
    assert letters(seen(RENDERER.render(body.markdown))) == letters(body.text)


def text(fragment: str) -> str:
    """Clean a fragment and give its text."""
    return clean_html(fragment, BASE).body.text


def markdown(fragment: str) -> str:
    """Clean a fragment and give its Markdown."""
    return clean_html(fragment, BASE).body.markdown


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("<p>근로<span>자</span><span>의 날</span></p>", "근로자의 날"),
        ("<p>하나</p><p>둘</p>", "하나\n둘"),
        ("<center>하나</center><center>둘</center>", "하나\n둘"),
        ("하나<br>둘<br/>셋</br>넷", "하나\n둘\n셋\n넷"),
        ("하나<br><br>&nbsp;<br>둘", "하나\n둘"),
        ("하나</p>둘", "하나\n둘"),
        ("하나<p>&nbsp;</p><b>둘</b>", "하나\n둘"),
        ("<p>하나<div>둘</div>셋</p>", "하나\n둘\n셋"),
        ("<ul><li>하나<li>둘</ul>", "하나\n둘"),
        ("<pre>첫 줄\n  둘째 줄</pre>", "첫 줄\n둘째 줄"),
        ("<p>  문&nbsp;&nbsp;의 :\n\t과학과  </p>", "문 의 : 과학과"),
        ("<p>낱&#8203;말&shy;하나\u200b</p>", "낱말하나"),
        ("<ruby>漢<rt>한</rt>字<rt>자</rt></ruby>", "漢(한)字(자)"),
        ("<ruby>情<rp>(</rp><rt>정</rt><rp>)</rp></ruby>", "情(정)"),
        ("<label>이름</label><button>누름</button>", "이름누름"),
        ("<source>기사작성 : 관리자</source>", "기사작성 : 관리자"),
    ],
)
def test_inline_elements_join_and_blocks_part(fragment: str, expected: str) -> None:
    assert text(fragment) == expected


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        (
            "<p>문의<자료출처=정책브리핑 https://www.korea.kr>끝</p>",
            "문의<자료출처=정책브리핑 https://www.korea.kr>끝",
        ),
        ("<총괄>항만국 항만과, <물류 > 해운과", "<총괄>항만국 항만과, <물류 > 해운과"),
        ("▲ <K-바다 홍보관>과 <b><2026 바다 야행></b>", "▲ <K-바다 홍보관>과 <2026 바다 야행>"),
        ("3<5이고 7>6, <3 하트", "3<5이고 7>6, <3 하트"),
        ("<목록>하나</목록>", "<목록>하나"),
        ("<b>굵게</b이라고 했다.", "굵게이라고 했다."),
        ("<o:p>말</o:p><elink>이음</elink>", "말이음"),
    ],
)
def test_brackets_of_the_text_are_no_tags(fragment: str, expected: str) -> None:
    assert text(fragment) == expected
    assert_faithful(clean_html(fragment, BASE).body)


def test_what_runs_or_hides_is_gone() -> None:
    body = clean_html(
        "<script>alert(1)</script><style>p{}</style><title>제목</title><!-- 주석 -->"
        '<p onclick="x()" style="color:red" data-ke-size="size16">본문</p>'
        '<iframe src="https://evil.example/"></iframe><svg><text>그림</text></svg>'
        '<div style="display: none">숨김</div><span hidden>숨김</span><img src=x onerror=y()>',
        BASE,
    ).body
    assert body.text == "본문"
    assert body.html == '<p>본문</p><a href="https://www.korea.kr/briefing/x" title="그림">그림</a>'


def test_furniture_inside_the_container_is_gone() -> None:
    fragment = (
        '<p>본문</p><p class="remark">“이 자료는 바다부의 보도자료를 전재하여 제공함을 알려드립니다.”</p>'
        '<div class="swiper-button-prev">Previous</div><div class="swiper-button-next">Next</div>'
        '<ins class="adsbygoogle">광고</ins>'
        '<aside class="inline-related"><a href="/1">다른 기사</a></aside>끝'
    )
    assert text(fragment) == "본문\n끝"


def test_spacers_and_presentation_are_gone() -> None:
    fragment = '<div><p>&nbsp;</p><h2 data-ke-size="size26">머리</h2><p><br></p><p> </p><p>글</p></div>'
    assert clean_html(fragment, BASE).body.html == "<div><h2>머리</h2> <p>글</p></div>".replace("> <", "><")


def test_a_hidden_address_is_shown() -> None:
    hidden = "5a3b1a38743128"  # a@b.kr under the key 0x5a
    fragment = f'<a href="/cdn-cgi/l/email-protection" data-cfemail="{hidden}">[email&#160;protected]</a>'
    cleaned = clean_html(fragment, BASE)
    assert cleaned.body.text == "a@b.kr"
    assert cleaned.links[0].url == "mailto:a@b.kr"
    inside = f'<a href="/cdn-cgi/l/email-protection#1"><span data-cfemail="{hidden}">[email]</span></a>'
    assert clean_html(inside, BASE).body.html == "a@b.kr"


def test_addresses_become_absolute_and_those_that_lead_nowhere_go() -> None:
    cleaned = clean_html(
        '<a href="/a?b=1&amp;c=2">하나</a> <a href="javascript:x()">둘</a> <a href="#top">셋</a>'
        '<a href="tel:044-123-4567">넷</a><a href="www.korea.kr">다섯</a>'
        '<img src="data:image/png;base64,AA">',
        BASE,
    )
    assert [link.url for link in cleaned.links] == [
        "https://www.korea.kr/a?b=1&c=2",
        "tel:044-123-4567",
        "https://www.korea.kr",
    ]
    assert cleaned.body.text == "하나 둘 셋넷다섯"
    assert cleaned.images == ()


def test_a_picture_keeps_its_caption() -> None:
    cleaned = clean_html(
        '<figure><img src="/a.jpg" alt="배"><figcaption>바다부 제공</figcaption></figure><p>글</p>', BASE
    )
    (image,) = cleaned.images
    assert (image.url, image.alt, image.caption) == ("https://www.korea.kr/a.jpg", "배", "바다부 제공")
    assert cleaned.body.text == "바다부 제공\n글"
    assert cleaned.body.markdown == '[배](https://www.korea.kr/a.jpg "그림")\n\n바다부 제공\n\n글'
    assert '<a href="https://www.korea.kr/a.jpg" title="그림">배</a>' in cleaned.body.html


@pytest.mark.parametrize(
    ("fragment", "html", "markdown"),
    [
        (
            '<a href="/ship">크게 <img src="/a.jpg"> 보기</a>',
            (
                '<a href="https://www.korea.kr/ship">크게 </a>'
                '<a href="https://www.korea.kr/a.jpg" title="그림">그림</a>'
                '<a href="https://www.korea.kr/ship"> 보기</a>'
            ),
            (
                '[크게](https://www.korea.kr/ship) [그림](https://www.korea.kr/a.jpg "그림")'
                " [보기](https://www.korea.kr/ship)"
            ),
        ),
        (
            '<a href="/big.jpg"><img src="/a.jpg" alt="배 &gt; 항구"></a>',
            '<a href="https://www.korea.kr/big.jpg" title="그림">배 &gt; 항구</a>',
            '[배 > 항구](https://www.korea.kr/a.jpg "그림")',
        ),
        (
            '출항!<img src="/a.jpg" alt="배">',
            '출항!<a href="https://www.korea.kr/a.jpg" title="그림">배</a>',
            '출항\\![배](https://www.korea.kr/a.jpg "그림")',
        ),
    ],
)
def test_a_picture_becomes_a_link(fragment: str, html: str, markdown: str) -> None:
    body = clean_html(fragment, BASE).body
    assert (body.html, body.markdown) == (html, markdown)


LOADING = [
    '<img src="{0}"><img srcset="{0} 2x" src="{0}"><picture><source srcset="{0}"><img src="{0}"></picture>',
    '<video src="{0}" poster="{0}"><source src="{0}"><track src="{0}"></video><audio src="{0}"></audio>',
    '<iframe src="{0}" srcdoc="&lt;img src={0}&gt;"></iframe><embed src="{0}"><object data="{0}">x</object>',
    '<p style="background: url({0})">글</p><style>@import "{0}"; p {{ background: url({0}) }}</style>',
    '<table background="{0}"><tr><td background="{0}">글</td></tr></table><body background="{0}">',
    '<link rel="stylesheet" href="{0}"><link rel="prefetch" href="{0}"><base href="{0}">',
    '<meta http-equiv="refresh" content="0; url={0}"><input type="image" src="{0}"><frame src="{0}">',
    '<svg><image href="{0}"/><use xlink:href="{0}"/><script href="{0}"/></svg><math href="{0}">x</math>',
    '<a ping="{0}" href="/x">글</a><script src="{0}"></script><applet code="{0}"></applet>',
    "<p>![그림]({0})</p><p>!</p>[글]({0})",
]


@pytest.mark.parametrize("fragment", LOADING)
def test_nothing_in_a_clean_body_loads_anything(fragment: str) -> None:
    body = clean_html(fragment.format("https://tracker.example/1.png"), BASE).body
    rendered = RENDERER.render(body.markdown)
    for markup in (body.html, rendered):
        for element in BeautifulSoup(markup, "html.parser").find_all():
            assert element.name not in {"img", "link", "style", "script", "iframe", "base", "meta", "source"}
            assert set(element.attrs) <= ({"href", "title"} if element.name == "a" else set()), element


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("10<sup>3</sup>톤, 2×10<sup>-6</sup>", "10³톤, 2×10⁻⁶"),
        ("CO<sub>2</sub> 농도 m<sup>2</sup>당", "CO₂ 농도 m²당"),
        ("청년<sup>1)</sup> 인구<sup>*</sup>, 통계<sup>[2]</sup>", "청년¹⁾ 인구*, 통계[2]"),
        ("x<sup>a</sup> y<sub>ij</sub> 10<sup>0.5</sup>", "x^a y_(ij) 10^(0.5)"),
        ("1<sup>st</sup> 제품<sup>TM</sup> 물가<sup>하</sup>은", "1st 제품TM 물가하은"),
        ("<b>10<sup>3</sup></b>톤", "10³톤"),
        ("가<sup><p>나</p></sup>다", "가\n나\n다"),
    ],
)
def test_exponents_and_indices_are_told_from_their_base(fragment: str, expected: str) -> None:
    assert text(f"<div>{fragment}</div>") == expected
    assert seen(RENDERER.render(markdown(f"<div>{fragment}</div>"))).split() == expected.split()


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("<b>금액(억원)</b>", "<strong>금액(억원)</strong>"),
        ("<b>금액(억원)</b>은", "<strong>금액</strong>(억원)은"),
        ("<b>금액(억원</b>)", "<strong>금액</strong>(억원)"),
        ("<b>(가)나</b> 다", "<strong>(가)나</strong> 다"),
        ("아<b>(가)나</b>다", "아(가)<strong>나</strong>다"),
        ("<b>a(b[c])</b>, d", "<strong>a(b[c])</strong>, d"),
        ("<b>「정책」</b>을", "「<strong>정책</strong>」을"),
    ],
)
def test_emphasis_takes_brackets_in_as_pairs_where_it_can_be_seen(fragment: str, expected: str) -> None:
    assert RENDERER.render(markdown(f"<p>{fragment}</p>")).strip() == f"<p>{expected}</p>"


def nest(text: str) -> bool:
    """Return whether the brackets of a text come in pairs."""
    signs = re.sub(r"[^()「」“”\[\]]", "", text)
    while (shorter := re.sub(r"\(\)|「」|“”|\[\]", "", signs)) != signs:
        signs = shorter
    return not signs


@given(
    st.lists(
        st.tuples(
            st.sampled_from(("", "b", "i")), st.text("가나a1 .,()「」[]“”*_-!", min_size=1, max_size=8)
        ),
        max_size=6,
    )
)
def test_marks_of_emphasis_are_never_shown_and_split_no_brackets(pieces: list[tuple[str, str]]) -> None:
    fragment = "".join(f"<{tag}>{inside}</{tag}>" if tag else inside for tag, inside in pieces)
    body = clean_html(f"<p>{fragment}</p>", BASE).body
    page = RENDERER.render(body.markdown)
    assert seen(page).split() == body.text.split()
    if nest(body.text):
        assert all(nest(stretch) for stretch in re.findall(r"<(?:strong|em)>(.*?)</(?:strong|em)>", page))


def test_items_keep_the_numbers_that_they_were_given() -> None:
    fragment = "<ol><li>하나</li><li value=7>일곱</li><li>여덟</li></ol>"
    assert markdown(fragment) == "1. 하나\n7. 일곱\n8. 여덟"
    assert markdown("<ol reversed><li>셋</li><li>둘</li></ol>") == "2. 셋\n1. 둘"
    assert_faithful(
        clean_html("<ol start=-5><li>가</li></ol><ol start=99999999999><li>나</li></ol>", BASE).body
    )


def test_a_bold_line_is_a_paragraph() -> None:
    cleaned = clean_html("<p><b>□ 추진 배경</b></p><h3>머리</h3>", BASE)
    assert cleaned.blocks == (Paragraph("□ 추진 배경"), Paragraph("머리", "heading", 3))
    assert cleaned.body.markdown == "□ **추진 배경**\n\n### 머리"


def test_emphasis_hugs_letters_beside_particles() -> None:
    assert markdown("<p><b>「바다법」</b>을 <i>바꾸</i>었다</p>") == "「**바다법**」을 *바꾸*었다"
    assert "<strong>바다법</strong>」을" in RENDERER.render("「**바다법**」을")


def test_lists_nest() -> None:
    fragment = "<ol start=3><li>하나<ul><li>둘</li></ul></li><li>셋</li></ol>"
    assert markdown(fragment) == "3. 하나\n    - 둘\n4. 셋"


@pytest.mark.parametrize(
    "line",
    ["1. 번호", "- 줄", "# 자", "> 인용", "+ 더", "=== 금", "3~5, 7~9", "* 주", "a_b _c_", "&amp;amp; <b>"],
)
def test_signs_of_markdown_stay_signs(line: str) -> None:
    body = clean_html(f"<p>{line.replace('<', '&lt;')}</p>", BASE).body
    rendered = seen(RENDERER.render(body.markdown)).strip()
    assert rendered == body.text
    assert "<p>" in RENDERER.render(body.markdown)


def test_a_fragment_nested_without_end_is_read() -> None:
    assert text("<div>" * 20_000 + "깊은 글" + "</div>" * 20_000) == "깊은 글"


def test_nothing_is_nothing() -> None:
    assert clean_html("", BASE).body == clean_html(" \n<p>&nbsp;</p>", BASE).body == blocks_to_body(())


def test_blocks_are_written_in_three_forms() -> None:
    blocks = (
        Paragraph("머리", "heading", 2),
        Paragraph("첫 줄\n둘째 <줄>"),
        Paragraph("항목", "item", 2),
        Table((Cell("가", 0, 0, header=True), Cell("나", 1, 0))),
    )
    body = blocks_to_body(blocks)
    assert body.html == (
        "<h2>머리</h2>\n<p>첫 줄<br>둘째 &lt;줄&gt;</p>\n<ul><ul><li>항목</li></ul></ul>\n"
        "<table><tr><th>가</th></tr><tr><td>나</td></tr></table>"
    )
    assert body.markdown == "## 머리\n\n첫 줄  \n둘째 <줄>\n\n- 항목\n\n| 가 |\n| --- |\n| 나 |"
    assert body.text == text_of(blocks)
    assert_faithful(body)


SIGNS = st.text(st.sampled_from("가나다abc12 ~*_`#-+=>.|!&;:()[]\\/\"'「」…·<\n\u00a0\u3000"), max_size=12)
INLINE = ("b", "i", "strong", "em", "span", "a", "u", "sub", "code", "unknown")
BLOCK = ("p", "div", "h2", "li", "ul", "ol", "blockquote", "table", "tr", "td", "th", "pre", "center", "dd")


def element(inner: st.SearchStrategy[str], tags: tuple[str, ...] = INLINE + BLOCK) -> st.SearchStrategy[str]:
    """Draw elements around other fragments, some never closed, some closed twice."""

    def wrap(tag: str, parts: list[str], close: str) -> str:
        start = '<a href="/x_(1)">' if tag == "a" else f"<{tag}>"
        return start + "".join(parts) + close.format(tag=tag)

    return st.builds(
        wrap,
        st.sampled_from(tags),
        st.lists(inner, max_size=4),
        st.sampled_from(("</{tag}>", "</{tag}>", "</{tag}>", "", "</{tag}></{tag}>")),
    )


LEAVES = st.one_of(SIGNS, st.just("<br>"), st.just("<hr>"), st.just("&nbsp;"))
FRAGMENTS = st.recursive(LEAVES, element, max_leaves=25)
# Without brackets and references in the text, and without stray parts of tables, which browsers move or drop.
PLAIN = st.text(st.sampled_from("가나다abc12 ~*_#-+=.|[]「」\n"), max_size=12)
PLAIN_TAGS = (*INLINE, "p", "div", "h2", "li")
PLAIN_FRAGMENTS = st.recursive(PLAIN, lambda inner: element(inner, PLAIN_TAGS), max_leaves=25)


@given(FRAGMENTS)
def test_any_fragment_keeps_its_letters_in_all_forms(fragment: str) -> None:
    assert_faithful(clean_html(fragment, BASE).body)


@given(PLAIN_FRAGMENTS)
def test_any_fragment_keeps_the_letters_that_were_served(fragment: str) -> None:
    assert letters(folded(text(fragment))) == letters(re.sub(r"<[^>]*>", "", fragment))


@given(FRAGMENTS)
def test_cleaning_twice_changes_nothing(fragment: str) -> None:
    once = clean_html(fragment, BASE).body
    assert clean_html(once.html, BASE).body.text == once.text


@given(st.lists(SIGNS, max_size=4))
def test_markdown_renders_back_to_the_same_words(lines: list[str]) -> None:
    escaped = [line.replace("&", "&amp;").replace("<", "&lt;") for line in lines]
    body = clean_html("".join(f"<p>{line}</p>" for line in escaped), BASE).body
    assert seen(RENDERER.render(body.markdown)).split() == body.text.split()
