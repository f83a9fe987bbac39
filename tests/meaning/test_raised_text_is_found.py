"""Exponents and indices are told from their base where a reader sees them, and found by their plain words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.command import briefing

if TYPE_CHECKING:
    from pathlib import Path

POST = """---
title: "배출권 할당"
date: 2026-07-01 09:00:00
---
<p>CO<sub>2</sub> 배출 10<sup>3</sup>톤, 청년<sup>1)</sup> 인구 m<sup>2</sup>당</p>
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Import one post."""
    folder = tmp_path_factory.mktemp("raised")
    post = folder / "2026-07-01-1.md"
    post.write_text(POST, "utf-8")
    assert briefing("import", post, "--db", folder / "a.db").returncode == 0
    return folder / "a.db"


@pytest.mark.parametrize("query", ["CO2", "CO₂", "10³톤", "103톤", "청년", "m2", "인구"])
def test_the_words_are_found(archive: Path, query: str) -> None:
    assert "배출권" in briefing("search", query, "--db", archive).stdout


def test_a_page_shows_the_exponent(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text(
        "<article><h1>배출권</h1><p>올해 할당량은 10<sup>3</sup>톤이며 상한은 2×10<sup>6</sup>톤이다. "
        "자세한 내용은 붙임을 본다.</p></article>",
        "utf-8",
    )
    article = json.loads(briefing("inspect", page).stdout)
    for form in ("body_text", "body_markdown"):
        assert "10³톤이며 상한은 2×10⁶톤이다" in article[form]
    assert "10<sup>3</sup>톤" in article["body_html"]
