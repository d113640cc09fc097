from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

import qawl
from qawl.errors import InputError
from qawl.model import Article
from qawl.record import corrections, who
from qawl.record.rereading import replace_statements, reread, restored, stale
from qawl.record.search import Filters, search
from qawl.record.store import STATEMENTS, Record, article_of

TEXT = (
    "قال وزير الزراعة باسل حمود إن الموسم جيد هذا العام.\n"
    "وأضاف أن الوزارة ستشتري القمح من الفلاحين.\n"
    "من جهتها قالت نقيبة الفلاحين رولا شاهين إن الأسعار غير عادلة."
)


@pytest.fixture
def kept(record: Record) -> Record:
    for day, text in enumerate((TEXT, "قال باسل حمود إن المخازن ممتلئة."), 1):
        date = dt.datetime(2024, 6, day, tzinfo=dt.UTC)
        record.add(qawl.read(Article.of(text, outlet="الضفة", date=date)))
    return record


def found(record: Record, typed: str) -> list[str]:
    with record.reading() as connection:
        return [hit.row["text"] for hit in search(connection, typed).hits]


def said_by(record: Record, name: str) -> set[str]:
    with record.reading() as connection:
        number = who.one(connection, name).source.id
        hits = search(connection, "", Filters(sources=(number,))).hits
        indexed = search(
            connection, "ال* | الموسم | القمح | المخازن | الأسعار", Filters(sources=(number,))
        )
    assert {h.row["text"] for h in indexed.hits} <= {h.row["text"] for h in hits}
    return {hit.row["text"] for hit in hits}


def everything(record: Record) -> list[dict[str, object]]:
    """All statements, but for why they were linked: a source that was new is known now."""
    record.settle()
    with record.reading() as connection:
        rows = connection.execute(select(STATEMENTS).order_by(STATEMENTS.c.id)).mappings()
        return [{k: v for k, v in row.items() if k != "link"} for row in rows]


def undo(record: Record, number: int) -> None:
    with record.writing() as connection:
        corrections.undo(connection, number, restored(qawl.read))


def correct(record: Record, place: int, kind: str, **value: object) -> int:
    with record.writing() as connection:
        row = corrections.statement_at(connection, 1, place)
        return corrections.correct(connection, row, kind, value, "ليلى")  # type: ignore[arg-type]


def again(record: Record) -> int:
    return len(list(reread(record, qawl.read, "another", everything=True)))


def test_what_is_marked_wrong_is_not_found_even_after_rereading(kept: Record) -> None:
    before = everything(kept)
    number = correct(kept, 2, "wrong")
    assert found(kept, "القمح") == []
    assert again(kept) == 2
    assert found(kept, "القمح") == []
    undo(kept, number)
    assert found(kept, "القمح") == ["ستشتري القمح من الفلاحين"] or found(kept, "القمح")
    assert [row["text"] for row in everything(kept)] == [row["text"] for row in before]


def test_bounds_and_acts_hold_after_rereading(kept: Record) -> None:
    start = TEXT.index("الموسم")
    correct(kept, 1, "bounds", content=[[start, start + len("الموسم جيد")]])
    correct(kept, 3, "act", act="accuse")
    for _ in range(2):
        assert "الموسم جيد" in found(kept, "الموسم")
        with kept.reading() as connection:
            page = search(connection, "الأسعار", Filters(acts=("accuse",)))
        assert len(page.hits) == 1
        again(kept)


def test_a_speaker_is_put_right_and_back(kept: Record) -> None:
    with kept.reading() as connection:
        minister = who.one(connection, "باسل حمود").source.id
    before = said_by(kept, "باسل حمود")
    number = correct(kept, 3, "speaker", source=minister)
    assert len(said_by(kept, "باسل حمود")) == len(before) + 1
    again(kept)
    assert len(said_by(kept, "باسل حمود")) == len(before) + 1
    undo(kept, number)
    assert said_by(kept, "باسل حمود") == before


def test_sources_are_merged_and_parted_again(kept: Record) -> None:
    with kept.reading() as connection:
        one, other = (who.one(connection, n) for n in ("رولا شاهين", "باسل حمود"))
    theirs = said_by(kept, "رولا شاهين"), said_by(kept, "باسل حمود")
    with kept.writing() as connection:
        number = corrections.merge(connection, one.source.id, other.source.id, "ليلى")
    assert said_by(kept, "باسل حمود") == theirs[0] | theirs[1]
    with kept.reading() as connection:
        assert who.one(connection, "رولا شاهين").source.id == other.source.id
        assert who.one(connection, f"#{one.source.id}").source.id == other.source.id
    later = dt.datetime(2024, 7, 1, tzinfo=dt.UTC)
    kept.add(qawl.read(Article.of("قالت رولا شاهين إن الري توقف.", outlet="الضفة", date=later)))
    undo(kept, number)
    assert said_by(kept, "باسل حمود") == theirs[1]
    assert len(said_by(kept, "رولا شاهين")) == len(theirs[0]) + 1


def test_a_name_is_parted_from_a_source_and_put_back(kept: Record) -> None:
    with kept.reading() as connection:
        one, other = (who.one(connection, n) for n in ("رولا شاهين", "باسل حمود"))
    theirs = said_by(kept, "رولا شاهين"), said_by(kept, "باسل حمود")
    with kept.writing() as connection:
        corrections.merge(connection, one.source.id, other.source.id, "ليلى")
        number, _ = corrections.split(connection, other.source.id, ["رولا شاهين"], "ليلى")
    assert (said_by(kept, "رولا شاهين"), said_by(kept, "باسل حمود")) == theirs
    undo(kept, number)
    assert said_by(kept, "باسل حمود") == theirs[0] | theirs[1]


def test_a_source_is_renamed_and_keeps_the_name(kept: Record) -> None:
    with kept.writing() as connection:
        kept_ = who.one(connection, "باسل حمود")
        number = corrections.rename(connection, kept_.source.id, "باسل سامي حمود", "ليلى")
    later = dt.datetime(2024, 7, 1, tzinfo=dt.UTC)
    kept.add(qawl.read(Article.of("قال باسل حمود إن الري توقف.", outlet="الضفة", date=later)))
    with kept.reading() as connection:
        assert who.one(connection, "باسل حمود").name == "باسل سامي حمود"
    undo(kept, number)
    with kept.reading() as connection:
        assert who.one(connection, "باسل حمود").name == "باسل حمود"


def test_corrections_are_kept_with_who_and_when(kept: Record) -> None:
    number = correct(kept, 1, "act", act="opine")
    undo(kept, number)
    with kept.reading() as connection:
        (row,) = corrections.all_of(connection)
    assert (row["person"], row["kind"]) == ("ليلى", "act")
    assert row["made"] <= row["undone"]
    with pytest.raises(InputError, match="taken back before"):
        undo(kept, number)
    with pytest.raises(InputError, match="no correction 99"):
        undo(kept, 99)


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("act", {"act": "shout"}, "is no act"),
        ("form", {"form": "sung"}, "is no form"),
        ("bounds", {"content": [[5, 2]]}, "must rise"),
        ("bounds", {"content": [[0, 99999]]}, "code points"),
        ("speaker", {"source": 999}, "no source #999"),
    ],
)
def test_what_does_not_fit_is_refused(kept: Record, kind: str, value: dict, said: str) -> None:
    before = everything(kept)
    with pytest.raises(InputError, match=said):
        correct(kept, 1, kind, **value)
    assert everything(kept) == before


def test_rereading_changes_nothing_where_the_reader_is_the_same(kept: Record) -> None:
    version = qawl.Reader().version
    assert stale(kept, version) == 0
    before = everything(kept)
    with kept.reading() as connection:
        people = [who.one(connection, n).profile for n in ("باسل حمود", "رولا شاهين")]
    assert again(kept) == 2
    assert everything(kept) == before
    with kept.reading() as connection:
        assert [who.one(connection, n).profile for n in ("باسل حمود", "رولا شاهين")] == people


def test_another_reader_replaces_what_was_read(kept: Record) -> None:
    with kept.writing() as connection:
        article = article_of(connection, 1)
        replace_statements(connection, 1, article.with_statements(article.statements[:1], "newer"))
    assert kept.article(1).reader == "newer"
    assert len(kept.article(1).statements) == 1
    assert found(kept, "الأسعار") == []
