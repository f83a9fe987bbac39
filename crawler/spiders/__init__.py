"""The spiders: which lists and articles to fetch. What a page says is for the page objects."""
