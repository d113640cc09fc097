"""Searching: statements by their words, who said them, where and when."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field
from sqlalchemy import Connection

from qawl.record.facets import COUNTED, Facets, facets_of
from qawl.record.search import Filters, numbers, search
from qawl.web.api.answers import SIZE, After, Size, Tagged, next_page
from qawl.web.api.models import Entry, Model, SourceName, told
from qawl.web.api.problems import described
from qawl.web.asking import Asked, Asking
from qawl.web.shown import lines
from qawl.web.site import AnySite

router = APIRouter(route_class=Tagged)


class Understood(Model):
    """How the question was understood."""

    words: str = Field(description="The words that are looked for.", examples=["الأسعار"])
    sources: list[SourceName] = Field(description="Whose statements.")
    unsure: bool = Field(description="Whether the name may be of any of several sources.")

    @classmethod
    def of(cls, asked: Asked) -> Understood:
        """That of what is asked."""
        names = [SourceName.of(kept) for kept in asked.sources]
        return cls(words=asked.words, sources=names, unsure=bool(asked.unsure))


class Count(Model):
    """How many statements have a value."""

    value: str = Field(examples=["صحيفة المرفأ"])
    count: int
    number: int | None = Field(default=None, description="That of a source.")


class Common(Model):
    """What the newest statements of a search have in common."""

    counted: int = Field(description="How many were counted.", examples=[1000])
    all: bool = Field(description="Whether those are all that the search finds.")
    checkable: int
    sources: list[Count]
    outlets: list[Count]
    acts: list[Count]
    forms: list[Count]
    months: list[Count]

    @classmethod
    def of(cls, found: Facets) -> Common:
        """That of facets."""
        return cls(
            counted=found.counted,
            all=found.all,
            checkable=found.checkable,
            sources=[
                Count(value=told(name), count=count, number=number)
                for (number, name, _), count in found.sources
            ],
            outlets=counts(found.outlets),
            acts=counts(found.acts),
            forms=counts(found.forms),
            months=counts(found.months),
        )


def counts(values: tuple[tuple[str, int], ...]) -> list[Count]:
    """Counts as the API tells them."""
    return [Count(value=told(value), count=count) for value, count in values]


class Found(Model):
    """A page of statements; `next` is the address of the next, null at the end."""

    statements: list[Entry]
    next: str | None = Field(examples=["/api/v1/search?q=الميناء&after=3991842300207103"])
    understood: Understood | None = None
    facets: Common | None = None


@router.get(
    "/search", summary="Search the statements", response_model=Found, responses=described(404)
)
def find(
    request: Request,
    response: Response,
    site: AnySite,
    asking: Annotated[Asking, Depends()],
    size: Size = SIZE,
    after: After = None,
    facets: Annotated[
        bool, Query(description="Tell what the statements have in common, too.")
    ] = False,
) -> Found:
    """Statements that have the words and pass the filters, the newest first. `act`, `form` and `source` may be
    given several times."""
    with site.records.reading() as connection:
        asked = asking.understood(connection)
        newest = numbers(connection, asked.words, asked.filters, COUNTED + 1) if facets else None
        found = page(
            connection, request, response, asked.words, asked.filters,
            size=size, after=after, best=asking.order == "best", newest=newest,
        )  # fmt: skip
        if newest is not None:
            found.facets = Common.of(facets_of(connection, newest))
    found.understood = Understood.of(asked)
    return found


def page(
    connection: Connection,
    request: Request,
    response: Response,
    words: str,
    filters: Filters,
    **given: Any,
) -> Found:
    """A page of what a search finds."""
    found = search(connection, words, filters, **given)
    entries = [Entry.of(line) for line in lines(connection, found.hits)]
    return Found(statements=entries, next=next_page(request, response, found.after))
