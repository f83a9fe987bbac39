"""A second reader of stored pages: is every word of an article's container in the text that is kept?

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
from archive.text.normalize import INVISIBLE, without_spaces
from crawler.extraction.from_captures import is_post
from crawler.pages.jekyll import divided, front_matter, rendered
from crawler.pages.korea.articles import BODY, KoreaPage
from crawler.pages.newsdao import EntryContentPage, NewsViewPage
from pipelines.clean.elements import BLOCKS

if TYPE_CHECKING:
    from archive.database import Archive
    from archive.records import Capture

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
    """Finds words that an article's page has and its stored text lacks; called with its number.

    Args:
        archive: opened for reading.
    """

    def __init__(self, archive: Archive) -> None:
        self._conn = archive.conn
        self._captures = Captures(archive.conn, archive.files)

    def __call__(self, article_id: int) -> list[str]:
        """Return the missing words each once; none where there is nothing to compare."""
        stored = inline_text(self._conn, article_id)
        if stored is None:
            return []
        capture_id, text = stored
        try:
            capture = self._captures.read(capture_id)
            markup = container_of(capture)
        except (ArchiveError, InputError):
            return []  # reported where bytes are checked
        return [] if markup is None else missing_words(markup, text)


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


def missing_words(markup: BeautifulSoup, text: str) -> list[str]:
    """Name the words of a container that a text lacks; how words are parted by space is not compared."""
    words = words_of(markup)
    lacking = Counter(words) - Counter(text.translate(INVISIBLE).split())
    served, kept = "".join(words), without_spaces(text.translate(INVISIBLE))
    return [
        word for word in dict.fromkeys(words) if word in lacking and kept.count(word) < served.count(word)
    ]


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
