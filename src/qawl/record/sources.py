"""The sources of the record: each mention is linked to one, with its reason, and what is known of a
source grows with every article.

A source's row holds a profile: the names under which it stood (as written, with their keys), its roles
and the outlets that quoted it, each with a count and times. ``identities.link`` decides from the profiles.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    String,
    bindparam,
    delete,
    select,
    type_coerce,
    update,
)

from qawl.model import Article
from qawl.record.identities import Link, link
from qawl.record.known import Seen, Source, with_mention
from qawl.record.mentions import Mention, mentions_of
from qawl.record.schema import SourceKeyRow, SourceRow, table_of
from qawl.record.words import insert_many, insert_row, is_postgresql

SOURCES = table_of(SourceRow)
SOURCE_KEYS = table_of(SourceKeyRow)
#: Values of one IN at most.
MANY = 500

#: How the keys begin that no other article's mention asks for.
OF_ARTICLE = "u "

Profile = dict[str, Any]

_SOME: BindParameter[Any] = bindparam("some", expanding=True)
_BY_KEY = (
    select(
        SOURCE_KEYS.c.key,
        SOURCES.c.id,
        SOURCES.c.name,
        SOURCES.c.kind,
        SOURCES.c.state,
        type_coerce(SOURCES.c.profile, String).label("profile"),
    )
    .join(SOURCES, SOURCES.c.id == SOURCE_KEYS.c.source_id)
    .where(SOURCE_KEYS.c.key.in_(_SOME))
)
_BY_NUMBER = select(SOURCES).where(SOURCES.c.id.in_(_SOME))
_CHANGE = (
    update(SOURCES)
    .where(SOURCES.c.id == bindparam("number"))
    .values({c: bindparam(f"new_{c}") for c in ("name", "kind", "state", "profile")})
)


@dataclass(slots=True)
class Kept:
    """A source with its profile, as it stands in this transaction; ``changed`` once a mention was added."""

    source: Source
    name: str
    profile: Profile
    new: bool = False
    changed: bool = False


class InRecord:
    """The sources of a record that one article's mentions ask for (``known.Known``)."""

    def __init__(self, connection: Connection, mentions: Sequence[Mention]) -> None:
        self._connection = connection
        self._by_key: dict[str, dict[int, None]] = {}
        self.kept: dict[int, Kept] = {}
        self.keys: set[tuple[str, int]] = set()
        asked = list(dict.fromkeys(key for m in mentions for key in m.asks))
        for some in _parts(asked):
            for row in connection.execute(_BY_KEY, {"some": some}):
                self._by_key.setdefault(row.key, {})[row.id] = None
                if row.id not in self.kept:
                    raw = row.profile  # decoded once a source, not once a key
                    profile = json.loads(raw) if isinstance(raw, str) else raw
                    self.kept[row.id] = kept_of({**row._mapping, "profile": profile})

    def sources(self, keys: Iterable[str]) -> Iterable[Source]:
        """The sources that hold one of ``keys``, each once."""
        numbers = dict.fromkeys(n for key in keys for n in self._by_key.get(key, ()))
        return [self.kept[n].source for n in numbers]

    def keep(self, mention: Mention, number: int | None) -> int:
        """Takes a mention in, as a new source (None) or one that is known; the source's number."""
        if number is None:
            values: dict[str, Any] = {
                "name": mention.name,
                "kind": mention.kind,
                "state": mention.state,
                "profile": {},
            }
            number = insert_row(self._connection, "sources", values)
            source = Source(number, mention.kind, mention.state)
            self.kept[number] = Kept(source, mention.name, empty_profile(), new=True)
        kept = self.kept[number]
        kept.source = with_mention(kept.source, mention, number)
        kept.changed = True
        note(kept.profile, mention)
        if not kept.profile.get("named"):  # by a person
            kept.name = best_name(kept.profile)
        for key in mention.keys:
            if number not in self._by_key.setdefault(key, {}):
                self._by_key[key][number] = None
                self.keys.add((key, number))
        return number

    def write(self) -> None:
        """Writes what the mentions changed."""
        changed = [row_of(k) for k in self.kept.values() if k.changed]
        if changed:
            self._connection.execute(_CHANGE, changed)
        add_keys(self._connection, self.keys)


def link_article(connection: Connection, article: Article) -> dict[str, tuple[int, Link]]:
    """Links each source of an article's statements (by its ``who``) to one of the record."""
    mentions = mentions_of(article)
    if not mentions:
        return {}
    if is_postgresql(connection):  # two processes would both make the same new source
        connection.exec_driver_sql("LOCK TABLE source_keys IN SHARE ROW EXCLUSIVE MODE")
    known = InRecord(connection, mentions)
    out: dict[str, tuple[int, Link]] = {}
    for mention in mentions:
        if all(key.startswith(OF_ARTICLE) for key in mention.keys):
            continue  # مصدر أمني: nobody whom another article could name
        found = link(mention, known)
        out[mention.name] = (known.keep(mention, found.source_id), found)
    known.write()
    return out


def unlink_article(
    connection: Connection, article: Article, numbers: Mapping[str, int | None]
) -> None:
    """Takes an article's mentions out of the profiles of the sources that they were linked to (``numbers``
    by ``who``), before it is read again. A source that nothing is left of stays, without a mention."""
    wanted = list(dict.fromkeys(n for n in numbers.values() if n is not None))
    kept: dict[int, Kept] = {}
    for some in _parts(wanted):
        for row in connection.execute(_BY_NUMBER, {"some": some}).mappings():
            kept[row["id"]] = kept_of(dict(row))
    for mention in mentions_of(article):
        source = kept.get(numbers.get(mention.name) or 0)
        if source is None:
            continue
        profile = source.profile
        if mention.name in profile["names"]:  # kept at 0: it is by its names that it is found again
            seen = profile["names"][mention.name]["seen"]
            seen[0] = max(seen[0] - 1, 0)
        for role in mention.roles:
            seen = profile["roles"].get(role.key, {"seen": [0]})["seen"]
            seen[0] -= 1
            if not seen[0]:
                del profile["roles"][role.key]
        if mention.outlet in profile["outlets"]:
            profile["outlets"][mention.outlet] -= 1
            if profile["outlets"][mention.outlet] <= 0:
                del profile["outlets"][mention.outlet]
    for number, source in kept.items():
        values = {"profile": source.profile}
        connection.execute(update(SOURCES).where(SOURCES.c.id == number).values(values))


def now(connection: Connection, number: int | None) -> int | None:
    """The source that ``number`` is by now, where it was merged into another."""
    seen: set[int | None] = set()
    while number is not None and number not in seen:
        seen.add(number)
        query = select(SOURCES.c.merged_into).where(SOURCES.c.id == number)
        number = connection.scalar(query) or number
    return number


def add_keys(connection: Connection, keys: Iterable[tuple[str, int]]) -> None:
    """Keeps keys of sources; those that are there are left."""
    insert_many(connection, "source_keys", sorted(keys), again=True)


def remove_keys(connection: Connection, number: int) -> None:
    """Forgets the keys of a source."""
    connection.execute(delete(SOURCE_KEYS).where(SOURCE_KEYS.c.source_id == number))


def empty_profile() -> Profile:
    """The profile of a source that nothing is known of."""
    return {"names": {}, "roles": {}, "outlets": {}, "first": None, "last": None}


def note(profile: Profile, mention: Mention) -> None:
    """Adds a mention to a profile: [count, first, last] of the name as written and of each role."""
    day = mention.date.isoformat() if mention.date else None
    name = profile["names"].setdefault(
        mention.name, {"key": mention.key, "keys": list(mention.keys), "seen": [0, None, None]}
    )
    _see(name["seen"], day)
    for role in mention.roles:
        entry = profile["roles"].setdefault(role.key, {"text": role.text, "seen": [0, None, None]})
        _see(entry["seen"], day)
    if mention.outlet:
        profile["outlets"][mention.outlet] = profile["outlets"].get(mention.outlet, 0) + 1
    if day:
        profile["first"] = min(profile["first"] or day, day)
        profile["last"] = max(profile["last"] or day, day)


def _see(seen: list[Any], day: str | None) -> None:
    seen[0] += 1
    if day:
        seen[1] = min(seen[1] or day, day)
        seen[2] = max(seen[2] or day, day)


def best_name(profile: Profile) -> str:
    """The name to show: the commonest of those of two words and more, else the commonest."""
    names: Mapping[str, Any] = profile["names"]
    return max(names, key=lambda n: (" " in n, names[n]["seen"][0], -len(n), n))


def kept_of(row: Mapping[str, Any]) -> Kept:
    """A source of its row."""
    profile = row["profile"]
    names: dict[str, int] = {}
    for entry in profile["names"].values():
        names[entry["key"]] = names.get(entry["key"], 0) + entry["seen"][0]
    roles = {
        key: Seen(_day(e["seen"][1]), _day(e["seen"][2]), e["seen"][0])
        for key, e in profile["roles"].items()
    }
    source = Source(
        row["id"], row["kind"], row["state"], names, roles,
        _day(profile["first"]), _day(profile["last"]), profile["outlets"],
    )  # fmt: skip
    return Kept(source, row["name"], profile)


def row_of(kept: Kept) -> dict[str, Any]:
    """The values of a source's row, for the update of ``InRecord.write``."""
    source = kept.source
    return {
        "number": source.id,
        "new_name": kept.name,
        "new_kind": source.kind,
        "new_state": source.state,
        "new_profile": kept.profile,
    }


def _day(written: str | None) -> dt.date | None:
    return dt.date.fromisoformat(written) if written else None


def _parts(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    for k in range(0, len(values), MANY):
        yield values[k : k + MANY]
