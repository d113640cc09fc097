"""One statement of the record with its article: what a citation or a picture of it is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection, RowMapping, select

from qawl.errors import NotFoundError
from qawl.model import Article, Statement
from qawl.record import rows
from qawl.record.schema import ArticleRow, StatementRow, table_of
from qawl.record.takeaway import entries_of

ARTICLES = table_of(ArticleRow)
STATEMENTS = table_of(StatementRow)


@dataclass(frozen=True, slots=True)
class One:
    """A statement's ``row``, the ``statement`` itself with its entry, and its ``article``, which has this
    statement only."""

    row: RowMapping
    article: Article
    statement: Statement

    @property
    def place(self) -> str:
        """Where the statement stands: the address of its article's page with its fragment."""
        return f"/articles/{self.row['article_id']}#s{self.row['place'] + 1}"

    @property
    def who(self) -> str | None:
        """The source by the record's name for it, else as the article names it."""
        entry = self.statement.entry
        return (entry.name if entry else None) or self.statement.who


def one_statement(connection: Connection, number: int) -> One:
    """The statement of that number; raises NotFoundError where there is none."""
    s, a = STATEMENTS.c, ARTICLES.c
    row = connection.execute(select(STATEMENTS).where(s.id == number)).mappings().first()
    if row is None:
        raise NotFoundError(f"the record has no statement {number}")
    kept = connection.execute(select(ARTICLES).where(a.id == row["article_id"])).mappings().one()
    statement = rows.statement_from(dict(row), kept["text"])
    statement = replace(statement, entry=entries_of(connection, [dict(row)])[number])
    return One(row, rows.article_from(dict(kept), [statement]), statement)
