"""Counts of what the record holds: among its newest statements, since counting a million at every request
would cost seconds.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from qawl.record.among import among
from qawl.record.facets import commonest, months_of
from qawl.record.schema import ArticleRow, SourceRow, StatementRow, table_of

ARTICLES = table_of(ArticleRow)
SOURCES = table_of(SourceRow)
STATEMENTS = table_of(StatementRow)
#: Statements that are looked at, the newest.
COUNTED = 10_000
#: Up to how many statements and sources their number is told.
TOLD = 100_000
#: Outlets and sources at most.
VALUES = 25


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts among the newest statements: ``counted`` is how many those were, ``all`` whether they are all.

    ``sources`` are by (number, name). ``statements`` and ``people`` are how many the record holds, ``TOLD``
    where there are as many or more; ``articles`` is the number of the article that was added last, versions
    counted. ``moment`` is when it was counted (UTC).
    """

    counted: int
    all: bool
    statements: int
    people: int
    articles: int
    acts: tuple[tuple[str, int], ...]
    forms: tuple[tuple[str, int], ...]
    outlets: tuple[tuple[str, int], ...]
    sources: tuple[tuple[tuple[int, str], int], ...]
    months: tuple[tuple[str, int], ...]
    month_acts: tuple[tuple[str, str], ...]
    checkable: int
    moment: dt.datetime


def statistics(connection: Connection) -> Statistics:
    """The counts of the newest statements."""
    s, c = STATEMENTS.c, SOURCES.c
    query = (
        select(s.source_id, s.act, s.form, s.outlet, s.published, s.checkable)
        .where(s.current)
        .order_by(s.id.desc())
        .limit(COUNTED + 1)
    )
    rows = connection.execute(query).all()
    whole = len(rows) <= COUNTED
    rows = rows[:COUNTED]
    common = Counter(row.source_id for row in rows if row.source_id is not None)
    top = common.most_common(VALUES)
    called = select(c.id, c.name).where(among(connection, c.id, [n for n, _ in top]))
    names = {row.id: row.name for row in connection.execute(called)}
    several = select(s.id).limit(TOLD).subquery()
    people = select(c.id).limit(TOLD).subquery()
    return Statistics(
        len(rows),
        whole,
        connection.scalar(select(func.count()).select_from(several)) or 0,
        connection.scalar(select(func.count()).select_from(people)) or 0,
        connection.scalar(select(func.max(ARTICLES.c.id))) or 0,
        commonest((row.act for row in rows), VALUES),
        commonest((row.form for row in rows), VALUES),
        commonest((row.outlet for row in rows if row.outlet), VALUES),
        tuple(((n, names[n]), count) for n, count in top if n in names),
        months_of([(row.published.year, row.published.month) for row in rows]),
        tuple((f"{row.published:%Y-%m}", row.act) for row in rows),
        sum(row.checkable for row in rows),
        dt.datetime.now(dt.UTC),
    )
