"""A second reader of stored pages: is the text that is kept, word by word, that of the article's container?

The text was made by lxml and nh3. Here BeautifulSoup reads the same bytes with the parser of Python's own
library, which shares no code with those, so that a fault of the one is seen by the other. Looked at are the
layouts whose container is known by name, and posts; a text that was taken from a file, from the document
viewer or from a list has no such container.
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

NAMED = 8  # words that a difference names
CONTAINERS = {
    KoreaPage.layout_name: BODY,
    NewsViewPage.layout_name: NewsViewPage.BODY,
    EntryContentPage.layout_name: EntryContentPage.BODY,
}
# What no reader sees, and what sites put into an article's container that is not the article's.
UNSEEN = (
    "script, style, head, title, template, noscript, iframe, ins, aside, form, select, textarea,"
    " [hidden], .remark, .kogl_txt, .sr-only, .blind, .adsbygoogle, .ad-inread, .google-auto-placed,"
    " .inline-related, .related, .sns, .tags, .swiper-button-prev, .swiper-button-next, .swiper-pagination,"
    " .slick-arrow, .slick-dots"
)
DIVIDING = [*BLOCKS, *"br center dir fieldset form legend main menu nav optgroup".split()]  # noqa: SIM905
_UNCLOSED = re.compile(r"</(?:b|em|i|span|strong|td|li|a|u)(?=[가-힣])")


class SecondReader:
    """Tells in what the stored text of an article differs from its page; called with its row number.

    Args:
        archive: opened for reading.

    Attributes:
        compared: how many texts were compared with their pages.
        not_compared: how many could not be: the text is not the page's own, or its layout names no container.
    """

    def __init__(self, archive: Archive) -> None:
        self._conn = archive.conn
        self._captures = Captures(archive.conn, archive.files)
        self.compared = 0
        self.not_compared = 0

    def __call__(self, article_id: int) -> str | None:
        """Give the difference in one phrase; None where there is none, or nothing to compare."""
        found = self._texts(article_id)
        if found is None:
            self.not_compared += 1
            return None
        self.compared += 1
        return difference(*found)

    def _texts(self, article_id: int) -> tuple[BeautifulSoup, str] | None:
        """Read an article's container, and its stored text."""
        stored = inline_text(self._conn, article_id)
        if stored is None:
            return None
        capture_id, text = stored
        try:
            markup = container_of(self._captures.read(capture_id))
        except (ArchiveError, InputError):
            return None  # reported where bytes are checked
        return None if markup is None else (markup, text)


def container_of(capture: Capture) -> BeautifulSoup | None:
    """Read the container of an article's text from a captured page; None where its layout names none."""
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
    """Tell in one phrase how a text differs from its container, which is used up; None where it does not.

    Every character counts, in its order; only how words are parted by space is not compared. A text may say
    more than a reader of the page sees, but nothing that the container does not have at all.
    """
    everything = "".join(markup.get_text().translate(INVISIBLE).split())
    words, stored = words_of(markup), text.translate(INVISIBLE).split()
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
    """Give, each once, the words that stand more often in one text than in another, given joined as well."""
    rarer, own = Counter(words) - Counter(others), "".join(words)
    return [word for word in dict.fromkeys(words) if word in rarer and joined.count(word) < own.count(word)]


def _out_of_order(words: Sequence[str], kept: str) -> Sequence[str]:
    """Give the words from the first one on that does not follow in a text; none where all follow."""
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
    """Read the words that a reader sees: blocks and line breaks part them."""
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
    return markup.get_text().translate(INVISIBLE).split()
