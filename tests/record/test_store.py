from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

import qawl
from qawl.errors import RecordError
from qawl.model import Article
from qawl.record.store import Added, Record

TEXT = (
    "قالت وزيرة المياه هناء الصفدي إن السد سيمتلئ قبل نهاية آذار.\n"
    "وأضافت أن الوزارة لن ترفع الأسعار، نافية وجود أي نقص في العاصمة.\n"
    "من جهته طالب نقيب المزارعين وليد عثمان الحكومة بتعويض المتضررين."
)
PUBLISHED = dt.datetime(2024, 3, 5, 9, 30, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def article() -> Article:
    return qawl.read(
        Article.of(
            TEXT,
            title="الصفدي: لا نقص في المياه",
            id="w-1",
            outlet="صحيفة الضفة",
            address="https://daffa.example/news/1?utm_source=x#top",
            date=PUBLISHED,
        )
    )


def test_an_article_comes_back_as_it_went_in(record: Record, article: Article) -> None:
    added = record.add(article)
    assert added.what == "new"
    assert record.article(added.article) == article
    assert len(article.statements) >= 4


def test_a_day_without_a_time_stays_a_day(record: Record, article: Article) -> None:
    day = replace(article, date=dt.date(2024, 3, 5))
    assert record.article(record.add(day).article).date == dt.date(2024, 3, 5)


def test_adding_the_same_twice_changes_nothing(record: Record, article: Article) -> None:
    first = record.add(article)
    counts = record.counts()
    again = replace(article, address="http://daffa.example/news/1?utm_medium=feed")
    assert record.add(again) == Added("same", first.article)
    assert record.counts() == counts
    assert record.holds(article) == first.article


def test_another_text_at_the_address_is_a_new_version(record: Record, article: Article) -> None:
    first = record.add(article)
    changed = qawl.read(
        Article.of(
            TEXT.replace("لن ترفع", "سترفع"),
            title=article.title,
            id="w-1",
            outlet=article.outlet,
            address=article.address,
            date=PUBLISHED,
        )
    )
    second = record.add(changed)
    assert second.what == "version"
    assert [v["version"] for v in record.versions(first.article)] == [1, 2]
    assert [v["id"] for v in record.versions(second.article)] == [first.article, second.article]
    assert record.article(first.article) == article
    assert record.counts()["articles"] == 1
    assert record.counts()["statements"] == len(changed.statements)


def test_articles_without_an_address_are_told_apart_by_text_or_id(
    record: Record, article: Article
) -> None:
    bare = replace(article, address=None)
    other = replace(bare, text=bare.text + " ")
    assert record.add(bare).what == "new"
    assert record.add(replace(bare, id="copy")).what == "same"
    assert record.add(other).what == "new"
    assert record.add(bare, named=True).what == "new"
    assert record.add(other, named=True).what == "version"


def test_a_front_page_is_nobodys_own_address(record: Record, article: Article) -> None:
    front = replace(article, canonical="https://daffa.example/")
    other = replace(front, address="https://daffa.example/news/2", text=article.text + " ")
    assert record.add(front).what == "new"
    assert record.add(other).what == "new"
    assert record.counts()["articles"] == 2


def test_the_page_is_kept_as_it_was_fetched(record: Record, article: Article) -> None:
    page = "<html><p>قالت الوزيرة</p></html>".encode("windows-1256") * 50
    added = record.add(article, page=page, fetched=PUBLISHED)
    assert record.page(added.article) == page
    assert record.page(record.add(replace(article, address=None)).article) is None


def test_an_unknown_number_is_an_error(record: Record) -> None:
    with pytest.raises(RecordError, match="no article 7"):
        record.article(7)


def test_what_is_no_database_is_told(tmp_path) -> None:
    (tmp_path / "x.db").write_bytes(b"no database, but a text that is long enough" * 99)
    with pytest.raises(RecordError, match="no record or is damaged"):
        Record(str(tmp_path / "x.db"))
    with pytest.raises(RecordError, match="SQLite or PostgreSQL"):
        Record("mysql://localhost/x")
    with pytest.raises(RecordError, match="does not answer"):
        Record("postgresql://nobody@127.0.0.1:9/x")


def test_the_place_is_given_or_set_or_the_users_folder(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("QAWL_DB", str(tmp_path / "set" / "a.db"))
    with Record() as record:
        assert record.counts() == {"articles": 0, "versions": 0, "statements": 0}
    assert (tmp_path / "set" / "a.db").exists()
    monkeypatch.delenv("QAWL_DB")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    with Record():
        pass
    assert (tmp_path / "data" / "qawl" / "record.db").exists()
