"""What commands work on, made for tests that cut them short; and what an archive or export is compared by."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from archive.database import Archive
from archive.integrity.verify import verify
from crawler.extraction.from_captures import Reextractor
from pipelines.attachments import read_document
from tests import killing
from tests.archive.test_database import make_older
from tests.archives import copied, open_desk, press_release
from tests.command import briefing
from tests.imports.test_join import content
from tests.unruly import crawl_command

if TYPE_CHECKING:
    from collections.abc import Callable
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


def poorer(source: Path, folder: Path) -> None:
    """Copy an archive, with rows as a poorer parser would have read them."""
    with Archive.create_or_open(copied(source, folder / "a.db")) as archive:
        archive.conn.execute("UPDATE articles SET parser = 'Poor/0', subtitle = '딴 부제'")
        archive.conn.execute("DELETE FROM contacts")


def older(source: Path, folder: Path) -> None:
    """Copy an archive, as an earlier version of this program would have left it."""
    make_older(copied(source, folder / "a.db"))


def older_shard(source: Path, folder: Path) -> None:
    """Copy an archive beside an older one that will be joined."""
    desk = open_desk(folder / "a.db")
    with desk.archive:
        desk.visit(press_release(20))
    make_older(copied(source, folder / "shard.db"))


def exported(source: Path, folder: Path, form: str) -> None:
    """Copy an archive, with an earlier export of a part of it beside it."""
    path = copied(source, folder / "a.db")
    done = briefing("export", folder / "out", f"--format={form}", "--section=press", "--db", path)
    assert done.returncode == 0, done.stderr


@dataclass(frozen=True)
class Verb:
    """A command that is killed.

    Attributes:
        prepare: fills a folder with what it works on.
        arguments: those of the command, in the folder.
        result: the archive, or the folder, that shows what it did.
        kills: at how many steps it is killed.
        signals: at how many it gets a signal.
    """

    prepare: Callable[[Sources, Path], Any]
    arguments: Callable[[Sources, Path], list[str | Path]]
    result: str = "a.db"
    kills: int = 2
    signals: int = 1


def export_of(form: str) -> Verb:
    return Verb(
        lambda sources, folder: exported(sources.newsroom, folder, form),
        lambda _, folder: ["export", folder / "out", f"--format={form}", "--db", folder / "a.db"],
        "out",
        # They differ in what they write, not in how it gets its place.
        kills=4 if form == "jsonl" else 1,
        signals=2 if form == "jsonl" else 0,
    )


def redact_of(scope: str) -> Verb:
    return Verb(
        lambda sources, folder: copied(sources.newsroom, folder / "a.db"),
        lambda _, folder: ["redact", "3", f"--scope={scope}", "--reason=r", "--db", folder / "a.db"],
        kills=2,
    )


def import_of(what: Callable[[Sources], Path]) -> Verb:
    return Verb(
        lambda _, folder: folder, lambda sources, folder: ["import", what(sources), "--db", folder / "a.db"]
    )


VERBS = {
    "crawl": Verb(
        lambda _, folder: folder,
        lambda sources, folder: [*crawl_command(sources.site, folder / "a.db", SECTIONS)],
        kills=3,
        signals=2,
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
        kills=1,
        signals=0,
    ),
    **{f"export {form}": export_of(form) for form in ("jsonl", "csv", "parquet", "jekyll", "warc")},
    "snapshot": Verb(
        lambda sources, folder: copied(sources.newsroom, folder / "a.db"),
        lambda _, folder: ["snapshot", folder / "copy.db", "--files", "--db", folder / "a.db"],
        "copy.db",
        kills=5,
        signals=2,
    ),
    **{f"redact {scope}": redact_of(scope) for scope in ("article", "contacts")},
    "migration": Verb(
        lambda sources, folder: older(sources.newsroom, folder),
        lambda _, folder: ["redact", "--resume", "--db", folder / "a.db"],
        kills=3,
        signals=0,
    ),
}


READERS = {
    "verify": Verb(
        lambda sources, folder: copied(sources.newsroom, folder / "a.db"),
        lambda _, folder: ["verify", "--db", folder / "a.db"],
    ),
    "search": Verb(
        lambda sources, folder: copied(sources.newsroom, folder / "a.db"),
        lambda _, folder: ["search", "여객선 OR 폭염", "--db", folder / "a.db"],
    ),
}


def shown(path: Path) -> Any:
    """Return the content of an archive, or the bytes of an export."""
    if path.suffix == ".db":
        return content(path)
    return {file.relative_to(path): file.read_bytes() for file in path.rglob("*") if file.is_file()}


def names(folder: Path) -> list[str]:
    """List all files of a folder, hidden ones too."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())


def sound(path: Path) -> list[Any]:
    with Archive.open(path) as archive:
        return list(verify(archive, reread=Reextractor(archive, read_document), sample=3))


def ready(verb: Verb, sources: Sources, folder: Path) -> list[str | Path]:
    """Make a folder with what a command works on, and give its arguments."""
    folder.mkdir()
    verb.prepare(sources, folder)
    return verb.arguments(sources, folder)


class Whole(NamedTuple):
    """What a command makes that nothing disturbs, and in how many steps."""

    steps: int
    names: list[str]
    shown: Any


def ends_as(whole: Whole, verb: Verb, sources: Sources, folder: Path) -> None:
    """Run a command that was cut short again, and compare everything with an undisturbed run.

    A snapshot that was whole by then is not to be overwritten: another one is made, and deleted.
    """
    arguments = verb.arguments(sources, folder)
    is_there = "snapshot" in arguments and (folder / verb.result).exists()
    if is_there:
        arguments[1] = folder / "other.db"
    done = killing.run(folder, *arguments)
    assert (done.returncode, done.left) == (0, []), done.stderr
    if is_there:
        (folder / "other.db").unlink()
        shutil.rmtree(folder / "other.files")
    assert names(folder) == whole.names
    assert shown(folder / verb.result) == whole.shown
    for path in folder.glob("*.db"):
        assert sound(path) == []
    shutil.rmtree(folder)
