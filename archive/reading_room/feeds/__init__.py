"""Atom and RSS feeds of the reading room."""
