"""What an operator's monitors read: metrics, logs as JSON, and pings at start and end."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.command import briefing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def monitor(status: int = 200) -> Iterator[tuple[str, list[str]]]:
    """Run a monitor on loopback; yield its URL and the paths that were asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/secret-of-this-check", asked
        finally:
            server.shutdown()
            thread.join()


def test_metrics_are_what_status_reports(first_day: Path, tmp_path: Path) -> None:
    file = tmp_path / "briefing.prom"
    done = briefing("status", "--db", first_day, "--json", "--prometheus", file)
    report = json.loads(done.stdout)
    families = {family.name: family for family in text_string_to_metric_families(file.read_text("utf-8"))}
    assert all(name.startswith("briefing_") for name in families)
    assert all(family.documentation and family.type == "gauge" for family in families.values())
    labels = ("site", "section", "state")
    samples = families["briefing_articles"].samples
    held = {tuple(map(one.labels.get, labels)): one.value for one in samples}
    assert held == {
        (row["site"], row["section"], row["state"]): row["articles"] for row in report["articles"]
    }
    (gaps,) = families["briefing_incomplete_days"].samples
    assert gaps.value == sum(not day["complete"] for day in report["coverage"])
    (code,) = families["briefing_last_crawl_exit_code"].samples
    assert code.value == report["last_crawl"]["exit_code"]
    assert families["briefing_disk_free_bytes"].samples[0].value > 0


def test_metrics_that_cannot_be_written_are_one_line(first_day: Path, tmp_path: Path) -> None:
    done = briefing("status", "--db", first_day, "--prometheus", tmp_path / "no" / "briefing.prom")
    assert done.returncode == 66
    assert done.stderr == f"Error: {tmp_path / 'no' / 'briefing.prom'}: No such file or directory\n"


def test_a_file_that_the_collector_would_not_read_is_refused(first_day: Path, tmp_path: Path) -> None:
    done = briefing("status", "--db", first_day, "--prometheus", tmp_path / "briefing.txt")
    assert (done.returncode, done.stderr.count("\n")) == (64, 1)
    assert not list(tmp_path.iterdir())


def test_a_log_of_json_has_one_object_a_line(first_day: Path, tmp_path: Path) -> None:
    log = tmp_path / "a.jsonl"
    assert briefing("--log", log, "--log-format", "json", "status", "--db", first_day).stdout == ""
    assert (
        briefing("--log", log, "--log-format", "json", "status", "--db", tmp_path / "b.db").returncode == 66
    )
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert {line["command"] for line in lines} == {"briefing status"}
    assert all(line["message"] and "+" in line["time"] for line in lines)
    assert [line["level"] for line in lines[-2:]] == ["info", "error"]


def test_a_format_without_a_log_is_a_usage_error() -> None:
    done = briefing("--log-format", "json", "status")
    assert (done.returncode, done.stderr) == (64, "Error: --log-format goes with --log FILE\n")


def test_a_monitor_is_told_the_start_and_the_exit_code(first_day: Path, tmp_path: Path) -> None:
    with monitor() as (url, asked):
        done = briefing("--ping", url, "show", "1", "--db", first_day)
        missing = briefing("--ping", url, "show", "1", "--db", tmp_path / "none.db")
    assert (done.returncode, missing.returncode) == (0, 66)
    assert asked == [f"/secret-of-this-check/{event}" for event in ("start", "0", "start", "66")]
    assert "secret" not in done.stdout + done.stderr + missing.stderr


@pytest.mark.parametrize("status", [404, 500])
def test_a_monitor_that_fails_changes_nothing_but_is_named_without_its_secret(
    first_day: Path, status: int
) -> None:
    with monitor(status) as (url, asked):
        done = briefing("--ping", url, "show", "1", "--db", first_day)
    assert done.returncode == 0
    assert len(asked) == 2
    assert done.stderr == f"Warning: the ping to 127.0.0.1 failed: {status}\n" * 2


def test_a_monitor_that_is_not_there_changes_nothing(first_day: Path) -> None:
    with monitor() as (url, _asked):
        pass
    done = briefing("--ping", url, "show", "1", "--db", first_day)
    assert done.returncode == 0
    assert done.stderr.count("Warning: the ping to 127.0.0.1 failed") == 2
    assert "secret" not in done.stderr


@pytest.mark.parametrize("url", ["ftp://example.kr/a", "file:///etc/passwd", "http://[::1", "no URL"])
def test_a_ping_to_no_url_is_a_usage_error(url: str, first_day: Path) -> None:
    done = briefing("--ping", url, "show", "1", "--db", first_day)
    assert (done.returncode, done.stderr) == (64, "Error: --ping: not a URL of http or https\n")


def test_a_ping_that_a_crawl_sends_is_kept_nowhere(first_day: Path, tmp_path: Path) -> None:
    with monitor() as (url, _asked):
        briefing(
            "--ping", url, "--log", tmp_path / "a.log", "crawl", "--db", tmp_path / "a.db", "--mirror", url
        )
    for file in tmp_path.iterdir():
        if file.is_file() and url.rpartition("/")[0] not in file.read_text("utf-8", "replace"):
            assert b"secret-of-this-check" not in file.read_bytes(), file
