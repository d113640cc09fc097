"""Articles that people have put right, as gold: what a reader is trained and measured by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from qawl.arabic.letters import fold
from qawl.evaluation.gold import gold_line
from qawl.model import Article
from qawl.record.corrections import OF_STATEMENTS
from qawl.record.schema import ArticleRow, CorrectionRow, SourceRow, table_of
from qawl.record.takeaway import BATCH, Taken, articles_of

ARTICLES = table_of(ArticleRow)
CORRECTIONS = table_of(CorrectionRow)
SOURCES = table_of(SourceRow)
#: Digits of the text's hash that make an id: the same article has the same one in every record.
DIGITS = 16


def gold(
    connection: Connection, on_left_out: Callable[[str], None] = lambda message: None
) -> Iterator[dict[str, Any]]:
    """A line of gold (``evaluation.gold``) for each article whose newest version carries a correction of a
    statement that was not taken back, by number, with all its statements as they are now.

    An article with a statement of no known source is left out, and ``on_left_out`` is told which.
    """
    numbers = corrected(connection)
    for k in range(0, len(numbers), BATCH):
        for taken in articles_of(connection, numbers[k : k + BATCH]):
            nobody = next((s for s in taken.article.statements if not s.who), None)
            if nobody is not None:
                on_left_out(
                    f"article {taken.number} is left out: nobody is known to have said "
                    f"«{nobody.content[0].text}»; say who with `qawl fix speaker`"
                )
                continue
            yield _line(connection, taken)


def corrected(connection: Connection) -> list[int]:
    """The numbers of the newest versions in which a statement was corrected. One that was only found right
    does not count: it came up alone, and nobody looked at the others."""
    a, c = ARTICLES.c, CORRECTIONS.c
    kinds = [kind for kind in OF_STATEMENTS if kind != "right"]
    query = select(c.about).where(c.kind.in_(kinds), c.undone.is_(None))
    wanted = {(about["article"], about["text"]) for about in connection.scalars(query)}
    keys = sorted({key for key, _ in wanted})
    found: list[int] = []
    for k in range(0, len(keys), BATCH):
        some = select(a.id, a.key, a.hash).where(a.key.in_(keys[k : k + BATCH]), a.current)
        found += [n for n, key, hash_ in connection.execute(some) if (key, hash_) in wanted]
    return sorted(found)


def _line(connection: Connection, taken: Taken) -> dict[str, Any]:
    article = _named_here(connection, taken.article)
    ident = str(taken.kept["hash"])[:DIGITS]
    more = {"article": taken.number, "address": article.address}
    return gold_line(replace(article, id=ident), **more)


def _named_here(connection: Connection, article: Article) -> Article:
    """The article with each corrected source under its fullest name that the article has, as gold names
    them; under the record's name of it where the article has none."""
    text = fold(article.text)
    statements = []
    for statement in article.statements:
        entry = statement.entry
        if entry and entry.source is not None and entry.reason == "corrected":
            profile = connection.scalar(
                select(SOURCES.c.profile).where(SOURCES.c.id == entry.source)
            )
            names = [n for n in (profile or {}).get("names", {}) if fold(n) in text]
            fullest = max(names, key=lambda n: (n.count(" "), len(n), n), default=statement.who)
            statement = replace(statement, who=fullest)
        statements.append(statement)
    return article.with_statements(statements)
