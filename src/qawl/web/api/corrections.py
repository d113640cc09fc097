"""Corrections: what people put right, with who and when; making one and taking it back."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Path, Request, Response
from pydantic import Field
from sqlalchemy import Connection, RowMapping, select

from qawl.errors import NotFoundError
from qawl.model import Act, Form
from qawl.record import corrections
from qawl.record.rereading import restored
from qawl.record.schema import CorrectionRow, StatementRow, table_of
from qawl.web.api.answers import SIZE, After, Size, Tagged, next_page
from qawl.web.api.models import Model, Number, Plain, StatementNumber, told
from qawl.web.api.problems import Refused, described
from qawl.web.api.writers import Writer
from qawl.web.asking import LARGEST
from qawl.web.site import AnySite

router = APIRouter(route_class=Tagged)
CORRECTIONS, STATEMENTS = table_of(CorrectionRow), table_of(StatementRow)
ACorrection = Annotated[int, Path(ge=1, le=LARGEST, description="The correction's number.")]
#: What a list leaves off: what undoing needs, which may be long.
_LONG = ("profile", "statements", "named")


_Place = Annotated[int, Field(ge=0, strict=True)]


class _OfStatement(Model):
    statement: StatementNumber = Field(description="The number of the statement.")


class _OfSource(Model):
    source: Number = Field(description="The number of the source.")


class Wrong(_OfStatement):
    """It is no statement: it is not found any more."""

    kind: Literal["wrong"]


class Right(_OfStatement):
    """It is right as it is."""

    kind: Literal["right"]


class SaidAs(_OfStatement):
    """It is another act."""

    kind: Literal["act"]
    act: Act


class FormIs(_OfStatement):
    """It is another form."""

    kind: Literal["form"]
    form: Form


class Speaker(_OfStatement):
    """Another source said it, or nobody who is known (null)."""

    kind: Literal["speaker"]
    source: Number | None


class Bounds(_OfStatement):
    """Its content stands elsewhere: [start, end] of each part in the article's text (code points)."""

    kind: Literal["bounds"]
    content: list[tuple[_Place, _Place]] = Field(min_length=1, max_length=50, examples=[[[41, 67]]])


class Merge(_OfSource):
    """The source is the same as another."""

    kind: Literal["merge"]
    into: Number


class Split(_OfSource):
    """Some names of the source are somebody else's."""

    kind: Literal["split"]
    names: list[Annotated[str, Field(max_length=300)]] = Field(
        min_length=1, max_length=50, examples=[["الوزير"]]
    )


class Rename(_OfSource):
    """The source is shown under another name."""

    kind: Literal["rename"]
    name: Annotated[Plain, Field(min_length=1, max_length=300, examples=["سلمى الهاشمي"])]


class Identify(_OfSource):
    """The source has a Wikidata id."""

    kind: Literal["wikidata"]
    id: str = Field(pattern=r"^Q[1-9]\d{0,14}$", examples=["Q42"])


ToCorrect = Annotated[
    Wrong | Right | SaidAs | FormIs | Speaker | Bounds | Merge | Split | Rename | Identify,
    Field(discriminator="kind"),
]


class Correction(Model):
    """A correction as the record keeps it."""

    number: int
    kind: corrections.Kind
    about: dict[str, Any] = Field(description="The statement or source that it is about.")
    value: dict[str, Any] = Field(description="What was put in its place.")
    person: str = Field(examples=["نادية"])
    made: dt.datetime
    undone: dt.datetime | None
    undone_by: str | None

    @classmethod
    def of(cls, row: RowMapping) -> Correction:
        """That of a row."""
        value = {name: v for name, v in row["value"].items() if name not in _LONG}
        return cls(
            number=row["id"],
            kind=row["kind"],
            about=told(row["about"]),
            value=told(value),
            person=row["person"],
            made=row["made"],
            undone=row["undone"],
            undone_by=row["undone_by"],
        )


class Corrections(Model):
    """A page of corrections, the newest first."""

    corrections: list[Correction]
    next: str | None


@router.get(
    "/corrections",
    summary="List the corrections",
    response_model=Corrections,
    responses=described(),
)
def list_(
    request: Request, response: Response, site: AnySite, size: Size = SIZE, after: After = None
) -> Corrections:
    """What people corrected, the newest first, what was taken back too."""
    with site.records.reading() as connection:
        found = corrections.newest(connection, size + 1, after)
    shown = [Correction.of(row) for row in found[:size]]
    end = shown[-1].number if len(found) > size else None
    return Corrections(corrections=shown, next=next_page(request, response, end))


@router.get(
    "/corrections/{number}",
    summary="A correction",
    response_model=Correction,
    responses=described(404),
)
def one(site: AnySite, number: ACorrection) -> Correction:
    """One correction."""
    with site.records.reading() as connection:
        return _one(connection, number)


def _one(connection: Connection, number: int) -> Correction:
    query = select(CORRECTIONS).where(CORRECTIONS.c.id == number)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFoundError(f"there is no correction {number}")
    return Correction.of(row)


_SAMPLES: dict[str, Any] = {
    "act": {
        "summary": "An act",
        "value": {"kind": "act", "statement": "3991842300207103", "act": "deny"},
    },
    "speaker": {
        "summary": "A speaker",
        "value": {"kind": "speaker", "statement": "3991842300207103", "source": 3},
    },
    "rename": {
        "summary": "A name",
        "value": {"kind": "rename", "source": 3, "name": "سلمى الهاشمي"},
    },
}


@router.post(
    "/corrections",
    summary="Correct something",
    status_code=201,
    response_model=Correction,
    responses=described(401, 403, 404, 413),
)
def make(
    response: Response,
    site: AnySite,
    given: Annotated[ToCorrect, Body(openapi_examples=_SAMPLES)],
    person: Writer,
) -> Correction:
    """Puts a statement or a source right. A correction holds after the article is read again, and can be taken
    back."""
    with site.records.writing() as connection:
        number = _make(connection, given, person)
        made = _one(connection, number)
    response.headers["location"] = f"/api/v1/corrections/{number}"
    return made


def _make(connection: Connection, given: Any, person: str) -> int:
    if isinstance(given, _OfStatement):
        query = select(STATEMENTS).where(STATEMENTS.c.id == given.statement)
        row = connection.execute(query).mappings().first()
        if row is None:
            raise NotFoundError(f"the record has no statement {given.statement}")
        value = given.model_dump(exclude={"kind", "statement"})
        if isinstance(given, Bounds):
            value = {"content": [list(part) for part in given.content]}
        return corrections.correct(connection, row, given.kind, value, person)  # type: ignore[attr-defined]
    source = given.source
    if isinstance(given, Merge):
        return corrections.merge(connection, source, given.into, person)
    if isinstance(given, Split):
        return corrections.split(connection, source, list(dict.fromkeys(given.names)), person)[0]
    if isinstance(given, Rename):
        return corrections.rename(connection, source, given.name, person)
    return corrections.identify(connection, source, given.id, person)


@router.delete(
    "/corrections/{number}",
    summary="Take a correction back",
    response_model=Correction,
    responses=described(401, 403, 404, 409),
)
def undo(site: AnySite, number: ACorrection, person: Writer) -> Correction:
    """Puts back what was before; what was corrected stays in the list as undone."""
    with site.records.writing() as connection:
        if _one(connection, number).undone is not None:
            raise Refused(409, f"correction {number} was taken back before")
        corrections.undo(connection, number, restored(site.reader.read), person)
        return _one(connection, number)
