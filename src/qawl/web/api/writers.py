"""Who may change something through the API: the owner of a token, an editor who is signed in, or this machine's
user where no sign-in is needed."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer

from qawl.web import security
from qawl.web.api.problems import Refused
from qawl.web.people import person_of, way_of
from qawl.web.site import site_of

_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    description="A token of an editor: `qawl editor token NAME` makes one.",
)


def writer(request: Request, _: Annotated[object, Security(_bearer)] = None) -> str:
    """The name of who changes something, or looks at what is his own. Raises Refused for nobody (401), and for what another site's script
    sends with a visitor's cookie, or to his machine (403)."""
    person = person_of(request)
    if person is None:
        raise Refused(
            401,
            "send a token of an editor (Authorization: Bearer …), or sign in",
            {"www-authenticate": 'Bearer realm="qawl"'},
        )
    if request.method in security.SAFE:
        return person
    way = way_of(request)
    if way == "local" and _elsewhere(request):
        raise Refused(403, "another site may not change the record without a token")
    if way == "session":
        ticket = request.headers.get(security.HEADER)
        if not security.is_ours(request, site_of(request).settings, ticket):
            raise Refused(403, f"a signed-in browser sends its form's ticket as {security.HEADER}")
    return person


def _elsewhere(request: Request) -> bool:
    """Whether a browser sends this from a page that is none of the server's own."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        return True
    return request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none")


Writer = Annotated[str, Depends(writer)]
