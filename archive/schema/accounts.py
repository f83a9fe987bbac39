"""What the archive accounts for: lists, failures, what was removed, facts about itself."""

from __future__ import annotations

from archive.schema.tables import ID, C, Table

ACCOUNTS: tuple[Table, ...] = (
    Table(
        "listings",
        "One section and day as the site listed it.",
        (
            C("site", "TEXT NOT NULL", "The site."),
            C("section", "TEXT NOT NULL", "The section."),
            C("day", "TEXT NOT NULL", "The day, Korean time."),
            C("total", "INTEGER", "The site's own count (총 N건); empty where it gives none."),
            C("read_whole", "INTEGER NOT NULL", "1 when every page of the list was read."),
            C("found", "INTEGER NOT NULL", "Items found on the list pages."),
            C("archived", "INTEGER NOT NULL", "Of these, how many are in the archive."),
            C("failed", "INTEGER NOT NULL", "Of these, how many have a recorded failure."),
            C(
                "complete",
                "INTEGER NOT NULL",
                "1 when the list was read whole, found equals total, every item is archived or has a recorded failure, not all failed, and an empty list is vouched for.",
            ),
            C("detail", "TEXT", "Why it is not complete, in one line."),
            C("checked_at", "TEXT NOT NULL", "When the list was last read."),
            C("run_id", "INTEGER REFERENCES runs(id)", "The run that read it."),
        ),
        constraints=("PRIMARY KEY (site, section, day)",),
        title="Listings",
    ),
    Table(
        "listed_items",
        "One article as a list showed it.",
        (
            C("site", "TEXT NOT NULL", "The site."),
            C("section", "TEXT NOT NULL", "The section."),
            C("native_id", "TEXT NOT NULL", "The site's id of the article."),
            C("day", "TEXT NOT NULL", "The day under which it is listed."),
            C("title", "TEXT NOT NULL", "Headline on the list."),
            C("organization", "TEXT", "Ministry on the list."),
            C("lead_sha256", "TEXT", "Hash of the lead on the list, in its full form."),
            C("first_listed_at", "TEXT NOT NULL", "When it was first seen listed."),
            C("last_listed_at", "TEXT NOT NULL", "When it was last seen listed."),
        ),
        constraints=("PRIMARY KEY (site, section, native_id)",),
        indexes=("CREATE INDEX listed_items_day ON listed_items(site, section, day)",),
        title="Listed items",
    ),
    Table(
        "failures",
        "One thing that failed and is to be tried again.",
        (
            ID,
            C("run_id", "INTEGER REFERENCES runs(id)", "The run that met it last."),
            C("site", "TEXT NOT NULL", "The site; `file` where a file was to be imported."),
            C("section", "TEXT", "The section."),
            C("native_id", "TEXT", "The site's id of the article concerned."),
            C("url", "TEXT NOT NULL", "The URL that failed."),
            C("kind", "TEXT NOT NULL", "What kind of failure: timeout, reset, http_404, layout, document …"),
            C("detail", "TEXT NOT NULL", "What happened, in one line."),
            C("attempts", "INTEGER NOT NULL DEFAULT 1", "Runs that met it."),
            C("first_seen_at", "TEXT NOT NULL", "When it first failed."),
            C("last_seen_at", "TEXT NOT NULL", "When it last failed."),
            C("resolved_at", "TEXT", "When it was resolved; empty while it is open."),
        ),
        indexes=(
            "CREATE UNIQUE INDEX failures_open ON failures(url, kind) WHERE resolved_at IS NULL",
            "CREATE INDEX failures_item ON failures(site, section, native_id)",
        ),
        title="Failures",
    ),
    Table(
        "pending_visits",
        "One visit whose change of an article is not believed yet; the article is as it was, and is visited again.",
        (
            C(
                "article_id",
                "INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE",
                "The article.",
            ),
            C("run_id", "INTEGER REFERENCES runs(id)", "The run that made the visit."),
            C("seen_at", "TEXT NOT NULL", "When it was made."),
            C("seen_since", "TEXT NOT NULL", "When this very state of the article was seen first."),
            C("reason", "TEXT", "Why it is not believed; empty until its run has ended."),
            C("changed", "TEXT NOT NULL", "Names of the fields that would change, a JSON array."),
            C("fingerprint", "TEXT NOT NULL", "Fingerprint of what the visit read."),
            C("capture_id", "INTEGER NOT NULL REFERENCES captures(id)", "The page."),
            C("visit", "TEXT NOT NULL", "All that the visit read, as JSON."),
        ),
        title="Pending visits",
    ),
    Table(
        "redactions",
        "One article or contact removed from the archive on request, without its content.",
        (
            ID,
            C("site", "TEXT NOT NULL", "The site."),
            C("section", "TEXT NOT NULL", "The section."),
            C("native_id", "TEXT NOT NULL", "The site's id of the article."),
            C("scope", "TEXT NOT NULL", "article or contacts."),
            C("reason", "TEXT NOT NULL", "Why, in one line."),
            C("redacted_at", "TEXT NOT NULL", "When."),
        ),
        indexes=("CREATE INDEX redactions_article ON redactions(site, section, native_id)",),
        title="Redactions",
    ),
    Table(
        "settings",
        "Facts about the archive itself, such as the tokenizer version of its search index.",
        (
            C("key", "TEXT PRIMARY KEY", "Name of the fact."),
            C("value", "TEXT NOT NULL", "Its value."),
        ),
        title="Settings",
    ),
)
