"""Sources: persons, bodies, media and states, found by any of their names; what one said."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import Field

from qawl.record.topics import Named, activity, most_quoted
from qawl.record.who import candidates, numbered, person
from qawl.web.api.answers import MOST, SIZE, After, Size, Tagged, next_page
from qawl.web.api.models import Model, SourceKind, SourceName, told
from qawl.web.api.problems import described
from qawl.web.api.search import Count, Found, counts, page
from qawl.web.asking import LARGEST, Asking
from qawl.web.site import AnySite

router = APIRouter(route_class=Tagged)
#: The source of a path.
ASource = Annotated[
    int, Path(ge=1, le=LARGEST, description="The source's number; of one that was merged, too.")
]


class Sources(Model):
    """Sources of the record."""

    sources: list[SourceName]
    next: str | None


class Seen(Model):
    """A name or an office of a source, as articles have it."""

    text: str = Field(examples=["وزيرة النقل"])
    count: int = Field(description="In how many articles.")
    first: str | None = Field(description="The first day.", examples=["2024-07-02"])
    last: str | None


class NamedIn(Model):
    """A name in what a source said."""

    name: str
    count: int
    kind: str = Field(examples=["place"])
    source: int | None = Field(description="The source that is called so, if one is.")


class Said(Model):
    """What the newest statements of a source have in common."""

    counted: int
    all: bool
    checkable: int
    forms: list[Count]
    outlets: list[Count]
    whom: list[NamedIn] = Field(description="The persons and bodies that it speaks of.")
    named: list[NamedIn] = Field(description="Places and other things.")
    about: list[Count] = Field(description="Topics, as reporters put them.")


class Source(Model):
    """A source with its names and offices, the commonest first."""

    number: int
    name: str = Field(examples=["سلمى الهاشمي"])
    kind: SourceKind
    state: str | None
    wikidata: str | None = Field(examples=["Q42"])
    page: str = Field(examples=["/sources/12"])
    statements: int
    first: str | None = Field(description="The first day on which it is quoted.")
    last: str | None
    names: list[Seen]
    roles: list[Seen]
    outlets: list[Count]
    said: Said


@router.get(
    "/sources", summary="Find sources by name", response_model=Sources, responses=described(404)
)
def list_(
    request: Request,
    response: Response,
    site: AnySite,
    q: Annotated[
        str,
        Query(
            max_length=300,
            pattern=r"^[^\x00]*$",
            description="A name in any spelling, a family name, an acronym; #12, or Q42 of Wikidata.",
            examples=["الهاشمي"],
        ),
    ] = "",
    size: Size = SIZE,
    after: Annotated[int | None, Query(ge=0, le=MOST, description="Sources to pass over.")] = None,
) -> Sources:
    """The sources that a name may be of, the likeliest first; without a name, those that the newest
    statements are of, the most quoted first."""
    skip = after or 0
    with site.records.reading() as connection:
        if q.strip():
            found = candidates(connection, q)
        else:
            found = [quoted.kept for quoted in most_quoted(connection, MOST)[0]]
    shown = found[: 2 * MOST][skip : skip + size]
    end = skip + size if len(found[: 2 * MOST]) > skip + size <= MOST else None
    return Sources(
        sources=[SourceName.of(kept) for kept in shown], next=next_page(request, response, end)
    )


@router.get(
    "/sources/{number}", summary="A source", response_model=Source, responses=described(404)
)
def one(site: AnySite, number: ASource) -> Source:
    """A source with its names, its offices over time, the outlets that quote it and what it speaks of."""
    with site.records.reading() as connection:
        known = person(connection, number)
        said = activity(connection, known.number)
    return Source(
        number=known.number,
        name=told(known.name),
        kind=known.kind,  # type: ignore[arg-type]
        state=known.state,
        wikidata=known.wikidata,
        page=f"/sources/{known.number}",
        statements=known.statements,
        first=known.first,
        last=known.last,
        names=[Seen(text=told(t), count=c, first=a, last=b) for t, c, a, b in known.names],
        roles=[Seen(text=told(t), count=c, first=a, last=b) for t, c, a, b in known.roles],
        outlets=counts(known.outlets),
        said=Said(
            counted=said.counted,
            all=said.all,
            checkable=said.checkable,
            forms=counts(said.forms),
            outlets=counts(said.outlets),
            whom=[_named(n) for n in said.whom],
            named=[_named(n) for n in said.named],
            about=counts(said.about),
        ),
    )


def _named(name: Named) -> NamedIn:
    return NamedIn(name=told(name.name), count=name.count, kind=name.kind, source=name.source)


@router.get(
    "/sources/{number}/statements",
    summary="What a source said",
    response_model=Found,
    responses=described(404),
)
def statements(
    request: Request,
    response: Response,
    site: AnySite,
    number: ASource,
    asking: Annotated[Asking, Depends()],
    size: Size = SIZE,
    after: After = None,
) -> Found:
    """The statements of a source, the newest first; the parameters of a search narrow them."""
    with site.records.reading() as connection:
        asking.source = (numbered(connection, number).source.id,)
        asking.literal = True
        asked = asking.understood(connection)
        return page(
            connection, request, response, asked.words, asked.filters,
            size=size, after=after, best=asking.order == "best",
        )  # fmt: skip
