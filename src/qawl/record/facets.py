"""What the statements of a search have in common: whose they are, in which outlets, of which acts, when.

Counted among the newest of them (``COUNTED``): counting all statements with a frequent word would cost
seconds at a million.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from qawl.record.among import among
from qawl.record.schema import SourceRow, StatementRow, table_of
from qawl.record.search import MOST, Filters, numbers

STATEMENTS = table_of(StatementRow)
SOURCES = table_of(SourceRow)
#: Statements among which is counted.
COUNTED = MOST
#: Values of a facet at most.
VALUES = 12


@dataclass(frozen=True, slots=True)
class Facets:
    """How many of the newest statements of a search have each value, the commonest first: ``sources`` by
    (number, name, kind), ``months`` by "2019-03", the earliest first, without gaps. ``counted`` is how many
    there were; ``all`` whether those are all that the search finds."""

    sources: tuple[tuple[tuple[int, str, str], int], ...]
    outlets: tuple[tuple[str, int], ...]
    acts: tuple[tuple[str, int], ...]
    forms: tuple[tuple[str, int], ...]
    months: tuple[tuple[str, int], ...]
    checkable: int
    counted: int
    all: bool


def facets(connection: Connection, typed: str, filters: Filters) -> Facets:
    """The facets of a search; raises InputError for a query that is none."""
    return facets_of(connection, numbers(connection, typed, filters, COUNTED + 1))


def facets_of(connection: Connection, found: Sequence[int]) -> Facets:
    """The facets of a search that found these statements, its newest, ``COUNTED`` and one more at most."""
    whole = len(found) <= COUNTED
    found = found[:COUNTED]
    s = STATEMENTS.c
    query = select(s.source_id, s.outlet, s.act, s.form, s.published, s.checkable)
    got = connection.execute(query.where(among(connection, s.id, found))).all()
    by_source = Counter(row.source_id for row in got if row.source_id is not None)
    common = by_source.most_common(VALUES)
    names = {
        row.id: (row.id, row.name, row.kind)
        for row in connection.execute(
            select(SOURCES.c.id, SOURCES.c.name, SOURCES.c.kind).where(
                among(connection, SOURCES.c.id, [n for n, _ in common])
            )
        )
    }
    return Facets(
        tuple((names[n], count) for n, count in common if n in names),
        commonest([row.outlet for row in got if row.outlet]),
        commonest([row.act for row in got]),
        commonest([row.form for row in got]),
        months_of([(row.published.year, row.published.month) for row in got]),
        sum(row.checkable for row in got),
        len(got),
        whole,
    )


def commonest(values: Iterable[str], most: int = VALUES) -> tuple[tuple[str, int], ...]:
    """How often each value stands among ``values``, the commonest first, at most ``most`` of them."""
    return tuple(sorted(Counter(values).items(), key=lambda x: (-x[1], x[0]))[:most])


def months_of(moments: Sequence[tuple[int, int]]) -> tuple[tuple[str, int], ...]:
    """How many fall into each month from the first to the last, those without any among them."""
    counts = Counter(12 * year + month - 1 for year, month in moments)
    if not counts:
        return ()
    span = range(min(counts), max(counts) + 1)
    return tuple((f"{m // 12:04d}-{m % 12 + 1:02d}", counts.get(m, 0)) for m in span)
