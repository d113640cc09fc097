"""Hosts on a real server, and what fetches from them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from web_server import Clock, Web

from qawl.sources.web.fetch import Fetcher, Limits
from qawl.sources.web.guard import Guard
from qawl.sources.web.visit import Visitor


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def web(clock: Clock) -> Iterator[Web]:
    made = Web(clock)
    yield made
    made.close()


@pytest.fixture
def fetcher(web: Web, clock: Clock) -> Fetcher:
    """Public hosts only, as they resolve in ``web``; all connections go to the one server, so that
    nothing but the guard keeps a private address from being reached."""
    return Fetcher(
        Guard(resolve=web.resolve),
        contact="https://desk.example/about",
        limits=Limits(size=200_000, connect=20, whole=20),
        now=clock.now,
        dial=web.dial,
    )


@pytest.fixture
def visitor(fetcher: Fetcher, clock: Clock) -> Visitor:
    return Visitor(fetcher, delay=0, sleep=clock.sleep)
