"""A second reader of stored pages: does the stored text equal that of the article's container, word by word?

The text was extracted with lxml and nh3. Here BeautifulSoup reads the same bytes with the parser of Python's
standard library, which shares no code with those, so a fault of one shows in the other. Compared are layouts
whose container is known by name, and posts; a text from a file, the document viewer or a list has no such
container.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup, Comment

from archive.articles.lookup import inline_text
from archive.captures.store import Captures
from archive.errors import ArchiveError, InputError
from archive.text.normalize import INVISIBLE
from crawler.extraction.from_captures import is_post
from crawler.pages.jekyll import divided, front_matter, rendered
from crawler.pages.korea.articles import BODY, KoreaPage
from crawler.pages.newsdao import EntryContentPage, NewsViewPage
from pipelines.clean.elements import BLOCKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.database import Archive
    from archive.records import Capture

NAMED = 8  # words quoted in a difference
CONTAINERS = {
    KoreaPage.layout_name: BODY,
    NewsViewPage.layout_name: NewsViewPage.BODY,
    EntryContentPage.layout_name: EntryContentPage.BODY,
}
# Invisible elements, and furniture that sites put into an article's container.
UNSEEN = (
    "script, style, head, title, template, noscript, iframe, ins, aside, form, select, textarea,"
    " [hidden], .remark, .kogl_txt, .sr-only, .blind, .adsbygoogle, .ad-inread, .google-auto-placed,"
    " .inline-related, .related, .sns, .tags, .swiper-button-prev, .swiper-button-next, .swiper-pagination,"
    " .slick-arrow, .slick-dots"
)
DIVIDING = [*BLOCKS, *"br center dir fieldset form legend main menu nav optgroup".split()]  # noqa: SIM905
_UNCLOSED = re.compile(r"</(?:b|em|i|span|strong|td|li|a|u)(?=[가-힣])")


class SecondReader:
    """Compares the stored text of an article with its page; called with its row number.

    Args:
        archive: opened for reading.

    Attributes:
        compared: number of texts compared with their pages.
        not_compared: number of others: the text is not from the page, or its layout has no named container.
    """

    def __init__(self, archive: Archive) -> None:
        self._conn = archive.conn
        self._captures = Captures(archive.conn, archive.files)
        self.compared = 0
        self.not_compared = 0

    def __call__(self, article_id: int) -> str | None:
        """Describe the difference in one phrase; None if there is none, or nothing to compare."""
        found = self._texts(article_id)
        if found is None:
            self.not_compared += 1
            return None
        self.compared += 1
        return difference(*found)

    def _texts(self, article_id: int) -> tuple[BeautifulSoup, str] | None:
        """Return an article's container and its stored text."""
        stored = inline_text(self._conn, article_id)
        if stored is None:
            return None
        capture_id, text = stored
        try:
            markup = container_of(self._captures.read(capture_id))
        except (ArchiveError, InputError):
            return None  # reported by the check of bytes
        return None if markup is None else (markup, text)


def container_of(capture: Capture) -> BeautifulSoup | None:
    """Return the container of an article's text in a captured page; None if its layout names none."""
    if is_post(capture):
        post = front_matter(capture.content.decode("utf-8", "replace"))
        return read(rendered(divided(post.body).body))
    css = CONTAINERS.get(capture.layout or "")
    if css is None:
        return None
    found = read(capture.content.decode("utf-8", "replace")).select_one(css)
    return None if found is None else read(str(found))


def read(markup: str) -> BeautifulSoup:
    """Parse HTML; a closing tag whose bracket was forgotten (3 posts) does not swallow the words after it."""
    return BeautifulSoup(_UNCLOSED.sub(r"\g<0>>", markup), "html.parser")


def difference(markup: BeautifulSoup, text: str) -> str | None:
    """Describe in one phrase how a text differs from its container, which is modified; None if it does not.

    Every character counts, in order; white space between words is not compared. A text may include invisible
    words of the page, but none that the container lacks.
    """
    everything = "".join(INVISIBLE.sub("", markup.get_text()).split())
    words, stored = words_of(markup), INVISIBLE.sub("", text).split()
    served, kept = "".join(words), "".join(stored)
    if served == kept:
        return None
    if missing := _more_often(words, stored, kept):
        return f"lacks words of its page: {_named(missing)}"
    if added := [word for word in _more_often(stored, words, served) if word not in everything]:
        return f"has words that its page has not: {_named(added)}"
    moved = _out_of_order(words, kept)
    return f"has the words of its page in another order, from: {_named(moved)}" if moved else None


def _more_often(words: Sequence[str], others: Sequence[str], joined: str) -> list[str]:
    """Return the distinct words that are more frequent than in another text (``joined``: without spaces)."""
    rarer, own = Counter(words) - Counter(others), "".join(words)
    return [word for word in dict.fromkeys(words) if word in rarer and joined.count(word) < own.count(word)]


def _out_of_order(words: Sequence[str], kept: str) -> Sequence[str]:
    """Return the words from the first one that is out of order; none if all are in order."""
    end = 0
    for number, word in enumerate(words):
        found = kept.find(word, end)
        if found < 0:
            return words[number:]
        end = found + len(word)
    return ()


def _named(words: Sequence[str]) -> str:
    more = f" and {len(words) - NAMED} more" if len(words) > NAMED else ""
    return " ".join(words[:NAMED]) + more


def words_of(markup: BeautifulSoup) -> list[str]:
    """Return the words that a reader sees; blocks and line breaks separate them."""
    for unseen in markup.select(UNSEEN):
        unseen.extract()
    for styled in markup.select("[style]"):
        if "display:none" in str(styled.get("style", "")).replace(" ", ""):
            styled.extract()
    for comment in markup.find_all(string=lambda found: isinstance(found, Comment)):
        comment.extract()
    for element in markup(DIVIDING):
        element.insert_before("\n")
        element.insert_after("\n")
        element.insert(0, "\n")
        element.append("\n")
    return INVISIBLE.sub("", markup.get_text()).split()
