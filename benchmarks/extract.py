"""Measure extraction: page to article, whole, on one core, beside other libraries in the same run.

Ours is all that ``briefing inspect`` prints: three forms of the body, contacts, sources, dates, images,
links. The others give less: trafilatura a text, newspaper4k and news-please a text with some metadata,
BeautifulSoup the text of the whole page. Every library has a process of its own; they take turns, round after
round; of each page the best round counts, in processor time, and of all pages the median. Posts are given to
the others as the page that Jekyll would make of them, for they read no Markdown; ours makes that page itself.

    python benchmarks/extract.py                        # pages of both sites made here in the observed form
    python benchmarks/extract.py FOLDER --posts _posts  # saved detail pages, and a folder of Jekyll posts
    python benchmarks/extract.py FOLDER --peers PYTHON  # the one that has the other libraries
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

OURS = "briefing-archive"
PEERS = {
    "trafilatura": "trafilatura",
    "newspaper4k": "newspaper",
    "news-please": "newsplease",
    "BeautifulSoup": "bs4",
}
ROUNDS = 3
FLOOR = 4.0  # times trafilatura's speed, on policy pages


PAGE = """<!DOCTYPE html><html lang="ko"><head><title>{title} - 정책뉴스 | 정책브리핑</title>
<meta charset="UTF-8"><link rel="canonical" href="https://www.korea.kr/news/policyNewsView.do?newsId={id}"/>
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{title}",
"datePublished": "2026-10-06T07:06:02+09:00"}}</script></head><body>
<header id="header"><ul class="gnb">{menu}</ul></header>
<main id="main"><section id="container"><div class="article-content">
<div class="view_title"><h1>{title}</h1></div>
<div class="article_head"><div class="info"><span>2026.10.06</span><span><a
class="gotosite" href="/news/ministryNewsList.do?repCode=A00032">바다부</a></span></div></div>
<div class="article_body"><div class="view_cont">
{body}<p>문의 : 바다부 항만국 항만과(044-123-4567)</p></div></div></div>
<aside class="as_side"><ol>{rail}</ol></aside></section></main>
<footer id="footer"><ul>{menu}</ul></footer></body></html>
"""


NEWS = """<!DOCTYPE html><html lang="ko"><head><meta charset="utf-8"><title>{title} | 뉴스다오</title>
<link rel="canonical" href="https://newsdao.kr/{id}"><meta property="og:title" content="{title}">
<meta property="article:published_time" content="2026-10-06T09:30:00+09:00">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{title}"}}</script></head>
<body><header><nav><ul>{menu}</ul></nav></header><article class="news-view"><h2>{title}</h2>
<div id="articleBody">{body}<p>자료출처=정책브리핑 www.korea.kr</p></div></article>
<aside><ul>{menu}</ul></aside><footer><p>뉴스다오</p></footer></body></html>
"""


@dataclass(frozen=True)
class Round:
    """One pass of one library over all pages: seconds of processor time for each, characters of text."""

    seconds: list[float]
    memory: int  # kilobytes held at most until then
    characters: int


def ours(name: str, content: bytes) -> int:
    """Extract everything, as a crawl does; give the length of the text."""
    from crawler.extraction.from_file import observe
    from pipelines.bounded import build_article

    return len(build_article(observe(name, content)).body.text)


def trafilatura(_: str, content: bytes) -> int:
    """Extract the text."""
    import trafilatura

    return len(trafilatura.extract(content.decode()) or "")


def newspaper4k(_: str, content: bytes) -> int:
    """Extract the text, title, authors and date."""
    import newspaper

    article = newspaper.Article("https://www.korea.kr/")
    article.download(input_html=_of_no_language(content))
    article.parse()
    return len(article.text)


def newsplease(_: str, content: bytes) -> int:
    """Extract the text, title, authors and date."""
    from newsplease import NewsPlease

    return len(NewsPlease.from_html(_of_no_language(content), url="https://www.korea.kr/").maintext or "")


def _of_no_language(content: bytes) -> str:
    """Take the language out: for Korean these two want data of NLTK, downloaded at run time."""
    return content.decode().replace(' lang="ko"', "")


def beautifulsoup(_: str, content: bytes) -> int:
    """Return the text of the whole page, menus and all."""
    from bs4 import BeautifulSoup

    return len(BeautifulSoup(content, "lxml").get_text())


READERS: dict[str, Callable[[str, bytes], int]] = {
    OURS: ours,
    "trafilatura": trafilatura,
    "newspaper4k": newspaper4k,
    "news-please": newsplease,
    "BeautifulSoup": beautifulsoup,
}


def work(name: str, folder: Path) -> None:
    """Serve one library: read all pages for each line on standard input."""
    read = READERS[name]
    pages = [(path.name, path.read_bytes()) for path in sorted(folder.iterdir())]
    read(*pages[0])  # libraries load themselves at the first page
    for _ in sys.stdin:
        seconds, characters = [], 0
        for page in pages:
            start = time.process_time()
            characters += read(*page)
            seconds.append(time.process_time() - start)
        print(json.dumps((seconds, _memory(), characters)), flush=True)


def _memory() -> int:
    """Return the most memory that this process has held (kilobytes); rusage would count the parent's too."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.findall(r"VmHWM:\s*(\d+) kB", status.read_text())[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def measure(folders: dict[str, Path], pythons: dict[str, str], rounds: int) -> dict[str, list[Round]]:
    """Measure the libraries by turns over their folders."""
    workers = {
        name: subprocess.Popen(
            [pythons[name], __file__, "--work", name, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ | {"PYTHONWARNINGS": "ignore"},
        )
        for name, folder in folders.items()
    }
    results: dict[str, list[Round]] = {name: [] for name in workers}
    for _ in range(rounds):
        for name, worker in workers.items():
            print("", file=worker.stdin, flush=True)
            results[name].append(Round(*json.loads(worker.stdout.readline()))) if worker.stdout else None
    for worker in workers.values():
        worker.communicate()
    return results


def report(title: str, pages: int, size: int, results: dict[str, list[Round]]) -> float:
    """Print a table; give our speed as a multiple of trafilatura's."""
    medians = {
        name: statistics.median(map(min, zip(*(run.seconds for run in runs), strict=True)))
        for name, runs in results.items()
    }
    print(f"\n{title}: {pages} pages, {size / pages / 1024:.0f} KB each, best of {ROUNDS} rounds")
    print(f"{'':18}{'ms/page':>9}{'ours is':>10}{'peak MB':>9}{'characters':>12}")
    for name, seconds in sorted(medians.items(), key=lambda entry: entry[1]):
        times = f"{seconds / medians[OURS]:.1f} x" if name != OURS else ""
        last = results[name][-1]
        memory, characters = last.memory / 1024, last.characters / pages
        print(f"{name:18}{seconds * 1000:9.2f}{times:>10}{memory:9.0f}{characters:12.0f}")
    return medians.get("trafilatura", 0.0) / medians[OURS]


def made_pages(folder: Path, count: int = 60) -> None:
    """Write detail pages in the form of www.korea.kr of 2026-10: about 150 KB, little of it the article."""
    menu = "".join(
        f'<li><a href="/news/ministryNewsList.do?repCode=A{n:05}" title="부처 {n} 뉴스 목록으로 이동" '
        f"onclick=\"gaEvent('dept','A{n:05}');\"><span class='dept_name'>부처 {n}</span></a></li>\n"
        for n in range(600)
    )
    rail = "<li><a href='/news/policyNewsView.do?newsId=1'><span>인기 뉴스의 긴 제목</span></a></li>\n" * 100
    for number in range(count):
        paragraphs = "".join(
            f'<p style="text-align: justify;"><span style="font-family: 바탕;">바다부는 올해 항만 {n}곳에서 '
            f"안전 점검을 하고, 어</span><span>업인 {number + n}명에게 교육을 한다고 밝혔다.</span></p>\n"
            "<p>&nbsp;</p>\n"
            for n in range(12)
        )
        page = PAGE.format(
            title=f"항만 점검 {number}", id=148900000 + number, menu=menu, rail=rail, body=paragraphs
        )
        (folder / f"{number}.html").write_text(page, encoding="utf-8")


def made_news(folder: Path, count: int = 60) -> None:
    """Write pages in the assumed form of newsdao.kr: 9 KB, a third of it the article."""
    menu = '<li><a href="/section/policy"><span>정책</span></a></li>\n' * 30
    for number in range(count):
        body = "".join(
            f"<p>바다부는 올해 항만 {n}곳에서 안전 점검을 하고 어업인 {number + n}명에게 교육을 한다고 "
            "밝혔다. 점검에는 지방 해양수산청과 한국어촌어항공단이 함께 나선다.</p>\n"
            for n in range(14)
        )
        page = NEWS.format(title=f"항만 점검 {number}", id=4000 + number, menu=menu, body=body)
        (folder / f"{number}.html").write_text(page, encoding="utf-8")


def rendered_posts(posts: Path, folder: Path) -> None:
    """Write posts as the pages that Jekyll makes of them, for the libraries that read no Markdown."""
    from crawler.pages.jekyll import front_matter, rendered

    for path in posts.glob("*.md"):
        front = front_matter(path.read_text(encoding="utf-8"))
        title = front.values.get("title")
        (folder / f"{path.stem}.html").write_text(
            f'<!DOCTYPE html><html lang="ko"><head><meta charset="utf-8"><title>{title}</title></head><body>'
            f"<article><h1>{title}</h1>{rendered(front.body)}</article></body></html>",
            encoding="utf-8",
        )


def _installed(python: str, names: Sequence[str]) -> Iterator[str]:
    """Name the libraries that an interpreter has."""
    if python == sys.executable:
        yield from (name for name in names if importlib.util.find_spec(PEERS[name]))
        return
    code = "import importlib.util, sys; print(*[n for n in sys.argv[1:] if importlib.util.find_spec(n)])"
    modules = [PEERS[name] for name in names]
    found = subprocess.run([python, "-c", code, *modules], capture_output=True, text=True, check=True).stdout
    yield from (name for name in names if PEERS[name] in found.split())


def compare(title: str, pages: Path, others: Path, python: str) -> float:
    """Measure all libraries on one kind of page; ours and the others may need different folders."""
    peers = list(_installed(python, tuple(PEERS)))
    for name in PEERS.keys() - set(peers):
        print(f"{name} is not installed")
    folders = {OURS: pages} | dict.fromkeys(peers, others)
    pythons = {OURS: sys.executable} | dict.fromkeys(peers, python)
    files = list(pages.iterdir())
    size = sum(path.stat().st_size for path in files)
    return report(title, len(files), size, measure(folders, pythons, ROUNDS))


def main() -> int:
    """Run the benchmark; exit 1 where policy pages are read too slowly beside trafilatura."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pages", nargs="?", type=Path, help="folder of saved detail pages")
    parser.add_argument("--posts", type=Path, help="folder of Jekyll posts")
    parser.add_argument(
        "--peers", default=sys.executable, help="the interpreter that has the other libraries"
    )
    parser.add_argument("--work", nargs=2, metavar=("NAME", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    if options.work:
        work(options.work[0], Path(options.work[1]))
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        made, news, rendered_pages = (Path(scratch, name) for name in ("made", "news", "rendered"))
        for folder in (made, news, rendered_pages):
            folder.mkdir()
        made_pages(made)
        made_news(news)
        pages = options.pages or made
        ratio = compare("policy pages", pages, pages, options.peers)
        compare("pages of newsdao.kr", news, news, options.peers)
        if options.posts:
            rendered_posts(options.posts, rendered_pages)
            compare("posts", options.posts, rendered_pages, options.peers)
    if not ratio:
        return 0
    print(f"\non policy pages {ratio:.1f} times the speed of trafilatura; the floor is {FLOOR:.0f}")
    return 0 if ratio >= FLOOR else 1


if __name__ == "__main__":
    sys.exit(main())
