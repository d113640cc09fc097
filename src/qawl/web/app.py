"""The application: its parts put together, and how errors are told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from qawl import __version__
from qawl.errors import InputError, NotFoundError, QawlError, RecordError
from qawl.web import feeds, metrics, static
from qawl.web.api import application as api
from qawl.web.api.problems import problem
from qawl.web.logs import Logged
from qawl.web.pages import (
    article,
    compare,
    correct,
    correct_source,
    corrections,
    export,
    review,
    saying,
    search,
    searches,
    sign_in,
    sources,
    statement,
    stats,
    try_it,
)
from qawl.web.people import People
from qawl.web.records import Busy
from qawl.web.security import Guard
from qawl.web.settings import Settings
from qawl.web.site import Site, render, texts_of
from qawl.web.texts import FSI, PDI

_PAGES = (
    search, try_it, article, export, feeds, sources, saying, compare, stats, statement,
    sign_in, correct, correct_source, review, corrections, searches,
)  # fmt: skip


def create(settings: Settings | None = None) -> FastAPI:
    """The application for ``settings``, or for those that ``qawl serve`` put into the environment."""
    settings = settings or Settings.from_environment()
    site = Site(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        site.close()

    app = FastAPI(
        title="Qawl", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None,
        openapi_url=None,
    )  # fmt: skip
    app.state.site = site
    app.add_middleware(People, site=site)
    app.add_middleware(Guard, settings=settings)
    app.add_middleware(Logged)
    app.include_router(static.router)
    app.include_router(metrics.router)
    for page in _PAGES:
        app.include_router(page.router, include_in_schema=False)
    app.mount(api.ROOT, api.create(site))
    for error, answer in _ANSWERS.items():
        app.add_exception_handler(error, answer)
    return app


def _page(request: Request, status: int, key: str, what: str = "") -> Response:
    if request.url.path.startswith(
        f"{api.ROOT}/"
    ):  # what its application does not take for its own
        return problem(status, what)
    return render(request, "error.html", status, key=key, what=what)


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = str(error.detail) if isinstance(error, HTTPException) else ""
    known = {404: "error.missing", 403: "error.forbidden", 401: "error.sign_in", 429: "error.rate"}
    answer = _page(request, status, known.get(status, "error.request"), detail)
    if isinstance(error, HTTPException) and error.headers:
        answer.headers.update(error.headers)
    return answer


async def _wrong(request: Request, error: Exception) -> Response:
    return _page(request, 400, "error.input", str(error))


async def _missing(request: Request, error: Exception) -> Response:
    return _page(request, 404, "error.missing", str(error))


async def _record(request: Request, error: Exception) -> Response:
    return _page(request, 503, "error.record", str(error))


async def _invalid(request: Request, error: Exception) -> Response:
    t = texts_of(request)
    told = [
        t(
            "error.value",
            name=t.or_as_it_is("search", str(e["loc"][-1])),
            value=_short(e.get("input")),
        )
        for e in (error.errors() if isinstance(error, RequestValidationError) else ())
    ]
    return _page(request, 422, "error.input", "\n".join(told))


def _short(value: object) -> str:
    """What was sent, on a line of its own direction."""
    text = " ".join(str("" if value is None else value).split())
    return FSI + (text if len(text) <= 60 else text[:59] + "…") + PDI


async def _busy(request: Request, _: Exception) -> Response:
    return _page(request, 503, "error.busy")


_ANSWERS = {
    HTTPException: _http,
    NotFoundError: _missing,
    InputError: _wrong,
    RecordError: _record,
    QawlError: _wrong,
    DBAPIError: _record,
    RequestValidationError: _invalid,
    Busy: _busy,
}
