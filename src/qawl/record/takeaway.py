"""Taking the record away: its articles with their statements as one stream, in constant memory.

What is streamed stands still while it is read: it is one transaction, which what others add meanwhile does not
change. Pages follow each other by number, not by offset, so that the last costs what the first did.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from qawl.model import Article, Entry, Statement
from qawl.record import rows
from qawl.record.schema import ArticleRow, SourceRow, StatementRow, table_of
from qawl.record.search import MOST, Filters, Hit, search
from qawl.record.store import MANY, Record
from qawl.record.words import is_postgresql

ARTICLES = table_of(ArticleRow)
STATEMENTS = table_of(StatementRow)
SOURCES = table_of(SourceRow)
#: Articles that are fetched at once: with their statements some 2 MB.
BATCH = 100


@dataclass(frozen=True, slots=True)
class Taken:
    """An article of the record: its ``number`` there, the ``article`` with its statements, each with its
    ``entry``, and what the record knows of it besides (``formats.parquet.KEPT``)."""

    number: int
    article: Article
    kept: Mapping[str, Any]

    def numbered(self) -> Article:
        """The article with its number as its id: ids of files may be the same in two articles."""
        return replace(self.article, id=str(self.number))


def whole(record: Record) -> Generator[Taken, None, None]:
    """Every article of the record in its newest version, by number, with its statements but for those that
    are marked wrong. Close the stream if you leave it before its end."""
    a = ARTICLES.c
    after = 0
    with _still(record) as connection:
        while True:
            page = select(ARTICLES).where(a.current, a.id > after).order_by(a.id).limit(BATCH)
            articles = [dict(row) for row in connection.execute(page).mappings()]
            if not articles:
                return
            after = articles[-1]["id"]
            yield from _of(connection, articles)


def articles_of(connection: Connection, numbers: Sequence[int]) -> Iterator[Taken]:
    """The articles of these numbers with their statements but for those marked wrong, by number."""
    for k in range(0, len(numbers), BATCH):
        some = ARTICLES.c.id.in_(numbers[k : k + BATCH])
        query = select(ARTICLES).where(some).order_by(ARTICLES.c.id)
        yield from _of(connection, [dict(row) for row in connection.execute(query).mappings()])


def _of(connection: Connection, articles: Sequence[dict[str, Any]]) -> Iterator[Taken]:
    s = STATEMENTS.c
    mine = s.article_id.in_([row["id"] for row in articles])
    query = select(STATEMENTS).where(mine, s.current).order_by(s.article_id, s.place)
    statements = [dict(row) for row in connection.execute(query).mappings()]
    return _together(connection, articles, statements)


def found(record: Record, typed: str, filters: Filters) -> Generator[Taken, None, None]:
    """The articles of what a search finds, each once, the newest first, with the statements that were found.

    Raises InputError for a query that is none. Close the stream if you leave it before its end.
    """
    after: int | None = None
    waiting: list[Hit] = []  # of the last article of a page, which may go on in the next
    with _still(record) as connection:
        while True:
            page = search(connection, typed, filters, size=MOST, after=after)
            hits, waiting = [*waiting, *page.hits], []
            after = page.after
            if after is not None:
                last = hits[-1].row["article_id"]
                waiting = [hit for hit in hits if hit.row["article_id"] == last]
                hits = [hit for hit in hits if hit.row["article_id"] != last]
            numbers = list(dict.fromkeys(hit.row["article_id"] for hit in hits))
            for k in range(0, len(numbers), BATCH):
                some = numbers[k : k + BATCH]
                query = select(ARTICLES).where(ARTICLES.c.id.in_(some))
                kept = {row["id"]: dict(row) for row in connection.execute(query).mappings()}
                statements = [dict(hit.row) for hit in hits if hit.row["article_id"] in kept]
                statements.sort(key=lambda row: row["place"])
                yield from _together(connection, [kept[n] for n in some], statements)
            if after is None:
                return


@contextmanager
def _still(record: Record) -> Iterator[Connection]:
    """A transaction that sees the record as it is at its first question (SQLite's do anyway)."""
    with record.reading() as connection:
        if is_postgresql(connection):
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield connection


def _together(
    connection: Connection,
    articles: Sequence[dict[str, Any]],
    statements: Sequence[dict[str, Any]],
) -> Iterator[Taken]:
    texts = {row["id"]: row["text"] for row in articles}
    entries = entries_of(connection, statements)
    by_article: dict[int, list[Statement]] = {number: [] for number in texts}
    for row in statements:
        statement = rows.statement_from(row, texts[row["article_id"]])
        by_article[row["article_id"]].append(replace(statement, entry=entries[row["id"]]))
    for row in articles:
        article = rows.article_from(row, by_article[row["id"]])
        kept = {
            "name": row["name"] or None,
            "version": row["version"],
            "hash": row["hash"],
            "fetched": row["fetched"],
            "added": row["added"],
        }
        yield Taken(row["id"], article, kept)


def entries_of(connection: Connection, statements: Sequence[Mapping[str, Any]]) -> dict[int, Entry]:
    """What the record knows of statements beside themselves, by their numbers."""
    c = SOURCES.c
    wanted = list({row["source_id"] for row in statements if row["source_id"] is not None})
    known: dict[int, tuple[str, str, str | None, str | None]] = {}
    for k in range(0, len(wanted), MANY):
        query = select(c.id, c.name, c.kind, c.state, c.wikidata).where(
            c.id.in_(wanted[k : k + MANY])
        )
        known |= {
            n: (name, kind, state, q) for n, name, kind, state, q in connection.execute(query)
        }
    out: dict[int, Entry] = {}
    for row in statements:
        source = row["source_id"]
        name, kind, state, wikidata = known.get(source, (None, None, None, None))
        link = row["link"] or {}
        out[row["id"]] = Entry(
            number=row["id"],
            source=source,
            name=name,
            kind=kind,
            state=state,
            wikidata=wikidata,
            reason=link.get("why"),
            sure=link.get("sure"),
            saying=row["saying_id"],
        )
    return out
