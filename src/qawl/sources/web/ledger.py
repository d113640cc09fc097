"""What is remembered of addresses, and what of it following needs (``Ledger``).

The record keeps it (record/fetches.py); ``Memory`` keeps it for as long as the process runs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Kind = Literal["feed", "sitemap", "page", "robots", "host"]


@dataclass(frozen=True, slots=True)
class Visit:
    """What is known of an address.

    ``next_try``: a page waits to be fetched from then on (None: nothing is to be done); a feed or
    sitemap is left alone until then, and so is a host (its address is "//" and its name); the rules
    of a robots.txt hold until then. ``failures`` are counted in a row. ``told`` is what a
    feed says of a page (title, published, stamps), or a robots.txt's text. Times are UTC.
    """

    address: str
    kind: Kind
    outlet: str | None = None
    fetched: dt.datetime | None = None
    status: int | None = None
    etag: str | None = None
    modified: str | None = None
    failures: int = 0
    error: str | None = None
    next_try: dt.datetime | None = None
    told: dict[str, Any] = field(default_factory=dict)


class Ledger(Protocol):
    """Remembers visits."""

    def get(self, addresses: Iterable[str]) -> dict[str, Visit]:
        """What is known of these addresses, by address; nothing of those that are new."""
        ...

    def put(self, visits: Collection[Visit], new: Collection[Visit] = ()) -> None:
        """Keeps what is now known, and of ``new`` what is still not known (another process may have
        put it there in the meantime): all of it or, where the process is killed, none."""
        ...

    def claim(self, address: str, moment: dt.datetime, until: dt.datetime) -> bool:
        """Sets ``next_try`` to ``until`` if it is not after ``moment``, or None and the address is no
        page's: True for the one who may visit now, False where another process does or has done it.
        An address that is not known is free."""
        ...

    def due(self, moment: dt.datetime, outlets: Collection[str], most: int) -> list[Visit]:
        """Pages of these outlets that wait and whose time has come, the longest waiting first."""
        ...

    def waiting(self, outlets: Collection[str]) -> int:
        """How many pages of these outlets wait, due or not."""
        ...


class Memory:
    """Remembers visits in this process only."""

    def __init__(self) -> None:
        self.visits: dict[str, Visit] = {}

    def get(self, addresses: Iterable[str]) -> dict[str, Visit]:
        """What is known of these addresses."""
        return {a: self.visits[a] for a in addresses if a in self.visits}

    def put(self, visits: Collection[Visit], new: Collection[Visit] = ()) -> None:
        """Keeps what is now known."""
        for visit in new:
            self.visits.setdefault(visit.address, visit)
        self.visits.update((v.address, v) for v in visits)

    def claim(self, address: str, moment: dt.datetime, until: dt.datetime) -> bool:
        """Always True: there is no other process."""
        return True

    def due(self, moment: dt.datetime, outlets: Collection[str], most: int) -> list[Visit]:
        """Pages that wait and whose time has come."""
        found = [v for v in self._pages(outlets) if v.next_try and v.next_try <= moment]
        return sorted(found, key=lambda v: (v.next_try, v.address))[:most]

    def waiting(self, outlets: Collection[str]) -> int:
        """How many pages wait."""
        return sum(v.next_try is not None for v in self._pages(outlets))

    def _pages(self, outlets: Collection[str]) -> list[Visit]:
        return [v for v in self.visits.values() if v.kind == "page" and v.outlet in outlets]
