"""Retellings: an article finds the one it retells, releases that are one are related, nothing is merged."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.retellings import Candidate, Linker, headlines, joint_and_reposts, sketch, window
from pipelines.retellings.same_text import FEWEST_WORDS, bands, share

TREES = (
    "산림청은 오는 14일부터 전국 37개 지방자치단체에서 나무 나누어주기 행사를 연다고 "
    "밝혔다. 올해는 매실나무와 감나무 등 유실수 125,300그루를 한 사람에 세 그루씩 "
    "나누어 준다. 행사장에서는 나무 심는 요령과 가꾸는 방법을 나무병원 전문가가 알려 "
    "주고, 도시숲 사진전도 함께 열린다. 지난해에는 48,200명이 참여하였다."
)
TREES_RETOLD = (
    "올봄에도 나무를 무료로 받을 수 있습니다. 전국 37개 지방자치단체에서 14일부터 나무 "
    "나누어주기 행사가 열립니다. 매실나무와 감나무 등 유실수 125,300그루가 준비되었고 "
    "한 사람에 세 그루씩 받을 수 있습니다. 나무 심는 요령과 가꾸는 방법은 나무병원 "
    "전문가가 알려 주며 도시숲 사진전도 열립니다. 지난해에는 48,200명이 "
    "참여하였습니다."
)
HARBOUR = (
    "해양수산부는 동해안 항만 6곳의 방파제 보강 공사를 9월까지 마치기로 하였다. 총사업비 "
    "1,820억 원을 들여 너울성 파도에 견디는 소파블록을 새로 쌓고, 안전난간과 구명함 "
    "214개를 설치한다. 공사 기간에는 낚시객의 출입이 제한되며 우회로를 안내하는 표지판이 "
    "세워진다. 어촌계와 협의하여 조업에는 지장이 없도록 할 계획이다."
)
PENSION = (
    "보건복지부는 농어업인 연금보험료 지원 기준소득을 올린다고 밝혔다. 지원 대상은 38만 "
    "명이며 한 달에 최대 51,750원을 지원한다. 가까운 공단 지사나 우편, 팩스로 "
    "신청할 수 있고 이미 지원받는 사람은 다시 신청하지 않아도 된다. 달라지는 기준은 다음 "
    "달 고지분부터 적용되며 자격이 바뀌면 두 달 안에 알려야 한다."
)


def original(id_: int, title: str, text: str, **fields: str | None) -> Candidate:
    values = {"organization": "산림청", "published_at": "2024-03-12T09:00:00+09:00", **fields}
    organization, published_at = values["organization"], values["published_at"]
    return Candidate(id_, "korea.kr", "policy", title, organization, published_at, sketch(title, text))


def retelling(title: str, text: str, **fields: str | None) -> Candidate:
    values = {"published_at": "2024-03-12T20:00:00+09:00", "original_title": None, **fields}
    published_at, told = values["published_at"], values["original_title"]
    sketched = sketch(title, text)
    return Candidate(900, "newsdao.kr", "article", title, None, published_at, sketched, original_title=told)


@pytest.fixture
def linker() -> Linker:
    linker = Linker()
    linker.add(original(1, "나무 나누어주기, 전국 37곳에서 열린다", TREES))
    linker.add(original(2, "동해안 방파제 9월까지 보강", HARBOUR, organization="해양수산부"))
    linker.add(original(3, "농어업인 연금보험료 지원 확대", PENSION, organization="보건복지부"))
    return linker


def test_the_same_headline_with_the_ministry_after_it_is_the_original(linker: Linker) -> None:
    match = linker.link(retelling("동해안 방파제 9월까지 보강 - 해양수산부", "짧은 소개"))
    assert match is not None
    assert (match.id, match.score) == (2, pytest.approx(1.0, abs=0.01))
    assert match.reason.startswith("same headline, same ministry, same day")


def test_the_headline_it_says_it_retells_counts_before_its_own(linker: Linker) -> None:
    told = retelling(
        "방파제 소식 총정리!", "", original_title="동해안 방파제 9월까지 보강 - 해양수산부 | 뉴스다오"
    )
    match = linker.link(told)
    assert match is not None
    assert match.id == 2


def test_a_reworded_headline_is_found_by_what_the_text_shares(linker: Linker) -> None:
    match = linker.link(retelling("봄맞이 무료 나무, 지금 받아 가세요!", TREES_RETOLD))
    assert match is not None
    assert match.id == 1
    assert "numbers shared" in match.reason


def test_an_article_that_holds_the_same_among_other_things_is_not_the_original() -> None:
    linker = Linker()
    linker.add(original(1, "국유림 임도 정비 지침 확정", f"{HARBOUR} {PENSION} {TREES}"))
    assert linker.link(retelling("봄맞이 무료 나무, 지금 받아 가세요!", TREES_RETOLD)) is None


def test_an_article_about_something_else_is_not_linked(linker: Linker) -> None:
    assert (
        linker.link(retelling("가수 새 노래 500만 회 돌파", "팬들의 사랑을 받은 노래가 기록을 세웠다."))
        is None
    )


def test_another_article_of_the_same_ministry_is_not_linked(linker: Linker) -> None:
    text = "산림청은 산불 조심 기간에 드론 순찰을 늘린다. 감시원 2,400명이 위험 지역을 돌고 신고를 받는다."
    assert linker.link(retelling("산불 조심 기간 드론 순찰 강화 - 산림청", text)) is None


def test_a_retelling_never_comes_before_its_original(linker: Linker) -> None:
    early = "2024-03-02T08:00:00+09:00"
    assert (
        linker.link(retelling("동해안 방파제 9월까지 보강 - 해양수산부", HARBOUR, published_at=early)) is None
    )


def test_a_headline_that_comes_back_means_the_nearest_article_before() -> None:
    linker = Linker()
    for id_, day in enumerate(("2024-03-04", "2024-03-11", "2024-03-18"), start=1):
        linker.add(original(id_, "이번 주 산불 위험 지역 안내", "", published_at=day))
    match = linker.link(
        retelling("이번 주 산불 위험 지역 안내", "", published_at="2024-03-12T08:00:00+09:00")
    )
    assert match is not None
    assert match.id == 2


def test_a_headline_long_ago_needs_something_else_to_speak_for_it() -> None:
    linker = Linker()
    linker.add(original(1, "이번 주 산불 위험 지역 안내", "", published_at="2023-03-04"))
    assert linker.link(retelling("이번 주 산불 위험 지역 안내", "오늘의 소식")) is None
    assert linker.link(retelling("이번 주 산불 위험 지역 안내 - 산림청", "오늘의 소식")) is not None


def test_the_same_headline_of_another_ministry_is_another_article() -> None:
    linker = Linker()
    linker.add(original(1, "가을 여행 주간에 함께 떠나요", "", organization="국토교통부"))
    linker.add(original(2, "가을 여행 주간에 함께 떠나요", "", organization="문화체육관광부"))
    match = linker.link(retelling("가을 여행 주간에 함께 떠나요 - 문체부", ""))
    assert match is not None
    assert match.id == 2


def test_policy_news_goes_before_a_press_release_under_one_headline() -> None:
    linker = Linker()
    release = original(1, "동해안 방파제 9월까지 보강", HARBOUR, organization="해양수산부")
    linker.add(replace(release, section="press"))
    linker.add(replace(release, id=2))
    match = linker.link(retelling("동해안 방파제 9월까지 보강 - 해양수산부", HARBOUR))
    assert match is not None
    assert match.id == 2


def test_an_unknown_day_leaves_only_the_headline(linker: Linker) -> None:
    assert linker.link(retelling("나무", TREES_RETOLD, published_at=None)) is None
    match = linker.link(retelling("동해안 방파제 9월까지 보강 - 해양수산부", "", published_at=None))
    assert match is not None
    assert match.id == 2


def test_adding_an_original_twice_changes_nothing(linker: Linker) -> None:
    told = retelling("동해안 방파제 9월까지 보강 - 해양수산부", HARBOUR)
    before = linker.link(told)
    linker.add(original(2, "동해안 방파제 9월까지 보강", HARBOUR, organization="해양수산부"))
    assert linker.link(told) == before


def test_an_empty_linker_links_nothing() -> None:
    assert Linker().link(retelling("동해안 방파제 9월까지 보강", HARBOUR)) is None


def test_headlines_to_look_up_come_without_ministry_and_site() -> None:
    told = retelling("방파제 소식 | 뉴스다오", "", original_title="동해안 방파제 보강 - 해양수산부")
    assert headlines(told) == ("동해안 방파제 보강", "동해안 방파제 보강 - 해양수산부", "방파제 소식")


def test_a_hyphen_before_something_that_is_no_ministry_stays() -> None:
    assert headlines(retelling("의료개혁 문답 - 두 번째", "")) == ("의료개혁 문답 - 두 번째",)


def test_the_window_reaches_two_weeks_back_and_a_day_on() -> None:
    assert window(retelling("제목", "")) == ("2024-02-27", "2024-03-13")
    assert window(retelling("제목", "", published_at=None)) is None


@given(st.permutations(range(6)), st.text(max_size=40), st.text(max_size=200))
def test_a_match_is_one_of_the_originals_in_whatever_order_they_came(
    order: list[int], title: str, text: str
) -> None:
    originals = [
        original(id_, f"농촌 체험 마을 {id_}차 공모 결과", f"{PENSION} {id_}{id_}7건") for id_ in range(6)
    ]
    linker, other = Linker(), Linker()
    for id_ in order:
        linker.add(originals[id_])
    for each in originals:
        other.add(each)
    for told in (retelling(title, text), retelling("농촌 체험 마을 4차 공모 결과", text)):
        match = linker.link(told)
        assert match == other.link(told)
        assert match is None or (match.id in range(6) and 0.7 <= match.score <= 1)


JOINT = "디지털 성범죄 함께 막는다, 부처 합동 대책 발표"


def release(
    id_: int,
    organization: str,
    day: str = "2025-12-03",
    *,
    title: str = JOINT,
    text: str = HARBOUR,
    **fields: object,
) -> Candidate:
    base = Candidate(id_, "korea.kr", "press", title, organization, day, sketch(title, text), text)
    return replace(base, **fields)  # type: ignore[arg-type]


def related(*candidates: Candidate) -> list[tuple[str, int, int]]:
    return [(one.kind, one.article_id, one.related_id) for one in joint_and_reposts(candidates)]


def test_one_release_of_several_ministries_is_joint() -> None:
    assert related(release(1, "경찰청"), release(2, "법무부"), release(3, "교육부")) == [
        ("joint", 2, 1),
        ("joint", 3, 1),
        ("joint", 3, 2),
    ]


def test_of_two_releases_the_one_published_later_is_named_first_whichever_was_archived_first() -> None:
    morning, noon = "2025-12-03T09:00:00+09:00", "2025-12-03T12:00:00+09:00"
    assert related(release(1, "경찰청", day=noon), release(2, "법무부", day=morning)) == [("joint", 1, 2)]
    ids = {1: "156770505", 2: "156770504"}
    assert related(*(release(row, "경찰청", native_id=ids[row]) for row in ids)) == [("repost", 1, 2)]


def test_a_tag_before_the_headline_does_not_part_a_joint_release() -> None:
    tagged = release(2, "법무부", title=f"[관계부처 합동] {JOINT}", text="")
    assert related(release(1, "경찰청", text=""), tagged) == [("joint", 2, 1)]


def test_a_joint_release_may_appear_days_apart() -> None:
    assert related(release(1, "경찰청"), release(2, "법무부", day="2025-12-06")) == [("joint", 2, 1)]
    assert related(release(1, "경찰청"), release(2, "법무부", day="2025-12-07")) == []


def test_one_text_under_two_headlines_is_one_release() -> None:
    assert related(release(1, "경찰청"), release(2, "법무부", title="성범죄 대책 회의 열려")) == [
        ("joint", 2, 1)
    ]


def numbered_words(*numbers: int) -> str:
    return " ".join(f"낱말{number}" for number in numbers)


@pytest.mark.parametrize(("changed", "kinds"), [(11, ["joint"]), (12, [])])
def test_texts_are_one_release_from_four_fifths_of_their_runs_of_words_on(
    changed: int, kinds: list[str]
) -> None:
    """Of 102 words, that is 100 runs, the last ones differ: 89 of 111 runs are common, or 88 of 112."""
    text = numbered_words(*range(102))
    edited = numbered_words(*range(102 - changed), *range(1000, 1000 + changed))
    releases = release(1, "경찰청", text=text), release(2, "법무부", text=edited, title="성범죄 대책 회의")
    assert [kind for kind, *_ in related(*releases)] == kinds


def test_a_text_of_a_few_words_is_compared_with_none() -> None:
    short = numbered_words(*range(FEWEST_WORDS - 1))
    assert bands(short) == ()
    assert share(short, short) is None
    assert share(short + " 낱말", short + " 낱말") == 1


@given(st.lists(st.integers(0, 40), min_size=FEWEST_WORDS, max_size=80), st.integers(0, 3))
def test_nearly_equal_texts_have_a_band_in_common(numbers: list[int], place: int) -> None:
    text, edited = numbered_words(*numbers), numbered_words(*numbers[:place], 99, *numbers[place:])
    if (share(text, edited) or 0) >= 0.95:
        assert set(bands(text)) & set(bands(edited))
    assert share(text, edited) == share(edited, text)
    assert set(bands(text)) == set(bands(f" {text} "))


def test_the_same_ministry_twice_on_one_day_is_a_repost() -> None:
    found = joint_and_reposts([release(1, "경찰청"), release(2, "경찰청")])
    assert [(one.kind, one.score) for one in found] == [("repost", 1.0)]
    assert found[0].reason == "same headline, same ministry, same day, text 100% the same"


def test_a_repost_supersedes_what_is_gone() -> None:
    assert related(release(1, "경찰청", gone=True), release(2, "경찰청")) == [("supersedes", 2, 1)]


def test_a_renamed_ministry_is_the_same_ministry() -> None:
    assert related(release(1, "산업통상자원부"), release(2, "산업통상부")) == [("repost", 2, 1)]


def test_a_daily_headline_of_one_ministry_relates_nothing() -> None:
    reports = [
        release(id_, "경찰청", day=f"2025-12-0{id_}", text=text) for id_, text in ((1, TREES), (2, HARBOUR))
    ]
    assert related(*reports) == []


def test_a_short_headline_says_nothing_without_a_text() -> None:
    assert (
        related(
            *(release(id_, name, title="인사발령", text="") for id_, name in ((1, "경찰청"), (2, "법무부")))
        )
        == []
    )


def test_sections_are_kept_apart() -> None:
    assert related(release(1, "경찰청"), release(2, "경찰청", section="policy")) == []


@given(st.permutations([release(1, "경찰청"), release(2, "법무부"), release(3, "경찰청", gone=True)]))
def test_relations_do_not_depend_on_the_order_of_the_articles(articles: list[Candidate]) -> None:
    assert related(*articles) == [("joint", 2, 1), ("repost", 3, 1), ("joint", 3, 2)]
