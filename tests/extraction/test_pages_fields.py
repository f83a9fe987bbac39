"""Every page layout says what it says: a saved page and the fields expected of it, one test a field.

A folder of ``tests/pages`` holds one page, written by us in the observed form, and ``expected.json`` with its
address and every field.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from web_poet import HttpResponse

from crawler.pages import list_page_of, page_of
from crawler.pages.base import PAGES
from crawler.pages.korea.lists import LIST_PAGES

FOLDERS = sorted(path.parent for path in (Path(__file__).parents[1] / "pages").glob("*/expected.json"))


@cache
def expected(folder: Path) -> dict[str, Any]:
    """Read what a page is expected to say."""
    return json.loads((folder / "expected.json").read_text("utf-8"))  # type: ignore[no-any-return]


@cache
def response(folder: Path) -> HttpResponse:
    """Return a saved page as it was served."""
    return HttpResponse(url=expected(folder)["url"], body=(folder / "page.html").read_bytes())


@cache
def said(folder: Path) -> dict[str, Any]:
    """Read what a page says, in the form of JSON."""
    is_list = "_list_" in folder.name
    page = response(folder)
    fields = asdict(list_page_of(page).listing() if is_list else page_of(page).raw())
    for attachment in fields.get("attachments", ()):
        attachment.pop("content")
    return json.loads(json.dumps(fields))  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("folder", "field"),
    [(folder, field) for folder in FOLDERS for field in expected(folder)["fields"]],
    ids=lambda value: value.name if isinstance(value, Path) else value,
)
def test_the_page_says(folder: Path, field: str) -> None:
    assert said(folder)[field] == expected(folder)["fields"][field]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_no_field_is_left_out(folder: Path) -> None:
    silent = {name: value for name, value in said(folder).items() if name not in expected(folder)["fields"]}
    assert not any(value is not None for value in silent.values()), silent


def test_every_page_object_has_a_page() -> None:
    kinds = {page.__name__ for pages in PAGES.values() for page in pages}
    read = {type(page_of(response(folder))).__name__ for folder in FOLDERS if "_list_" not in folder.name}
    assert kinds <= read


def test_every_list_form_has_a_page() -> None:
    read = {type(list_page_of(response(folder))) for folder in FOLDERS if "_list_" in folder.name}
    assert read == set(LIST_PAGES.values())
