"""Bytes an article, by part, of a crawled archive; and what capturing costs, page by page.

python benchmarks/growth.py ARCHIVE     # without one, the archive of the demo
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from archive.completeness.coverage import sizes
from archive.database import Archive

MILLION = 1_000_000
PAGES = """
SELECT c.kind, coalesce(c.layout, '(none)'), count(*),
  avg(b.size), avg(length(b.content)), max(length(b.content))
FROM captures c JOIN bodies b ON b.sha256 = c.body_sha256 WHERE b.codec = 'zstd' GROUP BY 1, 2 ORDER BY 3 DESC
"""


def main(path: Path) -> None:
    """Print both tables."""
    with Archive.open(path) as archive:
        (articles,) = archive.conn.execute("SELECT count(*) FROM articles").fetchone()
        parts = sizes(archive.conn)
        pages = archive.conn.execute(PAGES).fetchall()
    print(f"{'part':<12}{'bytes':>14}{'an article':>12}{'GB a million':>14}")
    for part, size in {**parts, "all": sum(parts.values())}.items():
        each = size / articles
        print(f"{part:<12}{size:>14,}{each:>12,.0f}{each * MILLION / 1e9:>14.1f}")
    print(f"\n{'captured pages':<40}{'count':>8}{'raw':>10}{'packed':>8}{'most':>8}")
    for kind, layout, count, raw, packed, most in pages:
        print(f"{kind + ' ' + layout:<40}{count:>8,}{raw:>10,.0f}{packed:>8,.0f}{most:>8,}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                [sys.executable, "-m", "briefing", "demo", "--db", f"{folder}/demo.db"], check=True
            )
            main(Path(folder, "demo.db"))
