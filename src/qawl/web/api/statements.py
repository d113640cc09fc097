"""Statements by their numbers, with all that stands in their articles."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from qawl.record.one_statement import one_statement
from qawl.web.api.answers import Tagged
from qawl.web.api.models import Entry, Model, Statement, told
from qawl.web.api.problems import described
from qawl.web.asking import LARGEST
from qawl.web.shown import lines_of
from qawl.web.site import AnySite

router = APIRouter(route_class=Tagged)
#: The statement of a path.
AStatement = Annotated[int, Path(ge=1, le=LARGEST, description="The statement's number.")]


class Link(Model):
    """Why a statement is its source's."""

    reason: str | None = Field(examples=["same name"])
    sure: float | None
    wikidata: str | None = Field(description="The source's id there.", examples=["Q42"])


class StatementKept(Entry):
    """A statement of the record with where all of it stands in its article."""

    link: Link
    statement: Statement


@router.get(
    "/statements/{number}",
    summary="A statement",
    response_model=StatementKept,
    responses=described(404),
)
def one(site: AnySite, number: AStatement) -> StatementKept:
    """A statement with its parts, its reporting word, its speaker, and why Qawl reads it so."""
    with site.records.reading() as connection:
        found = one_statement(connection, number)
        line = lines_of(connection, [(found.row, ())])[0]
    entry = found.statement.entry
    assert entry is not None
    return StatementKept(
        **Entry.of(line).model_dump(),
        link=Link(reason=told(entry.reason), sure=entry.sure, wikidata=entry.wikidata),
        statement=Statement.of(found.statement),
    )
