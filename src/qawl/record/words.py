"""The index of words, made alike in SQLite (FTS5) and PostgreSQL (tsvector): the search keys of each
current statement, under its number.

Four streams: ``words`` as written, folded (for exact phrases), ``stems`` one for each of them,
``other`` second readings, ``names`` of persons, bodies and places that the content names, and with them
its facets (whose it is, its act, its outlet), so that no search sifts a frequent word's statements. The keys are
made in Python (``arabic.stems``), so that both databases find the same.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection
from sqlalchemy import text as sql

from qawl.arabic.stems import Keys, keys_of

_SQLITE = (
    "CREATE VIRTUAL TABLE statement_words USING "
    "fts5(words, stems, other, names, tokenize='ascii', columnsize=0)"
)
_POSTGRESQL = (
    "CREATE TABLE statement_words (id bigint PRIMARY KEY, keys tsvector NOT NULL)",
    "CREATE INDEX statement_words_keys ON statement_words USING gin (keys)",
)
#: What joins the words of a name in its key: folding takes it out of words.
JOINT = "\u0640"
#: Lexemes of PostgreSQL: one vector holds all streams, told apart by their first letter.
WORD, STEM, NAME = "w", "s", "n"
#: PostgreSQL keeps places up to this one.
_LAST_PLACE = 16_383


class Entry(NamedTuple):
    """What the index keeps of a statement; ``names`` holds its facets, too."""

    number: int
    keys: Keys
    names: list[str]


def is_postgresql(connection: Connection) -> bool:
    """Whether the record is kept in PostgreSQL."""
    return connection.dialect.name == "postgresql"


def execute_many(connection: Connection, query: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Runs a query, its parameters written ``?``, for each of many rows, past SQLAlchemy as well."""
    if rows:
        query = query.replace("?", "%s") if is_postgresql(connection) else query
        connection.exec_driver_sql(query, list(rows))


def insert_many(
    connection: Connection,
    table: str,
    rows: Sequence[tuple[Any, ...]],
    columns: Sequence[str] = (),
    *,
    again: bool = False,
) -> None:
    """Inserts many small rows (all columns in order, or those named) past SQLAlchemy's rendering of each
    one's parameters, which costs more than the inserting itself. With ``again`` those that are there
    already are passed over.

    Moments are kept as ``schema.UTC`` keeps them, lists and dictionaries as JSON.
    """
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        names = f" ({', '.join(columns)})" if columns else ""
        there = " ON CONFLICT DO NOTHING" if again else ""
        execute_many(connection, f"INSERT INTO {table}{names} VALUES ({marks}){there}", rows)


def insert_rows(connection: Connection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts rows that all have the same columns, as ``insert_many`` does."""
    if rows:
        columns = list(rows[0])
        values = [tuple([_plain(value) for value in row.values()]) for row in rows]
        insert_many(connection, table, values, columns)


def insert_row(connection: Connection, table: str, row: Mapping[str, Any]) -> int:
    """Inserts one row and returns its number (``id``), as ``insert_many`` does."""
    mark = "%s" if is_postgresql(connection) else "?"
    marks = ", ".join([mark] * len(row))
    made = connection.exec_driver_sql(
        f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks}) RETURNING id",
        tuple([_plain(value) for value in row.values()]),
    )
    return int(made.scalar_one())


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _plain(value: Any) -> Any:
    """A value as the databases' drivers take it."""
    kind = type(value)
    if kind is dict or kind is list:
        return _json(value)
    if kind is dt.datetime:
        moment = value.astimezone(dt.UTC).replace(tzinfo=None)
        return moment.isoformat(sep=" ", timespec="microseconds")
    return value


def create(connection: Connection) -> None:
    """Makes the empty index."""
    for statement in _POSTGRESQL if is_postgresql(connection) else (_SQLITE,):
        connection.exec_driver_sql(statement)


@lru_cache(maxsize=50_000)
def name_key(name: str) -> str:
    """The key of a whole name: its folded words, joined."""
    return JOINT.join(keys_of(name).words)


def entry_of(
    row: Mapping[str, Any], spans: Sequence[tuple[int, int, str]] | None, text: str
) -> Entry:
    """What the index keeps of a statement's row; ``spans`` are those of the names in its content, ``text``
    that of its article."""
    names = (name_key(text[a:b]) for a, b, _ in spans or ())
    facets = [facet("act", row["act"]), facet("form", row["form"])]
    if row.get("source_id") is not None:
        facets.append(facet("source", row["source_id"]))
    if row["outlet"]:
        facets.append(facet("outlet", row["outlet"]))
    if row["checkable"]:
        facets.append(facet("checkable", "yes"))
    return Entry(row["id"], keys_of(row["text"]), [*dict.fromkeys(filter(None, names)), *facets])


def facet(name: str, value: object) -> str:
    """The key of what a statement is, beside its words: of this source, with that act."""
    return name + JOINT + name_key(str(value))


def add(connection: Connection, entries: Sequence[Entry]) -> None:
    """Adds statements to the index, in place of what it has of them."""
    if not entries:
        return
    if is_postgresql(connection):
        connection.execute(
            sql(
                "INSERT INTO statement_words (id, keys) VALUES (:id, cast(:keys AS tsvector)) "
                "ON CONFLICT (id) DO UPDATE SET keys = EXCLUDED.keys"
            ),
            [{"id": e.number, "keys": _vector(e)} for e in entries],
        )
        return
    connection.exec_driver_sql(
        "INSERT OR REPLACE INTO statement_words (rowid, words, stems, other, names) VALUES (?, ?, ?, ?, ?)",
        [
            (e.number, *map(" ".join, (e.keys.words, e.keys.stems, e.keys.other, e.names)))
            for e in entries
        ],
    )


def remove(connection: Connection, numbers: Iterable[int]) -> None:
    """Takes statements out of the index."""
    rowid = "id" if is_postgresql(connection) else "rowid"
    gone = [{"n": n} for n in numbers]
    if gone:
        connection.execute(sql(f"DELETE FROM statement_words WHERE {rowid} = :n"), gone)


def _vector(entry: Entry) -> str:
    """The keys as PostgreSQL writes a tsvector: 'lexeme':place,place …"""
    places: dict[str, list[int]] = {}
    for place, (word, stem) in enumerate(zip(entry.keys.words, entry.keys.stems, strict=True), 1):
        place = min(place, _LAST_PLACE)
        places.setdefault(WORD + word, []).append(place)
        places.setdefault(STEM + stem, []).append(place)
    for stem in entry.keys.other:
        places.setdefault(STEM + stem, [])
    for name in entry.names:
        places.setdefault(NAME + name, [])
    return " ".join(
        quoted(lexeme) + (":" + ",".join(map(str, at[:255])) if at else "")
        for lexeme, at in places.items()
    )


def quoted(lexeme: str) -> str:
    """A lexeme between quotes, as tsvector and tsquery read it."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"
