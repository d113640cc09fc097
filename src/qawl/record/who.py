"""Whom a person means by a name that he types: the sources of the record that it may be of.

A name is looked up as one in an article would be (any spelling, a family name, an acronym); ``#12`` is the
source of that number, ``Q42`` that of that Wikidata id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, func, select

from qawl.arabic.letters import fold
from qawl.errors import InputError, NotFoundError
from qawl.model import Article, Span, Statement
from qawl.record.mentions import Mention, mentions_of
from qawl.record.name_words import words_of
from qawl.record.people import person_keys, units_of
from qawl.record.schema import SourceRow, StatementRow, table_of
from qawl.record.sources import InRecord, Kept, kept_of

SOURCES = table_of(SourceRow)
STATEMENTS = table_of(StatementRow)
#: Sources named where a name may be of several.
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Person:
    """A source as it is shown: ``names`` and ``roles`` are (as written, times, first day, last day), the
    commonest first."""

    number: int
    name: str
    kind: str
    state: str | None
    wikidata: str | None
    statements: int
    first: str | None
    last: str | None
    names: tuple[tuple[str, int, str | None, str | None], ...]
    roles: tuple[tuple[str, int, str | None, str | None], ...]
    outlets: tuple[tuple[str, int], ...]


def candidates(connection: Connection, typed: str) -> list[Kept]:
    """The sources that ``typed`` may name, the likeliest first; none where the record has none.

    Raises InputError where nothing is typed or a number is none of the record's.
    """
    typed = " ".join(typed.split())
    if not typed:
        raise InputError("give a name, or the number of a source (#12)")
    if typed.startswith("#"):
        if not typed[1:].isdecimal():
            raise InputError(f"{typed} is no source: # is followed by its number (#12)")
        return [numbered(connection, int(typed[1:]))]
    if re.fullmatch(r"Q[1-9]\d*", typed):
        c = SOURCES.c
        query = select(SOURCES).where(c.wikidata == typed, c.merged_into.is_(None)).order_by(c.id)
        return [kept_of(dict(row)) for row in connection.execute(query).mappings()]
    span = Span.of(typed, 0, len(typed))
    article = Article.of(typed).with_statements(
        [Statement((span,), None, None, typed, "direct", "inform", who_span=span)]
    )
    mentions = mentions_of(article)
    found = _known(connection, mentions)
    units = units_of(words_of(typed))
    if units and not found:  # a word that no article would take for a name may be a family (الخطيب)
        keys = person_keys(units)[1]
        found = _known(connection, [replace(m, asks=keys) for m in mentions])
    folded = fold(typed)
    for row in connection.execute(select(SOURCES).where(SOURCES.c.name == typed)).mappings():
        if row["merged_into"] is None:
            found.setdefault(row["id"], kept_of(dict(row)))

    def rank(kept: Kept) -> tuple[bool, int, int]:
        exact = any(fold(name) == folded for name in kept.profile["names"])
        return not exact, -kept.source.count, kept.source.id

    return sorted(found.values(), key=rank)


def _known(connection: Connection, mentions: Sequence[Mention]) -> dict[int, Kept]:
    known = InRecord(connection, mentions)
    return {s.id: known.kept[s.id] for m in mentions for s in known.sources(m.asks)}


def one(connection: Connection, typed: str) -> Kept:
    """The source that ``typed`` names.

    Where it may be of several, the one whose name it is as written if no other bears it, else InputError
    that lists them; so where there is none.
    """
    found = candidates(connection, typed)
    if not found:
        raise NotFoundError(f"nobody in the record is called {typed}: look with `qawl search`")
    folded = fold(" ".join(typed.split()))
    exact = [k for k in found if any(fold(name) == folded for name in k.profile["names"])]
    if len(found) == 1 or len(exact) == 1:
        return (exact or found)[0]
    raise InputError(
        f"{typed} may be one of {len(found)} sources; give its number:\n"
        + "\n".join(f"  #{k.source.id}  {line(k)}" for k in found[:SHOWN])
    )


def line(kept: Kept) -> str:
    """A source in one line: name, what it is, how often and when it was quoted."""
    roles = sorted(kept.profile["roles"].values(), key=lambda r: -r["seen"][0])
    parts = [kept.name, roles[0]["text"] if roles else kept.source.kind]
    if kept.source.state and not roles:
        parts.append(kept.source.state)
    parts.append(f"{kept.source.count} ×")
    if kept.source.first and kept.source.last:
        parts.append(f"{kept.source.first} … {kept.source.last}")
    return " · ".join(parts)


def person(connection: Connection, number: int) -> Person:
    """All that the record knows of a source; raises NotFoundError where there is none of that number."""
    kept = numbered(connection, number)
    count = select(func.count()).where(
        STATEMENTS.c.source_id == kept.source.id, STATEMENTS.c.current
    )
    return described(connection, kept, connection.scalar(count) or 0)


def described(connection: Connection, kept: Kept, statements: int) -> Person:
    """A source with its names, roles and outlets in order; ``statements`` is how many it has."""
    wikidata = connection.scalar(select(SOURCES.c.wikidata).where(SOURCES.c.id == kept.source.id))
    profile = kept.profile
    return Person(
        kept.source.id,
        kept.name,
        kept.source.kind,
        kept.source.state,
        wikidata,
        statements,
        profile["first"],
        profile["last"],
        tuple(_seen(profile["names"].items())),
        tuple(_seen((entry["text"], entry) for entry in profile["roles"].values())),
        tuple(sorted(profile["outlets"].items(), key=lambda o: (-o[1], o[0]))),
    )


def _seen(entries: Any) -> Iterator[tuple[str, int, str | None, str | None]]:
    rows: Sequence[tuple[str, Any]] = sorted(entries, key=lambda e: (-e[1]["seen"][0], e[0]))
    for text, entry in rows:
        count, first, last = entry["seen"]
        if count:
            yield text, count, first, last


def numbered(connection: Connection, number: int) -> Kept:
    """The source of that number, or what it was merged into; raises NotFoundError where there is none."""
    seen: set[int] = set()
    while number not in seen:
        seen.add(number)
        query = select(SOURCES).where(SOURCES.c.id == number)
        row = connection.execute(query).mappings().first()
        if row is None:
            break
        if row["merged_into"] is None:
            return kept_of(dict(row))
        number = row["merged_into"]
    raise NotFoundError(f"the record has no source #{number}")
