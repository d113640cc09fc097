"""The store: articles put into the record and taken out of it.

An article is one transaction: killed at any moment, the record holds it whole or not at all. Adding it
again changes nothing; another text under its key is a new version, and the old one stays.
"""

from __future__ import annotations

import datetime as dt
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Literal

from sqlalchemy import Connection, RowMapping, bindparam, func, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from qawl.errors import NotFoundError, RecordError
from qawl.model import Article, Span, Statement
from qawl.record import rows, sayings, sources, words
from qawl.record.among import among
from qawl.record.engine import connect, explained, place
from qawl.record.migrate import migrate
from qawl.record.schema import ArticleRow, PageRow, StatementRow, number_of, table_of
from qawl.record.search import Hit

ARTICLES = table_of(ArticleRow)
STATEMENTS = table_of(StatementRow)
PAGES = table_of(PageRow)

#: Values of one IN at most.
MANY = 500

#: Articles, and seconds, after which what was added is settled: found by its words, and grouped.
SETTLED, WAITED = 50, 5.0

What = Literal["new", "version", "same"]

_NEWEST = (
    select(ARTICLES.c.id, ARTICLES.c.version, ARTICLES.c.hash)
    .where(ARTICLES.c.key == bindparam("key"))
    .order_by(ARTICLES.c.version.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Added:
    """What adding an article did: ``what``, and the number of the article's row."""

    what: What
    article: int


class Record:
    """An open record. Use it as a context manager; one thread at a time."""

    def __init__(self, where: str | None = None) -> None:
        """Opens the record of ``where`` (a file or a URL; else QAWL_DB, else the user's data folder),
        and makes it where there is none.

        Raises RecordError where it cannot be opened, MissingExtraError without a driver.
        """
        self._changes = 0  # transactions that wrote since the record was last settled
        self._settled = time.monotonic()
        self._looked = False  # for what a killed process left
        self.url = place(where)
        self._engine = connect(self.url)
        try:
            migrate(self._engine)
            self._connection = self._engine.connect()
        except DBAPIError as error:
            raise RecordError(explained(error, self.url)) from error

    def __enter__(self) -> Record:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if error is not None:
            self._changes = 0  # what is left unsettled the next one settles
        self.close()
        if isinstance(error, DBAPIError):
            raise RecordError(explained(error, self.url)) from error

    def abandon(self) -> None:
        """Closes the record after an error, whatever state its connection is in; what was added and is not
        settled the next one settles."""
        self._changes = 0
        self._connection.invalidate()
        self.close()

    def close(self) -> None:
        """Closes the record, with everything settled."""
        try:
            if self._changes:
                self.settle()
        finally:
            self._connection.close()
            self._engine.dispose()

    @contextmanager
    def reading(self, *, settled: bool = True) -> Iterator[Connection]:
        """A connection for reading, in one transaction; what was added before is ``settled`` first."""
        if settled and self._changes:
            self.settle()
        elif settled and not self._looked:
            self._settle_what_others_left()
        with self._connection.begin():
            yield self._connection

    def _settle_what_others_left(self) -> None:
        """Settles what a process that was killed left; looked for once."""
        self._looked = True
        with self._connection.begin():
            waiting = select(STATEMENTS.c.id).where(STATEMENTS.c.saying_id.is_(None)).limit(1)
            found = self._connection.scalar(waiting)
        if found is not None:
            try:
                self.settle()
            except DBAPIError:  # who may only read searches the record as it is
                self._changes = 0

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection whose changes are kept together at the end, or none of them."""
        self._changes += 1
        self._connection.execution_options(writes=True)
        try:
            with self._connection.begin():
                yield self._connection
        finally:
            self._connection.execution_options(writes=False)

    def settle(self) -> None:
        """Finds the sayings of all statements that have none yet, and puts them into the index of words."""
        while True:
            with self.writing() as connection:
                if not sayings.settle(connection):
                    break
        self._changes = 0
        self._settled = time.monotonic()

    def holds(self, article: Article, *, named: bool = False) -> int | None:
        """The number of the newest version of ``article`` if it has the same text, else None."""
        with self.reading(settled=False) as connection:
            row = _newest(connection, rows.key_of(article, named=named))
            same = row is not None and row["hash"] == rows.hash_of(article.text)
            return int(row["id"]) if row is not None and same else None

    def add(
        self,
        article: Article,
        *,
        page: bytes | None = None,
        page_kind: str = "text/html",
        fetched: dt.datetime | None = None,
        named: bool = False,
    ) -> Added:
        """Keeps an article with its statements, and the ``page`` that it was read from.

        ``named``: its id is its publisher's, so that another text under that id is a new version.
        """
        key, moment = rows.key_of(article, named=named), dt.datetime.now(dt.UTC)
        for attempt in (1, 2):
            try:
                with self.writing() as connection:
                    old = _newest(connection, key)
                    if old is not None and old["hash"] == rows.hash_of(article.text):
                        return Added("same", old["id"])
                    version = old["version"] + 1 if old is not None else 1
                    if old is not None:
                        retire(connection, old["id"])
                    row = rows.article_row(
                        article, key=key, version=version, added=moment, fetched=fetched
                    )
                    number = words.insert_row(connection, "articles", row)
                    if page is not None:
                        packed = {"packed": zlib.compress(page, 6), "kind": page_kind}
                        digest = rows.hash_of_bytes(page)
                        connection.execute(
                            insert(PAGES), {"article_id": number, "hash": digest, **packed}
                        )
                    put_statements(connection, number, article, row["published"] or moment)
                if self._changes >= SETTLED or time.monotonic() - self._settled > WAITED:
                    self.settle()
                return Added("version" if old is not None else "new", number)
            except IntegrityError:  # another process added it in the meantime
                if attempt == 2:
                    raise
        raise AssertionError("unreachable")

    def article(self, number: int) -> Article:
        """The article of that number, with its statements; raises NotFoundError where there is none."""
        with self.reading(settled=False) as connection:
            return article_of(connection, number)

    def versions(self, number: int) -> list[RowMapping]:
        """All versions of the article of that number, the oldest first: id, version, added, title."""
        with self.reading(settled=False) as connection:
            key = select(ARTICLES.c.key).where(ARTICLES.c.id == number).scalar_subquery()
            columns = (ARTICLES.c.id, ARTICLES.c.version, ARTICLES.c.added, ARTICLES.c.title)
            query = select(*columns).where(ARTICLES.c.key == key).order_by(ARTICLES.c.version)
            return list(connection.execute(query).mappings())

    def page(self, number: int) -> bytes | None:
        """The page that the article was read from, as it was fetched; None where none was kept."""
        with self.reading(settled=False) as connection:
            packed = connection.scalar(select(PAGES.c.packed).where(PAGES.c.article_id == number))
            return zlib.decompress(packed) if packed is not None else None

    def counts(self) -> dict[str, int]:
        """How many articles (newest versions), versions and statements (current) are kept."""
        with self.reading(settled=False) as connection:
            number = func.count()
            return {
                "articles": connection.scalar(
                    select(number).select_from(ARTICLES).where(ARTICLES.c.current)
                )
                or 0,
                "versions": connection.scalar(select(number).select_from(ARTICLES)) or 0,
                "statements": connection.scalar(
                    select(number).select_from(STATEMENTS).where(STATEMENTS.c.current)
                )
                or 0,
            }


def _newest(connection: Connection, key: str) -> RowMapping | None:
    return connection.execute(_NEWEST, {"key": key}).mappings().first()


def article_of(connection: Connection, number: int) -> Article:
    """The article of that number, with its statements; raises NotFoundError where there is none."""
    row = connection.execute(select(ARTICLES).where(ARTICLES.c.id == number)).mappings().first()
    if row is None:
        raise NotFoundError(f"the record holds no article {number}")
    query = select(STATEMENTS).where(STATEMENTS.c.article_id == number).order_by(STATEMENTS.c.place)
    statements = [
        rows.statement_from(dict(s), row["text"]) for s in connection.execute(query).mappings()
    ]
    return rows.article_from(dict(row), statements)


def found_in(connection: Connection, hits: Sequence[Hit]) -> dict[int, Article]:
    """The articles of what a search found, by number, in the order of the hits, each with the statements
    that were found in it."""
    numbers = list(dict.fromkeys(hit.row["article_id"] for hit in hits))
    found: dict[int, dict[str, Any]] = {}
    for k in range(0, len(numbers), MANY):
        query = select(ARTICLES).where(among(connection, ARTICLES.c.id, numbers[k : k + MANY]))
        found |= {row["id"]: dict(row) for row in connection.execute(query).mappings()}
    statements: dict[int, list[Statement]] = {number: [] for number in numbers}
    for hit in sorted(hits, key=lambda hit: hit.row["place"]):
        row = dict(hit.row)
        number = row["article_id"]
        statements[number].append(rows.statement_from(row, found[number]["text"]))
    return {n: rows.article_from(found[n], statements[n]) for n in numbers}


def retire(connection: Connection, number: int) -> None:
    """Lets an old version of an article rest: kept, but not found by searching, in no saying, and not
    counted among what its sources said."""
    mine = STATEMENTS.c.article_id == number
    withdraw(connection, article_of(connection, number), number)
    alone = {"current": False, "saying_id": STATEMENTS.c.id}
    connection.execute(update(STATEMENTS).where(mine).values(alone))
    connection.execute(update(ARTICLES).where(ARTICLES.c.id == number).values(current=False))


def withdraw(connection: Connection, article: Article, number: int) -> None:
    """Takes an article's statements out of the index of words, their sayings and their sources' profiles;
    the rows stay."""
    s = STATEMENTS.c
    query = select(STATEMENTS).where(s.article_id == number).order_by(s.place)
    found = list(connection.execute(query).mappings())
    linked: dict[str, int | None] = {}
    statements = []
    for row, statement in zip(found, article.statements, strict=True):
        # a profile counts what was read, whoever a person has said it was
        read = row["spans"].get("read")
        if read is not None:
            span = Span.of(article.text, *read["span"]) if read["span"] else None
            statement = replace(statement, who=read["who"], who_span=span)
        statements.append(statement)
        if statement.who:
            source = read["source"] if read is not None else row["source_id"]
            linked[statement.who] = sources.now(connection, source) if read is not None else source
    sources.unlink_article(connection, article.with_statements(statements), linked)
    words.remove(connection, [row["id"] for row in found])
    sayings.forget(connection, found)


def put_statements(
    connection: Connection, number: int, article: Article, published: dt.datetime
) -> list[int]:
    """Writes an article's statements; returns their numbers. Settling them finds their sayings and puts
    them into the index of words."""
    numbers = [number_of(published, number, k) for k in range(len(article.statements))]
    made = [
        {
            "id": n,
            "article_id": number,
            "place": k,
            "current": True,
            "outlet": article.outlet,
            "published": published,
            **rows.statement_row(s),
        }
        for k, (n, s) in enumerate(zip(numbers, article.statements, strict=True))
    ]
    if made:
        linked = sources.link_article(connection, article)
        for row in made:
            found = linked.get(row["who"] or "")
            row["source_id"] = found and found[0]
            row["link"] = found and {"why": found[1].reason, "sure": round(found[1].confidence, 3)}
            row["saying_id"] = None  # until it is settled
        words.insert_rows(connection, "statements", made)
    return numbers
