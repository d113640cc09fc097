"""Counters for Prometheus (/metrics), one sum over all workers, and whether the server is well (/health)."""

from __future__ import annotations

import os

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError

from qawl.errors import QawlError
from qawl.web.site import AnySite

router = APIRouter(include_in_schema=False)
_REQUESTS = Counter("qawl_requests", "Requests answered.", ("method", "route", "status"))
_SECONDS = Histogram(
    "qawl_request_seconds",
    "Seconds until a request was answered.",
    ("route",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 10),
)


def count(method: str, route: str, status: int, seconds: float) -> None:
    """Counts an answered request."""
    known = (
        method
        if method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
        else "other"
    )
    _REQUESTS.labels(known, route, str(status)).inc()
    _SECONDS.labels(route).observe(seconds)


@router.get("/metrics")
def metrics() -> Response:
    """The counters as Prometheus reads them."""
    registry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


@router.get("/health")
def health(site: AnySite) -> JSONResponse:
    """200 where the record answers, 503 where it does not."""
    try:
        with site.records.reading() as connection:
            connection.execute(sql("SELECT 1"))
    except (DBAPIError, QawlError):
        return JSONResponse({"status": "the record does not answer"}, 503)
    return JSONResponse({"status": "ok"})
