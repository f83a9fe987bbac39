"""The large replica that lies beside the project, running, with its control port and its access log."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from urllib.request import Request, urlopen

from tests.replica.politeness import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

OK = 200
LEAST = 100  # bytes of a page or file; what is answered with fewer is for the client to refuse
MAPPING = Path(__file__).parent / "mapping.toml"


def free_port() -> int:
    """Find a port that nothing listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Replica:
    """A running replica.

    Attributes:
        folder: of the replica's program.
        site: URL that answers for every host.
        control: URL of the control port.
        log: the access log, one JSON object a line.
        read: number of lines of the log that were read.
    """

    folder: Path
    site: str
    control: str
    log: Path
    read: int = 0

    def ask(self, path: str) -> Any:
        """Ask the control port."""
        with urlopen(f"{self.control}{path}", timeout=120) as answer:  # noqa: S310  # loopback
            return json.load(answer)

    def happen(self, event: str | dict[str, Any]) -> None:
        """Cause an event: a query of the control port, or an operation of the replica."""
        query = event if isinstance(event, str) else f"op={quote(json.dumps(event))}"
        answer = self.ask(f"/__control?{query}")
        assert "error" not in answer, answer

    def robots(self, host: str) -> str:
        """Read a host's robots.txt."""
        request = Request(f"{self.site}/robots.txt", headers={"Host": host})  # noqa: S310  # loopback
        with urlopen(request, timeout=60) as answer:  # noqa: S310
            return str(answer.read().decode())

    def hits(self) -> list[Hit]:
        """Read what was logged since the last call."""
        self.ask("/__stats")  # which writes out the log
        lines = self.log.read_text("utf-8").splitlines()[self.read :]
        self.read += len(lines)
        return [_hit(json.loads(line)) for line in lines]

    def judge(self, db: Path, first: str, last: str, report: Path) -> subprocess.CompletedProcess[str]:
        """Compare an archive with the truth of what was served, by the replica's own checker."""
        command = [sys.executable, str(self.folder / "check_archive.py"), "--truth", self.control]
        command += ["--db", str(db), "--map", str(MAPPING), "--from", first, "--to", last]
        return subprocess.run([*command, "--json", str(report)], check=False, capture_output=True, text=True)


def _hit(line: dict[str, Any]) -> Hit:
    url = line["path"] + (f"?{line['query']}" if line.get("query") else "")
    is_cut = line.get("fault") in ("truncate", "stall") or line["bytes"] < LEAST
    status = 0 if is_cut and line["status"] == OK else line["status"]
    return Hit(
        at=line["t"],
        seconds=line["ms"] / 1000,
        host=line["host"],
        url=url,
        method=line["method"],
        form=line.get("form", ""),
        status=status,
        agent=line["ua"],
        kind=line["kind"],
        conditional=bool(line.get("conditional")),
    )


@contextmanager
def running(folder: Path, work: Path, scenario: str = "small") -> Iterator[Replica]:
    """Run the replica of a folder until the block ends; its log goes to ``work``."""
    site, control = free_port(), free_port()
    log = work / "access.jsonl"
    command = [sys.executable, str(folder / "replica.py"), "--scenario", scenario]
    command += ["--port", str(site), "--control-port", str(control), "--log", str(log)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            started = process.stdout.readline()
            assert started.startswith("replica on"), f"the replica did not start: {started}"
            yield Replica(folder, f"http://127.0.0.1:{site}", f"http://127.0.0.1:{control}", log)
        finally:
            process.terminate()
