"""Which fields of an article's record lie in its own row of the table ``articles``, under the same name.

A field of the record that gets a column in the schema is written and read by this list with nothing to add.
"""

from __future__ import annotations

from dataclasses import fields

from archive.records import Article
from archive.schema import TABLES

KEY = ("site", "section", "native_id")
"""What names an article; never changed after its row was made."""

_COLUMNS = {column.name for table in TABLES if table.name == "articles" for column in table.columns}
NARROW = tuple(one.name for one in fields(Article) if one.name in _COLUMNS and one.name not in KEY)
"""The other fields, text, files and contacts lying in tables of their own."""
