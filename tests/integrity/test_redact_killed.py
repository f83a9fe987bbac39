"""A redaction killed at any step, inside VACUUM too: verify knows of it, and the next command finishes it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from archive.database import Archive
from archive.integrity.redact import redact
from archive.integrity.verify import verify
from tests import killing
from tests.archives import BODY, copied, open_desk, press_release, with_body
from tests.thorough import one_in

if TYPE_CHECKING:
    from pathlib import Path

SECRETS = ("한바다", "044-200-0001")
INSIDE_VACUUM = "killing.INSTRUCTIONS = 400"


def bytes_of(path: Path) -> bytes:
    beside = [path, *path.parent.glob(f"{path.stem}.db-*"), *path.with_suffix(".files").rglob("*")]
    return b"".join(file.read_bytes() for file in beside if file.is_file())


@pytest.fixture
def source(tmp_path: Path) -> Path:
    desk = open_desk(tmp_path / "source.db")
    with desk.archive:
        text = BODY + "\n문의: 연안여객과 한바다 사무관(044-200-0001)"
        desk.visit(with_body(press_release(1), text))
        desk.visit(with_body(press_release(1), text + " 꼬리"))
        desk.visit(press_release(2, contacts=(), attachments=()))
    return desk.archive.path


@pytest.mark.parametrize(("scope", "steps"), one_in(3, [("article", 5), ("article", 10), ("contacts", 10)]))
def test_a_redaction_killed_at_any_statement_is_known_and_finished(
    source: Path, tmp_path: Path, scope: str, steps: int, kills: int
) -> None:
    def redacted(step: int) -> tuple[Path, killing.Ended]:
        folder = tmp_path / str(step)
        folder.mkdir()
        path = copied(source, folder / "a.db")
        wanted = ["korea.kr/press/156700001", f"--scope={scope}", "--reason=r", f"--db={path}"]
        return path, killing.run(folder, "redact", *wanted, kill_at=step, patch=INSIDE_VACUUM)

    known = 0
    for step in killing.spread(redacted(0)[1].steps, kills or steps):
        path, ended = redacted(step)
        with Archive.open(path) as archive:
            marked = [found for found in verify(archive) if found.check == "redaction"]
            begun = archive.conn.execute("SELECT count(*) FROM redactions").fetchone()[0] > 0
        known += len(marked)
        if begun and not marked:
            assert not any(secret.encode() in bytes_of(path) for secret in SECRETS), step
        with Archive.create_or_open(path) as archive, archive.hold():
            if not begun and not marked:
                redact(archive, 1, "article", "요청", "2026-07-20T09:00:00+09:00")
        assert not any(secret.encode() in bytes_of(path) for secret in SECRETS), (step, ended.returncode)
        with Archive.open(path) as archive:
            assert list(verify(archive)) == [], step
        shutil.rmtree(path.parent)
    assert known > 2
