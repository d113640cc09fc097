"""Putting a source right: made one with another, some names parted from it, called otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Connection, func, select

from qawl.errors import InputError
from qawl.record import corrections, who
from qawl.record.schema import StatementRow, table_of
from qawl.record.sources import Kept
from qawl.web.pages.correct import LARGEST
from qawl.web.people import AnEditor, person_of, sign_in_first
from qawl.web.security import FIELD, is_ours
from qawl.web.site import AnySite, Site, render

router = APIRouter()
STATEMENTS = table_of(StatementRow)
Number = Annotated[int, Path(ge=1, le=LARGEST)]
#: Code points of a source's name at most.
NAME = 200
#: Statements that are counted at most before it is said that there are more.
COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What will change: ``do`` (merge, split), with the other source or the names, and how many statements
    are given to whom; ``more`` where there are more than were counted."""

    do: str
    statements: int
    more: bool
    other: Kept | None = None
    names: tuple[str, ...] = ()


@router.get("/sources/{number}/correct", response_class=HTMLResponse)
def form(request: Request, site: AnySite, number: Number, person: AnEditor) -> Response:
    """The forms of a source."""
    with site.records.reading() as connection:
        kept = _kept(connection, number)
    if kept.source.id != number:
        return RedirectResponse(f"/sources/{kept.source.id}/correct", 303)
    return _page(request, kept)


@router.post("/sources/{number}/correct", response_class=HTMLResponse)
def change(
    request: Request,
    site: AnySite,
    number: Number,
    do: Annotated[str, Form(pattern="^(merge|split|rename)$")],
    other: Annotated[str, Form(max_length=300)] = "",
    names: Annotated[list[str] | None, Form()] = None,
    name: Annotated[str, Form(max_length=1000)] = "",
    sure: Annotated[str, Form(max_length=5)] = "",
    ticket: Annotated[str, Form(alias=FIELD)] = "",
) -> Response:
    """Says what will change, and does it when that is confirmed (``sure``); a new name is given at once."""
    if not is_ours(request, site.settings, ticket):
        raise HTTPException(403)
    person = person_of(request)
    if person is None:
        raise sign_in_first(f"/sources/{number}/correct")
    typed: dict[str, Any] = {"other": other, "chosen": names or [], "name": name}
    try:
        if do == "rename" or sure:
            where = _do(site, number, do, typed, person)
            return RedirectResponse(f"/sources/{where}", 303)
        with site.records.reading() as connection:
            kept = _kept(connection, number)
            plan, several = _plan(connection, kept, do, typed)
    except InputError as error:
        with site.records.reading() as connection:
            kept = _kept(connection, number)
        return _page(request, kept, 422, wrong=str(error), did=do, **typed)
    status = 409 if several else 200
    return _page(request, kept, status, plan=plan, several=several, did=do, **typed)


def _do(site: Site, number: int, do: str, typed: dict[str, Any], person: str) -> int:
    """Does it; the number of the source to look at then."""
    with site.records.writing() as connection:
        kept = _kept(connection, number)
        if do == "rename":
            name = " ".join(typed["name"].split())
            if not name or len(name) > NAME:
                raise InputError("name")
            corrections.rename(connection, kept.source.id, name, person)
        elif do == "split":
            corrections.split(connection, kept.source.id, _names(kept, typed["chosen"]), person)
        else:
            into = who.one(connection, typed["other"])
            corrections.merge(connection, kept.source.id, into.source.id, person)
            return into.source.id
    return kept.source.id


def _plan(
    connection: Connection, kept: Kept, do: str, typed: dict[str, Any]
) -> tuple[Plan | None, Sequence[Kept]]:
    """What will change; or, where a name may be of several sources, these."""
    s = STATEMENTS.c
    mine = [s.source_id == kept.source.id, s.current]
    if do == "split":
        names = _names(kept, typed["chosen"])
        count, more = _counted(connection, [*mine, s.who.in_(names)])
        return Plan("split", count, more, names=names), ()
    try:
        found = who.candidates(connection, typed["other"])
    except InputError as error:
        raise InputError("who") from error
    found = [k for k in found if k.source.id != kept.source.id][: who.SHOWN]
    if not found:
        raise InputError("who")
    if len(found) > 1:
        return None, found
    count, more = _counted(connection, mine)
    return Plan("merge", count, more, other=found[0]), ()


def _names(kept: Kept, chosen: Sequence[str]) -> tuple[str, ...]:
    names = tuple(n for n in kept.profile["names"] if n in chosen)
    if not names or len(names) == len(kept.profile["names"]):
        raise InputError("names")
    return names


def _counted(connection: Connection, wanted: Sequence[Any]) -> tuple[int, bool]:
    some = select(STATEMENTS.c.id).where(*wanted).limit(COUNTED + 1).subquery()
    count = connection.scalar(select(func.count()).select_from(some)) or 0
    return min(count, COUNTED), count > COUNTED


def _kept(connection: Connection, number: int) -> Kept:
    try:
        return who.numbered(connection, number)
    except InputError as error:
        raise HTTPException(404) from error


def _page(request: Request, kept: Kept, status: int = 200, **given: Any) -> HTMLResponse:
    names = sorted(kept.profile["names"].items(), key=lambda e: (-e[1]["seen"][0], e[0]))
    values: dict[str, Any] = {
        "plan": None, "several": (), "wrong": "", "did": "", "other": "", "chosen": [],
        "name": kept.name,
    }  # fmt: skip
    given["name"] = given.get("name") or kept.name
    return render(
        request,
        "correct_source.html",
        status,
        kept=kept,
        names=[(name, entry["seen"][0]) for name, entry in names],
        line=who.line,
        **(values | given),
    )
