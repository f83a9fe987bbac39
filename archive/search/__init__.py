"""Korean full-text search: an index of pairs of syllables, a query rewriter, a ranking of bounded cost.

The store calls :func:`unindex_article` before the first write to an article and :func:`index_article` after
the last, both inside its transaction; readers call :func:`search`, or ``search_ko`` in SQL.
"""

from __future__ import annotations

from archive.search.index import (
    Tokens,
    check,
    count_tokens,
    create_index,
    index_article,
    is_current,
    optimize,
    rebuild,
    unindex_article,
)
from archive.search.query import Query, parse, search_ko
from archive.search.ranking import RANKED, Hit, matching, search, text_with_words
from archive.search.snippets import MARKS, highlighter, snippet, without_heading

__all__ = [
    "MARKS",
    "RANKED",
    "Hit",
    "Query",
    "Tokens",
    "check",
    "count_tokens",
    "create_index",
    "highlighter",
    "index_article",
    "is_current",
    "matching",
    "optimize",
    "parse",
    "rebuild",
    "search",
    "search_ko",
    "snippet",
    "text_with_words",
    "unindex_article",
    "without_heading",
]
