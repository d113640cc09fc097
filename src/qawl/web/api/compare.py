"""Comparing: one source on a topic over time, or two side by side, with turns of position."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from sqlalchemy import Connection

from qawl.record.comparing import timeline
from qawl.record.search import Filters
from qawl.record.who import one as source_of
from qawl.web.api.answers import Tagged
from qawl.web.api.models import Entry, Model, SourceName, StatementNumber
from qawl.web.api.problems import described
from qawl.web.shown import lines_of
from qawl.web.site import AnySite

router = APIRouter(route_class=Tagged)
#: Statements of a source on a topic, the newest; and earlier ones among which a negated one is looked for.
MOST, NEAR = 200, 20
PLAIN = r"^[^\x00]*$"


class Turn(Model):
    """The earlier statement that one leaves the side of, or negates."""

    statement: StatementNumber
    page: str
    why: str = Field(examples=["support → deny"])


class Step(Entry):
    """A statement of a timeline."""

    turned: Turn | None


class Timeline(Model):
    """What a source said on a topic, the oldest first; each saying once, unless it is another act."""

    source: SourceName
    statements: list[Step]


class Compared(Model):
    """The timelines of one source or two."""

    about: str
    timelines: list[Timeline]


@router.get(
    "/compare", summary="Compare over time", response_model=Compared, responses=described(404)
)
def compare(
    site: AnySite,
    who: Annotated[
        str,
        Query(
            max_length=300,
            pattern=r"^[^\x00]*[^\x00\s][^\x00]*$",
            description="A source by its name, or #12.",
            examples=["سلمى الهاشمي"],
        ),
    ],
    who2: Annotated[
        str,
        Query(max_length=300, pattern=PLAIN, description="Another.", examples=["يونس البرغوثي"]),
    ] = "",
    about: Annotated[
        str,
        Query(
            max_length=300,
            pattern=PLAIN,
            description="The topic, as words of a search.",
            examples=["الميناء"],
        ),
    ] = "",
) -> Compared:
    """What one source said on a topic over time, or two of them: of each the newest 200 statements, the oldest
    first, with turns of position and what they turn from."""
    with site.records.reading() as connection:
        timelines = [_timeline(connection, name, about) for name in (who, who2) if name.strip()]
    return Compared(about=about, timelines=timelines)


def _timeline(connection: Connection, name: str, about: str) -> Timeline:
    kept = source_of(connection, name)
    filters = Filters(sources=(kept.source.id,))
    steps = timeline(connection, about, filters, most=MOST, near=NEAR)
    lines = lines_of(connection, [(step.row, ()) for step in steps])
    out = []
    for line, step in zip(lines, steps, strict=True):
        turn = None
        if step.turned is not None:
            place = f"/articles/{step.turned['article_id']}#s{step.turned['place'] + 1}"
            turn = Turn(statement=step.turned["id"], page=place, why=step.why)
        out.append(Step(**Entry.of(line).model_dump(), turned=turn))
    return Timeline(source=SourceName.of(kept), statements=out)
