"""What to fetch and how politely: Scrapy settings, spiders, page objects, fetch policy."""
