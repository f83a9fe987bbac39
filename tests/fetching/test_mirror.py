"""Every request goes to the mirror under its real Host header; nothing else knows of it."""

from __future__ import annotations

import socket

import pytest

from archive.errors import Unreachable, UsageError
from crawler.http.mirror import check_mirror, is_loopback, mirrored
from crawler.settings import settings_for

REAL = "https://www.korea.kr/briefing/pressReleaseView.do?newsId=156990101&pWise=sub"


def test_path_and_query_are_kept() -> None:
    assert (
        mirrored(REAL, "http://127.0.0.1:18080")
        == "http://127.0.0.1:18080/briefing/pressReleaseView.do?newsId=156990101&pWise=sub"
    )


@pytest.mark.parametrize(
    ("mirror", "loopback"),
    [
        ("http://127.0.0.1:18080", True),
        ("http://localhost:18080", True),
        ("http://[::1]:18080", True),
        ("http://192.168.0.9:18080", False),
        ("http://mirror.example:80", False),
        (None, False),
    ],
)
def test_loopback_is_told_from_elsewhere(mirror: str | None, loopback: bool) -> None:
    assert is_loopback(mirror) is loopback


def test_a_mirror_that_answers_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        check_mirror(f"http://127.0.0.1:{server.getsockname()[1]}")


def test_a_mirror_that_does_not_answer_is_named() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{bound.getsockname()[1]}"
        with pytest.raises(Unreachable, match=address):
            check_mirror(address)


@pytest.mark.parametrize("nonsense", ["nonsense", "ftp://127.0.0.1", "http://", "http://127.0.0.1:x"])
def test_what_is_no_address_is_refused(nonsense: str) -> None:
    with pytest.raises(UsageError, match="not the URL of a mirror"):
        check_mirror(nonsense)


def test_the_throttle_goes_off_on_loopback_only_and_only_when_asked() -> None:
    asked_here = settings_for(mirror="http://127.0.0.1:18080", delay=0)
    assert (asked_here["AUTOTHROTTLE_ENABLED"], asked_here["CRAWL_DELAY_OBEY"]) == (False, False)
    for elsewhere in (
        settings_for(delay=0),
        settings_for(mirror="http://mirror.example", delay=0),
        settings_for(mirror="http://127.0.0.1:18080"),
    ):
        assert (elsewhere["AUTOTHROTTLE_ENABLED"], elsewhere["CRAWL_DELAY_OBEY"]) == (True, True)


def test_a_good_citizen_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEFING_CONTACT", "https://archive.example/contact")
    settings = settings_for()
    assert settings["USER_AGENT"].endswith("(+https://archive.example/contact)")
    assert settings["ROBOTSTXT_OBEY"] is True
    assert settings["DOWNLOAD_DELAY"] == 1.0
    assert settings["DOWNLOAD_VERIFY_CERTIFICATES"] is True
    assert settings["DOWNLOAD_TLS_MIN_VERSION"] == "TLSv1.2"
    assert settings["METAREFRESH_ENABLED"] is False
    open_schemes = {scheme for scheme, handler in settings["DOWNLOAD_HANDLERS"].items() if handler}
    assert open_schemes == {"http", "https"}
    off = {name.rpartition(".")[2] for name, order in settings["EXTENSIONS"].items() if order is None}
    assert {"TelnetConsole", "RemoteControl"} <= off
