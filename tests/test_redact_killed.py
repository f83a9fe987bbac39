"""A redaction killed at any statement: verify knows of it, and the next command finishes it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from archive.integrity.redact import redact
from tests.archives import BODY, open_desk, press_release, with_body

if TYPE_CHECKING:
    from pathlib import Path

# Runs the command in forked children of one process that has loaded it, killed at each statement in turn.
PROGRAM = """
import os, shutil, sqlite3, sys
from pathlib import Path
from briefing.main import cli
import archive.migrations, briefing.commands.maintain.redact, pipelines.contacts

source, folder, scope = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
connect = sqlite3.connect

def run(arguments, step):
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    count = [0]
    def killed(_statement):
        count[0] += 1
        if count[0] == step:
            os._exit(9)
    def traced(*values, **options):
        conn = connect(*values, **options)
        conn.set_trace_callback(killed)
        return conn
    sqlite3.connect = traced
    sys.stdout = sys.stderr = open(os.devnull, "w")
    cli.main(arguments, standalone_mode=False)
    os._exit(0)

step = 0
while True:
    step += int(sys.argv[4])
    path = folder / f"{step}.db"
    shutil.copyfile(source, path)
    shutil.copytree(source.with_suffix(".files"), path.with_suffix(".files"))
    options = ["--scope", scope, "--reason", "r", "--db", str(path)]
    code = run(["redact", "korea.kr/press/156700001", *options], step)
    print(step, code, flush=True)
    if code == 0:
        break
"""
SECRETS = ("한바다", "044-200-0001")


def bytes_of(path: Path) -> bytes:
    beside = [path, *path.parent.glob(f"{path.stem}.db-*"), *path.with_suffix(".files").rglob("*")]
    return b"".join(file.read_bytes() for file in beside if file.is_file())


@pytest.mark.parametrize("scope", ["article", "contacts"])
def test_a_redaction_killed_at_any_statement_is_known_and_finished(tmp_path: Path, scope: str) -> None:
    from archive.database import Archive
    from archive.integrity.verify import verify

    source, folder = tmp_path / "source.db", tmp_path / "killed"
    folder.mkdir()
    desk = open_desk(source)
    with desk.archive:
        text = BODY + "\n문의: 연안여객과 한바다 사무관(044-200-0001)"
        desk.visit(with_body(press_release(1), text))
        desk.visit(with_body(press_release(1), text + " 꼬리"))
        desk.visit(press_release(2, contacts=(), attachments=()))
    said = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(source), str(folder), scope, "5"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    steps = [tuple(map(int, line.split())) for line in said.splitlines()]
    assert len(steps) > 10
    known = 0
    for step, code in steps:
        path = folder / f"{step}.db"
        with Archive.open(path) as archive:
            marked = [found for found in verify(archive) if found.check == "redaction"]
            begun = archive.conn.execute("SELECT count(*) FROM redactions").fetchone()[0] > 0
        known += len(marked)
        if begun and not marked:
            assert not any(secret.encode() in bytes_of(path) for secret in SECRETS), step
        with Archive.create_or_open(path) as archive, archive.hold():
            if not begun and not marked:
                redact(archive, 1, "article", "요청", "2026-07-20T09:00:00+09:00")
        assert not any(secret.encode() in bytes_of(path) for secret in SECRETS), (step, code)
        with Archive.open(path) as archive:
            assert list(verify(archive)) == [], step
    assert known > 5
