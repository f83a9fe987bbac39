"""How many requests are answered at a time; the others get a page that asks to come again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request

from archive.browse import refusals

if TYPE_CHECKING:
    from datasette.app import Datasette

    from archive.browse.headers import App

REQUESTS = 64
"""Requests at a time: each may keep one response in memory until a slow reader has received it."""


def limited(app: App, datasette: Datasette) -> App:
    """Wrap an application to answer no more requests at a time than ``REQUESTS``."""
    under_way = 0

    async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
        nonlocal under_way
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        if under_way >= REQUESTS:
            await refusals.busy(datasette, Request(scope, receive)).asgi_send(send)
            return
        under_way += 1
        try:
            await app(scope, receive, send)
        finally:
            under_way -= 1

    return answer
