"""Whatever lies in the folder where the operator stands, the command runs its own code and nothing else."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

from archive.database import Archive
from briefing.demo.server import DAYS
from pipelines.attachments.worker import Reader
from tests.attachment_files import hwpx, line, section
from tests.thorough import one_in, thorough
from tests.unruly import crawl_command, serve

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOMS = ("archive", "briefing", "crawler", "pipelines")
LIBRARIES = ("lxml", "click", "scrapy", "pypdfium2", "yaml", "datasette", "distributed", "sitecustomize")
STANDARD = (
    "json",
    "struct",
    "signal",
    "socket",
    "tempfile",
    "multiprocessing",
    "pickle",
    "zipfile",
    "sqlite3",
)
COMMAND = (str(Path(sys.executable).with_name("briefing")),)
BY_MODULE = (sys.executable, "-P", "-m", "briefing")


@pytest.fixture
def trapped(tmp_path: Path) -> Path:
    """Make a folder of modules and settings that leave a mark when they are run or read."""
    folder = tmp_path / "here"
    folder.mkdir()
    trap = f"open({str(folder / 'sprung')!r}, 'a').write(__name__ + ' ')\nraise ImportError(__name__)\n"
    for name in (*ROOMS, *LIBRARIES, *STANDARD, "foreign"):
        (folder / f"{name}.py").write_text(trap)
    (folder / "scrapy.cfg").write_text("[settings]\ndefault = foreign\n")
    (folder / "plugins").mkdir()
    (folder / "plugins" / "plugin.py").write_text(trap)
    found = folder / "foreign-1.0.dist-info"
    found.mkdir()
    (found / "METADATA").write_text("Metadata-Version: 2.1\nName: foreign\nVersion: 1.0\n")
    (found / "entry_points.txt").write_text("[datasette]\nforeign = foreign\n")
    (folder / ".env").write_text("BRIEFING_DB=elsewhere.db\n")
    return folder


def run(
    folder: Path, *arguments: str, program: Sequence[str] = COMMAND, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run the command from a folder, with settings of the environment that would lead astray."""
    environment = os.environ | {"SCRAPY_SETTINGS_MODULE": "foreign", "SCRAPY_PROJECT": "default"} | settings
    environment.pop("PYTHONSAFEPATH", None)
    done = subprocess.run(
        [*program, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    sprung = folder / "sprung"
    assert not sprung.exists(), sprung.read_text()
    return done


@pytest.mark.parametrize("program", one_in(2, [(COMMAND,), (BY_MODULE,)]), ids=["command", "module"])
def test_a_document_is_read_by_our_own_reader(trapped: Path, program: Sequence[str]) -> None:
    (trapped / "a.hwpx").write_bytes(hwpx(section(line("본문"))))
    done = run(trapped, "inspect", "a.hwpx", program=program)
    assert (done.returncode, json.loads(done.stdout)["body_text"]) == (0, "본문"), done.stderr


@thorough
def test_a_crawl_and_all_that_follows_it_run_our_own_code(trapped: Path) -> None:
    with serve() as site:
        site.day = DAYS[0]
        done = run(trapped, *crawl_command(site, Path("archive.db")))
    assert (done.returncode, done.stderr) == (0, "")
    with Archive.open(trapped / "archive.db") as archive:
        states = dict(
            archive.conn.execute("SELECT state, count(*) FROM attachments GROUP BY state").fetchall()
        )
        assert states["text"] > 0
        assert "corrupt" not in states
        assert archive.conn.execute("SELECT count(*) FROM failures").fetchone()[0] == 0
    again = run(trapped, "reparse", "--workers=2", "--json")
    assert (again.returncode, again.stderr) == (0, "")
    assert json.loads(again.stdout)["unreadable"] == 0
    assert run(trapped, "verify", "--sample=5").stdout == "All is well.\n"


@thorough
def test_an_empty_entry_of_the_module_path_leads_to_no_foreign_library(trapped: Path) -> None:
    # It stands for the current folder, as an unset variable in a profile gives; what Python itself loads
    # before our first line is beyond us.
    for name in ("briefing", "sitecustomize"):
        (trapped / f"{name}.py").unlink()
    (trapped / "a.hwpx").write_bytes(hwpx(section(line("본문"))))
    done = run(trapped, "inspect", "a.hwpx", PYTHONPATH=os.pathsep)
    assert (done.returncode, json.loads(done.stdout)["body_text"]) == (0, "본문"), done.stderr


def test_a_library_user_reads_with_our_own_code_too(trapped: Path) -> None:
    code = (
        "import sys; from pipelines.attachments.worker import Reader\n"
        "sys.path.insert(0, '')\n"
        "with Reader() as reader: print(reader.read(b'plain', 'a.txt').text)"
    )
    done = run(trapped, "-P", "-c", code, program=(sys.executable,))
    assert done.stdout == "plain\n", done.stderr


def test_a_reader_that_cannot_start_says_so_and_calls_no_file_corrupt(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "absent"))
    with Reader() as reader:
        document = reader.read(hwpx(section(line("본문"))), "a.hwpx")
    assert (document.format, document.state) == ("hwpx", "failed")
    assert document.detail == "the reader cannot be started: No such file or directory"


@thorough
def test_browsing_loads_no_plugin_and_no_settings_from_the_folder(trapped: Path) -> None:
    Archive.create_or_open(trapped / "archive.db").close()
    (trapped / "metadata.json").write_text('{"title": "foreign"}')
    (trapped / "settings.json").write_text('{"default_page_size": 1}')
    (trapped / "templates").mkdir()
    (trapped / "templates" / "database.html").write_text("foreign")
    with subprocess.Popen(
        [*COMMAND, "browse", "--port=0"], cwd=trapped, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        address = re.search(r"http://\S+/", process.stdout.readline())
        assert address is not None
        with urlopen(f"{address[0]}archive", timeout=60) as answer:  # noqa: S310  # loopback
            assert "foreign" not in answer.read().decode()
        process.send_signal(signal.SIGINT)
        assert process.wait(300) == 0
    assert not (trapped / "sprung").exists()
