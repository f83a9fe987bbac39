"""How an archive is served: privately or publicly, and under which URL."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from archive.errors import UsageError

if TYPE_CHECKING:
    from datasette.app import Datasette

PLUGIN = "briefing"
"""Name under which Datasette keeps these settings: ``plugins: {briefing: {public: true}}``."""


@dataclass(frozen=True, slots=True)
class Site:
    """Settings of one server.

    Attributes:
        public: whether anyone may read: no contact data, no SQL of readers, no captured bytes.
        base_url: the URL of the front page without a trailing slash; "" to derive it from the request.
    """

    public: bool = False
    base_url: str = ""

    @classmethod
    def at(cls, base_url: str | None, *, public: bool) -> Site:
        """Return the settings of a server with a public URL.

        Raises:
            UsageError: it is no HTTP URL.
        """
        url = (base_url or "").rstrip("/")
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query):
            raise UsageError(f"--base-url {base_url}: expected a URL like https://archive.example.kr/path")
        return cls(public, url)

    @property
    def path(self) -> str:
        """The path of the front page, with a trailing slash."""
        return urlsplit(self.base_url).path.rstrip("/") + "/"

    def settings(self) -> dict[str, Any]:
        """Return them as Datasette's plugin settings."""
        return {PLUGIN: asdict(self)}


def site_of(datasette: Datasette) -> Site:
    """Read the settings of a server."""
    return Site(**(datasette.plugin_config(PLUGIN) or {}))
