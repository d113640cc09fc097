"""The whole record, or what a search finds, as a stream."""

from __future__ import annotations

import datetime as dt

import pytest

import qawl
from qawl.errors import InputError
from qawl.model import Article
from qawl.record import corrections, takeaway, who
from qawl.record.search import Filters
from qawl.record.store import Record

TEXTS = [
    "قال وزير الصيد منير العجمي إن الموسم يبدأ في أيار.\nوأضاف أن الوزارة لن ترفع الرسوم.",
    "وصلت السفينة إلى المرفأ مساء.",
    "قالت نقيبة الصيادين هدى بن رجب إن الرسوم ارتفعت.\nوقال منير العجمي إن المرفأ سيتوسع.",
    "أكد منير العجمي أن الرسوم لن ترتفع.",
]


@pytest.fixture
def kept(record: Record) -> Record:
    for day, text in enumerate(TEXTS, 1):
        date = dt.datetime(2024, 5, day, tzinfo=dt.UTC)
        address = f"https://marfa.example/{day}"
        article = Article.of(text, id="same", outlet="المرفأ", date=date, address=address)
        record.add(qawl.read(article), fetched=date)
    record.settle()
    return record


def test_the_whole_record_comes_once_by_number(
    kept: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = list(takeaway.whole(kept))
    assert [one.number for one in whole] == [1, 2, 3, 4]
    assert [one.article.text for one in whole] == TEXTS
    assert not whole[1].article.statements
    assert sum(len(one.article.statements) for one in whole) == kept.counts()["statements"]
    assert whole[0].kept["fetched"] == dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
    assert whole[0].kept["version"] == 1
    assert {one.numbered().id for one in whole} == {"1", "2", "3", "4"}
    monkeypatch.setattr(takeaway, "BATCH", 1)
    assert list(takeaway.whole(kept)) == whole


def test_statements_know_their_source_and_saying(kept: Record) -> None:
    with kept.reading() as connection:
        minister = who.one(connection, "منير العجمي")
    entries = [s.entry for one in takeaway.whole(kept) for s in one.article.statements]
    assert all(entry is not None for entry in entries)
    mine = [e for e in entries if e and e.source == minister.source.id]
    assert len(mine) >= 4
    assert {(e.name, e.kind) for e in mine} == {("منير العجمي", "person")}
    assert all(e.reason and e.sure and e.saying for e in mine)
    assert len({e.number for e in entries if e}) == len(entries)


def test_what_is_found_keeps_an_article_together(
    kept: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    filters = Filters(outlet="المرفأ")
    found = list(takeaway.found(kept, "", filters))
    assert [one.number for one in found] == [4, 3, 1]
    for size in (1, 2, 3):
        monkeypatch.setattr(takeaway, "MOST", size)
        assert list(takeaway.found(kept, "", filters)) == found
    fees = list(takeaway.found(kept, "الرسوم", Filters()))
    assert [one.number for one in fees] == [4, 3, 1]
    assert [len(one.article.statements) for one in fees] == [1, 1, 1]
    assert list(takeaway.found(kept, "الثلج", Filters())) == []
    with pytest.raises(InputError):
        list(takeaway.found(kept, "-الرسوم", Filters()))


def test_what_is_wrong_or_old_stays_at_home(kept: Record) -> None:
    with kept.writing() as connection:
        row = corrections.statement_at(connection, 4, 1)
        corrections.correct(connection, row, "wrong", {}, "ليلى")
    newer = Article.of(
        TEXTS[2] + "\nوقالت إن الصيادين سيضربون.",
        outlet="المرفأ",
        address="https://marfa.example/3",
    )
    kept.add(qawl.read(newer))
    whole = {one.number: one for one in takeaway.whole(kept)}
    assert sorted(whole) == [1, 2, 4, 5]
    assert not whole[4].article.statements
    assert whole[5].kept["version"] == 2


def test_it_stands_still_while_others_add(kept: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(takeaway, "BATCH", 1)
    stream = takeaway.whole(kept)
    first = next(stream)
    newer = Article.of("قال منير العجمي إن الشباك جديدة.", address="https://marfa.example/4")
    with Record(kept.url.render_as_string(hide_password=False)) as other:
        other.add(qawl.read(newer))
    assert [first.number, *(one.number for one in stream)] == [1, 2, 3, 4]
    assert [one.number for one in takeaway.whole(kept)] == [1, 2, 3, 5]
