"""Longer answers on a terminal: a page at a time, in lines no wider than can be read."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

WIDEST = 100  # columns of a line of text; Hangul takes two a syllable


def print_paged(styled: str) -> None:
    """Print text with the styles of :func:`click.style` as :func:`paged` does; elsewhere without them."""
    if not sys.stdout.isatty():
        click.echo(styled)
        return
    from rich.text import Text

    with paged() as console:
        console.print(Text.from_ansi(styled))


@contextmanager
def paged() -> Iterator[Console]:
    """Yield a console whose output goes through the reader's pager when it is longer than the screen.

    On a terminal lines are broken between words, by the columns that they take; elsewhere they stay whole.
    """
    from rich.console import Console  # a third of a search's start, which prints styled text without it

    console = Console(highlight=False)
    if console.is_terminal:
        console.width = min(console.width, WIDEST)
    else:
        console.soft_wrap = True
    with console.capture() as captured:
        yield console
    text = captured.get()
    if console.is_terminal and sys.stdin.isatty() and text.count("\n") >= console.height:
        click.echo_via_pager(text, color=True)
    else:
        click.echo(text, nl=False)
