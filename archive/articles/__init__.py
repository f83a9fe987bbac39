"""One article in the archive: load, write, compare, lifecycle, history, re-extraction."""
