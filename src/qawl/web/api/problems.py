"""How the API tells what went wrong: problem details (RFC 9457), for every error there is."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from qawl.errors import InputError, NotFoundError, QawlError, RecordError
from qawl.sources.web.errors import FetchError
from qawl.web.records import Busy

log = logging.getLogger("qawl.web")
#: The media type of an error.
PROBLEM = "application/problem+json"
#: Errors told of one request at most.
SHOWN = 20


class Detail(BaseModel):
    """A part of a request that does not fit."""

    where: str = Field(
        description="The parameter, or the member of the body.", examples=["query.since"]
    )
    what: str = Field(examples=["String should match pattern"])


class Problem(BaseModel):
    """An error: problem details (RFC 9457)."""

    type: str = Field(examples=["about:blank"])
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404], ge=400, le=599)
    detail: str | None = Field(
        default=None, description="What to do.", examples=["the record has no source #12"]
    )
    errors: list[Detail] | None = None


class Refused(Exception):
    """An error that a resource answers with."""

    def __init__(
        self, status: int, detail: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers


def problem(
    status: int,
    detail: str = "",
    headers: Mapping[str, str] | None = None,
    errors: list[dict[str, str]] | None = None,
) -> JSONResponse:
    """The answer that tells an error."""
    told: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
    }
    if detail:
        told["detail"] = detail.encode("utf-8", "replace").decode("utf-8")
    if errors:
        told["errors"] = errors[:SHOWN]
    return JSONResponse(told, status, dict(headers or {}), media_type=PROBLEM)


#: The errors that every operation may answer with, for the OpenAPI description.
_COMMON = (400, 422, 429, 503)


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The descriptions of the errors that an operation answers with: ``statuses`` and those of all."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "model": Problem,
            "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in sorted({*statuses, *_COMMON})
    }


def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refused)
    return problem(error.status, error.detail, error.headers)


def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    detail = str(error.detail) if error.detail != HTTPStatus(error.status_code).phrase else ""
    return problem(error.status_code, detail, error.headers)


def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    wrong = [
        {"where": ".".join(str(part) for part in e["loc"]), "what": str(e["msg"])}
        for e in error.errors()
    ]
    return problem(422, "some of the request does not fit", errors=wrong)


def _input(_: Request, error: Exception) -> JSONResponse:
    """What the record or the reader will not take."""
    return problem(400, str(error))


def _missing(_: Request, error: Exception) -> JSONResponse:
    return problem(404, str(error))


def _fetch(_: Request, error: Exception) -> JSONResponse:
    return problem(422, str(error))


def _record(_: Request, __: Exception) -> JSONResponse:
    return problem(503, "the record does not answer; try again in a moment", {"retry-after": "5"})


def _busy(_: Request, __: Exception) -> JSONResponse:
    return problem(503, "the server is busy; try again in a moment", {"retry-after": "5"})


def _unknown(_: Request, error: Exception) -> JSONResponse:
    log.error("an error of the API", exc_info=error)
    return problem(500, "an error of the server; it is in its log")


def handle(app: FastAPI) -> None:
    """Lets ``app`` answer every error as a problem."""
    for error, answer in (
        (Refused, _refused),
        (HTTPException, _http),
        (RequestValidationError, _invalid),
        (FetchError, _fetch),
        (NotFoundError, _missing),
        (RecordError, _record),
        (InputError, _input),
        (QawlError, _input),
        (DBAPIError, _record),
        (Busy, _busy),
        (Exception, _unknown),
    ):
        app.add_exception_handler(error, answer)
