"""Counts: of the record, and of the newest statements of a search."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

from qawl.record.facets import facets
from qawl.record.statistics import TOLD, statistics
from qawl.web.api.answers import Tagged
from qawl.web.api.models import Model, told
from qawl.web.api.problems import described
from qawl.web.api.search import Common, Count, counts
from qawl.web.asking import Asking
from qawl.web.site import AnySite

router = APIRouter(route_class=Tagged)


class Stats(Model):
    """Counts. Those of the record end at 100,000; the others are of the newest statements."""

    statements: int = Field(description=f"How many the record holds; {TOLD:,} are as many or more.")
    sources: int = Field(description=f"Its sources; {TOLD:,} are as many or more.")
    articles: int = Field(description="The number of the article that was added last.")
    moment: dt.datetime = Field(description="When it was counted (UTC).")
    newest: Common


@router.get(
    "/stats", summary="Count the statements", response_model=Stats, responses=described(404)
)
def stats(site: AnySite, asking: Annotated[Asking, Depends()]) -> Stats:
    """How many statements there are, whose, in which outlets, of which acts, when; or those of a search."""
    with site.records.reading() as connection:
        whole = statistics(connection)
        if asking.parameters:
            asked = asking.understood(connection)
            newest = Common.of(facets(connection, asked.words, asked.filters))
        else:
            newest = Common(
                counted=whole.counted,
                all=whole.all,
                checkable=whole.checkable,
                sources=[
                    Count(value=told(name), count=count, number=number)
                    for (number, name), count in whole.sources
                ],
                outlets=counts(whole.outlets),
                acts=counts(whole.acts),
                forms=counts(whole.forms),
                months=counts(whole.months),
            )
    return Stats(
        statements=whole.statements,
        sources=whole.people,
        articles=whole.articles,
        moment=whole.moment.replace(second=0, microsecond=0),
        newest=newest,
    )
