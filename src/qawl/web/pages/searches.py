"""The searches that a person saved: to open, to follow, to rename and to delete."""

from __future__ import annotations

import inspect
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from qawl.errors import InputError
from qawl.record import saved
from qawl.web.asking import Asking
from qawl.web.pages.correct import LARGEST
from qawl.web.people import AnEditor, person_of, sign_in_first
from qawl.web.security import FIELD, is_ours
from qawl.web.site import AnySite, AnyTexts, link, render
from qawl.web.texts import Texts

router = APIRouter()
#: The parameters that a search may have.
KNOWN = tuple(name for name in inspect.signature(Asking.__init__).parameters if name != "self")
#: Parameters that a search may have at most: those of some sources, say.
MANY = 80


@router.get("/searches", response_class=HTMLResponse)
def page(
    request: Request,
    site: AnySite,
    t: AnyTexts,
    person: AnEditor,
    query: Annotated[str, Query(max_length=saved.QUERY)] = "",
) -> HTMLResponse:
    """The searches of who is signed in; with ``query`` also the form to save that one."""
    with site.records.reading() as connection:
        rows = saved.saved(connection, person)
    given = _parameters(query) if query else {}
    return render(
        request,
        "searches.html",
        rows=[(row, _parameters(row["query"])) for row in rows],
        query=query if given else "",
        name=_name(given, t) if given else "",
        told=lambda given: _told(given, t),
    )


@router.post("/searches")
def change(
    request: Request,
    site: AnySite,
    t: AnyTexts,
    do: Annotated[str, Form(pattern="^(save|rename|delete)$")] = "save",
    query: Annotated[str, Form(max_length=saved.QUERY)] = "",
    name: Annotated[str, Form(max_length=1000)] = "",
    number: Annotated[int, Form(ge=0, le=LARGEST)] = 0,
    ticket: Annotated[str, Form(alias=FIELD)] = "",
) -> Response:
    """Saves a search, gives one another name or deletes it."""
    if not is_ours(request, site.settings, ticket):
        raise HTTPException(403)
    person = person_of(request)
    if person is None:
        raise sign_in_first(link("/searches", query=query if do == "save" else ""))
    with site.records.writing() as connection:
        if do == "save":
            given = _parameters(query)
            if not given:
                raise InputError(t("searches.empty_query"))
            written = link("", **given).removeprefix("?")
            saved.save(connection, person, name.strip() or _name(given, t), written)
        elif do == "rename":
            saved.rename(connection, person, number, name)
        else:
            saved.forget(connection, person, number)
    return RedirectResponse("/searches", 303)


def _parameters(query: str) -> dict[str, Any]:
    """The parameters of a search that is written as an address has it; what no search has is left off."""
    try:
        pairs = parse_qsl(query.removeprefix("?"), max_num_fields=MANY)
    except ValueError:
        return {}
    out: dict[str, Any] = {}
    for name, value in pairs:
        if name in KNOWN and value:
            out.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in out.items()}


def _name(given: dict[str, Any], t: Texts) -> str:
    """What a search is called where nobody gives it a name: its words, else what it is narrowed to."""
    q = given.get("q")
    return str(q if isinstance(q, str) else " · ".join(_told(given, t)) or "?")[: saved.NAME]


def _told(given: dict[str, Any], t: Texts) -> list[str]:
    """What a search is narrowed to, in words; its own words are left off."""
    out = []
    for name, value in given.items():
        if name in ("q", "order", "literal"):
            continue
        values = value if isinstance(value, list) else [value]
        if name in ("act", "form"):
            values = [t.or_as_it_is(name, v) for v in values]
        label = t.or_as_it_is("search", name) if name != "source" else t("searches.source")
        is_on = name in ("checkable", "once")
        out.append(label if is_on else f"{label}: {'، '.join(values)}")
    return out
