"""Pages of known sites: the canonical link or the URL names the article."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from web_poet import field

from archive.errors import UnknownLayout
from crawler.pages.base import ArticlePage
from crawler.pages.structured import news_article
from crawler.sites.urls import Identity, canonical_url, identify


class CanonicalPage(ArticlePage):
    """A page whose canonical link, or else whose URL, names the article."""

    @cached_property
    def identity(self) -> Identity:
        """Which article this is; raises UnknownLayout where neither link nor URL says."""
        canonical = self.css('link[rel="canonical"]::attr(href)').get() or ""
        identity = identify(canonical) or identify(self.url)
        if identity is None:
            raise UnknownLayout(f"not the URL of an article: {self.url}")
        return identity

    @cached_property
    def data(self) -> dict[str, Any]:
        """JSON-LD of the article; on press pages since 2026, with the time to the second."""
        return news_article(self.selector)

    @field
    def site(self) -> str:
        """Name the site."""
        return self.identity.site

    @field
    def section(self) -> str:
        """Name the section of the site."""
        return self.identity.section

    @field
    def native_id(self) -> str:
        """Return the site's id of the article."""
        return self.identity.native_id

    @field
    def canonical_url(self) -> str:
        """Return the one URL of the article."""
        return canonical_url(*self.identity)
