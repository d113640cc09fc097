"""What people put right: who, when and what, the newest first; each can be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Connection, RowMapping, select

from qawl.record import corrections
from qawl.record.rereading import restored
from qawl.record.schema import SourceRow, table_of
from qawl.web.pages.correct import LARGEST
from qawl.web.people import local_path, person_of, sign_in_first
from qawl.web.security import FIELD, is_ours
from qawl.web.site import AnySite, render

router = APIRouter()
SOURCES = table_of(SourceRow)
#: Corrections of a page.
PAGE = 50


@router.get("/corrections", response_class=HTMLResponse)
def page(
    request: Request,
    site: AnySite,
    before: Annotated[int | None, Query(ge=1, le=LARGEST)] = None,
) -> HTMLResponse:
    """A page of the log."""
    with site.records.reading() as connection:
        made = corrections.newest(connection, PAGE + 1, before)
        rows = made[:PAGE]
        names = _names(connection, rows)
    more = rows[-1]["id"] if len(made) > PAGE else None
    return render(request, "corrections.html", rows=rows, names=names, more=more, before=before)


@router.get("/corrections/{number}")
def place(site: AnySite, number: Annotated[int, Path(ge=1, le=LARGEST)]) -> Response:
    """Leads to the statement that a correction is about, where it stands now."""
    with site.records.reading() as connection:
        found = corrections.stands(connection, number)
    if found is None:
        raise HTTPException(404)
    article, statement = found
    fragment = f"#s{statement}" if statement is not None else ""
    return RedirectResponse(f"/articles/{article}{fragment}", 303)


@router.post("/corrections")
def undo(
    request: Request,
    site: AnySite,
    number: Annotated[int, Form(alias="undo", ge=1, le=LARGEST)],
    next: Annotated[str, Form(max_length=4000)] = "",
    ticket: Annotated[str, Form(alias=FIELD)] = "",
) -> Response:
    """Takes a correction back: the article is read again, and what else was put right in it is applied."""
    if not is_ours(request, site.settings, ticket):
        raise HTTPException(403)
    person = person_of(request)
    back = local_path(next, "/corrections")
    if person is None:
        raise sign_in_first(back)
    read = site.reader.read  # loaded before the record is kept from others
    with site.records.writing() as connection:
        corrections.undo(connection, number, restored(read), person)
    return RedirectResponse(back, 303)


def _names(connection: Connection, rows: Iterable[RowMapping]) -> dict[int, str]:
    """The names of the sources that corrections are about, by number."""
    wanted: set[Any] = set()
    for row in rows:
        wanted |= {row["about"].get("source"), row["value"].get("source")}
        wanted |= {row["value"].get("into"), row["value"].get("to")}
    query = select(SOURCES.c.id, SOURCES.c.name).where(SOURCES.c.id.in_(wanted - {None}))
    return {row.id: row.name for row in connection.execute(query)}
