"""Reading kept articles again: with a newer reader, or to take a correction back.

An article's statements are replaced in one transaction, and what people corrected is applied again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import Connection, delete, func, select, update

from qawl.model import Article
from qawl.record import corrections
from qawl.record.schema import ArticleRow, StatementRow, table_of
from qawl.record.store import Record, article_of, put_statements, withdraw

ARTICLES = table_of(ArticleRow)
STATEMENTS = table_of(StatementRow)
#: Articles whose numbers are fetched at once.
_BATCH = 1000

Read = Callable[[Article], Article]


def stale(record: Record, version: str, *, everything: bool = False) -> int:
    """How many articles another reader than ``version`` read (or all)."""
    with record.reading(settled=False) as connection:
        query = select(func.count()).select_from(ARTICLES).where(ARTICLES.c.current)
        if not everything:
            query = query.where(ARTICLES.c.reader != version)
        return connection.scalar(query) or 0


def reread(record: Record, read: Read, version: str, *, everything: bool = False) -> Iterator[int]:
    """Reads the newest version of every article again that another reader than ``version`` read (or all),
    and gives its number when it is done. Stopped at any moment, it goes on where it stopped."""
    after = 0
    while True:
        a = ARTICLES.c
        query = select(a.id).where(a.current, a.id > after).order_by(a.id).limit(_BATCH)
        if not everything:
            query = query.where(a.reader != version)
        with record.reading(settled=False) as connection:
            numbers = list(connection.scalars(query))
        if not numbers:
            record.settle()
            return
        for number in numbers:
            with record.reading(settled=False) as connection:
                old = article_of(connection, number)
            new = read(old.with_statements(()))
            with record.writing() as connection:
                replace_statements(connection, number, new)
            yield number
        after = numbers[-1]


def replace_statements(connection: Connection, number: int, article: Article) -> None:
    """Puts the statements of ``article``, as they were read again, in place of those of article ``number``,
    and applies the corrections."""
    s = STATEMENTS.c
    old = article_of(connection, number)
    withdraw(connection, old, number)
    connection.execute(delete(STATEMENTS).where(s.article_id == number))
    a = ARTICLES.c
    published, added = connection.execute(select(a.published, a.added).where(a.id == number)).one()
    put_statements(connection, number, article, published or added)
    connection.execute(update(ARTICLES).where(a.id == number).values(reader=article.reader))
    corrections.apply(connection, number)


def restored(read: Read) -> Callable[[Connection, int], None]:
    """What ``corrections.undo`` needs: an article's statements as ``read`` and the corrections have them."""

    def restore(connection: Connection, number: int) -> None:
        replace_statements(
            connection, number, read(article_of(connection, number).with_statements(()))
        )

    return restore
