"""A week of feeds, played back from a real server by a clock that only the test moves, with all that goes
wrong on the web: nothing is lost, and nothing is fetched that must not be."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from web_server import START, Asked, Clock, Reply, Web, atom, news_sitemap, page, rss, zipped

import qawl
from qawl.record.fetches import Fetches
from qawl.record.store import Record
from qawl.sources.web.fetch import Fetcher, Limits
from qawl.sources.web.follow import Follow
from qawl.sources.web.guard import Guard
from qawl.sources.web.outlets import parse
from qawl.sources.web.page import Fetched
from qawl.sources.web.visit import Visitor

HOUR = dt.timedelta(hours=1)
DAYS = 7
#: Seconds between two visits to a host: the default.
DELAY = 5

OUTLETS = """
contact = "https://desk.example/about"
[[outlet]]
name = "صحيفة الضفة"
feeds = ["http://daffa.example/rss"]
[[outlet]]
name = "وكالة المرفأ"
feeds = ["http://marfa.example/atom.xml"]
[[outlet]]
name = "موقع الجبل"
sitemaps = ["http://jabal.example/index.xml"]
[[outlet]]
name = "رمال نيوز"
feeds = ["http://rimal.example/feed", "http://rimal.example/local"]
[[outlet]]
name = "بوابة الخبر"
feeds = ["http://khabar.example/rss"]
[[outlet]]
name = "جريدة الجسر"
feeds = ["http://jisr.example/rss"]
[[outlet]]
name = "المغلق"
feeds = ["http://mughlaq.example/rss", "http://192.168.1.5/rss", "http://inside.example/rss"]
"""

SPEAKERS = (
    "وزيرة المياه هناء الصفدي",
    "نقيب الصيادين وليد عثمان",
    "المتحدث باسم البلدية كرم الطويل",
)
SUBJECTS = ("منسوب السد", "أسعار القمح", "رصيف الميناء", "مدارس الجبل", "قطار الشاطئ")


def text(host: str, k: int, more: str = "") -> str:
    speaker, subject = SPEAKERS[k % 3], SUBJECTS[k % 5]
    return (
        f"قال {speaker} إن العمل في {subject} سيتم قبل نهاية الشهر، بحسب بيان رقم {k} لموقع {host}.\n"
        f"وأضاف أن {subject} «لن يكلف الناس شيئا هذا العام»، نافيا وجود أي تأخير.{more}"
    )


class Outlet:
    """An outlet that publishes an article every ``hours`` and lists its newest ten."""

    def __init__(self, web: Web, host: str, hours: int) -> None:
        self.host, self.hours, self.web = host, hours, web
        self.changed: dict[int, dt.datetime] = {}
        for k in range(DAYS * 24 // hours):
            web.routes[host, f"/news/{k}"] = self.page_of(k)

    def page_of(self, k: int) -> Callable[[Asked], Reply]:
        def answer(asked: Asked) -> Reply:
            if asked.moment < self.moment(k):
                return Reply(b"too early", 404)
            more = " وختم بالشكر لكل العاملين." if self.version(k, asked.moment) else ""
            return Reply(page(self.title(k, asked.moment), text(self.host, k, more)))

        return answer

    def moment(self, k: int) -> dt.datetime:
        return START + k * self.hours * HOUR

    def version(self, k: int, now: dt.datetime) -> int:
        return int(k in self.changed and now >= self.changed[k])

    def title(self, k: int, now: dt.datetime) -> str:
        return f"{'تصحيح: ' if self.version(k, now) else ''}بيان {k} من {self.host}"

    def items(self, now: dt.datetime) -> list[tuple[str, str, dt.datetime]]:
        newest = int((now - START) / (self.hours * HOUR))
        shown = range(max(newest - 9, 0), min(newest + 1, DAYS * 24 // self.hours))
        return [
            (
                f"/news/{k}",
                self.title(k, now),
                self.changed[k] if self.version(k, now) else self.moment(k),
            )
            for k in reversed(shown)
        ]


def tagged(reply: Reply, asked: Asked) -> Reply:
    """The reply, or 304 where the client has it."""
    tag = f'"{hash(reply.body)}"'
    if asked.headers.get("if-none-match") == tag:
        return Reply(b"", 304)
    reply.headers["ETag"] = tag
    return reply


def after(hours: float) -> dt.datetime:
    return START + hours * HOUR


def during(asked: Asked, first: float, last: float) -> bool:
    return after(first) <= asked.moment < after(last)


class Week:
    """The web of that week."""

    def __init__(self, web: Web) -> None:
        self.web = web
        self.daffa = Outlet(web, "daffa.example", 4)
        self.marfa = Outlet(web, "marfa.example", 6)
        self.jabal = Outlet(web, "jabal.example", 8)
        self.rimal = Outlet(web, "rimal.example", 6)
        self.khabar = Outlet(web, "khabar.example", 12)
        self.jisr = Outlet(web, "jisr.example", 12)
        self.all = [self.daffa, self.marfa, self.jabal, self.rimal, self.khabar, self.jisr]
        self.hung = 0
        self.daffa.changed = {3: after(30), 20: after(100)}
        self.marfa.changed = {2: after(20)}
        routes = web.routes
        routes["daffa.example", "/rss"] = lambda a: tagged(
            Reply(rss("daffa.example", self.daffa.items(a.moment)), kind="application/rss+xml"), a
        )
        routes["marfa.example", "/atom.xml"] = self.atom
        routes["jabal.example", "/robots.txt"] = Reply(
            b"User-agent: *\nDisallow: /drafts/\nCrawl-delay: 9\n", kind="text/plain"
        )
        routes["jabal.example", "/index.xml"] = Reply(
            b"<sitemapindex><sitemap><loc>/news.xml.gz</loc></sitemap></sitemapindex>",
            kind="text/xml",
        )
        routes["jabal.example", "/news.xml.gz"] = self.sitemap
        routes["jabal.example", "/drafts/1"] = Reply(page("مسودة", text("jabal.example", 900)))
        routes["jabal.example", "/news/5"] = self.cut_twice(routes["jabal.example", "/news/5"])
        routes["rimal.example", "/feed"] = lambda a: tagged(
            Reply(rss("rimal.example", self.rimal.items(a.moment)[:3]), kind="text/html"), a
        )
        routes["rimal.example", "/local"] = self.local
        for k in (4, 5):
            routes["rimal.example", f"/news/{k}"] = self.busy(routes["rimal.example", f"/news/{k}"])
        routes["rimal.example", "/news/9"] = self.slow_date(routes["rimal.example", "/news/9"])
        routes["khabar.example", "/rss"] = self.html_feed
        routes["jisr.example", "/robots.txt"] = lambda a: (
            Reply(b"", 503)
            if during(a, 0, 40)
            else Reply(b"User-agent: qawl\nAllow: /", kind="text/plain")
        )
        routes["jisr.example", "/rss"] = lambda a: Reply(
            rss("jisr.example", self.jisr.items(a.moment))
        )
        routes["mughlaq.example", "/robots.txt"] = Reply(
            b"User-agent: *\nDisallow: /", kind="text/plain"
        )
        routes["mughlaq.example", "/rss"] = Reply(rss("mughlaq.example", [("/news/1", "x", START)]))
        web.names["inside.example"] = ["10.20.30.40"]
        web.names["rebind.example"] = ["93.184.216.34", "127.0.0.1"]
        self.odd_pages()

    def odd_pages(self) -> None:
        """Pages that the local feed of rimal lists and that never become articles, but for two."""
        leads = {
            "/odd/loop": "/odd/loop2", "/odd/loop2": "/odd/loop", "/odd/inside": "http://10.0.0.7/secret",
            "/odd/local": "http://localhost/secret", "/odd/named": "http://inside.example/secret",
            "/odd/rebind": "http://rebind.example/secret", "/odd/mapped": "http://[::ffff:127.0.0.1]/secret",
            "/odd/closed": "http://mughlaq.example/news/1", "/odd/port": "http://daffa.example:22/secret",
            "/odd/file": "file:///etc/passwd", "/odd/draft": "http://jabal.example/drafts/1",
            "/odd/moved": "http://daffa.example/moved/1",
        }  # fmt: skip
        for path, to in leads.items():
            self.web.routes["rimal.example", path] = Reply(b"", 302, headers={"Location": to})
        self.web.routes["daffa.example", "/moved/1"] = Reply(page("انتقل", text("moved", 901)))
        self.web.routes["rimal.example", "/odd/pdf"] = Reply(b"%PDF", kind="application/pdf")
        self.web.routes["rimal.example", "/odd/large"] = Reply(b"<p>x" * 100_000)
        self.web.routes["rimal.example", "/odd/bomb"] = Reply(
            zipped(b"<p>" * 5_000_000), headers={"Content-Encoding": "gzip"}
        )
        self.web.routes["rimal.example", "/odd/empty"] = Reply(b"")
        late = Reply(page("متأخر", text("late", 902)))
        self.web.routes["rimal.example", "/odd/late"] = lambda a: (
            late if a.moment >= after(60) else Reply(b"", 404)
        )
        self.odd = [path for host, path in self.web.routes if path.startswith("/odd/")]
        self.odd.remove("/odd/loop2")

    def atom(self, asked: Asked) -> Reply:
        if during(asked, 26, 27):
            self.hung += 1
            return Reply(b"", hang=self.hung == 1, reset=self.hung > 1)
        if during(asked, 50, 58):
            return Reply(b"", 500)
        return tagged(Reply(atom("marfa.example", self.marfa.items(asked.moment))), asked)

    def sitemap(self, asked: Asked) -> Reply:
        listed = [*self.jabal.items(asked.moment), ("/drafts/1", "مسودة", START)]
        data = zipped(news_sitemap("jabal.example", listed))
        if during(asked, 70, 76):
            data = data[: len(data) // 2]
        return Reply(data, kind="application/x-gzip")

    def local(self, asked: Asked) -> Reply:
        if not during(asked, 10, 14):
            return Reply(rss("rimal.example", self.rimal.items(asked.moment)))
        return Reply(rss("rimal.example", [(p, "غريب", after(10)) for p in self.odd]))

    def busy(self, usual: Reply | Callable[[Asked], Reply]) -> Callable[[Asked], Reply]:
        def answer(asked: Asked) -> Reply:
            if during(asked, 24, 33):
                return Reply(b"", 429, headers={"Retry-After": "10800"})
            return usual(asked) if callable(usual) else usual

        return answer

    def slow_date(self, usual: Reply | Callable[[Asked], Reply]) -> Callable[[Asked], Reply]:
        def answer(asked: Asked) -> Reply:
            if asked.moment < after(60):
                return Reply(
                    b"", 503, headers={"Retry-After": f"{after(60):%a, %d %b %Y %H:%M:%S GMT}"}
                )
            return usual(asked) if callable(usual) else usual

        return answer

    def cut_twice(self, usual: Reply | Callable[[Asked], Reply]) -> Callable[[Asked], Reply]:
        tries = Counter[str]()

        def answer(asked: Asked) -> Reply:
            tries["x"] += 1
            whole = usual(asked) if callable(usual) else usual
            data = zipped(whole.body)
            whole.body = data[:-30] if tries["x"] <= 2 else data
            whole.headers = {"Content-Encoding": "gzip"}
            return whole

        return answer

    def html_feed(self, asked: Asked) -> Reply:
        if during(asked, 0, 96):
            return Reply(page("بوابة الخبر", "الصفحة الأولى\nاشترك في النشرة"))
        return Reply(rss("khabar.example", self.khabar.items(asked.moment)))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory):
    """The week after it was followed: (week, record, ledger, clock)."""
    clock = Clock()
    web = Web(clock)
    week = Week(web)
    where = str(tmp_path_factory.mktemp("week") / "record.db")
    given = parse(OUTLETS)

    def keep(fetched: Fetched) -> str:
        if record.holds(fetched.article) is not None:
            return "same"
        added = record.add(
            qawl.read(fetched.article),
            page=fetched.page,
            page_kind=fetched.kind,
            fetched=fetched.fetched,
        )
        return added.what

    limits = Limits(size=100_000, whole=2)
    for day in range(1, DAYS + 1):
        with Record(where) as record:
            while clock.moment < START + day * 24 * HOUR:
                # each round forgets what the record does not remember, as when cron starts it
                begun = clock.moment
                fetcher = Fetcher(
                    Guard(resolve=web.resolve),
                    contact=given.contact,
                    limits=limits,
                    now=clock.now,
                    dial=web.dial,
                )
                visitor = Visitor(fetcher, Fetches(record), sleep=clock.sleep)
                Follow(given, visitor, keep).round()
                clock.moment = max(clock.moment, begun + HOUR)
    record = Record(where)
    yield week, record, Fetches(record), clock
    record.close()
    web.close()


def articles(record: Record) -> dict[str, int]:
    """How many versions the record holds of each address."""
    from sqlalchemy import text as sql

    with record.reading() as connection:
        rows = connection.execute(sql("SELECT address, count(*) FROM articles GROUP BY address"))
        return {str(address): int(count) for address, count in rows}


def expected(week: Week) -> set[str]:
    """What was published and listed while Qawl could see it."""
    found = set()
    for outlet in week.all:
        for k in range(DAYS * 24 // outlet.hours):
            found.add(f"http://{outlet.host}/news/{k}")
    return found | {"http://daffa.example/moved/1", "http://rimal.example/odd/late"}


def test_nothing_is_lost(played) -> None:
    week, record, _, _ = played
    assert set(articles(record)) == expected(week)
    with record.reading() as connection:
        from sqlalchemy import text as sql

        texts = dict(
            connection.execute(sql("SELECT address, text FROM articles WHERE current")).all()
        )
    for outlet in week.all:
        for k in range(DAYS * 24 // outlet.hours):
            assert f"رقم {k} لموقع {outlet.host}." in texts[f"http://{outlet.host}/news/{k}"]
    assert record.counts()["statements"] >= len(texts)


def test_changed_articles_have_two_versions(played) -> None:
    _, record, _, _ = played
    twice = {address for address, count in articles(record).items() if count > 1}
    assert twice == {
        "http://daffa.example/news/3", "http://daffa.example/news/20", "http://marfa.example/news/2",
    }  # fmt: skip
    assert max(articles(record).values()) == 2


def test_nothing_is_fetched_that_must_not_be(played) -> None:
    week, _, _, _ = played
    assert set(week.web.dialled) == {"93.184.216.34"}
    asked = {(a.host, a.path) for a in week.web.log}
    assert {host for host, _ in asked} == {
        "daffa.example", "marfa.example", "jabal.example", "rimal.example", "khabar.example",
        "jisr.example", "mughlaq.example",
    }  # fmt: skip
    assert not [path for _, path in asked if "secret" in path or "drafts" in path]
    assert {path for host, path in asked if host == "mughlaq.example"} == {"/robots.txt"}


def test_hosts_that_ask_for_patience_get_it(played) -> None:
    week, _, _, _ = played
    log = [a for a in week.web.log if a.host == "rimal.example"]
    asked = [a for a in log if a.path in ("/news/4", "/news/5") and during(a, 24, 33)]
    assert asked
    for a in asked:
        assert not [b for b in log if a.moment < b.moment < a.moment + 3 * HOUR]
    (slow,) = [a for a in log if a.path == "/news/9" and a.moment < after(60)]
    assert not [b for b in log if slow.moment < b.moment < after(60)]


def test_a_host_whose_robots_fails_is_not_visited(played) -> None:
    week, _, _, _ = played
    early = [a for a in week.web.log if a.host == "jisr.example" and during(a, 0, 40)]
    assert {a.path for a in early} == {"/robots.txt"}
    assert len(early) < 10


def test_robots_is_asked_before_all_else_and_once_a_day(played) -> None:
    week, _, _, _ = played
    hosts = defaultdict(list)
    for a in week.web.log:
        hosts[a.host].append(a)
    for host, log in hosts.items():
        assert log[0].path == "/robots.txt"
        if host != "jisr.example":
            assert sum(a.path == "/robots.txt" for a in log) <= DAYS


def test_visits_keep_their_distance(played) -> None:
    week, _, _, _ = played
    hosts = defaultdict(list)
    for a in week.web.log:
        hosts[a.host].append(a.moment)
    for host, moments in hosts.items():
        shortest = min((b - a).total_seconds() for a, b in pairwise(moments))
        assert shortest >= (9 if host == "jabal.example" else DELAY), host


def test_pages_are_fetched_once_and_feeds_only_where_they_changed(played) -> None:
    week, _, _, _ = played
    asked = Counter((a.host, a.path) for a in week.web.log)
    for k in range(DAYS * 6):
        assert asked["daffa.example", f"/news/{k}"] == (2 if k in week.daffa.changed else 1)
    assert asked["jabal.example", "/news/5"] == 3  # cut short twice
    feed = [a for a in week.web.log if a.path == "/rss" and a.host == "daffa.example"]
    assert len(feed) == DAYS * 24
    assert all("if-none-match" in a.headers for a in feed[1:])


def test_failures_are_tried_again_ever_more_seldom_and_remembered(played) -> None:
    week, _, ledger, clock = played
    kept = {"/odd/moved", "/odd/late"}
    for path in set(week.odd) - kept:
        visit = ledger.get([f"http://rimal.example{path}"])[f"http://rimal.example{path}"]
        assert visit.failures > 0
        assert visit.error
        assert visit.told["title"] == "غريب"
        assert visit.next_try is None or visit.next_try > clock.moment - HOUR
        moments = [a.moment for a in week.web.log if a.path == path]
        assert len(moments) <= 14
        waits = [b - a for a, b in pairwise(moments)]
        assert all(b >= a - HOUR for a, b in pairwise(waits))
    late = [a for a in week.web.log if a.path == "/odd/late"]
    assert 3 <= len(late) <= 10


def test_everybody_is_told_who_comes(played) -> None:
    week, _, _, _ = played
    agents = {a.headers["user-agent"] for a in week.web.log}
    assert agents == {f"Qawl/{qawl.__version__} (+https://desk.example/about)"}
    assert not [a for a in week.web.log if "cookie" in a.headers]


def test_the_playback_lasts_a_week(played, tmp_path: Path) -> None:
    _, record, _, clock = played
    assert clock.moment >= START + DAYS * 24 * HOUR
    assert record.counts()["articles"] > 130
