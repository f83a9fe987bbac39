"""Is a site well: the first contact of ``briefing doctor``, and the canary of a crawl."""
