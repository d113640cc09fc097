"""Wikidata ids of sources, from a file that a person supplies; nothing is fetched.

A row names a thing: its name, its id, and, if one likes, its role, kind and state; several rows may share an id
(other names of it). They are matched with the record's sources as a name in an article would be, by the linker's
keys and its rules for names. A source gets an id only where that id fits it alone and no other id of the file
does; a name as written goes before its spellings and shorter forms. What else may fit is told as undecided,
for a person to settle.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select, update

from qawl.arabic.countries import state_called
from qawl.errors import InputError
from qawl.model import Article, Span, Statement
from qawl.record.identities import same_source
from qawl.record.known import Source
from qawl.record.mentions import Mention, mentions_of
from qawl.record.schema import SourceRow, table_of
from qawl.record.sources import InRecord, Kept

SOURCES = table_of(SourceRow)
#: The columns of the file by the names that they may have; the last ones are those of a table that the
#: Wikidata Query Service writes.
COLUMNS = {
    "name": ("name", "label", "itemlabel"),
    "id": ("id", "wikidata", "item"),
    "role": ("role", "description", "itemdescription"),
    "kind": ("kind",),
    "state": ("state", "country"),
}
KINDS = ("person", "body", "media", "state")
#: From which likeness on a name is a source's, by its kind: the same name, a spelling, a father's name
#: left off; not a family name alone, nor two common names of three.
LIKE = 0.8
#: The likeness of a name as written.
EXACT = 0.9
#: Sources or ids that are named where several may be meant.
SHOWN = 5
#: Names that are looked up at once.
BATCH = 500
_ID = re.compile(r"(?:https?://www\.wikidata\.org/(?:entity|wiki)/)?(Q[1-9]\d*)")


@dataclass(slots=True)
class Entity:
    """A thing of the file: its id, its names, what is told of it, and the line of its first row."""

    id: str
    line: int
    names: list[str]
    roles: list[str] = field(default_factory=list)
    kind: str | None = None
    state: str | None = None


@dataclass(slots=True)
class Matches:
    """What a file tells of the record's sources. ``decided`` are (thing, number of the source, its name);
    ``undecided`` are (thing, why); ``known`` is how many sources have their id already, and ``absent`` how
    many things no source of the record is."""

    decided: list[tuple[Entity, int, str]] = field(default_factory=list)
    undecided: list[tuple[Entity, str]] = field(default_factory=list)
    known: int = 0
    absent: int = 0


def read(path: Path) -> tuple[list[Entity], list[tuple[int, str]]]:
    """(the things of a CSV or TSV file, what is wrong in it by line). What is wrong is passed over.

    Raises InputError where the file cannot be read, is not UTF-8 or has no header with a name and an id.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: it cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: it is not UTF-8; save the file as UTF-8") from error
    head = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max("\t;,", key=head.count))
    places = _header(next(rows, []), path)
    entities: dict[str, Entity] = {}
    wrong: list[tuple[int, str]] = []
    last = rows.line_num
    try:
        for row in rows:
            line, last = last + 1, rows.line_num
            if any(cell.strip() for cell in row):
                why = _take(entities, line, _cells(row, places))
                wrong += [(line, why)] if why else []
    except csv.Error as error:
        wrong.append(
            (last + 1, f"it cannot be read from here on ({error}); mend the quotation marks")
        )
    return list(entities.values()), wrong


def _header(cells: Sequence[str], path: Path) -> dict[str, int]:
    named = [cell.strip().lower() for cell in cells]
    places: dict[str, int] = {}
    for column, names in COLUMNS.items():
        found = [named.index(name) for name in names if name in named]
        if found:
            places[column] = found[0]
    if "name" not in places or "id" not in places:
        raise InputError(
            f"{path}: its first line must name the columns: name and id, and role, kind and state if you "
            "like, parted by tabs or commas"
        )
    return places


def _cells(row: Sequence[str], places: Mapping[str, int]) -> dict[str, str]:
    return {
        column: " ".join(row[k].split()) if k < len(row) else "" for column, k in places.items()
    }


def _take(entities: dict[str, Entity], line: int, cells: Mapping[str, str]) -> str | None:
    """Takes a row in; what is wrong with it, if anything."""
    found = _ID.fullmatch(cells["id"])
    if not found:
        return f"{cells['id']!r} is no id of Wikidata: write Q and a number"
    if not cells["name"]:
        return f"{found[1]} has no name"
    kind, written = cells.get("kind", "").lower(), cells.get("state", "")
    if kind and kind not in KINDS:
        return f"{kind!r} is no kind: one of {', '.join(KINDS)}, or nothing"
    state = state_called(written) if written else None
    if written and state is None:
        return f"no state is called {written!r}: write its Arabic name or its ISO code, or nothing"
    entity = entities.setdefault(found[1], Entity(found[1], line, []))
    for name, value in (("kind", kind), ("state", state)):
        before = getattr(entity, name)
        if value and before and value != before:
            return f"{found[1]} has another {name} in line {entity.line} ({before}, not {value})"
        setattr(entity, name, before or value or None)
    if cells["name"] not in entity.names:
        entity.names.append(cells["name"])
    role = cells.get("role", "")
    if role and role not in entity.roles:
        entity.roles.append(role)
    return None


@dataclass(frozen=True, slots=True)
class _Fit:
    """A source that a thing's name fits: ``exact`` where it is one of its names as written, else a spelling
    or a shorter form; ``office`` where the thing's role is one of its roles."""

    kept: Kept
    exact: bool
    office: bool


def match(connection: Connection, entities: Sequence[Entity]) -> Matches:
    """Which things of a file are which sources of the record; nothing is changed."""
    fits = _fitting(connection, entities)
    ids: dict[int, dict[str, bool]] = {}  # what fits a source, and whether exactly
    for ident, found in fits.items():
        for fit in found:
            ids.setdefault(fit.kept.source.id, {})[ident] = fit.exact
    by_id = {entity.id: entity for entity in entities}
    have = _have(connection, ids)
    owners = _owners(connection, fits)
    out = Matches()
    for entity in entities:
        found = fits.get(entity.id, [])
        # where a source bears another's name as written, a form of its name is no claim to it
        found = [f for f in found if f.exact or not any(ids[f.kept.source.id].values())]
        if not found:
            out.absent += 1
            continue
        kept = found[0].kept
        number = kept.source.id
        others = [
            q for q, exact in ids[number].items() if q != entity.id and exact == found[0].exact
        ]
        if len(found) > 1:
            numbers = _some(f"#{f.kept.source.id} {f.kept.name}" for f in found)
            out.undecided.append((entity, f"it may be {numbers}; merge them if they are one"))
        elif have.get(number) == entity.id:
            out.known += 1
        elif number in have:
            why = f"#{number} {kept.name} has {have[number]}"
            out.undecided.append((entity, f"{why}; undo that correction first"))
        elif entity.id in owners:
            why = f"it is #{owners[entity.id]}'s already, and fits #{number} {kept.name}, too"
            out.undecided.append((entity, f"{why}; merge them if they are one"))
        elif others:
            names = _some(f"{q} {by_id[q].names[0]}" for q in others)
            out.undecided.append((entity, f"#{number} {kept.name} may be {names}, too"))
        else:
            out.decided.append((entity, number, kept.name))
    return out


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    more = f" or {len(listed) - SHOWN} others" if len(listed) > SHOWN else ""
    return ", ".join(listed[:SHOWN]) + more


def _fitting(connection: Connection, entities: Sequence[Entity]) -> dict[str, list[_Fit]]:
    """The sources that one of a thing's names fits, by its id: those that bear it as written before others,
    those in its office before others."""
    asked = [(entity, name) for entity in entities for name in entity.names]
    found: dict[str, dict[int, _Fit]] = {}
    for k in range(0, len(asked), BATCH):
        some = asked[k : k + BATCH]
        mentions = [(entity, m) for entity, name in some for m in _mentions(entity, name)]
        known = InRecord(connection, [mention for _, mention in mentions])
        for entity, mention in mentions:
            for source in known.sources(key for key in mention.asks if not key.startswith("o ")):
                likeness = _likeness(entity, mention, source)
                if likeness < LIKE:
                    continue
                mine = found.setdefault(entity.id, {})
                before = mine.get(source.id)
                office = any(role.key in source.roles for role in mention.roles)
                mine[source.id] = _Fit(
                    known.kept[source.id],
                    likeness >= EXACT or (before is not None and before.exact),
                    office or (before is not None and before.office),
                )
    return {ident: _best(list(fits.values())) for ident, fits in found.items()}


def _best(fits: list[_Fit]) -> list[_Fit]:
    fits = [fit for fit in fits if fit.office] or fits
    fits = [fit for fit in fits if fit.exact] or fits
    return sorted(fits, key=lambda fit: fit.kept.source.id)


def _mentions(entity: Entity, name: str) -> list[Mention]:
    """A name as an article of its state would have it, behind each of its roles."""
    found: list[Mention] = []
    for role in entity.roles or [""]:
        text = f"{role} {name}" if role else name
        span = Span.of(text, len(text) - len(name), len(text))
        said = Statement(
            (Span.of(text, 0, len(text)),), None, None, name, "direct", "inform", who_span=span
        )
        article = Article.of(text, country=entity.state).with_statements([said])
        found += mentions_of(article)
    return found


def _likeness(entity: Entity, mention: Mention, source: Source) -> float:
    """How surely a name is a source's; 0 where kinds or states are not the same."""
    if source.kind == "unnamed" or (entity.kind and source.kind != entity.kind):
        return 0.0
    state = entity.state or mention.state
    if state and source.state and state != source.state:
        return 0.0
    return same_source(mention, source)


def _have(connection: Connection, numbers: Iterable[int]) -> dict[int, str]:
    """The ids that sources have already."""
    c, wanted = SOURCES.c, sorted(numbers)
    found: dict[int, str] = {}
    for k in range(0, len(wanted), BATCH):
        query = select(c.id, c.wikidata).where(
            c.id.in_(wanted[k : k + BATCH]), c.wikidata.is_not(None)
        )
        found |= {row.id: row.wikidata for row in connection.execute(query)}
    return found


def _owners(connection: Connection, wanted: Iterable[str]) -> dict[str, int]:
    """The sources that have these ids already."""
    c, ids = SOURCES.c, sorted(wanted)
    found: dict[str, int] = {}
    for k in range(0, len(ids), BATCH):
        query = select(c.wikidata, c.id).where(
            c.wikidata.in_(ids[k : k + BATCH]), c.merged_into.is_(None)
        )
        found |= {row.wikidata: row.id for row in connection.execute(query)}
    return found


def checked(written: str) -> str:
    """An id as it is kept (Q42), of an id or its address; raises InputError where it is none."""
    found = _ID.fullmatch(written.strip())
    if not found:
        raise InputError(f"{written!r} is no id of Wikidata: write Q and a number")
    return found[1]


def give(connection: Connection, number: int, ident: str | None) -> dict[str, Any]:
    """Gives a source an id; returns what undoing it needs."""
    old = connection.scalar(select(SOURCES.c.wikidata).where(SOURCES.c.id == number))
    _set(connection, number, ident)
    return {"id": ident, "old": old}


def take_back(connection: Connection, number: int, value: Mapping[str, Any]) -> None:
    """Takes an id back from a source, and from those that it was merged into since, if they have it."""
    c = SOURCES.c
    at: int | None = number
    seen: set[int] = set()
    while at is not None and at not in seen:
        seen.add(at)
        row = connection.execute(select(c.wikidata, c.merged_into).where(c.id == at)).one()
        if row.wikidata == value["id"]:
            _set(connection, at, value["old"] if at == number else None)
        at = row.merged_into


def inherit(connection: Connection, number: int, into: int) -> str | None:
    """Gives a source the id of one that is merged into it, if it has none; the id, if it did."""
    ids = _have(connection, (number, into))
    if into in ids or number not in ids:
        return None
    _set(connection, into, ids[number])
    return ids[number]


def _set(connection: Connection, number: int, ident: str | None) -> None:
    connection.execute(update(SOURCES).where(SOURCES.c.id == number).values(wikidata=ident))
