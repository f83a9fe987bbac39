"""Security headers of every response: no foreign resources, no type sniffing, no referrer."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from archive.browse.site import Site

    App = Callable[[dict[str, Any], Any, Any], Awaitable[None]]

LANGUAGE = 'document.documentElement.lang = "ko";'
"""Our own script on every page: browsers choose fonts by the language, and screen readers a voice."""

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_TEMPLATE_VALUE = "{{ datasette_allow_facet }}"


def _scripts() -> Iterator[str]:
    """Yield the inline scripts of Datasette's own templates."""
    yield LANGUAGE
    for template in resources.files("datasette").joinpath("templates").iterdir():
        if template.name.endswith(".html"):
            for script in _SCRIPT.findall(template.read_text("utf-8")):
                if _TEMPLATE_VALUE in script:
                    yield from (script.replace(_TEMPLATE_VALUE, value) for value in ("true", "false"))
                else:
                    yield script


def policy() -> str:
    """Return the Content-Security-Policy: only scripts of Datasette and ours, nothing from other hosts.

    Inline styles are allowed, since Datasette uses them; what they could load is forbidden like the rest.
    """
    digests = {base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in _scripts()}
    scripts = " ".join(f"'sha256-{digest}'" for digest in sorted(digests))
    return (
        f"default-src 'none'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline';"
        " img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    )


PUBLIC = {
    b"ratelimit-policy": b'"reader";q=120;w=60',  # advice (IETF draft): a proxy may enforce it
    b"permissions-policy": b"camera=(), geolocation=(), microphone=(), payment=()",
    b"x-frame-options": b"DENY",
    b"cross-origin-resource-policy": b"same-origin",
}
"""Sent besides where anybody may read."""

_TLS = {b"strict-transport-security": b"max-age=31536000"}
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def guarded(app: App, site: Site) -> App:
    """Wrap an application to send the headers with every response, errors included.

    Methods that write are refused before the request is read.
    """
    headers = {
        b"content-security-policy": policy().encode(),
        b"x-content-type-options": b"nosniff",
        b"referrer-policy": b"no-referrer",
        b"x-dns-prefetch-control": b"off",  # no DNS look-ups of linked hosts
        **(PUBLIC if site.public else {}),
        **(_TLS if site.public and site.base_url.startswith("https:") else {}),
    }

    async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
        async def send_guarded(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                given = message.get("headers", [])
                names = {name.lower() for name, _value in given}
                more = [pair for pair in headers.items() if pair[0] not in names]  # pages may be stricter
                message = {**message, "headers": [*given, *more]}
            await send(message)

        if scope["type"] == "http" and scope["method"] not in _READING:
            await _refuse_writing(send_guarded)
        else:
            await app(scope, receive, send_guarded)

    return answer


async def _refuse_writing(send: Any) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"allow", b"GET, HEAD")]
    await send({"type": "http.response.start", "status": 405, "headers": headers})
    await send({"type": "http.response.body", "body": "읽기만 할 수 있습니다. Read only.\n".encode()})
