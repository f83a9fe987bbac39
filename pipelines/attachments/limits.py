"""Limits of what a file may need; in 1,225 real ones: sections to 15.9 MB, 41 zip entries, tables 3 deep."""

from __future__ import annotations

MAX_CONTENT = 128 << 20  # bytes of one file
MAX_UNPACKED = 64 << 20  # bytes of all its parts that are read, decompressed
MAX_ENTRIES = 4096  # members of a zip container
MAX_DEPTH = 40  # containers in containers: tables in cells, text boxes in groups
MAX_LEVELS = 256  # XML elements in XML elements
MAX_NODES = 1_000_000  # XML elements of one paragraph, its tables included
MAX_PAGES = 1000  # pages of a PDF that are read
MAX_RULES = 3000  # ruled lines looked at on one PDF page
MAX_STROKES = 50_000  # thin shapes looked at on one PDF page; more are a drawing
