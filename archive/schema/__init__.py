"""The archive's tables and columns, each with its description in a user's words.

One source for the STRICT tables, for Datasette's metadata and for ``docs/columns.md``. A change here needs a
migration in ``archive.migrations``; the tables below are what the newest migration leaves behind.
"""

from __future__ import annotations

from archive.schema.accounts import ACCOUNTS
from archive.schema.articles import ARTICLES
from archive.schema.contacts import CONTACTS
from archive.schema.evidence import EVIDENCE
from archive.schema.tables import Column, Table

SCHEMA_VERSION = 11  # as many as there are migrations; PRAGMA user_version of a current file
APPLICATION_ID = 0x42724172  # "BrAr": tells one of our archives from any other SQLite file

TABLES = (*EVIDENCE, *ARTICLES, *CONTACTS, *ACCOUNTS)

__all__ = ["APPLICATION_ID", "SCHEMA_VERSION", "TABLES", "Column", "Table"]
