"""The statements to look through first: those of which the reader is least certain.

All of them by index; of one outlet, one act or since a day the least certain of the newest ``AMONG``,
since an index by each of these would cost more than it is worth.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, select, tuple_

from qawl.record.among import among
from qawl.record.schema import StatementRow, table_of
from qawl.record.search import Filters, conditions

STATEMENTS = table_of(StatementRow)
#: The newest statements that pass the filters, among which the least certain are looked for.
AMONG = 500


def least_certain(
    connection: Connection,
    filters: Filters | None = None,
    after: tuple[float, int] | None = None,
    size: int = 1,
) -> list[RowMapping]:
    """The rows of the ``size`` least certain statements that nobody has confirmed; ``after`` is the confidence
    and the number of the last one that was passed over."""
    s = STATEMENTS.c
    if filters is None or filters == Filters():
        query = select(STATEMENTS).where(s.current, s.confidence < 1)
        if after is not None:
            query = query.where(tuple_(s.confidence, s.id) > tuple_(*after))
        query = query.order_by(s.confidence, s.id).limit(size)
        return list(connection.execute(query).mappings())
    # the sum keeps the database from the index by confidence, which would lead it through all statements
    wanted = (*conditions(filters), s.confidence + 0 < 1)
    some = select(s.id, s.confidence).where(*wanted).order_by(s.id.desc()).limit(AMONG).subquery()
    least = select(some.c.id)
    if after is not None:
        least = least.where(tuple_(some.c.confidence, some.c.id) > tuple_(*after))
    numbers = list(connection.scalars(least.order_by(some.c.confidence, some.c.id).limit(size)))
    rows = connection.execute(select(STATEMENTS).where(among(connection, s.id, numbers))).mappings()
    found = {row["id"]: row for row in rows}
    return [found[n] for n in numbers]


def seen(row: Mapping[str, Any] | RowMapping) -> str:
    """What a person saw who judges a statement, as a short key: another one later tells him that somebody else
    changed it."""
    told = [row[k] for k in ("id", "who", "source_id", "act", "form", "current", "confidence")]
    told.append(row["spans"]["content"])
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]
