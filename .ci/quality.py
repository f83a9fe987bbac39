"""Score what ``briefing`` extracts and finds against the labelled data, with the floors of floors.toml.

``quality.py SHARED WORK``: SHARED is the folder of labelled data, WORK a folder for files in between.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

BRIEFING = str(Path(sys.executable).with_name("briefing"))
CONTACTS = ("posts", "press", "tables")
FLOORS = tomllib.loads(Path(__file__).with_name("floors.toml").read_text("utf-8"))


def main(shared: Path, work: Path) -> int:
    """Score every set; 1 when a floor does not hold."""
    posts = unpacked_posts(shared, work)
    worst = 0
    for name in (*CONTACTS, "hard", *(f"{name}_validation" for name in CONTACTS)):
        gold = checked_gold(shared, name)
        rows = [json.loads(line) for line in gold.read_text("utf-8").splitlines() if line.strip()]
        files = (
            [posts / row["file"] for row in rows] if name.startswith("posts") else written(rows, work / name)
        )
        predicted = work / f"{name}.jsonl"
        predicted.write_text("".join(inspected(files)), "utf-8")
        worst |= scored(name, [shared / "score/contacts.py", gold, predicted])
    archive = work / "posts.db"
    subprocess.run([BRIEFING, "import", str(posts), "--db", str(archive)], check=True)
    queries = checked_gold(shared, "search")
    worst |= scored(
        "search",
        [shared / "search/score.py", "--db", archive, "--briefing", BRIEFING, "--queries", queries],
    )
    return worst


def unpacked_posts(shared: Path, work: Path) -> Path:
    """Unpack the corpus of posts."""
    with tarfile.open(shared / "corpus/posts.tar.xz") as packed:
        packed.extractall(work / "corpus", filter="data")
    return work / "corpus/_posts"


def checked_gold(shared: Path, name: str) -> Path:
    """Give the file of labels, which must be the one that the floors were reached on."""
    gold = shared / str(FLOORS[name]["gold"])
    if hashlib.sha256(gold.read_bytes()).hexdigest() != FLOORS[name]["sha256"]:
        raise SystemExit(f"{gold} is not the file that the floors of [{name}] are for")
    return gold


def written(rows: Iterable[dict[str, Any]], folder: Path) -> list[Path]:
    """Write each labelled row as a file: its table as HTML where it has one, else its running text."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for row in rows:
        file = folder / f"{row['news_id']}{'.html' if 'html' in row else '.txt'}"
        file.write_text(row.get("html") or row["text"], "utf-8")
        files.append(file)
    return files


def inspected(files: Iterable[Path]) -> Iterable[str]:
    """Inspect files; the scorer pairs predictions with labels by the name NEWS_ID.txt."""
    command = [BRIEFING, "inspect", *map(str, files)]
    for line in subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines():
        row = json.loads(line)
        if row["path"].endswith(".html"):
            row["path"] = str(Path(row["path"]).with_suffix(".txt"))
        yield json.dumps(row, ensure_ascii=False) + "\n"


def scored(name: str, command: list[Path | str]) -> int:
    """Run a scorer with the floors of a set and give its exit code."""
    floors = [f"--floor={figure}={value}" for figure, value in FLOORS[name]["floors"].items()]
    print(f"-- {name}", flush=True)
    return subprocess.run([sys.executable, *map(str, command), *floors], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
