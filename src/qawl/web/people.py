"""Who asks: an editor who signed in, the owner of a token, or, where only this machine reaches the server, its user.

A session's key travels in a cookie that scripts do not see; a token in ``Authorization: Bearer …``. What
changes something and comes with a cookie must carry a ticket (``security.is_ours``); a token needs none.
"""

from __future__ import annotations

import getpass
import ipaddress
from functools import cache
from threading import BoundedSemaphore
from typing import Annotated, Literal
from urllib.parse import quote, urlsplit

from fastapi import Depends, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy.exc import DBAPIError
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from qawl.errors import RecordError
from qawl.record import editors
from qawl.web import security
from qawl.web.records import Busy
from qawl.web.site import Site, site_of

Way = Literal["session", "token", "local"]
#: The cookie that keeps a session's key.
SESSION = "qawl_session"
#: Characters of a key or token at most.
_LONGEST = 200


def person_of(request: Request) -> str | None:
    """The name of who asks: whose token is sent, else who is signed in, else this machine's user where no
    sign-in is needed; None where nobody is known. Kept in ``request.state.person``."""
    return _known(request)[0]


def way_of(request: Request) -> Way | None:
    """How who asks is known. Only ``token`` may change something without a ticket."""
    return _known(request)[1]


def editor_of(request: Request) -> str:
    """Who asks; where nobody is known, sends to the sign-in and back (raises HTTPException 303)."""
    person = person_of(request)
    if person is None:
        url = request.url
        back = url.path + (f"?{url.query}" if url.query and request.method == "GET" else "")
        raise sign_in_first(back)
    return person


AnEditor = Annotated[str, Depends(editor_of)]


def sign_in_first(back: str) -> HTTPException:
    """What a handler raises where somebody must sign in; ``back`` is the path where he then goes on."""
    return HTTPException(303, headers={"location": f"/sign-in?next={quote(back, safe='')}"})


def local_path(given: str, otherwise: str = "/") -> str:
    """A path of this server, as it is; ``otherwise`` where it would lead elsewhere."""
    if not given.startswith("/") or given.startswith("//") or len(given) > 4000:
        return otherwise
    if any(c <= " " or c in "\\\x7f" or "\ud800" <= c <= "\udfff" for c in given):
        return otherwise
    try:
        parts = urlsplit(given)
    except ValueError:
        return otherwise
    return otherwise if parts.scheme or parts.netloc else given


def enter(site: Site, answer: Response, key: str) -> None:
    """Gives the browser the key of its session, and a new form's cookie: what was planted before the
    sign-in is worth nothing after it."""
    secure = site.settings.secure
    answer.set_cookie(
        SESSION,
        key,
        max_age=int(editors.AT_MOST.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=secure,
    )
    fresh = security.new_cookie()
    answer.set_cookie(security.COOKIE, fresh, httponly=True, samesite="strict", secure=secure)


def leave(site: Site, answer: Response) -> None:
    """Takes the key of its session from the browser."""
    answer.delete_cookie(SESSION, httponly=True, samesite="lax", secure=site.settings.secure)


def sign_in(site: Site, name: str, passphrase: str, old: str | None = None) -> str | None:
    """The key of a new session, None where name and passphrase do not fit; ends that of the key ``old``."""
    with site.records.reading() as connection:
        hashed = editors.hash_of(connection, name)
    with _HASHING:
        if not editors.fits(hashed, passphrase) or hashed is None:
            return None
        new = editors.rehashed(hashed, passphrase)
    with site.records.writing() as connection:
        return editors.begin(connection, name, hashed, new, old)


#: A passphrase is compared in 64 MiB and on four threads: two at once, so that many do not stop the server.
_HASHING = BoundedSemaphore(2)


class People:
    """ASGI middleware: finds out who asks before the request is answered."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self.app = app
        self.site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request."""
        if scope["type"] == "http" and not scope["path"].startswith("/static/"):
            request = Request(scope)
            key, token = request.cookies.get(SESSION), _token(request)
            if key or token:
                found = await run_in_threadpool(_look_up, self.site, key, token)
            else:
                found = _otherwise(self.site)
            request.state.person, request.state.way = found
        await self.app(scope, receive, send)


def _known(request: Request) -> tuple[str | None, Way | None]:
    state = request.state
    if not hasattr(state, "way"):
        site, key = site_of(request), request.cookies.get(SESSION)
        state.person, state.way = _look_up(site, key, _token(request))
    return state.person, state.way


def _look_up(site: Site, key: str | None, token: str | None) -> tuple[str | None, Way | None]:
    try:
        if token is not None:  # a wrong token is nobody's, whoever else is signed in
            with site.records.reading() as connection:
                owner = editors.with_token(connection, token)
            return (owner, "token") if owner else (None, None)
        if site.settings.sign_in and key and len(key) <= _LONGEST:
            with site.records.reading() as connection:
                found = editors.in_session(connection, key)
            if found is None:
                return None, None
            if found[1]:
                with site.records.writing() as connection:
                    editors.used(connection, key)
            return found[0], "session"
    except (Busy, DBAPIError, RecordError):  # what needs the record will say so itself
        return None, None
    return _otherwise(site)


def _otherwise(site: Site) -> tuple[str | None, Way | None]:
    return (None, None) if site.settings.sign_in else (local_user(), "local")


def _token(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip()[:_LONGEST] if scheme.lower() == "bearer" else None


@cache
def local_user() -> str:
    """The name of the user who runs the server."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def client_of(request: Request) -> str:
    """Where a request comes from: its address, of IPv6 the network of 64 bits that one household has."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host
