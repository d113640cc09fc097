"""Searching the record: statements by their words, who said them, when and where.

The numbers of statements rise with the times of their articles, so "newest first" is their order, and a
page ends where the next begins: at a number. What asks for words goes through the
index of words, which knows whose a statement is and its act, too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    RowMapping,
    bindparam,
    column,
    or_,
    select,
    table,
)
from sqlalchemy import text as sql

from qawl.arabic.stems import keys_of
from qawl.record import query as queries
from qawl.record.among import among
from qawl.record.query import Query
from qawl.record.schema import StatementRow, first_number, table_of
from qawl.record.words import facet, is_postgresql, name_key

STATEMENTS = table_of(StatementRow)
#: Statements of a page unless told otherwise, and at most.
PAGE, MOST = 20, 1000
#: Newest statements among which the best are looked for when the best come first: ranking every
#: statement with a frequent word would cost a second at a million.
RANKED = 1000
#: Words of a statement, usually (the mean over 33,000 read in 5,000 articles is 17).
USUAL = 17
#: Statements with the words that PostgreSQL fetches and sorts: of more it reads the newest until it has as
#: many as are wanted. Of a million both take as long at some 400 times the square root of those wanted
#: (measured); words that are too rare for its statistics it expects in 2,700.
SIFTED, SIFTED_AT_LEAST = 400, 5_000
#: Above every number.
_BEYOND = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Filters:
    """What statements must be, beside having the words; None or empty asks nothing.

    ``sources`` are numbers of sources; ``since`` and ``until`` bound the article's time, ``until`` not
    included; ``place`` is a place, ``about`` a person or body, that the content names.
    """

    sources: tuple[int, ...] = ()
    outlet: str | None = None
    acts: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    place: str | None = None
    checkable: bool = False
    least: float = 0.0
    firsts: bool = False  # each saying once, where it was first kept


@dataclass(frozen=True, slots=True)
class Hit:
    """A statement that was found: its row, and where the query's words stand in its text."""

    row: RowMapping
    places: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of hits; ``after`` is what to give to ``search`` for the next, None at the end."""

    hits: tuple[Hit, ...]
    after: int | None = None
    query: Query = field(default_factory=lambda: Query(()))


def search(
    connection: Connection,
    typed: str = "",
    filters: Filters | None = None,
    *,
    size: int = PAGE,
    after: int | None = None,
    best: bool = False,
    newest: Sequence[int] | None = None,
) -> Page:
    """The statements that have the words of ``typed`` (``query.parse``) and pass the ``filters``, the
    newest first, or the ``best`` of the newest 1,000.

    ``after`` is the ``after`` of the page before. ``newest`` are the newest numbers that ``numbers`` gave for
    the same search, a thousand and one of them if there are so many, where they are known already. Raises
    InputError for a query that is none.
    """
    filters = filters or Filters()
    query = queries.parse(typed)
    size = max(1, min(size, MOST))
    if best and (query or filters.place):
        if newest is None:
            newest = _numbers(connection, query, filters, RANKED, None)
        skip = after or 0
        wanted_numbers = _ranked(connection, query, newest[:RANKED])[skip : skip + size + 1]
    else:
        best = False
        if newest is None or after is not None:
            newest = _numbers(connection, query, filters, size + 1, after)
        wanted_numbers = list(newest[: size + 1])
    more = len(wanted_numbers) > size
    wanted_numbers = wanted_numbers[:size]
    rows = connection.execute(
        select(STATEMENTS).where(among(connection, STATEMENTS.c.id, wanted_numbers))
    ).mappings()
    found = {row["id"]: row for row in rows}
    hits = tuple(
        Hit(found[n], tuple(queries.places(query, found[n]["text"])))
        for n in wanted_numbers
        if n in found
    )
    end = None if not more else (after or 0) + size if best else wanted_numbers[-1]
    return Page(hits, end, query)


def numbers(
    connection: Connection, typed: str, filters: Filters, most: int, after: int | None = None
) -> list[int]:
    """The numbers of what ``search`` finds, the newest first, at most ``most``."""
    return _numbers(connection, queries.parse(typed), filters, most, after)


def _numbers(
    connection: Connection, query: Query, filters: Filters, size: int, after: int | None
) -> list[int]:
    names = (name_key(filters.place),) if filters.place else ()
    wanted = conditions(filters, after)
    if not query and not names:
        return _plain(connection, wanted, size)
    match = _match(connection, query, (*names, *_facets(filters)))
    return _with_words(connection, match, filters, wanted, size, after)


def conditions(filters: Filters, after: int | None = None) -> list[ColumnElement[bool]]:
    """What a statement's row must fulfil to pass the filters (but for the names in its content)."""
    s = STATEMENTS.c
    out: list[ColumnElement[bool]] = [s.current]
    if filters.sources:
        out.append(s.source_id.in_(filters.sources))
    if filters.outlet is not None:
        out.append(s.outlet == filters.outlet)
    if filters.acts:
        out.append(s.act.in_(filters.acts))
    if filters.forms:
        out.append(s.form.in_(filters.forms))
    if filters.checkable:
        out.append(s.checkable)
    if filters.least:
        out.append(s.confidence >= filters.least)
    if filters.firsts:
        out.append(or_(s.saying_id.is_(None), s.saying_id == s.id))
    if filters.since is not None:
        out.append(s.id >= first_number(filters.since))
    if filters.until is not None:
        out.append(s.id < first_number(filters.until))
    if after is not None:
        out.append(s.id < after)
    return out


def _plain(connection: Connection, wanted: Sequence[ColumnElement[bool]], size: int) -> list[int]:
    query = select(STATEMENTS.c.id).where(*wanted).order_by(STATEMENTS.c.id.desc()).limit(size)
    return list(connection.scalars(query))


def _facets(filters: Filters) -> Iterator[str]:
    """The facets that the index of words knows and that a search asks one value of."""
    if len(filters.sources) == 1:
        yield facet("source", filters.sources[0])
    if filters.outlet:
        yield facet("outlet", filters.outlet)
    if len(filters.acts) == 1:
        yield facet("act", filters.acts[0])
    if len(filters.forms) == 1:
        yield facet("form", filters.forms[0])
    if filters.checkable:
        yield facet("checkable", "yes")


def _match(connection: Connection, query: Query, names: tuple[str, ...]) -> str:
    written = queries.for_postgresql if is_postgresql(connection) else queries.for_sqlite
    return written(query, names)


def _with_words(
    connection: Connection,
    match: str,
    filters: Filters,
    wanted: Sequence[ColumnElement[bool]],
    size: int,
    after: int | None,
) -> list[int]:
    s = STATEMENTS.c
    low = first_number(filters.since) if filters.since is not None else 0
    high = first_number(filters.until) if filters.until is not None else _BEYOND
    bounds = {"match": match, "low": low, "high": min(high, after or _BEYOND)}
    words: FromClause = table("statement_words", column("id"), column("rowid"))
    if is_postgresql(connection):
        found = sql("keys @@ cast(:match AS tsquery)")
        number: ColumnElement[int] = words.c.id
        if _expected(connection, match) < max(SIFTED_AT_LEAST, SIFTED * size**0.5):
            return _sifted(connection, bounds, wanted, size)
    else:
        number = words.c.rowid
        found = sql("statement_words MATCH :match")
    query = (
        select(s.id)
        .select_from(words.join(STATEMENTS, s.id == number))
        .where(found, number >= bindparam("low"), number < bindparam("high"), *wanted)
        .order_by(number.desc())
        .limit(size)
    )
    return list(connection.scalars(query, bounds))


def _sifted(
    connection: Connection,
    bounds: Mapping[str, object],
    wanted: Sequence[ColumnElement[bool]],
    size: int,
) -> list[int]:
    """PostgreSQL: what the index of words has, whole and sorted, then row by row until there are enough. Left
    to itself the planner walks back through all numbers for a rare word, or through all statements."""
    s = STATEMENTS.c
    words = table("statement_words", column("id"))
    rare = select(words.c.id).where(sql("keys @@ cast(:match AS tsquery)")).cte("rare")
    rare = rare.prefix_with("MATERIALIZED")
    inside = (rare.c.id >= bindparam("low"), rare.c.id < bindparam("high"))
    newest = select(rare.c.id).where(*inside).order_by(rare.c.id.desc()).subquery("newest")
    one = select(s.id).where(s.id == newest.c.id, *wanted).limit(1).lateral("one")
    query = select(one.c.id).select_from(newest.join(one, sql("true"))).order_by(newest.c.id.desc())
    return list(connection.scalars(query.limit(size), bounds))


def _expected(connection: Connection, match: str) -> int:
    """How many statements PostgreSQL expects to have the words."""
    query = (
        "EXPLAIN (FORMAT JSON) SELECT 1 FROM statement_words WHERE keys @@ cast(:match AS tsquery)"
    )
    plan = connection.scalar(sql(query), {"match": match})
    return int(plan[0]["Plan"]["Plan Rows"])


def _ranked(connection: Connection, query: Query, numbers: Sequence[int]) -> list[int]:
    """The numbers with the statements first that say more of the query in fewer words."""
    texts = select(STATEMENTS.c.id, STATEMENTS.c.text).where(
        among(connection, STATEMENTS.c.id, numbers)
    )
    weights = {number: _weight(query, text) for number, text in connection.execute(texts)}
    return sorted(weights, key=lambda n: (-weights[n], -n))


def _weight(query: Query, text: str) -> float:
    """Okapi's term frequency (k1 = 1.2, b = 0.75; Robertson and Zaragoza 2009) of the words as typed, the
    same word twice what another form of it is; all words of a query count alike."""
    keys = keys_of(text)
    longer = 0.25 + 0.75 * len(keys.words) / USUAL
    total = 0.0
    for group in query.groups:
        for part in group:
            if part.phrase:
                times = 2.0
            else:
                times = keys.stems.count(part.keys[0]) + (part.keys[0] in keys.other)
                times += keys.words.count(part.word)
            total += times * 2.2 / (times + 1.2 * longer)
    return total
