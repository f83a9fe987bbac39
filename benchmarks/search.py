"""Measure Korean search: latency of ranked first pages, and the size of the index against its peers.

Builds an archive of made-up articles for every size asked, times queries of many kinds, and indexes a part
of the same texts with unicode61 and trigram in the same run.

    python benchmarks/search.py 100000                      # texts from our own word list
    python benchmarks/search.py 100000 --posts ../_posts    # texts recombined from a folder of posts
    python benchmarks/search.py 1000000 --keep /var/tmp     # builds the archive once, then only times it
"""

from __future__ import annotations

import argparse
import datetime
import random
import re
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from archive.database import Archive
from archive.search import search
from archive.search.index import COLUMNS, id_token, title_tokens
from archive.search.tokenizer import index_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

QUERIES = {
    "common word": ("경제", "지원", "정부", "사업", "국민", "안전", "산업", "교육"),
    "noun": ("의대", "수출", "예산", "물가", "금리", "폭염", "전세", "연금", "반도체", "전기차"),
    "one syllable": ("쌀", "암", "물", "빚"),
    "compound": ("의대증원", "온실가스감축", "규제샌드박스", "지방자치단체", "의료기관안전관리", "청년주택"),
    "several words": ("중소기업 수출지원", "전세사기 피해", "경제 성장", "정부 지원 사업", "저출생 대책"),
    "particle": ("의대증원을", "반도체를", "육아휴직은", "경제의"),
    "ministry": ("보건복지부", "산업통상자원부", "식약처", "제목:국방부", "기관:환경부"),
    "number": ("044-202-1605", "2,000명", "5월 14일", "1인가구"),
    "latin, mixed": ("AI", "R&D", "K-수출전사", "AI반도체", "코로나19"),
    "operators": ("경제 OR 금융", "지원 -중소기업", '"일자리 창출"', "제목:경제 지원"),
}
NOUNS = """
    경제 산업 정부 국민 지원 사업 정책 안전 교육 환경 기술 개발 지역 기업 시장 관리 계획 추진 확대
    강화 개선 협력 연구 투자 수출 수입 예산 물가 금리 주택 청년 노동 국방 외교 전세 연금 출산 방역
    사기 장마 사과 인구 의사 원전 수소 복지 규제 폭염 전공의 반도체 배터리 전기차 저출생 간호사 의대
    증원 중소기업 온실가스 감축 샌드박스 자치단체 의료 기관 필수 개혁 보건복지부 환경부
    산업통상자원부 국방부 식약처 질병관리청 기재부 육아휴직 대책 피해 가구 일자리 창출 금융 디지털
    데이터 플랫폼 인공지능 우주 항공 해양 수산 농업 농촌 축산 산림 문화 관광 체육 역사 유산 법률
    제도 심의 심사 조사 수사 기구 점검 현장 간담회 회의 협약 체결 발표 보고 보도 설명 자료 통계 지표
    평가 인증 표준 특허 창업 벤처 소상공인 자영업 골목 상권 전통 건설 교통 철도 도로 공항 항만 물류
    에너지 전력 태양광 풍력 재생 폐기물 순환 미세먼지 대기 수질 하천 댐 가뭄 홍수 산불 지진 재난
    구조 구급 소방 경찰 범죄 마약 보호 아동 노인 장애인 여성 가족 다문화 이주 외국인 비자 출입국
    병역 장병 훈련 무기 함정 전투기 위성 통신 방송 보안 해킹 개인정보 쌀 암 물 빚 값 집 빛 약 술
""".split()  # noqa: SIM905  # words read better so
PARTICLES = (
    "을",
    "를",
    "은",
    "는",
    "이",
    "가",
    "의",
    "에",
    "에서",
    "으로",
    "로",
    "과",
    "와",
    "도",
    "까지",
    "",
)
ENDINGS = ("한다.", "했다.", "할 계획이다.", "하기로 했다.", "하고 있다고 밝혔다.", "할 예정이다.", "된다.")
LATIN = ("AI", "SMR", "GTX", "R&D", "K-수출전사", "ESG", "OECD", "5G", "코로나19", "K-패스")

DISTINCT, BATCH = 15_000, 20_000
BULK = {"hashsize": 300_000_000, "automerge": 0, "crisismerge": 64}
"""How many different texts are made, how many articles are written at once, and how FTS5 gathers them."""


def made_up(rng: random.Random) -> str:
    """Make a text of some 1,000 syllables, its words as unevenly frequent as real ones."""
    weights = [1 / (rank + 3) ** 0.8 for rank in range(len(NOUNS))]
    paragraphs = []
    for _ in range(rng.randint(4, 9)):
        words = []
        for noun in rng.choices(NOUNS, weights, k=rng.randint(30, 60)):
            words.append(noun + rng.choice(("", "", *PARTICLES)))
            if rng.random() < 0.08:
                words.append(rng.choice((*LATIN, f"{rng.randint(1, 9999):,}명", f"{rng.randint(1, 12)}월")))
            if rng.random() < 0.1:
                words[-1] = rng.choice(NOUNS) + words[-1]
        paragraphs.append(" ".join(words) + " " + rng.choice(ENDINGS))
    return "\n\n".join(paragraphs)


def recombined(folder: Path) -> Callable[[random.Random], str]:
    """Read a folder of posts and give a maker of texts: paragraphs of three, some numbers changed."""
    posts = []
    for path in sorted(folder.glob("*.md")):
        body = re.sub(r"<[^>]+>", " ", path.read_text(encoding="utf-8").split("---", 2)[-1])
        posts.append([line.strip() for line in body.splitlines() if len(line.strip()) > 20])

    def changed(match: re.Match[str], rng: random.Random) -> str:
        return str(rng.randint(1, 10 ** len(match[0]))) if rng.random() < 0.25 else match[0]

    def make(rng: random.Random) -> str:
        lines = [line for post in rng.choices(posts, k=3) for line in rng.sample(post, k=len(post) // 3)]
        return re.sub(r"\d+", lambda match: changed(match, rng), "\n\n".join(lines))

    return make


def build(path: Path, size: int, make: Callable[[random.Random], str]) -> None:
    """Build an archive: nine tenths backwards in time as a backfill does, then forwards as a daily crawl.

    Texts are made and cut into tokens once and then used over again, and rows are written in bulk without a
    journal: a million articles are there in a quarter of an hour. The index stays in the many pieces that it
    was written in, as that of a growing archive does.
    """
    rng = random.Random(7)  # noqa: S311  # made-up text, not secrets
    texts = [(text, index_tokens(text)) for text in (make(rng) for _ in range(min(size, DISTINCT)))]
    with Archive.create_or_open(path) as archive:
        conn = archive.conn
        write_in_bulk(conn)
        for setting, value in BULK.items():
            conn.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES (?, ?)", (setting, value))
        for first in range(1, size + 1, BATCH):
            numbers = range(first, min(first + BATCH, size + 1))
            with archive.transaction():
                insert(
                    conn, [(number, published(number, size), *rng.choice(texts)) for number in numbers], rng
                )
            print(f"\r{numbers[-1]:,} articles", end="", file=sys.stderr)
        conn.execute("DELETE FROM articles_fts_config WHERE k <> 'version'")
    print(file=sys.stderr)


def write_in_bulk(conn: sqlite3.Connection) -> None:
    """Write without a journal and with a large cache: an archive that is lost midway is built anew."""
    for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1500000"):
        conn.execute(f"PRAGMA {setting}")


def published(number: int, size: int) -> datetime.date:
    """Give the date of an article by its place in the order of insertion."""
    daily, backfill = max(size // 2000, 1), size * 9 // 10
    days = (number - backfill if number > backfill else -number) // daily
    return datetime.date(2026, 1, 1) + datetime.timedelta(days=days)


def insert(
    conn: sqlite3.Connection, articles: list[tuple[int, datetime.date, str, str]], rng: random.Random
) -> None:
    """Insert articles (number, date, text, its tokens) and index them."""
    rows, tokens = [], []
    for number, day, text, body in articles:
        words = text.split()
        at = rng.randrange(max(len(words) - 8, 1))
        title, native_id = " ".join(words[at : at + 7]), str(148_000_000 + number)
        organization = rng.choice(("환경부", "국방부", "보건복지부", "교육부", "기획재정부"))
        url = f"https://www.korea.kr/briefing/pressReleaseView.do?newsId={native_id}"
        rows.append((number, native_id, url, title, day.isoformat(), organization))
        names = f"{index_tokens(organization)} {id_token(native_id)}"
        tokens.append((number, body, title_tokens(title), "", names))
    conn.executemany(
        "INSERT INTO articles (id, site, section, native_id, url, title, published_at, organization,"
        " fingerprint, first_seen_at, changed_at, checked_at, parser, layout)"
        " VALUES (?, 'korea.kr', 'press', ?, ?, ?, ?, ?, '', '', '', '', 'benchmark', 'none')",
        rows,
    )
    conn.executemany(
        "INSERT INTO article_texts (article_id, body_text) VALUES (?, ?)",
        ((number, text) for number, _day, text, _tokens in articles),
    )
    columns = ", ".join(COLUMNS)
    conn.executemany(f"INSERT INTO articles_fts (rowid, {columns}) VALUES (?, ?, ?, ?, ?)", tokens)


def latencies(conn: sqlite3.Connection, query: str) -> list[tuple[float, float]]:
    """Time a query three times, in milliseconds of the clock and of the processor."""
    times = []
    for _ in range(3):
        clock, processor = time.perf_counter(), time.process_time()
        search(conn, query)
        times.append(((time.perf_counter() - clock) * 1000, (time.process_time() - processor) * 1000))
    return times


def quantile(times: list[float], share: float) -> float:
    """Give the value below which that share of the times lies."""
    return sorted(times)[min(int(len(times) * share), len(times) - 1)]


def report_latency(path: Path, size: int) -> None:
    """Print a table of latencies by kind of query: clock, and processor for a machine that others share."""
    print(f"\n{size:,} articles: ranked first page, milliseconds of the clock (of the processor)")
    print(f"{'kind':16}{'p50':>16}{'p95':>16}{'max':>16}  slowest")
    with Archive.open(path) as archive:
        search(archive.conn, "준비")
        everything: list[tuple[float, float]] = []
        for kind, queries in QUERIES.items():
            each = {query: latencies(archive.conn, query) for query in queries}
            times = [pair for pairs in each.values() for pair in pairs]
            everything += times
            slowest = max(each, key=lambda query: min(each[query]))
            print(f"{kind:16}{row(times)}  {slowest}")
        print(f"{'all':16}{row(everything)}")


def row(times: list[tuple[float, float]]) -> str:
    """Write p50, p95 and the maximum."""
    clock, processor = ([pair[at] for pair in times] for at in (0, 1))
    return "".join(
        f"{quantile(clock, share):8.1f} ({quantile(processor, share):5.1f})" for share in (0.5, 0.95, 1.0)
    )


def report_size(path: Path, sample: int = 5000) -> None:
    """Print bytes of index per byte of text, ours for the whole archive and its peers for a sample."""
    with Archive.open(path) as archive:
        text = one(archive.conn, "SELECT sum(length(CAST(body_text AS BLOB))) FROM article_texts")
        ours = one(archive.conn, "SELECT sum(length(block)) FROM articles_fts_data")
        rows = list(
            archive.conn.execute(
                "SELECT body_text, title FROM articles JOIN article_texts ON article_id = id LIMIT ?",
                (sample,),
            )
        )
    print(f"\nindex / text: {ours / text:.2f} (pairs of syllables, {text / 1e6:,.0f} MB of text)")
    sampled = sum(len(body.encode()) for body, _title in rows)
    for tokenizer in ("unicode61", "trigram"):
        with closing(sqlite3.connect(":memory:")) as peer:
            peer.execute(
                f"CREATE VIRTUAL TABLE fts USING fts5(body, title, content='', tokenize='{tokenizer}')"
            )
            peer.executemany("INSERT INTO fts (body, title) VALUES (?, ?)", (tuple(row) for row in rows))
            peer.execute("INSERT INTO fts (fts) VALUES ('optimize')")
            size = one(peer, "SELECT sum(length(block)) FROM fts_data")
            found = sum(hits(peer, query) > 0 for queries in QUERIES.values() for query in queries)
        print(
            f"index / text: {size / sampled:.2f} ({tokenizer}, {len(rows):,} articles),"
            f" finds something for {found} of {sum(map(len, QUERIES.values()))} queries"
        )


def hits(conn: sqlite3.Connection, query: str) -> int:
    """Count what a stock index finds for the words of a query."""
    match = " ".join(f'"{word}"' for word in query.replace('"', " ").split())
    return one(conn, "SELECT count(*) FROM fts WHERE fts MATCH ?", match)


def one(conn: sqlite3.Connection, sql: str, *arguments: object) -> int:
    """Read one number."""
    return int(conn.execute(sql, arguments).fetchone()[0] or 0)


def archives(sizes: list[int], posts: Path | None, keep: Path | None) -> Iterator[tuple[int, Path]]:
    """Give an archive of each size, built when it is not there yet."""
    make = recombined(posts) if posts else made_up
    with tempfile.TemporaryDirectory() as scratch:
        for size in sizes:
            path = (keep or Path(scratch)) / f"search-{'posts' if posts else 'made-up'}-{size}.db"
            if not path.exists():
                start = time.perf_counter()
                build(path, size, make)
                print(f"{size:,} articles made and indexed in {time.perf_counter() - start:,.0f} s")
            yield size, path


def main() -> None:
    """Build, time and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sizes", nargs="+", type=int)
    parser.add_argument("--posts", type=Path, help="a folder of posts to recombine")
    parser.add_argument("--keep", type=Path, help="where the archives are kept and looked for")
    options = parser.parse_args()
    for size, path in archives(options.sizes, options.posts, options.keep):
        report_latency(path, size)
        report_size(path)


if __name__ == "__main__":
    main()
