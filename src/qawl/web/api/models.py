"""What the API speaks of, as pydantic models: spans, statements, articles, sources, with examples in Arabic."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

from qawl.formats.json_document import article_in_full, statement_in_full
from qawl.model import Act, Article, Form, NameKind, ParagraphKind
from qawl.model import Statement as Reported
from qawl.record.sources import Kept
from qawl.web.asking import LARGEST
from qawl.web.shown import Line

#: The number of an article, a source or a correction.
Number = Annotated[int, Field(ge=1, le=LARGEST, strict=True)]


def _number(value: object) -> object:
    """A number that is sent as one or as text; pydantic would take true for 1."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("give the statement's number")
    return value


#: The number of a statement, which is sent as text: it is larger than what JavaScript and jq count exactly.
StatementNumber = Annotated[
    int,
    BeforeValidator(_number),
    Field(ge=1, le=LARGEST),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {"type": "string", "pattern": "^[1-9][0-9]{0,18}$", "examples": ["3991842300207103"]}
    ),
]
SourceKind = Literal["person", "body", "media", "state", "unnamed"]
#: Text that both databases can keep: without the character NUL.
Plain = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
_SURROGATES = re.compile("[\ud800-\udfff]")


def told(value: Any) -> Any:
    """A value with half characters, which have no UTF-8, replaced by U+FFFD; places stay what they are."""
    if isinstance(value, str):
        return _SURROGATES.sub("\ufffd", value)
    if isinstance(value, dict):
        return {name: told(v) for name, v in value.items()}
    return [told(v) for v in value] if isinstance(value, list | tuple) else value


class Model(BaseModel):
    """Base of what is sent: members without a value are sent as null."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


class Span(Model):
    """A stretch of the article's `text`: `text == article.text[start:end]` in Unicode code points."""

    start: int = Field(ge=0, examples=[41])
    end: int = Field(ge=0, examples=[67])
    text: str = Field(examples=["الميناء سيفتح في أيلول"])


class Name(Span):
    """A person, a body, a place or another thing that a content names."""

    kind: NameKind


class Decision(Model):
    """Which rule or model decided a part of a statement; `probability` is the model's."""

    stage: str = Field(examples=["act"])
    by: str
    probability: float | None
    note: str


class Statement(Model):
    """A statement with all that stands in its article."""

    content: list[Span] = Field(description="What was said, in one part or more.")
    cue: Span | None = Field(description="The reporting word.")
    speaker: Span | None = Field(description="The words that name the source beside the cue.")
    who: str | None = Field(
        description="The source that is meant, by its fullest name in the article.",
        examples=["سلمى الهاشمي"],
    )
    form: Form
    act: Act
    nested: bool
    confidence: float = Field(ge=0, le=1, examples=[0.93])
    who_span: Span | None
    plover: str | None = Field(description="The class of PLOVER's events that the act is.")
    about: Span | None
    addressee: Span | None
    setting: Span | None
    said: str | None = Field(description="When it was said, if the article tells.")
    said_span: Span | None
    via: list[str] = Field(description="Who relays it, the outermost first.")
    names: list[Name]
    checkable: bool = Field(description="A claim of fact that somebody could verify.")
    decisions: list[Decision] = Field(description="Why Qawl reads it so.")

    @classmethod
    def of(cls, statement: Reported) -> Statement:
        """That of a statement as it was read."""
        return cls(**told(statement_in_full(statement)))


class SourceName(Model):
    """A source of the record in short."""

    number: int = Field(examples=[12])
    name: str = Field(examples=["سلمى الهاشمي"])
    kind: SourceKind
    state: str | None = Field(description="The state that it belongs to.", examples=["لبنان"])
    statements: int | None = Field(default=None, description="In how many articles it is named.")
    address: str = Field(examples=["/api/v1/sources/12"])

    @classmethod
    def of(cls, kept: Kept) -> SourceName:
        """That of a source."""
        return cls(
            number=kept.source.id,
            name=told(kept.name),
            kind=kept.source.kind,
            state=kept.source.state,
            statements=kept.source.count,
            address=f"/api/v1/sources/{kept.source.id}",
        )


class Entry(Model):
    """A statement of the record as lists have it."""

    number: StatementNumber = Field(
        description="Its number, which rises with the time of its article."
    )
    address: str = Field(examples=["/api/v1/statements/3991842300207103"])
    page: str = Field(description="Where it stands.", examples=["/articles/7#s3"])
    article: int = Field(examples=[7])
    place: int = Field(description="Its place among the article's statements, from 1.", ge=1)
    text: str = Field(
        description="What was said; parts that the reporter's words cut in two are joined by […].",
        examples=["لن نؤجل الافتتاح يوما واحدا"],
    )
    who: str | None = Field(description="The source, as the article names it.")
    source: int | None = Field(description="The source that it is linked to.")
    name: str | None = Field(description="The name of that source in the record.")
    form: Form
    act: Act
    nested: bool
    confidence: float = Field(ge=0, le=1)
    checkable: bool
    current: bool = Field(
        description="False for one of an old version, or that a person marked as none."
    )
    title: str = Field(description="The article's.", examples=["افتتاح ميناء الرمال في أيلول"])
    outlet: str | None = Field(examples=["صحيفة المرفأ"])
    published: dt.datetime = Field(description="When the article appeared, else was added (UTC).")
    origin: str | None = Field(description="The article's address at its outlet.")
    saying: StatementNumber | None = Field(
        description="The statement that it repeats; its own number if none."
    )
    repeats: int = Field(description="How many statements are of the same saying.", ge=1)
    found: list[tuple[int, int]] = Field(
        default=[], description="Where the words that were searched for stand in `text`."
    )

    @classmethod
    def of(cls, line: Line) -> Entry:
        """That of a line."""
        row = line.row
        return cls(
            number=row["id"],
            address=f"/api/v1/statements/{row['id']}",
            page=line.place,
            article=row["article_id"],
            place=row["place"] + 1,
            text=told(row["text"]),
            who=told(row["who"]),
            source=row["source_id"],
            name=told(line.name),
            form=row["form"],
            act=row["act"],
            nested=row["nested"],
            confidence=row["confidence"],
            checkable=row["checkable"],
            current=row["current"],
            title=told(line.title),
            outlet=told(row["outlet"]),
            published=row["published"],
            origin=told(line.address),
            saying=row["saying_id"],
            repeats=max(line.repeats, 1),
            found=_found(line.pieces),
        )


def _found(pieces: Sequence[tuple[str, bool]]) -> list[tuple[int, int]]:
    out, at = [], 0
    for text, found in pieces:
        if found:
            out.append((at, at + len(text)))
        at += len(text)
    return out


class Paragraph(Model):
    """A line of the article's text, and what it is."""

    start: int
    end: int
    kind: ParagraphKind


class ArticleRead(Model):
    """An article as it was read, with its statements. Nothing of it is kept."""

    id: str
    title: str = Field(examples=["افتتاح ميناء الرمال في أيلول"])
    outlet: str | None
    author: str | None
    date: str | None = Field(examples=["2024-07-02"])
    date_text: str | None
    address: str | None
    canonical: str | None
    country: str | None = Field(description="The state whose readers its outlet writes for.")
    reader: str = Field(description="What read it.", examples=["qawl 0.1.0"])
    notes: list[str]
    text: str = Field(description="The title, a line feed, and the body.")
    paragraphs: list[Paragraph]
    statements: list[Statement]

    @classmethod
    def of(cls, article: Article) -> ArticleRead:
        """That of an article."""
        return cls(**told(article_in_full(article)))


class ArticleName(Model):
    """An article of the record in short."""

    number: int
    address: str = Field(examples=["/api/v1/articles/7"])
    page: str = Field(examples=["/articles/7"])
    title: str = Field(examples=["افتتاح ميناء الرمال في أيلول"])
    outlet: str | None
    author: str | None
    published: dt.datetime | None
    origin: str | None = Field(description="Its address at its outlet.")
    version: int = Field(ge=1)
    current: bool
    added: dt.datetime
