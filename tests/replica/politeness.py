"""Judge a crawl's politeness by the access log of the server that was crawled."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from protego import Protego

from crawler import settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

AGENT = "briefing-archive"
NAMED = re.compile(rf"{AGENT}/\S+ \(\+\S+\)$")
TWICE = 2  # for itself, and to show that the site is well when another article is said not to be there
UNDER_WAY = 0.5  # share of a wait in which requests arrive that were sent before a busy crawl read of it


class Hit(NamedTuple):
    """One request as the server logged it.

    Attributes:
        at, seconds: when it arrived, in seconds, and how long the response took.
        host, url: of the request; the URL begins with the path.
        method, form: of the request.
        status: of the response; 0 or less for one that was cut short.
        agent: the User-Agent.
        kind: the server's word for the resource: ``robots``, ``detail…``, ``download``, …
        conditional: whether the request carried a validator.
    """

    at: float
    seconds: float
    host: str
    url: str
    method: str
    form: str
    status: int
    agent: str
    kind: str
    conditional: bool = False


def impolite(
    hits: Iterable[Hit],
    robots: Mapping[str, str],
    *,
    throttled: bool = False,
    retry_after: float = 0.0,
) -> list[str]:
    """List what one crawl did against the rules, one line each.

    Args:
        hits: every request of the crawl.
        robots: robots.txt by host.
        throttled: whether the crawl kept Crawl-delay: one with ``--delay 0`` on loopback does not.
        retry_after: seconds that each response 429 asked to wait.
    """
    by_host: dict[str, list[Hit]] = defaultdict(list)
    for hit in sorted(hits):
        by_host[hit.host].append(hit)
    agents = {hit.agent for served in by_host.values() for hit in served}
    found = [f"no name and contact in {agent!r}" for agent in sorted(agents) if not NAMED.match(agent)]
    for host, served in by_host.items():
        rules = Protego.parse(robots.get(host, ""))
        found += _against_rules(host, served, rules)
        delay = rules.crawl_delay(AGENT) if throttled else None
        found += _too_soon(host, served, float(delay or 0))
        found += _not_waited(host, served, retry_after)
        found += _repeated(host, served)
    return found


def _against_rules(host: str, served: Sequence[Hit], rules: Protego) -> Iterator[str]:
    known = min((hit.at + hit.seconds for hit in served if hit.kind == "robots"), default=float("inf"))
    early = [hit for hit in served if hit.kind != "robots" and hit.at < known]
    if early:
        yield f"{host}: {len(early)} requests before robots.txt was read, such as {early[0].url}"
    for hit in served:
        if hit.kind != "robots" and not rules.can_fetch(f"https://{host}{hit.url}", AGENT):
            yield f"{host}: robots.txt forbids {hit.url}"


def _too_soon(host: str, served: Sequence[Hit], delay: float) -> Iterator[str]:
    gaps = [later.at - hit.at for hit, later in pairwise(served)]
    short = [gap for gap in gaps if gap < delay * 0.95]
    if short:
        least = f"the least {min(short):.2f} s"
        yield f"{host}: {len(short)} gaps shorter than a Crawl-delay of {delay:g} s, {least}"


def _not_waited(host: str, served: Sequence[Hit], retry_after: float) -> Iterator[str]:
    told = [hit.at + hit.seconds for hit in served if hit.status == 429]
    for hit in served:
        if any(retry_after * UNDER_WAY < hit.at - moment < retry_after * 0.9 for moment in told):
            yield f"{host}: {hit.url} was requested while a Retry-After ran"


def _repeated(host: str, served: Sequence[Hit]) -> Iterator[str]:
    """Yield what was fetched twice though it had come whole, and what failed and was asked for too often."""
    whole, failed = Counter[tuple[str, bool]](), Counter[tuple[str, bool]]()
    for hit in served:
        name = f"{hit.method} {hit.url} {hit.form}".strip()
        if hit.status == 200 and not hit.kind.startswith("list"):
            whole[name, hit.kind.startswith("detail")] += 1
        elif hit.status <= 0 or hit.status >= 500:
            failed[name, hit.kind == "download"] += 1
    for (name, is_article), count in whole.items():
        if count > (TWICE if is_article else 1):
            yield f"{host}: {name} came whole {count} times"
    for (name, is_file), count in failed.items():
        if count > 1 + (settings.FILE_RETRIES if is_file else settings.RETRIES):
            yield f"{host}: {name} failed {count} times in one crawl"
