"""Scrapy's settings, each that differs from the default with its reason."""

from __future__ import annotations

import os
from importlib import metadata
from typing import Any

from crawler.http.mirror import is_loopback

CONTACT = "https://github.com/briefing-archive/briefing-archive"
PAGE_SECONDS = 30.0  # wall clock for a whole page, body included
PAGE_BYTES = 10 << 20  # the largest real page seen had 0.3 MB
FILE_SECONDS = 60.0
FILE_BYTES = 100 << 20  # 대용량 attachments of some 10 MB are common; 100 MB was never seen
RETRIES = 3
FILE_RETRIES = 2

HANDLER = "crawler.http.downloading.BoundedDownloadHandler"
SHUT = ("data", "file", "ftp", "s3")
OFF = (
    "telnet.TelnetConsole",
    "remote_control.RemoteControl",
    "feedexport.FeedExporter",
    "logstats.LogStats",
    "memdebug.MemoryDebugger",
    "spiderstate.SpiderState",
)


def user_agent() -> str:
    """Return the User-Agent: who asks, and where to complain (``BRIEFING_CONTACT``: URL or address)."""
    contact = os.environ.get("BRIEFING_CONTACT") or CONTACT
    return f"briefing-archive/{metadata.version('briefing-archive')} (+{contact})"


def settings_for(*, mirror: str | None = None, delay: float = 1.0) -> dict[str, Any]:
    """Return the settings of one run.

    Args:
        mirror: server that receives the requests to every host.
        delay: seconds between two requests to a host; 0 turns the throttle off, for a mirror on loopback.
    """
    unthrottled = delay == 0 and is_loopback(mirror)
    settings: dict[str, Any] = {
        "BOT_NAME": "briefing-archive",
        "USER_AGENT": user_agent(),
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": "briefing-archive",
        "CRAWL_DELAY_OBEY": not unthrottled,
        # One host, about one request a second, slower when the server is.
        "DOWNLOAD_DELAY": delay,
        "AUTOTHROTTLE_ENABLED": not unthrottled,
        "AUTOTHROTTLE_START_DELAY": delay,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": 1.0,
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8 if unthrottled else 2,
        "CONCURRENT_ITEMS": 2,  # a callback gives one; Scrapy starts a hundred workers for each otherwise
        # Deadlines and caps; files have their own, given with each request.
        "DOWNLOAD_TIMEOUT": PAGE_SECONDS,
        "DOWNLOAD_MAXSIZE": PAGE_BYTES,
        "DOWNLOAD_WARNSIZE": 0,
        # Who answers must prove it; Scrapy 2.19 asks only when told to. Roots: those of the system, or of the
        # file that the environment variable SSL_CERT_FILE names. A mirror over https is verified likewise.
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_TLS_MIN_VERSION": "TLSv1.2",
        # Two schemes and no more: no local files, no ftp, no data: URLs.
        "DOWNLOAD_HANDLERS": {"http": HANDLER, "https": HANDLER, **dict.fromkeys(SHUT)},
        "MIRROR": mirror,
        "RETRY_TIMES": RETRIES,
        "REDIRECT_MAX_TIMES": 5,
        "METAREFRESH_ENABLED": False,  # a refresh inside an article's body is no redirect
        "HTTPERROR_ALLOW_ALL": True,  # 404 and 410 are answers
        # The site asks for nothing but this; an honest header, not a browser's.
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "ko,en;q=0.5",
        },
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
            "crawler.http.cookies.BoundedCookies": 700,  # instead of Scrapy's
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "crawler.http.throttle.Robots": 100,  # instead of Scrapy's
            "crawler.http.onsite.OnSite": 610,  # sees a redirect before it is followed
            "crawler.http.onsite.PublicOnly": 800,  # knows which requests go through a proxy
            "crawler.http.truncation.TruncationGuard": 555,  # as the next
            "crawler.http.throttle.Politeness": 560,  # beneath retrying, above decompression
            "scrapy_poet.downloadermiddlewares.InjectionMiddleware": 543,
        },
        "ITEM_PIPELINES": {
            "crawler.item_pipelines.BuildPipeline": 100,
            "crawler.item_pipelines.StorePipeline": 200,
        },
        "SCRAPY_POET_PROVIDERS": {"crawler.providers.PageProvider": 300},
        # Nothing of ours listens or writes beside the archive; what is off is not even loaded.
        "EXTENSIONS": dict.fromkeys(f"scrapy.extensions.{name}" for name in OFF),
        "LOG_ENABLED": False,  # the command line sets logging up
        "LOG_INSTALL_ROOT_HANDLER": False,
        "STATS_DUMP": False,
    }
    if mirror:
        handler = "crawler.http.mirror.MirrorDownloadHandler"
        settings["DOWNLOAD_HANDLERS"] |= {"http": handler, "https": handler}
    return settings
