"""Over time and across outlets: what a source said on a topic and where it turned, the wordings of one
saying side by side, and counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select

from qawl.errors import InputError, NotFoundError
from qawl.record.among import among
from qawl.record.repeats import Likeness, compare
from qawl.record.sayings import said_of
from qawl.record.schema import SourceRow, StatementRow, table_of
from qawl.record.search import MOST, Filters, conditions, search
from qawl.record.words import is_postgresql

STATEMENTS = table_of(StatementRow)
SOURCES = table_of(SourceRow)
#: Whether an act is for or against what it is about; the others take no side.
SIDES = {"support": 1, "commit": 1, "deny": -1, "accuse": -1}
#: Statements of a source on a topic that are looked at, the newest.
LONGEST = 5 * MOST
#: Earlier statements among which a negated one is looked for.
NEAR = 50


@dataclass(frozen=True, slots=True)
class Step:
    """A statement of a timeline; ``turned`` is the earlier one whose side it leaves, or which it negates."""

    row: RowMapping
    turned: RowMapping | None = None
    why: str = ""


def timeline(
    connection: Connection,
    typed: str,
    filters: Filters,
    *,
    most: int = LONGEST,
    near: int = NEAR,
) -> list[Step]:
    """The statements that a search finds, the oldest first, with turns of position: from support or promise
    to denial or accusation and back, and a statement that takes the same words with a negation.

    Only the newest ``most`` are looked at. Each saying counts once, unless it is another act. What negates
    another is looked for among the ``near`` that come before it.
    """
    rows: list[RowMapping] = []
    after: int | None = None
    while len(rows) < most:
        page = search(connection, typed, filters, size=min(MOST, most - len(rows)), after=after)
        rows += [hit.row for hit in page.hits]
        after = page.after
        if after is None:
            break
    rows.sort(key=lambda row: (row["published"], row["article_id"], row["place"]))
    seen: set[tuple[int, str]] = set()
    steps: list[Step] = []
    sided: RowMapping | None = None
    for row in rows:
        said = row["saying_id"] or row["id"], row["act"]
        if said in seen:
            continue
        seen.add(said)
        side = SIDES.get(row["act"], 0)
        turned, why = None, ""
        if side and sided is not None and _later(row, sided):
            before = SIDES[sided["act"]]
            if side != before:
                turned, why = sided, f"{sided['act']} → {row['act']}"
        if turned is None:
            turned = _negated(row, [s.row for s in steps[-near:]])
            why = "negation" if turned is not None else ""
        if side:
            sided = row
        steps.append(Step(row, turned, why))
    return steps


def _later(row: RowMapping, other: RowMapping) -> bool:
    """Whether a statement is of another day's article: within one, both sides are often weighed."""
    one: dt.datetime = row["published"]
    two: dt.datetime = other["published"]
    return row["article_id"] != other["article_id"] and one.date() != two.date()


def _negated(row: RowMapping, earlier: Sequence[RowMapping]) -> RowMapping | None:
    for other in reversed(earlier):
        if not _later(row, other):
            continue
        likeness = compare(said_of(row), said_of(other))
        if likeness.same and "negation" in likeness.changes:
            return other
    return None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A statement of a saying beside its first: None for the first itself."""

    row: RowMapping
    likeness: Likeness | None


def saying(connection: Connection, number: int, most: int | None = None) -> list[Occurrence]:
    """All statements of the saying of statement ``number`` (at most ``most``), the earliest first, each
    compared with the first; raises NotFoundError where there is no such statement."""
    s = STATEMENTS.c
    group = connection.execute(select(s.id, s.saying_id).where(s.id == number)).first()
    if group is None:
        raise NotFoundError(f"the record has no statement {number}")
    mine = s.saying_id == group.saying_id if group.saying_id is not None else s.id == number
    query = select(STATEMENTS).where(mine, s.current).order_by(s.published, s.id).limit(most)
    rows = list(connection.execute(query).mappings())
    return [
        Occurrence(row, compare(said_of(rows[0]), said_of(row)) if k else None)
        for k, row in enumerate(rows)
    ]


def counts(connection: Connection, filters: Filters, by: str) -> list[tuple[str, int]]:
    """How many statements pass the filters, by ``act``, ``form``, ``outlet``, ``source`` or ``month``: the most
    first, months in order. Raises InputError for another ``by``."""
    s = STATEMENTS.c
    key: Any
    if by in ("act", "form", "outlet"):
        key = s[by]
    elif by == "source":
        key = s.source_id
    elif by == "month":
        postgresql = is_postgresql(connection)
        key = func.to_char(s.published, "YYYY-MM") if postgresql else func.substr(s.published, 1, 7)
    else:
        raise InputError(
            f"statements are counted by act, form, outlet, source or month, not by {by}"
        )
    number = func.count()
    query = (
        select(key, number).where(*conditions(filters)).group_by(key).order_by(number.desc(), key)
    )
    rows = [(name, int(count)) for name, count in connection.execute(query)]
    if by == "source":
        names = dict(
            connection.execute(
                select(SOURCES.c.id, SOURCES.c.name).where(
                    among(connection, SOURCES.c.id, [n for n, _ in rows[:MOST] if n is not None])
                )
            ).all()
        )
        return [(names.get(name, "—"), count) for name, count in rows[:MOST]]
    if by == "month":
        rows.sort()
    return [(name or "—", count) for name, count in rows]
