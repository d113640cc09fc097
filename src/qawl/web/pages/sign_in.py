"""Signing in by name and passphrase, and out again."""

from __future__ import annotations

import math
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from qawl.record import editors
from qawl.web.people import SESSION, client_of, enter, leave, local_path, sign_in, way_of
from qawl.web.security import FIELD, is_ours
from qawl.web.site import AnySite, render

router = APIRouter()
#: Code points of a name that is taken at most; longer passphrases than any editor has are refused alike.
_NAME, _PASSPHRASE = 200, 2000


@router.get("/sign-in", response_class=HTMLResponse)
def form(
    request: Request, site: AnySite, next: Annotated[str, Query(max_length=4000)] = "/"
) -> Response:
    """The form; who needs no sign-in, or has made it, goes on."""
    if not site.settings.sign_in or way_of(request) == "session":
        return RedirectResponse(local_path(next), 303)
    return render(request, "sign_in.html", next=local_path(next), name="", wrong="")


@router.post("/sign-in", response_class=HTMLResponse)
def enter_here(
    request: Request,
    site: AnySite,
    name: Annotated[str, Form(max_length=_NAME)] = "",
    passphrase: Annotated[str, Form(max_length=_PASSPHRASE)] = "",
    next: Annotated[str, Form(max_length=4000)] = "/",
    ticket: Annotated[str, Form(alias=FIELD)] = "",
) -> Response:
    """Begins a session where name and passphrase fit."""
    if not is_ours(request, site.settings, ticket):
        raise HTTPException(403)
    if not site.settings.sign_in:
        return RedirectResponse(local_path(next), 303)
    attempts = site.attempts
    client, key = client_of(request), editors.key_of(name)
    values = {"next": local_path(next), "name": name}
    wait = attempts.wait(client, key)
    if wait:
        answer = render(request, "sign_in.html", 429, wrong="sign.wait", **values)
        answer.headers["retry-after"] = str(math.ceil(wait))
        return answer
    begun = sign_in(site, name, passphrase, request.cookies.get(SESSION))
    if begun is None:
        return render(request, "sign_in.html", 403, wrong="sign.wrong", **values)
    attempts.passed(client, key)
    gone = RedirectResponse(local_path(next), 303)
    enter(site, gone, begun)
    return gone


@router.post("/sign-out")
def leave_here(
    request: Request, site: AnySite, ticket: Annotated[str, Form(alias=FIELD)] = ""
) -> Response:
    """Ends the session."""
    if not is_ours(request, site.settings, ticket):
        raise HTTPException(403)
    key = request.cookies.get(SESSION)
    if key:
        with site.records.writing() as connection:
            editors.end(connection, key)
    gone = RedirectResponse("/", 303)
    leave(site, gone)
    return gone
