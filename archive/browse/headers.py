"""What every answer tells a browser: load nothing from elsewhere, guess no type, send no referrer."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    App = Callable[[dict[str, Any], Any, Any], Awaitable[None]]

LANGUAGE = 'document.documentElement.lang = "ko";'
"""Our own script on every page: browsers choose fonts by the language, and screen readers a voice."""

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_SAID_BY_TEMPLATE = "{{ datasette_allow_facet }}"


def _scripts() -> Iterator[str]:
    """Give the scripts that stand inside Datasette's own templates, as they are sent."""
    yield LANGUAGE
    for template in resources.files("datasette").joinpath("templates").iterdir():
        if template.name.endswith(".html"):
            for script in _SCRIPT.findall(template.read_text("utf-8")):
                if _SAID_BY_TEMPLATE in script:
                    yield from (script.replace(_SAID_BY_TEMPLATE, said) for said in ("true", "false"))
                else:
                    yield script


def policy() -> str:
    """Write the Content-Security-Policy: scripts of Datasette and ours alone, nothing from other hosts.

    Styles may stand inside pages, as Datasette has them: what they could load is forbidden like the rest.
    """
    digests = {base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in _scripts()}
    scripts = " ".join(f"'sha256-{digest}'" for digest in sorted(digests))
    return (
        f"default-src 'none'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline';"
        " img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    )


def guarded(app: App) -> App:
    """Send the headers with every answer of an application, also with those that say what went wrong."""
    said = {
        b"content-security-policy": policy().encode(),
        b"x-content-type-options": b"nosniff",
        b"referrer-policy": b"no-referrer",
        b"x-dns-prefetch-control": b"off",  # nor ask for the names of hosts that are merely linked
    }

    async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
        async def send_guarded(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                given = message.get("headers", [])
                names = {name.lower() for name, _value in given}
                more = [pair for pair in said.items() if pair[0] not in names]  # pages may be stricter
                message = {**message, "headers": [*given, *more]}
            await send(message)

        await app(scope, receive, send_guarded)

    return answer
