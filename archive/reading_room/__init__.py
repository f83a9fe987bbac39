"""The reading room: the archive's own pages for readers, on the same server as Datasette.

Each module answers one page from a read-only connection and knows no HTTP; ``routes`` maps URLs to them and
``render`` turns what they give into HTML. Pages need no JavaScript and load nothing from elsewhere.
"""

from __future__ import annotations

from archive.reading_room.routes import ROUTES

__all__ = ["ROUTES"]
