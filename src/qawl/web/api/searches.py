"""Saved searches: what a person comes back to, with the addresses of each as a page, a feed and an answer."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Path, Response
from pydantic import Field
from sqlalchemy import RowMapping

from qawl.errors import InputError
from qawl.record import saved
from qawl.web.api.answers import Tagged
from qawl.web.api.models import Model, Plain, told
from qawl.web.api.problems import Refused, described
from qawl.web.api.writers import Writer
from qawl.web.asking import LARGEST
from qawl.web.site import AnySite, link

router = APIRouter(route_class=Tagged)
#: The parameters that a search has (``asking.Asking``).
_KNOWN = frozenset(
    (
        "q", "source", "outlet", "act", "form", "place", "since", "until", "checkable", "once",
        "least", "literal", "order",
    )
)  # fmt: skip


class Search(Model):
    """A saved search."""

    number: int
    name: str = Field(examples=["الميناء في الصحف"])
    query: str = Field(description="Its parameters, as an address has them.")
    page: str
    feed: str
    api: str
    made: dt.datetime

    @classmethod
    def of(cls, row: RowMapping) -> Search:
        """That of a row."""
        query = f"?{row['query']}" if row["query"] else ""
        return cls(
            number=row["id"],
            name=told(row["name"]),
            query=told(row["query"]),
            page=f"/{query}",
            feed=f"/feeds/search.atom{query}",
            api=f"/api/v1/search{query}",
            made=row["made"],
        )


class Searches(Model):
    """A person's saved searches, the newest first."""

    searches: list[Search]


class ToSave(Model):
    """A search to be saved."""

    name: Annotated[Plain, Field(min_length=1, max_length=saved.NAME)] = Field(
        examples=["الميناء في الصحف"]
    )
    query: Annotated[Plain, Field(max_length=saved.QUERY)] = Field(
        description="Parameters of /api/v1/search, as an address has them.",
        examples=["q=الميناء&act=deny"],
    )


@router.get(
    "/searches",
    summary="List your saved searches",
    response_model=Searches,
    responses=described(401),
)
def list_(site: AnySite, person: Writer) -> Searches:
    """The searches that the owner of the token saved."""
    with site.records.reading() as connection:
        found = saved.saved(connection, person)
    return Searches(searches=[Search.of(row) for row in found])


@router.post(
    "/searches",
    summary="Save a search",
    status_code=201,
    response_model=Search,
    responses=described(401, 403, 413),
)
def save(response: Response, site: AnySite, given: ToSave, person: Writer) -> Search:
    """Keeps a search; one that is saved already is left as it is."""
    parameters: dict[str, list[str]] = {}
    for name, value in parse_qsl(given.query.lstrip("?")):
        if name not in _KNOWN:
            raise Refused(422, f"a search has no parameter {name}")
        parameters.setdefault(name, []).append(value)
    query = link("", **parameters)[1:]
    with site.records.writing() as connection:
        number = saved.save(connection, person, given.name, query)
        row = next(r for r in saved.saved(connection, person) if r["id"] == number)
    response.headers["location"] = f"/api/v1/searches/{number}"
    return Search.of(row)


@router.delete(
    "/searches/{number}",
    summary="Forget a saved search",
    status_code=204,
    responses=described(401, 403, 404),
)
def forget(
    site: AnySite,
    number: Annotated[int, Path(ge=1, le=LARGEST, description="The search's number.")],
    person: Writer,
) -> None:
    """Forgets one of the searches of the owner of the token."""
    try:
        with site.records.writing() as connection:
            saved.forget(connection, person, number)
    except InputError as error:
        raise Refused(404, str(error)) from error
