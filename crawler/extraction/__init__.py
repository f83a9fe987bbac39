"""From bytes that are held to articles: files, captures, WARC records; knows no Scrapy."""
