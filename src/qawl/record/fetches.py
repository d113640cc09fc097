"""What the record knows of addresses on the web: what was fetched when, and what waits to be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import RowMapping, and_, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from qawl.record.schema import FetchRow, table_of
from qawl.record.store import Record
from qawl.sources.web.ledger import Visit

FETCHES = table_of(FetchRow)
#: Rows of one statement: below the number of values that SQLite takes in one.
_MOST = 500


class Fetches:
    """The ledger of a record (sources/web/ledger.py)."""

    def __init__(self, record: Record) -> None:
        self._record = record

    def get(self, addresses: Iterable[str]) -> dict[str, Visit]:
        """What is known of these addresses, by address."""
        found: dict[str, Visit] = {}
        for some in _parts(list(dict.fromkeys(addresses))):
            with self._record.reading(settled=False) as connection:
                rows = connection.execute(select(FETCHES).where(FETCHES.c.address.in_(some)))
                found.update((row["address"], _visit(row)) for row in rows.mappings())
        return found

    def put(self, visits: Collection[Visit], new: Collection[Visit] = ()) -> None:
        """Keeps what is now known, and of ``new`` what nobody has put there since: all or none."""
        with self._record.writing() as connection:
            kind: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
            insert = kind.insert(FETCHES)
            changed = {c.name: insert.excluded[c.name] for c in FETCHES.c if not c.primary_key}
            upsert = insert.on_conflict_do_update(index_elements=["address"], set_=changed)
            # in one order, so that two processes that keep the same addresses do not block each other
            for rows, statement in ((new, insert.on_conflict_do_nothing()), (visits, upsert)):
                latest = {visit.address: _row(visit) for visit in rows}
                if latest:
                    connection.execute(statement, [latest[address] for address in sorted(latest)])

    def claim(self, address: str, moment: dt.datetime, until: dt.datetime) -> bool:
        """Whether the address may be visited now, by this process alone."""
        mine = FETCHES.c.address == address
        idle = and_(FETCHES.c.next_try.is_(None), FETCHES.c.kind != "page")
        free = or_(idle, FETCHES.c.next_try <= moment)
        with self._record.writing() as connection:
            taken = connection.execute(update(FETCHES).where(mine, free).values(next_try=until))
            if taken.rowcount:
                return True
            return not connection.scalar(select(func.count()).select_from(FETCHES).where(mine))

    def due(self, moment: dt.datetime, outlets: Collection[str], most: int) -> list[Visit]:
        """Pages of these outlets whose time has come, the longest waiting first."""
        waits = (*self._of(outlets), FETCHES.c.next_try <= moment)
        order = (FETCHES.c.next_try, FETCHES.c.address)
        with self._record.reading(settled=False) as connection:
            rows = connection.execute(select(FETCHES).where(*waits).order_by(*order).limit(most))
            return [_visit(row) for row in rows.mappings()]

    def waiting(self, outlets: Collection[str]) -> int:
        """How many pages of these outlets wait, due or not."""
        waits = (*self._of(outlets), FETCHES.c.next_try.is_not(None))
        with self._record.reading(settled=False) as connection:
            return connection.scalar(select(func.count()).select_from(FETCHES).where(*waits)) or 0

    def _of(self, outlets: Collection[str]) -> tuple[Any, ...]:
        return FETCHES.c.kind == "page", FETCHES.c.outlet.in_(list(outlets))


def _parts(values: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(values), _MOST):
        yield values[start : start + _MOST]


def _visit(row: RowMapping) -> Visit:
    return Visit(**row)


def _row(visit: Visit) -> dict[str, Any]:
    return {column.name: getattr(visit, column.name) for column in FETCHES.c}
