"""Clean bodies: three faithful forms of one text (safe HTML, Markdown, plain text), and the blocks of it.

Every visible word stays, in order; none is glued to its neighbour and none is split: inline elements join
without a space, blocks with a line break. ``<총괄>`` and ``<자료출처=…>`` are text.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from archive.records import Body, Image, Link
from pipelines.blocks import Block, Paragraph, Table, text_of
from pipelines.clean.markdown import markdown_of
from pipelines.clean.nesting import shallow
from pipelines.clean.sanitise import safe_tree, written
from pipelines.clean.structure import Grid, Part, Span, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Cleaned", "blocks_to_body", "clean_html", "shallow"]


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A clean body, what it is made of, what it shows and where it points.

    Attributes:
        images: each picture once, with its caption.
        links: each address and text once; ``tel:`` and ``mailto:`` among them.
    """

    body: Body
    blocks: tuple[Block, ...]
    images: tuple[Image, ...]
    links: tuple[Link, ...]


def clean_html(fragment: str, base_url: str) -> Cleaned:
    """Clean the HTML of one article; relative addresses are taken against ``base_url``."""
    root = safe_tree(fragment, base_url)
    document = read(root)
    blocks = document.blocks()
    return Cleaned(
        Body(written(root), markdown_of(document.parts), text_of(blocks)),
        blocks,
        tuple(dict.fromkeys(document.images)),
        tuple(dict.fromkeys(document.links)),
    )


def blocks_to_body(blocks: Iterable[Block]) -> Body:
    """Write blocks that come without HTML (plain text, attachments) in the three forms."""
    kept = tuple(blocks)
    return Body("\n".join(_html(kept)), markdown_of(map(_part, kept)), text_of(kept))


def _part(block: Block) -> Part | Grid:
    if isinstance(block, Table):
        return Grid([(cell, [Span(cell.text)]) for cell in block.cells])
    return Part(block.kind, [Span(block.text)], block.level)


def _html(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Table):
            yield _table(block)
        elif block.kind == "heading":
            yield f"<h{block.level}>{_lines(block.text)}</h{block.level}>"
        elif block.kind == "item":
            yield _item(block)
        else:
            yield f"<p>{_lines(block.text)}</p>"


def _item(block: Paragraph) -> str:
    depth = max(block.level, 1)
    return f"{'<ul>' * depth}<li>{_lines(block.text)}</li>{'</ul>' * depth}"


def _table(table: Table) -> str:
    rows: dict[int, list[str]] = {row: [] for row in range(table.rows)}
    for cell in table.cells:
        tag = "th" if cell.header else "td"
        sizes = (("rowspan", cell.rowspan), ("colspan", cell.colspan))
        spans = "".join(f' {name}="{size}"' for name, size in sizes if size > 1)
        rows[cell.row].append(f"<{tag}{spans}>{_lines(cell.text)}</{tag}>")
    return "<table>" + "".join(f"<tr>{''.join(cells)}</tr>" for cells in rows.values()) + "</table>"


def _lines(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")
