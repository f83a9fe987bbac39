"""Pages of newsdao.kr in an invented template: the site could not be seen, only posts that republish it."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING

from briefing.demo import korea

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefing.demo.samples import Sample

ROOT = "https://newsdao.kr"
PER_PAGE = 4
ROBOTS = f"User-agent: *\nAllow: /\nDisallow: /admin/\nDisallow: /search\n\nSitemap: {ROOT}/sitemap.xml\n"
PICTURE = f"{ROOT}/res/images/meta/newsdao_breakingnews.jpg"


def sitemap(samples: Sequence[Sample]) -> str:
    """List every article with the time of its publication."""
    urls = "".join(
        f"<url><loc>{ROOT}/{sample.id}</loc><lastmod>{sample.at.isoformat()}+09:00</lastmod></url>\n"
        for sample in samples
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n'
    )


def list_page(samples: Sequence[Sample], page: int) -> str | None:
    """Show one page of the home list; None beyond the last."""
    items = samples[(page - 1) * PER_PAGE : page * PER_PAGE]
    if not items:
        return None
    rows = "".join(
        f'<li class="item"><h3><a href="/{sample.id}">{escape(sample.title)}</a></h3>'
        f'<span class="date">{sample.at:%Y-%m-%d %H:%M}</span></li>\n'
        for sample in items
    )
    pages = "".join(
        f"<strong>{number}</strong>" if number == page else f'<a href="/?page={number}">{number}</a>'
        for number in range(1, -(-len(samples) // PER_PAGE) + 1)
    )
    return _page(
        "<title>뉴스다오 - 실시간 뉴스 속보</title>",
        f'<ul class="news-list">\n{rows}</ul><div class="pagination">{pages}</div>',
    )


def article_page(sample: Sample, retold: Sample | None) -> str:
    """Show one article; its source is in its last line, run together as in the posts."""
    title = escape(sample.title, quote=False)
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": sample.title,
        "image": [PICTURE],
        "datePublished": f"{sample.at.isoformat()}+09:00",
        "author": {"@type": "Person", "name": "관리자"},
        "publisher": {"@type": "Organization", "name": "뉴스다오"},
        "mainEntityOfPage": f"{ROOT}/{sample.id}",
    }
    head = f"""<title>{title} | 뉴스다오</title>
<link rel="canonical" href="{ROOT}/{sample.id}">
<meta property="og:type" content="article">
<meta property="og:title" content="{escape(sample.title)}">
<meta property="og:url" content="{ROOT}/{sample.id}">
<meta property="og:image" content="{PICTURE}">
<meta property="article:published_time" content="{sample.at.isoformat()}+09:00">
<script type="application/ld+json">{json.dumps(facts, ensure_ascii=False)}</script>"""
    paragraphs = "\n".join(
        f'<p data-ke-size="size16">{escape(text, quote=False)}</p>' for text in sample.paragraphs
    )
    return _page(
        head,
        f"""<article class="news-view" id="post-{sample.id}">
<div class="news-head"><h2 class="tit">{title}</h2>
<div class="info"><span class="writer">관리자</span>
<span class="date">입력 {sample.at:%Y-%m-%d %H:%M}</span></div></div>
<div class="view-body" id="articleBody">
<figure class="imageblock"><img src="{PICTURE}" alt="뉴스다오 속보"></figure>
{paragraphs}
{_origin(sample, retold)}
</div>
<p class="copyright">저작권자 ⓒ 뉴스다오, 무단 전재 및 재배포 금지</p></article>""",
    )


def _origin(sample: Sample, retold: Sample | None) -> str:
    if retold is None:
        return ""
    asks = next((text for text in retold.paragraphs if text.startswith("문의")), "")
    line = (
        f"{asks}<자료출처=정책브리핑 {korea.ROOT}>기사작성 : 관리자"
        f"{retold.title} - {retold.organization} | 뉴스다오  : {ROOT}/{sample.id}"
    )
    return f'<p data-ke-size="size16">{escape(line, quote=False)}</p>'


def not_found() -> str:
    """Show the page for an article that is not there."""
    return _page(
        "<title>페이지를 찾을 수 없습니다 | 뉴스다오</title>", "<p>요청하신 기사를 찾을 수 없습니다.</p>"
    )


def _page(head: str, content: str) -> str:
    return f"""<!DOCTYPE html>
<html lang="ko"><head><meta charset="utf-8">
{head}
</head><body>
<header class="site-header"><h1 class="logo"><a href="/">뉴스다오</a></h1></header>
<main class="content">
{content}
</main>
<footer class="site-footer">상호: 뉴스다오</footer>
</body></html>
"""
