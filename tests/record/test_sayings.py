from __future__ import annotations

import datetime as dt

from sqlalchemy import select

import qawl
from qawl.model import Article
from qawl.record import corrections, who
from qawl.record.search import Filters, search
from qawl.record.store import STATEMENTS, Record

WORDS = "شبكة المياه في الضاحية الجنوبية ستتوقف أسبوعين كاملين لإصلاح المضخات الكبرى"


def article(text: str, outlet: str, hour: int) -> Article:
    date = dt.datetime(2024, 3, 1, hour, tzinfo=dt.UTC)
    return qawl.read(Article.of(text, outlet=outlet, date=date))


def sayings(record: Record) -> dict[int, list[tuple[str, str]]]:
    """The groups of more than one: outlet and words of each statement, the earliest first."""
    out: dict[int, list[tuple[str, str]]] = {}
    record.settle()
    with record.reading() as connection:
        query = select(STATEMENTS).where(STATEMENTS.c.current).order_by(STATEMENTS.c.id)
        for row in connection.execute(query).mappings():
            out.setdefault(row["saying_id"], []).append((row["outlet"], row["text"]))
    return {number: group for number, group in out.items() if len(group) > 1}


def test_the_same_utterance_in_several_outlets_is_one_saying(record: Record) -> None:
    record.add(article(f"قال مدير المياه رشيد الكتاني إن {WORDS}.", "الضفة", 8))
    record.add(
        article(f"أعلن رشيد الكتاني مدير المياه أن {WORDS}، مضيفا أن الصهاريج جاهزة.", "الأفق", 9)
    )
    record.add(article("قال مدير المياه رشيد الكتاني إن فواتير الشهر الماضي ألغيت.", "المرفأ", 10))
    ((number, group),) = sayings(record).items()
    assert [outlet for outlet, _ in group] == ["الضفة", "الأفق"]
    with record.reading() as connection:
        first = select(STATEMENTS.c.outlet).where(STATEMENTS.c.id == number)
        assert connection.scalar(first) == "الضفة"


def test_nothing_is_grouped_within_an_article(record: Record) -> None:
    record.add(article(f"قال رشيد الكتاني إن {WORDS}.\nوكرر رشيد الكتاني أن {WORDS}.", "الضفة", 8))
    assert sayings(record) == {}


def test_what_a_killed_process_left_is_found_by_the_next(where: str) -> None:
    killed = Record(where)
    killed.add(article(f"قال رشيد الكتاني إن {WORDS}.", "الضفة", 8))
    killed.abandon()
    with Record(where) as record, record.reading() as connection:
        assert [hit.row["outlet"] for hit in search(connection, "المضخات").hits] == ["الضفة"]
        waiting = select(STATEMENTS.c.id).where(STATEMENTS.c.saying_id.is_(None))
        assert connection.scalar(waiting) is None


def test_who_may_only_read_searches_what_a_killed_process_left_as_it_is(
    where: str,
) -> None:
    with Record(where) as whole:
        whole.add(article(f"قال رشيد الكتاني إن {WORDS}.", "الضفة", 8))
    killed = Record(where)
    killed.add(article("قال رشيد الكتاني إن الفواتير ألغيت.", "الأفق", 9))
    killed.abandon()
    reader = Record(where)
    with reader.reading(settled=False) as connection:
        locked = connection.dialect.name == "postgresql"
    # the database itself refuses to write
    setting = (
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY" if locked else "PRAGMA query_only=1"
    )
    with reader.reading(settled=False) as connection:
        connection.exec_driver_sql(setting)
    with reader.reading() as connection:
        assert [hit.row["outlet"] for hit in search(connection, "المضخات").hits] == ["الضفة"]
        assert not search(connection, "الفواتير").hits
    reader.close()


def test_a_new_version_does_not_repeat_the_old_one_in_what_is_found(record: Record) -> None:
    from dataclasses import replace

    old = replace(
        article(f"قال رشيد الكتاني إن {WORDS}.", "الضفة", 8), address="https://d.example/1"
    )
    new = article(f"قال رشيد الكتاني إن {WORDS}. وأضاف أن العمل بدأ.", "الضفة", 8)
    record.add(old)
    record.settle()
    record.add(replace(new, address="https://d.example/1"))
    assert sayings(record) == {}
    with record.reading() as connection:
        once = [hit.row["text"] for hit in search(connection, "", Filters(firsts=True)).hits]
        kept = who.one(connection, "رشيد الكتاني")
    assert WORDS in once
    assert kept.source.count == 1


def test_a_saying_whose_first_is_marked_wrong_goes_on_with_its_next(record: Record) -> None:
    record.add(article(f"قال رشيد الكتاني إن {WORDS}.", "الضفة", 8))
    record.add(article(f"أعلن رشيد الكتاني أن {WORDS}.", "الأفق", 9))
    record.settle()
    with record.writing() as connection:
        row = corrections.statement_at(connection, 1, 1)
        corrections.correct(connection, row, "wrong", {}, "ليلى")
    with record.reading() as connection:
        hits = search(connection, "", Filters(firsts=True)).hits
    assert [hit.row["outlet"] for hit in hits] == ["الأفق"]


def test_closing_the_record_settles_every_saying(where: str) -> None:
    with Record(where) as record:
        record.add(article(f"قال رشيد الكتاني إن {WORDS}.", "الضفة", 8))
    with Record(where) as record, record.reading() as connection:
        query = select(STATEMENTS.c.id).where(STATEMENTS.c.saying_id.is_(None))
        assert connection.scalars(query).all() == []
