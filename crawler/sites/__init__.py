"""What is known of the two sites: sections, URLs, sitemaps."""
