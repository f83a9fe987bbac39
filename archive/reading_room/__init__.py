"""The reading room: the archive's own pages for readers, on the same server as Datasette.

Modules of ``pages`` and ``search`` read what a page shows from a read-only connection; ``routes`` maps URLs
to them, and ``rendering`` makes HTML of it. Pages need no JavaScript and load nothing from other hosts.
"""

from __future__ import annotations

from archive.reading_room.routes import ROUTES

__all__ = ["ROUTES"]
