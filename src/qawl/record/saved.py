"""Searches that people saved, to come back to and to follow."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from qawl.errors import InputError
from qawl.record.schema import SavedSearchRow, table_of

SEARCHES = table_of(SavedSearchRow)
#: Searches of one person at most, and code points of a name and of a search.
MOST, NAME, QUERY = 200, 120, 4000


def save(connection: Connection, person: str, name: str, query: str) -> int:
    """Keeps a search (its parameters, as an address has them) and returns its number, which it has already where
    the person saved the same before. Raises InputError for one that is too long, or one too many."""
    if len(query) > QUERY:
        raise InputError(f"the search is too long to be saved: at most {QUERY:,} characters")
    c = SEARCHES.c
    old = select(c.id).where(c.person == person, c.query == query)
    number = connection.scalar(old)
    if number is not None:
        return int(number)
    count = connection.scalar(select(func.count()).where(c.person == person)) or 0
    if count >= MOST:
        raise InputError(f"{MOST} searches are saved already: delete one first")
    row = {"person": person, "name": _name(name), "query": query, "made": dt.datetime.now(dt.UTC)}
    made = connection.execute(insert(SEARCHES), row).inserted_primary_key
    return int(made[0]) if made is not None else 0


def saved(connection: Connection, person: str) -> list[RowMapping]:
    """The searches of a person, the newest first."""
    c = SEARCHES.c
    query = select(SEARCHES).where(c.person == person).order_by(c.id.desc())
    return list(connection.execute(query).mappings())


def rename(connection: Connection, person: str, number: int, name: str) -> None:
    """Gives a search of a person another name; raises InputError where it is none of his."""
    c = SEARCHES.c
    mine = update(SEARCHES).where(c.id == number, c.person == person)
    if not connection.execute(mine.values(name=_name(name))).rowcount:
        raise InputError(f"you have no saved search {number}")


def forget(connection: Connection, person: str, number: int) -> None:
    """Deletes a search of a person; raises InputError where it is none of his."""
    c = SEARCHES.c
    if not connection.execute(delete(SEARCHES).where(c.id == number, c.person == person)).rowcount:
        raise InputError(f"you have no saved search {number}")


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise InputError("give the search a name")
    return name[:NAME]
