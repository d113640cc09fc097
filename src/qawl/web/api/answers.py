"""What all answers of the API have: tags by which a client asks whether something changed (RFC 9110), and
pages that lead to the next."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from hashlib import sha256
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute

from qawl.web.asking import LARGEST
from qawl.web.site import link

#: Entries of a page unless told otherwise, and at most.
SIZE, MOST = 20, 100

Size = Annotated[int, Query(ge=1, le=MOST, description="Entries of a page.")]
After = Annotated[
    int | None,
    Query(ge=0, le=LARGEST, description="Where the page before ended (its `next` has it)."),
]


class Tagged(APIRoute):
    """A route whose answers to GET carry an ETag, and 304 where the client has them already."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's handler."""
        answer = super().get_route_handler()

        async def tagged(request: Request) -> Response:
            response = await answer(request)
            if request.method != "GET" or response.status_code != 200:
                return response
            return conditional(request, response)

        return tagged


def conditional(request: Request, response: Response) -> Response:
    """The answer with the tag of its body; without the body where the client has it already."""
    tag = f'"{sha256(response.body).hexdigest()[:20]}"'
    response.headers.setdefault("cache-control", "private, no-cache")
    response.headers["etag"] = tag
    known = {
        t.strip().removeprefix("W/") for t in request.headers.get("if-none-match", "").split(",")
    }
    if tag not in known and "*" not in known:
        return response
    kept = ("etag", "cache-control", "vary", "link", "last-modified")
    headers = {name: value for name, value in response.headers.items() if name in kept}
    return Response(status_code=304, headers=headers)


def next_page(request: Request, response: Response, after: int | None) -> str | None:
    """The address of the next page, which a Link header gives too; None at the end."""
    if after is None:
        return None
    given: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        if name != "after":
            given.setdefault(name, []).append(value)
    address = link(request.url.path, **given, after=after)
    response.headers["link"] = f'<{address}>; rel="next"'
    return address
