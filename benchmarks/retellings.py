"""Measure who retells what against a truth: articles of both sites, each retelling naming its origin.

Linked are all articles of newsdao.kr against all of korea.kr, once as they are and once with their headlines
taken away, so that only ministry, days, rare terms and numbers are left. Printed for each: precision, recall,
and milliseconds of processor time an article. Then how many find another article than their original where
it is missing from the archive: none should.

    python benchmarks/retellings.py http://127.0.0.1:18081    # the control port of a replica
    python benchmarks/retellings.py TRUTH.json
"""

from __future__ import annotations

import json
import sys
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipelines.retellings import Candidate, Linker, sketch

if TYPE_CHECKING:
    from collections.abc import Iterable

NO_HEADLINE = "오늘의 새 소식"


def main(where: str) -> None:
    """Print the figures for one truth."""
    articles = read(where)
    originals = [article for article in articles if article["site"] == "korea"]
    retellings = [article for article in articles if article["site"] == "newsdao"]
    start = time.process_time()
    linker = linker_of(originals)
    spent = (time.process_time() - start) / max(1, len(originals)) * 1000
    print(f"{len(originals)} originals added, {spent:.2f} ms each")
    for name, headline in (("as they are", None), ("without headlines", NO_HEADLINE)):
        start = time.process_time()
        linked = right = 0
        for article in retellings:
            match = linker.link(candidate(-1, article, headline or article["title"]))
            linked += match is not None
            right += match is not None and originals[match.id]["key"] == article["origin"]
        spent = (time.process_time() - start) / max(1, len(retellings)) * 1000
        wanted = sum(article["origin"] is not None for article in retellings)
        print(
            f"{name:18} {len(retellings)} articles, {wanted} retell: precision {right / max(1, linked):.4f},"
            f" recall {right / max(1, wanted):.4f}, {spent:.2f} ms each"
        )

    told = {article["origin"] for article in retellings}
    linker = linker_of(article for article in originals if article["key"] not in told)
    retold = [article for article in retellings if article["origin"]]
    astray = sum(linker.link(candidate(-1, article, article["title"])) is not None for article in retold)
    print(f"without the originals: {astray} of {len(retold)} linked to another article")


def linker_of(originals: Iterable[dict[str, Any]]) -> Linker:
    """Return a linker that knows some articles by their index."""
    linker = Linker()
    for number, article in enumerate(originals):
        linker.add(candidate(number, article, article["title"]))
    return linker


def read(where: str) -> list[dict[str, Any]]:
    """Read the truth from a file or from a control port."""
    if where.startswith("http"):
        with urllib.request.urlopen(f"{where.rstrip('/')}/__truth?bodies=1") as answer:  # noqa: S310
            text = answer.read()
    else:
        text = Path(where).read_bytes()
    articles: list[dict[str, Any]] = json.loads(text)["articles"]
    return articles


def candidate(number: int, article: dict[str, Any], title: str) -> Candidate:
    """Make of a record of the truth what linking needs."""
    site = "korea.kr" if article["site"] == "korea" else "newsdao.kr"
    sketched = sketch(title, article["body_text"] or "")
    return Candidate(
        number, site, article["section"], title, article["ministry"], article["published_at"], sketched
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
