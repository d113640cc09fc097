"""One round over outlets: what their feeds and sitemaps list is queued, what is due is fetched.

What is listed is in the queue before the feed counts as read, and leaves it only when its article is
kept: whatever fails, and whenever the process ends, nothing listed is lost.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from qawl.errors import InputError
from qawl.sources.web import feeds, sitemaps
from qawl.sources.web.errors import FetchError, Later
from qawl.sources.web.fetch import LISTINGS, Answer
from qawl.sources.web.ledger import Visit
from qawl.sources.web.listing import Entry, Listing
from qawl.sources.web.outlets import Outlet, Outlets, by_name
from qawl.sources.web.page import Fetched, article_of
from qawl.sources.web.visit import Visitor, host_of, wait_after

#: Keeps an article; says whether it was new, a new version or there already. Raises InputError where
#: it cannot be kept.
Keep = Callable[[Fetched], Literal["new", "version", "same"]]
#: (address, what is wrong with it and when it is tried again)
OnError = Callable[[str, str], None]

#: For this long an address belongs to the process that visits it; one that was killed loses it then.
CLAIM = dt.timedelta(minutes=10)
#: Pages that are taken from the queue at a time.
_BATCH = 2000
#: Sitemaps of an index that are read in a round, the newest first.
_SITEMAPS = 50
#: Failures in a row after which a page is no longer tried: of one that is not there (over four
#: days), one that holds no article, and any other (over three weeks).
_GONE, _NO_ARTICLE, _OTHER = 10, 4, 30
#: Feeds and sitemaps whose word on a page is remembered.
_STAMPS = 8


@dataclass
class Round:
    """What a round did: ``done`` counts articles by new, version, same and unchanged."""

    read: int = 0  # feeds and sitemaps
    unchanged: int = 0
    resting: int = 0  # after failures, or by their host's wish
    broken: int = 0
    found: int = 0  # pages that were not known
    again: int = 0  # pages that a feed says were changed
    failed: int = 0
    put_off: Counter[str] = field(default_factory=Counter)  # pages, by the reason
    done: Counter[str] = field(default_factory=Counter)
    waiting: int = 0

    @property
    def failures(self) -> int:
        """Everything that did not come."""
        return self.broken + self.failed


class Follow:
    """Follows outlets, round by round."""

    def __init__(
        self,
        outlets: Outlets,
        visitor: Visitor,
        keep: Keep,
        on_error: OnError = lambda address, message: None,
    ) -> None:
        self._outlets = by_name(outlets.outlets)
        self._visitor = visitor
        self._ledger = visitor.ledger
        self._keep = keep
        self._on_error = on_error
        self._now = visitor.fetcher.now

    def round(self, result: Round | None = None) -> Round:
        """One round; ``result`` is filled as it goes on, and returned."""
        result = Round() if result is None else result
        try:
            for outlet in self._outlets.values():
                for address in outlet.feeds:
                    self._listing(outlet, "feed", address, result)
                for address in outlet.sitemaps:
                    self._listing(outlet, "sitemap", address, result)
            self._pages(result)
        finally:
            result.waiting = self._ledger.waiting(self._outlets)
        for reason, count in result.put_off.items():
            host, _, why = reason.partition(" ")
            self._on_error(host, f"{why}; pages put off: {count}")
        return result

    # feeds and sitemaps

    def _listing(
        self,
        outlet: Outlet,
        kind: Literal["feed", "sitemap"],
        address: str,
        result: Round,
        depth: int = 0,
        stamp: str = "",
    ) -> None:
        """Reads a feed or sitemap and queues what it lists. ``stamp`` tells its version, if known."""
        moment = self._now()
        known = self._ledger.get([address]).get(address) or Visit(address, kind, outlet.name)
        if known.next_try and known.next_try > moment:
            result.resting += 1
            return
        if stamp and not known.failures and known.told.get("stamp") == stamp:
            result.unchanged += 1
            return
        if not self._ledger.claim(address, moment, moment + CLAIM):
            result.resting += 1
            return
        known = replace(known, kind=kind, outlet=outlet.name)
        try:
            listing, answer = self._read(known, outlet)
        except Later as error:
            self._ledger.put([replace(known, error=str(error), next_try=error.until)])
            result.resting += 1
            self._on_error(address, f"{error}; it is tried again {_when(error.until)}")
        except FetchError as error:
            result.broken += 1
            self._ledger.put([self._failed(known, error, most=None)])
        except BaseException:
            self._ledger.put([known])  # it is tried again in the next round
            raise
        else:
            well = replace(
                known, fetched=answer.fetched, status=answer.status, failures=0, error=None,
                next_try=None,
            )  # fmt: skip
            if listing is None:
                self._ledger.put([replace(well, told=known.told | {"stamp": stamp})])
                result.unchanged += 1
                return
            self._listed(outlet, well, listing, answer, result, stamp)
            if depth < 2:
                for entry in self._recent(listing.sitemaps, outlet.days):
                    told = entry.stamp if entry.updated else ""
                    self._listing(outlet, "sitemap", entry.address, result, depth + 1, told)

    def _read(self, known: Visit, outlet: Outlet) -> tuple[Listing | None, Answer]:
        """What a feed or sitemap lists; None where it has not changed."""
        answer = self._visitor.get(
            known.address,
            kinds=LISTINGS,
            etag=known.etag,
            modified=known.modified,
            size=sitemaps.SIZE if known.kind == "sitemap" else None,
            delay=outlet.delay,
        )
        if answer.status == 304:
            return None, answer
        if known.kind == "sitemap":
            return sitemaps.read(answer.body, answer.address), answer
        return feeds.read(answer.body, answer.address, answer.charset), answer

    def _listed(
        self,
        outlet: Outlet,
        visit: Visit,
        listing: Listing,
        answer: Answer,
        result: Round,
        stamp: str,
    ) -> None:
        """Queues what was listed, and in the same breath keeps that it was read."""
        entries = [e for e in listing.entries if outlet.wants(e.address)]
        if visit.kind == "sitemap":
            entries = self._recent(entries, outlet.days, most=None)
        known = self._ledger.get(e.address for e in entries)
        moment = self._now()
        changed: list[Visit] = []
        fresh: list[Visit] = []
        for entry in entries:
            old = known.get(entry.address)
            new = queued(old, entry, visit.address, outlet.name, moment)
            if new is not None:
                (fresh if old is None else changed).append(new)
                result.found += old is None
                result.again += bool(old and old.next_try is None and new.next_try)
        if listing.broken:
            result.broken += 1
            visit = self._failed(visit, FetchError(listing.broken), most=None)
        else:
            result.read += 1
            # an index is always read whole: its sitemaps change without it
            keeps = not listing.sitemaps
            visit = replace(
                visit,
                etag=answer.etag if keeps else None,
                modified=answer.modified if keeps else None,
                told={"stamp": stamp},
            )
        self._ledger.put([*changed, visit], new=fresh)

    def _recent(
        self, entries: Iterable[Entry], days: float, most: int | None = _SITEMAPS
    ) -> list[Entry]:
        """Entries of the last ``days`` days or without a date; the newest ``most`` of them."""
        oldest = self._now() - dt.timedelta(days=days)
        last = dt.datetime.max.replace(tzinfo=dt.UTC)
        dated = [(e.updated or e.published or last, e) for e in entries]
        kept = [(moment, e) for moment, e in dated if moment >= oldest]
        if most is not None:
            kept = sorted(kept, key=lambda pair: pair[0], reverse=True)[:most]
        return [e for _, e in kept]

    # pages

    def _pages(self, result: Round) -> None:
        """Fetches what is due, each page once, from whichever host may be visited first."""
        seen: set[str] = set()
        while True:
            due = self._ledger.due(self._now(), self._outlets, _BATCH)
            fresh = [visit for visit in due if visit.address not in seen]
            if not fresh:
                return
            seen.update(visit.address for visit in fresh)
            hosts: defaultdict[str, deque[Visit]] = defaultdict(deque)
            for visit in fresh:
                hosts[host_of(visit.address)].append(visit)
            while hosts:
                host = min(hosts, key=lambda h: self._visitor.ready(f"https://{h}/"))
                self._page(hosts[host].popleft(), result)
                if not hosts[host]:
                    del hosts[host]

    def _page(self, visit: Visit, result: Round) -> None:
        outlet = self._outlets[visit.outlet or ""]
        moment = self._now()
        if not outlet.wants(visit.address):
            left_out = "the patterns of the outlet leave it out"
            self._ledger.put([replace(visit, next_try=None, error=left_out)])
            return
        if not self._ledger.claim(visit.address, moment, moment + CLAIM):
            return
        try:
            answer = self._visitor.get(
                visit.address, etag=visit.etag, modified=visit.modified, delay=outlet.delay
            )
            what = self._kept(answer, visit, outlet) if answer.status == 200 else "unchanged"
        except Later as error:
            self._ledger.put([replace(visit, next_try=max(error.until, self._now()))])
            result.put_off[f"{error}; tried again {_when(error.until)}"] += 1
        except FetchError as error:
            result.failed += 1
            most = _GONE if error.status in (404, 410) else _OTHER
            self._ledger.put([self._failed(visit, error, most)])
        except InputError as error:
            result.failed += 1
            self._ledger.put([self._failed(visit, FetchError(str(error), status=200), _NO_ARTICLE)])
        except BaseException:
            self._ledger.put([visit])  # it waits as before
            raise
        else:
            result.done[what] += 1
            same = 0 if what in ("new", "version") else visit.told.get("same", 0) + 1
            fresh = answer.status == 200
            self._ledger.put([
                replace(
                    visit, fetched=answer.fetched, status=answer.status, failures=0, error=None,
                    next_try=None, etag=answer.etag if fresh else visit.etag,
                    modified=answer.modified if fresh else visit.modified,
                    told=visit.told | {"same": same},
                )
            ])  # fmt: skip

    def _kept(self, answer: Answer, visit: Visit, outlet: Outlet) -> str:
        date = sitemaps.moment(visit.told.get("published"))
        fetched = article_of(answer, visit.address, outlet=outlet.name, date=date)
        article = replace(fetched.article, country=outlet.country)
        return self._keep(fetched._replace(article=article))

    def _failed(self, visit: Visit, error: FetchError, most: int | None) -> Visit:
        """The visit after one more failure, told to the user; after ``most`` it is given up."""
        moment = self._now()
        failures = visit.failures + 1
        wait = max(wait_after(failures), dt.timedelta(seconds=error.retry_after or 0))
        given_up = most is not None and failures >= most
        until = None if given_up else moment + wait
        after = f"given up after {failures} tries" if until is None else f"again {_when(until)}"
        self._on_error(visit.address, f"{error}; {after}")
        return replace(
            visit, fetched=moment, status=error.status, failures=failures, error=str(error),
            next_try=until,
        )  # fmt: skip


def queued(
    known: Visit | None, entry: Entry, listing: str, outlet: str, moment: dt.datetime
) -> Visit | None:
    """What is to be remembered of a page that ``listing`` lists; None where nothing is new.

    A page whose article was kept waits again only if the same listing tells another time or title
    than before; the more often it turned out the same, the longer it waits (15 minutes to a day).
    """
    stamps = {listing: entry.stamp}
    published = entry.published.isoformat() if entry.published else None
    told = {"title": entry.title, "published": published, "stamps": stamps}
    if known is None:
        return Visit(entry.address, "page", outlet, next_try=moment, told=told)
    before = known.told.get("stamps", {})
    if known.kind != "page" or before.get(listing) == entry.stamp:
        return None
    others = [(a, s) for a, s in before.items() if a != listing][-_STAMPS + 1 :]
    told = known.told | told | {"stamps": dict(others) | stamps}
    told["published"] = published or known.told.get("published")
    if known.next_try is not None or listing not in before:
        return replace(known, told=told)
    earliest = (known.fetched or moment) + wait_after(known.told.get("same", 0) + 1)
    return replace(known, told=told, failures=0, error=None, next_try=max(moment, earliest))


def _when(moment: dt.datetime) -> str:
    return f"after {moment:%Y-%m-%d %H:%M} UTC"
