"""Try it: the statements of a pasted text, an address or a file, before anything is kept."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request, UploadFile
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from qawl.errors import InputError, QawlError
from qawl.model import Article
from qawl.sources.files import article_from
from qawl.web.marking import marked, unsure
from qawl.web.people import client_of
from qawl.web.records import Busy
from qawl.web.security import FIELD, is_ours
from qawl.web.site import AnySite, Site, is_fragment, render

if TYPE_CHECKING:
    from qawl.sources.web.page import Fetched

router = APIRouter()
#: Code points of an article that is read for a visitor: four times the longest of 40,000.
LONGEST = 100_000
#: Seconds and bytes that an address may cost that is fetched for a visitor.
PATIENCE, SIZE = 15.0, 4_000_000
#: Visitors that wait for a page at once; more are told to come back, lest slow sites hold all threads.
WAITING = 4


@router.get("/try", response_class=HTMLResponse)
def form(request: Request) -> HTMLResponse:
    """The form."""
    return render(request, "try.html", article=None, text="", address="", wrong="")


@router.post("/try", response_class=HTMLResponse)
async def read(
    request: Request,
    site: AnySite,
    text: Annotated[str, Form()] = "",
    title: Annotated[str, Form(max_length=1000)] = "",
    address: Annotated[str, Form(max_length=4000)] = "",
    file: UploadFile | None = None,
    ticket: Annotated[str, Form(alias=FIELD)] = "",
) -> HTMLResponse:
    """The statements of what was sent."""
    if not is_ours(request, site.settings, ticket):
        raise HTTPException(403)
    await run_in_threadpool(check_rate, request, site)
    article, wrong = None, ""
    try:
        if file is not None and file.filename:
            data = await file.read()
            article = await run_in_threadpool(read_page, site, data, name=file.filename)
        elif address.strip():
            article = await run_in_threadpool(read_address, site, address)
        elif text.strip():
            article = await run_in_threadpool(read_text, site, text, title)
        else:
            wrong = "nothing"
    except QawlError as error:
        wrong = str(error)
    values = {
        "article": article,
        "lines": marked(article) if article else [],
        "text": text,
        "address": address,
        "wrong": wrong,
        "unsure": unsure,
    }
    template = "try_result.html" if is_fragment(request) else "try.html"
    return render(request, template, 200 if article else 422, **values)


def check_rate(request: Request, site: Site, cost: float = 1.0) -> None:
    """Refuses a client that asks too much at once; raises HTTPException."""
    turn = site.rate.take(client_of(request), cost)
    if turn.wait:
        raise HTTPException(429, headers={"retry-after": str(int(turn.wait) + 1)})


def read_text(site: Site, text: str, title: str = "") -> Article:
    """The article of a text as pasted, read. Raises InputError for one that is empty or too long."""
    return site.reader.read(prepared(text, title))


def prepared(text: str, title: str = "", **fields: Any) -> Article:
    """The article of a text as pasted, not read yet; ``fields`` are Article's. Raises as ``read_text``."""
    text, title = text.replace("\r\n", "\n").replace("\x00", ""), " ".join(title.split())
    _bounded(text)
    return article_from(text, title=title, **fields) if title else article_from(text, **fields)


def read_page(site: Site, data: bytes, *, name: str) -> Article:
    """The article of a file, read. Raises InputError for one that holds none, or several."""
    made = article_from(data)
    _bounded(made.text)
    return site.reader.read(replace(made, id=made.id or name))


def read_address(site: Site, address: str) -> Article:
    """The article at an address, fetched under the record's rules and read."""
    return site.reader.read(fetched(site, address).article)


def fetched(site: Site, address: str) -> Fetched:
    """The page at an address, fetched under the record's rules. Raises FetchError where it is not had,
    InputError where it holds no article, or one that is too long."""
    page: Fetched = _visitor(site.settings.private)(address.strip())
    _bounded(page.article.text)
    return page


def _bounded(text: str) -> None:
    if len(text) > LONGEST:
        raise InputError(
            f"the text has {len(text):,} characters; {LONGEST:,} are read here: use qawl read"
        )


@functools.cache
def _visitor(private: bool):  # type: ignore[no-untyped-def]
    from threading import BoundedSemaphore, Lock

    from qawl.sources.web.fetch import Fetcher, Limits
    from qawl.sources.web.guard import Guard
    from qawl.sources.web.page import fetch_article
    from qawl.sources.web.visit import Visitor

    lock, waiting = Lock(), BoundedSemaphore(WAITING)
    limits = Limits(size=SIZE, connect=5.0, whole=PATIENCE, redirects=3)
    visitor = Visitor(Fetcher(Guard(private=private), limits=limits), delay=1.0)

    def fetch(address: str) -> Fetched:
        if not waiting.acquire(blocking=False):
            raise Busy
        try:
            with (
                lock
            ):  # one at a time, whoever asks: a visitor's browser must not become many of ours
                return fetch_article(address, visitor)
        finally:
            waiting.release()

    return fetch
