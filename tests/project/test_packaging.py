"""The package carries all that it needs, and the lock pins all that the package needs."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
ROOMS = ("archive", "briefing", "crawler", "pipelines")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Build the package and list what is in it."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)],
        check=True,
        capture_output=True,
        cwd=ROOT,
        timeout=300,
    )
    (built,) = folder.glob("*.whl")
    return set(zipfile.ZipFile(built).namelist())


def normalised(requirement: str) -> str:
    """Return the name of a requirement as the lock writes it."""
    return re.split(r"[<>=!~;\[ ]", requirement)[0].lower().replace("_", "-")


def test_every_file_of_the_rooms_is_packed(wheel: set[str]) -> None:
    kept = {
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert kept <= wheel


def test_nothing_but_the_rooms_is_packed(wheel: set[str]) -> None:
    assert {name.split("/")[0] for name in wheel if ".dist-info/" not in name} == set(ROOMS)


def test_the_licence_travels_with_the_package(wheel: set[str]) -> None:
    assert any(name.endswith("licenses/LICENSE") for name in wheel)
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")


def test_the_lock_pins_every_dependency_by_hash() -> None:
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    wanted += PROJECT["dependency-groups"]["build"]
    pinned = {line.split("==")[0] for line in LOCK.splitlines() if "==" in line}
    assert {normalised(requirement) for requirement in wanted} - pinned == set()
    entries = re.split(r"\n(?=[a-z0-9])", LOCK)
    assert [entry for entry in entries[1:] if "--hash=sha256:" not in entry] == []


def test_the_lock_names_no_registry() -> None:
    assert "://" not in LOCK


def test_the_build_backend_is_the_locked_one() -> None:
    locked = {normalised(requirement) for requirement in PROJECT["dependency-groups"]["build"]}
    assert {normalised(requirement) for requirement in PROJECT["build-system"]["requires"]} <= locked
