"""Parts of a page that are not the article's: finding them by tag or class, and copying without them."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, cast

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Sequence


def parts(*, tags: Sequence[str] = (), classes: Sequence[str] = ()) -> etree.XPath:
    """Compile what finds all elements below one that have one of the tags or classes."""
    wanted = [f"self::{tag}" for tag in tags]
    wanted += [f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')" for name in classes]
    return etree.XPath(f".//*[{' or '.join(wanted)}]")


def without(element: Any, foreign: etree.XPath) -> Any:
    """Copy an lxml element without some parts; the text after them stays."""
    copy = deepcopy(element)
    for part in cast("list[Any]", foreign(copy)):
        part.drop_tree()
    return copy
