"""How a file comes to this program's schema: sqlite-utils' own migrations, each in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlite_utils import Database, Migrations

from archive.schema import APPLICATION_ID, SCHEMA_VERSION, TABLES
from archive.views import VIEWS

if TYPE_CHECKING:
    import sqlite3

migrations = Migrations("briefing-archive")


@migrations()
def initial(db: Database) -> None:
    """Create every table, index and view, and put our mark on the file."""
    for table in TABLES:
        for statement in table.statements():
            db.conn.execute(statement)
    for view in VIEWS:
        db.conn.execute(view.statement())
    db.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def migrate(conn: sqlite3.Connection) -> None:
    """Bring a file to the current schema."""
    migrations.apply(Database(conn, execute_plugins=False))
    conn.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
