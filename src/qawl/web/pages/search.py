"""The search page: statements by their words, who said them, where and when, with facets and a histogram."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from qawl.record.facets import COUNTED, facets_of
from qawl.record.search import PAGE, Filters, numbers, search
from qawl.web.asking import Asking
from qawl.web.charts import bars
from qawl.web.shown import lines
from qawl.web.site import AnySite, is_fragment, render

router = APIRouter()


@router.get("/", response_class=HTMLResponse)
def page(
    request: Request,
    site: AnySite,
    asking: Annotated[Asking, Depends()],
    after: Annotated[int | None, Query(ge=0)] = None,
) -> HTMLResponse:
    """The newest statements, or those that are asked for; only the next lines where HTMX asks for more."""
    best = asking.order == "best"
    with site.records.reading() as connection:
        asked = asking.understood(connection)
        more = is_fragment(request) and after is not None
        newest = None if more else numbers(connection, asked.words, asked.filters, COUNTED + 1)
        found = search(
            connection,
            asked.words,
            asked.filters,
            size=PAGE,
            after=after,
            best=best,
            newest=newest,
        )
        shown = lines(connection, found.hits)
        common = None if newest is None else facets_of(connection, newest)
    values: dict[str, Any] = {
        "asked": asked,
        "lines": shown,
        "after": found.after,
        "first": after is None,
    }
    if more:
        return render(request, "search_more.html", **values)
    chart = bars(common.months) if common else []
    days = days_of(asked.filters)
    return render(request, "search.html", facets=common, bars=chart, days=days, **values)


def days_of(filters: Filters) -> tuple[str, str]:
    """The first and the last day that are asked for, as fields for days take them, also where only months
    are asked for; "" where none is."""
    since = filters.since.date().isoformat() if filters.since else ""
    until = (filters.until - dt.timedelta(days=1)).date().isoformat() if filters.until else ""
    return since, until
