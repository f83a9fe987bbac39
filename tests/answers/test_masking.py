"""``export --mask-contacts``: no number, mail address or name of a contact leaves in any text."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.masking import Names, masker
from tests.archives import open_desk, press_release, with_body
from tests.command import briefing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("문의(044-200-1234)", "문의([전화번호])"),
        ("☎ 3240 또는 내선 305", "☎ [전화번호] 또는 내선 [전화번호]"),
        ("(☎02-3456-7890, 7891)", "(☎[전화번호])"),
        ("044-200-1234~5", "[전화번호]"),
        ("0442013240", "[전화번호]"),
        ("+82-2-3456-7890", "[전화번호]"),
        ("82-2-345-6789", "[전화번호]"),
        ("전화 02) 345-6789", "전화 [전화번호]"),
        ("1588-1234", "[전화번호]"),
        ("010.1234.5678/팩스 044.200.1235", "[전화번호]/팩스 [전화번호]"),
        ("０４４－２００－１２３４", "[전화번호]"),
        ("hong.gd@korea.kr, hong(at)korea.kr", "[전자우편], [전자우편]"),
        ("044-<b>200</b>-1234", "[전화번호]<b></b>"),
        ('<a href="tel:044-200-1234">전화</a>', '<a href="#">전화</a>'),
        ("[전화](tel:0442001234)", "[전화](#)"),
        ("044-**200**-1234", "[전화번호]"),
        ("홍길동 사무관, 홍 길 동, 홍<b>길</b>동", "[이름] 사무관, [이름], [이름]<b></b>"),
        ("이정 사무관은 이정표를 세웠다", "[이름] 사무관은 이정표를 세웠다"),
        ("2026-07-14 10시 10,000명, 2,000-3,000억 원", "2026-07-14 10시 10,000명, 2,000-3,000억 원"),
        ("newsId=156700001", "newsId=156700001"),
    ],
)
def test_contact_data_is_known_by_its_form(text: str, masked: str) -> None:
    assert masker(["홍길동", "이정"])(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("책임자 과장 홍길동 (2100-1234)", "책임자 과장 [이름] ([전화번호])"),
        (
            "<td>주무관</td><td>한바다</td><td>044-200-0001</td>",
            "<td>주무관</td><td>[이름]</td><td>[전화번호]</td>",
        ),
        ("홍 길 동은 말했다. 담당자홍길동", "[이름]은 말했다. 담당자[이름]"),
        ("안전과 과장 (044-200-0001)", "안전과 과장 ([전화번호])"),
        (
            "홍길동전을 읽은 과장, 2025-2026년 여객선 2,000-3,000명",
            "홍길동전을 읽은 과장, 2025-2026년 여객선 2,000-3,000명",
        ),
    ],
)
def test_on_a_public_server_a_name_is_known_by_what_stands_beside_it(text: str, masked: str) -> None:
    assert masker((), Names(["홍길동"]))(text) == masked


@given(st.text(alphabet="04-2 1(~)<>b/*홍길동@.k☎&,내선", max_size=200))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    for mask in (masker(["홍길동"]), masker((), Names(["홍길동"]))):
        assert mask(mask(text)) == mask(text)


def test_masking_takes_time_in_proportion_to_the_text() -> None:
    mask = masker(["홍길동"], Names(["홍길동", "김현"]))
    for part in (
        "과장 ",
        "김 ",
        "홍길동과장044-200-1234",
        "0",
        "044-",
        "044 ",
        "<",
        "a.a",
        "홍 ",
        "☎",
        "* _",
        "(0",
        "전화 : ",
        "044-200-1234,1234",
    ):
        taken = []
        for size in (10_000, 80_000):
            began = time.process_time()
            mask(part * (size // len(part)))
            taken.append(time.process_time() - began)
        assert taken[1] < 24 * taken[0] + 0.2, part


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet", "jekyll"])
def test_no_text_of_an_export_tells_whom_to_call(tmp_path: Path, form: str) -> None:
    desk = open_desk(tmp_path / "a.db")
    with desk.archive:
        told = "문의: 연안여객과 한바다 사무관(044-200-0001), bada@example.go.kr, 팩스 0442000002"
        desk.visit(with_body(press_release(title="한바다 사무관(044-200-0001)에게 묻는다"), told))
        desk.clock.time = "2026-07-15T09:00:00+09:00"
        desk.visit(with_body(press_release(), f"고쳐 쓴다. {told}"))
    done = briefing(
        "export", tmp_path / "out", "--format", form, "--mask-contacts", "--db", tmp_path / "a.db"
    )
    assert done.returncode == 0, done.stderr
    for text in texts_of(tmp_path / "out"):
        for secret in ("한바다", "200-0001", "0442000002", "bada@"):
            assert secret not in text, text[max(text.find(secret) - 60, 0) :][:120]
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert "were masked" in manifest["contacts"]


POST = """---
title: 항만 점검
excerpt: "문의: 연안여객과 한바다 사무관(044-200-0001)"
kind: 팩스 0442000002
picture: https://newsdao.kr/0442000777
feature_text: |
  묻는 곳 bada@example.go.kr

  전화
  044-200-0001
deep: {list: [한바다 044-200-0001]}
---

<p>출처: <a href="https://newsdao.kr/9001" rel="dofollow">항만 점검 044-200-0001</a> | 뉴스다오</p>

<div><p>항만을 점검한다.</p><p>담당 : 해양안전부 연안여객과 한바다 사무관(044-200-0001)</p></div>

빠르고 정확한 뉴스를 원한다면? 바로, newsdao.kr 044-200-0001
"""


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet", "jekyll"])
def test_what_a_post_said_around_its_text_tells_it_neither(tmp_path: Path, form: str) -> None:
    (tmp_path / "2024-07-21-1.md").write_text(POST, "utf-8")
    assert briefing("import", tmp_path, "--db", tmp_path / "a.db").returncode == 0
    command = ("export", tmp_path / "out", "--format", form, "--db", tmp_path / "a.db")
    assert briefing(*command).returncode == 0
    assert "한바다" in "".join(texts_of(tmp_path / "out"))
    assert briefing(*command, "--mask-contacts").returncode == 0
    text = "".join(texts_of(tmp_path / "out"))
    for secret in ("한바다", "200-0001", "0442000002", "bada@"):
        assert secret not in text, text[max(text.find(secret) - 60, 0) :][:120]
    assert "https://newsdao.kr/0442000777" in text
    assert "2024-07-21-1.md" in text or (tmp_path / "out" / "_posts" / "2024-07-21-1.md").is_file()


def texts_of(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.suffix == ".parquet":
            from pyarrow import parquet

            text = json.dumps(parquet.read_table(path).to_pylist(), ensure_ascii=False)
        elif path.is_file():
            text = path.read_text("utf-8")
        else:
            continue
        yield text


@pytest.mark.parametrize("others", [("jsonl", "--with-contacts"), ("warc",)])
def test_what_cannot_be_masked_is_refused(crawled: Path, tmp_path: Path, others: tuple[str, ...]) -> None:
    done = briefing("export", tmp_path / "out", "--format", *others, "--mask-contacts", "--db", crawled)
    assert done.returncode == 64
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_the_manifest_claims_neither_contacts_left_out_nor_a_licence_of_newsdao(
    crawled: Path, tmp_path: Path
) -> None:
    assert briefing("export", tmp_path / "out", "--format", "jsonl", "--db", crawled).returncode == 0
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert "one in four prints such names and numbers" in manifest["contacts"]
    assert "newsdao.kr are the works of 뉴스다오, whose terms are not known" in manifest["licence"]
