"""The two sites: sections, URLs, sitemaps."""
