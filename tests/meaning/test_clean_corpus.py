"""Every post of the corpus keeps every visible word, in order, none glued or split, in all three forms."""

from __future__ import annotations

import tarfile
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup, Comment
from lxml import html
from markdown_it import MarkdownIt

from archive.text.pictures import PICTURE
from crawler.pages.jekyll import divided, front_matter, rendered
from pipelines.clean import clean_html
from pipelines.clean.elements import BLOCKS
from tests.thorough import one_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OTHERS = 8  # one post in so many is also read by BeautifulSoup, which is slow
RENDERER = MarkdownIt("commonmark", {"html": True}).enable("table")
DIVIDING = [*BLOCKS, "br", "form", "body", "html"]
ZERO_WIDTH = str.maketrans("", "", "\u200b\ufeff\u2060\xad")
# Two posts forget the bracket of a closing tag; BeautifulSoup then takes the words after it into the tag.
FORGOTTEN = {"2024-07-21-138.md", "2024-07-29-377.md"}


@pytest.fixture(scope="module")
def posts(shared: Path) -> Iterator[tarfile.TarFile]:
    """Open the corpus."""
    with tarfile.open(shared / "corpus" / "posts.tar.xz") as archive:
        yield archive


def words(markup: str) -> list[str]:
    """Read the words of HTML: blocks and breaks part them, nothing else; those of pictures are no text."""
    root = html.fragment_fromstring(markup, create_parent="div")
    for picture in root.iterfind(f".//a[@title='{PICTURE}']"):
        picture.text = None
    for element in root.iter(*DIVIDING):
        element.text = "\n" + (element.text or "")
        element.tail = "\n" + (element.tail or "")
    return str(root.xpath("string()")).split()


def words_as_served(markup: str) -> list[str]:
    """Read the words of a post by a library that ours does not use."""
    soup = BeautifulSoup(markup, "html.parser")
    for hidden in soup(["script", "style", "head", "title"]):
        hidden.decompose()
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for element in soup(DIVIDING):
        element.insert_before("\n")
        element.insert_after("\n")
        element.insert(0, "\n")
        element.append("\n")
    return soup.get_text().translate(ZERO_WIDTH).split()


@pytest.mark.parametrize("every", one_in(2, [50, 1]))
def test_every_word_of_every_post_stays(posts: tarfile.TarFile, every: int) -> None:
    count = repaired = 0
    for member in [one for one in posts.getmembers() if one.name.endswith(".md")][::every]:
        file = posts.extractfile(member)
        assert file is not None
        front = front_matter(file.read().decode())
        source = rendered(divided(front.body).body)
        body = clean_html(source, "https://newsdao.kr/1").body
        expected = body.text.split()
        assert words(body.html) == expected, member.name
        assert words(RENDERER.render(body.markdown)) == expected, member.name
        if count % OTHERS == 0 and member.name.rpartition("/")[2] not in FORGOTTEN:
            assert words_as_served(source) == expected, member.name
        count += 1
        repaired += front.repaired
    assert count == -(-2193 // every)
    assert repaired == 22 or every > 1
