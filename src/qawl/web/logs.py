"""What the server tells of itself: a line of JSON a request, without texts, queries or addresses of readers."""

from __future__ import annotations

import json
import logging
import time
from typing import Any

from starlette.requests import Request
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("qawl.web")


class Line(logging.Formatter):
    """A record of logging as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **getattr(record, "told", {}),
        }
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def configuration() -> dict[str, Any]:
    """The logging of the server, for ``logging.config``."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "qawl.web.logs.Line"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "loggers": {
            "uvicorn": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
            "uvicorn.error": {"level": "INFO"},
            "qawl.web": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        },
    }


def route_of(scope: Scope) -> str:
    """The pattern of a request's path (/articles/{number}), which names no article."""
    app = scope.get("app")
    for route in getattr(app, "routes", ()):
        match, _ = route.matches(scope)
        if match is not Match.NONE:
            return str(getattr(route, "path", "?"))
    return "?"


class Logged:
    """ASGI middleware: logs each request and counts it (``metrics``)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        from qawl.web import metrics

        began = time.perf_counter()
        status = 500

        async def seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, seen)
        finally:
            seconds = time.perf_counter() - began
            route = scope.get("route")
            pattern = str(getattr(route, "path", "")) or route_of(scope)
            metrics.count(Request(scope).method, pattern, status, seconds)
            told = {
                "method": scope["method"],
                "route": pattern,
                "status": status,
                "ms": round(seconds * 1000, 1),
            }
            log.info("request", extra={"told": told})
