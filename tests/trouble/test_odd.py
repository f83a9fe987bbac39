"""Each odd behaviour of a server, for one run between two healthy ones, costs at most itself and that run.

Several behaviours share a run, each at an article of its own, while the other articles are well.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from briefing.demo.korea import file_of
from briefing.demo.samples import standing_on
from briefing.demo.server import DAYS, answer
from tests.archives import copied
from tests.crawl.test_crawl import rows
from tests.trouble.odd import FILES, PAGES, Odd
from tests.trouble.test_bad_days import state
from tests.unruly import Asked, Reply, Unruly, crawl, is_detail

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

DELETED, CORRECTED = "156990109", "148990204"  # on the second day
NEXT_DAY = "2026-07-16T21:00"  # when files that came damaged are requested again
RUNS = 3  # over which the behaviours of pages are spread, so that each has some of every sort
BEHAVIOURS = PAGES | FILES
KNOWN = [
    str(sample.id)
    for sample in standing_on(DAYS[0])
    if str(sample.id) not in (DELETED, CORRECTED) and sample.section not in ("visual", "reporter")
]
WITH_FILE = [str(sample.id) for sample in standing_on(DAYS[1]) if sample.contacts]
GROUPS = [  # of behaviours that share a run, by the article's id
    *(dict(zip(KNOWN, list(PAGES)[start::RUNS], strict=False)) for start in range(RUNS)),
    dict(zip(WITH_FILE, FILES, strict=False)),
]
PLACES = {name: (group, native_id) for group in GROUPS for native_id, name in group.items()}
# An archive that knows the articles meets odd pages, a new one odd files as well, which it fetches.
WHEN = {
    "known": [group for group in GROUPS if not FILES.keys() & set(group.values())],
    "new": GROUPS,
}


def cases(of: Callable[[dict[str, str]], Iterable[object]]) -> list[Any]:
    """List the cases of a test, those of pages in a new archive as thorough ones."""
    found = []
    for before, groups in WHEN.items():
        for group in groups:
            is_dear = before == "new" and group in WHEN["known"]
            marks = [pytest.mark.thorough] if is_dear else []
            found += [pytest.param(value, before, marks=marks) for value in of(group)]
    return found


class Days(NamedTuple):
    """What an odd day and the healthy one after it left.

    Attributes:
        codes: exit codes of the two.
        said: output of the first.
        failures: kinds of failures of the odd day, by the article's id.
        after: the state after the healthy day.
        left: failures that are still open then.
    """

    codes: tuple[int, int]
    said: str
    failures: dict[str, set[str]]
    after: dict[str, list[tuple[object, ...]]]
    left: list[tuple[object, ...]]


@pytest.fixture(scope="module")
def undisturbed(
    second_day: Unruly, crawled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Any]:
    """Return the state of an archive without an odd day, one that knows the first day or a new one."""

    @cache
    def find(before: str) -> Any:
        if before == "known":
            return state(crawled)
        db = tmp_path_factory.mktemp("new") / "archive.db"
        second_day.trouble = lambda _: None
        assert crawl(second_day, db).returncode == 0
        return state(db)

    return find


def troubled(behaviours: dict[str, Odd]) -> Callable[[Asked], Reply | None]:
    """Make the trouble of an odd day, by the id of an article or file."""
    tries = Counter[str]()

    def trouble(asked: Asked) -> Reply | None:
        is_file = asked.path == "/common/download.do"
        name = asked.fields.get("fileId" if is_file else "newsId") or asked.path.strip("/")
        if not (is_file or is_detail(asked)) or name not in behaviours:
            return None
        tries[name] += 1
        whole = answer(asked.host, asked.path, asked.fields, DAYS[1]).body
        return behaviours[name].answer(whole, tries[name] - 1)

    return trouble


@pytest.fixture(scope="module")
def odd_days(
    second_day: Unruly, first_day: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[int, str], Days]:
    """Run an odd day with one group of behaviours and a healthy one after it, each group once."""

    @cache
    def run(group: int, before: str) -> Days:
        db = tmp_path_factory.mktemp("odd") / "archive.db"
        if before == "known":
            copied(first_day, db)
        second_day.trouble = troubled(
            {
                file_id(native_id) if name in FILES else native_id: BEHAVIOURS[name]
                for native_id, name in GROUPS[group].items()
            }
        )
        odd = crawl(second_day, db)
        failures: dict[str, set[str]] = {}
        for native_id, kind in rows(db, "SELECT native_id, kind FROM failures"):
            failures.setdefault(str(native_id), set()).add(str(kind))
        second_day.trouble = lambda _: None
        is_of_files = FILES.keys() & set(GROUPS[group].values())
        healthy = crawl(second_day, db, *([f"--today={NEXT_DAY}"] if is_of_files else []))
        left = rows(db, "SELECT native_id, kind, detail FROM failures WHERE resolved_at IS NULL")
        codes = odd.returncode, healthy.returncode
        return Days(codes, odd.stdout + odd.stderr, failures, state(db), left)

    return run


def file_id(native_id: str) -> str:
    """Return the id of the file of a release."""
    sample = next(sample for sample in standing_on(DAYS[1]) if str(sample.id) == native_id)
    return str(file_of(sample)[0])


def of_article(found: dict[str, list[tuple[object, ...]]], native_id: str) -> list[tuple[object, ...]]:
    return [row for part in ("articles", "versions") for row in found[part] if row[2] == native_id]


def test_every_behaviour_has_an_article() -> None:
    assert PLACES.keys() == BEHAVIOURS.keys()


@pytest.mark.parametrize(("name", "before"), cases(dict.values))
def test_an_odd_answer_is_recorded_or_does_no_harm_and_leaves_no_trace(
    odd_days: Callable[[int, str], Days], undisturbed: Callable[[str], Any], name: str, before: str
) -> None:
    group, native_id = PLACES[name]
    days = odd_days(GROUPS.index(group), before)
    assert days.failures.get(native_id, set()) == BEHAVIOURS[name].failures(before), days.said
    assert of_article(days.after, native_id) == of_article(undisturbed(before), native_id)


@pytest.mark.parametrize(("group", "before"), cases(lambda group: [GROUPS.index(group)]))
def test_after_an_odd_day_and_a_healthy_one_the_archive_is_as_if_undisturbed(
    odd_days: Callable[[int, str], Days], undisturbed: Callable[[str], Any], group: int, before: str
) -> None:
    days = odd_days(group, before)
    assert (days.left, days.codes[1]) == ([], 0)
    assert days.after == undisturbed(before)
