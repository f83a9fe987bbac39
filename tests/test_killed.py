"""SIGKILL at any counted step: the next run ends as if nothing had happened, and nothing is left over.

``pytest tests/test_killed.py --every-step`` kills at each step in turn instead of at a few, evenly spread.
"""

from __future__ import annotations

import shutil
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from archive.database import Archive
from archive.integrity.verify import verify
from briefing.demo.server import DAYS
from crawler.extraction.from_captures import Reextractor
from pipelines.attachments import read_document
from tests import killing
from tests.archives import open_desk, press_release
from tests.command import briefing
from tests.newsroom import build
from tests.test_database import make_older
from tests.test_join import content
from tests.unruly import crawl, crawl_command, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.unruly import Unruly

SECTIONS = "--section=actually,article"


@dataclass(frozen=True)
class Sources:
    """What commands read, made once: archives, exports of them, and a replica of the sites."""

    site: Unruly
    crawled: Path
    newsroom: Path
    posts: Path
    warc: Path


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sources]:
    folder = tmp_path_factory.mktemp("sources")
    with serve() as site:
        site.day = DAYS[1]
        made = Sources(site, *(folder / name for name in ("crawled.db", "newsroom.db", "posts", "warc")))
        assert crawl(site, made.crawled, SECTIONS).returncode == 0
        build(made.newsroom).archive.close()
        for path, form in ((made.posts, "jekyll"), (made.warc, "warc")):
            assert briefing("export", path, f"--format={form}", "--db", made.crawled).returncode == 0
        yield made


def copied(source: Path, folder: Path, name: str = "a") -> Path:
    """Copy an archive and its files."""
    path = folder / f"{name}.db"
    shutil.copyfile(source, path)
    if source.with_suffix(".files").exists():
        shutil.copytree(source.with_suffix(".files"), path.with_suffix(".files"))
    return path


def poorer(source: Path, folder: Path) -> None:
    """Copy an archive, with rows as a poorer parser would have read them."""
    with Archive.create_or_open(copied(source, folder)) as archive:
        archive.conn.execute("UPDATE articles SET parser = 'Poor/0', subtitle = '딴 부제'")
        archive.conn.execute("DELETE FROM contacts")


def older(source: Path, folder: Path) -> None:
    """Copy an archive, as an earlier version of this program would have left it."""
    make_older(copied(source, folder))


def older_shard(source: Path, folder: Path) -> None:
    """Put an archive beside an older one that is to join it."""
    desk = open_desk(folder / "a.db")
    with desk.archive:
        desk.visit(press_release(20))
    make_older(copied(source, folder, "shard"))


def exported(source: Path, folder: Path, form: str) -> None:
    """Copy an archive, with an earlier export of a part of it beside it."""
    path = copied(source, folder)
    done = briefing("export", folder / "out", f"--format={form}", "--section=press", "--db", path)
    assert done.returncode == 0, done.stderr


@dataclass(frozen=True)
class Verb:
    """A command that is killed.

    Attributes:
        prepare: fills a folder with what it works on.
        arguments: those of the command, in the folder.
        result: the archive, or the folder, that shows what it did.
        kills: how many, where not at every step.
    """

    prepare: Callable[[Sources, Path], Any]
    arguments: Callable[[Sources, Path], list[str | Path]]
    result: str = "a.db"
    kills: int = 6


def export_of(form: str) -> Verb:
    return Verb(
        lambda sources, folder: exported(sources.newsroom, folder, form),
        lambda _, folder: ["export", folder / "out", f"--format={form}", "--db", folder / "a.db"],
        "out",
        kills=5,
    )


def redact_of(scope: str) -> Verb:
    return Verb(
        lambda sources, folder: copied(sources.newsroom, folder),
        lambda _, folder: ["redact", "3", f"--scope={scope}", "--reason=r", "--db", folder / "a.db"],
        kills=8,
    )


def import_of(what: Callable[[Sources], Path]) -> Verb:
    return Verb(
        lambda _, folder: folder, lambda sources, folder: ["import", what(sources), "--db", folder / "a.db"]
    )


VERBS = {
    "crawl": Verb(
        lambda _, folder: folder,
        lambda sources, folder: [*crawl_command(sources.site, folder / "a.db", SECTIONS)],
    ),
    "import posts": import_of(lambda sources: sources.posts),
    "import warc": import_of(lambda sources: sources.warc),
    "join": import_of(lambda sources: sources.newsroom),
    "join of an older archive": Verb(
        lambda sources, folder: older_shard(sources.newsroom, folder),
        lambda _, folder: ["import", folder / "shard.db", "--db", folder / "a.db"],
    ),
    "reparse": Verb(
        lambda sources, folder: poorer(sources.crawled, folder),
        lambda _, folder: ["reparse", "--workers=1", "--db", folder / "a.db"],
        kills=4,
    ),
    **{f"export {form}": export_of(form) for form in ("jsonl", "csv", "parquet", "jekyll", "warc")},
    "snapshot": Verb(
        lambda sources, folder: copied(sources.newsroom, folder),
        lambda _, folder: ["snapshot", folder / "copy.db", "--files", "--db", folder / "a.db"],
        "copy.db",
        kills=10,
    ),
    **{f"redact {scope}": redact_of(scope) for scope in ("article", "contacts")},
    "migration": Verb(
        lambda sources, folder: older(sources.newsroom, folder),
        lambda _, folder: ["verify", "--rebuild-index", "--db", folder / "a.db"],
    ),
}


def shown(path: Path) -> Any:
    """Give all that an archive says, or the bytes of an export."""
    if path.suffix == ".db":
        return content(path)
    return {file.relative_to(path): file.read_bytes() for file in path.rglob("*") if file.is_file()}


def names(folder: Path) -> list[str]:
    """List all files of a folder, hidden ones too."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())


def sound(path: Path) -> list[Any]:
    with Archive.open(path) as archive:
        return list(verify(archive, reread=Reextractor(archive, read_document), sample=100))


@pytest.mark.parametrize("name", VERBS)
def test_a_command_killed_at_any_step_is_done_by_the_next(
    name: str, sources: Sources, tmp_path: Path, every_step: bool
) -> None:
    verb = VERBS[name]
    whole = tmp_path / "whole"
    whole.mkdir()
    verb.prepare(sources, whole)
    undisturbed = killing.run(whole, *verb.arguments(sources, whole))
    assert (undisturbed.returncode, undisturbed.left) == (0, []), undisturbed.stderr
    wanted = shown(whole / verb.result)
    kills = undisturbed.steps if every_step else verb.kills
    for turn in range(kills):
        step = 1 + turn * undisturbed.steps // kills
        folder = tmp_path / str(step)
        folder.mkdir()
        verb.prepare(sources, folder)
        killed = killing.run(folder, *verb.arguments(sources, folder), kill_at=step)
        assert (killed.returncode, killed.left) == (-signal.SIGKILL, []), step
        again(name, sources, folder)
        assert shown(folder / verb.result) == wanted, step
        assert names(folder) == names(whole), step
        for path in folder.glob("*.db"):
            assert sound(path) == [], (step, path)
        shutil.rmtree(folder)
    done = briefing("verify", "--db", whole / "a.db")
    assert (done.returncode, done.stdout) == (0, "All is well.\n")


def again(name: str, sources: Sources, folder: Path) -> None:
    """Run the command that was killed; a snapshot that was whole by then is not to be overwritten."""
    arguments = VERBS[name].arguments(sources, folder)
    is_there = name == "snapshot" and (folder / "copy.db").exists()
    if is_there:
        arguments[1] = folder / "other.db"
    done = killing.run(folder, *arguments)
    assert (done.returncode, done.left) == (0, []), done.stderr
    if is_there:
        (folder / "other.db").unlink()
        shutil.rmtree(folder / "other.files")
