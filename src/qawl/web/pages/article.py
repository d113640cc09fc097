"""The page of an article: its text with every statement marked, who said it in the margin, its versions and
the page as it was fetched."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select

from qawl.record.schema import ArticleRow, PageRow, SourceRow, StatementRow, table_of
from qawl.record.store import article_of
from qawl.web import security
from qawl.web.marking import marked, unsure
from qawl.web.site import AnySite, render

router = APIRouter()
ARTICLES, PAGES = table_of(ArticleRow), table_of(PageRow)
SOURCES, STATEMENTS = table_of(SourceRow), table_of(StatementRow)
#: The largest number that a record's rows can have.
LARGEST = (1 << 63) - 1
Number = Annotated[int, Path(ge=1, le=LARGEST)]


@router.get("/articles/{number}", response_class=HTMLResponse)
def page(request: Request, site: AnySite, number: Number) -> HTMLResponse:
    """An article with its statements."""
    with site.records.record() as record:
        with record.reading() as connection:
            article = article_of(connection, number)
            s = STATEMENTS.c
            query = (
                select(s.id, s.place, s.current, s.source_id, s.saying_id, s.link, SOURCES.c.name)
                .outerjoin(SOURCES, SOURCES.c.id == s.source_id)
                .where(s.article_id == number)
                .order_by(s.place)
            )
            rows = list(connection.execute(query).mappings())
            a = ARTICLES.c
            kept = connection.execute(
                select(a.version, a.current, a.added, a.fetched, a.hash).where(a.id == number)
            ).one()
            has_page = connection.scalar(
                select(PAGES.c.article_id).where(PAGES.c.article_id == number)
            )
        versions = record.versions(number)
    return render(
        request,
        "article.html",
        article=article,
        number=number,
        lines=marked(article),
        rows=rows,
        kept=kept,
        versions=versions,
        has_page=has_page is not None,
        unsure=unsure,
    )


@router.get("/articles/{number}/original")
def original(site: AnySite, number: Number) -> Response:
    """The page as it was fetched, which may do nothing in the browser: no script, no request."""
    with site.records.reading() as connection:
        row = connection.execute(
            select(PAGES.c.packed, PAGES.c.kind).where(PAGES.c.article_id == number)
        ).first()
    if row is None:
        raise HTTPException(404)
    import zlib

    kind = (
        row.kind
        if row.kind.lower().startswith(("text/html", "application/xhtml"))
        else "text/plain"
    )
    headers = {"content-security-policy": security.ORIGINAL, "cache-control": "private, no-cache"}
    return Response(zlib.decompress(row.packed), media_type=kind, headers=headers)


@router.get("/articles/{number}/versions", response_class=HTMLResponse)
def versions(
    request: Request,
    site: AnySite,
    number: Number,
    old: Annotated[int | None, Query(ge=1)] = None,
    new: Annotated[int | None, Query(ge=1)] = None,
) -> HTMLResponse:
    """Two versions of an article (by their version numbers; the newest two unless told) and what changed."""
    from qawl.record.versions import differences

    with site.records.record() as record:
        known = {row["version"]: row for row in record.versions(number)}
        if not known:
            raise HTTPException(404)
        newest = sorted(known)
        new = new if new in known else newest[-1]
        earlier = [v for v in newest if v < new]
        old = old if old in known else (earlier[-1] if earlier else new)
        one, other = record.article(known[old]["id"]), record.article(known[new]["id"])
    return render(
        request,
        "versions.html",
        number=number,
        versions=list(known.values()),
        old=old,
        new=new,
        one=one,
        other=other,
        differences=differences(one.text, other.text) if old != new else [],
    )
