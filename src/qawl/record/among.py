"""A column's value among many, as one query text however many they are.

SQLAlchemy's ``in_`` writes a parameter for each value, so that lists of every length are queries of their
own: each is parsed anew, and kept, with room for all of its parameters, by SQLAlchemy, by the driver and
by each connection. A server's memory grows with that for hours.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY


def among(
    connection: Connection, column: ColumnElement[Any], values: Collection[int] | Collection[str]
) -> ColumnElement[bool]:
    """Whether ``column`` (of numbers or texts, as ``values`` are) has one of ``values``."""
    if connection.dialect.name == "postgresql":
        return column == any_(bindparam(None, list(values), ARRAY(column.type)))
    some = func.json_each(json.dumps(list(values))).table_valued("value")
    return column.in_(select(some.c.value))
