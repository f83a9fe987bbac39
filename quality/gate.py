"""Score what ``briefing`` extracts and finds against labelled texts; fail where a floor does not hold.

``python -m quality.gate [SHARED]``: the sample of this folder, and where SHARED is given the larger sets that
lie there, each judged by the scorer that came with it. Floors of both are in floors.toml.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quality.score import differing, figures, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HERE = Path(__file__).parent
BRIEFING = str(Path(sys.executable).with_name("briefing"))
SEARCH = "search"  # the one set that is about finding, not extracting


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """One set of labelled texts with its floors.

    Attributes:
        name: its heading in floors.toml.
        gold: file of its labels, relative to the folder of its ``place``.
        place: ``quality`` for the sample of this project, ``shared`` for data that lies beside it.
        text: key of a row under which the text stands; ``file`` where posts lie in the archive of the corpus.
        sha256: of the labels that the floors were reached on.
        floors: the least value of each figure.
    """

    name: str
    gold: str
    place: str
    text: str
    sha256: str
    floors: Mapping[str, float]

    def rows(self, shared: Path | None = None) -> list[dict[str, Any]]:
        """Read the labels, checked."""
        return [json.loads(line) for line in self.check(shared).decode().splitlines() if line.strip()]

    def check(self, shared: Path | None = None) -> bytes:
        """Return the file of labels; raises SystemExit where it is not the one the floors belong to."""
        content = self.path(shared).read_bytes()
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise SystemExit(f"{self.gold} is not the file that the floors of [{self.name}] are for")
        return content

    def path(self, shared: Path | None = None) -> Path:
        """Return the path of the labels."""
        return (HERE if self.place == "quality" else shared or Path()) / self.gold

    def texts(self, rows: Iterable[dict[str, Any]], shared: Path | None = None) -> dict[str, bytes]:
        """Return the bytes to inspect, by the name of their file: HTML where the row has a table as HTML."""
        if self.text == "file":
            return _posts({row["file"] for row in rows}, shared or Path())
        suffix = ".html" if self.text == "html" else ""
        named = {name_of(row): row for row in rows}
        return {
            (name[:-4] + suffix if suffix else name): row[self.text].encode() for name, row in named.items()
        }


def labelled_sets() -> list[LabelledSet]:
    """Read floors.toml, all but the floors of search."""
    return [LabelledSet(name, **said) for name, said in _floors().items() if name != SEARCH]


def _floors() -> dict[str, dict[str, Any]]:
    return tomllib.loads((HERE / "floors.toml").read_text("utf-8"))


def short_of(reached: Mapping[str, float], floors: Mapping[str, float]) -> list[str]:
    """Name the figures that lie below their floor."""
    return [
        f"{name} {reached[name]:.4f} < {floor}" for name, floor in floors.items() if reached[name] < floor
    ]


def _posts(names: set[str], shared: Path) -> dict[str, bytes]:
    """Unpack the posts that are labelled."""
    found = {}
    with tarfile.open(shared / "corpus/posts.tar.xz") as posts:
        for member in posts:
            name = member.name.rsplit("/", 1)[-1]
            content = posts.extractfile(member) if name in names else None
            if content:
                found[name] = content.read()
    return found


def inspected(texts: Mapping[str, bytes], folder: Path) -> list[dict[str, Any]]:
    """Inspect texts by the command; each result bears the name that the labels have."""
    folder.mkdir(parents=True)
    for name, content in texts.items():
        (folder / name).write_bytes(content)
    command = [BRIEFING, "inspect", *(str(folder / name) for name in texts)]
    lines = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    rows = [json.loads(line) for line in lines]
    return [row | {"path": Path(row["path"]).name.replace(".html", ".txt")} for row in rows]


def gated(one: LabelledSet, work: Path, shared: Path | None) -> bool:
    """Score one set, print what was reached, and tell whether its floors hold."""
    rows = one.rows(shared)
    found = inspected(one.texts(rows, shared), work / one.name)
    print(f"-- {one.name}", flush=True)
    if one.place == "shared":
        predicted = work / f"{one.name}.jsonl"
        predicted.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found), "utf-8")
        return _judged([shared / "score/contacts.py", one.path(shared), predicted], one.floors)  # type: ignore[operator]
    by_name = {row["path"]: row for row in found}
    pairs = [(row, by_name[name_of(row)]) for row in rows]
    reached = figures(pairs)
    print("  ".join(f"{name} {reached[name]:.4f}" for name in one.floors))
    short = short_of(reached, one.floors)
    print("\n".join([*(f"below the floor: {line}" for line in short), *(differing(pairs) if short else [])]))
    return not short


def searched(work: Path, shared: Path) -> bool:
    """Import all posts and score the queries."""
    queries = LabelledSet(SEARCH, **_floors()[SEARCH])
    queries.check(shared)
    with tarfile.open(shared / "corpus/posts.tar.xz") as packed:
        packed.extractall(work / "corpus", filter="data")
    archive = work / "posts.db"
    subprocess.run([BRIEFING, "import", str(work / "corpus/_posts"), "--db", str(archive)], check=True)
    print(f"-- {SEARCH}", flush=True)
    command: list[Path | str] = [shared / "search/score.py", "--db", archive, "--briefing", BRIEFING]
    return _judged([*command, "--queries", queries.path(shared)], queries.floors)


def _judged(command: list[Path | str], floors: Mapping[str, float]) -> bool:
    """Run a scorer that lies beside the project, with floors."""
    given = [f"--floor={figure}={value}" for figure, value in floors.items()]
    return subprocess.run([sys.executable, *map(str, command), *given], check=False).returncode == 0


def main(shared: Path | None) -> int:
    """Score every set that is there; 1 when a floor does not hold."""
    sets = [one for one in labelled_sets() if one.place == "quality" or shared]
    with tempfile.TemporaryDirectory() as folder:
        held = [gated(one, Path(folder), shared) for one in sets]
        if shared:
            held.append(searched(Path(folder), shared))
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if sys.argv[1:] else None))
