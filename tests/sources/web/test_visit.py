from __future__ import annotations

import datetime as dt

import pytest
from web_server import START, Clock, Reply, Web

from qawl.sources.web.errors import FetchError, Later, Refused
from qawl.sources.web.fetch import Fetcher
from qawl.sources.web.visit import Visitor, wait_after

PAGE = "http://daffa.example/1"


def robots(web: Web, text: str, host: str = "daffa.example", status: int = 200) -> None:
    web.routes[host, "/robots.txt"] = Reply(text.encode(), status, "text/plain")


def pages(web: Web, *paths: str, host: str = "daffa.example") -> None:
    for path in paths:
        web.routes[host, path] = Reply(b"<p>x")


def moments(web: Web) -> list[float]:
    return [(a.moment - START).total_seconds() for a in web.log]


def test_waits_double_up_to_a_day() -> None:
    minutes = [wait_after(n).total_seconds() / 60 for n in range(1, 10)]
    assert minutes == [15, 30, 60, 120, 240, 480, 960, 1440, 1440]
    assert wait_after(10**9) == dt.timedelta(days=1)


def test_robots_is_asked_first_and_once_a_day(web: Web, visitor: Visitor, clock: Clock) -> None:
    robots(web, "User-agent: *\nDisallow: /secret")
    pages(web, "/1", "/secret")
    visitor.get(PAGE)
    visitor.get(PAGE)
    with pytest.raises(Refused, match=r"robots\.txt"):
        visitor.get("http://daffa.example/secret")
    assert web.paths("daffa.example") == ["/robots.txt", "/1", "/1"]
    clock.sleep(86_401)
    visitor.get(PAGE)
    assert web.paths("daffa.example")[3:] == ["/robots.txt", "/1"]


def test_robots_is_remembered_by_the_ledger(web: Web, visitor: Visitor, clock: Clock) -> None:
    robots(web, "User-agent: *\nDisallow: /secret")
    pages(web, "/1")
    visitor.get(PAGE)
    other = Visitor(visitor.fetcher, visitor.ledger, delay=0, sleep=clock.sleep)
    other.get(PAGE)
    with pytest.raises(Refused):
        other.get("http://daffa.example/secret")
    assert web.paths("daffa.example") == ["/robots.txt", "/1", "/1"]


def test_redirects_obey_the_robots_of_where_they_lead(web: Web, visitor: Visitor) -> None:
    robots(web, "User-agent: *\nDisallow: /", "closed.example")
    robots(web, "User-agent: *\nDisallow: /here")
    for path, to in (("/1", "http://closed.example/x"), ("/2", "/here")):
        web.routes["daffa.example", path] = Reply(b"", 302, headers={"Location": to})
        with pytest.raises(Refused, match="robots"):
            visitor.get(f"http://daffa.example{path}")
    assert web.paths("closed.example") == ["/robots.txt"]
    assert "/here" not in web.paths("daffa.example")


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_failing_robots_closes_the_host_for_now(
    web: Web, visitor: Visitor, clock: Clock, status: int
) -> None:
    robots(web, "", status=status)
    pages(web, "/1", "/2")
    for path in ("/1", "/2"):
        with pytest.raises(Later, match="left alone") as error:
            visitor.get(f"http://daffa.example{path}")
        assert error.value.until == START + dt.timedelta(minutes=15)
    assert web.paths("daffa.example") == ["/robots.txt"]
    clock.sleep(901)
    robots(web, "")
    visitor.get(PAGE)
    assert web.paths("daffa.example") == ["/robots.txt", "/robots.txt", "/1"]


def test_a_silent_robots_closes_the_host_for_now(web: Web, visitor: Visitor) -> None:
    web.routes["daffa.example", "/robots.txt"] = Reply(b"x", reset=True)
    for _ in range(2):
        with pytest.raises(Later, match="broke the connection off"):
            visitor.get(PAGE)
    assert web.paths("daffa.example") == ["/robots.txt"]


def test_a_robots_that_leads_to_a_private_host_closes_it(web: Web, visitor: Visitor) -> None:
    location = {"Location": "http://127.0.0.1/robots.txt"}
    web.routes["daffa.example", "/robots.txt"] = Reply(b"", 302, headers=location)
    with pytest.raises(Later):
        visitor.get(PAGE)
    assert [a.path for a in web.log] == ["/robots.txt"]


def test_hosts_that_are_not_public_are_not_even_asked_for_robots(
    web: Web, visitor: Visitor
) -> None:
    for address in ("http://127.0.0.1/", "http://localhost/1", "http://10.0.0.1/"):
        with pytest.raises(Refused):
            visitor.get(address)
    assert web.log == web.dialled == []


def test_visits_to_a_host_keep_their_distance(web: Web, fetcher: Fetcher, clock: Clock) -> None:
    visitor = Visitor(fetcher, delay=5, sleep=clock.sleep)
    pages(web, "/1", "/2")
    pages(web, "/1", host="other.example")
    for address in (PAGE, "http://daffa.example/2", "http://other.example/1", PAGE):
        visitor.get(address)
    daffa = [m for m, a in zip(moments(web), web.log, strict=True) if a.host == "daffa.example"]
    assert daffa == [0, 5, 10, 15]
    visitor.get(PAGE, delay=30)
    visitor.get(PAGE, delay=30)
    assert moments(web)[-2:] == [20, 50]


def test_a_larger_crawl_delay_counts(web: Web, fetcher: Fetcher, clock: Clock) -> None:
    visitor = Visitor(fetcher, delay=5, sleep=clock.sleep)
    robots(web, "User-agent: *\nCrawl-delay: 12")
    robots(web, "User-agent: *\nCrawl-delay: 1", "other.example")
    pages(web, "/1")
    pages(web, "/1", host="other.example")
    visitor.get(PAGE)
    visitor.get(PAGE)
    assert moments(web) == [0, 12, 24]
    begun = (clock.moment - START).total_seconds()
    visitor.get("http://other.example/1")
    assert moments(web)[-2:] == [begun, begun + 5]


def test_redirects_keep_the_distance_too(web: Web, fetcher: Fetcher, clock: Clock) -> None:
    visitor = Visitor(fetcher, delay=5, sleep=clock.sleep)
    web.routes["daffa.example", "/1"] = Reply(b"", 301, headers={"Location": "/2"})
    pages(web, "/2")
    visitor.get(PAGE)
    assert moments(web) == [0, 5, 10]


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("header", ["3600", "Mon, 04 Mar 2024 07:00:00 GMT"])
def test_a_host_that_asks_for_patience_is_left_alone(
    web: Web, visitor: Visitor, clock: Clock, status: int, header: str
) -> None:
    pages(web, "/2")
    web.routes["daffa.example", "/1"] = Reply(b"", status, headers={"Retry-After": header})
    with pytest.raises(FetchError):
        visitor.get(PAGE)
    other = Visitor(visitor.fetcher, visitor.ledger, delay=0, sleep=clock.sleep)
    for asking in (visitor, other):
        with pytest.raises(Later) as error:
            asking.get("http://daffa.example/2")
        assert error.value.until == START + dt.timedelta(hours=1)
    assert web.paths("daffa.example") == ["/robots.txt", "/1"]
    clock.sleep(3601)
    visitor.get("http://daffa.example/2")


def test_too_many_without_a_time_means_a_growing_pause(
    web: Web, visitor: Visitor, clock: Clock
) -> None:
    web.routes["daffa.example", "/1"] = Reply(b"", 429)
    for minutes in (15, 30, 60):
        with pytest.raises(FetchError, match="429"):
            visitor.get(PAGE)
        with pytest.raises(Later) as error:
            visitor.get(PAGE)
        assert error.value.until == clock.now() + dt.timedelta(minutes=minutes)
        clock.moment = error.value.until


def test_a_silent_host_is_left_alone_after_three_times(web: Web, visitor: Visitor) -> None:
    pages(web, "/ok")
    for path in ("/1", "/2", "/3", "/4"):
        web.routes["daffa.example", path] = Reply(b"x", reset=True)
    for path in ("/1", "/2"):
        with pytest.raises(FetchError, match="broke the connection off"):
            visitor.get(f"http://daffa.example{path}")
    visitor.get("http://daffa.example/ok")
    for path in ("/1", "/2", "/3"):
        with pytest.raises(FetchError, match="broke the connection off"):
            visitor.get(f"http://daffa.example{path}")
    with pytest.raises(Later):
        visitor.get("http://daffa.example/4")
    assert "/4" not in web.paths("daffa.example")
