"""Every pattern does what its examples say, and Korean words stand in data files alone."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import pipelines.contacts
from pipelines.contacts import gazetteer

PACKAGE = Path(pipelines.contacts.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")


@pytest.mark.parametrize("name", gazetteer.forms())
def test_a_pattern_finds_what_its_examples_say_and_leaves_the_others(name: str) -> None:
    form, pattern = gazetteer.forms()[name], gazetteer.pattern(name)
    found = {text: match[0] for text in form["finds"] if (match := pattern.search(text))}
    assert found == form["finds"]
    assert found, "an example is missing"
    left = [match[0] for text in form["leaves"] if (match := pattern.search(text))]
    assert not any(left)
    assert form["leaves"], "a counterexample is missing"


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(PACKAGE)))
def test_code_holds_no_korean_word(module: Path) -> None:
    """Docstrings and comments may show examples; what the code compares comes from the gazetteer."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    literals = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in said)
    assert not [node.value for node in literals if isinstance(node.value, str) and HANGUL.search(node.value)]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(PACKAGE)))
def test_only_the_gazetteer_makes_patterns(module: Path) -> None:
    source = module.read_text(encoding="utf-8")
    assert module.name == "gazetteer.py" or "re.compile" not in source


def test_every_pattern_list_and_term_is_used() -> None:
    code = "\n".join(module.read_text(encoding="utf-8") for module in MODULES)
    parts = "".join(part for form in gazetteer.forms().values() for part in form["parts"])
    used = {*re.findall(r'"(\w+)"', code), *re.findall(r"@\{(\w+)~?\}", parts)}
    assert not {*gazetteer.forms(), *gazetteer.names_of_lists(), *gazetteer.names_of_terms()} - used


def test_no_list_says_a_word_twice() -> None:
    lists = {name: gazetteer.endings(name) for name in gazetteer.names_of_lists()}
    assert not {name: held for name, held in lists.items() if len(set(held)) < len(held)}


def test_every_list_and_term_names_a_source_and_every_source_is_named() -> None:
    named = {gazetteer.source(name) for name in (*gazetteer.names_of_lists(), *gazetteer.names_of_terms())}
    printed = {re.sub(r"\d{9} \d{4}-\d\d-\d\d$", "", source).strip() for source in named}
    assert printed == {*gazetteer.sources().values()}


def test_a_word_seen_in_a_press_release_has_its_number_and_date() -> None:
    press = gazetteer.sources()["press"]
    seen = [
        source for name in gazetteer.names_of_terms() if (source := gazetteer.source(name)).startswith(press)
    ]
    assert seen
    assert not [
        source for source in seen if not re.fullmatch(r" \d{9} \d{4}-\d\d-\d\d", source[len(press) :])
    ]
