"""Sources made one, parted and renamed, and all of that undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, insert, select, update

from qawl.errors import InputError, NotFoundError
from qawl.record import words
from qawl.record.schema import ArticleRow, SourceRow, StatementRow, table_of
from qawl.record.sources import (
    Kept,
    Profile,
    add_keys,
    best_name,
    empty_profile,
    kept_of,
    remove_keys,
)

ARTICLES = table_of(ArticleRow)
SOURCES = table_of(SourceRow)
STATEMENTS = table_of(StatementRow)
_MANY = 500


def source(connection: Connection, number: int) -> Kept:
    """A source that is none merged into another; raises NotFoundError where there is none."""
    row = connection.execute(select(SOURCES).where(SOURCES.c.id == number)).mappings().first()
    if row is None:
        raise NotFoundError(f"the record has no source #{number}")
    if row["merged_into"] is not None:
        raise InputError(f"#{number} was merged into #{row['merged_into']}; give that")
    return kept_of(dict(row))


def merge(connection: Connection, number: int, into: int) -> dict[str, Any]:
    """Makes ``number`` part of ``into``; returns what undoing it needs."""
    if number == into:
        raise InputError("a source cannot be merged with itself")
    one, other = source(connection, number), source(connection, into)
    mine = STATEMENTS.c.source_id == number
    moved = list(connection.scalars(select(STATEMENTS.c.id).where(mine)))
    value = {
        "into": into,
        "profile": one.profile,
        "name": one.name,
        "their": other.name,
        "shared": [n for n in one.profile["names"] if n in other.profile["names"]],
        "statements": moved,
    }
    together = added(other.profile, one.profile)
    _write(connection, into, together, other.name)
    _move(connection, moved, into)
    add_keys(connection, ((key, into) for key in _keys(one.profile)))
    remove_keys(connection, number)
    connection.execute(update(SOURCES).where(SOURCES.c.id == number).values(merged_into=into))
    return value


def split(connection: Connection, number: int, names: Sequence[str]) -> dict[str, Any]:
    """Parts some names of a source, and the statements under them, into a new one."""
    old = source(connection, number)
    unknown = [name for name in names if name not in old.profile["names"]]
    if unknown:
        known = "، ".join(old.profile["names"])
        raise InputError(f"#{number} has no name {unknown[0]!r}; its names: {known}")
    if len(names) == len(old.profile["names"]):
        raise InputError("all names cannot be parted from a source: rename it instead")
    s = STATEMENTS.c
    moved = list(connection.scalars(select(s.id).where(s.source_id == number, s.who.in_(names))))
    taken = part_of(old.profile, names)
    rest = part_of(old.profile, [n for n in old.profile["names"] if n not in names])
    rest |= {"roles": old.profile["roles"], "outlets": old.profile["outlets"]}
    values = {
        "name": best_name(taken),
        "kind": old.source.kind,
        "state": old.source.state,
        "profile": taken,
    }
    made = connection.execute(insert(SOURCES), values).inserted_primary_key
    to = int(made[0]) if made is not None else 0
    _write(connection, number, rest, old.name if old.name not in names else best_name(rest))
    _move(connection, moved, to)
    remove_keys(connection, number)
    add_keys(connection, ((key, number) for key in _keys(rest)))
    add_keys(connection, ((key, to) for key in _keys(taken)))
    return {"to": to, "names": list(names), "profile": old.profile, "name": old.name}


def rename(connection: Connection, number: int, name: str) -> dict[str, Any]:
    """Gives a source the name to show."""
    name = " ".join(name.split())
    if not name:
        raise InputError("the new name is empty")
    old = source(connection, number)
    value = {"name": name, "old": old.name, "named": old.profile.get("named", False)}
    _write(connection, number, {**old.profile, "named": True}, name)
    return value


def undo(
    connection: Connection, kind: str, about: Mapping[str, Any], value: Mapping[str, Any]
) -> None:
    """Takes back a merge, a split or a renaming."""
    number = about["source"]
    if kind == "rename":
        now = source(connection, number)
        profile = {**now.profile, "named": value["named"]}
        _write(connection, number, profile, value["old"])
        return
    if kind == "split":
        source(connection, value["to"])
        source(connection, number)
        merge(connection, value["to"], number)
        return
    into = value["into"]
    now = source(connection, into)
    s = STATEMENTS.c
    # what came since under a name that was its alone is its own; under one that both had, it stays
    names = [n for n in value["profile"]["names"] if n not in value["shared"]]
    since = select(s.id).where(s.source_id == into, s.who.in_(names))
    back = set(value["statements"]) | set(connection.scalars(since))
    connection.execute(update(SOURCES).where(SOURCES.c.id == number).values(merged_into=None))
    mine: Profile = {**value["profile"], "names": dict(value["profile"]["names"])}
    theirs = without(now.profile, mine)
    for name in names:
        mine["names"][name] = now.profile["names"].get(name, mine["names"][name])
        theirs["names"].pop(name, None)
    for profile in (mine, theirs):
        days = part_of(profile, profile["names"])
        profile |= {"first": days["first"], "last": days["last"]}
    _write(connection, number, mine, value["name"])
    _write(connection, into, theirs, value["their"])
    still = connection.scalars(select(s.id).where(s.source_id == into))
    _move(connection, [n for n in still if n in back], number)
    after = source(connection, into)
    remove_keys(connection, into)
    add_keys(connection, ((key, into) for key in _keys(after.profile)))
    add_keys(connection, ((key, number) for key in _keys(value["profile"])))


def added(one: Profile, other: Profile) -> Profile:
    """Two profiles as one."""
    out: Profile = {
        **one,
        "names": {k: {**v, "seen": list(v["seen"])} for k, v in one["names"].items()},
        "roles": {k: {**v, "seen": list(v["seen"])} for k, v in one["roles"].items()},
        "outlets": dict(one["outlets"]),
        "first": _least(one["first"], other["first"]),
        "last": _most(one["last"], other["last"]),
    }
    for part in ("names", "roles"):
        for key, entry in other[part].items():
            mine = out[part].get(key)
            if mine is None:
                out[part][key] = {**entry, "seen": list(entry["seen"])}
                continue
            a, b = mine["seen"], entry["seen"]
            mine["seen"] = [a[0] + b[0], _least(a[1], b[1]), _most(a[2], b[2])]
    for outlet, count in other["outlets"].items():
        out["outlets"][outlet] = out["outlets"].get(outlet, 0) + count
    return out


def without(whole: Profile, part: Profile) -> Profile:
    """A profile less the counts of another that was added to it (times stay as wide as they are)."""
    out: Profile = {**whole, "outlets": {}}
    for name in ("names", "roles"):
        out[name] = {}
        for key, entry in whole[name].items():
            count = entry["seen"][0] - part[name].get(key, {"seen": [0]})["seen"][0]
            if count > 0:
                out[name][key] = {**entry, "seen": [count, *entry["seen"][1:]]}
    for outlet, count in whole["outlets"].items():
        left = count - part["outlets"].get(outlet, 0)
        if left > 0:
            out["outlets"][outlet] = left
    return out


def part_of(profile: Profile, names: Iterable[str]) -> Profile:
    """The part of a profile that stands under some of its names."""
    out = empty_profile()
    out["names"] = {name: profile["names"][name] for name in names}
    for entry in out["names"].values():
        out["first"] = _least(out["first"], entry["seen"][1])
        out["last"] = _most(out["last"], entry["seen"][2])
    return out


def _keys(profile: Profile) -> list[str]:
    return list(dict.fromkeys(key for entry in profile["names"].values() for key in entry["keys"]))


def _least(one: str | None, other: str | None) -> str | None:
    return min(one, other) if one and other else one or other


def _most(one: str | None, other: str | None) -> str | None:
    return max(one, other) if one and other else one or other


def _write(connection: Connection, number: int, profile: Profile, name: str) -> None:
    values = {"profile": profile, "name": name}
    connection.execute(update(SOURCES).where(SOURCES.c.id == number).values(values))


def _move(connection: Connection, numbers: Sequence[int], to: int) -> None:
    """Gives statements to another source, in the index of words, too."""
    s = STATEMENTS.c
    for k in range(0, len(numbers), _MANY):
        some = list(numbers[k : k + _MANY])
        connection.execute(update(STATEMENTS).where(s.id.in_(some)).values(source_id=to))
        words.remove(connection, some)
        query = (
            select(STATEMENTS, ARTICLES.c.text.label("article_text"))
            .join(ARTICLES, ARTICLES.c.id == s.article_id)
            .where(s.id.in_(some), s.current)
        )
        rows = [dict(row) for row in connection.execute(query).mappings()]
        words.add(
            connection,
            [words.entry_of(row, row["spans"].get("names"), row["article_text"]) for row in rows],
        )
