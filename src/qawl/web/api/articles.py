"""Articles: those of the record with their statements, versions and pages; and adding one."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal, cast

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field, model_validator
from sqlalchemy import RowMapping, select

from qawl.record.rows import plain_address
from qawl.record.schema import ArticleRow, table_of
from qawl.record.store import Added
from qawl.record.versions import changed_statements, differences, version, versions_of
from qawl.web.api.answers import SIZE, After, Size, Tagged, next_page
from qawl.web.api.models import (
    ArticleName,
    Model,
    Paragraph,
    Plain,
    Span,
    Statement,
    StatementNumber,
    told,
)
from qawl.web.api.problems import described
from qawl.web.api.read import Address
from qawl.web.api.writers import Writer
from qawl.web.asking import LARGEST
from qawl.web.pages import article as pages
from qawl.web.pages.try_it import LONGEST, fetched, prepared
from qawl.web.site import AnySite

router = APIRouter(route_class=Tagged)
ARTICLES = table_of(ArticleRow)
#: The article of a path.
AnArticle = Annotated[int, Path(ge=1, le=LARGEST, description="The article's number.")]
_SHORT = [
    ARTICLES.c[name]
    for name in (
        "id", "title", "outlet", "author", "published", "address", "version", "current", "added",
    )
]  # fmt: skip


class Articles(Model):
    """A page of articles; `next` is the address of the next, null at the end."""

    articles: list[ArticleName]
    next: str | None = Field(examples=["/api/v1/articles?after=120"])


class Numbered(Statement):
    """A statement with its numbers in the record."""

    number: StatementNumber
    place: int = Field(ge=1, description="Its place, as addresses have it: #s3.")
    source: int | None
    name: str | None = Field(description="The name of its source in the record.")
    saying: StatementNumber | None


class ArticleKept(ArticleName):
    """An article of the record with its statements, as people corrected them."""

    text: str = Field(description="The title, a line feed, and the body.")
    reader: str
    paragraphs: list[Paragraph]
    statements: list[Numbered]


class Version(Model):
    """A version of an article."""

    number: int
    version: int
    current: bool
    title: str
    hash: str = Field(description="SHA-256 of the text, hexadecimal.")
    published: dt.datetime | None
    fetched: dt.datetime | None
    added: dt.datetime
    reader: str
    statements: int
    page: str | None = Field(description="The media type of the page that was kept.")
    page_hash: str | None


class Difference(Model):
    """A stretch of words in two versions; empty in the one that has it not."""

    kind: Literal["replaced", "left out", "added"]
    old: Span
    new: Span


class Change(Model):
    """What became of a statement: its places (from 1) among those of the two versions."""

    kind: Literal["changed", "came", "went"]
    old: int | None
    new: int | None
    what: list[str]


class Changes(Model):
    """What changed between two versions of an article; unchanged words and statements are left off."""

    old: int = Field(description="The number of the older article.")
    new: int
    words: list[Difference]
    statements: list[Change]


class Versions(Model):
    """The versions of an article, the oldest first."""

    versions: list[Version]
    changes: Changes | None = Field(description="From the version before to this one.")


class ToAdd(Model):
    """An article to be kept: a `text` with what is known of it, or only the `address` of its page."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST)] | None = Field(
        default=None, examples=["قالت وزيرة النقل سلمى الهاشمي إن الميناء سيفتح في أيلول."]
    )
    title: Plain = Field(default="", max_length=1000, examples=["افتتاح ميناء الرمال"])
    outlet: Plain | None = Field(default=None, max_length=300, examples=["صحيفة المرفأ"])
    author: Plain | None = Field(default=None, max_length=300, examples=["نادية الصباغ"])
    date: dt.date | None = Field(default=None, examples=["2024-07-02"])
    address: Address | None = Field(default=None, examples=["https://www.example.org/news/1"])

    @model_validator(mode="after")
    def _something(self) -> ToAdd:
        if self.text is None and self.address is None:
            raise ValueError("give a text, or the address of a page")
        if self.text is not None and not self.text.replace("\x00", "").strip():
            raise ValueError("the text is empty")
        return self


class Kept(Model):
    """What adding an article did."""

    what: Literal["new", "version", "same"] = Field(
        description="A new article, a new version of one, or nothing: it is there."
    )
    number: int
    address: str = Field(examples=["/api/v1/articles/7"])
    statements: int


@router.get(
    "/articles", summary="List the articles", response_model=Articles, responses=described()
)
def list_(
    request: Request,
    response: Response,
    site: AnySite,
    address: Annotated[
        str, Query(max_length=4000, pattern=r"^[^\x00]*$", description="Only that of this address.")
    ] = "",
    size: Size = SIZE,
    after: After = None,
) -> Articles:
    """Articles in their newest versions, the one that was added last first."""
    a = ARTICLES.c
    query = select(*_SHORT).where(a.current).order_by(a.id.desc()).limit(size + 1)
    if address.strip():
        query = query.where(a.key == "address:" + plain_address(address))
    if after is not None:
        query = query.where(a.id < after)
    with site.records.reading() as connection:
        found = list(connection.execute(query).mappings())
    more = len(found) > size
    articles = [ArticleName(**short(row)) for row in found[:size]]
    end = articles[-1].number if more else None
    return Articles(articles=articles, next=next_page(request, response, end))


def short(row: RowMapping) -> dict[str, Any]:
    """An article in short, of its row."""
    return {
        "number": row["id"],
        "address": f"/api/v1/articles/{row['id']}",
        "page": f"/articles/{row['id']}",
        "title": told(row["title"]),
        "outlet": told(row["outlet"]),
        "author": told(row["author"]),
        "published": row["published"],
        "origin": told(row["address"]),
        "version": row["version"],
        "current": row["current"],
        "added": row["added"],
    }


@router.post(
    "/articles",
    summary="Add an article",
    status_code=201,
    response_model=Kept,
    responses={**described(401, 403, 413), 200: {"model": Kept, "description": "It is there."}},
)
def add(response: Response, site: AnySite, given: ToAdd, person: Writer) -> Kept:
    """Reads an article and keeps it with its statements, and with its page where only an address is given. An
    article that is there already with the same text changes nothing (200); another text at its address
    is a new version."""
    article, page = _article(site, given)
    more = {"page": page.page, "page_kind": page.kind, "fetched": page.fetched} if page else {}
    with site.records.record() as record:
        added: Added = record.add(article, **more)
        record.settle()
    response.status_code = 200 if added.what == "same" else 201
    address = f"/api/v1/articles/{added.article}"
    response.headers["location"] = address
    return Kept(
        what=added.what,
        number=added.article,
        address=address,
        statements=len(article.statements),
    )


def _article(site: Any, given: ToAdd) -> tuple[Any, Any]:
    if given.text is None:
        page = fetched(site, given.address or "")
        return site.reader.read(page.article), page
    fields = {
        "outlet": given.outlet,
        "author": given.author,
        "date": given.date,
        "address": given.address,
    }
    made = prepared(given.text, given.title, **{n: v for n, v in fields.items() if v})
    return site.reader.read(made), None


@router.get(
    "/articles/{number}",
    summary="An article with its statements",
    response_model=ArticleKept,
    responses=described(404),
)
def one(site: AnySite, number: AnArticle) -> ArticleKept:
    """An article of the record: its text, its paragraphs, and each statement with where it stands in the
    text. Statements that a person marked wrong are left out."""
    with site.records.reading() as connection:
        article, places = version(connection, number)
        row = connection.execute(select(*_SHORT).where(ARTICLES.c.id == number)).mappings().one()
    statements = []
    for place, statement in zip(places, article.statements, strict=True):
        entry = statement.entry
        assert entry is not None
        statements.append(
            Numbered(
                **Statement.of(statement).model_dump(),
                number=entry.number,
                place=place + 1,
                source=entry.source,
                name=told(entry.name),
                saying=entry.saying,
            )
        )
    return ArticleKept(
        **short(row),
        text=told(article.text),
        reader=article.reader,
        paragraphs=[Paragraph(start=p.start, end=p.end, kind=p.kind) for p in article.paragraphs],
        statements=statements,
    )


@router.get(
    "/articles/{number}/versions",
    summary="The versions of an article",
    response_model=Versions,
    responses=described(404),
)
def versions(site: AnySite, number: AnArticle) -> Versions:
    """All versions of an article, and what changed from the one before to this one: words, and what became
    of each statement."""
    with site.records.reading() as connection:
        known = versions_of(connection, number)
        mine = next(v for v in known if v.number == number)
        before = [v for v in known if v.version < mine.version]
        changes = None
        if before:
            old, old_places = version(connection, before[-1].number)
            new, new_places = version(connection, number)
            changes = Changes(
                old=before[-1].number,
                new=number,
                words=[
                    Difference(
                        kind=cast(Any, d.kind),
                        old=_span(d.a),
                        new=_span(d.b),
                    )
                    for d in differences(old.text, new.text)
                    if d.kind != "equal"
                ],
                statements=[
                    Change(
                        kind=c.kind,
                        old=None if c.old is None else old_places[c.old] + 1,
                        new=None if c.new is None else new_places[c.new] + 1,
                        what=list(c.what),
                    )
                    for c in changed_statements(old, new)
                    if c.kind != "same"
                ],
            )
    return Versions(
        versions=[
            Version(
                number=v.number, version=v.version, current=v.current, title=told(v.title),
                hash=v.hash, published=v.published, fetched=v.fetched, added=v.added,
                reader=v.reader, statements=v.statements, page=v.page, page_hash=v.page_hash,
            )
            for v in known
        ],
        changes=changes,
    )  # fmt: skip


def _span(span: Any) -> Span:
    return Span(start=span.start, end=span.end, text=told(span.text))


@router.get(
    "/articles/{number}/original",
    summary="The page as it was fetched",
    response_class=Response,
    responses={
        **described(404),
        200: {
            "description": "The page's bytes, sandboxed: it may run nothing in a browser.",
            "content": {"text/html": {}, "text/plain": {}},
        },
    },
)
def original(site: AnySite, number: AnArticle) -> Response:
    """The kept page of an article, byte for byte."""
    return pages.original(site, number)
