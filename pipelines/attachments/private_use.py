"""Characters of documents at private code points, and what they show.

Hancom's fonts have characters of their own at U+F02B1 and up, and Windows' Wingdings are at U+F020 to U+F0FF:
without those fonts a reader sees an empty box. Of 270 releases and annexes (2017 to 2026) 27 have some.
Listed are those seen on the printed page or evident from their use (quotation marks); Wingdings follow
Unicode's own table. Others are kept.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.blocks import Block, Paragraph, Table

if TYPE_CHECKING:
    from collections.abc import Iterable

_WINGDINGS = {
    0xF046: "☞",
    0xF06C: "●",
    0xF06E: "■",
    0xF06F: "□",
    0xF071: "❑",
    0xF075: "◆",
    0xF076: "❖",
    0xF09E: "·",
    0xF09F: "•",
    0xF0A0: "·",  # between words, where others have a middle dot
    0xF0A7: "▪",
    0xF0D8: "➢",
    0xF0E0: "→",
    0xF0E8: "➔",
    0xF0FC: "✔",
    **{0xF081 + place: sign for place, sign in enumerate("①②③④⑤⑥⑦⑧⑨⑩")},
    **{0xF08C + place: sign for place, sign in enumerate("❶❷❸❹❺❻❼❽❾❿")},
}
_HANCOM = {
    # A number in a box; from ten on it is made of a left and a right half.
    **{0xF02B1 + place: f"[{digit}]" for place, digit in enumerate("123456789")},
    **{0xF02BA + place: f"[{digit}" for place, digit in enumerate("123456789")},
    **{0xF02C3 + place: f"{digit}]" for place, digit in enumerate("0123456789")},
    0xF02EF: "⬩",
    0xF02FC: "►",
    **{0xF0850 + place: sign for place, sign in enumerate("‘’“”『』")},
    0xF53A: "\u1112\u119e\u11ab",  # the first syllable of Hancom's word processor, in old letters
}
_SHOWN = _WINGDINGS | _HANCOM
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd]")


def shown(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Replace known private characters by what a reader sees."""
    return tuple(_shown(block) for block in blocks)


def _shown(block: Block) -> Block:
    if isinstance(block, Paragraph):
        return replace(block, text=block.text.translate(_SHOWN)) if _PRIVATE.search(block.text) else block
    if not any(_PRIVATE.search(cell.text) for cell in block.cells):
        return block
    return Table(tuple(replace(cell, text=cell.text.translate(_SHOWN)) for cell in block.cells))
