"""The queue of what the reader is least certain of: one statement after the other, by keyboard or by buttons."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from qawl.errors import InputError
from qawl.model import ACTS
from qawl.record import corrections, reviewing
from qawl.record.search import Filters
from qawl.record.store import article_of
from qawl.web.asking import day_of
from qawl.web.marking import marked, unsure
from qawl.web.pages.correct import LARGEST, statement
from qawl.web.people import AnEditor, person_of, sign_in_first
from qawl.web.security import FIELD, is_ours
from qawl.web.shown import lines_of
from qawl.web.site import AnySite, link, render

router = APIRouter()
#: Paragraphs shown before and behind those in which a statement stands.
AROUND = 1


class Queue:
    """The parameters of the queue: what it is narrowed to, and the last statement that was passed over."""

    def __init__(self, outlet: str, act: str, since: str, after: str) -> None:
        self.outlet, self.act, self.since, self.after = outlet.strip(), act, since.strip(), after
        if act and act not in ACTS:
            raise InputError(f"{act} is no act: one of {', '.join(ACTS)}")

    @property
    def parameters(self) -> dict[str, Any]:
        """What it is narrowed to, again."""
        return {"outlet": self.outlet, "act": self.act, "since": self.since}

    def filters(self) -> Filters:
        """The same for the record; raises InputError for a day that is none."""
        acts = (self.act,) if self.act else ()
        return Filters(outlet=self.outlet or None, acts=acts, since=day_of(self.since))

    def passed(self) -> tuple[float, int] | None:
        """The confidence and the number of the last one; raises InputError for what is none."""
        if not self.after:
            return None
        sure, _, number = self.after.partition("~")
        try:
            found = float(sure), int(number)
        except ValueError as error:
            raise InputError(f"{self.after} is no place in the queue") from error
        if not (0 <= found[0] <= 1 and 0 <= found[1] <= LARGEST):
            raise InputError(f"{self.after} is no place in the queue")
        return found


@router.get("/review", response_class=HTMLResponse)
def page(
    request: Request,
    site: AnySite,
    person: AnEditor,
    outlet: Annotated[str, Query(max_length=300)] = "",
    act: Annotated[str, Query(max_length=20)] = "",
    since: Annotated[str, Query(max_length=10)] = "",
    after: Annotated[str, Query(max_length=60)] = "",
    done: Annotated[int | None, Query(ge=1, lt=LARGEST)] = None,
) -> HTMLResponse:
    """The least certain statement that is left."""
    queue = Queue(outlet, act, since, after)
    values: dict[str, Any] = {"line": None, "done": None}
    with site.records.reading() as connection:
        rows = reviewing.least_certain(connection, queue.filters(), queue.passed())
        if done is not None:
            newest = corrections.newest(connection, 1, done + 1)
            values["done"] = next((made for made in newest if made["id"] == done), None)
        if rows:
            row = rows[0]
            article = article_of(connection, row["article_id"])
            this = article.statements[row["place"]]
            shown = marked(article.with_statements([this]))
            here = [k for k, part in enumerate(shown) if any(p.over for p in part.pieces)]
            first, last = (
                max(here[0] - AROUND, 0) if here else 0,
                here[-1] + AROUND + 1 if here else 1,
            )
            values |= {
                "line": lines_of(connection, [(row, ())])[0],
                "article": article,
                "this": this,
                "lines": shown[first:last],
                "seen": reviewing.seen(row),
                "skip": f"{row['confidence']!r}~{row['id']}",
            }
    again = link("/review", **queue.parameters, after=queue.after)
    return render(request, "review.html", queue=queue, again=again, unsure=unsure, **values)


@router.post("/review")
def judge(
    request: Request,
    site: AnySite,
    number: Annotated[int, Form(ge=1, le=LARGEST)],
    do: Annotated[str, Form(pattern="^(right|wrong)$")],
    seen: Annotated[str, Form(max_length=40)] = "",
    outlet: Annotated[str, Form(max_length=300)] = "",
    act: Annotated[str, Form(max_length=20)] = "",
    since: Annotated[str, Form(max_length=10)] = "",
    after: Annotated[str, Form(max_length=60)] = "",
    ticket: Annotated[str, Form(alias=FIELD)] = "",
) -> Response:
    """Keeps that a statement is right, or none, and goes on to the next; one that somebody else has changed in
    the meantime is shown again as it is now."""
    if not is_ours(request, site.settings, ticket):
        raise HTTPException(403)
    queue = Queue(outlet, act, since, after)
    again = link("/review", **queue.parameters, after=queue.after)
    person = person_of(request)
    if person is None:
        raise sign_in_first(again)
    try:
        with site.records.writing() as connection:
            row = statement(connection, number)
            if reviewing.seen(row) != seen:
                raise InputError("changed")
            kind: corrections.Kind = "right" if do == "right" else "wrong"
            made = corrections.correct(connection, row, kind, {}, person)
    except InputError:
        return RedirectResponse(again, 303)
    return RedirectResponse(link("/review", **queue.parameters, after=queue.after, done=made), 303)
