"""The evidence of the archive: runs, and what they captured."""

from __future__ import annotations

from archive.schema.tables import ID, C, Table

EVIDENCE: tuple[Table, ...] = (
    Table(
        "runs",
        "One run of a command that writes, with its outcome.",
        (
            ID,
            C("command", "TEXT NOT NULL", "The verb, e.g. crawl or import."),
            C("arguments", "TEXT NOT NULL DEFAULT '{}'", "Its arguments, as JSON."),
            C("started_at", "TEXT NOT NULL", "When it began."),
            C("ended_at", "TEXT", "When it ended; empty while it runs or when it was killed."),
            C(
                "outcome",
                "TEXT",
                "finished, partial, unrecognised, implausible, blocked, interrupted or failed; killed when it never ended.",
            ),
            C("exit_code", "INTEGER", "The exit code that it gave."),
            C("requests", "INTEGER NOT NULL DEFAULT 0", "HTTP requests made."),
            C("articles_new", "INTEGER NOT NULL DEFAULT 0", "Articles stored for the first time."),
            C("articles_changed", "INTEGER NOT NULL DEFAULT 0", "Articles that got a new version."),
            C("articles_gone", "INTEGER NOT NULL DEFAULT 0", "Articles found deleted."),
            C(
                "failures",
                "INTEGER NOT NULL DEFAULT 0",
                "Items that failed and are recorded for the next run.",
            ),
            C("version", "TEXT NOT NULL", "Version of this program."),
        ),
        title="Runs",
    ),
    Table(
        "dictionaries",
        "One zstd dictionary, against which captured pages of one layout are compressed.",
        (
            ID,
            C("layout", "TEXT NOT NULL", "The page layout that it was made from."),
            C("trained_at", "TEXT NOT NULL", "When it was made."),
            C(
                "packed_size",
                "INTEGER NOT NULL",
                "Median length of the pages first packed with it, 0 until known; twice that says it has aged.",
            ),
            C("sha256", "TEXT NOT NULL UNIQUE", "SHA-256 of the page that serves as dictionary."),
            C("content", "BLOB NOT NULL", "The dictionary itself, a raw page, packed with zstd."),
        ),
        title="Compression dictionaries",
    ),
    Table(
        "bodies",
        "One distinct page body, kept once whatever number of captures gave it.",
        (
            C("sha256", "TEXT PRIMARY KEY", "SHA-256 of the exact bytes, in hexadecimal."),
            C("size", "INTEGER NOT NULL", "Length of the exact bytes."),
            C(
                "codec",
                "TEXT NOT NULL",
                "How the content is packed: zstd; file when it lies in the folder beside the archive; hash when its bytes were not to be kept or said nothing new; redacted when they were removed.",
            ),
            C("dictionary_id", "INTEGER REFERENCES dictionaries(id)", "The dictionary needed to unpack it."),
            C("content", "BLOB", "The packed bytes; empty for all but zstd."),
        ),
        title="Captured bodies",
    ),
    Table(
        "captures",
        "One fetch: URL, time and response. The bytes are in bodies.",
        (
            ID,
            C("run_id", "INTEGER REFERENCES runs(id)", "The run that made it."),
            C("kind", "TEXT NOT NULL", "list, detail, attachment, viewer, sitemap, api or import."),
            C("url", "TEXT NOT NULL", "The URL requested."),
            C("method", "TEXT NOT NULL DEFAULT 'GET'", "GET or POST."),
            C("form", "TEXT", "The form sent with a POST."),
            C("status", "INTEGER NOT NULL", "HTTP status of the response."),
            C("headers", "TEXT NOT NULL", "The response's headers, a JSON array of name and value pairs."),
            C("fetched_at", "TEXT NOT NULL", "When the response arrived."),
            C("layout", "TEXT", "The page layout recognised; empty when none was."),
            C("body_sha256", "TEXT NOT NULL REFERENCES bodies(sha256)", "SHA-256 of the body."),
        ),
        indexes=(
            "CREATE INDEX captures_url ON captures(url, form)",
            "CREATE INDEX captures_body ON captures(body_sha256)",
        ),
        title="Captures",
    ),
)
