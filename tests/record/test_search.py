from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qawl.arabic.stems import keys_of
from qawl.errors import InputError
from qawl.model import Act, Article, Name, Span, Statement
from qawl.record import query
from qawl.record.search import Filters, Page, numbers, search
from qawl.record.store import Record

PAIRS = [
    line.split("\t")
    for line in Path(__file__).with_name("search_pairs.tsv").read_text("utf-8").splitlines()
    if line and not line.startswith(("#", "kind"))
]
WORDS = ["والب", "شراكة", "لكن", "سيقول", "مؤتمر", "بلادهم", "اللبنانيين", "3.5", "o'clock"]
#: Of the pairs, those that must come out right.
RIGHT = 58


def article(
    *texts: str, day: int = 1, outlet: str = "الضفة", act: Act = "inform", names: str = ""
) -> Article:
    """An article in which each of ``texts`` is a statement."""
    body, statements = "", []
    for words in texts:
        start = len(body) + len("قال: ")
        body += f"قال: {words}\n"
        found = [
            Name(Span.of(body, start + k, start + k + len(names)), "place")
            for k in [words.find(names)]
            if names and k >= 0
        ]
        statements.append(
            Statement(
                (Span.of(body, start, start + len(words)),), None, None, None, "direct", act,
                names=tuple(found),
            )
        )  # fmt: skip
    made = Article.of(body, outlet=outlet, date=dt.datetime(2024, 5, day, 12, tzinfo=dt.UTC))
    return made.with_statements(statements)


def found(record: Record, typed: str = "", **how: object) -> list[str]:
    return [hit.row["text"] for hit in page(record, typed, **how).hits]


def page(record: Record, typed: str = "", **how: object) -> Page:
    size = how.pop("size", 20)
    after = how.pop("after", None)
    best = how.pop("best", False)
    with record.reading() as connection:
        return search(connection, typed, Filters(**how), size=size, after=after, best=best)


def test_the_pairs_come_out_right(record: Record) -> None:
    for kind, _, text, _ in PAIRS:
        record.add(article(f"{text} {kind}"))
    wrong = []
    for kind, typed, text, wanted in PAIRS:
        hit = f"{text} {kind}" in found(record, typed, size=100)
        if hit != (wanted == "yes"):
            wrong.append((kind, typed, text))
    assert len(PAIRS) == 60
    assert len(PAIRS) - len(wrong) >= RIGHT, wrong


def test_the_newest_come_first_page_by_page(record: Record) -> None:
    for day in (3, 1, 2, 5, 4):
        record.add(article(f"موقف {day}", f"موقف آخر {day}", day=day))
    everything = found(record, "موقف")
    assert [int(t[-1]) for t in everything] == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]
    assert everything[:2] == ["موقف 5", "موقف آخر 5"]  # within an article as it is read
    paged: list[str] = []
    after = None
    while True:
        got = page(record, "موقف", size=3, after=after)
        paged += [hit.row["text"] for hit in got.hits]
        after = got.after
        if after is None:
            break
    assert paged == everything
    assert found(record, size=4) == everything[:4]


def test_filters_narrow_what_is_found(record: Record) -> None:
    record.add(article("نرفض الخطة في طنجة", day=1, act="deny", outlet="الأفق", names="طنجة"))
    record.add(article("ندعم الخطة", day=2, act="support"))
    record.add(article("نرفض التمديد", day=9, act="deny"))
    assert found(record, "الخطة", acts=("deny",)) == ["نرفض الخطة في طنجة"]
    assert found(record, acts=("deny",)) == ["نرفض التمديد", "نرفض الخطة في طنجة"]
    assert found(record, "خطة", acts=("deny", "support")) == ["ندعم الخطة", "نرفض الخطة في طنجة"]
    assert found(record, outlet="الأفق") == found(record, "خطة", outlet="الأفق")
    assert found(record, place="طنجة") == ["نرفض الخطة في طنجة"]
    may = lambda day: dt.datetime(2024, 5, day, tzinfo=dt.UTC)  # noqa: E731
    assert found(record, "نرفض", since=may(2)) == ["نرفض التمديد"]
    assert found(record, "نرفض", until=may(2)) == ["نرفض الخطة في طنجة"]
    assert found(record, since=may(2), until=may(3)) == ["ندعم الخطة"]


def test_the_best_say_more_of_the_query_in_fewer_words(record: Record) -> None:
    record.add(article("مطر", day=1))
    record.add(article("تحدثوا طويلا عن أمور كثيرة لا صلة لها بما سئلوا عنه ثم ذكروا المطر", day=2))
    assert found(record, "مطر", best=True)[0] == "مطر"
    assert found(record, "مطر")[0] != "مطر"


@pytest.mark.parametrize("typed", ["", "مطر", "لا شيء"])
def test_what_was_found_for_the_facets_is_not_looked_up_again(record: Record, typed: str) -> None:
    for day in range(1, 8):
        record.add(article(f"مطر {day}", f"مطر غزير {day}", "برد", day=day))
    with record.reading() as connection:
        newest = numbers(connection, typed, Filters(), 1001)
        for best in (False, True):
            later = 2 if best or not newest else newest[2]
            for after in (None, later):
                how = {"size": 4, "best": best, "after": after}
                again = search(connection, typed, **how)
                assert search(connection, typed, newest=newest, **how) == again


@pytest.mark.parametrize("sifted", [0, 1 << 60], ids=["walks", "sifts"])
def test_both_ways_of_postgresql_find_the_same(
    record: Record, sifted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qawl.record.search.SIFTED", sifted)
    monkeypatch.setattr("qawl.record.search.SIFTED_AT_LEAST", sifted)
    for day in range(1, 6):
        record.add(article(f"مطر في {day}", f"برد في {day}", day=day, outlet=f"ص{day % 2}"))
    assert found(record, "مطر") == [f"مطر في {day}" for day in (5, 4, 3, 2, 1)]
    first = page(record, "مطر", size=2)
    assert found(record, "مطر", size=2, after=first.after) == ["مطر في 3", "مطر في 2"]
    assert found(record, "مطر", outlet="ص0") == ["مطر في 4", "مطر في 2"]
    since, until = (dt.datetime(2024, 5, day, tzinfo=dt.UTC) for day in (2, 4))
    assert found(record, "مطر", since=since, until=until) == ["مطر في 3", "مطر في 2"]


def test_what_was_found_is_marked_at_its_true_place(record: Record) -> None:
    record.add(article("سنمضي بشَراكتهم، لا بشراكة غيرهم"))
    hit = page(record, "شراكة").hits[0]
    assert [hit.row["text"][a:b] for a, b in hit.places] == ["بشَراكتهم", "بشراكة"]
    record.add(article("قوات سوريا الديمقراطية باقية"))
    hit = page(record, "قسد").hits[0]
    assert [hit.row["text"][a:b] for a, b in hit.places] == ["قوات سوريا الديمقراطية"]


def test_an_old_version_is_not_found(record: Record) -> None:
    first = article("سنبني الجسر")
    record.add(replace(first, address="https://a.example/1"))
    record.add(replace(article("لن نبني الجسر"), address="https://a.example/1"))
    assert found(record, "الجسر") == ["لن نبني الجسر"]
    assert found(record) == ["لن نبني الجسر"]


@pytest.mark.parametrize("typed", ["-حرب", '-"حرب طويلة"'])
def test_a_query_that_only_leaves_out_is_refused(typed: str) -> None:
    with pytest.raises(InputError, match="only leaves words out"):
        query.parse(typed)


def test_a_pasted_article_is_no_query() -> None:
    with pytest.raises(InputError, match="64 at most"):
        query.parse(" ".join(f"كلمة{k}" for k in range(65)))


@settings(deadline=None)  # the first opens the record
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_nothing_that_is_typed_breaks_a_search(typed: str) -> None:
    record = _shared()
    with suppress(InputError):
        page(record, typed)


_open: list[Record] = []


def _shared() -> Record:
    if not _open:
        _open.append(Record("sqlite://"))
        _open[0].add(article("قال ما لديه"))
    return _open[0]


@given(st.lists(st.sampled_from(WORDS)))
def test_each_word_has_one_stem_and_is_found_by_itself(words: list[str]) -> None:
    keys = keys_of(" ".join(words))
    assert len(keys.words) == len(keys.stems)
    for word in words:
        assert set(keys_of(word).stems) <= {*keys.stems, *keys.other}
