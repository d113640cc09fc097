"""What a source's statements have in common, among the newest of them."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from qawl.errors import InputError
from qawl.model import Article, Name, Span, Statement
from qawl.record import topics
from qawl.record.one_statement import one_statement
from qawl.record.schema import SourceRow, StatementRow, table_of
from qawl.record.statistics import statistics
from qawl.record.store import Record
from qawl.record.topics import activity, most_quoted

SOURCES, STATEMENTS = table_of(SourceRow), table_of(StatementRow)
WHO = "نوال الشامسي"


def _article(day: dt.date, text: str, *parts: str, about: str = "", names: str = "") -> Article:
    def span(words: str) -> Span:
        return Span.of(text, text.index(words), text.index(words) + len(words))

    who = span(WHO)
    content = tuple(span(part) for part in parts)
    known = tuple(
        Name(span(name), "place" if name == "خورفكان" else "person")
        for name in names.split("|")
        if name
    )
    statement = Statement(
        content, None, who, WHO, "indirect", "opine", who_span=who, names=known,
        about=span(about) if about else None, checkable=True,
    )  # fmt: skip
    made = Article.of(text, id=str(day), outlet="نشرة الساحل", date=day)
    return made.with_statements([statement], "test")


@pytest.fixture
def filled(record: Record) -> Record:
    record.add(
        _article(
            dt.date(2024, 5, 1),
            f"وعن المرفأ قالت الباحثة {WHO} إن خورفكان جاهزة، بحسب قولها، وإن سالم المنصوري أخطأ.",
            "خورفكان جاهزة", "سالم المنصوري أخطأ",
            about="المرفأ", names="خورفكان|سالم المنصوري",
        )
    )  # fmt: skip
    record.add(
        _article(
            dt.date(2024, 6, 2),
            f"قالت الباحثة {WHO} إن خورفكان تنتظر.",
            "خورفكان تنتظر",
            names="خورفكان",
        )
    )
    record.settle()
    return record


def _number(record: Record) -> int:
    with record.reading() as connection:
        return int(connection.scalar(select(SOURCES.c.id).where(SOURCES.c.name == WHO)) or 0)


def test_names_are_found_in_every_part_and_counted_once_a_statement(filled: Record) -> None:
    number = _number(filled)
    with filled.reading() as connection:
        found = activity(connection, number)
    assert (found.counted, found.all, found.checkable) == (2, True, 2)
    assert found.acts == (("2024-06", "opine"), ("2024-05", "opine"))
    assert [(n.name, n.count) for n in found.named] == [("خورفكان", 2)]
    assert [(n.name, n.kind, n.source) for n in found.whom] == [("سالم المنصوري", "person", None)]
    assert found.about == (("المرفأ", 1),)
    assert found.outlets == (("نشرة الساحل", 2),)


def test_only_the_newest_are_looked_at(filled: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "COUNTED", 1)
    number = _number(filled)
    with filled.reading() as connection:
        found = activity(connection, number)
        common, counted = most_quoted(connection)
    assert (found.counted, found.all) == (1, False)
    assert [month for month, _ in found.acts] == ["2024-06"]
    assert counted == 1
    assert [(q.kept.name, q.count) for q in common] == [(WHO, 1)]


def test_a_name_that_is_a_source_is_told(filled: Record) -> None:
    text = f"قال سالم المنصوري إن العمل بدأ. وردت {WHO}."
    whole = Span.of(text, text.index("العمل"), text.index("العمل") + len("العمل بدأ"))
    who = Span.of(text, 4, 4 + len("سالم المنصوري"))
    said = Statement((whole,), None, who, who.text, "indirect", "inform", who_span=who)
    filled.add(Article.of(text, id="n", date=dt.date(2024, 7, 1)).with_statements([said], "test"))
    number = _number(filled)
    with filled.reading() as connection:
        (named,) = activity(connection, number).whom
        assert named.source == connection.scalar(
            select(SOURCES.c.id).where(SOURCES.c.name == "سالم المنصوري")
        )


def test_nobody_has_nothing(record: Record) -> None:
    with record.reading() as connection:
        found = activity(connection, 5)
        assert (found.counted, found.all, found.acts, found.about) == (0, True, (), ())
        assert most_quoted(connection) == ([], 0)
        assert statistics(connection).counted == 0


def test_counts_of_the_whole(filled: Record) -> None:
    with filled.reading() as connection:
        found = statistics(connection)
    assert (found.counted, found.statements, found.people, found.articles) == (2, 2, 1, 2)
    assert found.months == (("2024-05", 1), ("2024-06", 1))
    assert [(name, count) for (_, name), count in found.sources] == [(WHO, 2)]
    assert found.acts == (("opine", 2),)


def test_one_statement_with_its_article(filled: Record) -> None:
    with filled.reading() as connection:
        number = connection.scalar(select(STATEMENTS.c.id).order_by(STATEMENTS.c.id)) or 0
        one = one_statement(connection, number)
        assert one.article.statements == (one.statement,) or len(one.article.statements) == 1
        assert one.place == f"/articles/{one.row['article_id']}#s1"
        assert one.who == WHO
        assert [p.text for p in one.statement.content] == ["خورفكان جاهزة", "سالم المنصوري أخطأ"]
        assert one.statement.entry is not None
        assert one.statement.entry.number == number
        with pytest.raises(InputError, match="no statement 7"):
            one_statement(connection, 7)
