"""What two writings of one text may differ in, by purpose; each function once."""

from __future__ import annotations

import ast
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text import normalize
from archive.text.normalize import letters_only, name_key, one_line, visible_text, without_spaces

FOLDING = (one_line, without_spaces, visible_text, letters_only, name_key)
PRINTED = "가나다라가각A bＣé·ㆍ・\u200b\u00ad\u00a0\u3000\n\t-_「」1２%"
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("fold", FOLDING, ids=lambda fold: fold.__name__)
@given(text=st.text(alphabet=PRINTED))
def test_folding_twice_is_folding_once(fold, text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_what_no_reader_sees_makes_no_difference(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    assert visible_text(f"\u200b {decomposed}\ufeff\u00a0") == visible_text(text)


@pytest.mark.parametrize(
    ("fold", "one", "other"),
    [
        (one_line, "가나\u00a0 다\n라", "가나 다 라"),
        (without_spaces, "가 나\u3000다", "가나다"),
        (visible_text, "가\u200b나", "가나"),
        (letters_only, "ＡＢ-1 「가나」", "ab 1가나"),
        (name_key, "가나 · 다라부", "가나ㆍ다라부"),
    ],
)
def test_writings_of_one_text_are_the_same(fold, one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_a_reader_sees_other_characters_and_other_words() -> None:
    assert visible_text("3만") != visible_text("5만")
    assert visible_text("가 나") != visible_text("가나")


def test_every_function_is_in_the_table_of_purposes() -> None:
    public = {fold.__name__ for fold in FOLDING}
    tree = ast.parse(Path(normalize.__file__).read_text("utf-8"))
    assert {node.name for node in tree.body if isinstance(node, ast.FunctionDef)} == public
    assert all(f"`{name}`" in (normalize.__doc__ or "") for name in public)


def test_the_unicode_form_is_changed_in_few_places() -> None:
    changing = {
        str(path.relative_to(ROOT))
        for room in ("archive", "briefing", "crawler")
        for path in (ROOT / room).rglob("*.py")
        if "unicodedata.normalize(" in path.read_text("utf-8")
    }
    search = {"archive/search/tokenizer.py", "archive/reading_room/search/spelling.py"}
    assert changing == {"archive/text/normalize.py", *search}
