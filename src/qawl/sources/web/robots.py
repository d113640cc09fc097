"""What a host's robots.txt allows (RFC 9309)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from qawl.errors import MissingExtraError
from qawl.sources.web.errors import FetchError
from qawl.sources.web.fetch import Answer
from qawl.sources.web.ledger import Visit

#: The name under which a robots.txt speaks to Qawl.
NAME = "qawl"
#: Rules are asked for anew after a day (RFC 9309, 2.4).
KEPT = dt.timedelta(days=1)
#: Bytes of a robots.txt that are read (RFC 9309, 2.5: 500 KiB at least).
SIZE = 512_000
#: A Crawl-delay beyond this many seconds counts as this: it would keep a day's news from being read.
LONGEST_DELAY = 300.0
KINDS = ("text/plain", "text/html", "application/octet-stream", "text/x-robots", "text/robots")


class Rules:
    """The rules of one host for Qawl."""

    def __init__(self, text: str) -> None:
        """``text`` is the robots.txt; an empty one allows all. Raises MissingExtraError without
        protego."""
        try:
            from protego import Protego
        except ModuleNotFoundError as error:
            raise MissingExtraError("fetching from the web", "record") from error
        self._parsed: Any = Protego.parse(text)

    def allow(self, address: str) -> bool:
        """Whether ``address`` may be fetched."""
        return bool(self._parsed.can_fetch(address, NAME))

    @property
    def delay(self) -> float:
        """Seconds that must lie between two visits; 0 where the rules do not say."""
        given = self._parsed.crawl_delay(NAME)
        return min(max(float(given or 0), 0.0), LONGEST_DELAY)


def visited(address: str, answer: Answer) -> Visit:
    """What is kept of a robots.txt that was fetched."""
    text = answer.body.decode("utf-8", "replace").lstrip("\ufeff").replace("\x00", "")
    return _visit(address, answer.fetched, 200, text)


def failed(
    address: str, error: FetchError, moment: dt.datetime, known: Visit | None, wait: dt.timedelta
) -> Visit:
    """What is kept where there was none: "there is none" (status 4xx) allows all for a day; a server
    that fails, asks for patience or cannot be reached allows nothing for now (RFC 9309, 2.3.1)."""
    if error.status and 400 <= error.status < 500 and error.status != 429:
        return _visit(address, moment, error.status, "")
    failures = known.failures + 1 if known else 1
    return Visit(
        address, "robots", fetched=moment, status=error.status, failures=failures,
        error=str(error), next_try=moment + wait,
    )  # fmt: skip


def _visit(address: str, moment: dt.datetime, status: int, text: str) -> Visit:
    return Visit(
        address, "robots", fetched=moment, status=status, next_try=moment + KEPT,
        told={"text": text},
    )  # fmt: skip
