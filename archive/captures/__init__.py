"""The exact bytes that were fetched: packed bodies of pages, and files by their hash."""
