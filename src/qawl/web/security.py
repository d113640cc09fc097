"""What keeps hostile text, sites and clients out: headers, hosts, forms, sizes (rates are in limits.py).

The pages run no script but the server's own and load nothing from elsewhere (Content-Security-Policy);
whatever comes from an article is escaped by the templates.
"""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256
from http import HTTPStatus
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qawl.web.settings import Settings

#: The cookie that a form's ticket belongs to, and the field and header that carry the ticket.
COOKIE, FIELD, HEADER = "qawl_form", "ticket", "x-qawl-ticket"
#: Seconds that a browser keeps what never changes under its name.
YEAR = 31_536_000
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'self'; "
    "base-uri 'none'; manifest-src 'self'"
)
#: What a kept page may do when it is shown as it was fetched: nothing.
ORIGINAL = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
}
#: Methods that change nothing.
SAFE = ("GET", "HEAD", "OPTIONS")


class TooLarge(Exception):
    """The body of a request is larger than the server takes."""


class Guard:
    """ASGI middleware: refuses foreign hosts and bodies that are too large, and sets the headers."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.hosts = {h.lower() for h in settings.hosts}
        self.upload = settings.upload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host = urlsplit("//" + headers.get("host", "")).hostname or ""
        if self.hosts and host.lower() not in self.hosts:
            answer = refusal(scope, 421, "unknown host: start qawl serve with --name")
            await answer(scope, receive, send)
            return
        if b"%00" in scope.get("query_string", b"") or "\x00" in scope["path"]:
            # no database can look for it
            await refusal(scope, 400, "an address holds the character NUL")(scope, receive, send)
            return
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self.upload:
            await self._too_large(scope, receive, send)
            return
        got = 0
        over = begun = False

        async def counted() -> Message:
            nonlocal got, over
            message = await receive()
            got += len(message.get("body", b""))
            if got > self.upload:
                over = True
                raise TooLarge
            return message

        async def dressed(message: Message) -> None:
            nonlocal begun
            if over and not begun:
                return  # whatever was made of the error: what is answered is 413
            if message["type"] == "http.response.start":
                begun = True
                out = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    if name not in out:
                        out[name] = value
            await send(message)

        try:
            await self.app(scope, counted, dressed)
        except Exception:
            if not over:
                raise
        if over and not begun:
            over = False
            await self._too_large(scope, receive, dressed)

    async def _too_large(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = refusal(scope, 413, f"at most {self.upload:,} bytes")
        await answer(scope, receive, send)


def refusal(scope: Scope, status: int, what: str) -> Response:
    """An answer that says why a request is refused: to a program as problem+json, else as a line of text."""
    if scope["path"].startswith("/api/"):
        told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
        return JSONResponse({**told, "detail": what}, status, media_type="application/problem+json")
    return PlainTextResponse(f"{what}\n", status)


def ticket_of(settings: Settings, cookie: str) -> str:
    """What a form must send back that was given to the browser with that cookie."""
    return hmac.new(settings.secret.encode(), cookie.encode(), sha256).hexdigest()


def new_cookie() -> str:
    """A value of the cookie that tickets belong to."""
    return secrets.token_urlsafe(18)


def is_ours(request: Request, settings: Settings, ticket: str | None) -> bool:
    """Whether a form was sent from one of the server's own pages."""
    origin = request.headers.get("origin")
    if origin and origin != "null" and urlsplit(origin).netloc != request.headers.get("host"):
        return False
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    cookie = request.cookies.get(COOKIE, "")
    given = ticket or ""
    if not cookie or not given.isascii():
        return False
    return hmac.compare_digest(ticket_of(settings, cookie), given)
