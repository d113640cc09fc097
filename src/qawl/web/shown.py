"""Statements of the record as lists of pages show them, with all that a line needs fetched at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select

from qawl.record.among import among
from qawl.record.schema import ArticleRow, SourceRow, StatementRow, table_of
from qawl.record.search import Hit
from qawl.web.marking import highlighted

ARTICLES = table_of(ArticleRow)
SOURCES = table_of(SourceRow)
STATEMENTS = table_of(StatementRow)


@dataclass(frozen=True, slots=True)
class Line:
    """A statement in a list: its row, its words in pieces (words, whether searched for), the title and address
    of its article, its source's name and kind, and in how many articles the saying stands."""

    row: RowMapping
    pieces: list[tuple[str, bool]]
    title: str
    address: str | None
    name: str | None
    kind: str | None
    repeats: int

    @property
    def place(self) -> str:
        """Where the statement stands: the address of its article's page with its fragment."""
        return f"/articles/{self.row['article_id']}#s{self.row['place'] + 1}"


def lines(connection: Connection, hits: Sequence[Hit]) -> list[Line]:
    """The lines of what a search found, in its order."""
    return lines_of(connection, [(hit.row, hit.places) for hit in hits])


def lines_of(
    connection: Connection, rows: Sequence[tuple[RowMapping, Iterable[tuple[int, int]]]]
) -> list[Line]:
    """The lines of rows of statements, each with the places of the words that were searched for."""
    a, s, k = ARTICLES.c, SOURCES.c, STATEMENTS.c
    articles = {row["article_id"] for row, _ in rows}
    sources = {row["source_id"] for row, _ in rows} - {None}
    sayings = {row["saying_id"] for row, _ in rows} - {None}
    titles: dict[int, Any] = {
        row.id: row
        for row in connection.execute(
            select(a.id, a.title, a.address).where(among(connection, a.id, articles))
        )
    }
    names: dict[int, Any] = {
        row.id: row
        for row in connection.execute(
            select(s.id, s.name, s.kind).where(among(connection, s.id, sources))
        )
    }
    count = select(k.saying_id, func.count().label("times")).where(
        among(connection, k.saying_id, sayings), k.current
    )
    repeats = {r.saying_id: r.times for r in connection.execute(count.group_by(k.saying_id))}
    out = []
    for row, places in rows:
        article, source = titles[row["article_id"]], names.get(row["source_id"])
        out.append(
            Line(
                row,
                highlighted(row["text"], places),
                article.title,
                article.address,
                source.name if source else None,
                source.kind if source else None,
                repeats.get(row["saying_id"], 1),
            )
        )
    return out
