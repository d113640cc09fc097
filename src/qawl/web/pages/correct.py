"""Putting a statement right: who said it, where it begins and ends, its act and form; or that it is none, or right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Connection, RowMapping, select

from qawl.errors import InputError
from qawl.model import Article, Statement
from qawl.record import corrections, editing, reviewing
from qawl.record.schema import ArticleRow, SourceRow, StatementRow, table_of
from qawl.record.store import article_of
from qawl.web.marking import marked, unsure
from qawl.web.people import AnEditor, local_path, person_of, sign_in_first
from qawl.web.security import FIELD, is_ours
from qawl.web.site import AnySite, Site, render

router = APIRouter()
ARTICLES, SOURCES, STATEMENTS = table_of(ArticleRow), table_of(SourceRow), table_of(StatementRow)
#: The largest number that a record's rows can have.
LARGEST = (1 << 63) - 1
Number = Annotated[int, Path(ge=1, le=LARGEST)]


class Unclear(Exception):
    """A name may be of several sources: ``choice`` says of which."""

    def __init__(self, choice: editing.Choice) -> None:
        super().__init__()
        self.choice = choice


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person put into the form; None in ``seen`` where he has sent nothing yet."""

    speaker: str = "keep"
    name: str = ""
    places: str = ""
    words: str = ""
    act: str = ""
    form: str = ""
    rest: bool = False
    seen: str | None = None


@router.get("/statements/{number}/correct", response_class=HTMLResponse)
def form(
    request: Request,
    site: AnySite,
    number: Number,
    person: AnEditor,
    next: Annotated[str, Query(max_length=4000)] = "",
) -> HTMLResponse:
    """The statement in its article, and the form to put it right."""
    with site.records.reading() as connection:
        return _page(request, connection, number, local_path(next, ""))


@router.post("/statements/{number}/correct", response_class=HTMLResponse)
def change(
    request: Request,
    site: AnySite,
    number: Number,
    do: Annotated[str, Form(pattern="^(save|right|wrong)$")] = "save",
    seen: Annotated[str, Form(max_length=40)] = "",
    speaker: Annotated[str, Form(max_length=40)] = "keep",
    speaker_name: Annotated[str, Form(max_length=300)] = "",
    places: Annotated[str, Form(max_length=2000)] = "",
    words: Annotated[str, Form(max_length=100_000)] = "",
    act: Annotated[str, Form(max_length=20)] = "",
    form: Annotated[str, Form(max_length=20)] = "",
    rest: Annotated[str, Form(max_length=5)] = "",
    next: Annotated[str, Form(max_length=4000)] = "",
    ticket: Annotated[str, Form(alias=FIELD)] = "",
) -> Response:
    """Keeps what is put right, all of it or nothing."""
    if not is_ours(request, site.settings, ticket):
        raise HTTPException(403)
    person = person_of(request) or _sign_in_first(number)
    back = local_path(next, "")
    typed = Typed(speaker, speaker_name, places, words, act, form, bool(rest), seen)
    try:
        with site.records.writing() as connection:
            row = statement(connection, number)
            if reviewing.seen(row) != seen:
                raise InputError("changed")
            if do == "save":
                made = save(connection, row, typed, person)
            else:
                made = [corrections.correct(connection, row, _kind(do), {}, person)]
            where = f"/articles/{row['article_id']}#s{row['place'] + 1}"
        if not made:
            raise InputError("nothing")
    except Unclear as error:
        return _again(request, site, number, back, typed, 409, "unclear", error.choice)
    except InputError as error:
        status = 409 if str(error) == "changed" else 422
        return _again(request, site, number, back, typed, status, str(error))
    return RedirectResponse(back or where, 303)


def statement(connection: Connection, number: int) -> RowMapping:
    """The row of a statement by its number; raises HTTPException 404 where there is none, InputError where it
    is of an old version or marked wrong, and so cannot be put right."""
    query = select(STATEMENTS).where(STATEMENTS.c.id == number)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise HTTPException(404)
    if not row["current"]:
        raise InputError("changed")
    return row


def save(connection: Connection, row: RowMapping, typed: Typed, person: str) -> list[int]:
    """Corrects what a person changed in the form; the numbers of the corrections. Raises InputError for what
    does not fit, Unclear where a name may be of several."""
    article = article_of(connection, row["article_id"])
    made: list[int] = []

    def correct(kind: corrections.Kind, value: dict[str, Any]) -> None:
        now = statement(connection, row["id"])
        made.append(corrections.correct(connection, now, kind, value, person))

    content = bounds(article, row, typed)
    if content != row["spans"]["content"]:
        try:
            correct("bounds", {"content": content})
        except InputError as error:
            raise InputError("bounds") from error
    value = speaker_of(connection, article, row, typed)
    if value is not None:
        correct("speaker", value)
    if typed.act and typed.act != row["act"]:
        correct("act", {"act": typed.act})
    if typed.form and typed.form != row["form"]:
        correct("form", {"form": typed.form})
    if typed.rest:
        correct("right", {})
    return made


def bounds(article: Article, row: RowMapping, typed: Typed) -> list[list[int]]:
    """The content that a person means: by its places, where he changed them, else by its words. Raises
    InputError (places, words) for what is none."""
    old: list[list[int]] = row["spans"]["content"]
    content = old
    wrong = "places"
    try:
        if typed.places.strip():
            content = editing.places_of(typed.places)
        wrong = "words"
        if content == old and typed.words.strip() and typed.words.split() != row["text"].split():
            content = editing.content_in(article.text, typed.words, old[0][0])
    except InputError as error:
        raise InputError(wrong) from error
    if max(place for part in content for place in part) > len(article.text):
        raise InputError("bounds")
    out = []
    for a, b in content:
        part = article.text[a:b]
        a += len(part) - len(part.lstrip())
        out.append([a, a + len(part.strip())])
    return out if content != old else old


def speaker_of(
    connection: Connection, article: Article, row: RowMapping, typed: Typed
) -> dict[str, Any] | None:
    """The value of the correction of who spoke; None where it stays. Raises Unclear where a typed name may be of
    several sources, InputError where it is nobody's."""
    name = " ".join(typed.name.split())
    if typed.speaker == "nobody":
        return {"source": None} if row["source_id"] or row["who"] else None
    if typed.speaker.startswith("#") and typed.speaker[1:].isdecimal():
        return {"source": int(typed.speaker[1:])}
    if typed.speaker == "here":
        return {"source": editing.newcomer(connection, article, name), "name": name}
    if typed.speaker != "name" or not name:
        return None
    s = STATEMENTS.c
    beside = select(s.source_id).where(s.article_id == row["article_id"], s.who == name)
    known = set(connection.scalars(beside.where(s.source_id.is_not(None))))
    if len(known) == 1:  # as it is meant elsewhere in the article
        return {"source": known.pop(), "name": name}
    try:
        found = editing.choice(connection, article, name)
    except InputError as error:
        raise InputError("who") from error
    sure = editing.certain(found, name)
    if sure is not None:
        return {"source": sure.source.id} | ({"name": found.here} if found.here else {})
    if found.sources:
        raise Unclear(found)
    if found.here is None:
        raise InputError("who")
    return {"source": editing.newcomer(connection, article, found.here), "name": found.here}


def _kind(do: str) -> corrections.Kind:
    return "right" if do == "right" else "wrong"


def _sign_in_first(number: int) -> str:
    raise sign_in_first(f"/statements/{number}/correct")


def _again(
    request: Request,
    site: Site,
    number: int,
    back: str,
    typed: Typed,
    status: int,
    wrong: str,
    choice: editing.Choice | None = None,
) -> HTMLResponse:
    with site.records.reading() as connection:
        return _page(request, connection, number, back, typed, status, wrong, choice)


def _page(
    request: Request,
    connection: Connection,
    number: int,
    back: str,
    typed: Typed | None = None,
    status: int = 200,
    wrong: str = "",
    choice: editing.Choice | None = None,
) -> HTMLResponse:
    query = select(STATEMENTS, SOURCES.c.name.label("name")).outerjoin(
        SOURCES, SOURCES.c.id == STATEMENTS.c.source_id
    )
    row = connection.execute(query.where(STATEMENTS.c.id == number)).mappings().first()
    if row is None:
        raise HTTPException(404)
    article = article_of(connection, row["article_id"])
    a = ARTICLES.c
    kept = connection.execute(select(a.key, a.current).where(a.id == row["article_id"])).one()
    newest = connection.scalar(select(a.id).where(a.key == kept.key, a.current).limit(1))
    this: Statement = article.statements[row["place"]]
    places = editing.shown_places(row["spans"]["content"])
    if typed is None or wrong == "changed":
        typed = Typed(places=places, words=row["text"], act=row["act"], form=row["form"])
    return render(
        request,
        "correct.html",
        status,
        article=article,
        row=row,
        this=this,
        lines=marked(article.with_statements([this])),
        names=editing.names_in(article),
        typed=typed,
        places=places,
        seen=reviewing.seen(row),
        wrong=wrong,
        choice=choice,
        next=back,
        old=not kept.current,
        newest=newest,
        made=corrections.of_statement(connection, dict(row)),
        unsure=unsure,
    )
