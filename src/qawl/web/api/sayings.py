"""Sayings: one utterance in all articles that have it, side by side."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import Field

from qawl.record.changes import Change, Difference
from qawl.record.comparing import Occurrence, saying
from qawl.web.api.answers import Tagged
from qawl.web.api.models import Entry, Model, Span, StatementNumber, told
from qawl.web.api.problems import described
from qawl.web.api.statements import AStatement
from qawl.web.shown import Line, lines_of
from qawl.web.site import AnySite

router = APIRouter(route_class=Tagged)
#: Statements of a saying at most, the earliest.
MOST = 100


class Words(Model):
    """A stretch of words in the first statement (`a`) and in this one (`b`), places in their texts."""

    kind: str = Field(examples=["replaced"], description="equal, replaced, left out, added")
    a: Span
    b: Span

    @classmethod
    def of(cls, found: Difference) -> Words:
        """That of a difference."""
        spans = [Span(start=s.start, end=s.end, text=told(s.text)) for s in (found.a, found.b)]
        return cls(kind=found.kind, a=spans[0], b=spans[1])


class Wording(Entry):
    """A statement of a saying and how its words differ from the first's; nothing for the first itself."""

    likeness: float | None = Field(description="How sure it is that they are one utterance.")
    changes: list[Change] | None
    words: list[Words] | None


class Saying(Model):
    """A saying in all its statements, the earliest first."""

    number: StatementNumber
    page: str = Field(examples=["/sayings/3991842300207103"])
    statements: list[Wording]
    all: bool = Field(description="Whether those are all.")


@router.get(
    "/sayings/{number}", summary="A saying", response_model=Saying, responses=described(404)
)
def one(site: AnySite, number: AStatement) -> Saying:
    """All outlets' versions of one statement, given by the number of any of them, with what differs word by
    word from the earliest."""
    with site.records.reading() as connection:
        found = saying(connection, number, MOST + 1)
        lines = lines_of(connection, [(o.row, ()) for o in found[:MOST]])
    versions = [_version(line, o) for line, o in zip(lines, found, strict=False)]
    first = versions[0].saying if versions else None
    return Saying(
        number=first or number,
        page=f"/sayings/{number}",
        statements=versions,
        all=len(found) <= MOST,
    )


def _version(line: Line, occurrence: Occurrence) -> Wording:
    likeness = occurrence.likeness
    return Wording(
        **Entry.of(line).model_dump(),
        likeness=likeness.score if likeness else None,
        changes=list(likeness.changes) if likeness else None,
        words=[Words.of(d) for d in likeness.differences] if likeness else None,
    )
