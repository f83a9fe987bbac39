"""Printed dates: strict formats, Korean time, and no guess at what is not printed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.korean_time import KST
from pipelines.dates import read_date

FORMS = ("%Y.%m.%d %H:%M", "%Y-%m-%dT%H:%M:%S%z", "입력 %Y-%m-%d %H:%M", "%m/%d/%Y %H:%M:%S")
MOMENTS = st.datetimes(datetime(1950, 1, 1), datetime(2099, 12, 31)).map(  # noqa: DTZ001
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=KST)
)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("2026.07.13", "2026-07-13"),
        ("2026. 7. 13.", "2026-07-13"),
        ("2026-07-13", "2026-07-13"),
        ("2026/07/13", "2026-07-13"),
        ("20260713", "2026-07-13"),
        ("2026년 7월 13일(월)", "2026-07-13"),
        ("2026-10-06T07:06:02+09:00", "2026-10-06T07:06:02+09:00"),
        ("2026-10-05T22:06:02Z", "2026-10-06T07:06:02+09:00"),
        ("2026-10-06T07:06:02.123+0900", "2026-10-06T07:06:02+09:00"),
        ("입력 2026-07-13 08:05", "2026-07-13T08:05:00+09:00"),
        ("2026년 7월 13일 오후 3:05", "2026-07-13T15:05:00+09:00"),
        ("2026년 7월 13일 오전 12시 30분", "2026-07-13T00:30:00+09:00"),
        ("2026. 7. 13.(월) 14:30", "2026-07-13T14:30:00+09:00"),
        ("07/13/2026 08:05:00", "2026-07-13T08:05:00+09:00"),
        ("2026-07-13 00:00:00", "2026-07-13"),
        ("2026-07-13 25:99", "2026-07-13"),
        ("Mon, 13 Jul 2026 08:05:00 +0900", "2026-07-13T08:05:00+09:00"),  # feeds, Last-Modified
        ("Sun, 12 Jul 2026 23:05:00 GMT", "2026-07-13T08:05:00+09:00"),
        ("July 13, 2026", "2026-07-13"),
        ("July 2026", None),
        ("2026-13-45", None),
        ("2026.02.30", None),
        ("12월 31일", None),
        ("어제", None),
        ("3시간 전", None),
        ("156784297", None),
        ("", None),
    ],
)
def test_a_printed_date_is_read(printed: str, expected: str | None) -> None:
    when, precision, raw = read_date([printed])
    assert when == expected
    assert precision == ("minute" if expected and "T" in expected else "day")
    assert raw == (printed if expected else None)


def test_the_first_form_decides_the_day_and_a_later_one_may_add_the_hour() -> None:
    assert read_date(["2026-07-13T00:00:00+09:00", "2026.07.13 09:10"]) == (
        "2026-07-13T09:10:00+09:00",
        "minute",
        "2026.07.13 09:10",
    )
    assert read_date(["2026.07.13", "2026.07.14 09:10"]) == ("2026-07-13", "day", "2026.07.13")
    assert read_date(["어제", "2026.07.14"]) == ("2026-07-14", "day", "2026.07.14")
    assert read_date([]) == (None, "day", None)


def test_the_fallback_reads_what_no_strict_form_does() -> None:
    assert read_date(["7월 13일 2026년"]) == ("2026-07-13", "day", "7월 13일 2026년")


@given(
    MOMENTS,
    st.sampled_from(("%Y.%m.%d %H:%M", "%Y-%m-%dT%H:%M:%S%z", "입력 %Y-%m-%d %H:%M", "%m/%d/%Y %H:%M:%S")),
)
def test_a_moment_written_in_a_known_form_is_read_back(moment: datetime, form: str) -> None:
    when, precision, _ = read_date([moment.strftime(form)])
    midnight = (moment.hour, moment.minute) == (0, 0)
    assert when == (moment.date().isoformat() if midnight else moment.isoformat())
    assert precision == ("day" if midnight else "minute")


@given(MOMENTS)
def test_the_twelve_hour_clock_is_read(moment: datetime) -> None:
    half = "오전" if moment.hour < 12 else "오후"
    printed = (
        f"{moment.year}년 {moment.month}월 {moment.day}일 {half} {moment.hour % 12 or 12}:{moment.minute:02}"
    )
    when, _, _ = read_date([printed])
    midnight = (moment.hour, moment.minute) == (0, 0)
    assert when == (moment.date().isoformat() if midnight else moment.isoformat())


@given(MOMENTS, st.integers(-12, 14))
def test_a_moment_of_another_zone_is_told_in_korean_time(moment: datetime, hours: int) -> None:
    elsewhere = moment - timedelta(hours=9 - hours)
    printed = f"{elsewhere:%Y-%m-%dT%H:%M:%S}{'-' if hours < 0 else '+'}{abs(hours):02}:00"
    when, precision, _ = read_date([printed])
    assert (when or "")[:10] == moment.date().isoformat()
    assert precision == "day" or when == moment.isoformat()


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_none(text: str) -> None:
    when, precision, raw = read_date([text])
    assert (when is None) == (raw is None)
    assert precision in ("minute", "day")
