"""Spiders decide where to go; page objects decide what a page says."""
