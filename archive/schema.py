"""The archive's tables and columns, each with its description in a user's words.

One source for the STRICT tables, for Datasette's metadata and for ``docs/columns.md``. A change here needs a
migration in ``archive.migrations``; the tables below are what the newest migration leaves behind.
"""

from __future__ import annotations

from dataclasses import dataclass

SCHEMA_VERSION = 1  # as many as there are migrations; PRAGMA user_version of a current file
APPLICATION_ID = 0x42724172  # "BrAr": tells one of our archives from any other SQLite file


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its SQL declaration and what it means."""

    name: str
    declaration: str
    description: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what a row is, its columns, constraints and indexes."""

    name: str
    description: str
    columns: tuple[Column, ...]
    constraints: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()
    title: str = ""

    def statements(self) -> tuple[str, ...]:
        """Write the CREATE statements of the table and its indexes."""
        lines = [f"{column.name} {column.declaration}" for column in self.columns] + list(self.constraints)
        return (f"CREATE TABLE {self.name} (\n  " + ",\n  ".join(lines) + "\n) STRICT", *self.indexes)


C = Column
ID = C("id", "INTEGER PRIMARY KEY", "Row number, assigned by the archive; it never changes.")
ARTICLE = "INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE"

TABLES: tuple[Table, ...] = (
    Table(
        "runs",
        "One run of a command that writes, with its outcome.",
        (
            ID,
            C("command", "TEXT NOT NULL", "The verb, e.g. crawl or import."),
            C("arguments", "TEXT NOT NULL DEFAULT '{}'", "What it was asked to do, as JSON."),
            C("started_at", "TEXT NOT NULL", "When it began."),
            C("ended_at", "TEXT", "When it ended; empty while it runs or when it was killed."),
            C("outcome", "TEXT", "finished, partial, unrecognised, blocked, interrupted or failed."),
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
                "How the content is packed: zstd; file when it lies in the folder beside the archive; hash when its bytes were not to be kept or told nothing new; redacted when they were taken out.",
            ),
            C("dictionary_id", "INTEGER REFERENCES dictionaries(id)", "The dictionary needed to unpack it."),
            C("content", "BLOB", "The packed bytes; empty for all but zstd."),
        ),
        title="Captured bodies",
    ),
    Table(
        "captures",
        "One fetch: when, from where, with what answer. The bytes are in bodies.",
        (
            ID,
            C("run_id", "INTEGER REFERENCES runs(id)", "The run that made it."),
            C("kind", "TEXT NOT NULL", "list, detail, attachment, viewer, sitemap, api or import."),
            C("url", "TEXT NOT NULL", "The address asked."),
            C("method", "TEXT NOT NULL DEFAULT 'GET'", "GET or POST."),
            C("form", "TEXT", "The form sent with a POST."),
            C("status", "INTEGER NOT NULL", "The HTTP status of the answer."),
            C("headers", "TEXT NOT NULL", "The answer's headers, a JSON array of name and value pairs."),
            C("fetched_at", "TEXT NOT NULL", "When the answer came."),
            C("layout", "TEXT", "The page layout recognised; empty when none was."),
            C("body_sha256", "TEXT NOT NULL REFERENCES bodies(sha256)", "SHA-256 of the body."),
        ),
        indexes=(
            "CREATE INDEX captures_url ON captures(url, form)",
            "CREATE INDEX captures_body ON captures(body_sha256)",
        ),
        title="Captures",
    ),
    Table(
        "organizations",
        "One ministry or agency over a stretch of time.",
        (
            ID,
            C("key", "TEXT NOT NULL UNIQUE", "Stable key, e.g. moef-2008."),
            C("name", "TEXT NOT NULL", "Official Korean name."),
            C("name_en", "TEXT", "Official English name."),
            C("code", "TEXT", "korea.kr's code of it (repCode)."),
            C("parent_id", "INTEGER REFERENCES organizations(id)", "The ministry that it belongs to."),
            C("valid_from", "TEXT", "First day under this name; empty when before the records begin."),
            C("valid_to", "TEXT", "Last day under this name; empty while it stands."),
            C("successors", "TEXT NOT NULL DEFAULT '[]'", "Keys of what followed it, a JSON array."),
        ),
        indexes=("CREATE INDEX organizations_name ON organizations(name)",),
        title="Organizations",
    ),
    Table(
        "articles",
        "One article of one site.",
        (
            ID,
            C("site", "TEXT NOT NULL", "korea.kr or newsdao.kr."),
            C(
                "section",
                "TEXT NOT NULL",
                "press (보도자료), policy (정책뉴스), actually (사실은 이렇습니다), briefing (부처 브리핑), statecouncil (국무회의), speech (연설문), visual (카드뉴스), reporter (국민이 말하는 정책); article on newsdao.kr.",
            ),
            C("native_id", "TEXT NOT NULL", "The site's own id of the article."),
            C("url", "TEXT NOT NULL", "Canonical address."),
            C("title", "TEXT NOT NULL", "Headline as printed."),
            C("subtitle", "TEXT", "Second headline as printed."),
            C(
                "published_at",
                "TEXT",
                "When it was published, Korean time; a bare date where only the day is known.",
            ),
            C(
                "published_precision",
                "TEXT NOT NULL DEFAULT 'day' CHECK (published_precision IN ('minute', 'day'))",
                "minute, or day where only the date is known or the time is exactly midnight.",
            ),
            C("published_raw", "TEXT", "The date as printed."),
            C(
                "year",
                "INTEGER GENERATED ALWAYS AS (CAST(substr(published_at, 1, 4) AS INTEGER)) VIRTUAL",
                "Year of publication.",
            ),
            C(
                "month",
                "TEXT GENERATED ALWAYS AS (substr(published_at, 1, 7)) VIRTUAL",
                "Month of publication, e.g. 2026-07.",
            ),
            C("organization", "TEXT", "Ministry, agency or speaker as printed."),
            C(
                "organization_id",
                "INTEGER REFERENCES organizations(id)",
                "The ministry or agency that this was at that date.",
            ),
            C("writer", "TEXT", "Author as printed."),
            C("presenter", "TEXT", "Who gave the briefing."),
            C(
                "body_source",
                "TEXT NOT NULL DEFAULT 'none'",
                "Where the text was taken from: inline, attachment, viewer, lead, api or none.",
            ),
            C(
                "kogl_type",
                "INTEGER",
                "Type of the Korea Open Government Licence (공공누리), 0 to 4; photographs are never covered.",
            ),
            C("kogl_text", "TEXT", "The licence sentence as printed."),
            C(
                "state",
                "TEXT NOT NULL DEFAULT 'live' CHECK (state IN ('live', 'gone', 'superseded', 'redacted'))",
                "live, gone (deleted by the site), superseded (re-issued under another id) or redacted (taken out of this archive).",
            ),
            C(
                "superseded_by_id",
                "INTEGER REFERENCES articles(id)",
                "The article under whose id it was re-issued.",
            ),
            C(
                "fingerprint",
                "TEXT NOT NULL",
                "Hash of title, subtitle, date, ministry, attachments and text; changes exactly when a version is made.",
            ),
            C("version", "INTEGER NOT NULL DEFAULT 1", "Number of the current version."),
            C("first_seen_at", "TEXT NOT NULL", "When this archive first saw it."),
            C("changed_at", "TEXT NOT NULL", "When the current version was first seen."),
            C("checked_at", "TEXT NOT NULL", "When the site was last asked for it."),
            C(
                "checks",
                "INTEGER NOT NULL DEFAULT 1",
                "How often it was asked for; says when the next check is due.",
            ),
            C("missing_count", "INTEGER NOT NULL DEFAULT 0", "Answers in a row that said it is not there."),
            C("missing_since", "TEXT", "When the first of these answers came."),
            C("missing_run_id", "INTEGER REFERENCES runs(id)", "The run that got the last of these answers."),
            C("layout", "TEXT NOT NULL", "Page layout that it was read from."),
            C("parser", "TEXT NOT NULL", "Page object and version that read it."),
            C(
                "capture_id",
                "INTEGER REFERENCES captures(id)",
                "The capture that the current fields were read from.",
            ),
        ),
        constraints=("UNIQUE (site, section, native_id)",),
        indexes=(
            "CREATE INDEX articles_published ON articles(published_at)",
            "CREATE INDEX articles_capture ON articles(capture_id)",
            "CREATE INDEX articles_missing ON articles(missing_run_id) WHERE missing_count > 0",
            "CREATE INDEX articles_organization ON articles(organization_id, section, site, year, month, published_at)",
            "CREATE INDEX articles_section ON articles(section, site, organization_id, year, month, published_at)",
            "CREATE INDEX articles_site ON articles(site, section, organization_id, year, month, published_at)",
            "CREATE INDEX articles_month ON articles(month, section, site, organization_id, published_at)",
        ),
        title="Articles",
    ),
    Table(
        "article_texts",
        "The body of one article, in three forms.",
        (
            C("article_id", "INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE", "The article."),
            C("body_html", "TEXT NOT NULL DEFAULT ''", "Sanitised HTML."),
            C("body_markdown", "TEXT NOT NULL DEFAULT ''", "Markdown."),
            C("body_text", "TEXT NOT NULL DEFAULT ''", "Plain text."),
        ),
        title="Article texts",
    ),
    Table(
        "text_hashes",
        "Hash of one text of an article by where it was read, so that only like is compared with like.",
        (
            C("article_id", ARTICLE, "The article."),
            C("source", "TEXT NOT NULL", "inline, attachment, viewer, lead or api."),
            C("sha256", "TEXT NOT NULL", "Hash of the normalised text last read there."),
        ),
        constraints=("PRIMARY KEY (article_id, source)",),
        title="Text hashes",
    ),
    Table(
        "article_captures",
        "One capture that an article's current fields were read from, or that showed them unchanged.",
        (
            C("article_id", ARTICLE, "The article."),
            C(
                "role",
                "TEXT NOT NULL",
                "detail, list, viewer or attachment; checked for the latest check that found nothing new, of whose page only the hash is kept.",
            ),
            C("capture_id", "INTEGER NOT NULL REFERENCES captures(id)", "The capture."),
        ),
        constraints=("PRIMARY KEY (article_id, role, capture_id)",),
        indexes=("CREATE INDEX article_captures_capture ON article_captures(capture_id)",),
        title="Captures of articles",
    ),
    Table(
        "article_urls",
        "One address under which an article was seen.",
        (
            C("url", "TEXT PRIMARY KEY", "The address as met."),
            C("article_id", ARTICLE, "The article it leads to."),
            C("first_seen_at", "TEXT NOT NULL", "When it was first met."),
        ),
        indexes=("CREATE INDEX article_urls_article ON article_urls(article_id)",),
        title="Addresses",
    ),
    Table(
        "versions",
        "One real change of an article, the first included.",
        (
            ID,
            C("article_id", ARTICLE, "The article."),
            C("number", "INTEGER NOT NULL", "1 for the first."),
            C("kind", "TEXT NOT NULL", "new, edit, gone, restored or superseded."),
            C("seen_at", "TEXT NOT NULL", "When this archive saw it."),
            C("changed", "TEXT NOT NULL DEFAULT '[]'", "Names of the fields that changed, a JSON array."),
            C("earlier", "TEXT NOT NULL DEFAULT '{}'", "Their values before the change, a JSON object."),
            C("fingerprint", "TEXT NOT NULL", "The fingerprint from here on."),
            C("capture_id", "INTEGER REFERENCES captures(id)", "The capture that shows it."),
        ),
        constraints=("UNIQUE (article_id, number)",),
        indexes=(
            "CREATE INDEX versions_seen ON versions(seen_at)",
            "CREATE INDEX versions_capture ON versions(capture_id)",
        ),
        title="Versions",
    ),
    Table(
        "attachments",
        "One file that an article links.",
        (
            ID,
            C("article_id", ARTICLE, "The article."),
            C("position", "INTEGER NOT NULL", "Place in the list of files, from 1."),
            C("file_id", "TEXT NOT NULL", "The site's id of the file."),
            C("name", "TEXT NOT NULL", "File name from the link text."),
            C("url", "TEXT NOT NULL", "Download address."),
            C("format", "TEXT", "Format by its first bytes; by name until it was fetched."),
            C(
                "state",
                "TEXT NOT NULL",
                "listed, stored, text, encrypted, corrupt, unsupported, too_big, timeout, missing or failed.",
            ),
            C("detail", "TEXT", "Why it gives no text, in one line."),
            C("size", "INTEGER", "Length in bytes."),
            C("sha256", "TEXT", "SHA-256 of the bytes, and its name in the folder of files."),
            C("text", "TEXT", "The text that it holds; empty where text_in says where it stands already."),
            C(
                "text_in",
                "TEXT CHECK (text_in IN ('body', 'twin'))",
                "body when its text is exactly the article's own (body_text), twin when exactly that of twin_of_id.",
            ),
            C(
                "twin_of_id",
                "INTEGER REFERENCES attachments(id)",
                "The file of the same article that holds the same text.",
            ),
            C("fetched_at", "TEXT", "When it was fetched."),
            C("removed_at", "TEXT", "When the article was first seen without it."),
        ),
        constraints=("UNIQUE (article_id, file_id)",),
        indexes=("CREATE INDEX attachments_sha256 ON attachments(sha256)",),
        title="Attachments",
    ),
    Table(
        "contacts",
        "One unit or person that an article gives for asking.",
        (
            ID,
            C("article_id", ARTICLE, "The article."),
            C("position", "INTEGER NOT NULL", "Place in the order of appearance, from 1."),
            C(
                "organization",
                "TEXT",
                "Ministry, agency or company as the text prints it; empty where it prints none.",
            ),
            C(
                "organization_id",
                "INTEGER REFERENCES organizations(id)",
                "The ministry or agency that this was at that date.",
            ),
            C(
                "organization_by",
                "TEXT",
                "printed when the text names it; published when it was taken from the publishing ministry.",
            ),
            C("department", "TEXT", "The rest of the unit's path, as printed."),
            C("role", "TEXT", "책임자, 담당자 or 문의, as printed for the person."),
            C("person", "TEXT", "Name."),
            C("rank", "TEXT", "Rank or office, e.g. 과장."),
            C("mark", "TEXT", "총괄, 공동 or 협조 of the row."),
            C("evidence", "TEXT NOT NULL", "The snippet of text that says so."),
            C(
                "evidence_start",
                "INTEGER NOT NULL",
                "Where the snippet begins in the text, in characters from 0.",
            ),
            C(
                "attachment_id",
                "INTEGER REFERENCES attachments(id) ON DELETE SET NULL",
                "The attachment that holds it; empty for the body.",
            ),
        ),
        constraints=("UNIQUE (article_id, position)",),
        indexes=(
            "CREATE INDEX contacts_organization ON contacts(organization_id)",
            "CREATE INDEX contacts_department ON contacts(department)",
            "CREATE INDEX contacts_person ON contacts(person)",
        ),
        title="Contacts",
    ),
    Table(
        "contact_points",
        "One number or address of a contact.",
        (
            ID,
            C("contact_id", "INTEGER NOT NULL REFERENCES contacts(id) ON DELETE CASCADE", "The contact."),
            C("kind", "TEXT NOT NULL CHECK (kind IN ('phone', 'fax', 'email'))", "phone, fax or email."),
            C("printed", "TEXT NOT NULL", "Digits with hyphens, or the address."),
            C("e164", "TEXT", "The number in international form; empty for short numbers."),
        ),
        constraints=("UNIQUE (contact_id, kind, printed)",),
        indexes=("CREATE INDEX contact_points_printed ON contact_points(printed)",),
        title="Numbers and addresses",
    ),
    Table(
        "sources",
        "One statement of where an article comes from.",
        (
            ID,
            C("article_id", ARTICLE, "The article."),
            C(
                "relation",
                "TEXT NOT NULL",
                "source (출처 link), original (headline retold), origin (정책브리핑 named), writer (기사작성) or licence (sentence in the body).",
            ),
            C("name", "TEXT", "Name of the source."),
            C("url", "TEXT", "Its address."),
            C("title", "TEXT", "Title of the link, or the original headline."),
        ),
        constraints=("UNIQUE (article_id, relation)",),
        title="Sources",
    ),
    Table(
        "relations",
        "How one article stands to another.",
        (
            ID,
            C("kind", "TEXT NOT NULL", "retells, supersedes, joint or repost."),
            C("article_id", ARTICLE, "The article."),
            C("related_id", ARTICLE, "The article that it retells, supersedes, or stands beside."),
            C("score", "REAL NOT NULL", "How sure this is, 0 to 1."),
            C("reason", "TEXT NOT NULL", "What it rests on."),
        ),
        constraints=("UNIQUE (kind, article_id, related_id)",),
        indexes=("CREATE INDEX relations_related ON relations(related_id, kind)",),
        title="Relations",
    ),
    Table(
        "images",
        "One picture that a body shows; the licence of the article (공공누리) never covers it.",
        (
            ID,
            C("article_id", ARTICLE, "The article."),
            C("position", "INTEGER NOT NULL", "Place in the body, from 1."),
            C("url", "TEXT NOT NULL", "Address of the picture."),
            C("alt", "TEXT", "Its alternative text."),
            C("caption", "TEXT", "Its caption."),
        ),
        constraints=("UNIQUE (article_id, position)",),
        title="Images",
    ),
    Table(
        "links",
        "One address that a body points to.",
        (
            ID,
            C("article_id", ARTICLE, "The article."),
            C("position", "INTEGER NOT NULL", "Place in the body, from 1."),
            C("url", "TEXT NOT NULL", "The address."),
            C("text", "TEXT", "The text of the link."),
        ),
        constraints=("UNIQUE (article_id, position)",),
        title="Links",
    ),
    Table(
        "listings",
        "One section and day as the site listed it.",
        (
            C("site", "TEXT NOT NULL", "The site."),
            C("section", "TEXT NOT NULL", "The section."),
            C("day", "TEXT NOT NULL", "The day, Korean time."),
            C("total", "INTEGER", "The site's own count (총 N건); empty where it gives none."),
            C("read_whole", "INTEGER NOT NULL", "1 when every page of the list answered as asked."),
            C("found", "INTEGER NOT NULL", "Items found on the list pages."),
            C("archived", "INTEGER NOT NULL", "Of these, how many are in the archive."),
            C("failed", "INTEGER NOT NULL", "Of these, how many have a recorded failure."),
            C(
                "complete",
                "INTEGER NOT NULL",
                "1 when the list was read whole, found equals total and every item is archived or has a recorded failure.",
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
            C("site", "TEXT NOT NULL", "The site."),
            C("section", "TEXT", "The section."),
            C("native_id", "TEXT", "The site's id of the article concerned."),
            C("url", "TEXT NOT NULL", "The address that failed."),
            C("kind", "TEXT NOT NULL", "What kind of failure: timeout, reset, http_404, layout, document …"),
            C("detail", "TEXT NOT NULL", "What happened, in one line."),
            C("attempts", "INTEGER NOT NULL DEFAULT 1", "Runs that met it."),
            C("first_seen_at", "TEXT NOT NULL", "When it first failed."),
            C("last_seen_at", "TEXT NOT NULL", "When it last failed."),
            C("resolved_at", "TEXT", "When it was mended; empty while it stands."),
        ),
        indexes=(
            "CREATE UNIQUE INDEX failures_open ON failures(url, kind) WHERE resolved_at IS NULL",
            "CREATE INDEX failures_item ON failures(site, section, native_id)",
        ),
        title="Failures",
    ),
    Table(
        "redactions",
        "One article or contact taken out of the archive on request, without what it said.",
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
