"""The pages of those who speak: finding one by any spelling of the name, and all that is known of one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from qawl.model import ACTS
from qawl.record.offices import office_of
from qawl.record.search import PAGE, Filters, search
from qawl.record.topics import activity, most_quoted
from qawl.record.who import Person, described, numbered
from qawl.record.words import name_key
from qawl.web.charts import columns, stretches
from qawl.web.names import LONGEST, SHOWN, found, role_of
from qawl.web.pages.article import Number
from qawl.web.shown import lines
from qawl.web.site import AnySite, is_fragment, link, render

router = APIRouter()
#: Names of a source shown at most, the commonest.
NAMES = 30


@router.get("/sources", response_class=HTMLResponse)
def listing(
    request: Request, site: AnySite, q: Annotated[str, Query(max_length=LONGEST)] = ""
) -> HTMLResponse:
    """The sources that a name may be of; those of most of the newest statements where none is asked for."""
    counted = 0
    with site.records.reading() as connection:
        some = found(connection, q)
        rows = [(kept, kept.source.count) for kept in some[:SHOWN]]
        if not q.strip():
            common, counted = most_quoted(connection)
            rows = [(quoted.kept, quoted.count) for quoted in common]
    return render(
        request,
        "sources.html",
        q=q.strip(),
        rows=[(kept, count, role_of(kept)) for kept, count in rows],
        counted=counted,
        most=rows[0][1] if rows and not q.strip() else 0,
        more=len(some) > SHOWN,
    )


@router.get("/sources/{number}", response_class=HTMLResponse)
def page(
    request: Request,
    site: AnySite,
    number: Number,
    after: Annotated[int | None, Query(ge=0, le=(1 << 63) - 1)] = None,
) -> Response:
    """A person or body; one that was merged into another leads there."""
    more = is_fragment(request) and after is not None
    with site.records.reading() as connection:
        kept = numbered(connection, number)
        if kept.source.id != number:
            return RedirectResponse(link(f"/sources/{kept.source.id}", after=after), 302)
        page = search(connection, "", Filters(sources=(number,)), size=PAGE, after=after)
        values: dict[str, Any] = {
            "number": number,
            "lines": lines(connection, page.hits),
            "after": page.after,
        }
        if more:
            return render(request, "source_more.html", **values)
        active = activity(connection, number)
        person = described(connection, kept, active.counted)
    own = {name_key(name) for name, *_ in person.names}
    roles = roles_of(person)
    timeline, years = stretches(roles)
    return render(
        request,
        "source.html",
        person=person,
        seen=(kept.source.first, kept.source.last),
        active=active,
        columns=columns(active.acts, ACTS),
        counts=[(act, sum(a == act for _, a in active.acts)) for act in ACTS],
        stretches=timeline,
        years=years,
        roles=roles,
        offices={text for text, *_ in roles if office_of(text) is not None},
        whom=[named for named in active.whom if name_key(named.name) not in own],
        names=person.names[:NAMES],
        **values,
    )


Role = tuple[str, int, str | None, str | None]


def roles_of(person: Person) -> list[Role]:
    """The offices of a person and what else is said of one, the commonest first, offices before the rest.
    One office in several wordings (الرئيس الأميركي، للرئيس الأمريكي) is one, by its commonest."""
    groups: dict[tuple[bool, str], list[Role]] = {}
    for role in person.roles:
        office = office_of(role[0])
        key = (True, office.key(person.state)) if office else (False, name_key(role[0]))
        groups.setdefault(key, []).append(role)
    made: list[tuple[bool, Role]] = []
    for (is_office, _), some in groups.items():
        # a preposition that is written with its word makes no better name
        text = min(some, key=lambda r: (r[0].startswith(("لل", "بال", "وال", "كال")), -r[1]))[0]
        firsts = [r[2] for r in some if r[2]]
        lasts = [r[3] for r in some if r[3]]
        count = sum(r[1] for r in some)
        made.append((is_office, (text, count, min(firsts, default=None), max(lasts, default=None))))
    return [role for _, role in sorted(made, key=lambda r: (not r[0], -r[1][1], r[1][0]))]
