"""Whatever way a block of those responsible is written, everybody in it is read with unit and number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.offered import people

if TYPE_CHECKING:
    from collections.abc import Callable

MINISTRIES = ["법무부", "국토교통부", "기상청", "금융위원회", "식품의약품안전처"]
COMPANIES = ["한국가나공사", "다라진흥원", "국민마바공단"]
BUREAUX = ["가나정책국", "도로국", "다라정책관", "기획조정실"]
DIVISIONS = ["세정과", "가나산업과", "국제협력담당관", "다라정책팀"]
OFFICES = ["홍보실", "가나관리처", "다라사업부"]
CHIEFS = ["과장", "팀장", "국장"]
CLERKS = ["사무관", "주무관", "기술서기관", "보건연구관"]

#: What is a petrol station or an office, though it looks like a name.
WORDS = {"주유소", "정보원", "정보실", "정보국", "주민국", "홍보실", "홍보단", "원예원"}

names = st.builds(
    "".join,
    st.tuples(
        st.sampled_from("김이박최정강조윤장임한오서신황안송홍고문양손배백남노하성주우민나엄채원방변추석"),
        st.sampled_from("가경나다도라민보서수아연영예유은재정준지채태하현호"),
        st.sampled_from("경국나단라란림미민빈서소솔순실연온우원윤은인정주준진찬하현호"),
    ),
).filter(lambda name: name not in WORDS)


@dataclass(frozen=True)
class Block:
    """One unit, its chief and its clerks, each a rank and a name."""

    organization: str
    bureau: str
    division: str
    chief: tuple[str, str]
    clerks: list[tuple[str, str]]

    @property
    def unit(self) -> str:
        """The whole path, as it is printed."""
        return " ".join(filter(None, (self.organization, self.bureau, self.division)))

    @property
    def people(self) -> list[tuple[str, str]]:
        """Everybody, in order."""
        return [self.chief, *self.clerks]


clerks = st.lists(st.tuples(st.sampled_from(CLERKS), names), min_size=1, max_size=3)
chiefs = st.tuples(st.sampled_from(CHIEFS), names)
ministry_blocks = st.builds(
    Block,
    st.sampled_from(MINISTRIES),
    st.sampled_from(["", *BUREAUX]),
    st.sampled_from(DIVISIONS),
    chiefs,
    clerks,
)
company_blocks = st.builds(
    Block, st.sampled_from(COMPANIES), st.just(""), st.sampled_from(OFFICES), chiefs, clerks
)
blocks = st.tuples(ministry_blocks, st.lists(ministry_blocks | company_blocks, max_size=3)).map(
    lambda drawn: [drawn[0], *drawn[1]]
)


def number(block: int, person: int) -> str:
    """Return persons with a number each."""
    return f"044-201-9{block}0{person}"


def one_cell_a_line(written: list[Block]) -> str:
    """As a table whose cells were put one on a line; the division stands in the second row."""
    lines: list[str] = []
    for place, block in enumerate(written):
        cells = [f"{rank}\n{name}\n({number(place, at)})" for at, (rank, name) in enumerate(block.people)]
        first = [block.organization, *filter(None, [block.bureau])]
        lines += ["담당 부서", *first, "책임자", cells[0], block.division, "담당자", *cells[1:]]
    return "\n".join(lines)


def with_strokes(written: list[Block]) -> str:
    """As a table whose cells are parted by strokes."""
    rows: list[tuple[str, ...]] = []
    for place, block in enumerate(written):
        cells = [(rank, name, f"({number(place, at)})") for at, (rank, name) in enumerate(block.people)]
        rows.append(("담당 부서", f"{block.organization} {block.bureau}".strip(), "책임자", *cells[0]))
        rows.append(("", block.division, "담당자", *cells[1]))
        rows += [("", "", "", *cell) for cell in cells[2:]]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def labelled_lines(written: list[Block]) -> str:
    """As a line for the unit, one for the chief and one for the clerks."""
    lines: list[str] = []
    for place, block in enumerate(written):
        cells = [f"{rank} {name} ({number(place, at)})" for at, (rank, name) in enumerate(block.people)]
        lines += [f"담당부서 : {block.unit}", f"책임자 : {cells[0]}", f"담당자 : {', '.join(cells[1:])}"]
    return "\n".join(lines)


def without_any_space(written: list[Block]) -> str:
    """As a line in which the cells lost what parted them."""
    lines: list[str] = []
    for place, block in enumerate(written):
        cells = [f"{rank} {name}({number(place, at)})" for at, (rank, name) in enumerate(block.people)]
        lines.append(f"담당 부서{block.unit}책임자{cells[0]}담당자{''.join(cells[1:])}")
    return "\n".join(lines)


def asking(written: list[Block]) -> str:
    """As a list in running text, the name before the rank."""
    items: list[str] = []
    for place, block in enumerate(written):
        cells = [f"{name} {rank}(☎{number(place, at)})" for at, (rank, name) in enumerate(block.people)]
        items.append(f"{block.unit} {', '.join(cells)}")
    return "문의: " + " / ".join(items)


@given(blocks, st.sampled_from([one_cell_a_line, with_strokes, labelled_lines, without_any_space, asking]))
def test_a_block_is_read_as_it_was_written(written: list[Block], form: Callable[[list[Block]], str]) -> None:
    everybody = [name for block in written for _, name in block.people]
    assume(len(set(everybody)) == len(everybody))
    assert people("정부는 오늘 새 제도를 발표하였다.\n" + form(written)) == [
        (
            block.organization,
            f"{block.bureau} {block.division}".strip(),
            name,
            rank,
            (number(place, at),),
        )
        for place, block in enumerate(written)
        for at, (rank, name) in enumerate(block.people)
    ]


def test_divisions_of_one_cell_are_divided_by_the_rhythm_of_their_labels() -> None:
    text = (
        "담당 부서\n가나정책관\n가나총괄과\n다라정책관\n다라지원과\n"
        "책임자\n과 장\n홍가람\n(044-203-9101)\n담당자\n사무관\n김나래\n(044-203-9102)\n"
        "책임자\n과 장\n이다온\n(044-203-9103)\n담당자\n사무관\n박라온\n(044-203-9104)"
    )
    assert [(one[1], one[2]) for one in people(text)] == [
        ("가나정책관 가나총괄과", "홍가람"),
        ("가나정책관 가나총괄과", "김나래"),
        ("다라정책관 다라지원과", "이다온"),
        ("다라정책관 다라지원과", "박라온"),
    ]
