"""The search index and its upkeep: a contentless FTS5 table, written by the store and by nothing else.

Contentless means that no second copy of the text is kept, and that removing an article needs exactly the
tokens that were added. So both ways read the article's rows through one function, :func:`_tokens`: what was
indexed is what the rows said at that moment.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archive.errors import ArchiveError
from archive.search.tokenizer import TOKENIZER_VERSION, index_tokens, search_form
from archive.text.normalize import without_spaces

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

COLUMNS = ("body", "title", "attachments", "organization")
"""The body comes first: FTS5 names the column of a posting unless it is the first, two bytes each."""

TITLE_MARK = "※"
"""Stands before the tokens by which a word is sought in titles alone; never part of a text's own token."""

# The file must open in the SQLite 3.40 of a stock Debian: no contentless_delete, no tokenizer of our own.
_CREATE = f"CREATE VIRTUAL TABLE articles_fts USING fts5({', '.join(COLUMNS)}, content='', tokenize='ascii')"
_INSERT = "INSERT INTO articles_fts (rowid, body, title, attachments, organization) VALUES (?, ?, ?, ?, ?)"
_DELETE = (
    "INSERT INTO articles_fts (articles_fts, rowid, body, title, attachments, organization)"
    " VALUES ('delete', ?, ?, ?, ?, ?)"
)
LAST_ID = 2**63 - 1  # the largest that SQLite has
_SETTING = "search_tokenizer"
_ARTICLE = (
    "SELECT a.id, t.body_text, a.title, a.subtitle, a.organization, a.native_id FROM articles a"
    " LEFT JOIN article_texts t ON t.article_id = a.id"
)


def create_index(conn: sqlite3.Connection) -> None:
    """Create the index where it is missing and fill it when it is new or of an earlier tokenizer version.

    Call inside a transaction of the writer, after the tables exist; a current index is left alone.
    """
    if is_current(conn):
        return
    conn.execute("DROP TABLE IF EXISTS articles_fts")
    conn.execute(_CREATE)
    rebuild(conn)


def is_current(conn: sqlite3.Connection) -> bool:
    """Return whether the index exists and was made by this version of the tokenizer."""
    exists = conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'articles_fts'").fetchone()
    version = conn.execute("SELECT value FROM settings WHERE key = ?", (_SETTING,)).fetchone()
    return bool(exists and version and version[0] == TOKENIZER_VERSION)


def require_current(conn: sqlite3.Connection) -> None:
    """Refuse to search an index that another version of the tokenizer made: it would find too little.

    Raises:
        ArchiveError: it is missing or not of this version.
    """
    if not is_current(conn):
        raise ArchiveError(
            "the search index was made by another version of this program; `briefing verify --rebuild-index`"
            " rebuilds it"
        )


def index_article(conn: sqlite3.Connection, article_id: int) -> None:
    """Add an article to the index as its rows are now; it must not be in it already."""
    tokens = _article_tokens(conn, article_id)
    if tokens:
        conn.execute(_INSERT, (article_id, *tokens))


def unindex_article(conn: sqlite3.Connection, article_id: int) -> None:
    """Remove an article from the index; call before its rows change, in the same transaction."""
    tokens = _article_tokens(conn, article_id)
    indexed = conn.execute("SELECT 1 FROM articles_fts_docsize WHERE id = ?", (article_id,)).fetchone()
    if tokens and indexed:
        conn.execute(_DELETE, (article_id, *tokens))


def rebuild(conn: sqlite3.Connection) -> None:
    """Empty the index and fill it from every article's rows; the remedy for each problem of :func:`check`."""
    conn.execute("INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')")
    conn.executemany(_INSERT, ((article_id, *tokens) for article_id, tokens in _all_tokens(conn)))
    conn.execute(
        "INSERT INTO settings (key, value) VALUES (?, ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (_SETTING, TOKENIZER_VERSION),
    )


def optimize(conn: sqlite3.Connection) -> None:
    """Merge the index into one piece: smaller and faster, and nothing of deleted text stays in it."""
    conn.execute("INSERT INTO articles_fts (articles_fts) VALUES ('optimize')")


def _counters() -> dict[str, Counter[str]]:
    return {column: Counter() for column in COLUMNS}


@dataclass(slots=True)
class Tokens:
    """What the index must hold of some articles: for every column and token, how many have it how often."""

    articles: set[int] = field(default_factory=set)
    documents: dict[str, Counter[str]] = field(default_factory=_counters)
    postings: dict[str, Counter[str]] = field(default_factory=_counters)

    def add(self, other: Tokens) -> None:
        """Add those of other articles."""
        self.articles |= other.articles
        for column in COLUMNS:
            self.documents[column].update(other.documents[column])
            self.postings[column].update(other.postings[column])


def count_tokens(conn: sqlite3.Connection, first: int = 0, last: int = LAST_ID) -> Tokens:
    """Count the tokens of the articles whose ids lie between two, inclusive."""
    found = Tokens()
    for article_id, texts in _all_tokens(conn, first, last):
        found.articles.add(article_id)
        for column, text in zip(COLUMNS, texts, strict=True):
            tokens = text.split()
            found.documents[column].update(set(tokens))
            found.postings[column].update(tokens)
    return found


def check(conn: sqlite3.Connection, counted: Iterable[Tokens] | None = None) -> list[str]:
    """Compare the whole index with the articles' rows and return one line a problem; none when all agrees.

    Compares, for every token and column, the articles and the positions that have it. Memory is bounded by
    the vocabulary, time is about that of a rebuild.

    Args:
        conn: an archive.
        counted: the tokens of all its articles, part by part; None to count them here.
    """
    if not is_current(conn):
        return ["the search index was made by another version of the tokenizer"]
    parts = iter(counted or (count_tokens(conn),))
    total = next(parts, Tokens())
    for part in parts:
        total.add(part)
    articles, documents, postings = total.articles, total.documents, total.postings
    indexed = {row[0] for row in conn.execute("SELECT id FROM articles_fts_docsize")}
    problems = [f"article {at} is not in the search index" for at in sorted(articles - indexed)]
    problems += [
        f"the search index holds article {at}, which does not exist" for at in sorted(indexed - articles)
    ]
    wrong = _differing_tokens(conn, documents, postings)
    if wrong:
        shown = ", ".join(sorted(wrong)[:5])
        problems.append(f"the search index disagrees with the articles on {len(wrong)} tokens: {shown}")
    return problems


def _differing_tokens(
    conn: sqlite3.Connection, documents: dict[str, Counter[str]], postings: dict[str, Counter[str]]
) -> set[str]:
    """Name the tokens whose postings are not those that the rows call for; empties ``documents``."""
    conn.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.tokens_seen USING fts5vocab(main, articles_fts, col)"
    )
    wrong = set()
    for token, column, rows, count in conn.execute("SELECT term, col, doc, cnt FROM temp.tokens_seen"):
        if documents[column].pop(token, 0) != rows or postings[column][token] != count:
            wrong.add(token)
    conn.execute("DROP TABLE temp.tokens_seen")
    return wrong.union(*documents.values())


def _article_tokens(conn: sqlite3.Connection, article_id: int) -> tuple[str, ...] | None:
    row = conn.execute(f"{_ARTICLE} WHERE a.id = ?", (article_id,)).fetchone()
    return _tokens(conn, row) if row else None


def _all_tokens(
    conn: sqlite3.Connection, first: int = 0, last: int = LAST_ID
) -> Iterator[tuple[int, tuple[str, ...]]]:
    for row in conn.execute(f"{_ARTICLE} WHERE a.id BETWEEN ? AND ? ORDER BY a.id", (first, last)):
        yield row[0], _tokens(conn, row)


def _tokens(conn: sqlite3.Connection, row: sqlite3.Row | tuple[object, ...]) -> tuple[str, ...]:
    """Return the tokens of one article, by column: the one definition of what is indexed."""
    article_id, body, title, subtitle, organization, native_id = row
    files = conn.execute(
        "SELECT text FROM attachments WHERE article_id = ? AND text IS NOT NULL AND removed_at IS NULL"
        " ORDER BY position, id",
        (article_id,),
    )
    return (
        index_tokens(str(body or "")),
        title_tokens(f"{title}\n{subtitle or ''}"),
        index_tokens(attachment_text(str(body or ""), (file[0] for file in files))),
        f"{index_tokens(str(organization or ''))} {id_token(str(native_id))}".strip(),
    )


def title_tokens(title: str) -> str:
    """Write a title as its tokens, and once more with the mark of titles.

    FTS5 keeps one list of postings for a token in all columns, so to look for a common word in titles alone
    is to read every body that has it. The marked tokens have short lists of their own.
    """
    plain = index_tokens(title)
    return " ".join([plain, *(TITLE_MARK + token for token in plain.split())]).strip()


def attachment_text(body: str, texts: Iterable[str]) -> str:
    """Join what attachments say beyond the body, line by line.

    The body of most press releases was read from an attachment, and files come as twins (HWPX and PDF): a
    line that was already met, white space apart, is indexed once.
    """
    seen = {without_spaces(line) for line in body.splitlines()}
    lines = []
    for text in texts:
        for line in text.splitlines():
            squeezed = without_spaces(line)
            if squeezed and squeezed not in seen:
                seen.add(squeezed)
                lines.append(line)
    return "\n".join(lines)


def id_token(native_id: str) -> str:
    """Write a site's id of an article as a token that no number in a text equals.

    The id of a post that names no URL is its file's name; the tokenizer would cut it at every ASCII mark.
    """
    folded = without_spaces(search_form(native_id))
    return "№" + "".join(character if character.isalnum() else "·" for character in folded)
