"""How a file comes to this program's schema: sqlite-utils' own migrations, all in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlite_utils import Database, Migrations

from archive.schema import APPLICATION_ID, SCHEMA_VERSION, TABLES, Table
from archive.views import VIEWS, View

if TYPE_CHECKING:
    import sqlite3

migrations = Migrations("briefing-archive")


@migrations()
def initial(db: Database) -> None:
    """Create every table, index and view, and put our mark on the file."""
    parts: tuple[Table | View, ...] = (*TABLES, *VIEWS)
    for part in parts:
        for statement in part.statements():
            db.conn.execute(statement)
    db.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")


@migrations()
def titles_and_states(db: Database) -> None:
    """Index headlines for the search of retellings; let views tell what became of an article."""
    db.conn.execute("CREATE INDEX IF NOT EXISTS articles_title ON articles(site, title)")
    _renew_views(db)


@migrations()
def extensions_of_numbers(db: Database) -> None:
    """Keep the extension (내선) printed after a number; articles read anew fill it."""
    _add_column(db, "contact_points", "extension")
    _renew_views(db)


@migrations()
def owners_of_contacts(db: Database) -> None:
    """Say of every contact how its owner is known and how surely; articles read anew fill it."""
    _add_column(db, "contacts", "owner_by")
    _add_column(db, "contacts", "owner_score")
    _renew_views(db)


def _add_column(db: Database, table: str, name: str) -> None:
    """Add a column as the schema declares it; a file created by this program has it already."""
    if name not in db[table].columns_dict:
        columns = next(one.columns for one in TABLES if one.name == table)
        declaration = next(column.declaration for column in columns if column.name == name)
        db.conn.execute(f"ALTER TABLE {table} ADD COLUMN {name} {declaration}")


def _renew_views(db: Database) -> None:
    for view in VIEWS:
        db.conn.execute(f"DROP VIEW IF EXISTS {view.name}")
        for statement in view.statements():
            db.conn.execute(statement)


def migrate(conn: sqlite3.Connection) -> None:
    """Bring a file to the current schema, or leave it as it was; a second process waits for the first."""
    conn.execute("BEGIN IMMEDIATE")
    try:
        migrations.apply(Database(conn, execute_plugins=False))
        conn.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        conn.commit()
    except BaseException:
        conn.rollback()
        raise
