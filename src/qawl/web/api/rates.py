"""How often a client may ask: counted and told in headers (RateLimit of the IETF's draft
draft-ietf-httpapi-ratelimit-headers-10; Retry-After of RFC 9110)."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qawl.web.api.problems import problem
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
        client = scope["client"][0] if scope.get("client") else ""
        cost = 1.0 if scope["method"] in ("GET", "HEAD", "OPTIONS") else WORK
        wait = rate.wait(client, min(cost, rate.a_minute))

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["ratelimit-policy"] = f'"client";q={rate.a_minute};w=60'
                left = 0 if wait else rate.left(client)
                headers["ratelimit"] = f'"client";r={left};t={int(wait) + 1 if wait else 60}'
            await send(message)

        if wait:
            seconds = str(int(wait) + 1)
            answer = problem(
                429, f"too many requests; ask again in {seconds} seconds", {"retry-after": seconds}
            )
            await answer(scope, receive, told)
            return
        await self.app(scope, receive, told)
