from __future__ import annotations

import datetime as dt

import pytest

from qawl.record.fetches import Fetches
from qawl.record.store import Record
from qawl.sources.web.ledger import Ledger, Memory, Visit

NOW = dt.datetime(2024, 3, 4, 6, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
FULL = Visit(
    "https://daffa.example/1", "page", "صحيفة الضفة", NOW, 503, '"v1"', "Mon, 04 Mar 2024", 3,
    "the server is busy", NOW + HOUR, {"title": "أ", "stamps": {"f": "x|أ"}, "same": 2},
)  # fmt: skip


@pytest.fixture
def ledger(record: Record) -> Ledger:
    return Fetches(record)


def page(name: str, next_try: dt.datetime | None, outlet: str = "a") -> Visit:
    return Visit(f"https://daffa.example/{name}", "page", outlet, next_try=next_try)


def test_visits_come_back_as_they_went_in(ledger: Ledger) -> None:
    bare = Visit("//daffa.example", "host")
    ledger.put([FULL, bare])
    assert ledger.get([FULL.address, bare.address, "new"]) == {
        FULL.address: FULL, bare.address: bare,
    }  # fmt: skip
    assert ledger.get([]) == {}


def test_the_newest_word_counts(ledger: Ledger) -> None:
    ledger.put([page("1", NOW)])
    ledger.put([page("1", NOW + HOUR), page("1", None)])
    assert ledger.get([page("1", None).address]) == {page("1", None).address: page("1", None)}
    ledger.put([])


def test_what_is_new_does_not_take_the_place_of_what_is_known(ledger: Ledger) -> None:
    ledger.put([page("1", NOW)])
    ledger.put([page("2", NOW)], new=[page("1", NOW + HOUR), page("3", NOW + HOUR)])
    addresses = [page(n, None).address for n in "123"]
    found = ledger.get(addresses)
    assert [found[a].next_try for a in addresses] == [NOW, NOW, NOW + HOUR]


def test_many_at_once(ledger: Ledger) -> None:
    visits = [page(str(k), NOW) for k in range(1300)]
    ledger.put(visits)
    assert len(ledger.get(v.address for v in visits)) == 1300


@pytest.mark.parametrize("kind", ["record", "memory"])
def test_pages_are_due_in_their_order(record: Record, kind: str) -> None:
    ledger: Ledger = Fetches(record) if kind == "record" else Memory()
    ledger.put([
        page("late", NOW - HOUR), page("later", NOW), page("future", NOW + HOUR), page("done", None),
        page("other", NOW, "b"), page("nobody", NOW, "c"), Visit("https://f", "feed", "a", next_try=NOW),
    ])  # fmt: skip
    names = [v.address.rpartition("/")[2] for v in ledger.due(NOW, ["a", "b"], 10)]
    assert names == ["late", "later", "other"]
    assert len(ledger.due(NOW, ["a", "b"], 2)) == 2
    assert ledger.due(NOW, [], 10) == []
    assert ledger.waiting(["a", "b"]) == 4


def test_only_one_may_visit(ledger: Ledger, where: str) -> None:
    with Record(where) as second:
        other = Fetches(second)
        ledger.put([page("1", NOW)])
        address = page("1", None).address
        assert not ledger.claim(address, NOW - HOUR, NOW)
        assert ledger.claim(address, NOW, NOW + HOUR)
        assert not other.claim(address, NOW, NOW + HOUR)
        assert other.due(NOW, ["a"], 10) == []
        # who claimed it was killed: an hour later it is free again
        assert other.claim(address, NOW + HOUR, NOW + 2 * HOUR)
        ledger.put([page("1", None), Visit("https://daffa.example/rss", "feed")])
        assert not other.claim(address, NOW, NOW + HOUR)  # it is done
        assert other.claim("https://daffa.example/rss", NOW, NOW + HOUR)
        assert not ledger.claim("https://daffa.example/rss", NOW, NOW + HOUR)
        assert ledger.claim("https://daffa.example/new", NOW, NOW + HOUR)
