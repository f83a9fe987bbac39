"""Requests and responses: downloading, throttling, robots.txt, redirects, truncation, failures."""
