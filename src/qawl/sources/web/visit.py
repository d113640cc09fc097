"""A visitor with manners: it keeps to robots.txt, comes slowly, and stays away when asked to."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from qawl.sources.web import robots
from qawl.sources.web.errors import FetchError, Later, Refused
from qawl.sources.web.fetch import PAGES, Answer, Fetcher
from qawl.sources.web.guard import tidy
from qawl.sources.web.ledger import Ledger, Memory, Visit

#: Seconds between two visits to a host, where neither the user nor its robots.txt says otherwise.
DELAY = 5.0
#: What failed is tried again after this long, then twice as long, up to a day.
FIRST_WAIT, LONGEST_WAIT = dt.timedelta(minutes=15), dt.timedelta(days=1)
#: A host that gave no answer this many times in a row is left alone for a while.
_PATIENCE = 3


def wait_after(failures: int) -> dt.timedelta:
    """How long to wait after the ``failures``-th failure in a row."""
    doublings = min(max(failures - 1, 0), 20)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


class Visitor:
    """Fetches addresses, one at a time, as their hosts wish it."""

    def __init__(
        self,
        fetcher: Fetcher | None = None,
        ledger: Ledger | None = None,
        *,
        delay: float = DELAY,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``delay`` is in seconds, between two visits to a host. Raises MissingExtraError without the
        packages that fetching needs."""
        self.fetcher = fetcher or Fetcher()
        self.ledger = ledger or Memory()
        self._delay = delay
        self._sleep = sleep
        self._free: dict[str, dt.datetime] = {}  # when a host may be visited again
        self._rules: dict[str, tuple[dt.datetime, robots.Rules]] = {}
        self._silent: dict[str, int] = {}  # how often in a row a host gave no answer

    def get(
        self,
        address: str,
        *,
        kinds: tuple[str, ...] = PAGES,
        etag: str | None = None,
        modified: str | None = None,
        size: int | None = None,
        delay: float | None = None,
    ) -> Answer:
        """What ``address`` gives, redirects followed. Waits until its host may be visited.

        ``delay`` (seconds) takes the place of the visitor's own. Raises Refused for what may not be
        fetched, Later where the host must be left alone for now, FetchError where it gives nothing.
        """
        pace = self._delay if delay is None else delay
        here = address = tidy(address)

        def before(to: str) -> None:
            nonlocal here
            here = to
            self._enter(to, pace)

        try:
            answer = self.fetcher.get(
                address, kinds=kinds, etag=etag, modified=modified, size=size, before=before
            )
        except (Refused, Later):
            raise
        except FetchError as error:
            self._hear(here, error)
            raise
        finally:
            self._leave(here, pace)
        self._silent.pop(host_of(address), None)
        return answer

    def ready(self, address: str) -> dt.datetime:
        """When the host of ``address`` may be visited (UTC); in the past: now."""
        return self._free.get(host_of(address), dt.datetime.min.replace(tzinfo=dt.UTC))

    def _enter(self, address: str, pace: float) -> None:
        """Makes sure that ``address`` may be visited, and waits for its host's turn."""
        self._stay_away(address)
        rules = self._rules_of(origin_of(address), pace)
        if not rules.allow(address):
            raise Refused(f"the robots.txt of {host_of(address)} does not allow it")
        self._turn(address, pace)

    def _turn(self, address: str, pace: float) -> None:
        """Waits for the turn of the host of ``address``, and takes it."""
        left = (self.ready(address) - self.fetcher.now()).total_seconds()
        if left > 0:
            self._sleep(left)
        self._leave(address, pace)

    def _leave(self, address: str, pace: float) -> None:
        """The host of ``address`` may be visited again after its delay."""
        rules = self._rules.get(origin_of(address))
        wait = max(pace, rules[1].delay if rules else 0.0)
        moment = self.fetcher.now() + dt.timedelta(seconds=wait)
        self._free[host_of(address)] = max(moment, self.ready(address))

    def _stay_away(self, address: str) -> None:
        """Raises Later while the host of ``address`` must be left alone."""
        known = self._pause(host_of(address))
        if known and known.next_try and known.next_try > self.fetcher.now():
            raise Later(f"{host_of(address)} is left alone: {known.error}", known.next_try)

    def _pause(self, host: str) -> Visit | None:
        """When and why a host was last to be left alone."""
        return self.ledger.get([f"//{host}"]).get(f"//{host}")

    def _hear(self, address: str, error: FetchError) -> None:
        """Leaves the host of ``address`` alone where it asks for it, or gives no answer any more."""
        host, moment = host_of(address), self.fetcher.now()
        wait: dt.timedelta | None = None
        known = self._pause(host)
        recent = known and known.fetched and moment - known.fetched <= LONGEST_WAIT
        failures = known.failures if known and recent else 0
        if error.retry_after is not None and error.status in (429, 503):
            wait = dt.timedelta(seconds=error.retry_after)
        elif error.status == 429:
            failures += 1
            wait = wait_after(failures)
        elif error.unreachable:
            self._silent[host] = self._silent.get(host, 0) + 1
            if self._silent[host] >= _PATIENCE:
                wait = FIRST_WAIT
        else:
            self._silent.pop(host, None)
        if wait:
            self._silent.pop(host, None)
            self.ledger.put([
                Visit(
                    f"//{host}", "host", fetched=moment, status=error.status, failures=failures,
                    error=str(error), next_try=moment + wait,
                )
            ])  # fmt: skip

    def _rules_of(self, origin: str, pace: float) -> robots.Rules:
        """The rules of a host; raises Later where they cannot be had for now."""
        moment = self.fetcher.now()
        if (held := self._rules.get(origin)) and held[0] > moment:
            return held[1]
        address = origin + "/robots.txt"
        known = self.ledger.get([address]).get(address)
        asked = known is None or known.next_try is None or known.next_try <= moment
        if known is None or asked:
            known = self._asked(address, known, pace)
            self.ledger.put([known])
        until = known.next_try or moment
        if "text" not in known.told:
            why = f"its robots.txt cannot be had for now: {known.error}"
            raise Later(f"{host_of(origin)} is left alone: {why}", until)
        rules = robots.Rules(known.told["text"])
        self._rules[origin] = (until, rules)
        if asked:
            self._leave(address, pace)  # the delay that it asks for begins with its own visit
        return rules

    def _asked(self, address: str, known: Visit | None, pace: float) -> Visit:
        """The robots.txt as it is now. Its redirects are followed, whatever other hosts' rules say."""
        here = address

        def before(to: str) -> None:
            nonlocal here
            here = to
            self._stay_away(to)
            self._turn(to, pace)

        try:
            answer = self.fetcher.get(
                address, kinds=robots.KINDS, size=robots.SIZE, cut=True, before=before
            )
        except Later as error:
            wait = error.until - self.fetcher.now()
            return robots.failed(address, error, self.fetcher.now(), known, wait)
        except FetchError as error:
            if isinstance(error, Refused) and here == address:
                raise  # the host itself may not be visited
            if error.status == 200 and not isinstance(error, Refused):
                # it is there, but no text (a picture, say): RFC 9309, 2.2: what is no rule is passed over
                error = FetchError(str(error), status=404)
            elif not isinstance(error, Refused):
                self._hear(here, error)
            asked = dt.timedelta(seconds=error.retry_after or 0)
            wait = max(asked, wait_after(known.failures + 1 if known else 1))
            return robots.failed(address, error, self.fetcher.now(), known, wait)
        finally:
            self._leave(here, pace)
        return robots.visited(address, answer)


def host_of(address: str) -> str:
    """The host of a tidied address, with its port where that is no default one."""
    return urlsplit(address).netloc


def origin_of(address: str) -> str:
    """Scheme, host and port of a tidied address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
