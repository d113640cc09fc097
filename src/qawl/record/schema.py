"""The tables of the record, for SQLite and PostgreSQL alike (SQLAlchemy models).

Times are UTC. Places in a text are Unicode code points into ``Article.text``. What was said is kept
once, in the article's text; a statement keeps where it stands, and a copy of its words for lists. The
index of words that searching uses is made by the migrations, since each database has its own kind.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

#: Bits of a statement's number: minutes since 1970, then its article, then its place in it, so that the
#: order of the numbers is that of the times at which the articles appeared.
ARTICLE_BITS, PLACE_BITS = 23, 14
#: Minutes since 1970 that a number has room for: until 2097. What says that it is of later counts as of then.
_LAST_MINUTE = (1 << (63 - ARTICLE_BITS - PLACE_BITS)) - 1


class UTC(TypeDecorator[dt.datetime]):
    """A moment, kept as UTC without a zone and given back with it (SQLite knows no zones)."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        """The moment in UTC, its zone left off."""
        return None if value is None else value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        """The moment with its zone."""
        return None if value is None else value.replace(tzinfo=dt.UTC)


#: What statements fulfil whose saying is not found yet (sayings.settle).
_UNSETTLED = text("saying_id IS NULL")
#: What statements fulfil that searching finds, as SQLite and as PostgreSQL say it.
_CURRENT, _IS_CURRENT = text("current = 1"), text("current")


class Base(DeclarativeBase):
    """All tables of the record."""

    type_annotation_map = {  # noqa: RUF012
        dt.datetime: UTC,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        int: BigInteger().with_variant(Integer, "sqlite"),
    }


class ArticleRow(Base):
    """A version of an article. ``key`` is what makes two of them the same article: its address, else
    the id of its file, else its text's hash. The newest version is ``current``."""

    __tablename__ = "articles"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    version: Mapped[int]
    current: Mapped[bool]
    hash: Mapped[str]  # SHA-256 of the text, hexadecimal
    address: Mapped[str | None]
    canonical: Mapped[str | None]
    name: Mapped[str]  # its id in the file that it came from
    outlet: Mapped[str | None]
    author: Mapped[str | None]
    title: Mapped[str]
    text: Mapped[str]
    paragraphs: Mapped[list[Any]]  # [start, end, kind]
    published: Mapped[dt.datetime | None]
    whole_day: Mapped[bool]  # ``published`` is a day, not a moment
    date_text: Mapped[str | None]
    fetched: Mapped[dt.datetime | None]
    added: Mapped[dt.datetime]
    reader: Mapped[str]
    notes: Mapped[list[Any]]
    country: Mapped[str | None]  # the state of its outlet's readers, if a person has said it

    __table_args__ = (
        UniqueConstraint("key", "version", name="articles_once"),
        Index("articles_by_outlet", "outlet", "published"),
    )


class PageRow(Base):
    """The page of an article as it was fetched: the proof. ``packed`` is zlib-compressed."""

    __tablename__ = "pages"

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    packed: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[str]  # SHA-256 of the page's bytes
    kind: Mapped[str]  # media type, as served


class SourceRow(Base):
    """Who speaks: a person, a body, a medium, a state, or a source without a name. One that was merged
    into another points to it and has no statements of its own."""

    __tablename__ = "sources"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]  # person, body, media, state, unnamed
    state: Mapped[str | None]  # that it belongs to, by its name in states.tsv
    wikidata: Mapped[str | None]
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("sources.id"))
    profile: Mapped[dict[str, Any]]  # names, roles and outlets with counts and times (sources.py)

    __table_args__ = (Index("sources_by_name", "name"),)


class SourceKeyRow(Base):
    """What finds the sources that a name may be of: its words, spellings and short forms."""

    __tablename__ = "source_keys"

    key: Mapped[str] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"), primary_key=True)

    __table_args__ = (
        Index("source_keys_by_source", "source_id"),
        {"sqlite_with_rowid": False},
    )


class StatementRow(Base):
    """A statement. Its number tells when its article appeared (``number_of``). ``saying_id`` is the
    number of the statement that it repeats, its own where it is the first; none until it is settled."""

    __tablename__ = "statements"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    place: Mapped[int]  # its place in the article's list, from 0
    current: Mapped[bool]  # of the article's newest version, and not marked wrong
    text: Mapped[str]  # the content's parts, joined by " … "
    who: Mapped[str | None]
    form: Mapped[str]
    act: Mapped[str]
    nested: Mapped[bool]
    confidence: Mapped[float]
    checkable: Mapped[bool]
    spans: Mapped[dict[str, Any]]  # where all of it stands, and what has no place (rows.py)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id"))
    link: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # why, how sure
    saying_id: Mapped[int | None]
    outlet: Mapped[str | None]
    published: Mapped[dt.datetime]  # when the article appeared, else when it was added

    __table_args__ = (
        UniqueConstraint("article_id", "place", name="statements_once"),
        Index("statements_by_source", "source_id", "id"),
        Index("statements_by_saying", "saying_id"),
        Index(
            "statements_to_settle",
            "article_id",
            "place",
            sqlite_where=_UNSETTLED,
            postgresql_where=_UNSETTLED,
        ),
        Index("statements_by_outlet", "outlet", "id"),
        Index(
            "statements_to_review",
            "confidence",
            "id",
            sqlite_where=_CURRENT,
            postgresql_where=_IS_CURRENT,
        ),
    )


class SayingKeyRow(Base):
    """What finds the statements that may repeat another: hashes of runs of its words."""

    __tablename__ = "saying_keys"

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    statement_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)

    __table_args__ = ({"sqlite_with_rowid": False},)


class CorrectionRow(Base):
    """What a person put right, who and when; ``undone`` is when it was taken back, and ``undone_by`` who did
    that. ``article`` is the key of its statement's article, none where it is about sources."""

    __tablename__ = "corrections"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    about: Mapped[dict[str, Any]]  # which statement or source, so that it is found after re-reading
    value: Mapped[dict[str, Any]]
    person: Mapped[str]
    made: Mapped[dt.datetime]
    undone: Mapped[dt.datetime | None]
    undone_by: Mapped[str | None]
    article: Mapped[str | None]

    __table_args__ = (Index("corrections_by_article", "article"),)


class EditorRow(Base):
    """Who may correct the record over the web. ``key`` is the name as it is compared, ``hash`` that of the
    passphrase (argon2, with its parameters)."""

    __tablename__ = "editors"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    key: Mapped[str]
    hash: Mapped[str]
    made: Mapped[dt.datetime]

    __table_args__ = (UniqueConstraint("key", name="editors_once"),)


class SessionRow(Base):
    """A sign-in of an editor that has not ended; ``hash`` is the SHA-256 of its key, which the browser
    alone keeps."""

    __tablename__ = "sessions"

    hash: Mapped[str] = mapped_column(primary_key=True)
    editor_id: Mapped[int] = mapped_column(ForeignKey("editors.id"))
    made: Mapped[dt.datetime]
    used: Mapped[dt.datetime]

    __table_args__ = (Index("sessions_by_editor", "editor_id"),)


class TokenRow(Base):
    """What a program of an editor writes with; ``hash`` is the SHA-256 of the token."""

    __tablename__ = "tokens"

    hash: Mapped[str] = mapped_column(primary_key=True)
    editor_id: Mapped[int] = mapped_column(ForeignKey("editors.id"))
    made: Mapped[dt.datetime]

    __table_args__ = (Index("tokens_by_editor", "editor_id"),)


class SavedSearchRow(Base):
    """A search that a person saved: ``query`` are its parameters as an address has them, without the ?."""

    __tablename__ = "searches"

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str]
    name: Mapped[str]
    query: Mapped[str]
    made: Mapped[dt.datetime]

    __table_args__ = (Index("searches_by_person", "person", "id"),)


class FetchRow(Base):
    """What is known of an address: when it was fetched, with what answer, when to try again."""

    __tablename__ = "fetches"

    address: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]  # feed, sitemap, page, robots, host
    outlet: Mapped[str | None]
    fetched: Mapped[dt.datetime | None]
    status: Mapped[int | None]
    etag: Mapped[str | None]
    modified: Mapped[str | None]  # the Last-Modified header, as sent
    failures: Mapped[int]  # in a row
    error: Mapped[str | None]
    next_try: Mapped[dt.datetime | None]  # of a page: while it waits to be fetched
    told: Mapped[dict[str, Any]]  # what a feed tells of a page; the rules of a robots.txt

    __table_args__ = (Index("fetches_due", "kind", "next_try"),)


def table_of(model: type[Base]) -> Table:
    """The table of a model, for statements that make no objects."""
    return cast(Table, model.__table__)


def number_of(published: dt.datetime, article: int, place: int) -> int:
    """The number of the ``place``-th statement of an article that appeared at ``published``. Within an
    article numbers fall, so that the newest first are also read in their order."""
    minutes = max(int(published.timestamp()) // 60, 0) + (place >> PLACE_BITS)
    minutes = min(minutes, _LAST_MINUTE)
    low = (article % (1 << ARTICLE_BITS)) << PLACE_BITS | ~place % (1 << PLACE_BITS)
    return minutes << (ARTICLE_BITS + PLACE_BITS) | low


def first_number(moment: dt.datetime) -> int:
    """The least number that a statement of an article of that moment can have."""
    return number_of(moment, 0, 0)
