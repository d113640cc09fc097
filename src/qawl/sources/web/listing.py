"""What a feed or a sitemap lists: addresses of articles, with what it tells of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from qawl.sources.web.errors import FetchError, Refused
from qawl.sources.web.guard import tidy


class ListingError(FetchError):
    """What was fetched is no feed or sitemap, or holds nothing; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article that a feed or sitemap lists. ``address`` is tidied; times are UTC; ``updated`` is
    None where it is not told."""

    address: str
    title: str = ""
    published: dt.datetime | None = None
    updated: dt.datetime | None = None

    @property
    def stamp(self) -> str:
        """Another one for another version of the article, as far as the listing tells."""
        moment = self.updated or self.published
        return f"{moment.isoformat() if moment else ''}|{self.title}"


@dataclass(frozen=True, slots=True)
class Listing:
    """The entries of a feed or sitemap, newest or first one first; ``sitemaps`` are those that a
    sitemap's index names. ``broken`` says why it may hold less than was meant. ``odd`` counts
    entries without a web address."""

    entries: tuple[Entry, ...] = ()
    sitemaps: tuple[Entry, ...] = ()
    broken: str | None = None
    odd: int = 0


def listed(found: Iterable[Entry], base: str) -> tuple[tuple[Entry, ...], int]:
    """The entries with tidied addresses, each once, and how many have none that can be used."""
    kept: dict[str, Entry] = {}
    odd = 0
    for entry in found:
        try:
            address = tidy(entry.address, base) if entry.address.strip() else ""
        except Refused:
            address = ""
        if address:
            kept.setdefault(address, Entry(address, entry.title, entry.published, entry.updated))
        else:
            odd += 1
    return tuple(kept.values()), odd
