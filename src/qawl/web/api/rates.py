"""How often a client may ask: counted and told in headers (RateLimit of the IETF's draft
draft-ietf-httpapi-ratelimit-headers-10; Retry-After of RFC 9110)."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qawl.web.api.problems import problem
from qawl.web.people import client_of
from qawl.web.site import Site

#: What costs nothing: the description of the API.
FREE = ("/openapi.json", "/docs")
#: How many requests one counts for that reads or writes.
WORK = 4.0


class Limited:
    """ASGI middleware: refuses a client that asks too often with 429 and tells each how much is left."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self.app, self.site = app, site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request."""
        if scope["type"] != "http" or scope["path"].endswith(FREE):
            await self.app(scope, receive, send)
            return
        rate = self.site.rate
        cost = 1.0 if scope["method"] in ("GET", "HEAD", "OPTIONS") else WORK
        turn = await run_in_threadpool(rate.take, client_of(Request(scope)), cost)
        seconds = int(turn.wait) + 1 if turn.wait else 0

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["ratelimit-policy"] = f'"client";q={rate.a_minute};w=60'
                left = 0 if seconds else turn.left
                headers["ratelimit"] = f'"client";r={left};t={seconds or 60}'
            await send(message)

        if seconds:
            answer = problem(
                429,
                f"too many requests; ask again in {seconds} seconds",
                {"retry-after": str(seconds)},
            )
            await answer(scope, receive, told)
            return
        await self.app(scope, receive, told)
