"""What a source's statements have in common: over time by act, what and whom they name, what they are about,
who quotes them. And who is quoted most.

Reckoned among the newest statements (``COUNTED``): a record may hold a hundred thousand of one source.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from qawl.formats.csv_table import JOIN
from qawl.record.among import among
from qawl.record.facets import commonest
from qawl.record.schema import ArticleRow, SourceRow, StatementRow, table_of
from qawl.record.search import MOST
from qawl.record.sources import Kept, kept_of
from qawl.record.words import name_key

ARTICLES = table_of(ArticleRow)
SOURCES = table_of(SourceRow)
STATEMENTS = table_of(StatementRow)
#: Statements among which is counted, the newest.
COUNTED = MOST
#: Values of each kind at most.
VALUES = 16
#: Topics that stand outside the content (وعن الموازنة قال …) are looked up in so many articles at most.
LOOKED_UP = 200
#: Speakers of a list.
LISTED = 60


@dataclass(frozen=True, slots=True)
class Named:
    """A name in what a source said: as it stands mostly, how many of the statements have it, its kind
    (person, body, place, other) and the source of the record that is called so, if one is."""

    name: str
    count: int
    kind: str
    source: int | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """What the newest statements of a source have in common. ``acts`` is a (month, act) for each of them, the
    newest first; ``whom`` are persons and bodies, ``named`` places and other things; ``about`` are topics as
    the reporter puts them. ``counted`` is how many statements there were, ``all`` whether those are all."""

    counted: int
    all: bool
    acts: tuple[tuple[str, str], ...]
    forms: tuple[tuple[str, int], ...]
    outlets: tuple[tuple[str, int], ...]
    whom: tuple[Named, ...]
    named: tuple[Named, ...]
    about: tuple[tuple[str, int], ...]
    checkable: int


def activity(connection: Connection, number: int) -> Activity:
    """What the newest statements of source ``number`` have in common."""
    s = STATEMENTS.c
    columns = (s.article_id, s.act, s.form, s.outlet, s.published, s.checkable, s.text)
    # the database takes out of the spans what is asked for: most of them are how sure the reader was
    spans = [s.spans[part].as_string().label(part) for part in ("content", "names", "about")]
    query = (
        select(*columns, *spans)
        .where(s.source_id == number, s.current)
        .order_by(s.id.desc())
        .limit(COUNTED + 1)
    )
    rows = connection.execute(query).all()
    whole = len(rows) <= COUNTED
    rows = rows[:COUNTED]
    names: dict[str, Counter[tuple[str, str]]] = {}
    topics: list[tuple[int, int, int]] = []
    for row in rows:
        if row.names:
            for name in {*_names(row.text, json.loads(row.content), json.loads(row.names))}:
                key = name_key(name[0])
                if key:
                    names.setdefault(key, Counter())[name] += 1
        if row.about and len(topics) < LOOKED_UP:
            topics.append((row.article_id, *json.loads(row.about)))
    common = sorted(names.values(), key=lambda c: (-c.total(), min(c)))
    shown = [_shown(some) for some in common[: 4 * VALUES]]
    known = _called(connection, [n.name for n in shown])
    shown = [Named(n.name, n.count, n.kind, known.get(n.name)) for n in shown]
    people = ("person", "body")
    return Activity(
        len(rows),
        whole,
        tuple((f"{row.published:%Y-%m}", row.act) for row in rows),
        commonest((row.form for row in rows), VALUES),
        commonest((row.outlet for row in rows if row.outlet), VALUES),
        tuple(n for n in shown if n.kind in people and n.source != number)[:VALUES],
        tuple(n for n in shown if n.kind not in people)[:VALUES],
        commonest(_about(connection, topics), VALUES),
        sum(row.checkable for row in rows),
    )


def _names(
    text: str, content: Sequence[Sequence[int]], names: Sequence[tuple[int, int, str]]
) -> Iterator[tuple[str, str]]:
    """The names in a statement's text, with their kinds: places in the article as places in the text."""
    offset = 0
    parts = []
    for start, end in content:
        parts.append((start, end, offset))
        offset += end - start + len(JOIN)
    for start, end, kind in names:
        for a, b, at in parts:
            if a <= start and end <= b:
                yield " ".join(text[at + start - a : at + end - a].split()), kind
                break


def _shown(some: Counter[tuple[str, str]]) -> Named:
    (name, kind), _ = max(some.items(), key=lambda item: (item[1], item[0]))
    return Named(name, some.total(), kind)


def _called(connection: Connection, names: Sequence[str]) -> dict[str, int]:
    """The sources that go by these names, if only one does."""
    c = SOURCES.c
    query = select(c.name, func.min(c.id), func.count()).where(
        among(connection, c.name, names), c.merged_into.is_(None)
    )
    found = connection.execute(query.group_by(c.name))
    return {name: number for name, number, count in found if count == 1}


def _about(connection: Connection, topics: Sequence[tuple[int, int, int]]) -> Iterator[str]:
    a = ARTICLES.c
    wanted = {number for number, _, _ in topics}
    query = select(a.id, a.text).where(among(connection, a.id, wanted))
    texts = {row.id: row.text for row in connection.execute(query)} if wanted else {}
    for number, start, end in topics:
        yield " ".join(texts[number][start:end].split())


@dataclass(frozen=True, slots=True)
class Quoted:
    """A source of a list: how many statements of those counted are its."""

    kept: Kept
    count: int


def most_quoted(connection: Connection, most: int = LISTED) -> tuple[list[Quoted], int]:
    """The sources of most of the newest statements, and how many statements those are."""
    s = STATEMENTS.c
    query = select(s.source_id).where(s.current).order_by(s.id.desc()).limit(COUNTED)
    found = list(connection.scalars(query))
    common = Counter(n for n in found if n is not None).most_common(most)
    rows = connection.execute(
        select(SOURCES).where(among(connection, SOURCES.c.id, [n for n, _ in common]))
    )
    kept = {row["id"]: kept_of(dict(row)) for row in rows.mappings()}
    return [Quoted(kept[n], count) for n, count in common if n in kept], len(found)
