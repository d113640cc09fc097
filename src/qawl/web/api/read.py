"""Reading without keeping: who said what in a text, a page or at an address."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from pydantic import Field, StringConstraints, ValidationError, model_validator
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from qawl.model import Article
from qawl.web.api.answers import Tagged
from qawl.web.api.models import ArticleRead, Model
from qawl.web.api.problems import Refused, described
from qawl.web.pages.try_it import LONGEST, read_address, read_page, read_text
from qawl.web.site import AnySite, Site

router = APIRouter(route_class=Tagged)

SAMPLE = "قالت وزيرة النقل سلمى الهاشمي إن ميناء الرمال سيستقبل أولى السفن في أيلول."
Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s\x00]+$", max_length=4000)]


class ToRead(Model):
    """What is to be read: a `text`, with its `title` if it has one, or the page at an `address`."""

    text: str | None = Field(default=None, max_length=LONGEST, examples=[SAMPLE])
    title: str | None = Field(default=None, max_length=1000, examples=["افتتاح ميناء الرمال"])
    address: Address | None = Field(default=None, examples=["https://www.example.org/news/1"])

    @model_validator(mode="after")
    def _one(self) -> ToRead:
        if (self.text is None) == (self.address is None):
            raise ValueError("give a text or an address")
        if self.text is not None and not self.text.strip():
            raise ValueError("the text is empty")
        return self


def _body() -> dict[str, Any]:
    """The body's description: JSON, or a file as it is."""
    file = {"schema": {"type": "string", "minLength": 1}}
    form = {
        "type": "object",
        "required": ["file"],
        "properties": {"file": {"type": "string", "format": "binary"}},
    }
    schema = ToRead.model_json_schema(ref_template="#/components/schemas/{model}")
    return {
        "required": True,
        "content": {
            "application/json": {
                "schema": schema,
                "examples": {
                    "text": {
                        "summary": "A text",
                        "value": {"title": "افتتاح ميناء الرمال", "text": SAMPLE},
                    },
                    "address": {
                        "summary": "An address",
                        "value": {"address": "https://www.example.org/news/1"},
                    },
                },
            },
            "text/plain": {**file, "example": SAMPLE},
            "text/html": {
                **file,
                "example": f"<html><h1>افتتاح ميناء الرمال</h1><p>{SAMPLE}</p></html>",
            },
            "multipart/form-data": {"schema": form},
        },
    }


@router.post(
    "/read",
    summary="Read a text, a page or an address without keeping it",
    response_model=ArticleRead,
    responses=described(413, 415),
    openapi_extra={"requestBody": _body()},
)
async def read(request: Request, site: AnySite) -> ArticleRead:
    """Give a text or an address in JSON, or send a file: as it is (text/plain, text/html) or in a form's
    `file`. An address is fetched under the record's rules: public addresses only, robots.txt obeyed."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        asked = validated(await request.body())
        return await run_in_threadpool(_read, site, asked)
    if kind in ("text/plain", "text/html"):
        return await run_in_threadpool(_file, site, await request.body(), "")
    if kind == "multipart/form-data":
        async with request.form(max_files=1, max_fields=5) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile):
                raise Refused(422, "a form has the article as its file")
            data = await file.read()
            return await run_in_threadpool(_file, site, data, file.filename or "")
    raise Refused(415, "send application/json, text/plain, text/html or multipart/form-data")


def validated(data: bytes) -> ToRead:
    """What is to be read, of the JSON that was sent; raises RequestValidationError."""
    try:
        return ToRead.model_validate(json.loads(data))
    except ValidationError as error:
        told = error.errors(include_context=False, include_input=False)
        raise RequestValidationError([{**e, "loc": ("body", *e["loc"])} for e in told]) from error
    except (ValueError, RecursionError) as error:
        raise Refused(422, "the body is no JSON") from error


def _read(site: Site, asked: ToRead) -> ArticleRead:
    article: Article
    if asked.address is not None:
        article = read_address(site, asked.address)
    else:
        article = read_text(site, asked.text or "", asked.title or "")
    return ArticleRead.of(article)


def _file(site: Site, data: bytes, name: str) -> ArticleRead:
    return ArticleRead.of(read_page(site, data, name=name))
