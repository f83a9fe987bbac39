"""Migrations of the schema, by sqlite-utils, all in one transaction."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlite_utils import Database, Migrations

from archive.schema import APPLICATION_ID, SCHEMA_VERSION, TABLES, Table
from archive.views import VIEWS, View

if TYPE_CHECKING:
    import sqlite3

migrations = Migrations("briefing-archive")


@migrations()
def initial(db: Database) -> None:
    """Create every table, index and view, and set the application id of the file."""
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
def pending_visits(db: Database) -> None:
    """Add pending visits, and the time when files that fail were last requested."""
    table = next(table for table in TABLES if table.name == "pending_visits")
    if not db["pending_visits"].exists():
        for statement in table.statements():
            db.conn.execute(statement)
    if "tried_at" not in db["attachments"].columns_dict:
        db.conn.execute("ALTER TABLE attachments ADD COLUMN tried_at TEXT")
    _renew_views(db)


@migrations()
def extensions_of_numbers(db: Database) -> None:
    """Add the extension (내선) printed after a number; re-extraction fills it."""
    _add_column(db, "contact_points", "extension")
    _renew_views(db)


@migrations()
def what_posts_and_the_open_api_say(db: Database) -> None:
    """Keep the front matter of posts, and the edit date, embargo and revision that the Open API gives."""
    columns = (
        ("articles", ("modified_at TEXT", "embargo_at TEXT", "revision INTEGER")),
        ("article_texts", ("post TEXT",)),
    )
    for table, declarations in columns:
        present = {row[1] for row in db.conn.execute(f"PRAGMA table_info({table})")}
        for declaration in declarations:
            if declaration.split()[0] not in present:  # a new archive has them from the start
                db.conn.execute(f"ALTER TABLE {table} ADD COLUMN {declaration}")
    _renew_views(db)


@migrations()
def names_of_organizations(db: Database) -> None:
    """Keep the names by which ministries are found; the next crawl or import fills them in."""
    if not db["organization_names"].exists():
        _create(db, "organization_names")


@migrations()
def latest_changes(db: Database) -> None:
    """Find the latest edits and deletions without reading the first versions of all articles."""
    db.conn.execute("CREATE INDEX IF NOT EXISTS versions_kind ON versions(kind, seen_at)")


@migrations()
def owners_of_contacts(db: Database) -> None:
    """Add how the owner of a contact is known, and how surely; re-extraction fills it."""
    _add_column(db, "contacts", "owner_by")
    _add_column(db, "contacts", "owner_score")
    _renew_views(db)


@migrations()
def ministries_of_waiting_contacts(db: Database) -> None:
    """Move the ministries of pending visits' contacts from a list beside them into each contact."""
    waiting = db.conn.execute("SELECT article_id, visit FROM pending_visits").fetchall()
    for article_id, text in waiting:
        visit = json.loads(text)
        beside = visit.pop("organizations", [])
        for contact, (key, by) in zip(visit["article"]["contacts"], beside, strict=False):
            contact |= {"organization_key": key, "organization_by": by if key else None}
        changed = json.dumps(visit, ensure_ascii=False)
        db.conn.execute("UPDATE pending_visits SET visit = ? WHERE article_id = ?", (changed, article_id))


@migrations()
def indexes_of_the_reading_room(db: Database) -> None:
    """Find the latest articles of a ministry, and units by number or name, without reading all of them."""
    for statement in (
        "articles_ministry_day ON articles(organization_id, published_at)",
        "contacts_unresolved ON contacts(organization) WHERE organization_id IS NULL",
        "contact_points_ending ON contact_points(substr(printed, -4))",
    ):
        db.conn.execute(f"CREATE INDEX IF NOT EXISTS {statement}")


@migrations()
def sketches_for_linking(db: Database) -> None:
    """Keep what linking compares of an article; find what is gone without reading the articles of its day."""
    db.conn.execute(
        "CREATE INDEX IF NOT EXISTS articles_gone ON articles(site, section, published_at)"
        " WHERE state = 'gone'"
    )
    if not db["sketches"].exists():
        _create(db, "sketches")


def _create(db: Database, name: str) -> None:
    (table,) = (table for table in TABLES if table.name == name)
    for statement in table.statements():
        db.conn.execute(statement)


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
