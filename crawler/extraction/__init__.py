"""Extraction from stored bytes: files, captures, WARC records. Does not import Scrapy."""
