from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

import qawl
from qawl.errors import InputError
from qawl.model import Article
from qawl.record import who
from qawl.record.rereading import reread
from qawl.record.store import STATEMENTS, Record


def article(text: str, *, day: int = 1, outlet: str = "صحيفة الضفة", title: str = "") -> Article:
    return qawl.read(
        Article.of(text, title=title, outlet=outlet, date=dt.datetime(2024, 3, day, tzinfo=dt.UTC))
    )


def names(record: Record, typed: str) -> list[str]:
    with record.reading() as connection:
        return [kept.name for kept in who.candidates(connection, typed)]


def test_one_person_across_articles_and_spellings(record: Record) -> None:
    record.add(article("قال وزير النقل الكندي مارك غرينفيلد إن الجسر آمن.", day=1))
    record.add(article("قال مارك جرينفيلد إن العمل سيبدأ في الصيف.", day=8, outlet="الأفق"))
    record.add(article("وقال الوزير الكندي غرينفيلد إن الكلفة لم تتغير.", day=9))
    with record.reading() as connection:
        (found,) = who.candidates(connection, "غرينفيلد")
        person = who.person(connection, found.source.id)
    assert person.statements == 3
    assert (person.first, person.last) == ("2024-03-01", "2024-03-09")
    assert {"مارك غرينفيلد", "مارك جرينفيلد"} <= {name for name, *_ in person.names}
    assert dict(person.outlets) == {"صحيفة الضفة": 2, "الأفق": 1}
    assert any("وزير النقل" in role for role, *_ in person.roles)


def test_a_family_that_is_a_noun_too_is_found_by_itself(record: Record) -> None:
    record.add(article("قال وزير الأشغال نبيل الخطيب إن الجسر آمن."))
    assert names(record, "الخطيب") == names(record, "خطيب") == ["نبيل الخطيب"]
    assert names(record, "الزرافة") == names(record, "خطيب المسجد") == []
    assert names(record, '"') == names(record, "_ %") == names(record, "ـ") == []


def test_every_link_says_why_and_how_sure(record: Record) -> None:
    record.add(article("قالت المحامية دانة شعبان إن الحكم نهائي.", day=1))
    added = record.add(article("وأكدت المحامية دانة شعبان أن الحكم سيستأنف.", day=2))
    with record.reading() as connection:
        query = select(STATEMENTS.c.link).where(STATEMENTS.c.article_id == added.article)
        links = list(connection.scalars(query))
    assert links
    assert all(0 < link["sure"] <= 1 and link["why"] for link in links)
    assert "same name" in {link["why"] for link in links}


def test_nobody_is_made_of_a_source_without_a_name(record: Record) -> None:
    record.add(article("قال مصدر أمني إن الطريق فتح.", day=1))
    record.add(article("قال مصدر أمني إن الجسر أغلق.", day=2))
    assert names(record, "مصدر أمني") == []


def test_a_number_names_a_source(record: Record) -> None:
    record.add(article("قال النائب سليم الراوي إن القانون سيقر."))
    with record.reading() as connection:
        number = who.one(connection, "سليم الراوي").source.id
        assert who.one(connection, f"#{number}").name == "سليم الراوي"
        for typed, said in (
            ("#999", "no source #999"),
            ("#x", "is no source"),
            ("", "give a name"),
        ):
            with pytest.raises(InputError, match=said):
                who.one(connection, typed)
        with pytest.raises(InputError, match="nobody in the record is called"):
            who.one(connection, "عائشة بنجلون")


def test_an_article_added_twice_counts_once(record: Record) -> None:
    one = article("قال النائب سليم الراوي إن القانون سيقر.")
    record.add(one)
    record.add(one)
    with record.reading() as connection:
        kept = who.one(connection, "سليم الراوي")
    assert kept.source.count == 1


def home(text: str, country: str | None, day: int, outlet: str = "نشرة المساء") -> Article:
    date = dt.datetime(2024, 3, day, tzinfo=dt.UTC)
    return qawl.read(Article.of(text, outlet=outlet, date=date, country=country))


def test_an_office_without_a_state_is_that_of_the_outlets_country(record: Record) -> None:
    record.add(home("قال وزير الخارجية التونسي مروان الشابي إن الزيارة ناجحة.", None, 1, "الأفق"))
    record.add(home("قال وزير الخارجية العماني هلال البوسعيدي إن الزيارة تأجلت.", None, 1, "الأفق"))
    added = record.add(home("قال وزير الخارجية إن السفارة ستفتح غدا.", "سلطنة عمان", 3))
    other = record.add(home("قال وزير الخارجية إن القنصلية ستغلق.", "تونس", 4, "نشرة الصباح"))
    for number, name in ((added.article, "هلال البوسعيدي"), (other.article, "مروان الشابي")):
        with record.reading() as connection:
            source = who.one(connection, name).source.id
        (statement,) = statements_of(record, number)
        assert statement["source_id"] == source
    assert record.article(added.article).country == "سلطنة عمان"


def test_the_country_holds_when_the_article_is_read_again(record: Record) -> None:
    record.add(home("قال وزير الخارجية التونسي مروان الشابي إن الزيارة ناجحة.", None, 1, "الأفق"))
    added = record.add(home("قال وزير الخارجية إن القنصلية ستغلق.", "تونس", 4))
    before = statements_of(record, added.article)
    assert len(list(reread(record, qawl.read, "another", everything=True))) == 2
    assert [s["source_id"] for s in statements_of(record, added.article)] == [
        s["source_id"] for s in before
    ]


def statements_of(record: Record, article: int) -> list[dict[str, object]]:
    with record.reading() as connection:
        query = select(STATEMENTS).where(STATEMENTS.c.article_id == article)
        return [dict(row) for row in connection.execute(query).mappings()]
