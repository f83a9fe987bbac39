"""Pages of www.korea.kr as it looked in 2026, around the sample articles."""

from __future__ import annotations

import hashlib
import json
import re
from html import escape
from typing import TYPE_CHECKING

from archive.records import KOREA
from crawler.sites.sections import section_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from briefing.demo.samples import Sample

ROOT = "https://www.korea.kr"
PER_PAGE = 3  # the site shows 20; three make the sample lists turn pages
ROBOTS = f"User-Agent: *\nAllow: /\nDisallow:\nSitemap: {ROOT}/sitemapindex.xml\n"


TABLE_KEYS = {"press": "GMN", "speech": "PAN"}  # tblKey of a download; PMN for the others

GONE = (
    '<!DOCTYPE html>\n<html lang="ko"><head><meta charset="UTF-8"><title>대한민국 정책브리핑</title></head>\n'
    "<body>"
    '<script>\nalert("삭제되었거나 존재하지 않는 게시물입니다.");\nhistory.back();\n</script></body></html>\n'
)
HEAD = """<meta charset="UTF-8">
<link rel="stylesheet" href="/cssV5/web.common.css?time={stamp}">
<script src="/jsV5/web.sub.js?time={stamp}"></script>
<script>
    // 페이징
    function pageLink(pageNo){{
        history.replaceState({{}}, null, location.pathname);
        $('#pageIndex').val(pageNo);
        $('#mainForm').submit();
    }}
</script>
"""
FOOT = """<footer id="footer" class="footer">
<ul class="foot_link"><li><a href="/guide/copyRight.do">저작권정책</a></li></ul>
<address>(30119) 세종특별자치시 갈매로 388 정책브리핑 문의 044-203-0000</address></footer>
"""


def _view_path(sample: Sample) -> str:
    return section_of(KOREA, sample.section).view_path


def address_of(sample: Sample) -> str:
    """Return the canonical URL of an article."""
    return f"{ROOT}{_view_path(sample)}?newsId={sample.id}"


def file_of(sample: Sample) -> tuple[int, str]:
    """Return the id and the name of the file attached to a release."""
    return 190000000 + sample.id % 10000000, f"{sample.at:%m%d} ({sample.organization}) {sample.title}.hwpx"


def viewer_of(sample: Sample) -> str:
    """Return the name under which the document viewer keeps a release."""
    return hashlib.sha256(str(sample.id).encode()).hexdigest()[:32]


def sitemap_index() -> str:
    """List the sitemaps."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"<sitemap><loc>{ROOT}/sitemap_policy.xml</loc></sitemap></sitemapindex>\n"
    )


def sitemap(samples: Sequence[Sample]) -> str:
    """List the policy news, as the one section sitemap known of the site does."""
    urls = "".join(
        f"<url><loc>{address_of(sample)}</loc><lastmod>{sample.at:%Y-%m-%d}</lastmod></url>\n"
        for sample in samples
        if sample.section == "policy"
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n'
    )


# ------------------------------------------------------------------ lists


def list_page(section: str, samples: Sequence[Sample], asked: Mapping[str, str], today: date) -> str:
    """Show one page of a section's list for the window of days that the form asks for."""
    start, end = asked.get("startDate") or "1970-01-01", asked.get("endDate") or f"{today}"
    found = [
        sample for sample in samples if sample.section == section and start <= f"{sample.at:%Y-%m-%d}" <= end
    ]
    page = int(asked.get("pageIndex") or 1)
    items = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    query = f"pageIndex={page}&amp;startDate={start}&amp;endDate={end}&srchWord=&amp;period=direct"
    declared = section_of(KOREA, section)
    return _page(
        f"<title>{declared.korean} | 브리핑룸 | 대한민국 정책브리핑</title>",
        f"""<form id="mainForm" name="mainForm" method="post" action="{declared.list_path}">
<input type="hidden" id="pageIndex" name="pageIndex" value="{page}"/>
<input type="hidden" id="startDate" name="startDate" value="{start}"/>
<input type="hidden" id="endDate" name="endDate" value="{end}"/>
</form>
<div class="article_body"><h2><strong>{declared.korean}</strong></h2>
<div class="sch_brief"><div class="result">검색결과 총 <strong>{len(found):,}</strong>건</div></div>
{_items(section, items, query)}
{_paging(page, -(-len(found) // PER_PAGE))}
</div>""",
        samples,
        today,
    )


def _items(section: str, items: Sequence[Sample], query: str) -> str:
    if section in ("briefing", "speech"):
        rows = "".join(_row(sample, query) for sample in items)
        empty = '<tr><td colspan="4" class="no_data">등록된 정보가 없습니다.</td></tr>'
        return f'<div class="table_list"><table><tbody>{rows or empty}</tbody></table></div>'
    shape = {"statecouncil": _agenda_item, "visual": _card}.get(section, _item)
    box = "photo_list card" if section == "visual" else "list_type"
    rows = "".join(shape(sample, query) for sample in items)
    empty = '<li class="no_data"><span>등록된 정보가 없습니다.</span></li>'
    return f'<div class="{box}"><ul>{rows or empty}</ul></div>'


def _item(sample: Sample, query: str) -> str:
    return f"""<li><a href="{_view_path(sample)}?newsId={sample.id}&amp;{query}">
<span class="text"><strong>{escape(sample.title, quote=False)}</strong>
<span class="lead">
{escape(_lead(sample), quote=False)}
</span>
<span class="source"><span>{sample.at:%Y.%m.%d}</span><span>{sample.organization}</span></span>
</span></a></li>
"""


def _lead(sample: Sample) -> str:
    """Return the text of a list item: all of it, run together; a stock sentence for some releases."""
    if sample.section == "press" and not sample.contacts and sample.form == "viewer":
        return f"{sample.title} 관련 보도자료 내용입니다. 자세한 내용은 첨부파일을 참고하시기 바랍니다."
    return "".join(sample.paragraphs)


def _agenda_item(sample: Sample, query: str) -> str:
    return f"""<li><a href="javascript:;" onclick="goView('{_view_path(sample)}?newsId={sample.id}&{query}')">
<span class="text"><strong>{escape(sample.title)}</strong>
<span class="source"><span>{sample.at:%Y.%m.%d}</span></span></span></a></li>
"""


def _card(sample: Sample, query: str) -> str:
    return f"""<li><a href="{_view_path(sample)}?newsId={sample.id}&amp;cateId=cardnews&amp;{query}">
<img src="{_picture(sample)}" alt=""><strong>{escape(sample.title)}</strong>
<span>{sample.at:%Y.%m.%d}</span><span>{sample.organization}</span></a></li>
"""


def _row(sample: Sample, query: str) -> str:
    link = f"{_view_path(sample)}?newsId={sample.id}&amp;{query}"
    return f"""<tr><td>{sample.organization}</td>
<td class="left"><a href="{link}"><strong>{escape(sample.title)}</strong></a></td>
<td>{sample.at:%Y.%m.%d}</td>{f"<td>{sample.presenter}</td>" if sample.presenter else ""}</tr>
"""


def _paging(page: int, last: int) -> str:
    if not last:
        return ""
    numbers = "".join(
        f'<span class="num on"><a href="#pageLink" class="on" title="현재페이지">{number}</a></span>'
        if number == page
        else f'<span class="num">{_page_link(number, "", str(number))}</span>'
        for number in range(1, last + 1)
    )
    return f'<div class="paging">{_page_link(1, "first")}{numbers}{_page_link(last, "last")}</div>'


def _page_link(number: int, kind: str, text: str = "") -> str:
    return f'<a class="{kind}" href="#pageLink" onclick="pageLink({number}); return false;">{text}</a>'


# ------------------------------------------------------------------ articles


def article_page(sample: Sample, samples: Sequence[Sample], today: date) -> str:
    """Show one article."""
    title, address = escape(sample.title, quote=False), address_of(sample)
    section = section_of(KOREA, sample.section).korean
    head = f"""<title>{title} - {section} | 브리핑룸 | 대한민국 정책브리핑</title>
<link rel="canonical" href="{address}"/>
<link rel="alternate" href="{address.replace("www.", "m.")}" media="only screen and (max-width: 640px)">
<meta property="og:title" content="{escape(sample.title)}">
<meta property="article:published_time" content="{sample.at.isoformat()}+09:00"/>
<script type="application/ld+json">{_structured(sample)}</script>
"""
    return _page(
        head,
        f"""<div class="view_title"><h1>{title}</h1></div>
<div class="article_wrap"><div class="container">
<div class="article_head">
<input type="hidden" id="titleText" name="titleText" value="{escape(sample.title)}"/>
{f"<h2>{escape(sample.subtitle, quote=False)}</h2>" if sample.subtitle else ""}
<div class="variety"><div class="info"><span>{sample.at:%Y.%m.%d}</span>{_ministry(sample)}</div></div>
{_files(sample)}</div>
<div class="article_body"><div class="view_cont">
{_body(sample)}
</div></div>
<div class="article_footer">{KOGL}</div>
</div></div>""",
        samples,
        today,
    )


KOGL = """<div class="kogl_wrap"><div class="kogl"><div class="guide"><div class="type">
<a href="https://www.kogl.or.kr/info/license.do"><img src="/images/v5/common/open_type_01.png" \
alt="공공누리 공공저작물 자유이용허락 1유형 출처표시"></a>
<span>이 자료는 <strong>텍스트에 한하여 공공누리 제1유형(출처표시)의 조건</strong>에 따라 이용할 수 \
있습니다.</span></div>
<div class="info"><p>단, 텍스트를 제외한 사진·이미지·일러스트·동영상 등은 이용 전 해당 저작권자의 허락을 \
받으셔야 합니다.</p></div>
</div></div></div>"""


def _structured(sample: Sample) -> str:
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": address_of(sample)},
        "headline": sample.title,
        "datePublished": f"{sample.at.isoformat()}+09:00",
        "author": {"@type": "Organization", "name": sample.organization},
    }
    return json.dumps(facts, ensure_ascii=False, indent=1)


def _ministry(sample: Sample) -> str:
    if not sample.code or sample.section == "speech":
        return f"<span>{sample.organization}</span>" if sample.organization else ""
    news = f"/news/ministryNewsList.do?repCode={sample.code}"
    tooltip = '<i class="tooltip">부처별 뉴스 이동</i>'
    return f'<span><a class="gotosite" href="{news}">{sample.organization}{tooltip}</a></span>'


def _files(sample: Sample) -> str:
    if not sample.contacts:
        return ""
    number, name = file_of(sample)
    query = f"fileId={number}&amp;tblKey={TABLE_KEYS.get(sample.section, 'PMN')}"
    return f"""<div class="filedown"><dl><dt>첨부파일</dt><dd><p>
<span><a href="/common/download.do?{query}">
<img src="/images/icon/icon_ihangul.gif" alt="한글파일">{escape(name)}</a></span>
<span><a class="view" href="/common/docViewer.do?{query}" target="_Blank">바로보기</a>
<a class="down" href="/common/download.do?{query}">내려받기</a></span></p></dd></dl></div>"""


def _body(sample: Sample) -> str:
    if sample.form == "inline":
        paragraphs = [f"<p>{escape(text, quote=False)}</p>" for text in sample.paragraphs]
        return "\n".join((_figure(sample), *paragraphs, _remark(sample)))
    name = viewer_of(sample)
    source = f"/docViewer/iframe_skin/doc.html?fn={name}&amp;rs={_result(sample)}/{name}"
    return (
        f'<div class="docConversion" id="content"><iframe title="content" id="content_press" src="{source}">'
        f"</iframe></div>{_remark(sample)}"
    )


def _figure(sample: Sample) -> str:
    if not sample.image:
        return ""
    picture = f'<img src="{_picture(sample)}" alt="{escape(sample.title)}"/>'
    return f'<figure class="img_wrap">{picture}<figcaption>{sample.image}</figcaption></figure>'


def _picture(sample: Sample) -> str:
    return f"{ROOT}/newsWeb/resources/attaches/{sample.at:%Y.%m/%d}/{viewer_of(sample)}.jpg"


def _remark(sample: Sample) -> str:
    if sample.section not in ("press", "actually"):
        return ""
    kind = "보도자료" if sample.section == "press" else "설명자료"
    return (
        f'<p class="remark">“이 자료는 {sample.organization}의 {kind}를 전재하여 제공함을 알려드립니다.”</p>'
    )


# ------------------------------------------------------------------ document viewer


def _result(sample: Sample) -> str:
    return f"/docViewer/result/{sample.at:%Y.%m/%d}/{viewer_of(sample)}"


def viewer_page(path: str, name: str, samples: Sequence[Sample]) -> str | None:
    """Show a release in the document viewer: skin, frame of pages or only page; None for an unknown name."""
    for sample in samples:
        if viewer_of(sample) == name:
            base = f"{_result(sample)}/{name}"
            if path.endswith(".files/1.html"):
                return _document(_viewer_text(sample))
            if path.endswith("doc.html"):
                return _document(f'<iframe id="innerWrap" src="{base}.html"></iframe>', _skin(sample, base))
            return _document(
                f'<div class="page" data-page="1"><iframe src="{base}.files/1.html"></iframe></div>'
            )
    return None


def _skin(sample: Sample, base: str) -> str:
    facts = {
        "fileName": viewer_of(sample),
        "resultDir": _result(sample),
        "pages": 1,
        "innerPath": f"{base}.html",
    }
    return f"<script>var localSynap = {json.dumps(facts)};</script>"


def _viewer_text(sample: Sample) -> str:
    """Write the text as the viewer does: a line a block, words cut over spans."""
    return "\n".join(
        f'<div class="p">{"".join(f"<span>{escape(cut)}</span>" for cut in re.findall(".{1,7}", text))}</div>'
        for text in (sample.title, *sample.paragraphs)
    )


def _document(body: str, head: str = "") -> str:
    return f'<!DOCTYPE html><html><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'


# ------------------------------------------------------------------ what stands around everything


def _page(head: str, content: str, samples: Sequence[Sample], today: date) -> str:
    """Add menu, sidebars and footer to a page; sidebars and stamps change daily, as on the site."""
    stamp = f"{today:%Y%m%d}0900"
    return f"""<!DOCTYPE html>
<html lang="ko">
<head>
{head}
{HEAD.format(stamp=stamp)}</head>
<body>
<header id="header"><ul class="gnb"><li><a href="/news/policyNewsList.do">정책뉴스</a></li>
<li><a href="/briefing/pressReleaseList.do">보도자료</a></li></ul></header>
<main id="main"><section id="container"><div class="article-content">
{content}
</div>
{_rail(samples)}
</section></main>
{FOOT}</body>
</html>
"""


def _rail(samples: Sequence[Sample]) -> str:
    """Link the latest policy news, as the sidebars beside every list and article do."""
    links = "".join(
        f'<li><a href="{address_of(sample)}&pWise=sub&pWiseSub=C{number}">{escape(sample.title)}</a></li>'
        for number, sample in enumerate((s for s in samples if s.section == "policy"), 1)
    )
    return f'<aside class="as_side"><div class="article box"><h2>최신뉴스</h2><ul>{links}</ul></div></aside>'
