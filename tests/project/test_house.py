"""The house keeps its own rules: arrows between the rooms, sizes, words, and nothing undocumented."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from archive.schema import TABLES
from archive.views import VIEWS
from briefing.main import VERBS, cli
from docs.generate import PAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("archive", "pipelines", "crawler", "briefing")  # each may import those before it
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
LONGEST = 400  # lines of a module, tests included
MOST_MODULES = 12  # of a folder, beside its __init__.py
MOST_TEST_MODULES = 16  # of a folder of tests
BROUGHT_BY = {  # modules by the declared dependency whose own interface they are part of
    "bs4": "beautifulsoup4",
    "markdown_it": "markdown-it-py",
    "twisted": "scrapy",
    "yaml": "pyyaml",
}
MERELY_SET_UP = {"tldextract"}  # by crawler/__init__.py, which imports nothing
DOCS = ROOT / "docs"


@cache
def nodes_of(path: Path) -> list[ast.AST]:
    """Read a file once for all tests."""
    return list(ast.walk(ast.parse(path.read_text("utf-8"))))


def imports_of(path: Path) -> Iterator[str]:
    """Name every module that a file imports, those inside functions and type-checking blocks too."""
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield str(node.module)


def test_rooms_import_only_downwards() -> None:
    upward = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in MODULES
        for name in imports_of(path)
        if name.split(".")[0] in ROOMS
        and ROOMS.index(name.split(".")[0]) > ROOMS.index(path.relative_to(ROOT).parts[0])
    ]
    assert upward == []


def test_only_the_crawler_knows_scrapy() -> None:
    elsewhere = [
        str(path.relative_to(ROOT))
        for path in MODULES
        if path.relative_to(ROOT).parts[0] != "crawler"
        and any(name.split(".")[0] in ("scrapy", "twisted", "scrapy_poet") for name in imports_of(path))
    ]
    assert elsewhere == []


SQL = re.compile(r"\s*(?:SELECT|INSERT|UPDATE|DELETE|REPLACE|WITH|PRAGMA|SAVEPOINT|RELEASE|ROLLBACK|BEGIN)\s")


def statements_of(path: Path) -> Iterator[str]:
    """Name every line of a file that runs SQL or holds a statement of it."""
    for node in nodes_of(path):
        match node:
            case ast.Attribute(attr="execute" | "executemany" | "executescript"):
                yield f"{path.relative_to(ROOT)}:{node.lineno}"
            case ast.Constant(value=str(text)) if SQL.match(text):
                yield f"{path.relative_to(ROOT)}:{node.lineno}"


def test_only_the_archive_speaks_sql() -> None:
    rooms = [path for path in MODULES if path.relative_to(ROOT).parts[0] != "archive"]
    assert [line for path in rooms for line in statements_of(path)] == []


def test_libraries_imported_and_dependencies_declared_are_the_same() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = chain.from_iterable(project["optional-dependencies"].values())
    needed, optional = (
        {re.split("[<>=]", one)[0] for one in ones} for ones in (project["dependencies"], extras)
    )
    imported = {name.split(".")[0] for path in MODULES for name in imports_of(path)}
    third = imported - set(ROOMS) - sys.stdlib_module_names
    used = {BROUGHT_BY.get(name, name).replace("_", "-") for name in third}
    assert used - needed - optional == set()
    assert needed - used == MERELY_SET_UP


def test_modules_stay_short() -> None:
    paths = [*MODULES, *(ROOT / "tests").rglob("*.py")]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in paths}
    long = {name: length for name, length in lengths.items() if length > LONGEST}
    assert long == {}


def test_folders_stay_small_enough_to_look_through() -> None:
    paths = [*MODULES, *(ROOT / "tests").rglob("*.py")]
    modules = Counter(str(path.parent.relative_to(ROOT)) for path in paths if path.stem != "__init__")
    most = {folder: MOST_TEST_MODULES if folder.startswith("tests") else MOST_MODULES for folder in modules}
    assert {folder: count for folder, count in modules.items() if count > most[folder]} == {}


@pytest.mark.parametrize("page", PAGES)
def test_generated_documentation_is_current(page: str) -> None:
    assert (DOCS / page).read_text("utf-8") == PAGES[page](), "run make docs"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_and_column_is_described_in_a_sentence(table) -> None:
    described = {table.name: table.description, **{c.name: c.description for c in table.columns}}
    assert {name for name, text in described.items() if not is_sentence(text)} == set()
    assert table.title


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_every_view_and_its_columns_are_described_in_a_sentence(view) -> None:
    described = {view.name: view.description, **view.columns}
    assert {name for name, text in described.items() if not is_sentence(text)} == set()


def is_sentence(text: str) -> bool:
    """Return whether a description is a sentence that a reader can use."""
    return len(text) >= len("When.") and text.endswith((".", "…"))


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_that_ends_in_an_example(verb: str) -> None:
    command = cli.get_command(None, verb)
    assert command is not None
    assert "Example:" in (command.help or "")
    assert f"briefing {verb}" in (command.help or "").rpartition("Example:")[2]


@pytest.mark.parametrize("verb", VERBS)
def test_the_list_of_verbs_describes_each_as_its_own_help_does(verb: str) -> None:
    paragraph = (cli.get_command(None, verb).help or "").partition("\n\n")[0]
    assert VERBS[verb][1] == " ".join(paragraph.split())


@pytest.mark.parametrize(
    ("arguments", "late"),
    [
        ("--help", r"scrapy|lxml|scipy|datasette|rich|importlib\.metadata|archive\.database"),
        ("search --help", r"scrapy|lxml|scipy|datasette|http\.client|webbrowser|difflib|statistics"),
        ("status --help", r"scrapy|lxml|scipy|datasette|archive\.search"),
    ],
)
def test_a_verb_starts_without_loading_what_takes_long(arguments: str, late: str) -> None:
    code = f"from briefing.main import cli; cli({arguments.split()}, standalone_mode=False)"
    command = [sys.executable, "-X", "importtime", "-c", code]
    loaded = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    assert "briefing.main" in loaded
    assert re.findall(rf"\b({late})$", loaded, re.MULTILINE) == []


@pytest.mark.parametrize("verb", VERBS)
def test_every_option_says_what_it_does(verb: str) -> None:
    options = [param for param in cli.get_command(None, verb).params if param.param_type_name == "option"]
    assert [option.name for option in options if not option.help and not option.hidden] == []


def test_every_verb_is_in_the_command_reference() -> None:
    reference = (DOCS / "commands.md").read_text("utf-8")
    assert [verb for verb in VERBS if f"\n## {verb}\n" not in reference] == []


def test_every_environment_setting_is_documented() -> None:
    named = {
        node.value
        for path in MODULES
        for node in nodes_of(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if re.fullmatch(r"BRIEFING_[A-Z_]+", node.value)
    }
    settings = (DOCS / "settings.md").read_text("utf-8")
    assert {name for name in named if f"`{name}`" not in settings} == set()
    assert "BRIEFING_DB" in named


def test_nothing_documented_is_gone() -> None:
    documented = set(re.findall(r"`(BRIEFING_[A-Z_]+)`", (DOCS / "settings.md").read_text("utf-8")))
    source = "".join(path.read_text("utf-8") for path in MODULES)
    assert {name for name in documented if name not in source} == set()


def test_links_between_documents_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
    targets = chain.from_iterable(
        ((page, target) for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8")))
        for page in pages
    )
    broken = [f"{page.name}: {target}" for page, target in targets if not (page.parent / target).exists()]
    assert broken == []


@pytest.mark.parametrize(
    "page", [ROOT / "CONTRIBUTING.md", DOCS / "architecture.md", DOCS / "adding-a-section.md"]
)
def test_every_path_that_a_guide_names_exists(page: Path) -> None:
    named = set(
        re.findall(
            r"`((?:archive|briefing|crawler|docs|pipelines|quality|tests)/[\w./-]*)`", page.read_text("utf-8")
        )
    )
    paths = {name for name in named if "NAME" not in name}
    assert {name for name in paths if not (ROOT / name).exists()} == set()
    assert len(paths) > 1


@pytest.mark.parametrize("page", [ROOT / "CONTRIBUTING.md", DOCS / "architecture.md"])
def test_every_function_that_a_guide_names_is_where_it_says(page: Path) -> None:
    text = page.read_text("utf-8")
    pairs = re.findall(r"`(\w+)(?:\.\w+)?(?:\(\))?`(?: [\w ,']+)? \|? ?\(?`(\w+/[\w/]+\.py)`", text)
    assert [(name, path) for name, path in pairs if name not in (ROOT / path).read_text("utf-8")] == []


def test_every_promise_names_tests_that_exist() -> None:
    text = (DOCS / "promises.md").read_text("utf-8")
    named = re.findall(r"^- `(\w+/test_\w+\.py)::(test_\w+)`$", text, re.MULTILINE)
    assert len(named) == text.count("\n- ") == len(set(named)) > 30  # every point is a test, none twice
    tests = {file: (ROOT / "tests" / file).read_text("utf-8") for file, _ in named}
    assert [test for file, test in named if f"\ndef {test}(" not in tests[file]] == []


@pytest.mark.parametrize("page", [*DOCS.glob("*.md"), *(DOCS / "decisions").glob("*.md"), *ROOT.glob("*.md")])
def test_every_file_of_tests_that_a_page_names_exists(page: Path) -> None:
    named = set(re.findall(r"\b(?:tests/)?((?:\w+/)?test_\w+\.py)\b", page.read_text("utf-8")))
    assert {name for name in named if not (ROOT / "tests" / name).exists()} == set()


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    pages = chain(
        MODULES, *((ROOT / name).rglob("*.*") for name in ("docs", "tests", "benchmarks", "quality", ".ci"))
    )
    texts = {
        path: path.read_text("utf-8") for path in pages if path.suffix in (".py", ".md", ".toml", ".yaml")
    }
    machine = re.compile(r"(?<![\w.}])/(?:work|opt|root|tmp)/\w")
    assert [str(path.relative_to(ROOT)) for path, text in texts.items() if machine.search(text)] == []


def test_every_public_module_says_what_it_is_for() -> None:
    modules = ((path, nodes_of(path)[0]) for path in MODULES)
    assert [str(path) for path, module in modules if not ast.get_docstring(module)] == []
