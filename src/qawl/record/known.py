"""What the linker knows of the sources seen before, and a record of them in memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from qawl.record.mentions import Mention
from qawl.record.naming import Kind


@dataclass(frozen=True, slots=True)
class Seen:
    """When and how often a source stood under a role."""

    first: dt.date | None
    last: dt.date | None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Source:
    """A source as the record knows it: ``names`` are keys of names with how often each was used, ``roles``
    keys of roles with when, ``outlets`` those that quoted it with how often."""

    id: int
    kind: Kind
    state: str | None = None
    names: Mapping[str, int] = field(default_factory=dict)
    roles: Mapping[str, Seen] = field(default_factory=dict)
    first: dt.date | None = None
    last: dt.date | None = None
    outlets: Mapping[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many mentions it has."""
        return sum(self.names.values())


class Known(Protocol):
    """What the linker asks of the record."""

    def sources(self, keys: Iterable[str]) -> Iterable[Source]:
        """The sources that hold one of ``keys`` (``Mention.keys`` of their mentions), each once."""
        ...


def with_mention(source: Source | None, mention: Mention, ident: int) -> Source:
    """A source with one more mention of it: what the record has to keep."""
    old = source or Source(ident, mention.kind, mention.state)
    names = dict(old.names)
    names[mention.key] = names.get(mention.key, 0) + 1
    roles = dict(old.roles)
    for role in mention.roles:
        seen = roles.get(role.key)
        roles[role.key] = Seen(
            _earlier(seen.first if seen else None, mention.date),
            _later(seen.last if seen else None, mention.date),
            (seen.count if seen else 0) + 1,
        )
    outlets = dict(old.outlets)
    if mention.outlet:
        outlets[mention.outlet] = outlets.get(mention.outlet, 0) + 1
    return Source(
        ident,
        mention.kind if _surer(mention.kind, old.kind) else old.kind,
        old.state or mention.state,
        names,
        roles,
        _earlier(old.first, mention.date),
        _later(old.last, mention.date),
        outlets,
    )


def _surer(new: Kind, old: Kind) -> bool:
    """Whether a kind tells more: an office gets its holder's name, a bare name turns out a company's."""
    return old == "unnamed" or (old == "person" and new in ("body", "media"))


def _earlier(one: dt.date | None, other: dt.date | None) -> dt.date | None:
    return min(one, other) if one and other else one or other


def _later(one: dt.date | None, other: dt.date | None) -> dt.date | None:
    return max(one, other) if one and other else one or other


class Remembered:
    """A record in memory: what tests and measurements link against."""

    def __init__(self) -> None:
        self._sources: dict[int, Source] = {}
        self._by_key: dict[str, dict[int, None]] = {}

    def sources(self, keys: Iterable[str]) -> Iterable[Source]:
        """The sources that hold one of ``keys``, each once."""
        ids = dict.fromkeys(one for key in keys for one in self._by_key.get(key, ()))
        return [self._sources[one] for one in ids]

    def keep(self, mention: Mention, source_id: int | None) -> int:
        """Takes a mention in, as a new source (None) or one that is known; the source's number."""
        old = self._sources.get(source_id or 0)
        ident = old.id if old else len(self._sources) + 1
        self._sources[ident] = with_mention(old, mention, ident)
        for key in mention.keys:
            self._by_key.setdefault(key, {})[ident] = None
        return ident
