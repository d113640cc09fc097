from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from web_server import START, Clock, Reply, Web, atom, news_sitemap, page, rss, zipped

from qawl.errors import InputError
from qawl.sources.web.fetch import Fetcher
from qawl.sources.web.follow import Follow, Round, queued
from qawl.sources.web.ledger import Memory, Visit
from qawl.sources.web.listing import Entry
from qawl.sources.web.outlets import Outlet, Outlets
from qawl.sources.web.page import Fetched, fetch_article
from qawl.sources.web.visit import Visitor

TEXT = "قالت وزيرة المياه هناء الصفدي إن السد سيمتلئ قبل نهاية آذار.\nوأضافت أن الوزارة لن ترفع الأسعار."
FEED = "http://daffa.example/rss"
HOUR = dt.timedelta(hours=1)


class Desk:
    """Follows outlets and keeps articles in a list."""

    def __init__(self, visitor: Visitor, *outlets: Outlet) -> None:
        self.kept: list[Fetched] = []
        self.problems: list[tuple[str, str]] = []
        self.visitor = visitor
        self.ledger = visitor.ledger
        self.answer: BaseException | None = None
        given = outlets or (Outlet("صحيفة الضفة", feeds=(FEED,)),)
        self.follow = Follow(Outlets(given), visitor, self.keep, self.tell)

    def keep(self, fetched: Fetched) -> str:
        if self.answer is not None:
            raise self.answer
        before = [f.article for f in self.kept if f.article.id == fetched.article.id]
        if before and before[-1].text == fetched.article.text:
            return "same"
        self.kept.append(fetched)
        return "version" if before else "new"

    def tell(self, address: str, message: str) -> None:
        self.problems.append((address, message))

    def round(self) -> Round:
        self.problems = []
        return self.follow.round()

    def visit(self, address: str) -> Visit:
        return self.ledger.get([address])[address]


@pytest.fixture
def desk(visitor: Visitor) -> Desk:
    return Desk(visitor)


def publish(web: Web, *paths: str, feed: str = "/rss", **fields: object) -> None:
    """A feed of these paths, and a page at each."""
    items = [(p, f"خبر {p}", START) for p in paths]
    web.routes["daffa.example", feed] = Reply(rss("daffa.example", items), **fields)  # type: ignore[arg-type]
    for p in paths:
        web.routes.setdefault(("daffa.example", p), Reply(page(f"خبر {p}", TEXT)))


def test_articles_carry_the_country_of_their_outlet(web: Web, visitor: Visitor) -> None:
    publish(web, "/1")
    desk = Desk(visitor, Outlet("صحيفة الضفة", "الأردن", feeds=(FEED,)))
    desk.round()
    assert [f.article.country for f in desk.kept] == ["الأردن"]


def test_what_a_feed_lists_is_kept(web: Web, desk: Desk) -> None:
    publish(web, "/1", "/2")
    result = desk.round()
    assert [f.article.address for f in desk.kept] == [
        "http://daffa.example/1", "http://daffa.example/2",
    ]  # fmt: skip
    first = desk.kept[0]
    assert first.article.outlet == "صحيفة الضفة"
    assert first.article.date == START  # the page does not say, the feed does
    assert first.page == page("خبر /1", TEXT)
    assert (first.kind, first.fetched) == ("text/html; charset=utf-8", START)
    assert (result.read, result.found, result.done["new"], result.waiting) == (1, 2, 2, 0)
    assert (result.failures, desk.problems) == (0, [])


def test_what_was_kept_is_not_fetched_again(web: Web, desk: Desk, clock: Clock) -> None:
    publish(web, "/1", "/2", headers={"ETag": '"a"', "Last-Modified": "x"})
    desk.round()
    clock.sleep(3600)
    publish(web, "/1", "/2", "/3")
    result = desk.round()
    assert web.paths("daffa.example") == ["/robots.txt", "/rss", "/1", "/2", "/rss", "/3"]
    assert web.log[4].headers["if-none-match"] == '"a"'
    assert web.log[4].headers["if-modified-since"] == "x"
    assert (result.found, result.done.total()) == (1, 1)


def test_a_feed_that_has_not_changed_costs_nothing(web: Web, desk: Desk, clock: Clock) -> None:
    publish(web, "/1", headers={"ETag": '"a"'})
    desk.round()
    web.routes["daffa.example", "/rss"] = Reply(b"", 304)
    result = desk.round()
    assert (result.read, result.unchanged, result.failures) == (0, 1, 0)


def test_an_article_that_the_feed_says_was_changed_comes_again(
    web: Web, desk: Desk, clock: Clock
) -> None:
    def show(title: str, updated: dt.datetime, text: str) -> None:
        items = [("/1", title, updated)]
        web.routes["daffa.example", "/rss"] = Reply(atom("daffa.example", items))
        web.routes["daffa.example", "/1"] = Reply(page(title, text), headers={"ETag": '"p"'})

    show("أ", START, TEXT)
    desk.round()
    clock.sleep(3600)
    desk.round()
    assert web.paths("daffa.example").count("/1") == 1
    show("أ", START + HOUR, TEXT + " وختمت بالشكر.")
    result = desk.round()
    assert (result.again, result.done["version"]) == (1, 1)
    assert web.log[-1].headers["if-none-match"] == '"p"'
    clock.sleep(3600)
    web.routes["daffa.example", "/1"] = Reply(b"", 304)
    web.routes["daffa.example", "/rss"] = Reply(
        atom("daffa.example", [("/1", "ب", START + 2 * HOUR)])
    )
    assert desk.round().done["unchanged"] == 1
    assert len(desk.kept) == 2


def test_a_feed_that_always_says_now_does_not_cause_a_rush(
    web: Web, desk: Desk, clock: Clock
) -> None:
    web.routes["daffa.example", "/1"] = Reply(page("أ", TEXT))
    web.routes["daffa.example", "/rss"] = lambda asked: Reply(
        atom("daffa.example", [("/1", "أ", asked.moment)])
    )
    for _ in range(96):  # a day
        desk.round()
        clock.sleep(900)
    assert web.paths("daffa.example").count("/1") <= 8
    assert len(desk.kept) == 1


def test_a_page_that_fails_stays_queued_and_is_tried_again(
    web: Web, desk: Desk, clock: Clock
) -> None:
    publish(web, "/1", "/2")
    web.routes["daffa.example", "/1"] = Reply(b"", 500)
    result = desk.round()
    assert (result.failed, result.done["new"], result.waiting) == (1, 1, 1)
    assert desk.problems == [
        ("http://daffa.example/1", "the server has a fault (status 500); again after 2024-03-04 06:15 UTC")
    ]  # fmt: skip
    visit = desk.visit("http://daffa.example/1")
    assert (visit.failures, visit.status, visit.told["title"]) == (1, 500, "خبر /1")
    assert visit.next_try == START + dt.timedelta(minutes=15)
    publish(web)  # the feed has forgotten it
    desk.round()
    assert web.paths("daffa.example").count("/1") == 1
    clock.sleep(900)
    desk.round()
    assert desk.visit("http://daffa.example/1").next_try == clock.now() + dt.timedelta(minutes=30)
    web.routes["daffa.example", "/1"] = Reply(page("أ", TEXT))
    clock.sleep(1800)
    assert desk.round().done["new"] == 1
    done = desk.visit("http://daffa.example/1")
    assert (done.failures, done.error, done.next_try) == (0, None, None)


@pytest.mark.parametrize(
    ("reply", "tries"),
    [
        (Reply(b"", 404), 10), (Reply(b"", 410), 10), (Reply(b"", 500), 30),
        (Reply(b"<html><body>-</body></html>"), 4), (Reply(b""), 4), (Reply(b"%PDF-1.4 x"), 4),
        (Reply(b"", 302, headers={"Location": "/"}), 4),
    ],
)  # fmt: skip
def test_a_page_that_always_fails_is_given_up_but_remembered(
    web: Web, desk: Desk, clock: Clock, reply: Reply, tries: int
) -> None:
    publish(web, "/1")
    web.routes["daffa.example", "/1"] = reply
    web.routes["daffa.example", "/"] = Reply(page("الصفحة الأولى", TEXT))
    for _ in range(40):
        desk.round()
        clock.sleep(86_400)
    assert web.paths("daffa.example").count("/1") == tries
    visit = desk.visit("http://daffa.example/1")
    assert (visit.failures, visit.next_try) == (tries, None)
    assert visit.error
    assert desk.kept == []


def test_one_host_that_asks_for_patience_does_not_hold_the_others(
    web: Web, visitor: Visitor, clock: Clock
) -> None:
    desk = Desk(
        visitor,
        Outlet("أ", feeds=(FEED,)),
        Outlet("ب", feeds=("http://other.example/rss",)),
    )
    publish(web, "/1", "/2", "/3")
    web.routes["daffa.example", "/1"] = Reply(b"", 429, headers={"Retry-After": "7200"})
    items = [("/x", "x", START)]
    web.routes["other.example", "/rss"] = Reply(rss("other.example", items))
    web.routes["other.example", "/x"] = Reply(page("x", TEXT))
    result = desk.round()
    assert [f.article.address for f in desk.kept] == ["http://other.example/x"]
    assert (result.failed, result.put_off.total(), result.waiting) == (1, 2, 3)
    assert ("daffa.example", "is left alone: the server asks to come less often (status 429); "
            "tried again after 2024-03-04 08:00 UTC; pages put off: 2") in desk.problems  # fmt: skip
    for _ in range(7):
        clock.sleep(900)
        desk.round()
    assert web.paths("daffa.example") == ["/robots.txt", "/rss", "/1"]
    web.routes["daffa.example", "/1"] = Reply(page("أ", TEXT))
    clock.sleep(901)
    assert desk.round().done["new"] == 3


def test_hosts_take_turns(web: Web, fetcher: Fetcher, clock: Clock) -> None:
    visitor = Visitor(fetcher, delay=5, sleep=clock.sleep)
    names = ("one.example", "two.example", "three.example")
    for host in names:
        items = [(f"/{k}", "x", START) for k in range(10)]
        web.routes[host, "/rss"] = Reply(rss(host, items))
        for k in range(10):
            web.routes[host, f"/{k}"] = Reply(page(f"{host} {k}", TEXT))
    Desk(visitor, *(Outlet(h, feeds=(f"http://{h}/rss",)) for h in names)).round()
    assert len(web.log) == 36
    # one host alone takes 5 s a visit, 60 s in all; the others are visited in the meantime
    assert (clock.moment - START).total_seconds() <= 75
    for host in names:
        moments = [a.moment for a in web.log if a.host == host]
        assert min(b - a for a, b in pairwise(moments)).seconds >= 5


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (Reply(b"<html><head></head><body>x</body></html>"), "web page, not a feed"),
        (Reply(b""), "empty"),
        (Reply(b"{}", kind="application/json"), "application/json"),
        (Reply(b"<rss version='2.0'><channel><title>x</title></channel></rss>"), "no entries"),
        (Reply(b"", 404), "404"),
        (Reply(zipped(b"<rss/>" * 99)[:-4], headers={"Content-Encoding": "gzip"}), "too soon"),
        (Reply(b"", 302, headers={"Location": "http://10.0.0.1/rss"}), "no public host"),
    ],
)
def test_a_bad_feed_is_told_and_the_rest_goes_on(
    web: Web, visitor: Visitor, clock: Clock, reply: Reply, message: str
) -> None:
    bad = "http://bad.example/rss"
    desk = Desk(visitor, Outlet("أ", feeds=(bad,)), Outlet("ب", feeds=(FEED,)))
    web.routes["bad.example", "/rss"] = reply
    publish(web, "/1")
    result = desk.round()
    assert (result.broken, result.read, result.done["new"]) == (1, 1, 1)
    ((address, said),) = desk.problems
    assert address == bad
    assert message in said
    desk.round()
    assert web.paths("bad.example").count("/rss") == 1
    clock.sleep(900)
    desk.round()
    assert web.paths("bad.example").count("/rss") == 2
    web.routes["bad.example", "/rss"] = Reply(rss("bad.example", [("/1", "x", START)]))
    web.routes["bad.example", "/1"] = Reply(page("x", TEXT))
    clock.sleep(1800)
    assert desk.round().done["new"] == 1
    assert desk.visit(bad).failures == 0


def test_a_feed_cut_short_gives_what_it_has_and_comes_again(
    web: Web, desk: Desk, clock: Clock
) -> None:
    publish(web, "/1", "/2", "/3")
    whole = web.routes["daffa.example", "/rss"].body  # type: ignore[union-attr]
    cut = whole[: whole.index(b"/3<") + 1]  # in the address of the third
    web.routes["daffa.example", "/rss"] = Reply(cut, headers={"ETag": '"cut"'})
    result = desk.round()
    assert (result.broken, result.done["new"]) == (1, 2)
    web.routes["daffa.example", "/rss"] = Reply(whole)
    clock.sleep(900)
    desk.round()
    assert "if-none-match" not in web.log[-2].headers
    assert web.paths("daffa.example")[-4:] == ["/1", "/2", "/rss", "/3"]


def test_sitemaps_and_their_indexes(web: Web, visitor: Visitor, clock: Clock) -> None:
    def day(n: int) -> str:
        return (START - dt.timedelta(days=n)).date().isoformat()

    index = (
        "<sitemapindex><sitemap><loc>http://daffa.example/new.xml.gz</loc><lastmod>"
        f"{day(0)}</lastmod></sitemap><sitemap><loc>http://daffa.example/old.xml</loc><lastmod>"
        f"{day(60)}</lastmod></sitemap><sitemap><loc>/loop.xml</loc></sitemap></sitemapindex>"
    ).encode()
    news = [
        ("/1", "أ", START - HOUR),
        ("/stale", "ب", START - 20 * 24 * HOUR),
        ("/video/1", "ج", START),
    ]
    web.routes["daffa.example", "/map.xml"] = Reply(index, kind="application/xml")
    web.routes["daffa.example", "/loop.xml"] = Reply(index, kind="text/xml")
    web.routes["daffa.example", "/new.xml.gz"] = Reply(
        zipped(news_sitemap("daffa.example", news)), kind="application/x-gzip"
    )
    web.routes["daffa.example", "/1"] = Reply(page("أ", TEXT))
    desk = Desk(
        visitor,
        Outlet("أ", sitemaps=("http://daffa.example/map.xml",), exclude=("*/video/*",)),
    )
    result = desk.round()
    assert [f.article.address for f in desk.kept] == ["http://daffa.example/1"]
    assert result.failures == 0
    asked = web.paths("daffa.example")
    assert set(asked) == {"/robots.txt", "/map.xml", "/new.xml.gz", "/loop.xml", "/1"}
    desk.round()
    # the index is read again; the sitemap whose date has not changed is not
    again = web.paths("daffa.example")[len(asked) :]
    assert "/map.xml" in again
    assert "/new.xml.gz" not in again


def test_what_two_feeds_list_is_fetched_once(web: Web, visitor: Visitor, clock: Clock) -> None:
    feeds = (FEED, "http://daffa.example/main")
    desk = Desk(visitor, Outlet("أ", feeds=feeds))
    publish(web, "/1", "/2")
    items = [("/1", "عنوان آخر", START + HOUR)]
    web.routes["daffa.example", "/main"] = Reply(rss("daffa.example", items))
    for _ in range(4):
        desk.round()
        clock.sleep(7200)
    assert web.paths("daffa.example").count("/1") == 1


def test_patterns_leave_out_what_was_queued_before(web: Web, visitor: Visitor) -> None:
    publish(web, "/video/1")
    web.routes["daffa.example", "/video/1"] = Reply(b"", 500)
    Desk(visitor).round()
    desk = Desk(visitor, Outlet("صحيفة الضفة", feeds=(FEED,), exclude=("*/video/*",)))
    web.clock.sleep(3600)
    assert desk.round().waiting == 0
    assert web.paths("daffa.example").count("/video/1") == 1


def test_pages_of_outlets_that_are_no_longer_followed_rest(web: Web, visitor: Visitor) -> None:
    publish(web, "/1")
    web.routes["daffa.example", "/1"] = Reply(b"", 500)
    Desk(visitor).round()
    web.clock.sleep(3600)
    Desk(visitor, Outlet("آخر", feeds=("http://other.example/rss",))).round()
    assert web.paths("daffa.example").count("/1") == 1
    assert Desk(visitor).round().failed == 1


@pytest.mark.parametrize("end", [KeyboardInterrupt(), SystemExit(143)])
def test_whenever_the_process_ends_nothing_is_lost(
    web: Web, desk: Desk, end: BaseException
) -> None:
    publish(web, "/1", "/2", headers={"ETag": '"a"'})
    desk.answer = end
    with pytest.raises(type(end)):
        desk.round()
    desk.answer = None
    web.routes["daffa.example", "/rss"] = Reply(b"", 304)
    assert desk.round().done["new"] == 2


def test_a_killed_process_keeps_its_claim_for_minutes_only(
    web: Web, desk: Desk, clock: Clock
) -> None:
    publish(web, "/1")
    held = Visit(
        "http://daffa.example/1", "page", "صحيفة الضفة", next_try=START + dt.timedelta(minutes=10)
    )
    desk.ledger.put([held])
    assert desk.round().waiting == 1
    clock.sleep(600)
    assert desk.round().done["new"] == 1


def test_an_article_that_cannot_be_kept_is_a_failure(web: Web, desk: Desk) -> None:
    publish(web, "/1", "/2")
    desk.answer = InputError("it could not be read")
    result = desk.round()
    assert result.failed == 2
    assert all("it could not be read" in message for _, message in desk.problems)


def test_queueing() -> None:
    entry = Entry("http://daffa.example/1", "أ", START)
    new = queued(None, entry, FEED, "x", START)
    assert new is not None
    assert (new.next_try, new.told["title"], new.outlet) == (START, "أ", "x")
    assert queued(new, entry, FEED, "x", START) is None
    done = Visit(new.address, "page", "x", fetched=START, told=new.told)
    other = queued(done, entry, "another feed", "x", START)
    assert other is not None
    assert other.next_try is None
    for k in range(30):
        other = queued(other, entry, f"feed {k}", "x", START)
        assert other is not None
    assert len(other.told["stamps"]) <= 8
    assert queued(Visit(FEED, "feed"), Entry(FEED), FEED, "x", START) is None


def test_fetch_article_gives_article_page_kind_and_time(
    web: Web, visitor: Visitor, clock: Clock
) -> None:
    web.routes["daffa.example", "/1"] = Reply(b"", 301, headers={"Location": "/2?utm_source=x"})
    head = "<link rel='canonical' href='http://www.daffa.example/2'>"
    web.routes["daffa.example", "/2"] = Reply(page("أ", TEXT, head))
    article, data, kind, fetched = fetch_article("http://daffa.example/1", visitor, outlet="الضفة")
    assert (article.address, article.id) == ("http://daffa.example/2", "http://daffa.example/1")
    assert (article.canonical, article.outlet) == ("http://www.daffa.example/2", "الضفة")
    assert data == page("أ", TEXT, head)
    assert (kind, fetched) == ("text/html; charset=utf-8", START)
    assert article.text.startswith("أ\nقالت وزيرة المياه")


@pytest.mark.parametrize("canonical", ["http://other.example/1", "http://daffa.example/"])
def test_a_page_cannot_pass_for_another(web: Web, visitor: Visitor, canonical: str) -> None:
    head = f"<link rel='canonical' href='{canonical}'>"
    web.routes["daffa.example", "/1"] = Reply(page("أ", TEXT, head))
    assert fetch_article("http://daffa.example/1", visitor).article.canonical is None


def test_memory_is_a_ledger() -> None:
    memory = Memory()
    assert memory.claim("x", START, START)
    assert memory.get(["x"]) == {}
